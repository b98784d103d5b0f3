#!/usr/bin/env python3
"""bench/auth_bench.py - what a wrong login costs, by why it is wrong: means, and how well one tells them apart.

  bench/auth_bench.py [--build DIR]

Runs tests/auth/timing.c with 20,000 samples of each kind, five times: a user who does not exist, a wrong password, a wrong
password of a user with a long one. SKIPPED without a TLS library.
"""
import argparse
import os
import subprocess

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", "build"))
program = os.path.join(parser.parse_args().build, "tests", "auth_timing")
if os.path.exists(program):
    print("wrong logins: Welch's t of each pair, by round (otto is unknown, anna's password is short, lang's is long)")
    print(subprocess.run([program, "20000", "5"], capture_output=True, text=True, check=True, timeout=600).stdout, end="")
else:
    print("SKIPPED: no TLS library")
