"""tests/wire/wirekit.py - starts a server, talks bytes to it, and prints the lines of a test.

A case is a function; check() raises with a reason. run() calls each case with a fresh server unless it asks for
none, prints "ok NAME" or "not ok NAME: WHY", and makes sure that every server ends in order.
"""
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

BUILD = os.environ.get("SOAPBARK_BUILD", "build")
HEAD = b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"


class Failure(Exception):
    pass


def check(condition, why):
    if not condition:
        raise Failure(why)


def sanitized(program, *runtimes):
    """An address sanitizer keeps freed memory for a while, so growth says nothing under it."""
    with open(program, "rb") as binary:
        code = binary.read()
    return any(name in code for name in runtimes or (b"__asan_init", b"__tsan_init"))


class Server:
    """A wire_server with its limits, or another program that prints "port N" or its URL."""

    def __init__(self, *settings, command=None):
        more = os.environ.get("SOAPBARK_WIRE_SETTINGS", "").split()  # for all servers of a run: "threads=3"
        self.command = command or [os.path.join(BUILD, "tests", "wire_server"), "127.0.0.1:0", *settings, *more]
        self.errors = tempfile.TemporaryFile("a+b")  # whoever writes appends: the place is shared, see said()
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.errors, text=True,
                                        errors="replace")
        line = self.process.stdout.readline()
        found = re.search(r"(?:^port |^\S+ http://[\d.]+:)(\d+)", line)
        if not found:
            self.process.kill()
            raise Failure(f"{self.command[0]} did not start: {line}{self.said()}")
        self.port = int(found.group(1))
        self.signals = 5 if sanitized(f"/proc/{self.process.pid}/exe", b"__tsan_init") else 1
        self.lines = []
        self.drain = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self.drain.start()  # log lines that a full pipe does not take are lost

    def connect(self, timeout=60.0, receive_buffer=None):
        s = socket.socket()
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(timeout)
        s.connect(("127.0.0.1", self.port))
        return s

    def said(self):
        """What it wrote to standard error. Both share one place in the file, and Python remembers it: so it is left alone."""
        fd = self.errors.fileno()
        return os.pread(fd, os.fstat(fd).st_size, 0).decode(errors="replace")

    def memory_kb(self, member="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(rf"^{member}:\s+(\d+)", status.read(), re.MULTILINE).group(1))

    def check_growth(self, start_kb, limit_kb, member="VmHWM"):
        growth = self.memory_kb(member) - start_kb
        check(growth < limit_kb or sanitized(f"/proc/{self.process.pid}/exe"),
              f"the server grew by {growth} KB, {limit_kb} are allowed")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        """Ends the server; its log as a list of entries. A sanitizer's report or a leak fails here.

        The thread sanitizer's runtime can lose a signal that comes while a thread starts (on a loaded machine one in
        about thirty stops; of 27,000 stops without it, none): there the signal is sent again.
        """
        for _ in range(self.signals):
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=40 / self.signals)
                break
            except subprocess.TimeoutExpired:
                pass
        else:
            self.process.kill()
            raise Failure("the server did not stop")
        self.drain.join(60)
        check(self.process.returncode == 0,
              f"the server ended with {self.process.returncode}: {self.said()[-2000:]}")
        return [json.loads(line) for line in self.lines]


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body


class Reader:
    """Reads answers off a socket, in order."""

    def __init__(self, sock):
        self.sock, self.data = sock, b""

    def more(self):
        piece = self.sock.recv(65536)
        self.data += piece
        return bool(piece)

    def answer(self):
        """The next answer, or None when the server closed instead."""
        while b"\r\n\r\n" not in self.data:
            if not self.more():
                check(not self.data, f"closed inside a head: {self.data!r}")
                return None
        head, _, self.data = self.data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split(" ")[1])
        size = int(fields.get("content-length", "0"))
        while len(self.data) < size:
            check(self.more(), "closed inside a body")
        body, self.data = self.data[:size], self.data[size:]
        return Answer(status, fields, body)

    def closed(self):
        """Waits for the server's close."""
        try:
            while self.more():
                pass
        except ConnectionResetError:
            pass
        return not self.data


def post(body, extra=b"", path=b"/echo"):
    return HEAD.replace(b"/echo", path) + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body


def ask(server, request):
    """One request on a connection of its own; the answer."""
    with server.connect() as s:
        s.sendall(request)
        return Reader(s).answer()


def still_serves(server):
    answer = ask(server, post(b"alive"))
    check(answer is not None and answer.status == 200 and answer.body == b"alive", "the next request is not answered")


def until(condition, what, seconds=60):
    """Waits for something, however long a loaded machine takes."""
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"waited in vain for {what}")
        time.sleep(0.01)


def serves_again(server):
    """Waits until a slot is free: the server may hear late of connections that were closed."""
    def served():
        answer = ask(server, post(b"again"))
        return answer is not None and answer.status == 200  # None: not even a spare slot
    until(served, "a free slot")


def taken(*sockets):
    """Waits until the server has accepted these connections, and has read all that was sent on them."""
    def waits(s):
        own, other = (f"0100007F:{port:04X}" for port in (s.getsockname()[1], s.getpeername()[1]))
        with open("/proc/net/tcp") as table:
            for line in table:
                words = line.split()
                if words[1:3] == [other, own]:
                    return words[9] == "0" or not words[4].endswith(":00000000")  # no owner yet, or something unread
        return False
    until(lambda: not any(waits(s) for s in sockets), "the server to read")


def stream(sock, piece, total):
    """Sends `total` bytes made of `piece` until the server has had enough; how many went out."""
    sent = 0
    view = memoryview(piece * (65536 // len(piece) + 1))
    try:
        while sent < total:
            at = sent % len(view)
            sent += sock.send(view[at : at + total - sent])
    except (ConnectionResetError, BrokenPipeError):
        pass
    return sent


@contextlib.contextmanager
def serving(*settings, command=None):
    server = Server(*settings, command=command)
    try:
        yield server
        server.log = server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def listening(process, port, why):
    """Waits until a program takes connections at the port; why() tells what it said when it does not."""
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            check(time.monotonic() < end and process.poll() is None, why())
            time.sleep(0.02)


def accepting_ends(listener, thread):
    """Closes a listener only when the thread that accepts from it has gone.

    A thread on its way into accept() would else take a connection of whoever gets the descriptor's number next.
    """
    listener.shutdown(socket.SHUT_RDWR)
    thread.join(30)
    check(not thread.is_alive(), "a thread still accepts")
    listener.close()


def verdict(case):
    """Runs a case; its lines and whether it failed."""
    started = time.monotonic()
    line = f"ok {case.__name__}"
    try:
        case()
    except Exception as problem:  # a test reports whatever went wrong
        why = str(problem).replace("\n", " ") or type(problem).__name__
        line = f"not ok {case.__name__}: {type(problem).__name__}: {why[:400]}"
    print(f"{line}\n# {case.__name__} took {time.monotonic() - started:.2f} s", flush=True)
    return line.startswith("not ok")


def run(cases, together=()):
    """Runs cases one after the other; before them, those that mostly wait, side by side."""
    with ThreadPoolExecutor(max_workers=max(1, len(together))) as pool:
        failed = list(pool.map(verdict, together))
    failed += [verdict(case) for case in cases]
    sys.exit(1 if any(failed) else 0)
