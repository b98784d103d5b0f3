"""tests/client/curl_test.py - the carrier by libcurl: our servers, nginx by HTTP/2, proxies over SOCKS and https, and answers that
no client should take."""
import base64
import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading

from clientkit import (BUILD, ENVELOPE, FINE, THERMOSTAT, TYPE, Digest, Peer, accepting_ends, call, check, free_port, head, listening, run)
from tlskit import Authority, missing, tls_serving

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
ECHO = 'thermostat}GetTemperature"'
EVE = ("user=eve", "password=s3cret")
CURL, ONE, TWO = "curl=1", "curl=2", "curl=3"
CONF = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  log_format which "$server_protocol $request_method $status"; access_log {folder}/log which; client_body_temp_path {folder}/b;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl http2; ssl_certificate {chain}; ssl_certificate_key {key};
    location = /thermostat {{ proxy_pass {thermostat}; }}
    location = /gone {{ return 502; }}
    location = /moved {{ return 308 /thermostat; }}
  }}
  server {{ listen 127.0.0.1:{plain} http2; location = /thermostat {{ proxy_pass {thermostat}; }} }}
}}
"""
scene = None


@contextlib.contextmanager
def thermostat():
    process = subprocess.Popen([THERMOSTAT, "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        yield type("Thermostat", (), {"port": int(process.stdout.readline().split(":")[-1].split("/")[0])})
    finally:
        process.terminate()
        process.wait(20)


def url_of(server, path="/thermostat"):
    return f"http://127.0.0.1:{server.port}{path}"


# ---- our own servers ----

def own_server():
    with thermostat() as server:
        for mode in ((), ("step=1",), ("threads=4", "times=25"), ("clients=1",), ("once=1",)):
            times = 100 if "times=25" in mode else 3
            call(url_of(server), CURL, "times=3", *mode).fine(times)
        call(url_of(server).replace("127.0.0.1", "localhost"), CURL, "step=1").fine()  # libcurl looks up in a thread
        call(url_of(server), ONE).fine()
        check(call(url_of(server), TWO).status == 1, "our server speaks HTTP/1.1")
        call(url_of(server, "/other"), CURL).says("HTTP 404")


def own_server_by_tls():
    """It echoes the request, which is no answer to itself: so the message has been there and back."""
    with tls_serving(scene.good) as server:
        url = f"https://127.0.0.1:{server.port}/echo"
        for mode in ((), ("step=1",)):
            call(url, CURL, f"ca={scene.ca.file}", *mode).says(ECHO)
            call(url, CURL, "insecure=1", *mode).says(ECHO)
            call(url, CURL, *mode).says("TLS")
            call(url, CURL, f"ca={scene.other.file}", *mode).says("TLS")
            own, other = (f"sha256//{base64.b64encode(bytes.fromhex(digest)).decode()}" for digest in
                          (scene.ca.pin(scene.good[0]), scene.ca.pin(scene.ca.file)))
            call(url, CURL, f"ca={scene.ca.file}", f"pins={other};{own}", *mode).says(ECHO)
            call(url, CURL, f"ca={scene.ca.file}", f"pins={other}", *mode).says("TLS")
            call(url, CURL, "insecure=1", f"pins={other}", *mode).says("TLS")
            call(url, CURL, f"ca={scene.other.file}", f"pins={own}", *mode).says("TLS")
    check([entry["status"] for entry in server.log if entry.get("path") == "/echo"] == [200] * 6, f"{server.log}")
    with tls_serving(scene.ca.issue("DNS:elsewhere.example")) as server:
        call(f"https://127.0.0.1:{server.port}/echo", CURL, f"ca={scene.ca.file}").says("TLS")
    with tls_serving(scene.good, "clients=2", f"ca={scene.ca.file}") as server:
        url = f"https://127.0.0.1:{server.port}/echo"
        call(url, CURL, f"ca={scene.ca.file}", f"cert={scene.good[0]}", f"key={scene.good[1]}").says(ECHO)
        check(call(url, CURL, f"ca={scene.ca.file}").status == 1, "without a certificate")


# ---- nginx, by HTTP/2 ----

@contextlib.contextmanager
def nginx():
    port, plain = free_port(), free_port()
    with thermostat() as backend, tempfile.TemporaryDirectory() as folder:
        conf, log = os.path.join(folder, "conf"), os.path.join(folder, "log")
        with open(conf, "w") as out:
            out.write(CONF.format(folder=folder, port=port, plain=plain, chain=scene.good[0], key=scene.good[1], thermostat=url_of(backend)))
        os.chmod(folder, 0o755)
        process = subprocess.Popen([NGINX, "-p", folder, "-e", os.path.join(folder, "error.log"), "-c", conf])
        try:
            listening(process, port, lambda: "nginx did not start")
            listening(process, plain, lambda: "nginx did not start")
            nginx.log = lambda: open(log).read().split("\n")[:-1]
            yield f"https://127.0.0.1:{port}", f"http://127.0.0.1:{plain}"
        finally:
            process.terminate()
            process.wait(20)


def http2():
    with nginx() as (url, plain):
        trust = f"ca={scene.ca.file}"
        call(url + "/thermostat", CURL, trust, "times=3").fine(3)
        call(url + "/thermostat", CURL, trust, "step=1").fine()
        call(url + "/thermostat", TWO, trust).fine()
        check(nginx.log() == ["HTTP/2.0 POST 200"] * 5, f"{nginx.log()}")
        call(url + "/thermostat", ONE, trust).fine()
        check(nginx.log()[5:] == ["HTTP/1.1 POST 200"], f"{nginx.log()}")
        call(plain + "/thermostat", TWO, "times=2").fine(2)
        check(nginx.log()[6:] == ["HTTP/2.0 POST 200"] * 2, f"{nginx.log()}")
        call(url + "/gone", CURL, trust).says("HTTP 502")
        call(url + "/moved", CURL, trust).says("HTTP 308")
        call(url + "/moved", CURL, trust, "redirects=1").fine()


# ---- proxies ----

def pump(a, b):
    def one_way(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
    back = threading.Thread(target=one_way, args=(b, a), daemon=True)
    back.start()
    one_way(a, b)
    back.join(30)


def exactly(s, count):
    data = b""
    while len(data) < count:
        piece = s.recv(count - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


class Proxy:
    """A proxy that speaks with one function: it gives the place that was asked for, after which bytes pass."""

    def __init__(self, greet, identity=None):
        self.greet, self.asked, self.context = greet, [], None
        if identity:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*identity)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        with contextlib.suppress(OSError):
            s.settimeout(20)
            if self.context:
                s = self.context.wrap_socket(s, server_side=True)
            place = self.greet(self, s)
            self.asked.append(place)
            with socket.create_connection(("127.0.0.1", place[1]), 20) as server:
                server.settimeout(20)
                pump(s, server)
        s.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        accepting_ends(self.listener, self.thread)


def socks5(user=None):
    """[RFC 1928, 1929] CONNECT, with a user and a password when there is one to be had."""
    def greet(proxy, s):
        version, count = exactly(s, 2)
        methods = exactly(s, count)
        wanted = 2 if user else 0
        check(version == 5 and wanted in methods, f"{version} {methods}")
        s.sendall(bytes([5, wanted]))
        if user:
            name = exactly(s, exactly(s, 2)[1])
            word = exactly(s, exactly(s, 1)[0])
            good = (name, word) == user
            s.sendall(bytes([1, 0 if good else 1]))
            if not good:
                raise OSError("wrong password")
        _, command, _, kind = exactly(s, 4)
        check(command == 1 and kind in (1, 3), f"{command} {kind}")
        host = socket.inet_ntoa(exactly(s, 4)) if kind == 1 else exactly(s, exactly(s, 1)[0]).decode()
        port = int.from_bytes(exactly(s, 2), "big")
        s.sendall(b"\x05\0\0\1\0\0\0\0\0\0")
        return host, port
    return greet


def connect(proxy, s):
    data = b""
    while b"\r\n\r\n" not in data:
        data += exactly(s, 1)
    proxy.head = data.decode()
    host, port = proxy.head.split(" ")[1].split(":")
    s.sendall(b"HTTP/1.1 200 Fine\r\nX-Proxy: yes\r\n\r\n")
    return host, int(port)


def proxy_by_socks():
    with thermostat() as server, Peer(lambda request: FINE, scene.named) as peer:
        with Proxy(socks5()) as proxy:
            call(url_of(server), CURL, f"proxy=socks5://{proxy.place}", "times=2").fine(2)
            call(f"https://house.example:{peer.port}/x", CURL, f"proxy=socks5h://{proxy.place}", f"ca={scene.ca.file}", "step=1").fine()
            call(f"https://other.example:{peer.port}/x", CURL, f"proxy=socks5h://{proxy.place}", f"ca={scene.ca.file}").says("TLS")
            check(proxy.asked == [("127.0.0.1", server.port), ("house.example", peer.port), ("other.example", peer.port)], f"{proxy.asked}")
        with Proxy(socks5((b"ada", b"l0ve"))) as proxy:
            word = (f"proxy=socks5://{proxy.place}", "proxy_user=ada")
            call(url_of(server), CURL, *word, "proxy_password=l0ve").fine()
            call(url_of(server), CURL, *word, "proxy_password=hate").says("an input or output operation failed")
        call(url_of(server), CURL, f"proxy=socks5://127.0.0.1:{free_port()}").says("cannot be reached")


def proxy_by_https():
    with Peer(Digest(), scene.named) as peer, Proxy(connect, scene.good) as proxy:
        url, trust = f"https://house.example:{peer.port}/x", (f"ca={scene.ca.file}", *EVE)
        call(url, CURL, f"proxy=https://{proxy.place}", f"proxy_ca={scene.ca.file}", *trust, "times=3").fine(3)
        check(proxy.asked == [("house.example", peer.port)], f"{proxy.asked}")
        check("authorization" not in proxy.head.lower() and "soap" not in proxy.head.lower(), f"the proxy is told {proxy.head!r}")
        check(peer.requests[0].authorization() is None and len(peer.requests) == 4, f"{len(peer.requests)} requests")
        call(url, CURL, f"proxy=https://{proxy.place}", *trust).says("TLS")  # nobody vouches for the proxy


def environment():
    with thermostat() as server:
        dead = f"http://127.0.0.1:{free_port()}"
        prefix = ["env", *(f"{name}={dead}" for name in ("http_proxy", "all_proxy", "ALL_PROXY", "HTTP_PROXY"))]
        call(url_of(server), CURL, prefix=prefix).fine()
        with Proxy(socks5()) as proxy:
            call(url_of(server), CURL, f"proxy=socks5://{proxy.place}", prefix=["env", "no_proxy=*"]).fine()
            check(len(proxy.asked) == 1, "no_proxy of the environment counted")


def wrong_options():
    for proxy in ("127.0.0.1:1", "ftp://127.0.0.1:1", "socks5://u:p@127.0.0.1:1", "http://a b", "http://a\r\nb"):
        call("http://127.0.0.1:1/", CURL, f"proxy={proxy}").says("a proxy is named as")
    call("http://127.0.0.1:1/", CURL, "proxy_user=a").says("together")
    call("http://127.0.0.1:1/", CURL, "cert=/x").says("together")
    for pins in ("/etc/passwd", "sha256//", "sha256//" + "A" * 44, "sha256//" + "A" * 43 + "=;", "sha256//" + "A" * 42 + "*=",
                 "sha256//" + "A" * 43 + "=,x"):
        call("http://127.0.0.1:1/", CURL, f"pins={pins}").says("a pin is sha256//")
    call("unix:/tmp/x:/y", CURL).says("http and https URLs only")
    call("http://127.0.0.1:1/", CURL, "pool=1").says("of its own")


# ---- what the client does, whoever carries ----

def credentials_and_redirects():
    with Peer(Digest()) as peer:
        call(peer.url, CURL, *EVE, "times=4").fine(4)
        check(len(peer.requests) == 5 and peer.connections == 1, f"{len(peer.requests)} {peer.connections}")
        check(all("expect" not in r.fields and "accept" not in r.fields and "user-agent" not in r.fields for r in peer.requests), "habits")
    with Peer(Digest(password="other")) as peer:
        call(peer.url, CURL, *EVE).says("took no answer of ours")
        check(len(peer.requests) == 2, f"{len(peer.requests)} requests")
    with Peer(lambda r: FINE if r.target == "/there" else head(307, "Location: /there")) as peer:
        call(peer.url, CURL).says("not followed")
        call(peer.url, CURL, "redirects=1").fine()
    with Peer(lambda request: FINE) as other, Peer(lambda request: head(307, f"Location: {other.url}")) as peer:
        call(peer.url, CURL, "redirects=1").says("not followed")
        check(not other.requests, "it went there")
        call(peer.url, CURL, "redirects=1", "other=1", "times=2").fine(2)


def connections_that_end():
    with Peer(None) as peer:
        peer.talk = lambda s: (s.recv(65536), s.sendall(FINE))
        call(peer.url, CURL, "times=4", "pause=100").fine(4)
    for more, want in (((), 3), (("once=1",), 2)):
        with Peer(lambda request: None if request.number % 2 else FINE) as peer:
            outcome = call(peer.url, CURL, "times=2", *more)
            check(len(peer.requests) == want and outcome.status == (1 if more else 0), f"{len(peer.requests)} requests: {outcome.lines}")
    with Peer(lambda request: None) as peer:
        call(peer.url, CURL).says("Empty reply")
        check(len(peer.requests) == 1, "sent twice on a new connection")


def deadlines():
    with Peer(None) as peer:
        for said in (b"", b"HTTP/1.1 2", FINE[:-1]):
            peer.talk = lambda s: (s.recv(65536), s.sendall(said), s.recv(1))
            for mode in ((), ("step=1",)):
                call(peer.url, CURL, "ms=300", *mode).says("did not come in time")


def answers_of_every_kind():
    body = ENVELOPE
    size = b"Content-Length: %d\r\n" % len(body)
    start = b"HTTP/1.1 200 OK\r\n" + TYPE
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 50]), body[i:i + 50]) for i in range(0, len(body), 50)) + b"0\r\n"
    fine = {
        "chunks": start + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"\r\n",
        "trailers": start + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"Content-Type: text/plain\r\nX: y\r\n\r\n",
        "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + FINE,
        "a proxy's fields": start + b"Connection: close\r\nKeep-Alive: x\r\n" + size + b"\r\n" + body,
        "old": b"HTTP/1.0 200 OK\r\n" + TYPE + b"\r\n" + body,
    }
    for name, answer in fine.items():
        with Peer(None) as peer:
            peer.talk = lambda s: (s.recv(65536), s.sendall(answer))
            outcome = call(peer.url, CURL)
            check(outcome.lines[:1] == ["ok 20.5"], f"{name}: {outcome.lines}")
    bad = {
        "two lengths": start + size + size + b"\r\n" + body,
        "length and chunks": start + size + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"\r\n",
        "cut": FINE[:-1],
        "cut chunks": start + b"Transfer-Encoding: chunked\r\n\r\n" + chunks[:-3],
        "folded": start + b"X: a\r\n b\r\n" + size + b"\r\n" + body,
        "a folded length": start + size + b" 1\r\n\r\n" + body,
        "bare LF": start.replace(b"\r\n", b"\n") + size + b"\r\n" + body,
        "two types": start + TYPE + size + b"\r\n" + body,
        "no head": body,
        "a long head": start + b"".join(b"X%d: %s\r\n" % (i, b"y" * 4000) for i in range(20)) + size + b"\r\n" + body,
        "many fields": start + b"X: y\r\n" * 400 + size + b"\r\n" + body,
        "interim without end": b"HTTP/1.1 102 Wait\r\n\r\n" * 20 + FINE,
        "another protocol": b"HTTP/1.1 101 Switch\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "no body": b"HTTP/1.1 204 No\r\n\r\n",
        "too long": start + b"\r\n" + body + b" " * (20 << 20),
        "too long, and says so": start + b"Content-Length: 99999999999\r\n\r\n" + body,
    }
    for name, answer in bad.items():
        with Peer(None) as peer:
            peer.talk = lambda s: (s.recv(65536), s.sendall(answer))
            outcome = call(peer.url, CURL, "ms=20000")
            check(outcome.status == 1 and not outcome.lines[0].startswith("ok "), f"{name}: {outcome.status} {outcome.lines} {outcome.error[-500:]}")
            if name.startswith("too long"):
                check(("limits.body_bytes" in outcome.lines[0]) == (name == "too long"), f"{name}: {outcome.lines}")


def main():
    global scene
    why = missing() or (None if os.path.exists(os.path.join(BUILD, "libsoapbark_curl.a")) else "built without libcurl")
    if why:
        print(f"skip client_curl: {why}")
        return
    cases = [own_server, own_server_by_tls, proxy_by_socks, proxy_by_https, environment, wrong_options, credentials_and_redirects,
             connections_that_end, deadlines, answers_of_every_kind]
    if NGINX:
        cases.append(http2)
    else:
        print("skip client_curl_nginx: nginx is not installed")
    scene = type("Scene", (), {})()
    scene.ca, scene.other = Authority(), Authority("Other CA")
    scene.good, scene.named = scene.ca.issue(), scene.ca.issue("DNS:house.example")
    try:
        run(cases)
    finally:
        scene.ca.remove()
        scene.other.remove()


main()
