#!/usr/bin/env python3
"""tests/wire/capture_test.py - exchanges as files: what must not be in them, and that a server answers them again."""
import contextlib
import glob
import os
import stat
import subprocess
import tempfile

from wirekit import BUILD, ask, check, run, serving

PATH = b"/onvif/device_service"
TDS = b"http://www.onvif.org/ver10/device/wsdl"
WSSE = b"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SECRET = b"hunter2-s3cret"


def envelope(body, header=b""):
    return (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="' + TDS + b'" '
            b'xmlns:tt="http://www.onvif.org/ver10/schema">\n' + header + b"<s:Body>" + body + b"</s:Body></s:Envelope>")


def call(body, extra=b"", kind=b"application/soap+xml; charset=utf-8"):
    return (b"POST " + PATH + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + kind + b"\r\n" + extra +
            b"Content-Length: %d\r\n\r\n" % len(body) + body)


def user(name, password, more=b""):
    return envelope(b"<t:CreateUsers><t:User><tt:Username>" + name + b"</tt:Username>\n<tt:Password>" + password +
                    b"</tt:Password><tt:UserLevel>Administrator</tt:UserLevel>" + more + b"</t:User></t:CreateUsers>")


@contextlib.contextmanager
def device(folder=None):
    options = ["--capture", folder] if folder else []
    with serving(command=[os.path.join(BUILD, "soapbark-device"), "--listen", "127.0.0.1:0", "--quiet",
                          "--insecure-no-authentication", *options]) as server:
        yield server


def texts(folder):
    found = {}
    for name in sorted(glob.glob(folder + "/*")):
        with open(name, "rb") as file:
            found[name] = file.read()
    return found


def replay(*words):
    done = subprocess.run([os.path.join(BUILD, "soapbark"), "replay", *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def no_secret_gets_into_a_file():
    basic = b"Authorization: Basic " + SECRET + b"\r\n"
    wsse = (b'<s:Header><w:Security xmlns:w="' + WSSE + b'"><w:UsernameToken w:a="' + SECRET + b'"><w:Password>' + SECRET +
            b"</w:Password></w:UsernameToken></w:Security><x:Own xmlns:x='urn:x' y='" + SECRET + b"'>" + SECRET +
            b"<x:In>" + SECRET + b"</x:In></x:Own></s:Header>")
    with tempfile.TemporaryDirectory() as folder, device(folder) as server:
        check(ask(server, call(user(b"ann", SECRET + b"-1"))).status == 200, "CreateUsers")
        check(ask(server, call(user(b"bob", b"<![CDATA[" + SECRET + b"]]>-2&#65;"))).status == 200, "CDATA")
        check(ask(server, call(envelope(b"<t:GetUsers/>", wsse))).status == 200, "WS-Security")
        check(len(texts(folder)) == 3, f"{len(texts(folder))} files")
        refused = [call(user(b"eve", SECRET, b"<x>" + SECRET + b"</x>")), call(user(b"eve", SECRET)[:-9]),
                   call(envelope(b"<t:Unheard><t:Of>" + SECRET + b"</t:Of></t:Unheard>")),
                   call(b'{"CreateUsers": {"Password": "' + SECRET + b'"}}', kind=b"application/json"),
                   call(b'{"CreateUsers": {"Password": "' + SECRET + b'"}}')]
        for request in refused:
            check(ask(server, request).status >= 400, "a wrong message was taken")
        check(len(texts(folder)) == 3, "a refused message was kept")
        ask(server, call(envelope(b"<t:GetUsers/>"), extra=basic))
        for name, text in texts(folder).items():
            check(SECRET not in text and b"s3cret" not in text, f"a secret in {name}: {text[400:]}")
            check(stat.S_IMODE(os.stat(name).st_mode) == 0o600, "mode")
        first = next(iter(texts(folder).values()))
        check(b"<tt:Username>ann</tt:Username>" in first and b"<tt:Password>REDACTED</tt:Password>" in first, f"{first}")
        check(b"path " + PATH in first and b"\nwant 200 application/soap+xml" in first, f"{first}")


def a_flood_is_bounded():
    with tempfile.TemporaryDirectory() as folder, device(folder) as server:
        for _ in range(60):
            check(ask(server, call(envelope(b"<t:GetUsers/>"))).status == 200, "served")
        check(10 <= len(texts(folder)) < 60, f"{len(texts(folder))} files")


def what_was_captured_is_answered_again():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as edited:
        with device(folder) as server:
            for body in (b"<t:GetUsers/>", b"<t:GetScopes/>", b"<t:GetHostname/>", b"<t:GetDeviceInformation/>"):
                check(ask(server, call(envelope(body))).status == 200, f"{body}")
            ask(server, call(user(b"ann", SECRET)))
            check(ask(server, call(user(b"ann", SECRET))).status == 400, "a second ann")
        files = sorted(texts(folder))
        check(len(files) == 6, f"{len(files)} files")
        with device() as server:
            url = f"http://127.0.0.1:{server.port}"
            status, said = replay(*files, "--url", url)
            check((status, said) == (0, "6 exchanges, 0 different\n"), said)
            text = texts(folder)[next(f for f in files if b"GetDeviceInformation" in texts(folder)[f])]
            model = text.split(b"Model>")[1].split(b"<")[0]
            for changed, want in (
                    (text.replace(model, model + b"2"), "/Envelope/Body/GetDeviceInformationResponse/Model: the text: wanted "),
                    (text.replace(b"Model>", b"Modell>"), "the element: wanted Modell, got Model"),
                    (text.replace(b"want 200", b"want 202"), "wanted status 202, got 200")):
                with open(edited + "/one.txt", "wb") as file:
                    file.write(changed)
                status, said = replay(edited + "/one.txt", "--url", url)
                check(status == 1 and want in said and said.endswith("1 exchanges, 1 different\n"), f"{status} {said}")
        status, said = replay(files[0], "--url", url)
        check(status == 3, f"nobody listens: {status} {said}")


def a_capture_becomes_a_case():
    with tempfile.TemporaryDirectory() as folder, device(folder) as server:
        check(ask(server, call(envelope(b"<t:GetUsers/>"))).status == 200, "GetUsers")
        (name, text), = texts(folder).items()
        status, said = replay(name, "--to-case")
        check((status, said) == (0, text.decode()), f"{status} {said}")
        with open(name, "ab") as file:
            file.write(b"case t\nsend\n<a/>\nwant 200 x\n<a t='2026-11-30T17:04:15.25Z'>2026-11-30T17:04:15+01:00 b</a>\nend\n")
        status, said = replay(name, "--to-case")
        check(status == 0 and "\n<a t='*'>* b</a>\nend\n" in said, said)
        for wrong in (b"case x\n", b"hello\n", b"case x\nsend\n<a/>\n", b"case x\nsend\n<a/>\nwant 200\n<a/>\n", b"\0"):
            with open(name, "wb") as file:
                file.write(wrong)
            check(replay(name, "--to-case")[0] == 2, f"taken: {wrong}")


run([no_secret_gets_into_a_file, a_flood_is_bounded, what_was_captured_is_answered_again, a_capture_becomes_a_case])
