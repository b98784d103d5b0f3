#!/usr/bin/env python3
"""examples/own_loop/own_loop_test.py - a server inside a loop of the program's own: poll() and libuv.

Requests are answered, deadlines are kept though nobody else wakes the loop, the program goes on with its own work
meanwhile, and a stop ends it in order. What is got with GET and HEAD is checked here too, over the wire.
"""
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "wire"))
from wirekit import Answer, Reader, check  # noqa: E402

BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
TYPE = b"Content-Type: application/soap+xml; charset=utf-8\r\n"
ASK = (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
       b'<GetTemperature xmlns="http://soapbark.example/thermostat"/></s:Body></s:Envelope>')


class Program:
    def __init__(self, path):
        self.process = subprocess.Popen([str(path), "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/room", self.process.stdout.readline()).group(1))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), 20)

    def ask(self, method, target, extra=b"", body=b""):
        """The answer as it is on the wire: its head's fields, and what came behind it until the close."""
        with self.connect() as s:
            length = b"Content-Length: %d\r\n" % len(body) if body else b""
            s.sendall(method + b" " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + extra + length +
                      b"\r\n" + body)
            data = b""
            while piece := s.recv(65536):
                data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        return Answer(int(lines[0].split(" ")[1]), fields, rest)


def requests(program):
    answer = program.ask(b"POST", b"/room", TYPE, ASK)
    check(answer.status == 200 and b">20.5<" in answer.body, f"{answer.status} {answer.body[:300]}")
    check(answer.fields["server"] == "own-loop" and "date" in answer.fields, f"{answer.fields}")
    with program.connect() as s:  # pipelined, and large enough to come in pieces
        padded = ASK + b" " * 60000
        one = b"POST /room HTTP/1.1\r\nHost: 127.0.0.1\r\n" + TYPE + b"Content-Length: %d\r\n\r\n" % len(padded) + padded
        sender = threading.Thread(target=s.sendall, args=(one * 5,))
        sender.start()
        reader = Reader(s)
        check(all(reader.answer().status == 200 for _ in range(5)), "five in a row")
        sender.join()


def resources(program):
    got = program.ask(b"GET", b"/room?about")
    check(got.status == 200 and got.body == b"a room\n" and got.fields["content-type"] == "text/plain", f"{got.status}")
    check(got.fields["etag"] == '"1"' and got.fields["content-length"] == "7", f"{got.fields}")
    head = program.ask(b"HEAD", b"/room?about")
    check(head.status == 200 and head.body == b"" and head.fields["content-length"] == "7", f"HEAD: {head.body}")
    for listed, status in ((b'"1"', 304), (b'"0", W/"1"', 304), (b"*", 304), (b'"2"', 200), (b"1", 200)):
        answer = program.ask(b"GET", b"/room?about", b"If-None-Match: " + listed + b"\r\n")
        check(answer.status == status and (answer.body == b"") == (status == 304), f"{listed}: {answer.status}")
        check(("content-length" in answer.fields) == (status == 200), f"{listed}: {answer.fields}")
    for method, target, status, allow in ((b"POST", b"/room?about", 405, "GET, HEAD"), (b"GET", b"/room", 405, "POST"),
                                          (b"DELETE", b"/ticks", 405, "GET, HEAD"), (b"GET", b"/ticks?", 404, None),
                                          (b"GET", b"/room?About", 404, None), (b"GET", b"/room%3fabout", 404, None),
                                          (b"GET", b"/ticks/", 404, None), (b"GET", b"/./ticks", 404, None)):
        answer = program.ask(method, target)
        check(answer.status == status and answer.fields.get("allow") == allow, f"{method} {target}: {answer.status}")
    check(program.ask(b"GET", b"/ticks", b"Host: evil.example\r\n").status == 400, "two Hosts")


def own_work(program):
    def ticks():
        return int(program.ask(b"GET", b"/ticks").body)

    before = ticks()
    deadline = time.monotonic() + 20
    while ticks() <= before + 2:
        check(time.monotonic() < deadline, "the program's own work stands still")


def the_end(program):
    with program.connect() as idle:
        program.process.send_signal(signal.SIGTERM)
        check(Reader(idle).closed(), "an idle connection stays")
    check(program.process.wait(20) == 0, f"exit status {program.process.returncode}")


def main():
    failed = 0
    for kind in ("poll", "uv"):
        path = BUILD / f"own-loop-{kind}"
        if not path.exists():
            print(f"skip own_loop_{kind}: {'libuv is not installed' if kind == 'uv' else 'not built'}")
            continue
        program = Program(path)
        try:
            for part in (requests, resources, own_work, the_end):
                try:
                    part(program)
                    print(f"ok own_loop_{kind}_{part.__name__}")
                except Exception as why:
                    failed = 1
                    print(f"not ok own_loop_{kind}_{part.__name__}: {type(why).__name__} {why}"[:500].replace("\n", " "))
        finally:
            program.process.kill()
            program.process.wait()
    sys.exit(failed)


main()
