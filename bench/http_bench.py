#!/usr/bin/env python3
"""bench/http_bench.py - requests per second and CPU per request, beside a bare epoll server in the same run.

  bench/http_bench.py [--build DIR] [--rounds N] [--seconds S]

Servers: the floor (bench/floor.c: no HTTP, no SOAP), the event loop alone (HTTP, a handler that echoes), and
soapbark-device answering GetSystemDateAndTime when it is built. The rounds take turns, so that a busy minute of
the machine meets all of them alike; the figures are medians. Compare the ratios and the CPU time, not the rates
of two days. wrk is the client; SKIPPED without it.
"""
import argparse
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

MESSAGE = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
           '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>')
TYPE = "application/soap+xml; charset=utf-8"
CONNECTIONS = (1, 32)
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, name, command, path):
        self.name, self.path = name, path
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"(?:port |:)(\d+)\b", line)
        if not found:
            sys.exit(f"bench/http_bench.py: {command[0]} did not start: {line!r}")
        self.url = f"http://127.0.0.1:{found.group(1)}{path}"
        self.runs = {n: [] for n in CONNECTIONS}  # (requests per second, CPU microseconds per request)

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / TICK

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.MULTILINE).group(1))

    def measure(self, script, connections, seconds):
        time.sleep(0.1)  # the connections of the run before must be gone: their number is limited
        before = self.cpu_seconds()
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, self.url],
                              capture_output=True, text=True)
        out = done.stdout
        if done.returncode != 0:
            sys.exit(f"bench/http_bench.py: {self.name}: wrk says: {out} {done.stderr}")
        cpu = self.cpu_seconds() - before
        requests = int(re.search(r"(\d+) requests in", out).group(1))
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        # wrk tries one connection more than it was told, which can be the one too many for this peer.
        if requests == 0 or (refused and int(refused.group(1)) > 3):
            sys.exit(f"bench/http_bench.py: {self.name} does not answer 200:\n{out}")
        self.runs[connections].append((rate, cpu / requests * 1e6))

    def median(self, connections):
        return tuple(statistics.median(column) for column in zip(*self.runs[connections]))

    def stop(self):
        self.process.kill()
        self.process.wait()


def answer_size(url):
    request = urllib.request.Request(url, data=MESSAGE.encode(), headers={"Content-Type": TYPE})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())


def servers_start(build):
    limits = ["connections=64", "connections_per_peer=64", "requests_per_connection=4000000000"]
    wire = os.path.join(build, "tests", "wire_server")
    device = os.path.join(build, "soapbark-device")
    servers = [Server("event loop, echo", [wire, "127.0.0.1:0", "quiet=1", *limits], "/echo")]
    size = len(MESSAGE)
    if os.path.exists(device):
        servers.append(Server("soapbark-device", [device, "--listen", "127.0.0.1:0", "--quiet", "--server-limits"],
                              "/onvif/device_service"))
        size = answer_size(servers[-1].url)
    floor = os.path.join(build, "bench_floor")
    return [Server(f"floor, {size} bytes", [floor, str(size)], "/")] + servers


def report(servers):
    print(f"{'GetSystemDateAndTime':28} {'connections':>11} {'requests/s':>11} {'of floor':>9} {'CPU us/request':>15}")
    for connections in CONNECTIONS:
        base = servers[0].median(connections)[0]
        for server in servers:
            rate, cpu = server.median(connections)
            print(f"{server.name:28} {connections:11} {rate:11.0f} {rate / base * 100:8.0f}% {cpu:15.1f}")


def idle_report(build):
    """Memory of the process for each idle connection that has had a request: against a server with a table of one."""
    count = min(10000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    wire = [os.path.join(build, "tests", "wire_server"), "127.0.0.1:0", "quiet=1"]
    small = Server("small", [*wire, "connections=1", "connections_per_peer=1"], "/echo")
    before = small.memory_kb()
    small.stop()
    server = Server("idle", [*wire, f"connections={count}", f"connections_per_peer={count}"], "/echo")
    peers = []
    try:
        port = int(server.url.split(":")[2].split("/")[0])
        request = (f"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {TYPE}\r\n"
                   f"Content-Length: {len(MESSAGE)}\r\n\r\n{MESSAGE}").encode()
        for _ in range(count):
            peer = socket.create_connection(("127.0.0.1", port), timeout=10)
            peers.append(peer)
            peer.sendall(request)
            while not peer.recv(65536).endswith(MESSAGE[-20:].encode()):
                pass
        used = (server.memory_kb() - before) * 1024 / count
        print(f"idle connections: {count}, {used:.0f} bytes of the process each")
    finally:
        for peer in peers:
            peer.close()
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", "build"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("SKIPPED: wrk is not installed")
        return
    servers = servers_start(options.build)
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(f"wrk.method = 'POST'\nwrk.body = '{MESSAGE}'\nwrk.headers['Content-Type'] = '{TYPE}'\n")
            script.flush()
            time.sleep(0.2)
            for _ in range(options.rounds):
                for connections in CONNECTIONS:
                    for server in servers:
                        server.measure(script.name, connections, options.seconds)
        report(servers)
        idle_report(options.build)
    finally:
        for server in servers:
            server.stop()


main()
