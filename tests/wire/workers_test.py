#!/usr/bin/env python3
"""tests/wire/workers_test.py - slow handlers run on workers: nobody waits for them, their queue has an end.

"While" is what is tested, and it holds whatever the machine does: an answer to a fast request comes before the
answer to a slow one that was asked first.
"""
# time-out: 240
import signal
import socket
import threading
import time

from wirekit import HEAD, Reader, Server, check, post, run, serving, still_serves, taken, until

MANY = ("connections=64", "connections_per_peer=64")


def slow(body, extra=b""):
    return post(body, extra, path=b"/slow")


def fast_requests_pass_slow_ones():
    """Three times at most: a machine that stands still for over a second may let the slow ones catch up."""
    with serving("workers=2", "slow_ms=1200", *MANY) as server:
        passed = False
        for _ in range(3):
            waiting = [server.connect() for _ in range(3)]
            for n, s in enumerate(waiting):
                s.sendall(slow(b"slow %d" % n))
            for _ in range(20):
                still_serves(server)
            passed = passed or not any(ready(s) for s in waiting)
            for n, s in enumerate(waiting):
                check(Reader(s).answer().body == b"slow %d" % n, f"answer {n}")
                s.close()
            if passed:
                break
        check(passed, "fast requests wait for slow ones")


def ready(s):
    s.setblocking(False)
    try:
        return bool(s.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        s.settimeout(60)


def the_queue_is_full():
    """The worker has one, and two wait; or the two wait still when the others come, and one more is refused."""
    with serving("workers=1", "queue=2", "slow_ms=2000", *MANY) as server:
        peers = [server.connect() for _ in range(6)]
        for s in peers:
            s.sendall(slow(b"x"))
            taken(s)
        answers = [Reader(s).answer() for s in peers]
        statuses = [a.status for a in answers]
        check(statuses.count(200) in (2, 3) and statuses.count(503) == 6 - statuses.count(200), f"{statuses}")
        refused = [a for a in answers if a.status == 503]
        check(all(a.fields["retry-after"] == "1" and b"queue" in a.body for a in refused), "manners")
        still_serves(server)


def a_handler_over_its_time():
    """The peer gets 503 at request_ms; the slot comes back when the handler has returned; others are served."""
    with serving("workers=1", "slow_ms=2500", "request_ms=1000", "connections=2", "connections_per_peer=2") as server:
        with server.connect() as s:
            s.sendall(slow(b"x"))
            reader = Reader(s)
            answer = reader.answer()
            check(answer.status == 503 and b"request_ms" in answer.body and reader.closed(), f"{answer.status}")
            still_serves(server)

        def both_slots():
            both = [server.connect() for _ in range(2)]
            for s in both:
                s.sendall(post(b"x"))
            answers = [Reader(s).answer().status for s in both]
            for s in both:
                s.close()
            return answers == [200, 200]

        until(both_slots, "the slot that the handler held")
    check([e["status"] for e in server.log if e["path"] == "/slow"] == [503], "one line for the late one")


def a_peer_that_goes_while_its_handler_runs():
    with serving("workers=1", "queue=8", "slow_ms=400", *MANY) as server:
        for _ in range(3):
            s = server.connect()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.sendall(slow(b"gone" * 5000))
            time.sleep(0.1)
            s.close()  # a reset
        with server.connect() as s:
            s.sendall(slow(b"stays"))
            check(Reader(s).answer().body == b"stays", "the next one")


def pipelined_behind_a_slow_one():
    """In order, and with bodies larger than the input buffer; input behind a slow request waits."""
    bodies = [b"%d" % n * (n * 3000) for n in range(1, 9)]
    requests = [(slow if n % 3 else post)(body) for n, body in enumerate(bodies)]
    with serving("workers=2", "slow_ms=50", *MANY) as server, server.connect() as s:
        sender = threading.Thread(target=s.sendall, args=(b"".join(requests),))
        sender.start()
        reader = Reader(s)
        check([reader.answer().body for _ in bodies] == bodies, "order or content")
        sender.join()


def every_size_through_a_worker():
    with serving("workers=3", "threads=2", *MANY) as server:
        def client(seed):
            try:
                with server.connect(timeout=30) as s:
                    reader = Reader(s)
                    for n in range(25):
                        body = b"%d" % seed * ((seed * 7919 + n * 10007) % 120000)
                        sender = threading.Thread(target=s.sendall, args=(slow(body),))
                        sender.start()
                        check(reader.answer().body == body, f"{seed} {n}")
                        sender.join()
            except Exception as why:
                troubles.append(str(why))

        troubles = []
        clients = [threading.Thread(target=client, args=(n,)) for n in range(1, 7)]
        for c in clients:
            c.start()
        for c in clients:
            c.join()
        check(not troubles, f"{troubles[:2]}")


def stop_waits_for_handlers_and_no_longer_than_told():
    server = Server("workers=1", "slow_ms=600", *MANY)
    try:
        with server.connect() as s:
            s.sendall(slow(b"last"))
            taken(s)
            server.process.send_signal(signal.SIGTERM)
            answer = Reader(s).answer()
            check(answer.body == b"last" and answer.fields["connection"] == "close", "under way at the stop")
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()
    server = Server("drain_ms=300", *MANY)  # a peer that would stay for request_ms, which is 30 s
    try:
        with server.connect() as s:
            s.sendall(HEAD + b"Content-Length: 4\r\n\r\nab")
            taken(s)
            started = time.monotonic()
            server.stop()
            check(time.monotonic() - started < 20, "the drain has no end")
            check(Reader(s).closed(), "still open")
    finally:
        if server.process.poll() is None:
            server.process.kill()


run([fast_requests_pass_slow_ones, the_queue_is_full, a_handler_over_its_time, a_peer_that_goes_while_its_handler_runs,
     pipelined_behind_a_slow_one, every_size_through_a_worker, stop_waits_for_handlers_and_no_longer_than_told])
