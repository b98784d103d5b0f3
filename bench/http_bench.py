#!/usr/bin/env python3
"""bench/http_bench.py - requests per second, CPU per request and slow answers, beside the peers in the same run.

  bench/http_bench.py [--build DIR] [--rounds N] [--seconds S]

Servers: the floor (bench/floor.c: epoll, no HTTP, no SOAP), libmicrohttpd (HTTP, no SOAP), gSOAP (bench/server/gsoap.c
says how it is set up), the event loop alone (HTTP, a handler that echoes), our service of bench/server/camera.wsdl, and
soapbark-device. Two questions: one with a small answer (GetSystemDateAndTime and its like) and one of the size of
ONVIF's GetProfiles. The floor and libmicrohttpd send as many bytes as our answer has. The rounds take turns, so that a
busy minute of the machine meets all of them alike; the figures are medians. Compare the ratios and the CPU time, not
the rates of two days. wrk is the client; SKIPPED without it, and so is a peer whose package is absent.
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

HERE = os.path.dirname(os.path.abspath(__file__))
ENVELOPE = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><{} xmlns="{}"/></s:Body></s:Envelope>'
DEVICE = ENVELOPE.format("GetSystemDateAndTime", "http://www.onvif.org/ver10/device/wsdl")
SMALL, LARGE = (ENVELOPE.format(name, "http://soapbark.example/bench/camera") for name in ("GetTime", "GetProfiles"))
TYPE = "application/soap+xml; charset=utf-8"
CONNECTIONS = (1, 32)
CROWD = 1000
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, name, command, path, message=SMALL):
        self.name, self.message = name, message
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"(?:port |:)(\d+)\b", line)
        if not found:
            sys.exit(f"bench/http_bench.py: {command[0]} did not start: {line!r}")
        self.url = f"http://127.0.0.1:{found.group(1)}{path}"
        self.runs = {n: [] for n in (*CONNECTIONS, CROWD)}  # requests per second, CPU us per request, p99 in ms

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / TICK

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.MULTILINE).group(1))

    def measure(self, connections, seconds):
        time.sleep(0.1)  # the connections of the run before must be gone: their number is limited
        before = self.cpu_seconds()
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(f"wrk.method = 'POST'\nwrk.body = '{self.message}'\nwrk.headers['Content-Type'] = '{TYPE}'\n")
            script.flush()
            done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name,
                                   self.url], capture_output=True, text=True)
        out = done.stdout
        if done.returncode != 0:
            sys.exit(f"bench/http_bench.py: {self.name}: wrk says: {out} {done.stderr}")
        cpu = self.cpu_seconds() - before
        requests = int(re.search(r"(\d+) requests in", out).group(1))
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
        slow = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", out)
        p99 = float(slow.group(1)) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[slow.group(2)]
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        # wrk tries one connection more than it was told, which can be the one too many for this peer.
        if requests == 0 or (refused and int(refused.group(1)) > 3):
            sys.exit(f"bench/http_bench.py: {self.name} does not answer 200:\n{out}")
        self.runs[connections].append((rate, cpu / requests * 1e6, p99))

    def median(self, connections):
        return tuple(statistics.median(column) for column in zip(*self.runs[connections]))

    def stop(self):
        self.process.kill()
        self.process.wait()


def answer_size(server):
    request = urllib.request.Request(server.url, data=server.message.encode(), headers={"Content-Type": TYPE})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())


def compiled(product, sources, *libraries):
    """Builds a peer; why it cannot be, or nothing."""
    done = subprocess.run(["gcc", "-O2", "-w", f"-I{os.path.dirname(product)}", *sources, *libraries, "-o", product],
                          capture_output=True, text=True)
    return done.stderr.strip().splitlines()[:1] if done.returncode else None


def gsoap_build(work):
    if not shutil.which("wsdl2h") or not shutil.which("soapcpp2"):
        return None, "package gsoap"
    shutil.copy(os.path.join(HERE, "server", "camera.wsdl"), work)
    for command in (["wsdl2h", "-c", "-P", "-x", "-o", "camera.h", "camera.wsdl"],
                    ["soapcpp2", "-c", "-L", "-x", "-S", "-2", "-w", "-I/usr/share/gsoap/import", "camera.h"]):
        if subprocess.run(command, cwd=work, capture_output=True).returncode:
            sys.exit(f"bench/http_bench.py: {command[0]} fails on camera.wsdl")
    product = os.path.join(work, "bench_gsoap")
    sources = [os.path.join(HERE, "server", "gsoap.c"), f"{work}/soapC.c", f"{work}/soapServer.c"]
    return product, compiled(product, sources, "-lgsoap", "-lpthread")


def mhd_build(work):
    product = os.path.join(work, "bench_mhd")
    return product, compiled(product, [os.path.join(HERE, "server", "mhd.c")], "-lmicrohttpd")


def peers_build(build):
    """The programs of the peers that can be built here."""
    work = os.path.join(os.path.abspath(build), "bench-server")
    os.makedirs(work, exist_ok=True)
    found = {}
    for name, build_it in (("libmicrohttpd", mhd_build), ("gSOAP", gsoap_build)):
        product, missing = build_it(work)
        if missing:
            print(f"{name} SKIPPED: {missing}")
        else:
            found[name] = product
    return found


def servers_start(build, peers, message):
    """The servers that answer this message, the floor first."""
    camera = Server("our service", [os.path.join(build, "bench_camera")], "/camera", message)
    size = answer_size(camera)
    servers = [Server(f"floor, {size} bytes", [os.path.join(build, "bench_floor"), str(size)], "/", message)]
    if "libmicrohttpd" in peers:
        servers.append(Server("libmicrohttpd", [peers["libmicrohttpd"], str(size)], "/", message))
    if "gSOAP" in peers:
        servers.append(Server("gSOAP", [peers["gSOAP"], str(CROWD + 8)], "/", message))
    servers.append(camera)
    if message == SMALL:
        limits = ["connections=1100", "connections_per_peer=1100", "requests_per_connection=4000000000"]
        wire = os.path.join(build, "tests", "wire_server")
        servers.append(Server("our event loop, echo", [wire, "127.0.0.1:0", "quiet=1", *limits], "/echo", message))
        device = os.path.join(build, "soapbark-device")
        if os.path.exists(device):
            servers.append(Server("soapbark-device", [device, "--listen", "127.0.0.1:0", "--quiet", "--server-limits",
                                  "--insecure-no-authentication"],
                                  "/onvif/device_service", DEVICE))
    return servers


def report(title, servers):
    print(f"{title:24} {'connections':>11} {'requests/s':>11} {'of floor':>9} {'CPU us/request':>15} {'p99 ms':>8}")
    for connections in (*CONNECTIONS, CROWD):
        base = servers[0].median(connections)[0]
        for server in (s for s in servers if s.runs[connections]):
            rate, cpu, p99 = server.median(connections)
            print(f"{server.name:24} {connections:11} {rate:11.0f} {rate / base * 100:8.0f}% {cpu:15.1f} {p99:8.2f}")


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
                   f"Content-Length: {len(DEVICE)}\r\n\r\n{DEVICE}").encode()
        for _ in range(count):
            peer = socket.create_connection(("127.0.0.1", port), timeout=10)
            peers.append(peer)
            peer.sendall(request)
            while not peer.recv(65536).endswith(DEVICE[-20:].encode()):
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
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))
    peers = peers_build(options.build)
    for title, message in (("small answer", SMALL), ("answer of 15 KB", LARGE)):
        servers = servers_start(options.build, peers, message)
        try:
            time.sleep(0.2)
            for _ in range(options.rounds):
                for connections in (*CONNECTIONS, CROWD):
                    for server in servers:
                        if connections <= 32 or server.name != "soapbark-device":  # its table has 1,024, 32 a peer
                            server.measure(connections, options.seconds)
            report(title, servers)
        finally:
            for server in servers:
                server.stop()
    idle_report(options.build)


main()
