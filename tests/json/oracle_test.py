#!/usr/bin/env python3
"""tests/json/oracle_test.py - the JSON reader and writer against Python's json module.

Random texts, good and damaged, go to both. They must agree on which are JSON, and on what the good ones say: names,
strings, and numbers letter by letter. Where Python is looser than RFC 8259 (NaN, lone surrogates, byte order marks)
the oracle is made strict first.
"""
import json
import os
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERDICT = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "tests" / "json_verdict"
TEXTS = 20000
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Number(str):
    pass


class Object(list):
    pass


def strict(_):
    raise ValueError("not a JSON constant")


def quote(text):
    """A string as the writer writes it: control characters escaped, DEL and C1 among them."""
    plain = [c >= " " and not "\x7f" <= c <= "\x9f" for c in text]
    return '"' + "".join(ESCAPES.get(c, c if p else f"\\u{ord(c):04x}") for c, p in zip(text, plain)) + '"'


def compact(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Object):
        return "{" + ",".join(quote(k) + ":" + compact(v) for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return {True: "true", False: "false", None: "null"}[value]


def oracle(data):
    """What a strict reader says of the bytes: None, or the compact text."""
    try:
        text = data.decode("utf-8")
        if text.startswith("\ufeff"):
            return None
        value = json.loads(text, parse_constant=strict, parse_int=Number, parse_float=Number, object_pairs_hook=Object)
        answer = compact(value)
        answer.encode("utf-8")  # a lone surrogate cannot be
        return answer
    except ValueError:  # UnicodeError and JSONDecodeError are kinds of it
        return None


def random_string(r):
    parts = ["a", "Name", "\u20ac", "\U0001d11e", '\\"', "\\\\", "\\/", "\\n", "\\u0041", "\\u20ac", "\\ud834\\udd1e", "\\u0000",
             " ", "\x7f", "\u2028"]
    return '"' + "".join(r.choice(parts) for _ in range(r.randrange(4))) + '"'


def random_text(r, depth=0):
    space = r.choice(["", "", "", " ", "\n\t", "\r"])
    kind = r.randrange(8 if depth < 4 else 5)
    if kind == 0:
        body = r.choice(["true", "false", "null"])
    elif kind in (1, 2):
        body = random_string(r)
    elif kind in (3, 4):
        body = r.choice(["0", "-0", "1", "-12.50", "1e5", "1E+05", "0.0e-0", "123456789012345678901234567890", "9.5"])
    elif kind in (5, 6):
        body = "{" + ",".join(space + random_string(r) + space + ":" + random_text(r, depth + 1)
                              for _ in range(r.randrange(4))) + "}"
    else:
        body = "[" + ",".join(random_text(r, depth + 1) for _ in range(r.randrange(4))) + "]"
    return space + body + space


def damaged(r, data):
    """One small wound."""
    data = bytearray(data)
    at = r.randrange(len(data) + 1)
    wound = r.randrange(4)
    if wound == 0 and at < len(data):
        del data[at]
    elif wound == 1 and at < len(data):
        data[at] ^= 1 << r.randrange(8)
    elif wound == 2:
        data[at:at] = r.choice([b",", b"]", b"}", b'"', b"\\", b"0", b"-", b"e", b".", b"\xef\xbb\xbf", b"\xc0\x80", b"\x00", b"NaN",
                                b"\\ud834", b"//", b"\xed\xa0\x80", b":", b"[", b"{"])
    else:
        del data[at:]
    return bytes(data)


def main():
    r = random.Random(20170718)
    texts = []
    for i in range(TEXTS):
        data = random_text(r).encode("utf-8")
        texts.append(damaged(r, data) if i % 2 else data)
    if not VERDICT.exists():
        print(f"not ok json_oracle: {VERDICT} is not built")
        return 1
    done = subprocess.run([str(VERDICT)], input="".join(t.hex() + "\n" for t in texts).encode(), stdout=subprocess.PIPE,
                          check=False)
    answers = done.stdout.decode("utf-8").split("\n")[:-1]
    wants = [oracle(t) for t in texts]
    wrong = [(t, a, w) for t, a, w in zip(texts, answers, wants) if a != ("-" if w is None else "+" + w)]
    for text, answer, want in wrong[:5]:
        print(f"# {text!r}\n#   reader: {answer!r}\n#   oracle: {want!r}")
    good = sum(w is not None for w in wants)
    print(f"# {len(texts)} texts, {good} of them JSON")
    if done.returncode != 0 or len(answers) != len(texts) or wrong or not TEXTS // 3 < good < TEXTS:
        print(f"not ok json_oracle: {len(wrong)} disagreements, {len(answers)} answers, status {done.returncode}")
        return 1
    print("ok json_oracle")
    return 0


if __name__ == "__main__":
    sys.exit(main())
