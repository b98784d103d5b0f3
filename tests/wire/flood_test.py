#!/usr/bin/env python3
"""tests/wire/flood_test.py - endless constructs, streamed at a server: refused at the limit, memory constant.

The shape of CVE-2017-9765 and its relatives: something that never ends, in every place where a message can grow.
SOAPBARK_FLOOD_BYTES sets how much of each is sent (64 MiB by default, 4 GiB under nightly): the server may read
and drop only a bounded part of it, its memory may not grow, and the next request must be answered.
"""
# time-out: 300
import os
import socket
import threading
import time

from wirekit import HEAD, Reader, check, post, run, serving, still_serves, stream

NIGHTLY = os.environ.get("SOAPBARK_NIGHTLY")
BYTES = int(os.environ.get("SOAPBARK_FLOOD_BYTES", 4 << 30 if NIGHTLY else 64 << 20))
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


run(CASES + [bodies_of_many_peers_share_one_budget, requests_without_end_on_one_connection])
