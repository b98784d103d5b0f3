#!/usr/bin/env python3
"""tests/cli/call_way_test.py - soapbark call says who calls, and takes the way that options and environment name.

Passwords come from the command line, a file, or a terminal that shows nothing; our own device asks for them, and a peer
that is Python's.
"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "client"))
from clientkit import BUILD, FINE, Digest, Peer, basic, check, head, run  # noqa: E402

WSDL = str(ROOT / "examples" / "thermostat" / "thermostat.wsdl")
DEVICE = ROOT.parent / "shared" / "onvif" / "ver10" / "device" / "wsdl" / "devicemgmt.wsdl"


def words(url, *arguments, operation="GetTemperature", wsdl=WSDL):
    return [os.path.join(BUILD, "soapbark"), "call", url, operation, "--wsdl", str(wsdl), *arguments]


def call(url, *arguments, status=0, says=(), env=None, text=None, **more):
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(words(url, *arguments, **more), capture_output=True, text=True, timeout=60, input=text,
                          env={**clean, **(env or {})})
    check(done.returncode == status, f"exit {done.returncode}, want {status}: {done.stdout} {done.stderr}")
    for part in [says] if isinstance(says, str) else says:
        check(part in done.stdout + done.stderr, f"{part!r} is not in {done.stdout!r} {done.stderr!r}")
    check("s3cret" not in done.stdout + done.stderr, "the password is printed")
    return done


def user_and_password():
    with tempfile.TemporaryDirectory() as folder, Peer(Digest()) as peer:
        path = os.path.join(folder, "secret")
        with open(path, "w") as out:
            out.write("s3cret\nanother line\n")
        call(peer.url, "--user", "eve:s3cret", says='"Celsius": 20.5')
        call(peer.url, "--user", "eve", "--password-file", path, says='"Celsius": 20.5')
        call(peer.url, "--user", "eve", "--password-file", "-", text="s3cret", says='"Celsius": 20.5')
        call(peer.url, "--user", "eve:wrong", status=3, says="HTTP 401")
        call(peer.url, status=3, says="HTTP 401")
        call(peer.url, "--user", "eve:s3cret", "--password-file", path, status=2, says="given twice")
        call(peer.url, "--password-file", path, status=2, says="--user")
        call(peer.url, "--user", "eve", "--password-file", path + "x", status=2)
        with open(path, "w") as out:
            out.write("\n")
        call(peer.url, "--user", "eve", "--password-file", path, status=2, says="empty")
        call(peer.url, "--token-file", path, status=2, says="empty")


def schemes_by_option():
    with Peer(Digest("MD5")) as peer:
        call(peer.url, "--user", "eve:s3cret", status=3, says="HTTP 401")
        call(peer.url, "--user", "eve:s3cret", "--digest-md5", says="20.5")
    with Peer(lambda r: FINE if r.authorization() == basic("eve", "s3cret") else head(401, "WWW-Authenticate: Basic realm=x")) as peer:
        call(peer.url, "--user", "eve:s3cret", status=3, says="HTTP 401")
        call(peer.url, "--user", "eve:s3cret", "--insecure-basic", says="20.5")


def password_is_typed_unseen():
    with Peer(Digest()) as peer:
        child, terminal = pty.fork()
        if child == 0:
            os.execv(words("x")[0], words(peer.url, "--user", "eve"))
        seen, typed = b"", False
        while select.select([terminal], [], [], 30)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break  # the other side is closed
            seen += piece
            if not typed and b"Password of eve: " in seen:
                os.write(terminal, b"s3cret\n")
                typed = True
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        check(status == 0 and b'"Celsius": 20.5' in seen, f"{status} {seen}")
        check(b"s3cret" not in seen, f"the terminal shows it: {seen}")
        done = subprocess.run(words(peer.url, "--user", "eve"), capture_output=True, text=True, timeout=60, start_new_session=True)
        check(done.returncode == 2 and "--password-file" in done.stderr, f"without a terminal: {done.returncode} {done.stderr}")


def proxies_of_the_environment():
    with Peer(lambda request: FINE) as proxy:
        here, far = f"http://127.0.0.1:{proxy.port}", "http://host.invalid/thermostat"
        call(far, env={"http_proxy": here}, says="20.5")
        check(proxy.requests[-1].target == far, proxy.requests[-1].line)
        call(far, env={"http_proxy": f"http://ada:l%30ve@127.0.0.1:{proxy.port}/"}, says="20.5")
        check(proxy.requests[-1].fields["proxy-authorization"] == basic("ada", "l0ve"), proxy.requests[-1].all)
        before = len(proxy.requests)
        call(far, env={"HTTP_PROXY": here}, status=3)
        call(far, env={"http_proxy": here, "no_proxy": "a.example,.invalid"}, status=3)
        call(far, "--proxy", "none", env={"http_proxy": here}, status=3)
        call(far, "--timeout", "5", env={"https_proxy": here}, status=3)
        call(far, env={"http_proxy": "socks5://127.0.0.1:1"}, status=2, says="form")
        check(len(proxy.requests) == before, "the proxy was asked")
        call(far, "--proxy", here, env={"http_proxy": "http://127.0.0.1:1", "no_proxy": "*"}, says="20.5")


def redirects():
    with Peer(lambda r: FINE if r.target == "/b" else head(308, "Location: /b")) as peer:
        call(peer.url, status=3, says="not followed")
        call(peer.url, "--redirects", "2", says="20.5")
        for wrong in ("x", "-1", "21", "99999999999999999999", ""):
            call(peer.url, "--redirects", wrong, status=2, says="--redirects")


def unix_socket():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s")
        server = subprocess.Popen([os.path.join(BUILD, "thermostat-server"), f"unix:{path}"], stdout=subprocess.PIPE, text=True)
        try:
            server.stdout.readline()
            call(f"unix:{path}:/thermostat", says="20.5", env={"http_proxy": "http://127.0.0.1:1"})
        finally:
            server.terminate()
            server.wait(20)


def our_device():
    device = subprocess.Popen([os.path.join(BUILD, "soapbark-device"), "--listen", "127.0.0.1:0", "--quiet"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = re.search(r"http://\S+", device.stdout.readline()).group(0)
        user = ("User[0].Username=eve", "User[0].Password=s3cret-Long-1", "User[0].UserLevel=Administrator")

        def ask(*arguments, operation="GetUsers", **more):
            return call(url, *arguments, operation=operation, wsdl=DEVICE, **more)
        ask(*user, operation="CreateUsers")
        ask("--user", "eve:s3cret-Long-1", says="Administrator")
        ask(operation="GetSystemDateAndTime", says="UTCDateTime")
        ask("--user", "eve:wrong", status=3, says="HTTP 401")
    finally:
        device.terminate()
        device.wait(20)


cases = [user_and_password, schemes_by_option, password_is_typed_unseen, proxies_of_the_environment, redirects, unix_socket]
if DEVICE.exists() and os.path.exists(os.path.join(BUILD, "soapbark-device")):
    cases.append(our_device)
else:
    print("skip our_device: ../shared or the device is absent")
with open(os.path.join(BUILD, "soapbark"), "rb") as program:
    has_tls = b"libcrypto" in program.read() or os.path.exists(os.path.join(BUILD, "tests", "tls_client"))
if not has_tls:
    print("skip call_way: this build has no TLS library, and so no hashes")
    sys.exit(0)
run(cases)
