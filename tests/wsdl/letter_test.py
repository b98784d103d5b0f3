#!/usr/bin/env python3
"""tests/wsdl/letter_test.py - HTTP bindings in multipart/related over the wire: Python's email package, curl and
PHP write letters for parcels.wsdl, email reads the answers, and our client calls what email made of a server.
"""
# time-out: 240
import base64
import email.message
import email.policy
import http.server
import json
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers"))
from peerkit import BUILD, ROOT, check, command, need, program, run  # noqa: E402

WSDL = ROOT / "tests" / "wsdl" / "parcels.wsdl"
SERVER = BUILD / "tests" / "parcels_server"
ORDER = '<p:Order xmlns:p="urn:parcels"><p:to>a &amp; ä</p:to><p:grams>12</p:grams></p:Order>'
SEAL = '<seal xmlns:p="urn:parcels"><p:colour>red</p:colour></seal>'
SCAN = b"\x89PNG\r\n\x1a\n\r\n--x\x00\xff" * 300
TYPED = email.policy.HTTP.clone(max_line_length=None)


def part_make(kind, content, name=None):
    part = email.message.MIMEPart(policy=TYPED)
    main, sub = kind.split("/")
    if isinstance(content, str):
        part.set_content(content, subtype=sub, charset="utf-8", cte="8bit")
        part.replace_header("Content-Type", f'{kind}; charset="utf-8"')
        part.set_payload(content.encode(), None)
    else:
        part.set_content(content, main, sub, cte="binary")
    part.replace_header("Content-Transfer-Encoding", "binary")
    if name:
        part["Content-ID"] = f"<{name}=1@example.org>"
    return part


def message_make(parts, boundary="=_letter"):
    """Content-Type and body. The email package frames the parts; octets are its own again where it would wrap lines."""
    whole = email.message.MIMEPart(policy=TYPED)
    whole["Content-Type"] = f'multipart/related; type="{parts[0].get_content_type()}"; boundary="{boundary}"'
    marks = {}
    for index, part in enumerate(parts):
        marks[f"@@{index}@@".encode()] = part.get_payload(decode=True)
        part.set_payload(f"@@{index}@@")
    whole.set_payload(parts)
    _, _, body = whole.as_bytes(policy=TYPED).partition(b"\r\n\r\n")
    for mark, octets in marks.items():
        body = body.replace(mark, octets)
    return whole["Content-Type"], body


def letter_parts(named=False, scan=SCAN):
    def name(text):
        return text if named else None
    parts = [part_make("text/xml", ORDER, name("order")), part_make("text/plain", "AB1", name("code")),
             part_make("image/png", scan, name("scan")), part_make("text/xml", "<pages>3</pages>", name("pages")),
             part_make("text/xml", SEAL, name("seal"))]
    return parts[::-1] if named else parts


def ask(url, data, kind):
    request = urllib.request.Request(url, data, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["Content-Type"], answer.read()


def answer_check(kind, body, scan=SCAN):
    whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=TYPED)
    check(whole.get_content_type() == "multipart/related" and whole.get_param("type") == "text/xml", kind)
    parts = list(whole.iter_parts())
    check([p.get_content_type() for p in parts] == ["text/xml", "application/octet-stream", "text/plain"], f"{body[:300]}")
    check([str(p["Content-ID"]).split("=")[0] for p in parts] == ["<Body", "<copy", "<remark"], "identifiers")
    check("<p:where>a &amp; ä</p:where>" in parts[0].get_payload(decode=True).decode(), "the document")
    check(parts[1].get_payload(decode=True) == scan or scan in body, "the octets")
    check(parts[2].get_payload(decode=True).decode() == f"3 pages, 12 grams, {len(scan)} octets, ä", "the text")


def with_email():
    with program(SERVER) as url:
        for named in (False, True):
            kind, body = message_make(letter_parts(named))
            status, got, text = ask(f"{url}/letter", body, kind)
            check(status == 200, f"{status} {text[:300]}")
            answer_check(got, text)
        # what email does by itself, octets as base64, has to be undone, and is refused
        parts = letter_parts()
        parts[2].replace_header("Content-Transfer-Encoding", "base64")
        kind, body = message_make(parts)
        status, _, text = ask(f"{url}/letter", body, kind)
        check(status == 400 and b"[RFC2045 6]" in text, f"base64: {status} {text}")


def with_curl():
    need("curl")
    with program(SERVER) as url, tempfile.TemporaryDirectory() as folder:
        at, head = Path(folder), Path(folder) / "head"
        for name, content in (("order", ORDER.encode()), ("scan", SCAN), ("seal", SEAL.encode()), ("pages", b"<pages>3</pages>")):
            (at / name).write_bytes(content)
        forms = (f"order=@{at}/order;type=text/xml", "code=AB1;type=text/plain", f"scan=@{at}/scan;type=image/png",
                 f"pages=@{at}/pages;type=text/xml", f"seal=@{at}/seal;type=text/xml")
        words = [word for form in forms for word in ("-F", form)]
        # curl -F frames the parts; the field makes it multipart/related, with curl's own boundary behind it
        command("curl", "-sS", "-H", "Content-Type: multipart/related", "-D", str(head), "-o", str(at / "got"), *words, f"{url}/letter")
        kind = [line for line in head.read_text().splitlines() if line.lower().startswith("content-type")]
        check(kind and "multipart/related" in kind[0], head.read_text() + (at / "got").read_text(errors="replace"))
        answer_check(kind[0].partition(": ")[2], (at / "got").read_bytes())


PHP = """<?php
$b = 'b' . bin2hex(random_bytes(8));
$body = '';
foreach (json_decode(file_get_contents('%s')) as [$name, $type, $content])
    $body .= "--$b\\r\\nContent-ID: <$name=1@php>\\r\\nContent-Type: $type\\r\\n\\r\\n" . base64_decode($content) . "\\r\\n";
echo file_get_contents('%s/letter', false, stream_context_create(['http' => ['method' => 'POST', 'content' => "$body--$b--\\r\\n",
    'header' => "Content-Type: multipart/related; type=\\"text/xml\\"; start=\\"<order=1@php>\\"; boundary=$b"]]));
"""


def with_php():
    need("php")
    with program(SERVER) as url, tempfile.TemporaryDirectory() as folder:
        parts = [[name, kind, base64.b64encode(content).decode()] for name, kind, content in (
            ("scan", "image/jpeg", SCAN), ("order", "text/xml", ORDER.encode()), ("code", "text/plain", b"AB1"),
            ("seal", "text/xml", SEAL.encode()), ("pages", "text/xml", b"<pages>3</pages>"))]
        file = Path(folder) / "parts"
        file.write_text(json.dumps(parts))
        done = subprocess.run(["php"], input=(PHP % (file, url)).encode(), capture_output=True, timeout=60, check=False)
        boundary = done.stdout.split(b"\r\n")[0][2:].decode()
        answer_check(f'multipart/related; type="text/xml"; boundary="{boundary}"', done.stdout)


def attacks():
    kind = "multipart/related; boundary=b"

    def part(head, value):
        return f"--b\r\n{head}\r\n\r\n".encode() + value + b"\r\n"
    good = (part("Content-Type: text/xml", ORDER.encode()) + part("Content-Type: text/plain", b"AB1") + part("Content-Type: image/png", b"x") +
            part("Content-Type: text/xml", b"<pages>3</pages>"))
    seal, end = part("Content-Type: text/xml", SEAL.encode()), b"--b--\r\n"

    def sealed(xml):
        return good + part("Content-Type: text/xml", xml) + end
    bomb = b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><seal>&b;</seal>"
    with program(SERVER) as url:
        for what, body, status in (
                ("good", good + seal + end, 200), ("100,000 parts", good + part("X: y", b"") * 100000 + end, 400),
                ("a head of a megabyte", part("X: " + "a" * (1 << 20), b"x") + end, 400),
                ("a preamble of a megabyte", b"a" * (1 << 20) + b"\r\n" + good + seal + end, 400),
                ("an epilogue of a megabyte", good + seal + end + b"a" * (1 << 20), 400),
                ("no last boundary", good + seal, 400), ("boundaries only", b"--b\r\n" * 100000, 400),
                ("dashes", b"-" * (1 << 20), 400), ("nothing", end, 400),
                ("an entity bomb", sealed(bomb), 400), ("depth", sealed(b"<seal>" * 100000), 400),
                ("a part inside", sealed(b"--b\r\n\r\n" + SEAL.encode()), 400),
                ("a part of parts", good + part('Content-Type: multipart/related; boundary="c"', b"--c\r\n\r\n\r\n--c--") + end, 400)):
            got, said, text = ask(f"{url}/letter", body, kind)
            check(got == status, f"{what}: {got} {text[:200]}")
            check(got == 200 or said == "text/plain; charset=utf-8", f"{what}: {said}")
        got, _, text = ask(f"{url}/seal", b"colour=red", "application/x-www-form-urlencoded")
        check(got == 200 and b"<seal" in text and b">red</" in text, f"the server goes on: {text}")


CALL = ("PutLetter", "code=AB1", "Order.to=a & ä", "Order.grams=12", "pages=3", "seal.colour=red", "scan=" + base64.b64encode(SCAN).decode())


def call(url, *words, status=0):
    done = subprocess.run([str(BUILD / "soapbark"), "call", url, *words, "--wsdl", str(WSDL)], capture_output=True, timeout=60, check=False)
    check(done.returncode == status, f"{words[0]}: {done.returncode} {done.stdout[:300]} {done.stderr[:600]}")
    return (done.stdout + done.stderr).decode("utf-8", "replace")


class Letters(http.server.BaseHTTPRequestHandler):
    """A server that is made of the email package."""

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        whole = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=TYPED)
        parts = {str(p["Content-ID"])[1:].split("=")[0]: p for p in whole.iter_parts()}
        kinds = [(name, part.get_content_type()) for name, part in parts.items()]
        wanted = [("order", "text/xml"), ("code", "text/plain"), ("scan", "image/png"), ("pages", "text/xml"), ("seal", "text/xml")]
        if kinds != wanted or whole.get_param("type") != "text/xml" or SCAN not in body:
            self.send_error(400, str(kinds))
            return
        status = '<p:Status xmlns:p="urn:parcels"><p:code>AB1</p:code><p:where>here</p:where><p:asked/></p:Status>'
        kind, answer = message_make([part_make("text/xml", status), part_make("image/gif", SCAN), part_make("text/html", "<b>ä")])
        if b"odd" in body:
            kind = "text/plain"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


def our_client():
    with program(SERVER) as url:
        got = call(url, *CALL)
        check("3 pages, 12 grams" in got and base64.b64encode(SCAN).decode()[:200] in got.replace("\\/", "/"), got[:500])
        check("AB1 has no seal" in call(url, *CALL[:5], "seal.colour=none", CALL[6], status=3), "the fault")
        check('"blue"' in call(url, "MakeSeal", "colour=blue"), "XML of a typed part")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Letters)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        got = call(url, *CALL)
        check('"here"' in got and "<b>ä" in got.replace("\\u00e4", "ä"), got[:500])
        check("[WSDL11 5.4]" in call(url, *CALL[:5], "seal.colour=odd", CALL[6], status=3), "an answer of another type")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


run([("email", with_email), ("curl", with_curl), ("php", with_php), ("attacks", attacks), ("our_client", our_client)])
