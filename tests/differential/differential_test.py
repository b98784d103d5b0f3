#!/usr/bin/env python3
# time-out: 300
"""tests/differential/differential_test.py - generated messages: our verdict and libxml2's, and what survives of them.

About 2,000 messages, 100,000 with SOAPBARK_NIGHTLY; DIFFERENTIAL_COUNT asks for another number. Every message that we
accept is decoded, encoded, decoded and encoded again, through XML and through JSON; zeep reads the message and our
text of it and must find the same values. docs/differential.md explains the classes of disagreement, and their patterns
stand in judges.py: anything else fails.
"""
import os
import sys
from collections import Counter
from pathlib import Path

if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3" and not os.environ.get("DIFFERENTIAL_AGAIN"):
    os.environ["DIFFERENTIAL_AGAIN"] = "1"  # where Debian's python3-lxml and python3-zeep are
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

try:
    from generate import XS, Schema
    from judges import ROOT, Zeep, report, run
    from lxml import etree
except ImportError:
    etree = None

NIGHTLY = bool(os.environ.get("SOAPBARK_NIGHTLY"))
COUNT = int(os.environ.get("DIFFERENTIAL_COUNT", 100000 if NIGHTLY else 2000))

SCHEMAS = [("tests/differential/matrix.xsd", 4), ("examples/thermostat/thermostat.wsdl", 2), ("cases/compile/shapes.xsd", 1),
           ("cases/compile/zoo.xsd", 1), ("cases/compile/users.wsdl", 1), ("bench/codec/bench.xsd", 1)]


def schema_roots(path):
    root = etree.parse(str(path)).getroot()
    # Serialized alone, each keeps the prefixes that were declared around it.
    return [etree.fromstring(etree.tostring(schema, with_tail=False)) for schema in root.iter(XS + "schema")]


def judged(path, count, seed, totals, failures):
    roots = schema_roots(ROOT / path)
    schema = Schema(roots)
    names = [key for key, node in schema.items["element"].items() if node.get("abstract") != "true"]
    try:
        peer = Zeep(roots[0])
    except Exception:  # a schema that zeep does not take
        peer = None
    run(ROOT / path, schema, names, etree.XMLSchema(roots[0]), peer, count, seed, totals, failures)


def main():
    if etree is None:
        print("skip differential: no python3-lxml here")
        return 0
    totals, failed = Counter(), False
    shares = sum(share for _, share in SCHEMAS)
    for number, (path, share) in enumerate(SCHEMAS):
        own, failures = Counter(), []
        judged(path, COUNT * share // shares, 9765 + number, own, failures)
        totals += own
        failed |= report("agrees_" + Path(path).stem, failures, own)
    for key in sorted(totals):
        print(f"# {key}: {totals[key]}")
    return failed


sys.exit(main())
