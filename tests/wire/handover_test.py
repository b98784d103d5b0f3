#!/usr/bin/env python3
"""tests/wire/handover_test.py - a new process takes over the listening sockets under load: no request is lost.

Clients keep their connections as long as the server lets them, and upload slowly, while one server after the other
takes over. Lost is: a connection that is refused or reset, an answer that does not come, is not 200, or belongs to
another request. A client may not send again what was lost; it counts.
"""
# time-out: 240
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from wirekit import BUILD, HEAD, Reader, Server, check, post, run, serving, still_serves

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tls"))
from tlskit import SERVER as TLS_SERVER, Authority, missing  # noqa: E402

SWAPS = 50
LIMITS = ("connections=128", "connections_per_peer=128", "drain_ms=8000")


class Plain:
    """How servers are started, and how a client reaches them."""

    def server(self, *settings):
        return Server(*LIMITS, "requests_per_connection=1000000", "quiet=1", *settings)

    def connect(self, port):
        s = socket.create_connection(("127.0.0.1", port), 20)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s


class Tls(Plain):
    """The same with TLS; both servers have the same certificate."""

    def __init__(self, authority):
        self.chain, self.key = authority.issue()
        self.context = ssl.create_default_context(cafile=authority.file)

    def server(self, *settings):
        return Server(command=[TLS_SERVER, "tls:127.0.0.1:0", f"chain={self.chain}", f"key={self.key}", *LIMITS, *settings])

    def connect(self, port):
        return self.context.wrap_socket(super().connect(port), server_hostname="localhost")


class Load:
    """Clients that never stop asking; what went wrong, and how much went well."""

    def __init__(self, transport, port):
        self.transport, self.port = transport, port
        self.done = threading.Event()
        self.lost, self.answers, self.uploads, self.connections = [], 0, 0, 0
        self.lock = threading.Lock()
        kinds = [self.keep_alive] * 4 + [self.idle] * 2 + [self.upload] * 2 + [self.short] * 2
        self.threads = [threading.Thread(target=self.guard, args=(kind, n)) for n, kind in enumerate(kinds)]
        for t in self.threads:
            t.start()

    def guard(self, kind, number):
        dice = random.Random(number)
        while not self.done.is_set():
            try:
                with self.transport.connect(self.port) as s:
                    with self.lock:
                        self.connections += 1
                    kind(s, Reader(s), dice)
            except Exception as why:
                self.lost.append(f"{kind.__name__} {number}: {type(why).__name__} {why}"[:200])
                return

    def exchange(self, s, reader, body, pieces, pause):
        """One request in pieces; False when its connection ends with the answer."""
        chunk = max(1, len(body) // pieces)
        s.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(body), chunk):
            piece = body[at:at + chunk]
            s.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            if pause:
                time.sleep(pause)
        s.sendall(b"0\r\n\r\n")
        answer = reader.answer()
        check(answer is not None, "no answer")
        check(answer.status == 200 and answer.body == body, f"{answer.status} {answer.body[:80]}")
        with self.lock:
            self.answers += 1
        return answer.fields.get("connection") != "close"

    def keep_alive(self, s, reader, dice):
        while self.exchange(s, reader, b"%d" % dice.getrandbits(64), 1, 0) and not self.done.is_set():
            pass

    def idle(self, s, reader, dice):
        while self.exchange(s, reader, b"%d" % dice.getrandbits(64), 1, 0) and not self.done.is_set():
            time.sleep(dice.random() * 0.5)

    def upload(self, s, reader, dice):
        """Four tenths of a second: over several swaps."""
        more = True
        while more and not self.done.is_set():
            more = self.exchange(s, reader, dice.randbytes(100000), 20, 0.02)
            with self.lock:
                self.uploads += 1

    def short(self, s, reader, dice):
        self.exchange(s, reader, dice.randbytes(3000), 1, 0)

    def end(self):
        self.done.set()
        for t in self.threads:
            t.join()


def swaps_lose_nothing(transport, *settings):
    with tempfile.TemporaryDirectory() as folder:
        path = f"handover_path={folder}/control"
        servers = [transport.server(path, *settings)]
        load = Load(transport, servers[0].port)
        try:
            for n in range(SWAPS):
                servers.append(transport.server(path, *settings))
                check(servers[-1].port == servers[0].port, "another port")
                time.sleep(0.05)
                check(not load.lost, f"swap {n}: lost {load.lost[:3]}")
            for server in servers[:-1]:
                server.process.wait(30)  # they end by themselves, in order
                server.stop()
            load.end()
            check(not load.lost, f"lost {load.lost[:3]}")
            check(load.answers > SWAPS * 10 and load.uploads > 5, f"{load.answers} answers, {load.uploads} uploads")
            print(f"# {SWAPS} swaps, {load.connections} connections, {load.answers} answers, 0 lost", flush=True)
            servers[-1].stop()
            check(not os.path.exists(f"{folder}/control"), "the control socket stays behind")
        finally:
            load.end()
            for server in servers:
                if server.process.poll() is None:
                    server.process.kill()


def fifty_swaps_lose_nothing():
    swaps_lose_nothing(Plain())


def fifty_swaps_of_servers_with_three_loops():
    swaps_lose_nothing(Plain(), "threads=3")


def fifty_swaps_of_tls_servers():
    if missing():
        print(f"# no TLS: {missing()}")
        return
    authority = Authority()
    try:
        swaps_lose_nothing(Tls(authority))
    finally:
        authority.remove()


def a_successor_that_fails_changes_nothing():
    """It takes the sockets and dies, or cannot start: the old one serves on, and a later one takes over."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/control"
        with serving(f"handover_path={path}") as server:
            for _ in range(5):
                with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                    s.connect(path)
                    data, fds, _, _ = socket.recv_fds(s, 8192, 64)
                    check(data == b"soapbark 1\0" + b"127.0.0.1:0\0" and len(fds) == 1, f"{data!r}")
                    for fd in fds:
                        os.close(fd)
                still_serves(server)
            for nonsense in (b"stop", b"go", b"go\0\0", b""):
                with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                    s.connect(path)
                    s.recv(8192)
                    s.send(nonsense)
                still_serves(server)
            done = subprocess.run([server.command[0], "127.0.0.1:0", f"handover_path={path}", "connections=0"],
                                  capture_output=True, text=True, timeout=20)
            check(done.returncode == 1, "a server without connections started")
            still_serves(server)
            check(os.stat(path).st_mode & 0o777 == 0o600, "the control socket is open to others")


def a_successor_with_other_addresses():
    """What it does not listen on is given up, what is new is opened."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"handover_path={folder}/control"
        unix = f"{folder}/a"
        old = Server(path, f"listen=unix:{unix}")
        new = None
        try:
            before = os.stat(unix).st_ino
            new = Server(path, f"listen=unix:{unix}", "listen=127.0.0.1:0")
            check(old.process.wait(20) == 0, "the old one stays")
            check(new.port == old.port and os.stat(unix).st_ino == before, "the same sockets")
            still_serves(new)
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(unix)
                s.sendall(post(b"unix"))
                check(Reader(s).answer().body == b"unix", "over the Unix socket")
            new.stop()
            check(not os.path.exists(unix) and not os.path.exists(f"{folder}/control"), "files stay behind")
        finally:
            for server in (old, new):
                if server and server.process.poll() is None:
                    server.process.kill()


def a_dead_server_left_its_control_socket():
    with tempfile.TemporaryDirectory() as folder:
        path = f"handover_path={folder}/control"
        dead = Server(path)
        dead.process.send_signal(signal.SIGKILL)
        dead.process.wait()
        with serving(path) as server:
            still_serves(server)


def a_server_that_is_no_server():
    """Somebody else listens at the path and says nothing, or nonsense: an error, not a hang."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        path = f"{folder}/control"
        s.bind(path)
        s.listen()
        command = [os.path.join(BUILD, "tests", "wire_server"), "127.0.0.1:0", f"handover_path={path}"]
        for said in (b"hello", b"soapbark 1\0text\0", b"soapbark 1"):
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            peer, _ = s.accept()
            peer.send(said)
            out, err = process.communicate(timeout=30)
            check(process.returncode == 1 and "hands nothing over" in err, f"{said!r}: {out} {err}")
            peer.close()


run([fifty_swaps_lose_nothing, fifty_swaps_of_servers_with_three_loops, fifty_swaps_of_tls_servers,
     a_successor_that_fails_changes_nothing, a_successor_with_other_addresses, a_dead_server_left_its_control_socket,
     a_server_that_is_no_server])
