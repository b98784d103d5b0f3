#!/usr/bin/env python3
"""tests/cli/json_test.py - `soapbark json` in both directions: each row of docs/json.md's mapping, and errors with places."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType>
  <xs:complexType name="More"><xs:complexContent><xs:extension base="Base"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence>
    </xs:extension></xs:complexContent></xs:complexType>
  <xs:element name="plain" type="xs:long"/>
  <xs:element name="all"><xs:complexType><xs:sequence>
    <xs:element name="text" minOccurs="0"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="xs:token"/>
      </xs:extension></xs:simpleContent></xs:complexType></xs:element>
    <xs:element name="many" type="xs:unsignedLong" minOccurs="0" maxOccurs="3" nillable="true"/>
    <xs:element name="list" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
    <xs:element name="when" type="xs:dateTime" minOccurs="0"/><xs:element name="span" type="xs:duration" minOccurs="0"/>
    <xs:element name="data" type="xs:base64Binary" minOccurs="0"/><xs:element name="real" type="xs:double" minOccurs="0" maxOccurs="4"/>
    <xs:element name="yes" type="xs:boolean" minOccurs="0"/><xs:element name="q" type="xs:QName" minOccurs="0"/>
    <xs:element name="base" type="Base" minOccurs="0"/>
    <xs:element name="names" minOccurs="0"><xs:complexType><xs:attribute name="n" type="xs:QName" default="xs:int"/></xs:complexType></xs:element>
    <xs:choice minOccurs="0"><xs:element name="left" type="xs:int"/><xs:element name="right" type="xs:int"/></xs:choice>
    <xs:sequence minOccurs="0" maxOccurs="2"><xs:element name="k" type="xs:string"/><xs:element name="v" type="xs:string" minOccurs="0"/></xs:sequence>
    <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="2"/></xs:sequence>
    <xs:attribute name="id" type="xs:int"/><xs:attribute name="text" type="xs:string"/><xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType></xs:element>
</xs:schema>"""


def everything(content, attributes=""):
    return f'<all xmlns="urn:t" {XSI} {attributes}>{content}</all>'


# (case, XML, JSON): each way gives the other.
PAIRS = [
    ("root_of_simple_type", '<plain xmlns="urn:t"> +5 </plain>', 5),
    ("empty", everything(""), {}),
    ("attributes", everything("", 'id="7" text="&lt;&quot;"'), {"@id": 7, "@text": '<"'}),
    ("attribute_wildcard", everything("", 'xmlns:o="urn:o" o:x="1"'), {"#attributes": {"{urn:o}x": "1"}}),
    ("text_beside_attribute", everything('<text unit="m">1.5</text>'), {"text": {"@unit": "m", "#text": 1.5}}),
    ("array_of_one", everything("<many>1</many>"), {"many": [1]}),
    ("array_with_nil", everything('<many>1</many><many xsi:nil="true"/>'), {"many": [1, None]}),
    ("number_of_64_bits", everything("<many>9007199254740991</many><many>9007199254740992</many><many>18446744073709551615</many>"),
     {"many": [9007199254740991, "9007199254740992", "18446744073709551615"]}),
    ("list", everything("<list>1 2  3</list>"), {"list": [1, 2, 3]}),
    ("list_empty", everything("<list/>"), {"list": []}),
    ("dates", everything("<when>2024-02-29T23:59:59.25+01:00</when><span>P1DT2H</span>"), {"when": "2024-02-29T23:59:59.25+01:00", "span": "P1DT2H"}),
    ("binary", everything("<data> QUI= </data>"), {"data": "QUI="}),
    ("real", everything("<real>1.5</real><real>INF</real><real>NaN</real><real>-2e0</real>"), {"real": [1.5, "INF", "NaN", -2]}),
    ("boolean", everything("<yes>1</yes>"), {"yes": True}),
    ("qname", everything('<q xmlns:z="urn:z">z:x</q>'), {"q": "{urn:z}x"}),
    ("qname_by_default", everything("<names/>"), {"names": {"@n": "{http://www.w3.org/2001/XMLSchema}int"}}),
    ("other_type", everything('<base xsi:type="More"><a>1</a><b>2</b></base>'), {"base": {"#type": "{urn:t}More", "a": 1, "b": 2}}),
    ("choice", everything("<right>2</right>"), {"right": 2}),
    ("repeated_group", everything("<k>a</k><v>1</v><k>b</k>"), {"#group": [{"k": "a", "v": "1"}, {"k": "b"}]}),
    ("wildcard", everything('<o:x xmlns:o="urn:o">1</o:x>'), {"#any": ['<o:x xmlns:o="urn:o">1</o:x>']}),
]
# (case, JSON or XML, to XML?, options, exit status, parts of standard error)
ERRORS = [
    ("value", '{"many": [1,\n "x"]}', True, ["--root", "all"], 1, [":2:2:", "/all/many[2]", "found \"x\""]),
    ("unknown_name", '{"mani": [1]}', True, ["--root", "all"], 1, [":1:2:", "mani"]),
    ("name_twice", '{"@id": 1, "@id": 2}', True, ["--root", "all"], 1, [":1:12:", "@id"]),
    ("two_choices", '{"left": 1, "right": 2}', True, ["--root", "all"], 1, [":1:"]),
    ("no_json", '{"@id": 01}', True, ["--root", "all"], 1, [":1:9:"]),
    ("null_where_no_nil", '{"yes": null}', True, ["--root", "all"], 1, [":1:9:"]),
    ("rounded_number", '{"@id": 1.0}', True, ["--root", "all"], 1, [":1:9:"]),
    ("no_root_named", "{}", True, [], 2, ["2 root elements", "--root NAME"]),
    ("no_such_root", "{}", True, ["--root", "al"], 2, ["did you mean 'all'?"]),
    ("root_of_other_namespace", "{}", True, ["--root", "{urn:u}all"], 2, ["no root element"]),
    ("xml_value", everything("<yes>x</yes>"), False, [], 1, [":1:", "/all/yes", "found \"x\""]),
    ("xml_other_root", everything(""), False, ["--root", "plain"], 1, ["expected plain"]),
    ("xml_unknown", everything("<new/>"), False, [], 1, ["/all/new"]),
    ("xml_torn", everything("")[:-2], False, [], 1, [":1:"]),
    ("two_styles", "{}", False, ["--pretty", "--compact"], 2, ["--compact"]),
]


def main():
    failed = 0

    def verdict(name, problem):
        nonlocal failed
        failed += bool(problem)
        print(f"not ok {name}: {problem}" if problem else f"ok {name}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "s.xsd"
        schema.write_text(SCHEMA)

        def run(text, *options):
            return subprocess.run([COMMAND, "json", "-", "--schema", schema, *options], input=text.encode(), capture_output=True, timeout=60)

        for name, text, value in PAIRS:
            root = "plain" if text.startswith("<plain") else "all"
            compact, pretty = run(text, "--compact"), run(text)
            good = compact.returncode == 0 and repr(json.loads(compact.stdout)) == repr(value) and compact.stdout.count(b"\n") == 1
            verdict(f"to_json_{name}", "" if good else f"{compact.stdout!r} {compact.stderr!r}, want {value!r}")
            verdict(f"pretty_{name}", "" if pretty.returncode == 0 and json.loads(pretty.stdout or b"0") == json.loads(compact.stdout or b"1")
                    or "NaN" in text else f"{pretty.stdout!r}")
            back = run(json.dumps(value), "--to-xml", "--root", "{urn:t}" + root)
            again = run(back.stdout.decode(), "--compact")
            verdict(f"to_xml_{name}", "" if back.returncode == 0 and again.stdout == compact.stdout
                    else f"{back.stdout!r} {back.stderr!r} {again.stdout!r} {again.stderr!r}")
        for name, text, to_xml, options, status, parts in ERRORS:
            done = run(text, *options, *(["--to-xml"] if to_xml else []))
            said = done.stderr.decode()
            verdict(f"error_{name}", "" if done.returncode == status and all(part in said for part in parts) and not done.stdout
                    else f"status {done.returncode}, {said!r}")
        done = run(everything("<new/><yes>true</yes>", 'odd="1"'), "--compact", "--unknown=collect")
        verdict("unknown_collected", "" if done.returncode == 0 and done.stdout == b'{"yes":true}\n' and b"2 unknown" in done.stderr
                and b"/all/new" in done.stderr else f"{done.stdout!r} {done.stderr!r}")
        path = Path(folder) / "m.xml"
        path.write_text(PAIRS[0][1])
        done = subprocess.run([COMMAND, "json", path, "--schema", schema], capture_output=True, timeout=60)
        verdict("file", "" if done.stdout == b"5\n" else f"{done.stdout!r} {done.stderr!r}")
        done = subprocess.run([COMMAND, "json", Path(folder) / "none", "--schema", schema], capture_output=True, timeout=60)
        verdict("no_file", "" if done.returncode == 3 and not done.stdout else f"{done.returncode}")
    return failed


sys.exit(1 if main() else 0)
