#!/usr/bin/env python3
"""tests/wire/flood_test.py - endless constructs, streamed at a server: refused at the limit, memory constant.

The shape of CVE-2017-9765 and its relatives: something that never ends, in every place where a message can grow. The
server may read and drop only a bounded part of it, its memory may not grow, and the next request must be answered.

A peer that is refused is read for 64 MiB or two seconds more and then reset, so no more than SOAPBARK_FLOOD_BYTES
(64 MiB) is offered: the rest would never travel. Counters past 4 GiB are tested where the bytes do arrive, in the
parsers (src/engine/hostile_test.c at night, src/http/reader_test.c).
"""
# time-out: 300
import os
import resource
import socket
import threading
import time

from wirekit import BUILD, HEAD, Reader, check, post, run, sanitized, serving, still_serves, stream

BYTES = int(os.environ.get("SOAPBARK_FLOOD_BYTES", 64 << 20))
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GROWTH_KB = 512
CASES = []


def flood(name, before, piece, statuses):
    def case():
        with serving() as server:
            still_serves(server)
            start = server.memory_kb()
            answers = []
            with server.connect(timeout=60) as s:
                s.sendall(before)
                reading = threading.Thread(target=lambda: answers.append(Reader(s).answer()))
                reading.start()
                sent = stream(s, piece, BYTES)
                try:
                    s.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                reading.join()
            check(answers[0] is not None and answers[0].status in statuses, f"answer {answers[0]}")
            check(sent > 0, "nothing was sent")
            server.check_growth(start, GROWTH_KB)
            still_serves(server)
    case.__name__ = name
    CASES.append(case)


flood("endless_target", b"POST /", b"a", {414})
flood("endless_header_name", HEAD, b"a", {431})
flood("endless_header_value", HEAD + b"X: ", b"a", {431})
flood("endless_headers", HEAD, b"X: y\r\n", {431})
flood("endless_blank_lines", b"", b"\r\n", {400})
flood("endless_chunk_extension", CHUNKED + b"1;", b"a", {431})
flood("endless_chunk_extensions", CHUNKED, b"1;aaaaaaa\r\nx\r\n", {413, 431})
flood("endless_small_chunks", CHUNKED, b"1\r\nx\r\n", {413})
flood("endless_chunk_data", CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n", {413})
flood("endless_chunk_size", CHUNKED, b"0", {400})
flood("endless_trailers", CHUNKED + b"0\r\n", b"X: y\r\n", {431})
flood("endless_trailer", CHUNKED + b"0\r\nX: ", b"a", {431})
flood("endless_body_behind_a_huge_length", HEAD + b"Content-Length: 1099511627776\r\n\r\n", b"x", {413})


# The same for what XML allows to go on and on, at the device service itself. The body's cap stops all of them; a
# processing instruction and a DOCTYPE would not even get that far in a message of legal size.
DEVICE = [os.path.join(BUILD, "soapbark-device"), "--listen", "127.0.0.1:0", "--insecure-no-authentication"]
DEVICE_HEAD = (b"POST /onvif/device_service HTTP/1.1\r\nHost: 127.0.0.1\r\n"
               b"Content-Type: application/soap+xml; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n")
ENVELOPE = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
ASK = ENVELOPE + b'<GetHostname xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def device_answers(server):
    with server.connect() as s:
        s.sendall(DEVICE_HEAD + chunk(ASK) + b"0\r\n\r\n")
        answer = Reader(s).answer()
        check(answer.status == 200 and b"GetHostnameResponse" in answer.body, f"{answer.status} {answer.body[:200]}")


def xml_flood(name, start, piece):
    def case():
        check(os.path.exists(DEVICE[0]), "soapbark-device is not built")
        with serving(command=DEVICE) as server:
            device_answers(server)
            before = server.memory_kb()
            answers = []
            with server.connect(timeout=60) as s:
                s.sendall(DEVICE_HEAD + chunk(start))
                reading = threading.Thread(target=lambda: answers.append(Reader(s).answer()))
                reading.start()
                stream(s, chunk(piece * (16384 // len(piece))), BYTES)
                reading.join()
            check(answers[0] is not None and answers[0].status == 413, f"answer {answers[0] and answers[0].status}")
            server.check_growth(before, GROWTH_KB)
            device_answers(server)
    case.__name__ = name
    CASES.append(case)


xml_flood("past_2017_9765_endless_processing_instruction", b"<?x ", b"a")
xml_flood("endless_comment", b"<!--", b"a")
xml_flood("endless_doctype", b"<!DOCTYPE ", b"a")
xml_flood("endless_name", b"<", b"a")
xml_flood("endless_attribute_value", b'<a b="', b"a")
xml_flood("endless_attributes", b"<a", b" b='c'")
xml_flood("endless_text", ENVELOPE, b"a")
xml_flood("endless_cdata", ENVELOPE + b"<a><![CDATA[", b"a")
xml_flood("endless_nesting", b"<a>", b"<a>")
xml_flood("endless_elements", ENVELOPE, b"<a/>")
xml_flood("endless_white_space", b" ", b" ")


def bodies_of_many_peers_share_one_budget():
    """Sixteen peers hold almost a whole body each; the budget is two of them: refused, and given back."""
    with serving("buffer_bytes=524288") as server:
        still_serves(server)
        start = server.memory_kb()
        peers = [server.connect() for _ in range(15)]
        for s in peers:
            try:
                s.sendall(HEAD + b"Content-Length: 262144\r\n\r\n" + b"x" * 250000)
            except OSError:
                pass  # refused while we were sending
        statuses = []
        for s in peers:
            s.settimeout(0.3)
            try:
                answer = Reader(s).answer()
                statuses.append(answer.status if answer else None)
            except TimeoutError:
                statuses.append("waits")
        check(statuses.count(503) >= 10 and "waits" in statuses, f"{statuses}")
        server.check_growth(start, 512 + GROWTH_KB)
        for s in peers:
            s.close()
        time.sleep(0.2)
        still_serves(server)


def one_peer_cannot_hold_the_whole_budget():
    """Another address is served while one has used up its share with bodies that it does not finish."""
    with serving("buffer_bytes=2097152", "buffer_bytes_per_peer=524288") as server:
        hogs = [server.connect() for _ in range(10)]
        statuses = []
        for s in hogs:
            s.settimeout(0.3)
            try:
                s.sendall(HEAD + b"Content-Length: 262144\r\n\r\n" + b"x" * 250000)
                answer = Reader(s).answer()
                statuses.append(answer.status if answer else None)
            except TimeoutError:
                statuses.append("waits")
            except OSError:
                statuses.append("reset")
        check(statuses.count("waits") in (1, 2) and 503 in statuses, f"{statuses}")
        with socket.create_connection(("127.0.0.1", server.port), 10, ("127.0.0.2", 0)) as other:
            body = b"y" * 200000
            other.sendall(post(body))
            check(Reader(other).answer().body == body, "the other peer")
        for s in hogs:
            s.close()


def memory_runs_out_while_serving():
    """The system gives no more memory once it serves: large bodies are refused, small requests are served on."""
    if sanitized(os.path.join(BUILD, "tests", "wire_server")):
        return  # a sanitizer needs its own memory
    with serving("body_bytes=8000000", "reply_bytes=8000000", "buffer_bytes=80000000") as server:
        still_serves(server)
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, (server.memory_kb("VmSize") * 1024,) * 2)
        for size in (10, 300000, 3000000, 20, 7000000, 30):
            with server.connect() as s:
                try:
                    s.sendall(post(b"x" * size))
                except OSError:
                    pass  # refused while we were sending
                answer = Reader(s).answer()
                check(answer is not None, f"no answer to {size} bytes")
                wanted = {503} if size > 1000000 else {200} if size < 1000 else {200, 500, 503}
                check(answer.status in wanted, f"{size} bytes: {answer.status}")
        still_serves(server)


def requests_without_end_on_one_connection():
    """Memory after many requests of all sizes is what it was after a few."""
    with serving("requests_per_connection=100000") as server, server.connect() as s:
        reader = Reader(s)

        def rounds(count):
            for n in range(count):
                body = b"x" * (n * 977 % 200000)
                sender = threading.Thread(target=lambda data=post(body): s.sendall(data))
                sender.start()
                check(reader.answer().body == body, f"round {n}")
                sender.join()

        rounds(210)
        start = server.memory_kb()
        rounds(400)
        server.check_growth(start, 128, "VmRSS")


run(CASES + [bodies_of_many_peers_share_one_budget, one_peer_cannot_hold_the_whole_budget, memory_runs_out_while_serving,
             requests_without_end_on_one_connection])
