#!/usr/bin/env python3
"""tests/wire/syscalls_test.py - every system call of the server fails in turn: at start, at accept, in a request.

strace makes the N-th call of a kind fail with an error that the kernel may give. At start the server must say why
and exit with 1; later it may drop the connection concerned, never itself: the next request is answered, and the
end is orderly (exit status 0 means that all budgets came back to zero).
"""
# time-out: 300
import os
import re
import shutil
import subprocess

from wirekit import BUILD, HEAD, Failure, Reader, Server, check, post, run, sanitized, still_serves

WIRE = os.path.join(BUILD, "tests", "wire_server")
NIGHTLY = os.environ.get("SOAPBARK_NIGHTLY")
# Calls of the serving phase, with the errors of their manual pages that are not a mistake of the caller.
SERVING = {
    "accept4": ["EINTR", "EAGAIN", "ECONNABORTED", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPERM", "EPROTO"],
    "recvfrom": ["EINTR", "EAGAIN", "ECONNRESET", "ENOMEM", "ETIMEDOUT"],
    "sendto": ["EINTR", "EAGAIN", "ECONNRESET", "EPIPE", "ENOBUFS", "ENOMEM"],
    "epoll_wait": ["EINTR"],
    "epoll_ctl": ["ENOMEM", "ENOSPC"],
    "setsockopt": ["ENOMEM"],
    "shutdown": ["ENOTCONN"],
    "poll": ["EINTR", "ENOMEM"],
    "write": ["EIO", "EPIPE", "ENOSPC"],
}
START = []  # the calls that a server makes before it says its port
STARTING = ["socket", "setsockopt", "bind", "listen", "getsockname", "epoll_create1", "epoll_ctl", "eventfd2"]


def strace(inject, *command):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={inject.split(':')[0]}", "-e", f"inject={inject}",
            *command]


def exercise(server):
    """Some requests over several connections, of the kinds that use all calls. Failures here are allowed."""
    for _ in range(3):
        try:
            with server.connect(timeout=1.0) as s:
                reader = Reader(s)
                for n in (5, 3000, 70000):
                    s.sendall(post(b"x" * n))
                    answer = reader.answer()
                    if answer is None or answer.status != 200:
                        break
                    check(answer.body == b"x" * n, "an answer with another body")
                s.sendall(HEAD + b"Content-Length: x\r\n\r\n")
                reader.answer()
        except (OSError, Failure) as why:
            if "another body" in str(why):
                raise


def fails_while_serving(call, error, when):
    server = Server(command=strace(f"{call}:error={error}:when={when}", WIRE, "127.0.0.1:0", "head_ms=500"))
    try:
        exercise(server)
        for attempt in range(2):
            try:
                still_serves(server)
                break
            except (OSError, Failure, ValueError):
                check(attempt == 0, f"{call} {error} at {when}: the server does not serve any more")
        stop(server)
    finally:
        if server.process.poll() is None:
            server.process.kill()


def stop(server):
    """SIGTERM goes to the server itself, not to its tracer."""
    found = subprocess.run(["ps", "--ppid", str(server.process.pid), "-o", "pid="], capture_output=True, text=True)
    os.kill(int(found.stdout.split()[0]), 15)
    check(server.process.wait(20) == 0, f"exit status {server.process.returncode}")


def traced(*words):
    """The calls of a server that starts, answers `exercise` and ends: before it says its port, and after."""
    trace = f"{WIRE}.calls"
    server = Server(command=["strace", "-f", "-qq", "-o", trace, WIRE, "127.0.0.1:0", *words])
    exercise(server)
    stop(server)
    with open(trace) as lines:
        text = lines.read()
    os.unlink(trace)
    at = text.index("\n", text.index('"port '))
    return [re.findall(r"^\d+ +(\w+)\(", part, re.MULTILINE) for part in (text[:at], text[at:])]


def serving_case(call, at_start):
    def case():
        for error in SERVING[call]:
            for when in range(1, 9) if NIGHTLY else (1, 2, 5):
                fails_while_serving(call, error, at_start + when)
    case.__name__ = f"{call}_fails_while_serving"
    return case


def each_call_of_the_start_fails():
    for call in STARTING:
        for when in range(1, START.count(call) + 1):
            done = subprocess.run(strace(f"{call}:error=ENOMEM:when={when}", WIRE, "127.0.0.1:0"), capture_output=True,
                                  text=True, timeout=20)
            check(done.returncode == 1 and done.stderr.startswith("wire_server: "),
                  f"{call}: exit status {done.returncode}, {done.stderr!r}")


def every_call_is_covered():
    """The table above names all calls that a serving process makes."""
    made = set(traced()[1])
    # Not failing, or only releasing: memory calls fail in another test, close() has nothing to report.
    harmless = {"close", "brk", "mmap", "munmap", "mremap", "madvise", "exit_group", "rt_sigreturn", "clock_gettime",
                "fcntl", "restart_syscall", "write"}
    check({"accept4", "recvfrom", "sendto", "epoll_wait"} <= made, f"the trace shows only {sorted(made)}")
    check(made - harmless <= set(SERVING), f"not covered: {sorted(made - harmless - set(SERVING))}")


def main():
    if not shutil.which("strace"):
        print("skip syscalls_fail_in_turn: strace is not installed")
        return
    probe = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"skip syscalls_fail_in_turn: strace may not trace here: {probe.stderr.strip()[:100]}")
        return
    if sanitized(WIRE):  # the leak checker traces its own process, which strace does already
        os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    START.extend(traced()[0])
    run([each_call_of_the_start_fails, every_call_is_covered] +
        [serving_case(call, START.count(call)) for call in SERVING])


main()
