#!/usr/bin/env python3
"""tests/matrix/matrix_test.py - one small schema for each construct of XML Schema, with documents that are valid and invalid.

cases/matrix/NAME.txt, line by line:

    # what the construct is
    xsd 1.0                     or 1.1; schemas of 1.0 are judged with --strict
    note WORD                   a warning must name WORD (constructs of 1.1 that have no whole effect)
    schema main.xsd ATTRIBUTES  the main schema; the indented lines that follow are its content
    file NAME                   another file, whole, indented
    valid DOCUMENT              one document a line, which must be accepted
    invalid DOCUMENT            and one that must be refused
    xmllint differs: WHY        about the document above: libxml2 says otherwise, and why it is wrong

Where xmllint is installed it is the second opinion for every document of 1.0: it must agree save where a case says so.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# time-out: 300
ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
CONSTRUCTS, CONSTRUCTS_11, VALID, INVALID = 92, 9, 106, 88  # at least


class Case:
    def __init__(self, path):
        self.name, self.xsd, self.note, self.documents, self.files = path.stem, None, None, [], {}
        text, where = path.read_text(encoding="utf-8"), None
        for line in text.splitlines():
            if line.startswith("  "):
                self.files[where] += line[2:] + "\n"
                continue
            word, _, rest = line.partition(" ")
            if word == "xsd":
                self.xsd = rest
            elif word == "note":
                self.note = rest
            elif word == "schema":
                where, _, attributes = rest.partition(" ")
                self.files[where] = (f"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:t' xmlns:t='urn:t' "
                                     f"targetNamespace='urn:t' {attributes}>\n")
            elif word == "file":
                where = rest
                self.files[where] = ""
            elif word in ("valid", "invalid"):
                self.documents.append([word == "valid", rest, False])
            elif line.startswith("xmllint differs: "):
                self.documents[-1][2] = True
            elif word != "#":
                raise ValueError(f"{path.name}: {line}")
        self.files["main.xsd"] += "</xs:schema>\n"

    def write(self, folder):
        self.folder = folder / self.name
        self.folder.mkdir()
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        for i, (_, document, _) in enumerate(self.documents):
            (self.folder / f"{i}.xml").write_text(document + "\n", encoding="utf-8")


def answers(cases, strict):
    lines = []
    for case in cases:
        lines.append(f"{case.folder}/main.xsd")
        lines += [f"{case.folder}/main.xsd\t{case.folder}/{i}.xml" for i in range(len(case.documents))]
    command = [str(COMMAND), "validate", "--lines"] + (["--strict"] if strict else [])
    done = subprocess.run(command, input="\n".join(lines) + "\n", text=True, capture_output=True, timeout=240)
    return done.stdout.split()


def warns(case):
    command = [str(COMMAND), "compile", "--quiet", "-o", str(case.folder), str(case.folder / "main.xsd")]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60)
    return done.returncode == 0 and any("W0902" in line and case.note in line for line in done.stderr.splitlines())


def judge(cases, strict):
    said, failed = iter(answers(cases, strict)), 0
    for case in cases:
        wrong = [] if next(said, None) == "0" else ["the schema is refused"]
        for i, (valid, _, _) in enumerate(case.documents):
            answer = next(said, "nothing")
            if answer != ("0" if valid else "1"):
                wrong.append(f"{'valid' if valid else 'invalid'} document {i} is answered {answer}")
        if case.note and not warns(case):
            wrong.append(f"no warning names {case.note}")
        print(f"not ok matrix_{case.name}: {'; '.join(wrong)}" if wrong else f"ok matrix_{case.name}")
        failed += bool(wrong)
    return failed


def xmllint_agrees(cases):
    if not shutil.which("xmllint"):
        print("skip xmllint_agrees: no xmllint here")
        return 0
    wrong, differing = [], 0
    for case in cases:
        names = [f"{i}.xml" for i in range(len(case.documents))]
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", "main.xsd"] + names, cwd=case.folder, text=True,
                              capture_output=True, timeout=60)
        lines = done.stderr.splitlines()
        for i, (valid, _, differs) in enumerate(case.documents):
            accepted = f"{i}.xml validates" in lines
            differing += differs
            if (accepted == valid) == differs:
                wrong.append(f"{case.name} {i}")
    print(f"# xmllint differs on {differing} documents, as the cases say")
    print(f"not ok xmllint_agrees: {', '.join(wrong)}" if wrong else "ok xmllint_agrees")
    return bool(wrong)


def main():
    if not COMMAND.is_file():
        print("not ok matrix: the command was not built")
        return 1
    cases = [Case(path) for path in sorted((ROOT / "cases" / "matrix").glob("*.txt"))]
    first, later = [c for c in cases if c.xsd == "1.0"], [c for c in cases if c.xsd == "1.1"]
    documents = [d for c in cases for d in c.documents]
    valid = sum(d[0] for d in documents)
    print(f"# {len(first)} constructs of XSD 1.0 and {len(later)} of 1.1, {valid} valid and {len(documents) - valid} invalid documents")
    with tempfile.TemporaryDirectory() as name:
        for case in cases:
            case.write(Path(name))
        failed = judge(first, True) + judge(later, False) + xmllint_agrees(first)
    if len(first) < CONSTRUCTS or len(later) < CONSTRUCTS_11 or valid < VALID or len(documents) - valid < INVALID:
        print("not ok matrix_is_whole: cases are missing")
        return 1
    print("ok matrix_is_whole")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
