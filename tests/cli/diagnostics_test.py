#!/usr/bin/env python3
"""tests/cli/diagnostics_test.py - diagnostics for programs: JSON lines, and SARIF held to the shape that its standard states."""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
SANITIZED = b"__asan_init" in COMMAND.read_bytes()  # its shadow memory alone is terabytes of address space
XS = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">'

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def run(folder, *words):
    return subprocess.run([str(COMMAND), *words], cwd=folder, capture_output=True, timeout=60)


def uint(least):
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= least


def text(v):
    return isinstance(v, str) and bool(v)


def listing(shape):
    return lambda v: isinstance(v, list) and all(fits(x, shape) for x in v)


def fits(value, shape):
    """shape: {member: test or shape}; a name with '?' may be absent; no other members."""
    if callable(shape):
        return shape(value)
    if not isinstance(value, dict):
        return False
    known = {name.rstrip("?"): test for name, test in shape.items()}
    return (set(value) <= set(known) and all(name in value for name in shape if not name.endswith("?")) and
            all(fits(value[name], known[name]) for name in value))


MESSAGE = {"text": text}
# [SARIF 3.29, 3.30] lines and columns count from 1; [3.4.3] a URI reference has no blanks and no raw bytes
PLACE = {"artifactLocation": {"uri": lambda v: bool(re.fullmatch(r"([A-Za-z0-9._~/!$&'()*+,;=@:?\[\]-]|%[0-9A-F]{2})+", v))},
         "region": {"startLine": uint(1), "startColumn": uint(1)}}
LEVEL = lambda v: v in ("none", "note", "warning", "error")
RULE = {"id": lambda v: bool(re.fullmatch(r"[EW]\d{4}", v)), "shortDescription": MESSAGE, "fullDescription": MESSAGE,
        "defaultConfiguration": {"level": LEVEL}}
RESULT = {"ruleId": text, "ruleIndex": uint(0), "level": LEVEL, "message": MESSAGE,
          "locations?": listing({"physicalLocation": PLACE}),
          "relatedLocations?": listing({"id": uint(0), "message": MESSAGE, "physicalLocation?": PLACE})}
LOG = {"$schema": text, "version": lambda v: v == "2.1.0",
       "runs": listing({"tool": {"driver": {"name": text, "version": text, "rules": listing(RULE)}},
                        "columnKind": lambda v: v in ("utf16CodeUnits", "unicodeCodePoints"),
                        "invocations": listing({"executionSuccessful": lambda v: isinstance(v, bool)}),
                        "results": listing(RESULT)})}


def sarif(done, count):
    """The results of a log, or a complaint."""
    log = json.loads(done.stderr.decode())
    if not fits(log, LOG):
        return None, "not the shape of a SARIF log: " + done.stderr.decode()[-600:]
    found, rules = log["runs"][0]["results"], log["runs"][0]["tool"]["driver"]["rules"]
    if any(rules[r["ruleIndex"]]["id"] != r["ruleId"] for r in found):
        return None, "an index leads to another rule"
    if len({r["id"] for r in rules}) != len(rules):
        return None, "a rule stands twice"
    if log["runs"][0]["invocations"][0]["executionSuccessful"] != (not any(r["level"] == "error" for r in found)):
        return None, "executionSuccessful is wrong"
    return (found, None) if len(found) == count else (None, f"{len(found)} results, {count} expected")


def files_write(folder):
    (folder / "main.xsd").write_text(XS + '\n<xs:include schemaLocation="in ner.xsd"/></xs:schema>')
    (folder / "in ner.xsd").write_text(XS + '\n<!-- \u00e4\u00f6 --><xs:element name="a" type="t:Scpoe"/>\n'
                                       '<xs:simpleType name="Scope"><xs:restriction base="xs:strng"/></xs:simpleType>\n</xs:schema>',
                                       encoding="utf-8")
    (folder / "good.xsd").write_text(XS + '<xs:element name="a" type="xs:int"/></xs:schema>')
    (folder / "bad.xml").write_text('<a xmlns="urn:t">\n"x\\\x7f</a>')
    (folder / "good.xml").write_text('<a xmlns="urn:t">1</a>')


def json_lines(folder):
    done = run(folder, "compile", "main.xsd", "--diagnostics-format=json")
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    if done.returncode != 2 or len(lines) != 3 or lines[2] != {"severity": "summary", "errors": 2, "shown": 2}:
        return done.stderr.decode()
    first = lines[0]
    if (first["code"], first["severity"], first["file"], first["line"]) != ("E0301", "error", "in ner.xsd", 2):
        return first
    if first["column"] != 41 or not any("did you mean 'Scope'" in n["message"] for n in first["notes"]):
        return first
    if [(p["file"], p["line"]) for p in first["imported"]] != [("main.xsd", 2)]:
        return first
    return None if any("did you mean 'string'" in n["message"] for n in lines[1]["notes"]) else lines[1]


def sarif_log(folder):
    found, why = sarif(run(folder, "compile", "main.xsd", "--diagnostics-format", "sarif"), 2)
    if why:
        return why
    place = found[0]["locations"][0]["physicalLocation"]
    if place["artifactLocation"]["uri"] != "in%20ner.xsd" or place["region"] != {"startLine": 2, "startColumn": 39}:
        return place
    return None if [r["message"]["text"] for r in found[0]["relatedLocations"]][-1] == "imported here" else found[0]


def sarif_without_complaints(folder):
    for words in (["compile", "good.xsd", "-o", "out"], ["validate", "good.xml", "--schema", "good.xsd"]):
        done = run(folder, *words, "--diagnostics-format=sarif")
        why = sarif(done, 0)[1] if done.returncode == 0 else done.stderr
        if why:
            return why
    return None


def documents(folder):
    for words, status in ((["validate", "bad.xml", "--schema", "good.xsd"], 1), (["canonical", "bad.xml", "--id", "x"], 1)):
        done = run(folder, *words, "--diagnostics-format=sarif")
        if done.returncode != status:
            return words, done.stderr
        why = sarif(done, 1)[1]
        if why:
            return words, why
    line = run(folder, "validate", "bad.xml", "--schema", "good.xsd", "--diagnostics-format=json").stderr.decode().splitlines()[0]
    return None if json.loads(line)["code"] == "E0804" else line


def schema_of_other_verbs(folder):
    done = run(folder, "call", "http://127.0.0.1:1/", "Op", "--wsdl", "main.xsd", "--diagnostics-format=sarif")
    return sarif(done, 2)[1] if done.returncode == 2 else done.stderr


def names_without_utf8(folder):
    name = b"\xff\xfe\".xsd"
    (Path(os.fsdecode(os.fsencode(str(folder)) + b"/" + name))).write_text("<x/>")
    done = subprocess.run([os.fsencode(str(COMMAND)), b"compile", name, b"--diagnostics-format=sarif"], cwd=folder, capture_output=True)
    found, why = sarif(done, 1)
    if why:
        return why
    if found[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] != "%FF%FE%22.xsd":
        return found
    done = subprocess.run([os.fsencode(str(COMMAND)), b"compile", name, b"--diagnostics-format=json"], cwd=folder, capture_output=True)
    return None if json.loads(done.stderr.splitlines()[0])["file"] == '\ufffd\ufffd".xsd' else done.stderr


def memory_is_capped(folder):
    """A schema over the bound of a decoded file, and a machine that gives less: a message each, no crash."""
    with open(folder / "huge.xsd", "w") as f:
        f.write(XS + '<xs:element name="r"><xs:complexType><xs:sequence>')
        f.writelines(f'<xs:element name="m{i}" type="xs:int"/>' for i in range(500000))
        f.write("</xs:sequence></xs:complexType></xs:element></xs:schema>")
    done = run(folder, "compile", "huge.xsd")
    if done.returncode != 2 or b"error[E" not in done.stderr or b"memory budget" not in done.stderr:
        return done.returncode, done.stderr[:300]
    for kilobytes in () if SANITIZED else (100000, 200000, 300000):
        limit = kilobytes * 1024
        done = subprocess.run([str(COMMAND), "compile", "good.xsd"], cwd=folder, capture_output=True, timeout=60,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        if done.returncode not in (0, 2, 3) or (done.returncode and b"out of memory" not in done.stderr):
            return kilobytes, done.returncode, done.stderr[:300]
    return None


def memory_is_one_budget(folder):
    """--memory bounds the stages together: also the address space, and what the system says is used. Twice what does not do does."""
    with open(folder / "many.xsd", "w") as f:
        f.write(XS + "".join(f'<xs:complexType name="t{i}"><xs:sequence><xs:element name="e" type="xs:int"/></xs:sequence>'
                             "</xs:complexType>" for i in range(20000)) + "</xs:schema>")
    for mib, status, form in ((192, 2, "text"), (192, 2, "json"), (512, 0, "text")):
        limit = (mib + 64) << 20  # the program itself, and its libraries
        done = subprocess.run([str(COMMAND), "compile", "--quiet", "-o", "out", "--memory", str(mib), "--diagnostics-format", form,
                               "many.xsd"], cwd=folder, capture_output=True, timeout=60,
                              preexec_fn=None if SANITIZED else lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        if done.returncode != status or (status and (b"E0702" not in done.stderr or b"budget of 192 MiB" not in done.stderr)):
            return mib, form, done.returncode, done.stderr[:300]
        if form == "json" and [json.loads(line)["severity"] for line in done.stderr.splitlines()] != ["error", "summary"]:
            return done.stderr[:300]
    for wrong in ("0", "191", "1048577", "99999999999999999999999", "2G", "-5", ""):
        done = run(folder, "validate", "--memory", wrong, "--schema", "good.xsd", "good.xsd")
        if done.returncode != 2 or b"--memory is a number of MiB" not in done.stderr:
            return wrong, done.returncode, done.stderr[:300]
    return None


def wrong_format(folder):
    done = run(folder, "compile", "good.xsd", "--diagnostics-format=xml")
    return None if done.returncode == 2 and b"text, json or sarif" in done.stderr else done.stderr


with tempfile.TemporaryDirectory() as top:
    base = Path(top)
    files_write(base)
    for test in (json_lines, sarif_log, sarif_without_complaints, documents, schema_of_other_verbs, names_without_utf8, wrong_format,
                 memory_is_capped, memory_is_one_budget):
        report(test.__name__, test(base))
sys.exit(failed > 0)
