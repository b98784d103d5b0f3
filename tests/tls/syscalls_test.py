"""tests/tls/syscalls_test.py - every system call of a TLS connection fails in turn (strace --inject).

The server stays, and serves the next one; the client either gets the answer or says what failed, within its deadline.
"""
# time-out: 300
import os
import shutil
import subprocess

from tlskit import CLIENT, SERVER, Authority, Failure, Server, answers, ask, check, missing, run, sanitized, tls_serving

NIGHTLY = os.environ.get("SOAPBARK_NIGHTLY")
CALLS = {
    "recvfrom": ["EINTR", "EAGAIN", "ECONNRESET", "ENOMEM", "ETIMEDOUT"],
    "sendto": ["EINTR", "EAGAIN", "ECONNRESET", "EPIPE", "ENOBUFS", "ENOMEM"],
    "epoll_ctl": ["ENOMEM", "ENOSPC"],
    "setsockopt": ["ENOMEM"],
    "shutdown": ["ENOTCONN"],
    "getrandom": ["EINTR"],
}
OF_CLIENT = {
    "recvfrom": CALLS["recvfrom"],
    "sendto": CALLS["sendto"],
    "socket": ["EMFILE", "ENOMEM"],
    "connect": ["ECONNREFUSED", "ENETUNREACH", "EINTR"],
    "poll": ["EINTR", "ENOMEM"],
}

scene = None


class Scene:
    def __init__(self):
        self.ca = Authority()
        self.good = self.ca.issue()
        self.client = self.ca.issue(common_name="operator")


def strace(inject):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={inject.split(':')[0]}", "-e", f"inject={inject}"]


def exercise(port):
    """Requests that may fail, with a client certificate too; what comes back is right or nothing."""
    for words in ([], ["times=2"], [f"chain={scene.client[0]}", f"key={scene.client[1]}"]):
        outcome = ask(port, f"ca={scene.ca.file}", "ms=3000", *words, text="x" * 40000)
        for line in outcome.out.splitlines():
            check(line == "200 " + "x" * 40000, f"a wrong answer: {line[:80]!r}")
        check(outcome.status in (0, 1), f"the client ended with {outcome.status}: {outcome.error}")


def server_case(call):
    def case():
        for error in CALLS[call]:
            for when in range(1, 17) if NIGHTLY else (1, 2, 3, 5, 8):
                if call in ("epoll_ctl", "setsockopt") and when <= 4:
                    continue  # of the start
                command = strace(f"{call}:error={error}:when={when}") + [
                    SERVER, "tls:127.0.0.1:0", f"chain={scene.good[0]}", f"key={scene.good[1]}", f"ca={scene.ca.file}",
                    "clients=1", "head_ms=700"]
                server = Server(command=command)
                try:
                    exercise(server.port)
                    if ask(server.port, f"ca={scene.ca.file}").status != 0:  # may be the one whose turn it was
                        answers(ask(server.port, f"ca={scene.ca.file}"))
                    found = subprocess.run(["ps", "--ppid", str(server.process.pid), "-o", "pid="], capture_output=True,
                                           text=True)
                    os.kill(int(found.stdout.split()[0]), 15)
                    check(server.process.wait(20) == 0, f"exit status {server.process.returncode}: {server.said()[-300:]}")
                except (Failure, ValueError) as why:
                    raise Failure(f"{call} {error} at {when}: {why}") from why
                finally:
                    if server.process.poll() is None:
                        server.process.kill()
    case.__name__ = f"{call}_fails_in_the_server"
    return case


def client_case(call):
    def case():
        with tls_serving(scene.good) as server:
            for error in OF_CLIENT[call]:
                for when in range(1, 17) if NIGHTLY else (1, 2, 3, 4, 5, 7, 9):
                    done = subprocess.run(strace(f"{call}:error={error}:when={when}") +
                                          [CLIENT, f"https://127.0.0.1:{server.port}/echo", f"ca={scene.ca.file}", "ms=3000"],
                                          input="hello", capture_output=True, text=True, timeout=30)
                    fine = done.returncode == 0 and done.stdout == "200 hello\n"
                    told = done.returncode == 1 and done.stdout == "" and done.stderr
                    check(fine or told, f"{call} {error} at {when}: {done.returncode} {done.stdout!r} {done.stderr!r}")
            answers(ask(server.port, f"ca={scene.ca.file}"))
    case.__name__ = f"{call}_fails_in_the_client"
    return case


def main():
    global scene
    why = missing()
    if not why and not shutil.which("strace"):
        why = "strace is not installed"
    if not why and subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        why = "strace may not trace here"
    if not why and sanitized(SERVER):
        why = "the leak checker of this build cannot run under strace"
    if why:
        print(f"skip tls_syscalls: {why}")
        return
    scene = Scene()
    try:
        run([server_case(call) for call in CALLS] + [client_case(call) for call in OF_CLIENT])
    finally:
        scene.ca.remove()


main()
