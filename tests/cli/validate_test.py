#!/usr/bin/env python3
"""tests/cli/validate_test.py - verdicts of `soapbark validate` that need more than decoding: what wildcards take, mixed
content, defaults of the root element, xsi:type of an undeclared root, ID and IDREF, key, unique and keyref.

Each group is a schema and documents with the verdict that [XSD1] asks for; one process judges all by --lines.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="http://www.w3.org/2001/XMLSchema"'
VALID, INVALID = "0", "1"


def schema(body):
    return f'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t">{body}</x:schema>'


def wild(process):
    return schema(f"""
      <x:element name="n" type="x:int"/><x:attribute name="a" type="x:int"/><x:attribute name="f" type="x:int" fixed="7"/>
      <x:element name="abstract" abstract="true"/>
      <x:element name="r"><x:complexType><x:sequence>
        <x:any minOccurs="0" maxOccurs="unbounded" processContents="{process}"/></x:sequence>
        <x:anyAttribute processContents="{process}"/></x:complexType></x:element>""")


def r(content, attributes=""):
    return f'<r xmlns="urn:t" xmlns:t="urn:t" {XSI} {attributes}>{content}</r>'


MIXED = schema("""
  <x:element name="r" type="M"/><x:element name="fixed" type="M" fixed="abc"/>
  <x:complexType name="M" mixed="true"><x:sequence><x:element name="b" type="x:int" minOccurs="0"/></x:sequence></x:complexType>
  <x:element name="all"><x:complexType mixed="true"><x:all><x:element name="b" type="x:int"/></x:all></x:complexType></x:element>
  <x:element name="group"><x:complexType mixed="true"><x:choice maxOccurs="unbounded">
    <x:element name="b" type="x:int"/><x:element name="c"/></x:choice></x:complexType></x:element>""")

IDS = schema("""
  <x:element name="ids"><x:complexType><x:sequence>
    <x:element name="e" form="qualified" maxOccurs="unbounded"><x:complexType><x:attribute name="id" type="x:ID"/>
      <x:attribute name="ref" type="x:IDREF"/><x:attribute name="refs" type="x:IDREFS"/></x:complexType></x:element>
    <x:element name="i" form="qualified" type="x:ID" minOccurs="0"/></x:sequence></x:complexType></x:element>""")
PAIR = '<x:complexType><x:attribute name="a" type="x:decimal"/><x:attribute name="b" type="x:string"{}/></x:complexType>'
KEYS = schema(f"""
  <x:element name="two"><x:complexType><x:sequence><x:element ref="keys" maxOccurs="2"/></x:sequence></x:complexType></x:element>
  <x:simpleType name="U"><x:union memberTypes="x:int x:string"/></x:simpleType>
  <x:element name="keys"><x:complexType><x:choice minOccurs="0" maxOccurs="unbounded">
      <x:element name="k">{PAIR.format(' default="d"')}</x:element><x:element name="r">{PAIR.format("")}</x:element>
      <x:element name="u"><x:complexType><x:sequence>
        <x:element name="v" type="x:decimal" nillable="true" minOccurs="0" maxOccurs="2"/></x:sequence></x:complexType></x:element>
      <x:element name="q" type="x:QName"/><x:element name="f" type="x:float"/><x:element name="b" type="x:boolean"/>
      <x:element name="h" type="x:hexBinary"/><x:element name="n" type="U"/></x:choice></x:complexType>
    <x:key name="K"><x:selector xpath="k"/><x:field xpath="@a|@a"/><x:field xpath="@b"/></x:key>
    <x:keyref name="R" refer="K"><x:selector xpath="./r"/><x:field xpath="@a"/><x:field xpath="@b"/></x:keyref>
    <x:unique name="V"><x:selector xpath=".//u"/><x:field xpath="v"/></x:unique>
    <x:unique name="S"><x:selector xpath="q|f|b|h|n"/><x:field xpath="."/></x:unique>
  </x:element>""")


# Times, durations and lists as keys, unions of IDs, and attributes that only a wildcard takes.
VALUES = schema("""
  <x:attribute name="id" type="x:ID"/><x:attribute name="key" type="x:decimal"/><x:attribute name="either" type="E"/>
  <x:simpleType name="L"><x:list itemType="x:decimal"/></x:simpleType>
  <x:simpleType name="LT"><x:list itemType="M"/></x:simpleType>
  <x:simpleType name="M"><x:union memberTypes="x:int x:date x:string"/></x:simpleType>
  <x:simpleType name="E"><x:union memberTypes="x:int x:ID"/></x:simpleType>
  <x:simpleType name="EL"><x:list itemType="F"/></x:simpleType>
  <x:simpleType name="F"><x:union memberTypes="x:int x:IDREF"/></x:simpleType>
  <x:element name="keys"><x:complexType><x:choice minOccurs="0" maxOccurs="unbounded">
      <x:element name="dt" type="x:dateTime"/><x:element name="d" type="x:date"/><x:element name="t" type="x:time"/>
      <x:element name="u" type="x:duration"/><x:element name="l" type="L"/><x:element name="lt" type="LT"/>
      <x:element name="nm" type="x:NMTOKENS"/><x:element name="e" type="E"/><x:element name="f" type="EL"/>
      <x:element name="w"><x:complexType><x:anyAttribute processContents="lax"/></x:complexType></x:element>
      <x:element name="s"><x:complexType><x:anyAttribute processContents="skip"/></x:complexType></x:element>
    </x:choice></x:complexType>
    <x:unique name="S"><x:selector xpath="dt|d|t|u|l|lt|nm"/><x:field xpath="."/></x:unique>
    <x:unique name="W" ><x:selector xpath="w|s"/><x:field xpath="@t:key" xmlns:t="urn:t"/></x:unique>
  </x:element>""")


def keys(content):
    return f'<t:keys xmlns:t="urn:t">{content}</t:keys>'


# schema, then (case, document, verdict)
GROUPS = [
    (VALUES, [
        ("key_instant", keys("<dt>2000-01-01T00:00:00Z</dt><dt>2000-01-01T01:00:00+01:00</dt>"), INVALID),
        ("key_instant_fraction", keys("<dt>2000-01-01T00:00:00.5</dt><dt>2000-01-01T00:00:00.50</dt>"), INVALID),
        ("key_instant_zoneless", keys("<dt>2000-01-01T00:00:00Z</dt><dt>2000-01-01T00:00:00</dt>"), VALID),
        ("key_instants", keys("<dt>2000-01-01T00:00:00Z</dt><dt>2000-01-01T00:00:00+01:00</dt>"), VALID),
        ("key_date", keys("<d>2000-01-01+12:00</d><d>1999-12-31-12:00</d>"), INVALID),
        ("key_date_is_no_instant", keys("<d>2000-01-01Z</d><dt>2000-01-01T00:00:00Z</dt>"), VALID),
        ("key_time", keys("<t>12:00:00Z</t><t>13:00:00+01:00</t>"), INVALID),
        ("key_duration", keys("<u>P1Y</u><u>P12M</u>"), INVALID),
        ("key_duration_days", keys("<u>P1Y</u><u>P365D</u>"), VALID),
        ("key_duration_zero", keys("<u>PT0S</u><u>-P0D</u>"), INVALID),
        ("key_list", keys("<l>1 2.0</l><l> 01  2 </l>"), INVALID),
        ("key_list_order", keys("<l>1 2</l><l>2 1</l><l>1 2 1</l><l>12</l><l/>"), VALID),
        ("key_list_empty", keys("<l/><l> </l>"), INVALID),
        ("key_list_of_unions", keys("<lt>1 2000-01-01Z a</lt><lt>01 2000-01-01+00:00 a</lt>"), INVALID),
        ("key_list_of_members", keys("<lt>1 a</lt><lt>1 b</lt>"), VALID),
        ("key_nmtokens", keys("<nm>a b</nm><nm>a  b</nm>"), INVALID),
        ("union_id_twice", keys("<e>a</e><e>a</e>"), INVALID),
        ("union_no_id", keys("<e>1</e><e>1</e><e>a</e>"), VALID),
        ("union_idref", keys("<e>a</e><f>1 a 2</f>"), VALID),
        ("union_idref_to_none", keys("<e>a</e><f>1 b</f>"), INVALID),
        ("wildcard_id_twice", keys('<w t:id="a"/><w t:id="a"/>'), INVALID),
        ("wildcard_id_and_ref", keys('<w t:id="a"/><f>a</f>'), VALID),
        ("wildcard_id_skipped", keys('<s t:id="a"/><s t:id="a"/>'), VALID),
        ("wildcard_union_id", keys('<w t:either="a"/><e>a</e>'), INVALID),
        ("wildcard_key_twice", keys('<w t:key="1"/><w t:key="1.0"/>'), INVALID),
        ("wildcard_keys", keys('<w t:key="1"/><w t:key="2"/><w/>'), VALID),
    ]),
    (wild("strict"), [
        ("strict_declared", r("<n>1</n>", 't:a="1"'), VALID),
        ("strict_wrong_value", r("<n>one</n>"), INVALID),
        ("strict_undeclared", r('<m xmlns="urn:u"/>'), INVALID),
        ("strict_undeclared_typed", r('<m xmlns="urn:u" i:type="x:int">1</m>'), VALID),
        ("strict_undeclared_typed_wrong", r('<m xmlns="urn:u" i:type="x:int">one</m>'), INVALID),
        ("strict_nested", r("<r><n>one</n></r>"), INVALID),
        ("strict_abstract", r("<abstract/>"), INVALID),
        ("strict_attribute_value", r("", 't:a="one"'), INVALID),
        ("strict_attribute_fixed", r("", 't:f="07"'), VALID),
        ("strict_attribute_not_fixed", r("", 't:f="8"'), INVALID),
        ("strict_attribute_undeclared", r("", 't:b="1"'), INVALID),
    ]),
    (wild("lax"), [
        ("lax_declared", r("<n>1</n>"), VALID),
        ("lax_wrong_value", r("<n>one</n>"), INVALID),
        ("lax_undeclared", r('text<!-- --> is none here: <m xmlns="urn:u"/>'), INVALID),
        ("lax_undeclared_below", r('<m xmlns="urn:u">text<n xmlns="urn:t">1</n></m>'), VALID),
        ("lax_undeclared_wrong_below", r('<m xmlns="urn:u">text<n xmlns="urn:t">one</n></m>'), INVALID),
        ("lax_attribute", r("", 't:a="1" t:b="one"'), VALID),
        ("lax_attribute_value", r("", 't:a="one"'), INVALID),
        ("lax_attribute_below", r('<m xmlns="urn:u" t:a="one"/>'), INVALID),
    ]),
    (wild("skip"), [
        ("skip_wrong_value", r("<n>one</n>", 't:a="one" t:b="1"'), VALID),
        ("skip_torn", r("<n>"), INVALID),
    ]),
    (MIXED, [
        ("mixed_text_around", r("one <b xmlns=''>1</b> two"), VALID),
        ("mixed_wrong_value", r("one <b xmlns=''>one</b>"), INVALID),
        ("mixed_too_many", r("<b xmlns=''>1</b><b xmlns=''>1</b>"), INVALID),
        ("mixed_all", '<t:all xmlns:t="urn:t">x<b>1</b>y</t:all>', VALID),
        ("mixed_all_missing", '<t:all xmlns:t="urn:t">x</t:all>', INVALID),
        ("mixed_inside_groups", '<t:group xmlns:t="urn:t">x<b>1</b>y<c/>z</t:group>', VALID),
        ("mixed_fixed", '<fixed xmlns="urn:t">abc</fixed>', VALID),
        ("mixed_fixed_empty", '<fixed xmlns="urn:t"/>', VALID),
        ("mixed_fixed_other", '<fixed xmlns="urn:t">abd</fixed>', INVALID),
        ("mixed_fixed_with_element", '<t:fixed xmlns:t="urn:t">abc<b>1</b></t:fixed>', INVALID),
        ("mixed_inside_groups_wrong", '<t:group xmlns:t="urn:t">x<b>1</b>y<d/>z</t:group>', INVALID),
    ]),
    (IDS, [
        ("id_once", '<ids xmlns="urn:t"><e id="a"/><e id="b" ref=" a " refs="a  b"/></ids>', VALID),
        ("id_twice", '<ids xmlns="urn:t"><e id="a"/><e id=" a"/></ids>', INVALID),
        ("id_in_element", '<ids xmlns="urn:t"><e id="a"/><i>a</i></ids>', INVALID),
        ("idref_to_nothing", '<ids xmlns="urn:t"><e id="a" ref="b"/></ids>', INVALID),
        ("idrefs_to_nothing", '<ids xmlns="urn:t"><e id="a" refs="a b"/></ids>', INVALID),
        ("idref_forward", '<ids xmlns="urn:t"><e id="a" ref="b"/><i>b</i></ids>', VALID),
    ]),
    (KEYS, [
        ("key_once", keys('<k a="1" b="x"/><k a="2" b="x"/><k a="1" b="y"/>'), VALID),
        ("key_twice", keys('<k a="1" b="x"/><k a="01" b="x"/>'), INVALID),
        ("key_default_field", keys('<k a="1"/><k a="1" b="d"/>'), INVALID),
        ("key_absent_field", keys('<k b="x"/>'), INVALID),
        ("key_seam", keys('<k a="1" b="1x"/><k a="11" b="x"/>'), VALID),
        ("key_two_scopes", '<t:two xmlns:t="urn:t">' + keys('<k a="1" b="x"/>') * 2 + "</t:two>", VALID),
        ("keyref", keys('<k a="1" b="x"/><r a="1.0" b="x"/>'), VALID),
        ("keyref_before", keys('<r a="1.0" b="x"/><k a="1" b="x"/>'), VALID),
        ("keyref_to_nothing", keys('<k a="1" b="x"/><r a="2" b="x"/>'), INVALID),
        ("keyref_half", keys('<k a="1" b="x"/><r b="z"/>'), VALID),
        ("unique_below", keys("<u><v>1.0</v></u><u><v>2</v></u>"), VALID),
        ("unique_below_twice", keys("<u><v>1.0</v></u><u><v>1</v></u>"), INVALID),
        ("unique_absent", keys("<u/><u/>"), VALID),
        ("unique_nil", keys(f'<u><v {XSI} i:nil="true"/></u><u><v {XSI} i:nil="true"/></u>'), VALID),
        ("unique_field_twice", keys("<u><v>1</v><v>2</v></u>"), INVALID),
        ("unique_qname", keys('<q xmlns:a="urn:a">a:n</q><q xmlns:b="urn:b">b:n</q>'), VALID),
        ("unique_qname_twice", keys('<q xmlns:a="urn:a">a:n</q><q xmlns:b="urn:a">b:n</q>'), INVALID),
        ("unique_float_twice", keys("<f>1e1</f><f>10</f>"), INVALID),
        ("unique_boolean_twice", keys("<b>true</b><b>1</b>"), INVALID),
        ("unique_hex_twice", keys("<h>ab</h><h>AB</h>"), INVALID),
        ("unique_union", keys("<n>1</n><n>a</n>"), VALID),
        ("unique_union_twice", keys("<n>1</n><n>+1</n>"), INVALID),
    ]),
    (schema('<x:element name="d" type="x:int" default="7"/><x:element name="f" type="x:float" fixed="1.0e-2"/>'), [
        ("root_default", '<d xmlns="urn:t"/>', VALID),
        ("root_fixed_empty", '<f xmlns="urn:t"/>', VALID),
        ("root_fixed_same", '<f xmlns="urn:t">0.01</f>', VALID),
        ("root_fixed_other", '<f xmlns="urn:t">0.02</f>', INVALID),
        ("root_undeclared", '<g xmlns="urn:t">1</g>', INVALID),
        ("root_undeclared_typed", f'<g xmlns="urn:t" {XSI} i:type="x:int">1</g>', VALID),
        ("root_undeclared_typed_wrong", f'<g xmlns="urn:t" {XSI} i:type="x:int">one</g>', INVALID),
    ]),
]


def main():
    if not COMMAND.is_file():
        print("not ok validate: the command was not built")
        return 1
    lines, wanted = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i, (text, cases) in enumerate(GROUPS):
            (folder / f"{i}.xsd").write_text(text)
            for case, document, verdict in cases:
                (folder / f"{case}.xml").write_text(document)
                lines.append(f"{folder}/{i}.xsd\t{folder}/{case}.xml")
                wanted.append((case, verdict))
        done = subprocess.run([str(COMMAND), "validate", "--lines"], input="\n".join(lines) + "\n", text=True,
                              capture_output=True, timeout=60)
    answers = done.stdout.split()
    failed = 0
    for i, (case, verdict) in enumerate(wanted):
        answer = answers[i] if i < len(answers) else "nothing"
        print(f"ok {case}" if answer == verdict else f"not ok {case}: {answer}, want {verdict}")
        failed += answer != verdict
    return 1 if failed + unknown() or done.returncode else 0


def unknown():
    """--unknown: what no type declares is forgiven when asked, and told; nothing else is."""
    text = schema('<x:element name="r"><x:complexType><x:sequence><x:element name="a" type="x:int"/><x:element name="b" '
                  'type="x:int" minOccurs="0"/></x:sequence></x:complexType></x:element>')
    documents = {"new": '<t:r xmlns:t="urn:t" q="1"><z><a/></z><a>1</a><y/></t:r>', "late": '<t:r xmlns:t="urn:t"><b>1</b><a>1</a></t:r>',
                 "wrong": '<t:r xmlns:t="urn:t"><a>1</a><b>z</b><y/></t:r>'}
    wanted = {("new", "refuse"): 1, ("new", "collect"): 0, ("new", "ignore"): 0}
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "s.xsd").write_text(text)
        for document, policy in ((d, p) for d in documents for p in ("refuse", "collect", "ignore")):
            (folder / "d.xml").write_text(documents[document])
            done = subprocess.run([str(COMMAND), "validate", str(folder / "d.xml"), "--schema", str(folder / "s.xsd"),
                                   f"--unknown={policy}"], text=True, capture_output=True, timeout=60)
            good = done.returncode == wanted.get((document, policy), 1)
            told = [f"/r/{part}" in done.stderr and "passed over" in done.stderr for part in ("@q {", "z {", "y {")]
            if document == "new" and policy != "refuse":
                good = good and all(told) == (policy == "collect") and "3 unknown" in done.stderr
            print(f"ok unknown_{document}_{policy}" if good else f"not ok unknown_{document}_{policy}: {done.stderr!r}")
            failed += not good
    return failed


if __name__ == "__main__":
    sys.exit(main())
