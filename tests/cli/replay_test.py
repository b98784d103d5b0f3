#!/usr/bin/env python3
"""tests/cli/replay_test.py - soapbark replay over https with credentials, and with a WSDL that says what may be shown."""
# time-out: 120
import os
import subprocess
import sys
import tempfile

ROOT = os.environ.get("SOAPBARK_ROOT", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
for folder in ("wire", "peers", "auth"):
    sys.path.insert(0, os.path.join(ROOT, "tests", folder))
import peerkit  # noqa: E402
from authkit import PATH, USERS, Device, device, envelope, folder as scratch, missing, users_inside  # noqa: E402
from wirekit import BUILD, check, run  # noqa: E402

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def replay(*words):
    done = subprocess.run([os.path.join(BUILD, "soapbark"), "replay", *words], capture_output=True, text=True, timeout=60,
                          env=ENVIRONMENT)
    return done.returncode, done.stdout, done.stderr


def exchange(name, operation, answer, status=200, inside=""):
    return (f"case {name}\npath {PATH}\ntype application/soap+xml\nsend\n{envelope(operation, inside).decode()}\n"
            f"want {status} application/soap+xml; charset=utf-8\n{answer}\nend\n")


def answer_of(dev, operation, authorization=None):
    got = dev.ask(operation, authorization=authorization)
    check(got.status == 200, f"{operation}: {got.status}")
    return got.body


def file_of(folder, text):
    path = os.path.join(folder, "exchange.txt")
    with open(path, "w") as out:
        out.write(text)
    return path


def credentials():
    """Digest over plain HTTP: one challenge, then every exchange on the same connection."""
    with device() as dev:
        right = dev.digest("GetUsers", "anna", USERS["anna"][0])
        path = file_of(dev.folder, exchange("users", "GetUsers", right.body) + exchange("again", "GetUsers", right.body) +
                       exchange("hostname", "GetHostname", "<a/>"))
        url = f"http://127.0.0.1:{dev.port}"
        secret = os.path.join(dev.folder, "password")
        with open(secret, "w") as out:
            out.write(USERS["anna"][0] + "\n")
        asked = len(dev.entries())
        status, out, err = replay(path, "--url", url, "--user", "anna", "--password-file", secret)
        check(status == 1 and out.endswith("3 exchanges, 1 different\n") and "hostname: /Envelope: the element" in out, out + err)
        dev.asked += 4
        dev.last()
        # GetHostname is for everybody, so that it goes with credentials that are known already
        check([e["status"] for e in dev.entries()[asked:]] == [401, 200, 200, 200], f"{dev.entries()[asked:]}")
        status, out, err = replay(path, "--url", url, "--user", "anna:wrong")
        check(status == 1 and "users: wanted status 200, got 401" in out, out + err)
        status, out, err = replay(path, "--url", url)
        check(status == 1 and "users: wanted status 200, got 401" in out, out + err)


def over_https():
    with scratch() as made:
        dev = Device(made, "--tls-listen", "127.0.0.1:0", "--basic")
        try:
            dev.set_up()
            body = answer_of(dev, "GetHostname")
            path = file_of(made, exchange("name", "GetHostname", body))
            url = dev.tls_url[:-len(PATH)]
            status, out, err = replay(path, "--url", url, "--ca", dev.pem)
            check((status, out) == (0, "1 exchanges, 0 different\n"), out + err)
            status, out, err = replay(path, "--url", url + "/", "--insecure-no-verification")
            check((status, out) == (0, "1 exchanges, 0 different\n"), out + err)
            status, out, err = replay(path, "--url", url)
            check(status == 3 and "trusted" in err, f"believed: {status} {out} {err}")
            users = dev.digest("GetUsers", "anna", USERS["anna"][0]).body
            path = file_of(made, exchange("users", "GetUsers", users))
            status, out, err = replay(path, "--url", url, "--ca", dev.pem, "--user", f"anna:{USERS['anna'][0]}")
            check((status, out) == (0, "1 exchanges, 0 different\n"), out + err)
            for words in (("--cert", "x"), ("--pin", "00"), ("--user", "a", "--password-file", "/nowhere")):
                status, out, err = replay(path, "--url", url, *words)
                check(status == 2 and err and not out, f"{words}: {status} {out} {err}")
        finally:
            dev.stop()


def wsdl():
    """Operations are named, and what may be secret is neither printed nor put into a case."""
    source = str(peerkit.onvif_device_wsdl())
    secret = "hunter2-s3cret"
    users = users_inside({"eve": (secret, "Administrator")})
    with scratch() as made, device() as dev:
        url = f"http://127.0.0.1:{dev.port}"
        wanted = envelope("GetUsersResponse", users).decode().replace("<tds:User>", f'<tds:User own="{secret}">')
        other = envelope("GetHostnameResponse", f"<tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>{secret}</tt:Name></tds:HostnameInformation>")
        path = file_of(made, exchange("one", "GetHostname", other.decode()) +
                       exchange("two", "GetUsers", wanted, inside="") +
                       exchange("three", "CreateUsers", wanted, inside=users) + exchange("four", "Unheard", f"<a>{secret}</a>"))
        words = (path, "--url", url, "--user", f"anna:{USERS['anna'][0]}", "--wsdl", source)
        status, out, err = replay(*words)
        check(status == 1 and "4 exchanges, 4 different" in out, out + err)
        for name in ("one: GetHostname: /Envelope/Body", "two: GetUsers: ", "three: CreateUsers: ", "four: no operation of it: "):
            check("\n" + name in "\n" + out, f"{name} is not in {out}")
        check(out.count(secret) == 1 and "Name: " in out, f"what is shown: {out}")  # a host name is no secret
        status, out, err = replay(path, "--to-case", "--wsdl", source)
        check(status == 0 and out.count(secret) == 1, f"{status} {err} {out}")
        check("<tt:Password>REDACTED</tt:Password>" in out and "<tt:Password>*</tt:Password>" in out, out)
        check("<tt:Username>eve</tt:Username>" in out and out.count("\nend\n") == 4, out)
        status, out, err = replay(file_of(made, exchange("x", "GetUsers", "<a")), "--to-case", "--wsdl", source)
        check(status == 1 and not out and "may be shown" in err, f"{status} {out} {err}")
        status, out, err = replay(path, "--to-case", "--wsdl", "/nowhere.wsdl")
        check(status == 2 and not out, f"{status} {out} {err}")
        # what a case prints is replayed by it again
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as case:
            case.write(replay(file_of(made, exchange("own", "GetHostname", answer_of(dev, "GetHostname"))), "--to-case", "--wsdl", source)[1])
            case.flush()
            status, out, err = replay(case.name, "--url", url)
            check(status == 0, out + err)


def main():
    why = missing()
    if why:
        print(f"skip replay: {why}")
        return
    cases = [credentials, over_https]
    try:
        peerkit.onvif_device_wsdl()
        cases.append(wsdl)
    except peerkit.Skip as no:
        print(f"skip wsdl: {no}")
    run(cases)


main()
