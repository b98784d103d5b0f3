#!/usr/bin/env python3
"""tests/auth/timing_test.py - the time of a wrong login does not tell why it was wrong [R11].

Under make nightly 20,000 samples a class, five times over, and every figure is printed. A class shows when its |t| is
above 4.5 and its mean is off by more than 50 ns in most rounds: a quiet machine tells means 5 ns apart at |t| 10, with
either sign, while one block of a hash takes 100 ns and more. A sanitizer's times are its own: they are printed and not
judged, and nightly takes build/ where it is there. Otherwise a few samples, only to see that the program runs.
"""
# time-out: 600
# alone
import collections
import os
import re
import subprocess

from authkit import BUILD, ROOT, check, missing, run, sanitized

NIGHTLY = bool(os.environ.get("SOAPBARK_NIGHTLY"))
LIMIT, LIMIT_NS = 4.5, 50


def program():
    """Of this build; of build/ when this one is sanitized and that one is there."""
    own, release = (os.path.join(folder, "tests", "auth_timing") for folder in (BUILD, os.path.join(ROOT, "build")))
    return release if sanitized(own) and os.path.exists(release) else own


def wrong_logins_take_one_time():
    timing = program()
    samples, rounds = ("20000", "5") if NIGHTLY else ("200", "1")
    done = subprocess.run([timing, samples, rounds], capture_output=True, text=True, timeout=500)
    check(done.returncode == 0, f"{done.returncode} {done.stderr}")
    found = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        pair, t, one, other = re.fullmatch(r"t (\S+) \d+ ([\d.]+) \((\d+) ns, (\d+) ns\)", line).groups()
        found[pair].append((float(t), abs(int(one) - int(other))))
        if NIGHTLY:
            print(f"# {line}")
    check(len(found) == 3 and all(len(values) == int(rounds) for values in found.values()), done.stdout)
    if NIGHTLY and not sanitized(timing):
        seen = {pair: values for pair, values in found.items()
                if sum(t > LIMIT and off > LIMIT_NS for t, off in values) > int(rounds) // 2}
        check(not seen, f"|t| above {LIMIT} and means more than {LIMIT_NS} ns apart: {seen}")


why = missing()
if why:
    print(f"skip auth_timing: {why}")
else:
    run([wrong_logins_take_one_time])
