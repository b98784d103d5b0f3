"""tests/client/way_test.py - which way a call takes: tinyproxy and peers as proxies, redirects, Unix sockets, pools."""
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time

from clientkit import FINE, THERMOSTAT, Digest, Peer, basic, call, check, free_port, head, listening, run
from tlskit import Authority, missing

TINYPROXY = shutil.which("tinyproxy")
EVE = ("user=eve", "password=s3cret")
scene = None


@contextlib.contextmanager
def thermostat(listen="127.0.0.1:0"):
    process = subprocess.Popen([THERMOSTAT, listen], stdout=subprocess.PIPE, text=True)
    server = type("Thermostat", (), {})()
    try:
        server.url = process.stdout.readline().split()[-1]
        yield server
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def tinyproxy(*lines):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "conf")
        log = os.path.join(folder, "log")
        with open(config, "w") as out:
            out.write("\n".join([f"Port {port}", "Listen 127.0.0.1", "Timeout 20", "Allow 127.0.0.1", f'LogFile "{log}"',
                                 "LogLevel Connect", "MaxClients 50", *lines]) + "\n")
        process = subprocess.Popen([TINYPROXY, "-d", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            listening(process, port, lambda: "tinyproxy did not start")
            yield f"http://127.0.0.1:{port}", lambda: open(log).read()
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def proxy_http():
    with thermostat() as server, tinyproxy() as (proxy, log):
        call(server.url, f"proxy={proxy}", "times=3").fine(3)
        check("POST http://127.0.0.1" in log(), f"the proxy saw nothing: {log()[-300:]}")
        call(server.url, f"proxy={proxy}", "step=1").fine()


def proxy_https():
    with Peer(Digest(), scene.good) as peer, tinyproxy(f"ConnectPort {peer.port}") as (proxy, log):
        call(peer.url, f"proxy={proxy}", f"ca={scene.ca.file}", *EVE, "times=3").fine(3)
        check(peer.connections == 1 and "CONNECT 127.0.0.1" in log(), f"{peer.connections} {log()[-300:]}")
        check(not any("proxy-" in name for r in peer.requests for name in r.fields), "the server sees what is the proxy's")


def proxy_that_forbids():
    with Peer(lambda request: FINE, scene.good) as peer, tinyproxy("ConnectPort 1") as (proxy, _):
        call(peer.url, f"proxy={proxy}", f"ca={scene.ca.file}").says("HTTP 403")
        check(not peer.requests, "a request came through")


def proxy_with_a_password():
    with Peer(lambda request: FINE, scene.good) as peer, thermostat() as server:
        with tinyproxy(f"ConnectPort {peer.port}", "BasicAuth ada l0ve") as (proxy, _):
            for url, more in ((server.url, ()), (peer.url, (f"ca={scene.ca.file}",))):
                call(url, f"proxy={proxy}", *more).says("HTTP 407")
                call(url, f"proxy={proxy}", "proxy_user=ada", "proxy_password=l0ve", *more, "times=2").fine(2)
        check(not any("proxy-" in name for r in peer.requests for name in r.fields), "the server sees what is the proxy's")


def proxy_requests():
    """In absolute form, with the proxy's credentials, and the server's own only when the server asks."""
    server = Digest()
    with Peer(server) as proxy:
        call("http://[::1]:81/thermostat?x", f"proxy=http://127.0.0.1:{proxy.port}", "proxy_user=ada", "proxy_password=l0ve")
        first = proxy.requests[0]
        check(first.line == "POST http://[::1]:81/thermostat?x HTTP/1.1", first.line)
        check(first.fields["host"] == "[::1]:81" and first.fields["proxy-authorization"] == basic("ada", "l0ve"), first.all)
    call("http://127.0.0.1/", "proxy=https://127.0.0.1:1").says("http://host:port")
    call("http://127.0.0.1/", "proxy=http://127.0.0.1:1", "proxy_user=a").says("together")
    call("http://127.0.0.1/", f"proxy=http://127.0.0.1:{free_port()}").says("proxy was refused")


def tunnel(answer, rule, *settings):
    """A proxy that answers CONNECT so; nothing of ours may follow."""
    with Peer(lambda request: answer) as proxy:
        call("https://127.0.0.1:1/x", f"proxy=http://127.0.0.1:{proxy.port}", f"ca={scene.ca.file}", "ms=700", *settings).says(rule)
        check(proxy.requests[0].line == "CONNECT 127.0.0.1:1 HTTP/1.1", proxy.requests[0].line)
        check(len(proxy.requests) == 1, "more was sent")


def tunnels_that_are_none():
    tunnel(head(407, "Proxy-Authenticate: Basic realm=x"), "HTTP 407")
    tunnel(head(502), "HTTP 502")
    tunnel(head(302, "Location: https://127.0.0.1:2/"), "HTTP 302")
    tunnel(b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03", "nobody's")
    tunnel(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "handshake was not done in time")
    tunnel(b"HTTP/1.1 100 A\r\n\r\n" * 12, "no final answer")
    tunnel(b"SSH-2.0-x\r\n\r\n", "HTTP")
    tunnel(None, "the proxy closed")
    tunnel(b"HTTP/1.1 2", "did not open the tunnel in time")


# ---- redirects ----

def redirect_to(location, status=307):
    return lambda request: FINE if request.target == "/there" else head(status, f"Location: {location}")


def redirects_by_option_only():
    for status in (301, 302, 303, 307, 308):
        with Peer(redirect_to("/there", status)) as peer:
            call(peer.url).says("not followed")
            outcome = call(peer.url, "redirects=1")
            if status >= 307:
                outcome.fine()
                first, second = peer.requests[1:]
                check(second.line == "POST /there HTTP/1.1" and second.body == first.body, second.line)
            else:
                outcome.says("not followed")


def redirects_same_origin():
    with Peer(None) as peer:
        peer.answer = redirect_to(f"http://127.0.0.1:{peer.port}/there#part")
        call(peer.url, "redirects=1", "times=2").fine(2)
        check([r.target for r in peer.requests] == ["/thermostat", "/there"] * 2, f"{[r.line for r in peer.requests]}")


def redirects_with_credentials():
    """To the same origin they go along, for the new path."""
    server = Digest()
    with Peer(lambda r: head(308, "Location: /there") if r.target != "/there" else server(r)) as peer:
        call(peer.url, "redirects=3", *EVE).fine()


def redirects_without_end():
    with Peer(lambda request: head(307, "Location: /again")) as peer:
        call(peer.url, "redirects=3").says("not followed")
        check(len(peer.requests) == 4, f"{len(peer.requests)} requests")


def redirects_to_another_origin():
    server = Digest()
    with Peer(lambda request: FINE) as other:
        with Peer(lambda r: server.refuse() if r.authorization() is None else head(307, f"Location: {other.url}")) as peer:
            call(peer.url, "redirects=1", *EVE).says("not followed")
            check(not other.requests, "it went there")
            call(peer.url, "redirects=1", "other=1", *EVE, "times=2").fine(2)
            check(len(other.requests) == 2 and all(r.authorization() is None for r in other.requests), "credentials went along")
    asking = Digest()
    with Peer(lambda request: asking.refuse()) as other, Peer(lambda request: head(307, f"Location: {other.url}")) as peer:
        call(peer.url, "redirects=1", "other=1", *EVE).says("HTTP 401")
        check(all(r.authorization() is None for r in other.requests), "credentials went to another origin")


def redirects_never_downgrade():
    with Peer(lambda request: FINE) as plain, Peer(lambda r: head(307, f"Location: {plain.url}"), scene.good) as peer:
        call(peer.url, "redirects=5", "other=1", f"ca={scene.ca.file}").says("not followed")
        check(not plain.requests, "from https to http")


def redirects_that_are_none():
    for location in ("there", "//127.0.0.1:1/there", "ftp://127.0.0.1/", "/a b", "", "/" + "a" * 3000, "http://", "/\u00e9",
                     "http://u@127.0.0.1/", "javascript:1"):
        with Peer(lambda request: head(307, f"Location: {location}")) as peer:
            call(peer.url, "redirects=5", "other=1").says("not followed")
            check(len(peer.requests) == 1, f"followed {location!r}")
    with Peer(lambda request: head(307, "Location: /a", "Location: /b")) as peer:
        call(peer.url, "redirects=5").says("not followed")


# ---- Unix sockets ----

def unix_sockets():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s:x")
        process = subprocess.Popen([THERMOSTAT, f"unix:{path}"], stdout=subprocess.PIPE, text=True)
        try:
            process.stdout.readline()
            call(f"unix:{path}:/thermostat", "times=3").fine(3)
            call(f"unix:{path}:/thermostat", "step=1", "pool=2", "times=3").fine(3)
            call(f"unix:{path}:/other").says("404")
            call(f"unix:{path}").says("404")
            call(f"unix:{path}x:/thermostat").says("refused")
            call("unix::/thermostat").says("1 to 107 bytes")
            call(f"unix:/{'a' * 120}:/thermostat").says("1 to 107 bytes")
            call(f"unix:{path}:/a b").says("not legal")
        finally:
            process.terminate()
            process.wait(20)


# ---- pools ----

def pool_of_threads():
    with thermostat() as server:
        counts = call(server.url, "threads=8", "times=50", "pool=8", "clients=1").fine(400).counts()
        check(counts["made"] + counts["reused"] == 400 + counts["again"] and counts["made"] < 40, f"{counts}")


def pool_with_tls():
    with Peer(lambda request: FINE, scene.good) as peer:
        counts = call(peer.url, "threads=4", "times=25", "pool=4", "clients=1", f"ca={scene.ca.file}").fine(100).counts()
        check(counts["made"] == peer.connections < 20, f"{counts} {peer.connections}")


def pool_is_small():
    with thermostat() as server:
        counts = call(server.url, "threads=6", "times=20", "pool=1", "clients=1").fine(120).counts()
        check(counts["idle"] == 1, f"{counts}")


def pool_grows_old():
    with Peer(lambda request: FINE) as peer:
        counts = call(peer.url, "times=3", "pool=4", "idle=1", "pause=30").fine(3).counts()
        check(counts["made"] == 3 and counts["expired"] == 2 and counts["reused"] == 0, f"{counts}")


def closed_while_idle():
    """Seen before a request is sent: no request is lost, none is made anew."""
    with Peer(None) as peer:
        peer.talk = lambda s: (s.recv(65536), s.sendall(FINE))
        counts = call(peer.url, "times=4", "pool=4", "pause=100").fine(4).counts()
        check(counts["closed_by_peer"] == 3 and counts["again"] == 0 and counts["made"] == 4, f"{counts}")
        call(peer.url, "times=4", "pause=100").fine(4)


def closed_with_the_request():
    """The server closes as a request comes: made anew once, on a kept connection, before a byte of an answer."""
    def answer(request):
        return None if request.number % 2 else FINE
    for more, lines in (((), ["ok 20.5"] * 2), (("once=1",), None)):
        for pool in (("pool=2",), ()):
            with Peer(answer) as peer:
                outcome = call(peer.url, "times=2", *pool, *more)
                if lines:
                    outcome.fine(2)
                    check(len(peer.requests) == 3, f"{len(peer.requests)} requests")
                else:
                    outcome.says("closed before the answer")
                    check(len(peer.requests) == 2, f"{len(peer.requests)} requests")


def closed_on_a_new_connection():
    with Peer(lambda request: None) as peer:
        call(peer.url, "pool=2").says("closed before the answer")
        check(len(peer.requests) == 1, "sent twice on a new connection")


def closed_after_a_byte():
    def answer(request):
        return FINE if request.number == 0 else b"H"
    with Peer(None) as peer:
        peer.answer = answer
        outcome = call(peer.url, "times=2", "pool=2", "ms=500")
        check(len(peer.requests) == 2 and outcome.status == 1, f"{len(peer.requests)} requests: {outcome.lines}")


def names_without_waiting():
    with thermostat() as server:
        name = server.url.replace("127.0.0.1", "localhost")
        call(name).fine()
        call(name, "step=1").says("looked up before")
        call(name, "step=1", "resolve=1", "times=2").fine(2)


def slow_at_every_stage():
    """Bytes one by one, with the deadline before the end of them."""
    def drip(text, close=False):
        def talk(s):
            s.recv(65536)
            for byte in text:
                s.sendall(bytes([byte]))
                time.sleep(0.002)
            if not close:
                s.recv(1)
        return talk
    with Peer(None) as peer:
        peer.talk = drip(FINE)
        for mode in ((), ("step=1",)):
            call(peer.url, "ms=200", *mode).says("did not come in time")
            call(peer.url, "ms=20000", *mode).fine()
    with socket.socket() as full:  # a queue of connections that is full: connecting takes for ever
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        held = [socket.socket() for _ in range(4)]
        for s in held:
            s.setblocking(False)
            s.connect_ex(full.getsockname())
        call(f"http://127.0.0.1:{full.getsockname()[1]}/x", "ms=300").says("in time")
        for s in held:
            s.close()


def main():
    global scene
    why = missing()
    if why:
        print(f"skip client_way: {why}")
        return
    cases = [proxy_requests, tunnels_that_are_none, redirects_by_option_only, redirects_same_origin, redirects_with_credentials,
             redirects_without_end, redirects_to_another_origin, redirects_never_downgrade, redirects_that_are_none, unix_sockets,
             pool_of_threads, pool_with_tls, pool_is_small, pool_grows_old, closed_while_idle, closed_with_the_request,
             closed_on_a_new_connection, closed_after_a_byte, names_without_waiting, slow_at_every_stage]
    if TINYPROXY:
        cases += [proxy_http, proxy_https, proxy_that_forbids, proxy_with_a_password]
    else:
        print("skip client_way_tinyproxy: tinyproxy is not installed")
    scene = type("Scene", (), {})()
    scene.ca = Authority()
    scene.good = scene.ca.issue()
    try:
        run(cases)
    finally:
        scene.ca.remove()


main()
