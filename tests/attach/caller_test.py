#!/usr/bin/env python3
"""tests/attach/caller_test.py - who may send parts that are streamed: decided by the head or the envelope, before any part."""
import base64
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "wire")]
from wirekit import BUILD, Reader, check, run, serving  # noqa: E402

SERVER = os.path.join(BUILD, "tests", "album_server")
ENVELOPE = ('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Store xmlns="urn:album"><Name>n</Name><Picture>'
            '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:a"/></Picture></Store></e:Body></e:Envelope>')
BODY = (b'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="text/xml"\r\n\r\n' + ENVELOPE.encode() +
        b"\r\n--b\r\nContent-ID: <a>\r\n\r\n")
END = b"x" * 1000 + b"\r\n--b--\r\n"


def basic(password):
    return b"Authorization: Basic " + base64.b64encode(b"anna:" + password) + b"\r\n"


def head(extra, length):
    return (b'POST /streams HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/related; type="application/xop+xml"; '
            b'boundary=b; start-info="text/xml"\r\nContent-Length: %d\r\n' % length + extra + b"\r\n")


def has_users():
    """A server that cannot have any says so and ends."""
    with subprocess.Popen([SERVER, "none", "auth"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        started = server.stdout.readline() != b""
        server.terminate()
        return started or b"no TLS library" not in server.stderr.read()


def album():
    return serving(command=[SERVER, "none", "auth"])


def answered(server, status, extra, *pieces):
    """Sends no more than these pieces of a body of 100 MB; the answer."""
    with server.connect() as s:
        s.sendall(head(extra, 100000000))
        for piece in pieces:
            s.sendall(piece)
        answer = Reader(s).answer()
        check(answer.status == status and answer.fields["connection"] == "close", (answer.status, answer.body))
        return answer


def strangers_are_stopped():
    with album() as server:
        answered(server, 401, basic(b"wrong"))
        answered(server, 401, basic(b"wrong") + b"Expect: 100-continue\r\n")  # and no 100 before it
        named = answered(server, 401, b'SOAPAction: "urn:album/Store"\r\n')
        check("www-authenticate" in named.fields, "no challenge")
        answered(server, 401, b"", BODY)  # no action named: the envelope says which operation it is
        answered(server, 401, basic(b"wrong"), BODY)


def whoever_may_gets_through():
    with album() as server, server.connect() as s:
        reader = Reader(s)
        for n in range(2):
            s.sendall(head(basic(b"passw0rd") + b"Expect: 100-continue\r\n", len(BODY + END)))
            check(reader.answer().status == 100, "not told to go on")
            s.sendall(BODY + END)
            answer = reader.answer()
            check(answer.status == 200 and b"Bytes>1000<" in answer.body, (answer.status, answer.body))
    users = [e["user"] for e in server.log if e.get("operation") == "Store"]
    check(users == ["anna", "anna"], server.log)


if __name__ == "__main__":
    if not has_users():
        print("skip caller: built without a TLS library, whose hashes users need")
        sys.exit(0)
    run([strangers_are_stopped, whoever_may_gets_through])
