#!/usr/bin/env python3
"""tests/attach/gzip_test.py - compressed bodies over the wire: taken and sent with the add-on, 415 without, bombs denied (row 24)."""
import base64
import gzip
import hashlib
import http.client
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wire"))
from wirekit import BUILD, Failure, Server, check  # noqa: E402

SERVER = os.path.join(BUILD, "tests", "album_server")
ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>%s</e:Body></e:Envelope>'


def fetch(size, fill=""):
    return (ENVELOPE % f'<Fetch xmlns="urn:album"><Size>{size}</Size></Fetch>{fill}').encode()


def post(server, body, path="/album", **fields):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    headers = {"Content-Type": "text/xml", **{name.replace("_", "-"): value for name, value in fields.items()}}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def without_the_add_on(server):
    for coding, status in (("gzip", 415), ("deflate", 415), ("identity", 200)):
        body = gzip.compress(fetch(5)) if coding == "gzip" else fetch(5)
        answer, _ = post(server, body, Content_Encoding=coding)
        check(answer.status == status, f"{coding}: {answer.status}")
        if status == 415:
            check(answer.getheader("Accept-Encoding") == "identity", f"Accept-Encoding: {answer.getheader('Accept-Encoding')}")
    answer, _ = post(server, fetch(5000), Accept_Encoding="gzip")
    check(answer.status == 200 and answer.getheader("Content-Encoding") is None, "compressed without the add-on")


def requests(server):
    for coding in ("gzip", "x-gzip", "GZip"):
        answer, data = post(server, gzip.compress(fetch(5)), Content_Encoding=coding)
        check(answer.status == 200 and b"Picture" in data, f"{coding}: {answer.status} {data[:200]}")
    for coding in ("gzip, gzip", "deflate", "br", "gzip, identity"):
        answer, _ = post(server, gzip.compress(fetch(5)), Content_Encoding=coding)
        check(answer.status == 415 and answer.getheader("Accept-Encoding") == "gzip", f"{coding}: {answer.status}")
    whole = gzip.compress(fetch(5))
    for body in (whole[:-1], whole + b"\0", whole + whole, fetch(5), b""):
        answer, _ = post(server, body, Content_Encoding="gzip")
        check(answer.status == 400, f"a broken body of {len(body)} bytes: {answer.status}")
    answer, data = post(server, whole, Content_Encoding="gzip")
    check(answer.status == 200, "a good one after them")


def bombs(server):
    before = server.memory_kb()
    small = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(small.compress(b" " * (1 << 20)) for _ in range(128)) + small.flush()  # 128 MB in 130 KB
    for body in (bomb[:1024], bomb, gzip.compress(fetch(5, " " * 300000))):
        answer, data = post(server, body, Content_Encoding="gzip")
        check(answer.status == 413, f"a bomb of {len(body)} bytes: {answer.status} {data[:200]}")
    server.check_growth(before, 12 * 1024, "VmRSS")
    answer, data = post(server, gzip.compress(fetch(5, " " * 60000)), Content_Encoding="gzip")
    check(answer.status == 200, f"64 KiB are always allowed: {answer.status} {data[:300]}")


def answers(server):
    for accept, packed in (("gzip", True), ("deflate, gzip;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False),
                           ("*;q=1, gzip;q=0.0", False), ("identity", False), ("x-gzip", True)):
        answer, data = post(server, fetch(5000), Accept_Encoding=accept)
        check((answer.getheader("Content-Encoding") == "gzip") == packed, f"{accept}: {answer.getheader('Content-Encoding')}")
        text = gzip.decompress(data) if packed else data
        check(b"Picture>AB8+" in text and b"</s:Envelope>" in text, f"{accept}: another answer")
        check(not packed or answer.getheader("Vary") == "Accept-Encoding", "no Vary")
    answer, _ = post(server, fetch(5), Accept_Encoding="gzip")
    check(answer.getheader("Content-Encoding") is None, "a small answer was compressed")


def digest(server, path, count, user="anna", password="passw0rd"):
    """An Authorization field for a nonce that the server was asked for."""
    answer, _ = post(server, fetch(5), "/loose")
    challenge = next(text for text in answer.headers.get_all("WWW-Authenticate") if text.startswith("Digest"))
    nonce = re.search('nonce="([^"]+)"', challenge).group(1)

    def h(*parts):
        return hashlib.sha256(":".join(parts).encode()).hexdigest()
    response = h(h(user, "Album", password), nonce, f"{count:08x}", "c0ffee", "auth", h("POST", path))
    return (f'Digest username="{user}", realm="Album", nonce="{nonce}", uri="{path}", algorithm=SHA-256, qop=auth, '
            f'nc={count:08x}, cnonce="c0ffee", response="{response}"')


def basic(password, user="anna"):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def callers_before_expansion(server):
    """Row 24 and R11: who may call nothing here costs no expansion. What is no gzip shows that nobody looked."""
    junk, bomb, good = b"no gzip at all", gzip.compress(bytes(1 << 20)), gzip.compress(fetch(5))
    right, wrong, nobody = basic("passw0rd"), basic("passw0rx"), basic("passw0rd", "otto")
    store, fetch_action = '"urn:album/Store"', '"urn:album/Fetch"'
    names = ("Authorization", "SOAPAction")
    for path, authorization, action, body, status in (
            # wrong credentials: nothing is looked at, whatever the request is for
            ("/album", wrong, None, junk, 401), ("/album", nobody, fetch_action, bomb, 401), ("/loose", wrong, store, good, 401),
            # none: a service without an operation for everybody asks first, and so does an action that is not for everybody
            ("/loose", None, None, junk, 401), ("/loose", None, fetch_action, bomb, 401), ("/album", None, store, junk, 401),
            ("/album", None, None, junk, 400), ("/album", None, fetch_action, bomb, 413), ("/album", None, None, good, 200),
            ("/album", None, fetch_action, good, 200),
            # an action that names no operation here leaves none
            ("/album", None, '"urn:album/Nothing"', junk, 401),
            # right ones: expanded, unless the level allows nothing here
            ("/album", right, store, junk, 400), ("/album", right, None, bomb, 413), ("/loose", right, None, good, 200),
            ("/plain", right, None, junk, 403), ("/plain", right, fetch_action, bomb, 403)):
        fields = {name: value for name, value in zip(names, (authorization, action)) if value}
        answer, data = post(server, body, path, Content_Encoding="gzip", **fields)
        what = f"{path} {authorization} {action} {body[:8]}"
        check(answer.status == status, f"{what}: {answer.status} instead of {status}: {data[:200]}")
        check((answer.getheader("WWW-Authenticate") is not None) == (status == 401), f"{what}: {answer.headers}")
    # a Digest answer is judged once: a second look would find its count used
    answer, data = post(server, good, "/loose", Content_Encoding="gzip", Authorization=digest(server, "/loose", 1))
    check(answer.status == 200, f"Digest: {answer.status} {data[:200]}")
    used = digest(server, "/loose", 1)
    for expected in (200, 401):
        answer, data = post(server, good, "/loose", Content_Encoding="gzip", Authorization=used)
        check(answer.status == expected, f"Digest again: {answer.status}")
    log = server.stop()
    denied = [(entry["path"], entry.get("user")) for entry in log if entry["status"] == 403]
    check(denied == [("/plain", "anna")] * 2, f"403 in the log: {denied}")
    check({entry.get("user") for entry in log if entry["status"] == 200 and entry["path"] == "/loose"} == {"anna"}, "the log's user")


def get_with_a_body(server):
    """A body that nobody reads is not expanded."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/metrics", b"no gzip", {"Content-Encoding": "gzip"})
    answer = connection.getresponse()
    check(answer.status == 200 and b"# EOF" in answer.read(), f"GET: {answer.status}")
    connection.close()


def default_library():
    """R15: nothing of zlib in the default library, and what the add-on wants."""
    def wanted(library):
        lines = subprocess.run(["nm", "-u", os.path.join(BUILD, library)], capture_output=True, text=True, check=True).stdout
        return {line.split()[-1] for line in lines.splitlines() if " U " in line}
    alien = {name for name in wanted("libsoapbark.a")
             if name.startswith(("inflate", "deflate", "gz", "SSL_", "EVP_", "mbedtls_", "crc32", "fopen", "opendir"))}
    check(not alien, f"the default library wants {alien}")
    check({"inflate", "deflate"} <= wanted("libsoapbark_gzip.a"), "the add-on does not want zlib")


def main():
    failed = 0
    if not os.path.exists(os.path.join(BUILD, "libsoapbark_gzip.a")):
        print("skip gzip: built without zlib")
        return 0
    cases = [(without_the_add_on, [SERVER]), (requests, [SERVER, "gzip"]), (bombs, [SERVER, "gzip"]), (answers, [SERVER, "gzip"]),
             (get_with_a_body, [SERVER, "gzip"]), (default_library, None)]
    if os.path.exists(os.path.join(BUILD, "libsoapbark_tls.a")):
        cases.append((callers_before_expansion, [SERVER, "gzip", "auth"]))
    for case, command in cases:
        try:
            if command:
                server = Server(command=command)
                try:
                    case(server)
                finally:
                    server.stop()
            else:
                case()
            print(f"ok {case.__name__}", flush=True)
        except (Failure, AssertionError, OSError, http.client.HTTPException) as error:
            failed += 1
            print(f"not ok {case.__name__}: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
