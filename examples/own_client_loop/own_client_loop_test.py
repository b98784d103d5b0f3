#!/usr/bin/env python3
"""examples/own_client_loop/own_client_loop_test.py - several calls at once from one thread: right ones, a server that is
silent, one that is not there; each ends by itself."""
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

BUILD = Path(os.environ.get("SOAPBARK_BUILD", Path(__file__).resolve().parents[2] / "build"))


def verdict(name, problem):
    print(f"not ok {name}: {problem}" if problem else f"ok {name}", flush=True)
    return bool(problem)


def main():
    server = subprocess.Popen([str(BUILD / "thermostat-server"), "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    silent = socket.create_server(("127.0.0.1", 0))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = gone.getsockname()[1]
    failed = False
    try:
        port = re.search(r":(\d+)/", server.stdout.readline()).group(1)
        good = f"http://127.0.0.1:{port}/thermostat"
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        none = f"http://127.0.0.1:{nobody}/x"
        done = subprocess.run([str(BUILD / "own-client-loop"), slow, *[good] * 20, none], capture_output=True, text=True,
                              timeout=60)
        lines = done.stdout.splitlines()
        failed |= verdict("all_answers", lines.count(f"{good}: 20.5 degrees") != 40 and done.stdout)
        failed |= verdict("silent_one_times_out", sum(line.startswith(slow) and "in time" in line for line in lines) != 2 and
                          done.stdout)
        failed |= verdict("absent_one_is_refused", sum(line.startswith(none) and "refused" in line for line in lines) != 2 and
                          done.stdout)
        failed |= verdict("answers_do_not_wait_for_the_silent_one", lines.index(f"{good}: 20.5 degrees") >
                          next(i for i, line in enumerate(lines) if line.startswith(slow)) and done.stdout)
        failed |= verdict("connections_are_shared", int(lines[-1].split(", ")[1].split()[0]) < 16 and done.stdout)
        done = subprocess.run([str(BUILD / "own-client-loop"), good.replace("127.0.0.1", "localhost")], capture_output=True,
                              text=True, timeout=60)
        failed |= verdict("names_are_looked_up_before", done.stdout.count("20.5 degrees") != 2 and done.stdout)
    finally:
        server.terminate()
        server.wait(20)
        silent.close()
    sys.exit(failed)


main()
