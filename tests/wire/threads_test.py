#!/usr/bin/env python3
"""tests/wire/threads_test.py - a server of several event loops: the limits are the server's, not a loop's.

Runs all cases of http_test.py again with three loops, and what only several loops can get wrong. Under the thread
sanitizer (.ci/run, preset tsan) a race of the server ends the case: the server's exit status is not 0.
"""
# time-out: 240
import os
import subprocess
import sys
import threading
import time

from wirekit import Reader, ask, check, post, run, serves_again, serving, taken, until

THREADS = "threads=3"


def http_test_with_three_loops():
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "http_test.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True,
                          env={**os.environ, "SOAPBARK_WIRE_SETTINGS": THREADS})
    failed = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    check(done.returncode == 0 and done.stdout.count("\nok ") > 10, f"{failed or done.stderr[-500:]}")


def connections_spread_over_all_loops():
    """Every connection of the table can be had, whichever loop the kernel woke: 30 on 3 loops of 10 slots."""
    with serving(THREADS, "connections=30", "connections_per_peer=30") as server:
        before = server.descriptors()
        for _ in range(3):
            peers = [server.connect() for _ in range(30)]
            for n, s in enumerate(peers):
                s.sendall(post(b"%d" % n))
            for n, s in enumerate(peers):
                answer = Reader(s).answer()
                check(answer.status == 200 and answer.body == b"%d" % n, f"peer {n}: {answer.status}")
            check(ask(server, post(b"x")).status == 503, "the table has 30 slots")
            for s in peers:
                s.close()
            until(lambda: server.descriptors() <= before, "closed descriptors")


def the_share_of_a_peer_counts_over_all_loops():
    with serving(THREADS, "connections=30", "connections_per_peer=7") as server:
        peers = [server.connect() for _ in range(7)]
        taken(*peers)
        check(all(ask(server, post(b"x")).status == 503 for _ in range(6)), "an eighth connection of one peer")
        peers.pop().close()
        serves_again(server)
        for s in peers:
            s.close()


def requests_from_many_threads():
    """Connections come and go on all loops while others are served; each answer belongs to its request."""
    troubles = []

    def client(number):
        try:
            for turn in range(12):
                with server.connect(timeout=30) as s:
                    reader = Reader(s)
                    for size in (3, 5000, 70000):
                        body = b"%d/%d/" % (number, turn) + b"x" * size
                        s.sendall(post(body))
                        answer = reader.answer()
                        check(answer.status == 200 and answer.body == body, f"{number} {turn} {size}: {answer.status}")
        except Exception as why:
            troubles.append(str(why)[:200])

    with serving(THREADS, "connections=60", "connections_per_peer=60") as server:
        clients = [threading.Thread(target=client, args=(n,)) for n in range(8)]
        for c in clients:
            c.start()
        for c in clients:
            c.join()
    check(not troubles, f"{troubles[:3]}")
    check(len(server.log) == 8 * 12 * 3, f"{len(server.log)} log lines")
    numbers = sorted(entry["request"] for entry in server.log)
    check(numbers == list(range(1, len(numbers) + 1)), "each request has a number of its own")


def stop_while_connections_arrive():
    """A connection that one loop has taken for another is answered or closed, never forgotten."""
    for _ in range(5):
        with serving(THREADS, "connections=60", "connections_per_peer=60", "head_ms=500", "quiet=1") as server:
            done = threading.Event()

            def knock():
                while not done.is_set():
                    try:
                        ask(server, post(b"x"))
                    except OSError:
                        pass  # nobody listens any more

            knockers = [threading.Thread(target=knock) for _ in range(4)]
            for k in knockers:
                k.start()
            time.sleep(0.1)
            server.stop()
            done.set()
            for k in knockers:
                k.join()


run([connections_spread_over_all_loops, the_share_of_a_peer_counts_over_all_loops, requests_from_many_threads,
     stop_while_connections_arrive, http_test_with_three_loops])
