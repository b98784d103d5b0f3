#!/usr/bin/env python3
"""tests/cli/counts_test.py - repeated parts of repeated groups [XSD1 3.8.4]: what the engine reads, what it writes again, and W0513.

Each content model is also a regular expression, which says of each short word whether it is valid. `validate` agrees on all words.
The engine takes no word that is invalid; it refuses valid ones where the compiler has warned with W0513, and only there; and what
it takes it writes again, from XML to JSON to XML.
"""
import itertools
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
# (content model, the longest word that is tried, whether some valid word is refused). Particles: a letter, (sequence), (x|y).
MODELS = [
    ("(a{2,3}){2}", 8, False),  # melts to a{4,6}
    ("((a{1,2}){1,2}){2}", 9, False),
    ("(a{2}){1,3}", 8, False),  # the part always comes as often
    ("(a{2}b?){1,2}", 5, False),
    ("(a{3,4}){0,2}", 9, True),  # 6 is 3 and 3, not 4 and 2
    ("(a{1,2}b?){2}", 6, True),
    ("(a{1,}b?){2,}", 5, True),
    ("(a{1,2}b?){1,3}", 5, False),  # the group need not come twice
    ("(a{2,}b?){1,3}", 5, False),  # the part has no end, so nothing is left over
    ("(a{2,3}b?){1,2}", 5, True),
    ("(b?a{1,2}){2,3}", 5, True),
    ("(a{1,2}b){2}", 6, False),  # b stands between
    ("(a{1,2}|b){2}", 5, True),
    ("(a{2}|b){2,3}", 6, False),
    ("(a{0,2}b{0,2}){2,3}", 5, False),  # may be without anything, so that it is there often enough
    ("(a?|b){3}", 4, False),
    ("((ab){1,2}c?){2}", 6, True),
    ("((ab?){2}c?){1,2}", 4, False),
    ("(ab?c{0,2}){2}", 5, False),
    ("c?((a{2,3}b?){2})c", 8, True),
]


def particles(text, at):
    """The particles from text[at] to the end of their group: their XML, and where it ends."""
    items, kind = [], "sequence"
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            kind, at = "choice", at + 1
            continue
        if text[at] == "(":
            inner, inner_kind, at = particles(text, at + 1)
            form = f"<xs:{inner_kind} %s>{inner}</xs:{inner_kind}>"
        else:
            form = f'<xs:element name="{text[at]}" type="xs:string" %s/>'
        at += 1
        low, high = 1, 1
        counts = re.match(r"\{(\d+)(,?)(\d*)\}|\?", text[at:])
        if counts:
            at += counts.end()
            low = int(counts[1] or 0)
            high = 1 if not counts[1] else low if not counts[2] else counts[3] or "unbounded"
        items.append(form % f'minOccurs="{low}" maxOccurs="{high}"')
    return "".join(items), kind, at


def words(model, longest):
    letters = sorted(set(re.findall("[a-c]", model)))
    for length in range(longest + 1):
        for word in itertools.product(letters, repeat=length):
            yield "".join(word)


def run(*arguments, text=None):
    return subprocess.run([COMMAND, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60)


def model_check(model, longest, refuses):
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder, "main.xsd")
        content, kind, _ = particles(model, 0)
        schema.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:{kind}>{content}'
                          f"</xs:{kind}></xs:complexType></xs:element></xs:schema>")
        compiled = run("compile", schema, "-o", folder)
        if compiled.returncode != 0 or ("W0513" in compiled.stderr) != refuses:
            failed.append(f"compile: {compiled.stderr}")
        tried = list(words(model, longest))
        files = [Path(folder, f"{word or '_'}.xml") for word in tried]
        for word, file in zip(tried, files):
            file.write_text("<r>" + "".join(f"<{letter}>1</{letter}>" for letter in word) + "</r>")
        lines = run("validate", "--strict", "--lines", text="".join(f"{schema}\t{file}\n" for file in files)).stdout.split()
        refused = False
        for word, file, line in zip(tried, files, lines, strict=True):
            valid = re.fullmatch(model, word) is not None
            if (line == "0") != valid:
                failed.append(f"validate says {line} of {word!r}")
            if not valid and len(word) > 4:
                continue  # programs take time, and the short ones have shown it
            there = run("json", file, "--schema", schema)
            refused |= valid and there.returncode != 0
            if not valid and there.returncode == 0:
                failed.append(f"the engine takes {word!r}")
            if there.returncode == 0:
                back = run("json", "-", "--to-xml", "--root", "r", "--schema", schema, text=there.stdout)
                if "".join(re.findall("<([a-c])>", back.stdout)) != word or back.returncode != 0:
                    failed.append(f"{word!r} comes back as {back.stdout}{back.stderr}")
        if refused != refuses:
            failed.append(f"some valid word is refused: {refused}")
    return model, failed


def main():
    bad = 0
    with ThreadPoolExecutor(2) as pool:
        for model, failed in pool.map(lambda row: model_check(*row), MODELS):
            print(f"{'not ok' if failed else 'ok'} {model}")
            for line in failed[:5]:
                print(f"# {line}")
            bad += bool(failed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
