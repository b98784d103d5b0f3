#!/usr/bin/env python3
"""bench/tls_bench.py - TLS handshakes per second, full and resumed, and the server's CPU for each, beside OpenSSL's own server.

  bench/tls_bench.py [--build DIR] [--rounds N] [--seconds S]

Our event loop with TLS (tests/tls/tls_server.c) and `openssl s_server`, with one P-256 key, take turns; the client is
`openssl s_time`, which makes one connection after the other, so client and server share the time of a handshake. The
figures are medians. The CPU time of the server is what to compare: the rate is mostly the client's. s_time does not wait
for the tickets of TLS 1.3, so the rows "with a GET" have a client of Python's ssl, which sends one request a connection,
reads the answer, and goes on with the ticket that came with it, or without. SKIPPED without a TLS library or openssl.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")
KINDS = (("TLS 1.3, full", ("-tls1_3", "-new")), ("TLS 1.2, full", ("-tls1_2", "-new")), ("TLS 1.2, resumed", ("-tls1_2", "-reuse")),
         ("TLS 1.3, full, with a GET", False), ("TLS 1.3, resumed, with a GET", True))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def get_after_get(port, chain, resume, seconds):
    """Connections of TLS 1.3 one after the other: how many, in how many seconds."""
    context = ssl.create_default_context(cafile=chain)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    ticket, count, begin = None, 0, time.monotonic()
    while time.monotonic() < begin + seconds or count < 2:
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost", session=ticket,
                                 suppress_ragged_eofs=True) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while stream.recv(65536):
                pass
            if stream.session_reused != (ticket is not None):
                sys.exit("bench/tls_bench.py: a session was not resumed, or was without being asked")
            ticket = stream.session if resume else None
        count += 1
    return count, time.monotonic() - begin


class Server:
    def __init__(self, name, command, port=None):
        self.name, self.runs = name, {kind: [] for kind, _ in KINDS}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE if not port else subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, text=True)
        self.port = port or int(re.match(r"port (\d+)", self.process.stdout.readline()).group(1))
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            signal.sigtimedwait([], 0.05)
        sys.exit(f"bench/tls_bench.py: {name} did not start")

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / TICK

    def measure(self, kind, words, seconds, chain):
        before = self.cpu_seconds()
        if isinstance(words, bool):
            count, took = get_after_get(self.port, chain, words, seconds)
        else:
            count, took = self.times(kind, words, seconds)
        self.runs[kind].append((count / took, (self.cpu_seconds() - before) / count * 1e6))

    def times(self, kind, words, seconds):
        done = subprocess.run(["openssl", "s_time", "-connect", f"127.0.0.1:{self.port}", "-time", str(seconds), *words],
                              capture_output=True, text=True, timeout=seconds * 10 + 30)
        found = re.search(r"(\d+) connections in (\d+) real seconds", done.stdout)
        if not found or int(found.group(1)) == 0:
            sys.exit(f"bench/tls_bench.py: {self.name}, {kind}: {done.stdout[-300:]} {done.stderr[-300:]}")
        return int(found.group(1)), int(found.group(2))

    def median(self, kind):
        return [statistics.median(run[i] for run in self.runs[kind]) for i in (0, 1)]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", "build"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    ours = os.path.join(options.build, "tests", "tls_server")
    if not os.path.exists(ours) or not shutil.which("openssl"):
        print("SKIPPED: no TLS library, or openssl is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="soapbark-bench-") as folder:
        key, chain = os.path.join(folder, "key.pem"), os.path.join(folder, "chain.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                        "-out", chain, "-subj", "/CN=localhost", "-days", "2", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                       check=True, capture_output=True, timeout=60)
        port = free_port()
        servers = [Server("openssl s_server", ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", chain, "-key", key,
                                               "-quiet", "-www"], port),
                   Server("our event loop", [ours, "tls:127.0.0.1:0", f"chain={chain}", f"key={key}", "connections=1000",
                                             "connections_per_peer=1000"])]
        try:
            for _ in range(options.rounds):
                for kind, words in KINDS:
                    for server in servers:
                        server.measure(kind, words, options.seconds, chain)
        finally:
            for server in servers:
                server.stop()
    print(f"{'handshakes':29} {'server':18} {'per second':>11} {'of OpenSSL':>11} {'server CPU us':>14}")
    for kind, _ in KINDS:
        base = servers[0].median(kind)[0]
        for server in servers:
            rate, cpu = server.median(kind)
            print(f"{kind:29} {server.name:18} {rate:11.0f} {rate / base * 100:10.0f}% {cpu:14.0f}")


main()
