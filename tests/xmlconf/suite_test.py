#!/usr/bin/env python3
"""tests/xmlconf/suite_test.py - the W3C XML conformance suite: exact counts, as docs/conformance.md states them.

Without DTD every document is judged; a document with a DOCTYPE is refused, whatever it is; the suite's canonical
outputs are accepted and come out of our canonical writer byte for byte.
"""
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import suite

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
ACCEPTED, REFUSED = "0", "1"


def report(name, wrong, detail=""):
    print(f"not ok {name}: {wrong}" if wrong else f"ok {name} {detail}".rstrip(), flush=True)
    return bool(wrong)


def verdicts(paths, *options):
    done = subprocess.run([COMMAND, "validate", "--well-formed", "--lines", *options], text=True, capture_output=True,
                          input="".join(f"{path}\n" for path in paths), timeout=110, check=True)
    answers = done.stdout.split()
    if len(answers) != len(paths):
        raise SystemExit(f"not ok suite: {len(answers)} answers for {len(paths)} documents")
    return answers


def wrong_ones(cases, want, *options):
    answers = verdicts([case.path for case in cases], *options)
    return [case.id for case, answer in zip(cases, answers) if answer != want(case)]


def canonical(path):
    return subprocess.run([COMMAND, "canonical", "--suite", path], capture_output=True, timeout=60).stdout


def shown(ids):
    return f"{len(ids)} differ: {' '.join(ids[:10])}" if ids else ""


def without_dtd(cases):
    """Documents of type "error" may be answered either way."""
    judged = [case for case in cases if case.type != "error"]
    want = {"not-wf": lambda case: REFUSED}
    wrong = wrong_ones(judged, lambda case: want.get(case.type, lambda c: ACCEPTED if c.namespaces else REFUSED)(case))
    return judged, wrong


def documented():
    """The figures of docs/conformance.md: row name -> number of cases."""
    text = (ROOT / "docs/conformance.md").read_text()
    return {name.strip(): int(count.replace(",", ""))
            for name, count in re.findall(r"^\| (XML: [^|]+) \| ([\d,]+) \|", text, re.M)}


def setters():
    """Files that set the reader's flag for processing instructions: no way of a message is among them [R5]."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("*.c")
                  if not path.stem.endswith(("_test", "_fuzz"))
                  and re.search(r"[.>]instructions\s*=", path.read_text()))


def main():
    allowed = ["src/engine/wellformed.c", "src/xml/canonical.c"]
    failed = report("no_message_code_allows_instructions", "" if setters() == allowed else f"set in {setters()}")
    if not suite.SUITE.is_dir():
        print("skip suite: npm ci in tests/xmlconf brings it")
        return failed
    cases = suite.cases()
    plain = [case for case in cases if not suite.has_doctype(case.path)]
    typed = [case for case in cases if suite.has_doctype(case.path)]
    judged, wrong = without_dtd(plain)
    failed |= report("documents_without_dtd", shown(wrong), f"{len(judged)} of {len(judged)}")
    wrong = wrong_ones(typed, lambda case: REFUSED)
    failed |= report("documents_with_doctype", shown(wrong), f"{len(typed)} of {len(typed)}")

    outputs = suite.outputs(cases)
    answers = verdicts([path for path, _ in outputs])
    wrong = [path.name for (path, good), answer in zip(outputs, answers) if answer != (ACCEPTED if good else REFUSED)]
    failed |= report("canonical_outputs_judged", shown(wrong), f"{len(outputs)} of {len(outputs)}")
    good = [path for path, namespaces in outputs if namespaces]
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(canonical, good))
    wrong = [path.name for path, form in zip(good, written) if form != path.read_bytes()]
    failed |= report("canonical_outputs_reproduced", shown(wrong), f"{len(good)} of {len(good)}")

    # What a message may not have: the same documents as messages.
    answers = verdicts([case.path for case in judged], "--message")
    more = Counter(case.type for case, answer in zip(judged, answers)
                   if answer == REFUSED and case.type != "not-wf" and case.namespaces)
    counts = {"XML: documents without DTD": len(judged), "XML: documents with a DOCTYPE": len(typed),
              "XML: canonical outputs": len(outputs), "XML: canonical outputs reproduced": len(good),
              "XML: refused as messages only": sum(more.values())}
    failed |= report("counts_are_the_documented_ones", "" if documented() == counts else f"{counts} != {documented()}")
    return failed


sys.exit(main())
