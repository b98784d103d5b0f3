#!/usr/bin/env python3
"""tests/cli/counts_test.py - repeated parts of repeated groups [XSD1 3.8.4]: what the engine takes, and what it writes again.

Each content model is written as a regular expression, and all its divisions of each short word are tried: is the word valid? `validate` and the codec agree on
all words, and what the codec takes it writes again, to XML and by way of JSON. A message does not divide the elements of some models
into groups; for those the engine looks for a division (src/engine/division.h). Besides the models that are listed, some are drawn;
SOAPBARK_COUNTS=N draws N of them, other ones with SOAPBARK_SEED.
"""
import itertools
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
COMMAND, CODEC = BUILD / "soapbark", BUILD / "tests" / "differential_verdict"
DRAWN = int(os.environ.get("SOAPBARK_COUNTS", "40"))
# Particles: a letter, (sequence), (x|y).
MODELS = [
    "(a{2,3}){2}",  # melts to a{4,6}
    "((a{1,2}){1,2}){2}",
    "(a{2}){1,3}",  # the part always comes as often
    "(a{2}b?){1,2}",
    "(a{3,4}){0,2}",  # 6 is 3 and 3, not 4 and 2
    "(a{1,2}b?){2}",
    "(a{1,}b?){2,}",
    "(a{1,2}b?){1,3}",  # the group need not come twice
    "(a{2,}b?){1,3}",  # the part has no end, so nothing is left over
    "(a{2,3}b?){1,2}",
    "(b?a{1,2}){2,3}",
    "(a{1,2}b){2}",  # b stands between
    "(a{1,2}|b){2}",
    "(a{1,2}|b{2,3}){2,3}",
    "(a{2}|b){2,3}",
    "(a{0,2}b{0,2}){2,3}",  # may be without anything, so that it is there often enough
    "(a?|b){3}",
    "((ab){1,2}c?){2}",
    "((bc){1,2}|a|(ca)){2,3}",
    "((ab?){2}c?){1,2}",
    "(ab?c{0,2}){2}",
    "c?((a{2,3}b?){2})c",
    "((a{1,2}b?){1,2}c?){2}",  # groups in groups
    "((a{2,3}b?){2,3}c?){1,2}",
    "((a{1,2}b?){2}|c){2}",
    "(((a{1,2}b?){1,2}c?){2}d?){1,2}",
]
WORDS = 2500  # of one model
TWICE = ' minOccurs="2" maxOccurs="2"'


def parse(text, at=0):
    """The group from text[at] to its end: its kind and its particles, (letter or group, least, most); and where it ends."""
    items, kind = [], "sequence"
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            kind, at = "choice", at + 1
            continue
        inner, at = parse(text, at + 1) if text[at] == "(" else (text[at], at)
        low, high, at = 1, 1, at + 1
        counts = re.match(r"\{(\d+)(,?)(\d*)\}|\?", text[at:])
        if counts:
            at += counts.end()
            low = int(counts[1] or 0)
            high = 1 if not counts[1] else low if not counts[2] else int(counts[3]) if counts[3] else None
        items.append((inner, low, high))
    return (kind, items), at


def schema_of(group, occurs=""):
    kind, items = group
    text = ""
    for inner, low, high in items:
        bounds = f' minOccurs="{low}" maxOccurs="{"unbounded" if high is None else high}"'
        text += f'<xs:element name="{inner}" type="xs:string"{bounds}/>' if isinstance(inner, str) else schema_of(inner, bounds)
    return f"<xs:{kind}{occurs}>{text}</xs:{kind}>"


def ends(group, word, starts):
    """Where the group may end in the word when it begins at one of the starts: all divisions are tried."""
    kind, items = group
    reached, found = set(starts), set()
    for inner, low, high in items:
        now = set(starts if kind == "choice" else reached)
        after = set(now) if low == 0 else set()
        for count in range(1, (high if high is not None else low + len(word)) + 1):
            now = {at + 1 for at in now if word[at:at + 1] == inner} if isinstance(inner, str) else ends(inner, word, now)
            if count >= low:
                after |= now
            if not now:
                break
        reached = after
        found |= after
    return found if kind == "choice" else reached


def model_draw(random, depth=0):
    """A group that often repeats, of one to three particles, with few letters, so that runs come about."""
    parts = []
    for _ in range(random.choice((1, 2, 2, 3))):
        inner = f"({model_draw(random, depth + 1)})" if depth < 3 and random.random() < 0.45 else random.choice("abc")
        parts.append(inner + random.choice(("", "?", "{1,2}", "{2,3}", "{0,2}", "{2}", "{1,3}", "{2,}", "{3,4}", "{1,}")))
    return random.choice(("", "", "|")).join(parts)


def words(model):
    letters = sorted(set(re.findall("[a-d]", model)))
    for length in itertools.count():
        if length > 12:
            return
        for word in itertools.product(letters, repeat=length):
            yield "".join(word)


def run(*arguments, text=None):
    return subprocess.run([*map(str, arguments)], input=text, capture_output=True, timeout=120)


def answers(output):
    """What differential_verdict says: verdict, the round trip, that by JSON, and the message as it is written."""
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        verdict, trip, json, length = output[at:end].decode().split()
        yield verdict, trip, json, output[end + 1:end + 1 + int(length)].decode()
        at = end + 1 + int(length)


def model_check(model):
    """What is wrong with the model, and how many words were tried; none when two particles fit one element (UPA)."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder, "main.xsd")
        group, _ = parse(model)
        schema.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>'
                          f"{schema_of(group)}</xs:complexType></xs:element></xs:schema>")
        compiled = run(COMMAND, "compile", schema, "-o", folder)
        if b"W0509" in compiled.stderr:
            return [], 0
        if compiled.returncode != 0 or compiled.stderr:
            return [f"compile: {compiled.stderr.decode()}"], 0
        tried = list(itertools.islice(words(model), WORDS))
        messages = ["<r>" + "".join(f"<{letter}>1</{letter}>" for letter in word) + "</r>" for word in tried]
        talked = run(CODEC, schema, text="".join(f"{len(m)}\n{m}" for m in messages).encode())
        if talked.returncode != 0:
            return [f"{CODEC.name}: {talked.stderr.decode()}"], 0
        for word, (verdict, trip, json, back) in zip(tried, answers(talked.stdout), strict=True):
            valid = len(word) in ends(group, word, {0})
            if (verdict == "valid") != valid:
                failed.append(f"{word!r} is {verdict} for the judge")
            if (trip, json) != (("same", "same") if valid else ("refused", "refused")):
                failed.append(f"{word!r} should be {'valid' if valid else 'refused'}: {trip}, by JSON {json}")
            elif valid and "".join(re.findall("<([a-d])>", back)) != word:
                failed.append(f"{word!r} comes back as {back}")
    return failed, len(tried)


def divided_otherwise():
    """A program may divide as it likes: `a` is there twice, in two groups or in one; a single one is too few."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder, "main.xsd")
        for model, groups, good in (("(a{1,2}b?){2}", '{"a":["1"]},{"a":["1"]}', True), ("(a{1,2}b?){2}", '{"a":["1","1"]}', True),
                                    ("(a{1,2}b?){2}", '{"a":["1"]}', False), ("(a{1,2}b?){2}", '{"a":["1"],"b":"1"},{"a":["1"]}', True),
                                    ("(a{1,2}b?){2}", '{"a":["1","1","1"]}', False), ("(a{1,2}b?){2}", "", False)):
            schema.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>'
                              f"{schema_of(parse(model)[0])}</xs:sequence></xs:complexType></xs:element></xs:schema>")
            done = run(COMMAND, "json", "-", "--to-xml", "--root", "r", "--schema", schema, text=f'{{"#group":[{groups}]}}'.encode())
            if (done.returncode == 0) != good:
                failed.append(f"{groups} of {model}: {done.stdout.decode()}{done.stderr.decode()}")
    return failed


def too_deep():
    """Nine groups in groups are named by the compiler; eight are read."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for depth in (8, 9):
            group = ("sequence", [("a", 1, 2), ("b", 0, 1)])
            for level in range(depth - 1):
                group = ("sequence", [(group, 1, 2), (f"c{level}", 0, 1)])
            schema, message = Path(folder, f"deep{depth}.xsd"), Path(folder, "m.xml")
            schema.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>'
                              f"{schema_of(group, TWICE)}</xs:complexType></xs:element></xs:schema>")
            message.write_text("<r><a>1</a><a>1</a></r>")
            warned = b"W0513" in run(COMMAND, "compile", schema, "-o", folder).stderr
            taken = run(COMMAND, "json", message, "--schema", schema).returncode == 0
            if (warned, taken) != (depth > 8, depth <= 8):
                failed.append(f"{depth} groups in groups: warned {warned}, taken {taken}")
    return failed


def drawn():
    random = Random(int(os.environ.get("SOAPBARK_SEED", "1")))
    for _ in range(DRAWN):
        yield f"({model_draw(random)})" + random.choice(("{2}", "{1,2}", "{2,3}", "{0,2}", "{2,}"))


def main():
    bad, schemas, count = 0, 0, 0
    for name, failed in (("divided otherwise", divided_otherwise()), ("too deep", too_deep())):
        print(f"{'not ok' if failed else 'ok'} {name}")
        print("".join(f"# {line}\n" for line in failed), end="")
        bad += bool(failed)
    random_models = list(drawn())
    with ThreadPoolExecutor(2) as pool:
        for model, (failed, tried) in zip(MODELS + random_models, pool.map(model_check, MODELS + random_models)):
            if failed or model in MODELS:
                print(f"{'not ok' if failed or not tried else 'ok'} {model}")
            for line in failed[:5]:
                print(f"# {line}")
            bad += bool(failed) or (model in MODELS and not tried)
            if model not in MODELS:
                schemas += tried > 0
                count += tried
    print(f"{'ok' if schemas >= DRAWN // 10 else 'not ok'} {schemas} drawn models that are schemas, {count} words")
    return 1 if bad or schemas < DRAWN // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
