#!/usr/bin/env python3
"""tests/pattern/oracle_test.py - random patterns and texts: our automata and Python's re must agree.

Only what both languages write alike is generated: groups, alternatives, counters, classes, '.', letters of one to four
bytes of UTF-8. A fixed seed makes every run the same.
"""
import os
import random
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERDICT = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "tests" / "pattern_verdict"
PATTERNS, TEXTS, SEED = 500, 12, 7
ATOMS = "abc\u00e9\u6f22"
RANGES = ["a", "b", "a-c", "\u00e9-\u6f22", "c"]
COUNTS = ["", "", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"]


def atom(dice, depth):
    kind = dice.randrange(10)
    if kind < 5 or depth == 0:
        return dice.choice(ATOMS)
    if kind == 5:
        return "."
    if kind == 6:
        return "[" + dice.choice(["", "^"]) + "".join(dice.choice(RANGES) for _ in range(dice.randrange(1, 3))) + "]"
    return "(" + pattern(dice, depth - 1) + ")"


def branch(dice, depth):
    return "".join(atom(dice, depth) + dice.choice(COUNTS) for _ in range(dice.randrange(0, 4)))


def pattern(dice, depth):
    return "|".join(branch(dice, depth) for _ in range(dice.randrange(1, 3)))


def questions(dice):
    """Lines to ask, and what Python answers; None for the line of a pattern."""
    for _ in range(PATTERNS):
        text = pattern(dice, 3)
        matcher = re.compile("(?:" + text + ")")
        yield "P" + text, None
        for _ in range(TEXTS):
            sample = "".join(dice.choice("aabbc\u00e9\u6f22\U0001f600") for _ in range(dice.randrange(0, 8)))
            yield "T" + sample, "yes" if matcher.fullmatch(sample) else "no"


def main():
    if not VERDICT.exists():
        print("skip patterns_agree_with_python: pattern_verdict is not built")
        return 0
    asked = list(questions(random.Random(SEED)))
    done = subprocess.run([str(VERDICT)], input="".join(line + "\n" for line, _ in asked), text=True,
                          capture_output=True, encoding="utf-8")
    answers = done.stdout.split()
    if done.returncode or len(answers) != len(asked):
        print(f"not ok patterns_agree_with_python: {len(answers)} answers of {len(asked)}; {done.stderr[:300]}")
        return 1
    compared = usable = 0
    current, state = "", ""
    for (line, want), got in zip(asked, answers):
        if want is None:
            current, state = line[1:], got
            usable += got == "ok"
        elif state == "ok":
            compared += 1
            if got != want:
                print(f"not ok patterns_agree_with_python: {current!r} and {line[1:]!r}: {got}, Python says {want}")
                return 1
        if state == "wrong":
            print(f"not ok patterns_agree_with_python: {current!r} is refused")
            return 1
    if usable < PATTERNS * 9 // 10:
        print(f"not ok patterns_agree_with_python: only {usable} of {PATTERNS} patterns were small enough")
        return 1
    print(f"# {compared} texts against {usable} patterns")
    print("ok patterns_agree_with_python")
    return 0


if __name__ == "__main__":
    sys.exit(main())
