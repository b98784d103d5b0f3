"""tests/client/syscalls_test.py - every system call of a client fails in turn (strace --inject).

A call ends with the right answer or with an error that says something, within its deadline; and a request never
reaches the server more often than the rule of docs/client.md allows.
"""
# time-out: 300
import os
import shutil
import subprocess

from clientkit import CALLER, FINE, Digest, Peer, call, check, run, sanitized

NIGHTLY = os.environ.get("SOAPBARK_NIGHTLY")
CALLS = {
    "recvfrom": ["EINTR", "EAGAIN", "ECONNRESET", "ENOMEM"],
    "sendto": ["EINTR", "EAGAIN", "ECONNRESET", "EPIPE", "ENOBUFS"],
    "socket": ["EMFILE", "ENOMEM"],
    "connect": ["ECONNREFUSED", "ENETUNREACH", "EINTR", "EAGAIN"],
    "poll": ["EINTR", "ENOMEM"],
    "getsockopt": ["ENOMEM"],
    "getpeername": ["ENOTCONN", "ENOBUFS"],
    "setsockopt": ["ENOMEM"],
}


def case_of(name):
    def case():
        for error in CALLS[name]:
            for when in range(1, 13) if NIGHTLY else (1, 2, 3, 5):
                server = Digest()
                with Peer(server) as peer:
                    prefix = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e",
                              f"inject={name}:error={error}:when={when}"]
                    for mode in ((), ("step=1", "pool=2")):
                        before = len(peer.requests)
                        server.nonce = None
                        done = call(peer.url, "user=eve", "password=s3cret", "times=3", "ms=1500", *mode, prefix=prefix)
                        told = [line for line in done.lines if not line.startswith("made ")]
                        place = f"{name} {error} at {when} {mode}: {done.status} {done.lines} {done.error[-300:]}"
                        check(done.status in (0, 1) and len(told) == 3, place)
                        check(all(line == "ok 20.5" or ": " in line for line in told), place)
                        check(told.count("ok 20.5") >= 1, place)
                        check(len(peer.requests) - before <= 6, f"{place}: {len(peer.requests) - before} requests")
    case.__name__ = f"{name}_fails_in_the_client"
    return case


def main():
    why = None
    if not os.path.exists(CALLER) or not os.path.exists(os.path.join(os.path.dirname(CALLER), "tls_client")):
        why = "this build has no TLS library, and so no hashes"
    elif not shutil.which("strace"):
        why = "strace is not installed"
    elif subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        why = "strace may not trace here"
    elif sanitized(CALLER):
        why = "the leak checker of this build cannot run under strace"
    if why:
        print(f"skip client_syscalls: {why}")
        return
    with Peer(lambda request: FINE) as peer:
        call(peer.url).fine()
    run([case_of(name) for name in CALLS])


main()
