#!/usr/bin/env python3
"""examples/store/store_tls_test.py - files through the store by TLS, and while the next server takes over: no octet is lost."""
import os
import ssl
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "tls"), str(ROOT / "tests" / "wire")]
from tlskit import Authority, missing  # noqa: E402
from wirekit import Server, check, run, serving, until  # noqa: E402

SERVER, CLIENT = (str(Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / f"store-{side}") for side in ("server", "client"))
NOISE = os.urandom(1 << 20)
MANY = NOISE * 8
BODY = (b'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="text/xml"\r\nContent-ID: <r>\r\n\r\n'
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Put xmlns="urn:soapbark:store"><Name>%s</Name><Content>'
        b'<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:a"/></Content></Put></e:Body></e:Envelope>'
        b"\r\n--b\r\nContent-Type: application/x-noise\r\nContent-ID: <a>\r\n\r\n")
END = b"\r\n--b--\r\n"
scene = None


def client(url, *words):
    done = subprocess.run([CLIENT, url, *words], capture_output=True, text=True, timeout=200, env={**os.environ, "STORE_CA": scene.ca.file})
    return done.returncode, done.stdout + done.stderr


def command(folder, *settings, secure=True):
    identity = (f"chain={scene.good[0]}", f"key={scene.good[1]}") if secure else ()
    return [SERVER, f"{'tls:' if secure else ''}127.0.0.1:0", folder, *identity, "connections_per_peer=20", *settings]


def files_by_tls():
    """There and back, of a known length and of one that nobody knows, and by a client that trusts somebody else."""
    for chunked in (0, 1):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as own, \
                serving(command=command(folder, f"chunked={chunked}", "threads=2")) as server:
            url = f"https://127.0.0.1:{server.port}/store"
            for n, content in enumerate((b"", b"x", NOISE[:16385], MANY)):
                sent, back = (Path(own, name) for name in ("sent", "back"))
                sent.write_bytes(content)
                status, said = client(url, "put", f"f{n}", str(sent))
                check(status == 0 and Path(folder, f"f{n}").read_bytes() == content, f"put {n}: {said}")
                status, said = client(url, "get", f"f{n}", str(back))
                check(status == 0 and back.read_bytes() == content, f"get {n}: {said}")
            with subprocess.Popen([CLIENT, url, "put", "pipe", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  env={**os.environ, "STORE_CA": scene.ca.file}) as piped:
                piped.communicate(MANY, timeout=200)
                check(piped.returncode == 0 and Path(folder, "pipe").read_bytes() == MANY, "put of a pipe")
            scene.ca, right = scene.other, scene.ca
            status, said = client(url, "get", "f0", "/dev/null")
            scene.ca = right
            check(status == 1 and "TLS" in said, f"somebody else's certificate: {said}")


def peers_go_in_the_middle_by_tls():
    context = ssl.create_default_context(cafile=scene.ca.file)
    body = BODY % b"gone"
    with tempfile.TemporaryDirectory() as folder, serving(command=command(folder)) as server:
        with context.wrap_socket(server.connect(), server_hostname="localhost") as s:
            s.sendall(head(len(body) + 5000000) + body + NOISE[:300000])
            until(lambda: os.path.exists(Path(folder, ".gone")), "the file is begun")
        until(lambda: os.listdir(folder) == [], "the file is dropped")


def head(length):
    return (b"POST /store HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b'Content-Type: multipart/related; type="application/xop+xml"; boundary=b; '
            b'start="<r>"; start-info="text/xml"\r\nContent-Length: %d\r\n\r\n' % length)


def connected(server, secure):
    s = server.connect(120)
    if not secure:
        return s
    return ssl.create_default_context(cafile=scene.ca.file).wrap_socket(s, server_hostname="localhost")


def everything(s):
    data = b""
    while piece := s.recv(65536):
        data += piece
    return data


GET = (b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Get xmlns="urn:soapbark:store"><Name>big</Name></Get>'
       b"</e:Body></e:Envelope>")


def handover(secure):
    """An upload and a download are under way when the next server takes over: the old one ends them, then itself."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as place:
        Path(folder, "big").write_bytes(MANY)
        settings = (f"handover={place}/control", "drain_ms=100000")
        old = Server(command=command(folder, *settings, secure=secure))
        new = None
        try:
            body = BODY % b"up"
            up, down = connected(old, secure), connected(old, secure)
            up.sendall(head(len(body) + len(MANY) + len(END)) + body + MANY[:3 << 20])
            down.sendall(b"POST /store HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                         % len(GET) + GET)
            first = down.recv(1000)  # and no more: the rest waits in the old server
            until(lambda: os.path.exists(Path(folder, ".up")), "the upload is begun")
            new = Server(command=command(folder, *settings, secure=secure))
            check(new.port == old.port, "another port")
            check(old.process.poll() is None, "the old server ended before what is under way")
            status, said = client(f"http{'s' if secure else ''}://127.0.0.1:{new.port}/store", "put", "after", __file__)
            check(status == 0, f"the new one serves beside it: {said}")
            up.sendall(MANY[3 << 20:] + END)
            answer = everything(up)
            check(b"<store:Adler32>%d<" % zlib.adler32(MANY) in answer, f"the upload: {answer[-300:]}")
            check(MANY in first + everything(down), "the download comes back as another one")
            check(Path(folder, "up").read_bytes() == MANY, "another file")
            up.close()
            down.close()
            old.process.wait(60)
            log = old.stop()
            check(sorted((e.get("put") or e["get"], e["verdict"]) for e in log) == [("big", "no error"), ("up", "no error")], f"{log}")
        finally:
            for server in (old, new):
                if server and server.process.poll() is None:
                    server.stop()


def handover_plain():
    handover(False)


def handover_by_tls():
    handover(True)


def main():
    global scene
    why = missing()
    if why:
        print(f"skip store_tls: {why}")
        return
    scene = type("Scene", (), {})()
    scene.ca, scene.other = Authority(), Authority("Other CA")
    scene.good = scene.ca.issue()
    try:
        run([files_by_tls, peers_go_in_the_middle_by_tls, handover_plain, handover_by_tls])
    finally:
        scene.ca.remove()
        scene.other.remove()


main()
