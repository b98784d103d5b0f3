#!/usr/bin/env python3
"""tests/differential/window_test.py - the window mode says of every message what the whole-message mode says.

differential_window compares verdict, code, rule, offset, line, column, path, expected, found and the struct, through windows
of 256, 1024 and 2048 bytes, fed in one piece, byte by byte and at cuts drawn from a seed, each message as it is and damaged
eight times. Messages: all of cases/matrix with their schemas, the bodies of cases/onvif and cases/soap, documents of the W3C's suites, and generated ones.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

# time-out: 300
if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3" and not os.environ.get("DIFFERENTIAL_AGAIN"):
    os.environ["DIFFERENTIAL_AGAIN"] = "1"  # where Debian's python3-lxml is
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
sys.path[:0] = [str(ROOT / "tests/matrix"), str(ROOT / "tests/differential")]

try:
    from lxml import etree
    from generate import XS, Maker, Schema
except ImportError:
    etree = None

NIGHTLY = bool(os.environ.get("SOAPBARK_NIGHTLY"))
COUNT = int(os.environ.get("DIFFERENTIAL_COUNT", 5000 if NIGHTLY else 40))
SCHEMAS = ["tests/differential/matrix.xsd", "examples/thermostat/thermostat.wsdl", "cases/compile/shapes.xsd",
           "cases/compile/zoo.xsd", "cases/compile/users.wsdl", "bench/codec/bench.xsd"]
BODY = re.compile(r"<(\w+):Body\b[^>]*>\s*(.*?)\s*</\1:Body>", re.S)
SUMMARY = re.compile(r"messages (\d+) comparisons (\d+) accepted (\d+) refused (\d+) small (\d+) sunk (\d+) differ (\d+)$")


def compared(schema, messages, totals):
    """Empty, or what was wrong."""
    feed = b"".join(b"%d\n" % len(m) + m for m in messages)
    done = subprocess.run([BUILD / "tests/differential_window", schema], input=feed, capture_output=True, timeout=280)
    lines = done.stdout.decode(errors="replace").splitlines() or [""]
    said = SUMMARY.search(lines[-1])
    if not said:
        return f"stopped: {done.stderr.decode(errors='replace')[-300:]}"
    for i, n in enumerate(map(int, said.groups())):
        totals[i] += n
    if int(said[1]) != len(messages):
        return "messages were left out"
    return "" if done.returncode == 0 and said[7] == "0" else "\n# ".join(line[:700] for line in lines[:3])


def report(name, wrong):
    print(f"not ok {name}: {wrong}" if wrong else f"ok {name}")
    return bool(wrong)


def matrix(totals):
    from matrix_test import Case
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "cases/matrix").glob("*.txt")):
            case = Case(path)
            case.write(Path(folder))
            said = compared(case.folder / "main.xsd", [d.encode() for _, d, _ in case.documents], totals)
            wrong += [f"{case.name}: {said}"] if said else []
    return report("window_matrix", "; ".join(wrong[:3]))


def bodies(paths):
    """What SOAP bodies hold, with the declarations around it put back by copying the envelope's start tag."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        found += [m[2].encode("utf-8", "surrogateescape") for m in BODY.finditer(text) if m[2]]
    return found


def wire(totals):
    messages = bodies(sorted((ROOT / "cases/onvif").glob("*.txt")) + sorted((ROOT / "cases/soap").glob("*.txt")))
    failed = report("window_users", compared(ROOT / "cases/compile/users.wsdl", messages, totals))
    device = next((p for p in (ROOT.parent / "shared/onvif", ROOT / "../shared/onvif") if p.is_dir()), None)
    wsdl = next(iter(device.rglob("devicemgmt.wsdl")), None) if device else None
    if not wsdl:
        print("skip window_onvif: no ../shared/onvif here")
        return failed
    return failed + report("window_onvif", compared(wsdl, messages, totals))


def generated(totals):
    if etree is None:
        print("skip window_generated: no python3-lxml here")
        return 0
    wrong = []
    for path in SCHEMAS:
        root = etree.parse(str(ROOT / path)).getroot()
        schema = Schema([etree.fromstring(etree.tostring(s, with_tail=False)) for s in root.iter(XS + "schema")])
        names = [key for key, node in schema.items["element"].items() if node.get("abstract") != "true"]
        maker = Maker(schema, 20261130)
        said = compared(ROOT / path, [maker.message(names)[0] for _ in range(COUNT)], totals)
        wrong += [f"{path}: {said}"] if said else []
    return report("window_generated", "; ".join(wrong[:3]))


def suite_messages():
    """Documents without DTD of the XML conformance suite, each as the content of an element that takes anything."""
    sys.path.insert(0, str(ROOT / "tests/xmlconf"))
    import suite
    if not (suite.SUITE / "xmlconf.xml").is_file():
        return None
    found = [c.path.read_bytes() for c in suite.cases() if not suite.has_doctype(c.path)]
    found += [path.read_bytes() for path, _ in suite.outputs(suite.cases())]
    bare = [re.sub(rb"^\xef\xbb\xbf|^<\?xml[^>]*\?>", b"", text) for text in found]
    return [text for d, b in zip(found, bare) for text in (d, b"<w:r xmlns:w='urn:w'>" + b + b"</w:r>") if text]


def xmlconf(totals):
    messages = suite_messages()
    if messages is None:
        print("skip window_xmlconf: npm ci in tests/xmlconf brings the suite")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "any.xsd"
        schema.write_text("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:w'><xs:element name='r'><xs:complexType "
                          "mixed='true'><xs:sequence><xs:any processContents='lax' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>"
                          "</xs:complexType></xs:element></xs:schema>")
        return report("window_xmlconf", compared(schema, messages if NIGHTLY else messages[::7], totals))


def xsts_instances(suite):
    """The instances of each group that has one schema document."""
    space, href, found = "{http://www.w3.org/XML/2004/xml-schema-test-suite/}", "{http://www.w3.org/1999/xlink}href", {}
    for name in re.findall(r'testSetRef\s+xlink:href="([^"]+)"', (suite / "suite.xml").read_text(encoding="utf-8")):
        path = suite / name
        for group in ElementTree.parse(path).getroot().iter(space + "testGroup") if path.is_file() else ():
            schemas = [path.parent / e.get(href) for e in group.iter(space + "schemaDocument")]
            instances = [path.parent / e.get(href) for e in group.iter(space + "instanceDocument")]
            if len(schemas) == 1 and schemas[0].is_file():
                found.setdefault(schemas[0].resolve(), []).extend(p.read_bytes() for p in instances if p.is_file())
    return {schema: messages for schema, messages in found.items() if messages}


def xsts(totals):
    """Instances of the XML Schema test suite with their schemas; those of schemas that are none for us say nothing here."""
    place = ROOT.parent / "shared"
    if not (place / "xsts/suite.xml").is_file():
        print("skip window_xsts: no ../shared/xsts here")
        return 0
    by_schema = xsts_instances(place / "xsts")
    schemas, wrong, left = sorted(by_schema), [], 0
    for schema in schemas if NIGHTLY else schemas[::60]:
        messages = [m for m in by_schema[schema] if 0 < len(m) < 100000]
        said = compared(Path(schema), messages, totals)
        left += "is no schema for us" in said
        wrong += [f"{schema}: {said}"] if said and "is no schema for us" not in said else []
    print(f"# window_xsts: {len(schemas if NIGHTLY else schemas[::60])} schemas, {left} of them left out")
    return report("window_xsts", "; ".join(wrong[:3]))


def main():
    if not (BUILD / "tests/differential_window").is_file():
        print("not ok window: differential_window was not built")
        return 1
    totals = [0] * 7
    failed = matrix(totals) + wire(totals) + xmlconf(totals) + xsts(totals) + generated(totals)
    print("# messages %d, comparisons %d, accepted %d, refused %d, window too small %d, values to sinks %d, differ %d" % tuple(totals))
    failed += report("window_compares_both_verdicts", "" if min(*totals[:4], totals[5]) > 100 else "cases are missing")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
