#!/usr/bin/env python3
"""tests/matrix/verdicts_test.py - what the specification decides about schemas and documents, rule by rule: the neighbours of the W3C suite's cases.

cases/verdicts/NAME.txt holds many small cases, line by line:

    right WHAT                  a schema that is one
    wrong CODE WHAT             a schema that is none: it is refused, first with the diagnostic CODE
    schema ATTRIBUTES           more attributes for its xs:schema
    document                    the indented lines are the whole schema file, not the inside of xs:schema
    file NAME                   another file: the indented lines that follow
    valid DOCUMENT              about the schema above; <t:r> gets declarations of t, xs and xsi
    invalid DOCUMENT

Every verdict is that of the specification; `--strict` is asked, which judges by XSD 1.0.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# time-out: 300
ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
HEAD = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:t' xmlns:t='urn:t' targetNamespace='urn:t' %s>\n%s</xs:schema>\n"
SPACES = "<t:r xmlns:t='urn:t' xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
LEAST = 1400  # verdicts


class Case:
    def __init__(self, name, code):
        self.name, self.code, self.attributes, self.whole = name, code, "", False
        self.files, self.documents = {"main.xsd": ""}, []

    def write(self, folder):
        self.folder = folder
        folder.mkdir()
        if not self.whole:
            self.files["main.xsd"] = HEAD % (self.attributes, self.files["main.xsd"])
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        for i, (_, document) in enumerate(self.documents):
            (folder / f"{i}.xml").write_text(document.replace("<t:r", SPACES, 1), encoding="utf-8")


def cases_read(path):
    cases, where = [], "main.xsd"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if line.startswith("  "):
            cases[-1].files[where] += line[2:] + "\n"
        elif word in ("right", "wrong"):
            code, _, name = rest.partition(" ") if word == "wrong" else (None, None, rest)
            cases.append(Case(f"{path.stem}: {name}", code))
            where = "main.xsd"
        elif word == "schema":
            cases[-1].attributes = rest
        elif word == "document":
            cases[-1].whole = True
        elif word == "file":
            where = rest
            cases[-1].files[where] = ""
        elif word in ("valid", "invalid"):
            cases[-1].documents.append((word, rest))
        elif word not in ("", "#"):
            raise ValueError(f"{path.name}:{number}: {line}")
    return cases


def answers(cases):
    lines = []
    for case in cases:
        lines.append(f"{case.folder}/main.xsd")
        lines += [f"{case.folder}/main.xsd\t{case.folder}/{i}.xml" for i in range(len(case.documents))]
    command = [str(COMMAND), "validate", "--strict", "--lines"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", text=True, capture_output=True, timeout=280)
    return done.stdout.split()


def first_code(case):
    command = [str(COMMAND), "validate", "--strict", "--schema", str(case.folder / "main.xsd"), os.devnull]
    done = subprocess.run(command, text=True, capture_output=True, timeout=60)
    found = re.search(r"error\[(\w+)\]", done.stderr)
    return found.group(1) if found else "no error"


def main():
    with tempfile.TemporaryDirectory() as top:
        cases = [case for path in sorted((ROOT / "cases/verdicts").glob("*.txt")) for case in cases_read(path)]
        for i, case in enumerate(cases):
            case.write(Path(top) / str(i))
        got, at, failed = answers(cases), 0, 0
        for case in cases:
            own = got[at:at + 1 + len(case.documents)]
            at += 1 + len(case.documents)
            wants = ["2" if case.code else "0"] + ["0" if word == "valid" else "1" for word, _ in case.documents]
            wrong = [i for i, want in enumerate(wants) if i >= len(own) or own[i] != want]
            if not wrong and case.code and first_code(case) != case.code:
                print(f"not ok {case.name}: refused with {first_code(case)}, not {case.code}")
            elif wrong:
                what = "the schema" if wrong[0] == 0 else case.documents[wrong[0] - 1][1]
                said = own[wrong[0]] if wrong[0] < len(own) else "nothing"
                print(f"not ok {case.name}: {said} instead of {wants[wrong[0]]} for {what}")
            else:
                continue
            failed += 1
    enough = at >= LEAST
    print(f"{'ok' if not failed else 'not ok'} {at} verdicts of {len(cases)} schemas are the specification's: {failed} schemas differ")
    print(f"{'ok' if enough else 'not ok'} at least {LEAST} verdicts")
    return 0 if enough and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
