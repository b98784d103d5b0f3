"""tools/checks/codes.py - every diagnostic code is said somewhere, and somebody has seen it said.

A code of compiler/codes.h is used in a source of the compiler or the command line, and reached: it has a wrong example in
compiler/codes.c (codes_test.c compiles those), or a test names it.
"""
import re

from .tree import Finding

CODE = re.compile(r"^\s*SOAPC_([EW])_(\w+) = (\d+)")
HEADER = "compiler/codes.h"
NO_EXAMPLE = re.compile(r"NULL,\s*NULL \},?\s*$")


def rows_of(text):
    """The row of each code in codes.c."""
    parts = re.split(r"\n    \{ (SOAPC_[EW]_\w+),", text)
    return dict(zip(parts[1::2], parts[2::2]))


def check(tree):
    findings = []
    said, tested, table = "", "", ""
    for path in sorted(tree.root.glob("compiler/**/*.[ch]")) + sorted(tree.root.glob("cli/**/*.[ch]")):
        if path.name in ("codes.h", "diag.h"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.name == "codes.c":
            table = text
        elif path.name.endswith("_test.c"):
            tested += text
        else:
            said += text
    for path in sorted(tree.root.glob("tests/*/*_test.*")):
        tested += path.read_text(encoding="utf-8")
    rows = rows_of(table.split("\n};", 1)[0])
    for number, line in enumerate((tree.root / HEADER).read_text(encoding="utf-8").splitlines(), 1):
        m = CODE.match(line)
        if not m:
            continue
        name, printed = f"SOAPC_{m.group(1)}_{m.group(2)}", f"{m.group(1)}{int(m.group(3)):04d}"
        word = re.compile(rf"\b{name}\b")
        if not word.search(said):
            findings.append(Finding(HEADER, number, f"{name} is said nowhere"))
        if name not in rows:
            findings.append(Finding(HEADER, number, f"{name} has no row in compiler/codes.c"))
        elif NO_EXAMPLE.search(rows[name].rstrip()) and not word.search(tested) and printed not in tested:
            findings.append(Finding(HEADER, number, f"{name} ({printed}) has neither example nor test"))
    return findings
