#!/usr/bin/env python3
"""examples/store/store_test.py - files of any size through a server that holds none: 256 MB, under make nightly 1 GB."""
# time-out: 240
import base64
import email
import email.policy
import http.client
import json
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "wire"))
from wirekit import Reader, check, run, sanitized, serving  # noqa: E402

SERVER, CLIENT = (str(Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / f"store-{side}") for side in ("server", "client"))
BIG = 1 << 30 if os.environ.get("SOAPBARK_NIGHTLY") else 1 << 28
MIDDLE = BIG >> 2
NOISE = os.urandom(1 << 20)
ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>%s</e:Body></e:Envelope>'
INCLUDE = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:%s"/>'
TYPE = ('Content-Type: multipart/related; type="application/xop+xml"; boundary=b; start="<r>"; '
        'start-info="text/xml"\r\n').encode()
END = b"\r\n--b--\r\n"
CLOSED = {"ok": "no error", "io": "an input or output operation failed", "late": "a deadline passed",
          "limit": "a limit was reached", "http": "an HTTP framing rule was broken", "soap": "a SOAP rule was broken",
          "odd": "an element or attribute is not expected here", "fault": "the operation answered with a fault"}


def put_envelope(name, content, key=""):
    return ENVELOPE % f'<Put xmlns="urn:soapbark:store"><Name>{name}</Name><Content>{content}</Content>{key}</Put>'


def root(envelope):
    return (b'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="text/xml"\r\nContent-ID: <r>\r\n\r\n' +
            envelope.encode())


def part(name, content=b""):
    return b"\r\n--b\r\nContent-Type: application/x-noise\r\nContent-ID: <%s>\r\n\r\n" % name.encode() + content


def head(length, extra=b""):
    size = b"Transfer-Encoding: chunked\r\n" if length is None else b"Content-Length: %d\r\n" % length
    return b"POST /store HTTP/1.1\r\nHost: 127.0.0.1\r\n" + TYPE + extra + size + b"\r\n"


def store(*settings, folder="-"):
    return serving(command=[SERVER, "127.0.0.1:0", folder, "connections_per_peer=12", "requests_per_connection=1000", *settings])


def send(s, *pieces):
    s.sendall(b"".join(pieces))


def said(answer):
    """Bytes and sum of a PutResponse, however it is wrapped."""
    text = answer.body.decode()
    check(answer.status == 200, f"{answer.status} {text[-400:]}")
    return tuple(int(re.search(rf"<store:{name}>(\d+)<", text).group(1)) for name in ("Bytes", "Adler32"))


def put(server, name, content, extra=b""):
    before = root(put_envelope(name, INCLUDE % "a")) + part("a")
    with server.connect() as s:
        send(s, head(len(before) + len(content) + len(END), extra), before, content, END)
        return Reader(s).answer()


def refusal(server, body, length=0, head_bytes=None):
    """What is answered to a body that is not taken to its end."""
    with server.connect() as s:
        try:
            send(s, head_bytes or head(length or len(body)), body)
        except OSError:
            pass
        return Reader(s).answer()


def refused(answer, status, words):
    check(answer is not None and answer.status == status and words in answer.body.decode(),
          answer and (answer.status, answer.body[-400:]))


def closes(server, name, verdict):
    entries = [e for e in server.log if e.get("put") == name]
    check([e["verdict"] for e in entries] == [CLOSED[verdict]], f"{name}: {entries}")


def noise_send(s, size):
    """So many octets; their sum."""
    total, left = 1, size
    while left:
        piece = NOISE[:min(left, len(NOISE))]
        total = zlib.adler32(piece, total)
        s.sendall(piece)
        left -= len(piece)
    return total


def a_large_file_costs_no_memory():
    before = root(put_envelope("large", INCLUDE % "a")) + part("a")
    with store() as server:
        cold = server.memory_kb("RssAnon")
        check(said(put(server, "warm", b"x"))[0] == 1, "a small file first, so that its code is there")
        warm = server.memory_kb("VmHWM")
        with server.connect(120) as s:
            send(s, head(len(before) + BIG + len(END)), before)
            total = noise_send(s, BIG)
            send(s, END)
            check(said(Reader(s).answer()) == (BIG, total), "other octets than were sent")
        server.check_growth(warm, 64)
        server.check_growth(cold, 128, "RssAnon")
        print(f"# {BIG >> 20} MB: peak grew by {server.memory_kb('VmHWM') - warm} KB, "
              f"anonymous memory from {cold} KB to {server.memory_kb('RssAnon')} KB")
    closes(server, "large", "ok")


def files_are_stored():
    with tempfile.TemporaryDirectory() as folder, store(folder=folder) as server:
        contents = [b"", b"x", b"\0", b"\r\n--", bytes(range(256)) * 700,
                    b"\r\n-" * 30000, b"\r" * 70000, NOISE[:300000]]
        for n, content in enumerate(contents):
            check(said(put(server, f"f{n}", content)) == (len(content), zlib.adler32(content)), f"file {n}")
            check(Path(folder, f"f{n}").read_bytes() == content, f"file {n} is another one")
        inline = put_envelope("inline", base64.b64encode(b"in line").decode())
        with server.connect() as s:  # in the envelope, and without any part: on one connection
            reader = Reader(s)
            for body in (root(inline) + END, root(inline) + END):
                send(s, head(len(body)), body)
                check(said(reader.answer()) == (7, zlib.adler32(b"in line")), "in line")
            plain = inline.encode()
            send(s, b"POST /store HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
                 % len(plain), plain)
            check(said(reader.answer())[0] == 7, "a message of one part")
        last = part("a", b"four")[2:] + b"\r\n" + root(put_envelope("last", INCLUDE % "a")) + END
        check(said(refusal(server, last)) == (4, zlib.adler32(b"four")), "the envelope last: held in memory, and taken")
        check(sorted(os.listdir(folder)) == sorted([f"f{n}" for n in range(len(contents))] + ["inline", "last"]), "files left")
    check(all(e["verdict"] == CLOSED["ok"] for e in server.log if "put" in e), server.log)


def cut_anywhere():
    """Pieces of every kind, in chunks and without, byte by byte around the boundaries."""
    content = b"\r\n--" + NOISE[:100] + b"\r\n-"
    body = root(put_envelope("cut", INCLUDE % "a")) + part("a", content) + END
    want = (len(content), zlib.adler32(content))
    with store() as server, server.connect() as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = Reader(s)
        for cut in [*range(1, 40), *range(len(body) - 130, len(body))]:
            send(s, head(len(body)), body[:cut])
            send(s, body[cut:])
            check(said(reader.answer()) == want, f"cut at {cut}")
        for step in (1, 7):
            send(s, head(None), b"".join(b"%x\r\n" % len(body[i:i + step]) + body[i:i + step] + b"\r\n"
                                         for i in range(0, len(body), step)), b"0\r\n\r\n")
            check(said(reader.answer()) == want, f"chunks of {step}")
    check(len(server.log) == 171, f"{len(server.log)} were closed")


def peers_go_in_the_middle():
    body = root(put_envelope("gone", INCLUDE % "a")) + part("a")
    with tempfile.TemporaryDirectory() as folder, store(folder=folder) as server:
        for _ in range(3):  # the file of the one before is gone, or the next could not be made
            with server.connect() as s:
                send(s, head(len(body) + 5000000), body, NOISE[:300000])
                wait_for(lambda: os.path.exists(Path(folder, ".gone")), "the file is begun")
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wait_for(lambda: os.listdir(folder) == [], "the file is dropped")
        with server.connect() as s:  # one that ends its side, and still reads
            send(s, head(len(body) + 5000000), body, NOISE[:300000])
            s.shutdown(socket.SHUT_WR)
            refused(Reader(s).answer(), 400, "ended inside a message")
        check(said(put(server, "gone", b"x"))[0] == 1, "the next one is taken")
    check([e["verdict"] for e in server.log] == [CLOSED["io"]] * 4 + [CLOSED["ok"]], server.log)


def wait_for(condition, what):
    until = time.monotonic() + 60
    while not condition():
        check(time.monotonic() < until, f"never: {what}")
        time.sleep(0.01)


def steady_peers_may_take_longer_than_a_request():
    body = root(put_envelope("steady", INCLUDE % "a")) + part("a")
    with store("request_ms=400", "body_bytes_per_s=10") as server, server.connect(60) as s:
        send(s, head(len(body) + 2000 + len(END)), body)
        for _ in range(10):
            time.sleep(0.1)
            send(s, b"x" * 200)
        send(s, END)
        check(said(Reader(s).answer())[0] == 2000, "octets came all the time")
    closes(server, "steady", "ok")


def peers_that_stop_are_late():
    body = root(put_envelope("late", INCLUDE % "a")) + part("a")
    with store("request_ms=500", "body_bytes_per_s=1000000") as server:
        with server.connect(60) as s, server.connect(60) as other:
            send(s, head(len(body) + 10000000), body, NOISE[:100])
            send(other, head(len(body) + 10000000), body[:100])  # the envelope itself has request_ms
            refused(Reader(other).answer(), 408, "limits.request_ms")
            refused(Reader(s).answer(), 408, "body_bytes_per_s")
    closes(server, "late", "late")


def handlers_stop_it():
    body = root(put_envelope("quota", INCLUDE % "a")) + part("a")
    with store("quota=100000") as server:
        with server.connect() as s:
            send(s, head(len(body) + BIG), body)
            try:
                noise_send(s, 1 << 26)
            except OSError:
                pass
            answer = Reader(s).answer()
            refused(answer, 500, "larger than a file may be")
            check(answer.fields["connection"] == "close", answer.fields)
        check(said(put(server, "fits", NOISE[:100000]))[0] == 100000, "the next one")
    closes(server, "quota", "fault")
    closes(server, "fits", "ok")


def limits_hold():
    two = root(put_envelope("limit", INCLUDE % "a"))
    with store("body_bytes=100000", "part_bytes=5000", "message_bytes=900", "mime_parts=4") as server:
        refused(refusal(server, two, 100001), 413, "body_bytes")
        refused(refusal(server, two + part("a", b"x" * 5001) + END), 413, "part_bytes")
        refused(refusal(server, root(put_envelope("limit", "A" * 1000)) + END), 413, "message_bytes")
        refused(refusal(server, two + part("a") + part("c") + END), 500, "not the value of any member")
        refused(refusal(server, two + b"\r\n--b\r\nX: " + b"x" * 2000), 413, "mime_head_bytes")
        refused(refusal(server, b"x" * 5000 + two), 413, "mime_head_bytes")
        refused(refusal(server, two + part("a", b"1") + part("a") + END), 500, "same Content-ID")
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        refused(refusal(server, b"%x\r\n" % len(two + part("a")) + two + part("a") + b"\r\n" + chunk * 5,
                        head_bytes=head(None)), 413, "_bytes")
    verdicts = [e["verdict"] for e in server.log]
    check(verdicts == [CLOSED[v] for v in ("limit", "odd", "limit", "soap", "limit")], verdicts)


def broken_bodies_are_refused():
    two = root(put_envelope("broken", INCLUDE % "a")) + part("a", b"x")
    with store() as server:
        refused(refusal(server, two), 500, "without its last boundary")
        refused(refusal(server, two + b"\r\n--b"), 500, "without its last boundary")
        refused(refusal(server, two + b"\r\n--bad\r\n"), 500, "starts with the boundary and goes on")
        refused(refusal(server, two + b"\r\n--b\r\nContent-ID: <\0>\r\n\r\n"), 500, "control character")
        refused(refusal(server, two + b"\r\n--b\nContent-ID: <c>\r\n\r\n"), 500, "goes on")
        refused(refusal(server, two + b"\r\n--b--" + b"x" * 2000), 500, "goes on")
        refused(refusal(server, two + END + b"x" * 2000), 413, "mime_head_bytes")
        refused(refusal(server, root(put_envelope("broken", INCLUDE % "a")) + END), 500, "does not have beside")
        refused(refusal(server, root(put_envelope("none", INCLUDE % "a" + "YQ==")) + END), 500, "only content")
        refused(refusal(server, root(put_envelope("key", "", f"<Key>{INCLUDE % 'a'}</Key>")) + part("a", b"k" * 33) + END), 500,
                "longer than its type allows")
        refused(refusal(server, root(put_envelope("../x", INCLUDE % "a")) + part("a", b"k") + END), 500, "Name")
        tiny = b"".join(part(str(n)) for n in range(10000))
        refused(refusal(server, root(put_envelope("tiny", INCLUDE % "a")) + tiny), 500, "not the value of any member")
        refused(refusal(server, b"--b\r\n" + b"\r\n--b\r\n" * 10000), 500, "")
        check(said(put(server, "broken", b"x"))[0] == 1, "the next one")
    check(len([e for e in server.log if e["put"] == "broken"]) == 9, server.log)
    check(len([e for e in server.log if e["put"] == "none"]) == 0, server.log)


def other_operations_are_held():
    remove = ENVELOPE % '<Remove xmlns="urn:soapbark:store"><Name>x</Name></Remove>'
    with tempfile.TemporaryDirectory() as folder, store(folder=folder) as server:
        check(said(put(server, "x", b"1"))[0] == 1, "put")
        with server.connect() as s:
            reader = Reader(s)
            for step in (10000, 1):
                body = root(remove) + END
                for i in range(0, len(body), step):
                    send(s, head(len(body)) if i == 0 else b"", body[i:i + step])
                answer = reader.answer()
                check(answer.status == (200 if step > 1 else 500), f"{answer.status} {answer.body}")
        refused(refusal(server, root(remove) + part("a"), 300000), 413, "body_bytes")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        first = root(remove) + part("a")
        refused(refusal(server, b"%x\r\n" % len(first) + first + b"\r\n" + chunk * 4, head_bytes=head(None)), 413, "body_bytes")
        refused(refusal(server, b"x", 300000, head(300000).replace(TYPE, b"Content-Type: text/xml\r\n")), 413, "body_bytes")


def buffers_are_one_budget():
    body = root(put_envelope("n", INCLUDE % "a")) + part("a")
    with store("buffer_bytes=600000", "buffer_bytes_per_peer=600000", "arena_bytes=131072") as server:
        peers = [server.connect() for _ in range(4)]
        for s in peers:
            send(s, head(len(body) + 1000000), body)
        refused(refusal(server, body, 1000000), 503, "buffers")
        for s in peers:
            s.close()
        wait_for(lambda: put(server, "again", b"x").status == 200, "there is room again")


def uploads_side_by_side():
    failed = []

    def one(server, n):
        try:
            for k in range(3):
                content = NOISE[n * 1000:n * 1000 + 300000 + k]
                check(said(put(server, f"n{n}-{k}", content)) == (len(content), zlib.adler32(content)), "other octets")
        except Exception as why:
            failed.append(f"{n}: {why}")
    with tempfile.TemporaryDirectory() as folder, store("threads=3", "buffer_bytes=10000000", folder=folder) as server:
        threads = [threading.Thread(target=one, args=(server, n)) for n in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        check(not failed, failed)
    check(len(server.log) == 12, server.log)


def a_stop_waits_for_it():
    body = root(put_envelope("drain", INCLUDE % "a")) + part("a")
    with store() as server, server.connect() as s:
        send(s, head(len(body) + 200000 + len(END)), body, NOISE[:100000])
        idle = server.connect()
        small = root(put_envelope("idle", "")) + END
        send(idle, head(len(small)), small)
        reader = Reader(idle)
        said(reader.answer())  # so the first one is under way
        server.process.send_signal(signal.SIGTERM)
        check(reader.closed(), "between requests a connection ends at once")
        send(s, NOISE[:100000], END)
        check(said(Reader(s).answer())[0] == 200000, "the upload under way is taken to its end")
    with store("drain_ms=300") as server, server.connect() as s:
        send(s, head(len(body) + 200000 + len(END)), body, NOISE[:100000])
        said(put(server, "other", b"x"))
        server.log = server.stop()
        closes(server, "drain", "io")


def get_request(name, version="1.1"):
    body = (ENVELOPE % f'<Get xmlns="urn:soapbark:store"><Name>{name}</Name></Get>').encode()
    return (f"POST /store HTTP/{version}\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
            .encode() + body)


def download(server, name, version="1.1"):
    """Answer and content, taken apart by Python's http.client and email."""
    with server.connect(60) as s:
        s.sendall(get_request(name, version))
        answer = http.client.HTTPResponse(s)
        answer.begin()
        check(answer.status == 200, answer.status)
        kind = answer.getheader("Content-Type")
        message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + answer.read(),
                                           policy=email.policy.HTTP)
        envelope, content = message.iter_parts()
        check(message.get_param("start") == envelope["Content-ID"], "start names the envelope")
        check(f'href="cid:{content["Content-ID"][1:-1]}"'.encode() in envelope.get_payload(decode=True), "the envelope refers to its part")
        return answer, content.get_payload(decode=True)


def files_come_back():
    contents = [b"", b"x", b"\0\r\n--", NOISE[:8192 - 32], NOISE[:8192], NOISE[:100001], NOISE]
    for chunked in (0, 1):
        with tempfile.TemporaryDirectory() as folder, store(f"chunked={chunked}", folder=folder) as server:
            for n, content in enumerate(contents):
                Path(folder, f"f{n}").write_bytes(content)
                for version in ("1.1", "1.0"):
                    answer, back = download(server, f"f{n}", version)
                    check(back == content, f"file {n} comes back as another one: {len(back)}")
                    check((answer.getheader("Content-Length") is None) == bool(chunked), "length")
                    check((answer.getheader("Transfer-Encoding") == "chunked") == (bool(chunked) and version == "1.1"), "chunks")
            refused(refusal_plain(server, get_request("none")), 500, "no such file")
            with server.connect(60) as s:  # one connection, requests behind each other
                s.sendall(get_request("f6") * 3 + get_request("f1"))
                with s.makefile("rb") as stream:
                    for n in (6, 6, 6, 1):
                        answer = http.client.HTTPResponse(Pushed(stream))
                        answer.begin()
                        check(contents[n] in answer.read(), "pipelined")
        check([e["verdict"] for e in server.log] == [CLOSED["ok"]] * (2 * len(contents) + 4), server.log)


class Pushed:
    """A stream as the socket of a response that does not close it."""

    def __init__(self, stream):
        self.stream = stream

    def makefile(self, mode):
        return Kept(self.stream)


class Kept:
    def __init__(self, stream):
        self.read, self.readline, self.readinto, self.flush = stream.read, stream.readline, stream.readinto, stream.flush
        self.read1, self.peek = stream.read1, stream.peek

    def close(self):
        pass


def refusal_plain(server, request):
    with server.connect() as s:
        s.sendall(request)
        return Reader(s).answer()


def a_large_file_comes_back():
    with tempfile.TemporaryDirectory() as folder, store(folder=folder) as server:
        with open(Path(folder, "large"), "wb") as file:  # mostly a hole
            for at in range(0, BIG, BIG // 16):
                file.seek(at + 12345)
                file.write(NOISE[:100000])
            file.truncate(BIG)
        Path(folder, "small").write_bytes(b"x")
        check(download(server, "small")[1] == b"x", "a small file first")
        warm = server.memory_kb("VmHWM")
        with server.connect(120) as s:
            s.sendall(get_request("large"))
            answer = http.client.HTTPResponse(s)
            answer.begin()
            boundary = re.search('boundary="([^"]+)"', answer.getheader("Content-Type")).group(1)
            room, total, left, kept = bytearray(1 << 20), 1, BIG, b""
            while kept.count(b"\r\n\r\n") < 2:
                kept += answer.read(1)
            while left:
                n = answer.readinto(memoryview(room)[:min(left, len(room))])
                check(n > 0, "the answer ends early")
                total = zlib.adler32(memoryview(room)[:n], total)
                left -= n
            check(answer.read() == f"\r\n--{boundary}--\r\n".encode(), "what stands behind the file")
        server.check_growth(warm, 64)
        print(f"# {BIG >> 20} MB back: peak grew by {server.memory_kb('VmHWM') - warm} KB")
        want = 1
        with open(Path(folder, "large"), "rb") as file:
            while piece := file.read(1 << 20):
                want = zlib.adler32(piece, want)
        check(total == want, "other octets came back")


def downloads_that_end_early():
    with tempfile.TemporaryDirectory() as folder:
        with open(Path(folder, "large"), "wb") as file:
            file.truncate(1 << 28)
        with store("body_bytes_per_s=1000000000", folder=folder) as server:
            with server.connect(60) as s:  # a peer that goes
                s.sendall(get_request("large"))
                s.recv(100)
            with server.connect(60, receive_buffer=4096) as s:  # one that takes nothing
                s.sendall(get_request("large"))
                wait_for(lambda: sum("get" in line for line in server.lines) == 2, "the source is closed")
                check(len(s.makefile("rb").read()) < 1 << 28, "the answer is not complete")
        with store(folder=folder) as server:  # a file that gets shorter than it was
            with server.connect(60, receive_buffer=4096) as s:
                s.sendall(get_request("large"))
                s.recv(100)
                os.truncate(Path(folder, "large"), 1000)
                try:
                    check(len(s.makefile("rb").read()) < 1 << 28, "the answer is not complete")
                except ConnectionResetError:
                    pass
            short = [e["verdict"] for e in map(json.loads, server.lines)]
            wait_for(lambda: len(server.lines) == 1, "closed")
        check([e["verdict"] for e in server.log] == ["the function was called out of order or with a wrong argument"], short)


def client(server, *words, **more):
    return subprocess.run([CLIENT, f"http://127.0.0.1:{server.port}/store", *words], capture_output=True, text=True, timeout=200,
                          **more)


def the_client_sends_files():
    with tempfile.TemporaryDirectory() as folder, store(folder=folder) as server:
        here = Path(folder, ".here")  # a name that cannot be asked for
        for content in (b"", b"x", NOISE[:16384 - 32], NOISE[:16384], NOISE):
            here.write_bytes(content)
            done = client(server, "put", "known", str(here))
            check(done.returncode == 0 and Path(folder, "known").read_bytes() == content, done.stderr)
            with subprocess.Popen(["cat", str(here)], stdout=subprocess.PIPE) as cat:
                done = client(server, "put", "unknown", "-", stdin=cat.stdout)
            check(done.returncode == 0 and Path(folder, "unknown").read_bytes() == content, done.stderr)
        check(client(server, "remove", "known").returncode == 0, "remove")
        check("no such file" in client(server, "remove", "known").stderr, "a fault")
        done = client(server, "put", "../name", str(here))
        check(done.returncode == 1 and "facet" in done.stderr.lower() or "pattern" in done.stderr.lower(), done.stderr)
        check("the file was not sent" in done.stderr, done.stderr)
    with store("quota=100000") as server, tempfile.NamedTemporaryFile() as file:
        file.truncate(BIG)  # the answer comes before the end, and is seen
        done = client(server, "put", "quota", file.name)
        check(done.returncode == 1 and "larger than a file may be" in done.stderr, done.stderr)
    closes(server, "quota", "fault")


def the_client_holds_no_file():
    """64 MB with 2 MB of data segment, arena included; a sanitizer needs more than that for itself."""
    def poor():
        if not sanitized(CLIENT):
            resource.setrlimit(resource.RLIMIT_DATA, (2 << 20, 2 << 20))
    with store() as server, tempfile.NamedTemporaryFile() as file:
        for at in range(0, MIDDLE, MIDDLE // 16):
            file.seek(at + 12345)
            file.write(NOISE[:100000])
        file.truncate(MIDDLE)
        done = client(server, "put", "large", file.name, preexec_fn=poor)
        check(done.returncode == 0 and f"{MIDDLE} bytes" in done.stdout, done.stdout + done.stderr)
    closes(server, "large", "ok")


def the_client_gets_files():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as here:
        for chunked in (0, 1):
            with store(f"chunked={chunked}", folder=folder) as server:
                for n, content in enumerate((b"", b"x", b"\r\n--b", NOISE[:16384], NOISE)):
                    Path(folder, f"f{n}").write_bytes(content)
                    done = client(server, "get", f"f{n}", str(Path(here, "f")))
                    check(done.returncode == 0 and f"{len(content)} bytes" in done.stderr, done.stderr)
                    check(Path(here, "f").read_bytes() == content, f"file {n} came as another one")
                done = client(server, "get", "none", str(Path(here, "f")))
                check(done.returncode == 1 and "no such file" in done.stderr and "did not come" in done.stderr, done.stderr)
        with open(Path(folder, "large"), "wb") as file:
            for at in range(0, MIDDLE, MIDDLE // 16):
                file.seek(at + 12345)
                file.write(NOISE[:100000])
            file.truncate(MIDDLE)

        def poor():
            if not sanitized(CLIENT):
                resource.setrlimit(resource.RLIMIT_DATA, (2 << 20, 2 << 20))
        with store(folder=folder) as server, subprocess.Popen(
                [CLIENT, f"http://127.0.0.1:{server.port}/store", "get", "large", "-"], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, preexec_fn=poor) as process:
            got = want = 1
            while piece := process.stdout.read(1 << 20):
                got = zlib.adler32(piece, got)
            with open(Path(folder, "large"), "rb") as file:
                while piece := file.read(1 << 20):
                    want = zlib.adler32(piece, want)
            check(got == want and process.wait(60) == 0, process.stderr.read())


def broken_answers_end_a_call():
    """A server of a few lines, whose answers break off or break a rule."""
    octets = part("a", b"x" * 1000)
    answer = root(ENVELOPE % f'<GetResponse xmlns="urn:soapbark:store"><Content>{INCLUDE % "a"}</Content></GetResponse>')
    cases = [(answer + octets + END, 0, "1000 bytes"), (answer + octets, 0, "last boundary"),
             (answer + octets + END, 100, "ended inside a message"), (answer + END, 0, "does not have beside"),
             (answer + octets + part("a") + END, 0, "same Content-ID"), (answer + b"\r\n--bx\r\n", 0, "goes on"),
             (octets[2:] + b"\r\n" + answer + END, 0, "not the first part"),
             (answer[:100], 0, "last boundary"), (b"\r\n--b--", 0, "no part"),
             (root("<x/>") + END, 0, "Envelope"), (b"x" * 70000, 0, "mime_head_bytes")]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/store"
        listener.settimeout(60)
        for body, missing, words in cases:
            with subprocess.Popen([CLIENT, url, "get", "n", "/dev/null"], stderr=subprocess.PIPE, text=True) as process:
                with listener.accept()[0] as s:
                    s.settimeout(60)
                    asked = b""
                    while b":Envelope>" not in asked:
                        asked += s.recv(65536)
                    s.sendall(b"HTTP/1.1 200 OK\r\n" + TYPE + b"Content-Length: %d\r\n\r\n" % (len(body) + missing))
                    s.sendall(body[:50])
                    s.sendall(body[50:])
                heard = process.stderr.read()
                good = words == "1000 bytes"
                check(words in heard and (process.wait(60) == 0) == good and ("did not come" in heard) != good, f"{words}: {heard}")


def curl_uploads():
    name = "curl"
    body = root(put_envelope(name, INCLUDE % "a")) + part("a", NOISE) + END
    if subprocess.run(["curl", "--version"], capture_output=True).returncode != 0:
        return
    with tempfile.NamedTemporaryFile() as file, store() as server:
        file.write(body)
        file.flush()
        for more in ([], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]):
            done = subprocess.run(["curl", "-sS", "-H", TYPE.decode().strip(), *more, "--data-binary", f"@{file.name}",
                                   f"http://127.0.0.1:{server.port}/store"], capture_output=True, text=True, timeout=60)
            check(f"<store:Adler32>{zlib.adler32(NOISE)}<" in done.stdout, done.stdout + done.stderr)


if __name__ == "__main__":
    run([a_large_file_costs_no_memory, a_large_file_comes_back, files_are_stored, files_come_back, cut_anywhere, peers_go_in_the_middle, handlers_stop_it, limits_hold,
         broken_bodies_are_refused, other_operations_are_held, buffers_are_one_budget, uploads_side_by_side,
         a_stop_waits_for_it, the_client_sends_files, the_client_holds_no_file, the_client_gets_files,
         broken_answers_end_a_call, curl_uploads], together=[steady_peers_may_take_longer_than_a_request, peers_that_stop_are_late, downloads_that_end_early])
