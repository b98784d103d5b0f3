#!/usr/bin/env python3
"""tests/cli/diff_test.py - soapbark diff: small pairs of schemas, each as the request and as the answer of an operation.

A row says what the old and the new version have in place of a type T, and the exit status when T is the request and
when it is the answer: 0 compatible, 1 source-breaking, 2 wire-breaking. For a client that moves the two change places.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve() / "soapbark"

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def seq(*inside, attributes=""):
    return f'<xs:complexType name="T"><xs:sequence>{"".join(inside)}</xs:sequence>{attributes}</xs:complexType>'


def el(name, type="xs:string", more=""):
    return f'<xs:element name="{name}" type="{type}" {more}/>'


def simple(base, *facets):
    return f'<xs:simpleType name="T"><xs:restriction base="{base}">{"".join(facets)}</xs:restriction></xs:simpleType>'


def facet(name, value):
    return f'<xs:{name} value="{value}"/>'


def values(*texts):
    return simple("xs:string", *(facet("enumeration", t) for t in texts))


OPT, MANY = 'minOccurs="0"', 'minOccurs="0" maxOccurs="unbounded"'
ANY = '<xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
OTHER = '<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'


def choice(*inside):
    return f'<xs:complexType name="T"><xs:choice>{"".join(inside)}</xs:choice></xs:complexType>'


def attribute(name, more="", type="xs:string"):
    return f'<xs:attribute name="{name}" type="{type}" {more}/>'


def based(more):
    return ('<xs:complexType name="T"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>' + more)


def derived(name):
    return (f'<xs:complexType name="{name}"><xs:complexContent><xs:extension base="t:T"><xs:sequence>'
            f'<xs:element name="b" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>')


def all_of(*inside):
    return f'<xs:complexType name="T"><xs:all>{"".join(inside)}</xs:all></xs:complexType>'


# (case, old, new, status as request, status as answer, part of the text)
CASES = [
    ("nothing", seq(el("a")), seq(el("a")), 0, 0, ""),
    ("documentation", seq(el("a")), seq(el("a")) + "<!-- more -->", 0, 0, ""),
    ("optional_element_added", seq(el("a")), seq(el("a"), el("b", more=OPT)), 0, 2, "optional element 'b' added"),
    ("optional_element_removed", seq(el("a"), el("b", more=OPT)), seq(el("a")), 2, 1, "optional element 'b' removed"),
    ("required_element_added", seq(el("a")), seq(el("a"), el("b")), 2, 2, "required element 'b' added"),
    ("required_element_removed", seq(el("a"), el("b")), seq(el("a")), 2, 2, "required element 'b' removed"),
    ("element_added_where_any_is", seq(el("a"), ANY), seq(el("a"), ANY.replace("##any", "##other"), el("b", more=OPT)), 2, 0, "element 'b'"),
    ("optional_attribute_added", seq(el("a")), seq(el("a"), attributes=attribute("x")), 0, 2, "optional attribute 'x' added"),
    ("attribute_added_where_any_is", seq(el("a"), attributes="<xs:anyAttribute/>"), seq(el("a"), attributes=attribute("x") + "<xs:anyAttribute/>"), 0, 0, "attribute 'x' added"),
    ("required_attribute_where_any_is", seq(el("a"), attributes="<xs:anyAttribute/>"), seq(el("a"), attributes=attribute("x", 'use="required"') + "<xs:anyAttribute/>"), 2, 0, "required attribute"),
    ("attribute_required", seq(el("a"), attributes=attribute("x", type="xs:int")), seq(el("a"), attributes=attribute("x", 'use="required"', "xs:int")), 2, 1, "occurs 1..1, was 0..1"),
    ("attribute_default_changed", seq(attributes=attribute("x", 'default="1"')), seq(attributes=attribute("x", 'default="2"')), 2, 2, "default value changed"),
    ("attribute_fixed", seq(attributes=attribute("x")), seq(attributes=attribute("x", 'fixed="2"')), 2, 0, "fixed now"),
    ("became_optional", seq(el("a", "xs:int")), seq(el("a", "xs:int", OPT)), 1, 2, "occurs 0..1, was 1..1"),
    ("optional_text_keeps_its_form", seq(el("a")), seq(el("a", more=OPT)), 0, 2, "occurs 0..1"),
    ("became_required", seq(el("a", "xs:int", OPT)), seq(el("a", "xs:int")), 2, 1, "occurs 1..1, was 0..1"),
    ("became_array", seq(el("a", more=OPT)), seq(el("a", more=MANY)), 1, 2, "occurs 0..unbounded"),
    ("array_is_longer", seq(el("a", more='maxOccurs="4"')), seq(el("a", more='maxOccurs="8"')), 0, 2, "occurs 1..8, was 1..4"),
    ("array_is_shorter", seq(el("a", more='maxOccurs="8"')), seq(el("a", more='maxOccurs="4"')), 2, 0, "occurs 1..4"),
    ("order_changed", seq(el("a"), el("b")), seq(el("b"), el("a")), 2, 2, "another order"),
    ("sequence_to_all", seq(el("a"), el("b")), all_of(el("a"), el("b")), 0, 2, "kind of content changed"),
    ("all_to_sequence", all_of(el("a"), el("b")), seq(el("a"), el("b")), 2, 0, "kind of content changed"),
    ("order_in_all", all_of(el("a"), el("b")), all_of(el("b"), el("a")), 0, 0, ""),
    ("alternative_added", choice(el("a"), el("b")), choice(el("a"), el("b"), el("c")), 0, 2, "alternative element 'c' added"),
    ("alternative_removed", choice(el("a"), el("b"), el("c")), choice(el("a"), el("b")), 2, 1, "alternative element 'c' removed"),
    ("nillable", seq(el("a", "xs:int")), seq(el("a", "xs:int", 'nillable="true"')), 1, 2, "may be nil now"),
    ("wildcard_added", seq(el("a")), seq(el("a"), OTHER), 0, 2, "optional wildcard added"),
    ("wildcard_is_wider", seq(OTHER), seq(ANY), 0, 2, "namespaces changed"),
    ("value_added", values("a", "b"), values("a", "b", "c"), 0, 2, "value 'c' added"),
    ("value_removed", values("a", "b", "c"), values("a", "b"), 2, 1, "value 'c' removed"),
    ("values_in_another_order", values("a", "b"), values("b", "a"), 0, 0, ""),
    ("enumeration_opened", values("a"), simple("xs:string"), 1, 2, "kind of value changed"),
    ("enumeration_closed", simple("xs:string"), values("a"), 2, 1, "kind of value changed"),
    ("length_raised", simple("xs:string", facet("maxLength", 4)), simple("xs:string", facet("maxLength", 8)), 0, 2, "maxLength changed"),
    ("length_lowered", simple("xs:string", facet("maxLength", 8)), simple("xs:string", facet("maxLength", 4)), 2, 0, "maxLength changed"),
    ("length_removed", simple("xs:string", facet("maxLength", 8)), simple("xs:string"), 0, 2, "maxLength removed"),
    ("minimum_raised", simple("xs:int", facet("minInclusive", 1)), simple("xs:int", facet("minInclusive", 2)), 2, 0, "minInclusive changed"),
    ("bound_of_decimal", simple("xs:decimal", facet("maxInclusive", "1.5")), simple("xs:decimal", facet("maxInclusive", "1.75")), 0, 2, "maxInclusive changed"),
    ("bound_of_date", simple("xs:date", facet("maxInclusive", "2020-01-01")), simple("xs:date", facet("maxInclusive", "2030-01-01")), 2, 2, "maxInclusive changed"),
    ("pattern_added", simple("xs:string"), simple("xs:string", facet("pattern", "a*")), 2, 0, "pattern added"),
    ("pattern_changed", simple("xs:string", facet("pattern", "a*")), simple("xs:string", facet("pattern", "b*")), 2, 2, "pattern changed"),
    ("digits", simple("xs:decimal", facet("fractionDigits", 2)), simple("xs:decimal", facet("fractionDigits", 3)), 0, 2, "fractionDigits changed"),
    ("int_to_long", simple("xs:int"), simple("xs:long"), 1, 2, "kind of value changed"),
    ("long_to_int", simple("xs:long"), simple("xs:int"), 2, 1, "kind of value changed"),
    ("int_to_unsigned", simple("xs:int"), simple("xs:unsignedInt"), 2, 2, "kind of value changed"),
    ("unsigned_to_long", simple("xs:unsignedInt"), simple("xs:long"), 1, 2, "kind of value changed"),
    ("number_to_text", simple("xs:int"), simple("xs:string"), 1, 2, "kind of value changed"),
    ("text_to_date", simple("xs:string"), simple("xs:date"), 2, 1, "kind of value changed"),
    ("string_to_token", simple("xs:string"), simple("xs:token"), 0, 0, ""),
    ("list_items", '<xs:simpleType name="T"><xs:list itemType="xs:byte"/></xs:simpleType>', '<xs:simpleType name="T"><xs:list itemType="xs:short"/></xs:simpleType>', 1, 2, "kind of value changed"),
    ("union_grows", '<xs:simpleType name="T"><xs:union memberTypes="xs:int"/></xs:simpleType>', '<xs:simpleType name="T"><xs:union memberTypes="xs:int xs:date"/></xs:simpleType>', 0, 2, "member type of the union added"),
    ("simple_to_complex", simple("xs:string"), seq(el("a")), 2, 2, "simple and complex"),
    ("derived_type_added", based(derived("D")), based(derived("D") + derived("E")), 0, 2, "derived type 'E' added"),
    ("first_derived_type", based(""), based(derived("D")), 1, 2, "derived types may stand here now"),
    ("derived_types_gone", based(derived("D")), based(""), 2, 1, "derived types may no longer stand here"),
    ("two_members_of_one_kind", seq(el("a"), el("b")), seq(el("a", "xs:int"), el("b", "xs:int")), 2, 1, "T/b: kind of value changed"),
]


def wsdl(inside, request, answer, operation="Op", action="urn:t/Op", soap="soap", fault="", place="x"):
    """An operation whose request and answer are elements of these types."""
    uri = "http://schemas.xmlsoap.org/wsdl/soap/" if soap == "soap" else "http://schemas.xmlsoap.org/wsdl/soap12/"
    faults = f'<wsdl:fault name="F" message="t:F"/>' if fault else ""
    return f"""<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="{uri}" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:t="urn:t" targetNamespace="urn:t"><wsdl:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
{inside}
<xs:element name="Ask" type="{request}"/><xs:element name="Answer" type="{answer}"/><xs:element name="Oops" type="xs:string"/>
</xs:schema></wsdl:types>
<wsdl:message name="I"><wsdl:part name="p" element="t:Ask"/></wsdl:message><wsdl:message name="O"><wsdl:part name="p" element="t:Answer"/></wsdl:message>
<wsdl:message name="F"><wsdl:part name="p" element="t:Oops"/></wsdl:message>
<wsdl:portType name="P"><wsdl:operation name="{operation}"><wsdl:input message="t:I"/><wsdl:output message="t:O"/>{faults}</wsdl:operation></wsdl:portType>
<wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="{operation}">
<soap:operation soapAction="{action}"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
</wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="P" binding="t:B"><soap:address location="http://127.0.0.1/{place}"/></wsdl:port></wsdl:service></wsdl:definitions>
"""


def diff(folder, old, new, *more):
    (folder / "old.wsdl").write_text(old)
    (folder / "new.wsdl").write_text(new)
    words = [str(COMMAND), "diff", "old.wsdl", "new.wsdl", *more]
    return subprocess.run(words, cwd=folder, text=True, capture_output=True)


def pair(folder, old, new, request, answer, text):
    holder = '<xs:complexType name="Nothing"/>'
    for kind, want, other in (("request", request, answer), ("answer", answer, request)):
        types = ("t:T", "t:Nothing") if kind == "request" else ("t:Nothing", "t:T")
        documents = [wsdl(inside + holder, *types) for inside in (old, new)]
        done = diff(folder, *documents)
        if done.returncode != want or text not in done.stdout:
            return f"as {kind}: exit status {done.returncode}, not {want}: {done.stdout}{done.stderr[:200]}"
        if (done.stdout == "") != (text == "" and want == 0):
            return f"as {kind}: {done.stdout!r}"
        moved = diff(folder, *documents, "--side", "client")
        if moved.returncode != other and not (moved.returncode < 2 and other < 2):
            return f"as {kind}, the client moves: exit status {moved.returncode}, not {other}"
    return None


PLAIN = '<xs:complexType name="T"><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType>'
BASE = dict(inside=PLAIN, request="t:T", answer="t:T")

# (case, what the new version has otherwise, exit status, part of the text)
OPERATIONS = [
    ("renamed", dict(operation="Other"), 2, "operation removed"),
    ("action", dict(action="urn:t/Else"), 2, "action changed"),
    ("soap_version", dict(soap="soap12"), 2, "no longer bound"),
    ("fault_added", dict(fault="F"), 0, "fault 'Oops' added"),
    ("address", dict(place="y"), 0, ""),
]


def operation(folder, changes, want, text):
    done = diff(folder, wsdl(**BASE), wsdl(**dict(BASE, **changes)))
    return None if done.returncode == want and text in done.stdout else f"exit status {done.returncode}: {done.stdout}{done.stderr}"


def line_is_whole(folder):
    new = wsdl(**dict(BASE, inside=PLAIN.replace("</xs:sequence>", '\n<xs:element name="b" type="xs:int" minOccurs="0"/></xs:sequence>')))
    done = diff(folder, wsdl(**BASE), new)
    if done.stdout != "wire-breaking (reply): T: optional element 'b' added [old.wsdl:3:1 -> new.wsdl:4:1]\n":
        return done.stdout
    rows = json.loads(diff(folder, wsdl(**BASE), new, "--json").stdout)
    want = [{"class": "wire-breaking", "direction": "reply", "component": "T", "text": "optional element 'b' added",
             "old": {"file": "old.wsdl", "line": 3, "column": 1}, "new": {"file": "new.wsdl", "line": 4, "column": 1}}]
    return None if rows == want else rows


def schemas(folder):
    """Without a service: what the old version wrote is read by the new one."""
    head = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="e" type="xs:int"/>'
    wider = head.replace("xs:int", "xs:string") + "</xs:schema>"
    for old, new, want in ((head + "</xs:schema>", wider, 1), (wider, head + "</xs:schema>", 2),
                           (head + '<xs:element name="f"/></xs:schema>', head + "</xs:schema>", 2),
                           (head + "</xs:schema>", head + '<xs:element name="f"/></xs:schema>', 0)):
        done = diff(folder, old, new)
        if done.returncode != want:
            return f"{old} to {new}: {done.returncode} {done.stdout}{done.stderr}"
    return None


def slices(folder):
    done = diff(folder, wsdl(**BASE), wsdl(**dict(BASE, operation="Other")), "--operations", "Other")
    if done.returncode != 0 or done.stdout.count("\n") != 1:
        return f"{done.returncode}: {done.stdout}"
    done = diff(folder, wsdl(**BASE), wsdl(**BASE), "--operations", "Oq")
    return None if done.returncode == 4 and "did you mean 'Op'?" in done.stderr else done.stderr


def errors(folder):
    good = wsdl(**BASE)
    for old, new, more in ((good, "<no", []), ("<no", good, []), (good, good, ["--sied", "client"]), (good, good, ["--side", "both"]),
                           (good, good, ["third"])):
        done = diff(folder, old, new, *more)
        if done.returncode != 4 or not done.stderr:
            return f"exit status {done.returncode}: {done.stderr}"
    return None


def attachments(folder):
    text = (ROOT / "tests" / "attach" / "parcel.wsdl").read_text(encoding="utf-8")
    less = text.replace('<mime:part><mime:content part="receipt" type="application/pdf"/></mime:part>', "")
    other = text.replace('type="text/*"', 'type="text/csv"')
    for new, want in ((text, []), (less, ["wire-breaking (reply): Send: attachment 'receipt' removed"]),
                      (other, ["wire-breaking (request): Send: media types of attachment 'St\u00fcckliste' changed"])):
        done = diff(folder, text, new)
        said = [line.split(" [")[0] for line in done.stdout.splitlines()]
        if said != want or done.returncode != (2 if want else 0):
            return f"{want}: {done.stdout}{done.stderr}"
    back = diff(folder, less, text)
    return None if "Send: attachment 'receipt' added" in back.stdout else back.stdout


def http_bindings(folder):
    text = (ROOT / "tests" / "wsdl" / "parcels.wsdl").read_text(encoding="utf-8")
    get, post = '<http:operation location="/quote"/>', '<mime:content type="application/x-www-form-urlencoded"/>'
    soap = text[text.index('  <w:binding name="ParcelsSoap"'):text.index('  <w:service')]
    port = text[text.index('    <w:port name="ParcelsSoap"'):text.index('  </w:service>')]
    for old, new, want in (
            (text, text, []),
            (text, text.replace('location="/quote"', 'location="quote"'), []),  # the slash is not part of it
            (text, text.replace(post, "<http:urlEncoded/>"), []),  # the same on the wire
            (text, text.replace('type="multipart/form-data"', 'type="application/x-www-form-urlencoded"'),
             ["wire-breaking (request): PutPicture: POST /picture takes its parameters in another way"]),
            (text, text.replace('<mime:content part="scan" type="image/jpeg"/>', ""),
             ["wire-breaking (request): PutLetter: POST /letter takes its parameters in another way"]),
            (text, text.replace('<mime:content part="copy" type="*/*"/>', '<mime:content part="copy" type="image/png"/>'),
             ["wire-breaking (reply): PutLetter: POST /letter answers in another way"]),
            (text, text.replace(get, '<http:operation location="/price"/>', 1),
             ["compatible (request): GetQuote: GET /price is one more way to call it",
              "wire-breaking (request): GetQuote: GET /quote does not call it any more"]),
            (text, text.replace('type="text/plain" part="label"', 'type="text/csv" part="label"'),
             ["wire-breaking (reply): GetLabel: GET /label answers in another way"]),
            (text, text.replace('part name="grams" type="xs:int"', 'part name="grams" type="xs:short"'),
             ["wire-breaking (request): QuoteIn/grams: kind of value changed"]),
            (text, text.replace("LabelIn", "LabelAsked"), []),  # not on the wire, but in C
            (text, text.replace(soap, "").replace(port, ""), ["wire-breaking (request): PutOrder: action changed",
                                                                "wire-breaking (request): PutOrder: a version of SOAP is no longer bound"])):
        done = diff(folder, old, new)
        said = [line.split(" [")[0] for line in done.stdout.splitlines() if not line.startswith("source-breaking")]
        if [line for line in want if line not in said] or len(said) != len(want):
            return f"{want}: {done.stdout}{done.stderr}"
    return None


def onvif(folder):
    path = ROOT.parent / "shared" / "onvif" / "ver10" / "device" / "wsdl" / "devicemgmt.wsdl"
    if not path.exists():
        return "skip"
    done = subprocess.run([str(COMMAND), "diff", str(path), str(path)], text=True, capture_output=True)
    return None if done.returncode == 0 and not done.stdout else done.stdout + done.stderr


def main():
    if not COMMAND.exists():
        print("skip diff: the command is not built")
        return 0
    tests = [(name, pair, row) for name, *row in CASES] + [("operation_" + name, operation, row) for name, *row in OPERATIONS]
    tests += [(run.__name__, run, []) for run in (line_is_whole, schemas, slices, errors, attachments, http_bindings, onvif)]
    for name, run, row in tests:
        with tempfile.TemporaryDirectory() as folder:
            why = run(Path(folder), *row)
        if why == "skip":
            print(f"skip diff_{name}: what it needs is not here")
        else:
            report("diff_" + name, why)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
