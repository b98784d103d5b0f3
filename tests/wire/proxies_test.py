#!/usr/bin/env python3
"""tests/wire/proxies_test.py - nginx and HAProxy beside and before the server: no other opinion on where a message ends.

Every shape of cases/http/smuggle.txt, with a second request behind it, goes to the server directly, to nginx as a
server, and to the server through nginx and through HAProxy. Request smuggling (row 31) needs two programs on a path that
disagree. So: what the server reads directly is what it reads behind a proxy, an answer belongs to the request that it is
given for, and nothing is served that was not sent as a request. Refusing is always right.
"""
# time-out: 300
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from wirekit import check, free_port, listening, post, run, serving

START = b"POST /s HTTP/1.1\r\nHost: a\r\n"
MARKER = b"behind"


def shapes():
    """(name, status, body, request) of each line; the request is for /echo on a host that the server answers to."""
    found = []
    escapes = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
    with open("cases/http/smuggle.txt", encoding="utf-8") as file:
        for line in file.read().splitlines():
            if not line or line.startswith("#"):
                continue
            name, status, body, text = (column.strip() for column in line.split("|"))
            request = re.sub(rb"\\(?:x([0-9a-f]{2})|(.))",
                             lambda m: bytes([int(m[1], 16)]) if m[1] else escapes[m[2].decode()],
                             text.encode().replace(b"{P}", START.replace(b"\r", b"\\r").replace(b"\n", b"\\n")))
            request = request.replace(b" /s", b" /echo", 1).replace(b"Host: a\r\n", b"Host: 127.0.0.1\r\n", 1)
            if request.startswith(b"POST"):
                request = request.replace(b"\r\n", b"\r\nContent-Type: text/xml\r\n", 1)
            found.append((name, int(status), body.encode(), request))
    return found


@contextlib.contextmanager
def program(command, port, errors):
    """A peer that listens on a port, until the end of the block."""
    def said():
        errors.seek(0)
        return f"{command[0]}: {errors.read()[-600:]}"

    process = subprocess.Popen(command, stdout=errors, stderr=errors, stdin=subprocess.DEVNULL)
    try:
        listening(process, port, said)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  underscores_in_headers on;
  server {{
    listen 127.0.0.1:{port};
    {location}
  }}
}}
"""

NGINX_PROXY = """location / {{
  proxy_pass http://127.0.0.1:{server}; proxy_http_version 1.1; proxy_set_header Connection "";
  proxy_set_header Host 127.0.0.1; proxy_request_buffering off; proxy_buffering off; proxy_next_upstream off;
  proxy_ignore_client_abort on;
}}"""

HAPROXY = """
global
  maxconn 64
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  retries 0
  option http-keep-alive
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  server s 127.0.0.1:{server}
"""


@contextlib.contextmanager
def nginx(location):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "log"), "w+", encoding="utf-8") as errors:
        conf = os.path.join(folder, "conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(NGINX.format(folder=folder, port=port, location=location))
        with program([NGINX_PATH, "-p", folder, "-e", os.path.join(folder, "error.log"), "-c", conf], port, errors):
            yield port


@contextlib.contextmanager
def haproxy(server_port):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "log"), "w+", encoding="utf-8") as errors:
        conf = os.path.join(folder, "conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(HAPROXY.format(port=port, server=server_port))
        with program([HAPROXY_PATH, "-db", "-f", conf], port, errors):
            yield port


def answers_in(data):
    """(status, body) of each answer in a row of bytes, chunked or with a length; the last may be cut."""
    found = []
    while b"\r\n\r\n" in data:
        head, _, data = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if status == 100:
            continue
        body = b""
        if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
            while True:
                size, _, data = data.partition(b"\r\n")
                n = int(size or b"0", 16)
                body, data = body + data[:n], data[n + 2:]
                if n == 0:
                    break
        else:
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            n = int(length[1]) if length else len(data)
            body, data = data[:n], data[n:]
        found.append((status, body))
    return found


def talk(port, request):
    """What comes back for the shape and the request behind it, until the peer closes or has nothing more to say."""
    data = b""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as s:
        with contextlib.suppress(ConnectionError):
            s.sendall(request + post(MARKER, extra=b"Connection: close\r\n"))
            # A reader that waits for more of a body than comes would wait for ever.
            s.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError, TimeoutError):
            while piece := s.recv(65536):
                data += piece
    return answers_in(data)


def judged(name, legal, body, answers):
    """Is this row of answers what one reading of the shape gives, or a refusal? Says what is wrong, or nothing.

    A proxy may mend a shape before it passes it on: then the first body is what that reading gives. What it never may
    hold is a byte of the request behind, and that request's answer is its own.
    """
    served = [b for s, b in answers if s == 200]
    if len(answers) > 2 or len(served) > 2:
        return f"{name}: {len(answers)} answers to two requests: {answers}"
    if len(served) == 2 and served[1] != MARKER:
        return f"{name}: the second answer is not the second request's: {answers}"
    if served and (b"HTTP/1" in served[0] or (MARKER in served[0] and len(answers) == 1)):
        return f"{name}: the first answer holds the second request: {answers}"
    if served and served[0] != body and (legal or served[0] not in (b"", b"abc", b"z", MARKER)):
        return f"{name}: a body that nobody sent: {answers}"
    return ""


def directly():
    """The shapes mean to the server on a socket what they mean to its reader in src/http/smuggle_test.c."""
    with serving("quiet=1") as server:
        for name, status, body, request in shapes():
            answers = talk(server.port, request)
            if status:
                check([s for s, _ in answers] == [status], f"{name}: {answers}")
            elif request.startswith(b"GET"):
                check([s for s, _ in answers] == [405], f"{name}: {answers}")
            else:
                check(answers == [(200, body), (200, MARKER)], f"{name}: {answers}")


def nginx_beside():
    """nginx as a server, and ours: where both accept, they count the same requests."""
    both = 0
    with serving("quiet=1") as server, nginx('location / { return 200 "$request_method $uri"; }') as port:
        for name, _, _, request in shapes():
            ours = talk(server.port, request)
            theirs = talk(port, request)
            if ours[0][0] == 200 and theirs[0][0] == 200:
                both += 1
                check(len(theirs) == len(ours), f"{name}: we read {len(ours)} requests, nginx {theirs}")
                check(all(b.endswith(b" /echo") for _, b in theirs), f"{name}: nginx reads {theirs}")
    check(both >= 5, f"only {both} shapes were accepted by both")


def behind(proxy):
    """Through a proxy: the server logs what the client was answered, request by request, and no other."""
    passed = 0
    for name, status, body, request in shapes():
        with serving() as server, proxy(server.port) as port:
            answers = talk(port, request)
        wrong = judged(name, status == 0 and request.startswith(b"POST"), body, answers)
        check(not wrong, wrong)
        logged = [(entry["status"], entry["path"]) for entry in server.log if entry.get("path")]
        check(len(logged) <= 2 and all(path in ("/echo", "/s") for _, path in logged), f"{name}: the server read {logged}")
        served = sum(1 for s, _ in logged if s == 200)
        check(served == sum(1 for s, _ in answers if s == 200), f"{name}: served {logged}, answered {answers}")
        passed += served == 2
    check(passed >= 5, f"only {passed} shapes came through whole")


def behind_nginx():
    behind(lambda server: nginx(NGINX_PROXY.format(server=server)))


def behind_haproxy():
    behind(haproxy)


def tool(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


NGINX_PATH, HAPROXY_PATH = tool("nginx"), tool("haproxy")

if __name__ == "__main__":
    CASES = [directly]
    for path, case in ((NGINX_PATH, nginx_beside), (NGINX_PATH, behind_nginx), (HAPROXY_PATH, behind_haproxy)):
        if path:
            CASES.append(case)
        else:
            print(f"skip {case.__name__}: the program is not installed")
    run(CASES)
