#!/usr/bin/env python3
# time-out: 300
"""tests/differential/corpora_test.py - what is written is what was read: the values of tests/matrix/facets_test.py and the
documents of cases/matrix, decoded, encoded, decoded and encoded again, as XML and by way of JSON.

Each valid one must come back as the same bytes both ways, so that the value that a facet lets in is one that the encoder lets
out; each invalid one is refused.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
NIL_ROOT = re.compile(r"<[^<>]*nil='true'[^<>]*>")  # [docs/reading.md] a struct of zeros, which is no value of some simple types
sys.path.insert(0, str(ROOT / "tests/matrix"))
from facets_test import document, table_make  # noqa: E402
from matrix_test import Case  # noqa: E402


def answers(schema, messages):
    """(verdict, round, json) of each message."""
    feed = b"".join(b"%d\n" % len(m) + m for m in messages)
    out = subprocess.run([BUILD / "tests/differential_verdict", schema], input=feed, stdout=subprocess.PIPE, check=False, timeout=120).stdout
    found, at = [], 0
    while at < len(out):
        end = out.index(b"\n", at)
        line = out[at:end].decode().split()
        at = end + 1 + int(line[3])
        found.append(tuple(line[:3]))
    return found


def facets(folder):
    table, wrong, values = table_make(), [], 0
    for kind in table.elements:
        schema = folder / f"{kind}.xsd"
        schema.write_text(table.schema(kind), encoding="utf-8")
        rows = [(name, text, valid) for of, name, text, valid in table.documents if of == kind]
        messages = [document(kind, name, text).encode() for name, text, _ in rows]
        said = answers(schema, messages)
        values += len(said)
        if len(said) != len(rows):
            wrong.append(f"{kind}: stopped after {len(said)} of {len(rows)}")
        for (name, text, valid), answer in zip(rows, said):
            if answer[0] != ("valid" if valid else "invalid") or (valid and answer[1:] != ("same", "same")):
                wrong.append(f"{name} {text!r}: {' '.join(answer)}")
    return values, wrong


def matrix(folder):
    wrong, documents = [], 0
    for path in sorted((ROOT / "cases/matrix").glob("*.txt")):
        case = Case(path)
        case.write(folder)
        said = answers(case.folder / "main.xsd", [text.encode() for _, text, _ in case.documents])
        documents += len(said)
        if len(said) != len(case.documents):
            wrong.append(f"{case.name}: stopped after {len(said)} of {len(case.documents)}")
        for number, ((valid, text, _), answer) in enumerate(zip(case.documents, said)):
            if valid and answer[:2] == ("valid", "not-encoded") and NIL_ROOT.match(text):
                continue
            if answer[0] != ("valid" if valid else "invalid") or (valid and answer[1:] != ("same", "same")):
                wrong.append(f"{case.name} {number} {text}: {' '.join(answer)}")
    return documents, wrong


def report(name, found, least):
    count, wrong = found
    for why in wrong[:40]:
        print(f"# {why}"[:300])
    good = not wrong and count >= least
    print(f"ok {name} {count}" if good else f"not ok {name}: {len(wrong)} of {count}")
    return not good


def main():
    if not (BUILD / "tests/differential_verdict").is_file():
        print("not ok corpora: differential_verdict was not built")
        return 1
    with tempfile.TemporaryDirectory() as place:
        failed = report("facets_there_and_back", facets(Path(place)), 1410)
        return 1 if report("matrix_there_and_back", matrix(Path(place)), 363) or failed else 0


if __name__ == "__main__":
    sys.exit(main())
