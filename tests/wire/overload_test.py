#!/usr/bin/env python3
"""tests/wire/overload_test.py - many slow peers and some good ones: no good request is lost, memory is the table's.

100 slow and 20 good peers; 1,000 and 200 at night. The slow ones drip their heads, drip their bodies, or do not read
their answers, from addresses of their own (127.0.0.0/8), and come back when they are thrown out. What a good request
took is printed and not judged: that belongs to the machine.
"""
# alone
# time-out: 300
import os
import resource
import socket
import statistics
import threading
import time

from wirekit import HEAD, Reader, check, post, run, serving, still_serves

SLOW, GOOD, REQUESTS = (1000, 200, 40) if os.environ.get("SOAPBARK_NIGHTLY") else (100, 20, 40)
LIMITS = (f"connections={SLOW + GOOD + 32}", f"connections_per_peer={GOOD + 16}", "head_ms=3000", "request_ms=6000",
          "requests_per_connection=100000", "large=200000", "quiet=1")


class SlowPeers:
    """One thread drips to all of them, a byte each now and then."""

    def __init__(self, port):
        self.port, self.done, self.peers = port, threading.Event(), []
        self.again = 0
        self.thread = threading.Thread(target=self.drip)

    def open(self, number):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.bind((f"127.1.{number // 10 // 250}.{number // 10 % 250 + 1}", 0))  # ten to an address
        s.settimeout(30)
        s.connect(("127.0.0.1", self.port))
        start = (b"POST /ec", HEAD + b"Content-Length: 200000\r\n\r\n", post(b"x", path=b"/large") * 3)[number % 3]
        s.sendall(start)
        return s

    def drip(self):
        while not self.done.is_set():
            for n, s in enumerate(self.peers):
                try:
                    if n % 3 < 2:
                        s.send(b"x", socket.MSG_DONTWAIT)
                    elif s.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    pass
                except OSError:
                    s.close()
                    self.again += 1
                    try:
                        self.peers[n] = self.open(n)
                    except OSError:
                        pass
            self.done.wait(0.1)

    def __enter__(self):
        self.peers = [self.open(n) for n in range(SLOW)]
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        for s in self.peers:
            s.close()


def good_requests(port):
    """All good peers at the same time; seconds of each request, and what was lost."""
    took, lost = [], []

    def peer(number):
        try:
            with socket.create_connection(("127.0.0.1", port), 60) as s:
                reader = Reader(s)
                for n in range(REQUESTS):
                    body = b"%d/%d" % (number, n) * 200
                    started = time.monotonic()
                    s.sendall(post(body))
                    answer = reader.answer()
                    took.append(time.monotonic() - started)
                    check(answer is not None and answer.status == 200 and answer.body == body,
                          f"{answer and answer.status}")
        except Exception as why:
            lost.append(f"{number}: {type(why).__name__} {why}"[:100])

    threads = [threading.Thread(target=peer, args=(n,)) for n in range(GOOD)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return took, lost


def p99_ms(took):
    return statistics.quantiles(took, n=100)[98] * 1000


def overload(*settings):
    with serving(*LIMITS, *settings) as server:
        still_serves(server)
        alone, lost = good_requests(server.port)
        check(not lost and len(alone) == GOOD * REQUESTS, f"lost without load: {lost[:3]}")
        with SlowPeers(server.port) as slow:
            time.sleep(0.5)
            calm = server.memory_kb()
            took, lost = good_requests(server.port)
            check(not lost and len(took) == GOOD * REQUESTS, f"lost {len(lost)}: {lost[:3]}")
            deadline = time.monotonic() + 60
            while not slow.again and time.monotonic() < deadline:
                time.sleep(0.2)
            check(slow.again > 0, "no slow peer is ever thrown out")
            took_more, lost = good_requests(server.port)
            check(not lost, f"lost {len(lost)} while slow ones come back: {lost[:3]}")
            # Head buffers (8 KiB each) are touched with their first use; bodies and unsent answers are below 4 MiB.
            server.check_growth(calm, 4096 + SLOW * 8 + 1024)
        print(f"# {SLOW} slow, {GOOD} good peers {' '.join(settings)}: p99 {p99_ms(alone):.1f} ms alone, "
              f"{p99_ms(took + took_more):.1f} ms beside them; {slow.again} thrown out", flush=True)
        still_serves(server)


def good_peers_beside_slow_ones():
    overload()


def good_peers_beside_slow_ones_on_two_loops():
    overload("threads=2")


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))
run([good_peers_beside_slow_ones, good_peers_beside_slow_ones_on_two_loops])
