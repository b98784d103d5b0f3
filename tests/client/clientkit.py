"""tests/client/clientkit.py - runs the caller of the client tests, and peers that say what a test wants.

A Peer is a listening socket with a thread for each connection. Its function gets the requests of one connection as
they come, with their number among all, and gives the bytes of the answer; None closes.
"""
import base64
import hashlib
import os
import re
import socket
import ssl
import subprocess
import sys
import threading

ROOT = os.environ.get("SOAPBARK_ROOT", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
for folder in ("wire", "tls"):
    sys.path.insert(0, os.path.join(ROOT, "tests", folder))

from wirekit import BUILD, Failure, Server, accepting_ends, check, free_port, listening, run, sanitized, serving  # noqa: E402,F401

CALLER = os.path.join(BUILD, "tests", "client_caller")
THERMOSTAT = os.path.join(BUILD, "thermostat-server")
ENVELOPE = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            '<GetTemperatureResponse xmlns="http://soapbark.example/thermostat"><Celsius>20.5</Celsius>'
            '<MeasuredAt>2026-01-01T00:00:00Z</MeasuredAt><Target>21</Target></GetTemperatureResponse>'
            '</s:Body></s:Envelope>').encode()
TYPE = b"Content-Type: application/soap+xml; charset=utf-8\r\n"
FINE = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Content-Length: %d\r\n\r\n" % len(ENVELOPE) + ENVELOPE


def head(status, *fields, body=b""):
    lines = [f"HTTP/1.1 {status} X", *fields, f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Request:
    def __init__(self, text, body, number):
        self.line, *lines = text.split("\r\n")
        self.fields = {}
        self.all = text
        for line in lines:
            name, _, value = line.partition(":")
            self.fields[name.lower()] = value.strip()
        self.method, self.target = self.line.split(" ")[:2]
        self.body, self.number = body, number

    def authorization(self):
        return self.fields.get("authorization")


class Peer:
    def __init__(self, answer, identity=None):
        self.answer, self.requests, self.connections, self.lock = answer, [], 0, threading.Lock()
        self.context = None
        if identity:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*identity)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http{'s' if identity else ''}://127.0.0.1:{self.port}/thermostat"
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        try:
            s.settimeout(20)
            if self.context:
                s = self.context.wrap_socket(s, server_side=True)
            self.talk(s)
        except OSError:
            pass  # the client has seen enough
        finally:
            s.close()

    def talk(self, s):
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                piece = s.recv(65536)
                if not piece:
                    return
                data += piece
            text, _, data = data.partition(b"\r\n\r\n")
            found = re.search(rb"content-length: *(\d+)", text, re.IGNORECASE)
            size = int(found.group(1)) if found else 0
            while len(data) < size:
                piece = s.recv(65536)
                if not piece:
                    return
                data += piece
            with self.lock:
                request = Request(text.decode("latin-1"), data[:size], len(self.requests))
                self.requests.append(request)
            data = data[size:]
            reply = self.answer(request)
            if reply is None:
                return
            s.sendall(reply)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        accepting_ends(self.listener, self.thread)


class Outcome:
    def __init__(self, done):
        self.status, self.lines, self.error = done.returncode, done.stdout.splitlines(), done.stderr

    def fine(self, times=1):
        check(self.status == 0 and self.lines[:times] == ["ok 20.5"] * times, f"exit {self.status}: {self.lines} {self.error[-800:]}")
        return self

    def says(self, text):
        check(self.status == 1 and any(text in line for line in self.lines), f"exit {self.status}, want {text!r}: {self.lines} {self.error[-800:]}")
        return self

    def counts(self):
        words = self.lines[-1].split()
        return {name: int(value) for name, value in zip(words[::2], words[1::2])}


def call(url, *settings, prefix=(), timeout=60):
    return Outcome(subprocess.run([*prefix, CALLER, url, *settings], capture_output=True, text=True, timeout=timeout))


class Digest:
    """A server's side of Digest [RFC7616], written here from the standard: another opinion than ours."""

    def __init__(self, algorithm="SHA-256", user="eve", password="s3cret", uses=1000000, extra=()):
        self.algorithm, self.user, self.password, self.uses, self.extra = algorithm, user, password, uses, extra
        self.nonce, self.top, self.made, self.problems = None, 0, 0, []

    def hash(self, text):
        return (hashlib.sha256 if self.algorithm == "SHA-256" else hashlib.md5)(text.encode()).hexdigest()

    def challenge(self, stale=False):
        self.made += 1
        self.nonce, self.top = f"nonce{self.made}", 0
        return (f'WWW-Authenticate: Digest realm="the \\"house\\", all", nonce="{self.nonce}", opaque="o,p", '
                f'algorithm={self.algorithm}, qop="auth,auth-int"{", stale=true" if stale else ""}')

    def refuse(self, stale=False):
        return head(401, *self.extra, self.challenge(stale))

    def right(self, request):
        """None: no credentials; else True, False, or "stale"."""
        value = request.authorization()
        if value is None or not value.startswith("Digest "):
            return None if value is None else False
        p = {}
        for name, quoted, bare in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,"]+))', value[7:]):
            p[name] = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare.strip()
        ha1 = self.hash(f"{self.user}:{p['realm']}:{self.password}")
        ha2 = self.hash(f"{request.method}:{request.target}")
        want = self.hash(":".join([ha1, p["nonce"], p["nc"], p["cnonce"], p["qop"], ha2]))
        if want != p["response"] or p["username"] != self.user or p["opaque"] != "o,p" or p["uri"] != request.target:
            return False
        count = int(p["nc"], 16)
        if p["nonce"] != self.nonce or count > self.uses:
            return "stale"
        if count != self.top + 1:
            self.problems.append(f"nc {count} after {self.top}")
        self.top = count
        return True

    def __call__(self, request):
        known = self.right(request)
        return FINE if known is True else self.refuse(known == "stale")


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
