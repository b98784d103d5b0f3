#!/usr/bin/env python3
# time-out: 300
"""tests/xmlconf/canonical_test.py - our canonical forms and libxml2's, byte by byte.

Documents are those of the W3C suite that need no DTD, the schemas and descriptions of this repository, and generated
ones, in which prefixes are declared, hidden, declared again and used in turn. Whole documents go through lxml and
xmllint; single elements, as subsets of their document, through libxml2 itself, because lxml cannot ask for them.
"""
import ctypes
import ctypes.util
import os
import random
import subprocess
import sys
import tempfile
import xml.parsers.expat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import suite

if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3" and not os.environ.get("CANONICAL_AGAIN"):
    os.environ["CANONICAL_AGAIN"] = "1"  # where Debian's python3-lxml is
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
NIGHTLY = bool(os.environ.get("SOAPBARK_NIGHTLY"))
GENERATED = 2000 if NIGHTLY else 150
# No "&": libxml2 writes "&#38;" for the one in a namespace name, where [C14N10 2.3] wants "&amp;".
URIS = ["urn:a", "urn:b", "http://example.org/c", "urn:d"]
PREFIXES = ["p", "q", "r", "xs"]
TEXTS = ["", "x", " a  b ", "&#13;\r\n\n", "<![CDATA[a>&<]]>", "&lt;&gt;&amp;&quot;&apos;", "\xe9\u20ac\U0001f600", "<!--c-->",
         "<?i  data ?>", "\t]]&gt;", "&#x9;&#xA;"]
# Without what libxml2's joining of references does otherwise than [C14N11 2.4]: it keeps fragments, gives a ".." at the end no
# slash, drops a path that leaves the root, and escapes colons.
BASES = ["http://example.org/a/b", "http://example.org/c/", "d/e", "f/", "../g", "h", "./i/", "/j/k", "../l/", "m?n", "?q=&amp;r"]
VALUES = ["", "v", "&#9;&#10;&#13;", "a\tb\nc\r\nd", "&lt;>&amp;&quot;", "\xe9'"]


def element(rng, scope, depth):
    """One element; scope maps prefixes to the URIs that they stand for."""
    scope = dict(scope)
    parts = []
    for prefix in rng.sample([""] + PREFIXES, rng.choice([0, 0, 1, 1, 2, 3])):
        uri = rng.choice(URIS + ([""] if not prefix else []))
        scope[prefix] = uri
        parts.append((f"xmlns:{prefix}" if prefix else "xmlns", uri))
    name = rng.choice([p for p, uri in scope.items() if p and uri] + [""])
    used = set()
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        prefix = rng.choice([p for p, uri in scope.items() if p and uri] + ["", "xml"])
        local = rng.choice(["lang", "space", "id", "x", "base"]) if prefix == "xml" else rng.choice("abcde")
        key = (scope.get(prefix) if prefix else "", local) if prefix != "xml" else ("xml", local)
        if key in used:
            continue
        used.add(key)
        value = rng.choice(VALUES)
        if local == "base":
            value = rng.choice(BASES)
        if local == "space":
            value = "preserve"
        if prefix == "xml" and local == "id":
            value = "id" # libxml2 looks at its form
        parts.append((f"{prefix}:{local}" if prefix else local, value))
    rng.shuffle(parts)
    tag = f"{name}:{rng.choice('ABC')}" if name else rng.choice("ABC")
    quote = rng.choice("\"'") if all("'" not in v for _, v in parts) else '"'
    head = f"<{tag}" + "".join(f"{rng.choice([' ', chr(10), '  '])}{k}={quote}{v}{quote}" for k, v in parts)
    content = "".join(rng.choice(TEXTS) + (element(rng, scope, depth - 1) if depth > 0 else "")
                      for _ in range(rng.choice([0, 1, 2, 3]))) + rng.choice(TEXTS)
    return f"{head}>{content}</{tag} >" if content or rng.random() < 0.5 else f"{head}/>"


def generated(seed):
    rng = random.Random(seed)
    around = ["", "<!-- before -->", "<?style sheet?>", "\n"]
    return (rng.choice(['<?xml version="1.0" encoding="UTF-8"?>\n', ""]) + rng.choice(around)
            + element(rng, {}, 4) + rng.choice(around) + rng.choice(around)).encode()


def documents(folder):
    """Paths of what is compared."""
    found = []
    if suite.SUITE.is_dir():
        found += [case.path for case in suite.cases()
                  if case.type in ("valid", "invalid") and case.namespaces and not suite.has_doctype(case.path)]
        found += [path for path, namespaces in suite.outputs(suite.cases()) if namespaces]
    for pattern in ("catalog/*.xsd", "examples/**/*.wsdl", "examples/**/*.xsd", "onvif/**/*.wsdl", "cases/**/*.xsd",
                    "cases/**/*.wsdl"):
        found += sorted(ROOT.glob(pattern))
    for seed in range(GENERATED):
        path = Path(folder) / f"generated-{seed}.xml"
        path.write_bytes(generated(seed))
        found.append(path)
    return found


def ours(path, *options):
    done = subprocess.run([COMMAND, "canonical", path, *options], capture_output=True, timeout=60)
    return done.stdout if done.returncode == 0 else done.stderr + b"status %d" % done.returncode


WHOLE = [
    ("inclusive", [], {"exclusive": False, "with_comments": False}),
    ("inclusive_comments", ["--comments"], {"exclusive": False, "with_comments": True}),
    ("exclusive", ["--exclusive"], {"exclusive": True, "with_comments": False}),
    ("exclusive_comments", ["--exclusive", "--comments"], {"exclusive": True, "with_comments": True}),
    ("exclusive_prefixes", ["--exclusive", "--prefixes", "p xs tns"],
     {"exclusive": True, "with_comments": False, "inclusive_ns_prefixes": ["p", "xs", "tns"]}),
]


def lxml_forms(etree, path):
    """Ours and lxml's for each method: the names of those that differ; None when lxml has no form."""
    try:
        tree = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, huge_tree=True)).getroottree()
        theirs = [etree.tostring(tree, method="c14n", **keywords) for _, _, keywords in WHOLE]
    except (etree.XMLSyntaxError, etree.C14NError):  # such as relative namespace URIs, which C14N 1.0 has no form for
        return None
    return [name for (name, options, _), form in zip(WHOLE, theirs) if ours(path, *options) != form]


class Library:
    """The few functions of libxml2 that canonicalize a subset."""

    METHODS = {"--inclusive": 0, "--exclusive": 1, "--inclusive-11": 2}

    def __init__(self):
        self.c = ctypes.CDLL(ctypes.util.find_library("xml2") or "libxml2.so.2")
        for name in ("xmlReadMemory", "xmlXPathNewContext", "xmlXPathEvalExpression"):
            getattr(self.c, name).restype = ctypes.c_void_p

    def form(self, text, number, method, comments, prefixes=()):
        """The canonical form of the element with that number, from 1 in document order."""
        c = self.c
        doc = ctypes.c_void_p(c.xmlReadMemory(text, len(text), b"urn:doc", None, 1 << 19 | 1 << 5 | 1 << 6))
        context = ctypes.c_void_p(c.xmlXPathNewContext(doc))
        nodes = f"(//*)[{number}]/descendant-or-self::node()"
        found = ctypes.c_void_p(c.xmlXPathEvalExpression(f"{nodes} | {nodes}/@* | {nodes}/namespace::*".encode(), context))
        # struct xmlXPathObject begins with its type and the node set
        node_set = ctypes.cast(found, ctypes.POINTER(ctypes.c_void_p))[1]
        out = ctypes.c_char_p()
        listed = (ctypes.c_char_p * (len(prefixes) + 1))(*[p.encode() for p in prefixes], None)
        size = c.xmlC14NDocDumpMemory(doc, ctypes.c_void_p(node_set), self.METHODS[method],
                                      listed if prefixes else None, int(comments), ctypes.byref(out))
        form = ctypes.string_at(out, size) if size >= 0 else None
        c.xmlXPathFreeObject(found)
        c.xmlXPathFreeContext(context)
        c.xmlFreeDoc(doc)
        return form


def offsets(text):
    """Where each element begins, in document order."""
    found = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda *_: found.append(parser.CurrentByteIndex)
    parser.Parse(text, True)
    return found


def parts_differ(library, path, rng):
    text, wrong, count = path.read_bytes(), [], 0
    starts = offsets(text)
    for number in sorted(rng.sample(range(1, len(starts) + 1), min(3, len(starts)))):
        for method, listed in (("--inclusive", []), ("--exclusive", []), ("--exclusive", ["p", "#default"]),
                               ("--inclusive-11", [])):
            comments = rng.random() < 0.5
            options = ([] if method == "--inclusive" else [method]) + ["--offset", str(starts[number - 1])]
            options += ["--comments"] if comments else []
            options += ["--prefixes", " ".join(listed)] if listed else []
            theirs = library.form(text, number, method, comments, listed)
            count += 1
            if ours(path, *options) != theirs:
                wrong.append(f"{path} {' '.join(options)}")
    return count, wrong


def bases_differ(library, folder, count):
    """[C14N11 2.4] The innermost of elements with an xml:base each, as a part by itself."""
    rng, wrong = random.Random(11), []
    for number in range(count):
        values = [rng.choice(BASES) for _ in range(rng.choice([2, 2, 3, 4]))]
        own = rng.random() < 0.7
        text = "".join(f"<e xml:base='{value}'>" for value in values[:len(values) if own else -1]) + ("" if own else "<e>")
        path, start = Path(folder) / "bases.xml", text.rindex("<e")
        path.write_text(text + "</e>" * len(values))
        form = ours(path, "--inclusive-11", "--offset", str(start))
        if form != library.form(path.read_bytes(), len(values), "--inclusive-11", False):
            wrong.append(f"{values} {form}")
    return wrong


def report(name, wrong, count):
    print(f"not ok {name}: {len(wrong)} of {count} differ: {'; '.join(map(str, wrong[:5]))}" if wrong or not count
          else f"ok {name} {count}", flush=True)
    return bool(wrong) or not count


def main():
    failed = False
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        paths = documents(folder)
        try:
            from lxml import etree
        except ImportError:
            print("skip forms_of_documents: no python3-lxml here")
        else:
            results = list(pool.map(lambda path: lxml_forms(etree, path), paths))
            known = [(path, wrong) for path, wrong in zip(paths, results) if wrong is not None]
            for name, _, _ in WHOLE:
                failed |= report(f"documents_{name}", [path for path, wrong in known if name in wrong], len(known))
        try:
            done = [subprocess.run(["xmllint", option, "--nonet", path], capture_output=True) for path in paths[-40:]
                    for option in ("--c14n11",)]
        except FileNotFoundError:
            print("skip documents_xmllint: no xmllint here")
        else:
            wrong = [path for path, theirs in zip(paths[-40:], done)
                     if theirs.stdout != ours(path, "--inclusive-11", "--comments")]
            failed |= report("documents_inclusive_11_xmllint", wrong, len(done))
        try:
            library = Library()
        except OSError:
            print("skip forms_of_parts: no libxml2 here")
        else:
            rng = random.Random(4)
            results = [parts_differ(library, path, rng) for path in paths if path.name.startswith("generated")]
            chains = 2000 if NIGHTLY else 100
            failed |= report("bases", bases_differ(library, folder, chains), chains)
            failed |= report("parts", [w for _, wrong in results for w in wrong], sum(n for n, _ in results))
    return failed


sys.exit(main())
