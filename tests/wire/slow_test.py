#!/usr/bin/env python3
"""tests/wire/slow_test.py - peers that take their time: slow heads, bodies and readers, idle crowds (row 30).

Deadlines are set short, so that the test is not as slow as its peers. Each is checked from both sides: nobody is
thrown out before it, everybody after it. How long after it says more about the machine than about the server, so the
upper bounds leave LATE seconds for a busy one; a server without the deadline keeps the peer until its socket times out.
"""
# alone
import threading
import time

from wirekit import HEAD, Reader, check, post, run, serving, still_serves

LATE = 12


def drip(s, data, seconds):
    """Sends one byte every `seconds` until the server has had enough."""
    try:
        for byte in data:
            s.sendall(bytes([byte]))
            time.sleep(seconds)
    except OSError:
        pass


def refused_after(server, before, data, pause, low, status):
    with server.connect(timeout=40) as s:
        s.sendall(before)
        started = time.monotonic()
        sender = threading.Thread(target=drip, args=(s, data, pause), daemon=True)
        sender.start()
        answer = Reader(s).answer()
        took = time.monotonic() - started
    check(answer is not None and answer.status == status, f"answer {answer and answer.status}")
    check(low <= took <= low + LATE, f"after {took:.2f} s")


def slow_head():
    with serving("head_ms=700") as server:
        refused_after(server, b"", HEAD * 50, 0.02, 0.6, 408)
        refused_after(server, HEAD, b"", 0, 0.6, 408)
        still_serves(server)


def connection_without_a_byte():
    with serving("head_ms=500", "request_ms=900") as server:
        with server.connect(timeout=40) as s:
            started = time.monotonic()
            check(Reader(s).closed(), "still open")
            check(0.4 <= time.monotonic() - started <= LATE, "a fresh connection waits head_ms")
        with server.connect(timeout=40) as s:
            s.sendall(post(b"x"))
            reader = Reader(s)
            check(reader.answer().status == 200, "answer")
            started = time.monotonic()
            check(reader.closed(), "still open")
            check(0.8 <= time.monotonic() - started <= LATE, "an idle one waits request_ms")


def slow_body_meets_the_request_deadline():
    with serving("request_ms=1200", "body_bytes_per_s=1") as server:
        refused_after(server, HEAD + b"Content-Length: 1000\r\n\r\n", b"x" * 1000, 0.05, 1.0, 408)
        refused_after(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 200, 0.02, 1.0, 408)
        still_serves(server)


def slow_body_meets_the_minimum_rate():
    """After five seconds a body must have come at its rate: 100 bytes a second are too slow for 1024."""
    with serving() as server:
        refused_after(server, HEAD + b"Content-Length: 100000\r\n\r\n", b"x" * 3000, 0.01, 4.5, 408)
        still_serves(server)


def a_body_at_its_rate_is_taken():
    with serving("body_bytes_per_s=20") as server, server.connect(timeout=20) as s:
        s.sendall(HEAD + b"Content-Length: 400\r\n\r\n")
        drip(s, b"x" * 400, 0.015)
        check(Reader(s).answer().body == b"x" * 400, "answer")


def slow_reader():
    """A peer that does not read its answers is let go at the request's deadline, and its memory with it."""
    with serving("request_ms=4000", "large=250000") as server:
        idle = server.descriptors()
        with server.connect(receive_buffer=4096) as s:
            s.sendall(post(b"x", path=b"/large") * 40)
            time.sleep(0.5)
            check(server.descriptors() == idle + 1, "it is let go before its deadline")
            still_serves(server)
            end = time.monotonic() + LATE
            while server.descriptors() > idle and time.monotonic() < end:
                time.sleep(0.1)
            check(server.descriptors() == idle, "it is still connected")
        still_serves(server)


def a_crowd_of_slow_peers_does_not_slow_a_good_one():
    """Fifty idle and fifty dripping peers; most answers to a good one wait for none of them, not even for a second."""
    with serving("connections=128", "connections_per_peer=128", "head_ms=60000") as server:
        idle = [server.connect() for _ in range(50)]
        dripping = [server.connect() for _ in range(50)]
        end = time.monotonic() + 2

        def drip_all():
            n = 0
            while time.monotonic() < end:
                for s in dripping:
                    s.sendall(HEAD[n % len(HEAD):n % len(HEAD) + 1])
                n += 1
                time.sleep(0.05)

        crowd = threading.Thread(target=drip_all)
        crowd.start()
        took = []
        with server.connect() as s:
            reader = Reader(s)
            while time.monotonic() < end - 0.2 and len(took) < 100:
                started = time.monotonic()
                s.sendall(post(b"good"))
                check(reader.answer().body == b"good", "answer")
                took.append(time.monotonic() - started)
        crowd.join()
        took.sort()
        check(took and took[len(took) // 2] < 1, f"half of the answers within {took[len(took) // 2]:.1f} s")
        for s in idle + dripping:
            s.close()


run([a_crowd_of_slow_peers_does_not_slow_a_good_one],
    together=[slow_head, connection_without_a_byte, slow_body_meets_the_request_deadline,
              slow_body_meets_the_minimum_rate, a_body_at_its_rate_is_taken, slow_reader])
