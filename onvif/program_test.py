#!/usr/bin/env python3
"""onvif/program_test.py - soapbark-device as a program: where it listens, what it prints, how it ends."""
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark-device")
QUESTION = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetServices '
            'xmlns="http://www.onvif.org/ver10/device/wsdl"><IncludeCapability>false</IncludeCapability></GetServices>'
            '</s:Body></s:Envelope>').encode()
failed = 0


def check(name, condition, why=""):
    global failed
    if condition:
        print(f"ok device_program_{name}")
    else:
        failed = 1
        print(f"not ok device_program_{name}: {' '.join(str(why).split())[:500]}")


def run(*words):
    done = subprocess.run([PROGRAM, *words], text=True, capture_output=True, timeout=10)
    return done.returncode, done.stdout, done.stderr


def serve_cases(name, *words):
    device = subprocess.Popen([PROGRAM, "--listen", "127.0.0.1:0", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True)
    line = device.stdout.readline()
    address = re.fullmatch(r"soapbark-device: (http://127\.0\.0\.1:(\d+)/onvif/device_service)\n", line)
    check(f"{name}_prints_its_address", address and address.group(2) != "0", line)
    request = urllib.request.Request(address.group(1), QUESTION, {"Content-Type": "application/soap+xml"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    check(f"{name}_answers_with_its_own_address", address.group(1) in text, text)
    device.send_signal(signal.SIGTERM)
    status = device.wait(10)
    log = device.stderr.read()
    check(f"{name}_ends_on_sigterm", status == 0, status)
    lines = [line for line in log.splitlines() if line.startswith("{")]
    check(f"{name}_logs_one_json_line_a_request", len(lines) == 1 and '"GetServices"' in lines[0], log)
    check(f"{name}_says_when_it_has_no_users", ("no users yet" in log) == (not words), log)


def usage_cases():
    far, tls = ("--listen", "0.0.0.0:0"), ("--tls-listen", "127.0.0.1:0", "--state", "/tmp")
    token = ("--token-key", "/nowhere", "--token-issuer", "i", "--token-audience", "a")
    for name, words, why in (
            ("nobody_is_asked_far_away", ("--insecure-no-authentication", *far), "its own machine only"),
            ("not_with_both_words", ("--insecure-no-authentication", "--insecure-listen-beyond-loopback", *far), "its own machine"),
            ("nor_over_tls", ("--insecure-no-authentication", "--tls-listen", "0.0.0.0:0", "--state", "/tmp"), "its own machine"),
            ("basic_without_tls", ("--basic",), "for --tls-listen"),
            ("tokens_without_tls", token, "for --tls-listen"),
            ("token_without_issuer", (*tls, "--token-key", "k"), "belong together"),
            ("algorithm_without_key", (*tls, "--token-algorithm", "ES256"), "belong together"),
            ("schemes_without_authentication", ("--insecure-no-authentication", "--digest-md5"), "asks nobody"),
            ("tls_without_state", ("--tls-listen", "127.0.0.1:0"), "needs --state")):
        status, out, err = run(*words)
        check("refuses_" + name, status == 2 and not out and why in err, (status, out, err))
    for name, words, why in (("token_key", (*tls, *token), "cannot be read"),
                             ("token_algorithm", (*tls, "--token-key", __file__, *token[2:], "--token-algorithm", "HS256"),
                              "--token-algorithm is"),
                             ("key_that_is_none", (*tls, "--token-key", __file__, *token[2:]), "")):
        status, out, err = run(*words)
        check("cannot_serve_with_a_wrong_" + name, status == 1 and not out and why in err, (status, out, err))


def main():
    serve_cases("asking")
    serve_cases("trusting", "--insecure-no-authentication")
    usage_cases()
    for where in ("0.0.0.0:0", "[::]:0", "192.0.2.1:80", "localhost:0", "127.0.0.1.example.org:80", "127.evil:80"):
        status, out, err = run("--listen", where)
        check("refuses_" + re.sub(r"\W+", "_", where), status == 2 and not out and "loopback" in err, (status, out, err))
    status, out, err = run("--help")
    check("helps", status == 0 and "--insecure-listen-beyond-loopback" in out and not err, out)
    for words in (("--listen",), ("--unknown",), ("--listen", "127.0.0.1")):
        status, out, err = run(*words)
        check("refuses_command_line_" + "_".join(w.strip("-.") for w in words), status == 2 and "usage" in err, err)
    return failed


sys.exit(main())
