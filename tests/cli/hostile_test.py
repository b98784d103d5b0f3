#!/usr/bin/env python3
"""tests/cli/hostile_test.py - schemas made to hang, crash or exhaust a compiler, each in a process with a memory cap.

Every case has the exit status that it must end with, and each refusal a word in its message: never a signal, never the cap,
never the clock. Among them are the shapes on which other tools are known to abort, to recurse or to unroll: odd enumerations,
long chains, counters of millions, circles. SOAPBARK_NIGHTLY makes the ones that cost seconds as large as the issue asks for.
"""
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

# time-out: 600
ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
SANITIZED = COMMAND.is_file() and b"__asan_init" in COMMAND.read_bytes()
NIGHTLY = bool(os.environ.get("SOAPBARK_NIGHTLY"))
MEMORY, SECONDS = 2 << 30, 120  # address space; a hang is what the clock is for
XS = "xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:t' targetNamespace='urn:t'"


def schema(body, names=XS):
    return f"<xs:schema {names}>{body}</xs:schema>"


def element(content):
    return schema(f"<xs:element name='r'><xs:complexType>{content}</xs:complexType></xs:element>")


def chain(count, how):
    first = "<xs:complexType name='T0'><xs:sequence><xs:element name='e' minOccurs='0'/></xs:sequence></xs:complexType>"
    step = {"extension": "<xs:complexType name='T{0}'><xs:complexContent><xs:extension base='T{1}'/></xs:complexContent></xs:complexType>",
            "grown": "<xs:complexType name='T{0}'><xs:complexContent><xs:extension base='T{1}'><xs:sequence><xs:element name='e{0}'/>"
                     "</xs:sequence></xs:extension></xs:complexContent></xs:complexType>",
            "restriction": "<xs:complexType name='T{0}'><xs:complexContent><xs:restriction base='T{1}'><xs:sequence>"
                           "<xs:element name='e' minOccurs='0'/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>"}[how]
    return schema(first + "".join(step.format(i, i - 1) for i in range(1, count)))


def simple_chain(count):
    return schema("<xs:simpleType name='T0'><xs:restriction base='xs:string'/></xs:simpleType>" + "".join(
        f"<xs:simpleType name='T{i}'><xs:restriction base='T{i - 1}'/></xs:simpleType>" for i in range(1, count)))


def groups(count, uses):
    """Each group refers to the next one `uses` times: count links, uses ** count particles."""
    return schema("".join(f"<xs:group name='g{i}'><xs:sequence>" + f"<xs:group ref='g{i + 1}'/>" * uses + "</xs:sequence></xs:group>"
                          for i in range(count)) + f"<xs:group name='g{count}'><xs:sequence><xs:element name='a'/></xs:sequence></xs:group>"
                  "<xs:element name='r'><xs:complexType><xs:group ref='g0'/></xs:complexType></xs:element>")


def facets(values, base="xs:string"):
    return schema("<xs:element name='r'><xs:simpleType><xs:restriction base='" + base + "'>" + values +
                  "</xs:restriction></xs:simpleType></xs:element>")


def patterns(*texts):
    return facets("".join(f"<xs:pattern value='{t}'/>" for t in texts))


BIG = "99999999999999999999999999"
HEADS = "".join(f"<xs:element name='h{i}' substitutionGroup='h{i - 1}'/>" for i in range(1, 20000))
PARTS = "".join(f"<xs:element name='e{i}' minOccurs='0'/>" for i in range(3000))
RESTRICTED = ("<xs:complexType name='B'><xs:choice maxOccurs='unbounded'>" + PARTS + "</xs:choice></xs:complexType><xs:complexType name='T'>"
              "<xs:complexContent><xs:restriction base='B'><xs:sequence>" + PARTS + "</xs:sequence></xs:restriction></xs:complexContent>"
              "</xs:complexType>")

# name, main file, others
CASES = [
    ("circular_includes", schema("<xs:include schemaLocation='b.xsd'/><xs:element name='r' type='T'/>"),
     {"b.xsd": schema("<xs:include schemaLocation='main.xsd'/><xs:include schemaLocation='b.xsd'/><xs:simpleType name='T'>"
                      "<xs:restriction base='xs:int'/></xs:simpleType>")}),
    ("circular_imports", schema("<xs:import namespace='urn:u' schemaLocation='b.xsd'/><xs:element name='r'/>"),
     {"b.xsd": schema("<xs:import namespace='urn:t' schemaLocation='main.xsd'/>", XS.replace("urn:t", "urn:u"))}),
    ("redefines_itself", schema("<xs:redefine schemaLocation='main.xsd'><xs:simpleType name='T'><xs:restriction base='T'/></xs:simpleType>"
                                "</xs:redefine><xs:simpleType name='T'><xs:restriction base='xs:int'/></xs:simpleType>"), {}),
    ("overrides_itself", schema("<xs:override schemaLocation='main.xsd'><xs:simpleType name='T'><xs:restriction base='xs:int'/>"
                                "</xs:simpleType></xs:override><xs:element name='r'/>"), {}),
    ("derivations_deep", chain(100000, "extension"), {}),
    ("derivations_that_grow", chain(3000 if NIGHTLY else 1000, "grown"), {}),
    ("restrictions_deep", chain(30000, "restriction"), {}),
    ("simple_derivations_deep", simple_chain(100000), {}),
    ("members_a_million", element("<xs:sequence>" + "<xs:element name='e'/>" * 1000000 + "</xs:sequence>"), {}),
    ("choices_many", element("<xs:choice>" + PARTS + "</xs:choice>"), {}),
    ("attributes_many", element("".join(f"<xs:attribute name='a{i}'/>" for i in range(100000))), {}),
    ("union_of_many", schema("<xs:simpleType name='U'><xs:union memberTypes='" + "xs:int " * 100000 + "'/></xs:simpleType>"), {}),
    ("enumerations_many", facets("".join(f"<xs:enumeration value='v{i}'/>" for i in range(200000))), {}),
    ("enumerations_same", facets("<xs:enumeration value='v'/>" * 50000), {}),
    ("enumeration_long", facets("<xs:enumeration value='" + "x" * 5000000 + "'/>"), {}),
    ("enumerations_odd", facets("".join(f"<xs:enumeration value='{v}'/>" for v in (
        "1st", "", " ", "-", "a-b", "a_b", "+", "*/", "//", "&quot;", "\\", "%s%n", "int", "NULL", "&#x1F600;", "??/", "_", "0"))), {}),
    ("patterns_of_values", facets("<xs:pattern value='(a|b)*a(a|b){9}'/>") .replace("xs:element name='r'><xs:simpleType",
     "xs:simpleType name='S'").replace("</xs:element>", "<xs:simpleType name='E'><xs:restriction base='S'>" +
     "".join(f"<xs:enumeration value='a{'b' * 9}'/>" for _ in range(20000 if NIGHTLY else 5000)) + "</xs:restriction></xs:simpleType>"), {}),
    ("occurs_millions", element("<xs:sequence minOccurs='4000000' maxOccurs='4000000'><xs:element name='a' maxOccurs='9000000'/>"
                                "<xs:element name='b' minOccurs='0' maxOccurs='1000000'/></xs:sequence>"), {}),
    ("occurs_beyond", element(f"<xs:sequence><xs:element name='a' minOccurs='{BIG}' maxOccurs='{BIG}9'/></xs:sequence>"), {}),
    ("occurs_nested", element("<xs:sequence maxOccurs='1000000'>" * 100 + "<xs:element name='a'/>" + "</xs:sequence>" * 100), {}),
    ("all_of_millions", element("<xs:all><xs:element name='a' maxOccurs='4000000'/><xs:element name='b' minOccurs='0'/></xs:all>"), {}),
    ("numbers_beyond", facets(f"<xs:maxLength value='{BIG}'/>") + "", {}),
    ("quantifiers_nested", patterns("((((a{1,99}){1,99}){1,99}){1,99})*", "(a*)*(a+)+b", "(a|a|a|a)*{0,9999999}"), {}),
    ("pattern_exponential", patterns("(a|b)*a(a|b){30}"), {}),
    ("pattern_deep", patterns("(" * 30000 + "a" + ")" * 30000), {}),
    ("pattern_long", patterns("(abc|def)?" * 6000), {}),
    ("patterns_many", facets("".join(f"<xs:pattern value='[a-z]{{{i % 30}}}x{i}'/>" for i in range(3000))), {}),
    ("groups_exponential", groups(40, 2), {}),
    ("groups_deep", groups(20000, 1), {}),
    ("groups_wide", groups(4, 30 if NIGHTLY else 18), {}),
    ("nested_deep", element("<xs:sequence>" * 200 + "</xs:sequence>" * 200), {}),
    ("nested_too_deep", element("<xs:sequence>" * 100000), {}),
    ("substitutions_deep", schema("<xs:element name='h0'/>" + HEADS + "<xs:element name='r'><xs:complexType><xs:choice>"
                                  "<xs:element ref='h0'/><xs:element ref='h19999'/></xs:choice></xs:complexType></xs:element>"), {}),
    ("restriction_wide", schema(RESTRICTED), {}),
    ("recursion_of_all_kinds", schema(
        "<xs:complexType name='A'><xs:complexContent><xs:extension base='B'/></xs:complexContent></xs:complexType><xs:complexType name='B'>"
        "<xs:complexContent><xs:extension base='A'/></xs:complexContent></xs:complexType><xs:group name='g'><xs:sequence>"
        "<xs:group ref='g'/></xs:sequence></xs:group><xs:attributeGroup name='g'><xs:attributeGroup ref='g'/></xs:attributeGroup>"
        "<xs:simpleType name='S'><xs:list itemType='S'/></xs:simpleType><xs:simpleType name='U'><xs:union memberTypes='U S'/>"
        "</xs:simpleType><xs:element name='h' substitutionGroup='h'/>"), {}),
    ("xsd11_everything", schema(
        "<xs:defaultOpenContent><xs:any/></xs:defaultOpenContent><xs:element name='r'><xs:alternative test='@x'/><xs:alternative/>"
        "</xs:element><xs:complexType name='T'><xs:openContent mode='interleave'><xs:any/></xs:openContent><xs:all>"
        "<xs:element name='a' maxOccurs='5'/></xs:all><xs:assert test='((('/></xs:complexType><xs:simpleType name='D'>"
        "<xs:restriction base='xs:date'><xs:assertion test='1'/><xs:explicitTimezone value='never'/></xs:restriction></xs:simpleType>"), {}),
    ("empty_file", "", {}),
    ("only_a_tag", "<xs:schema", {}),
    ("zero_bytes", "\0" * 1000, {}),
]


# exit statuses of compile, and of validate --strict with a document <r/> in it; 2 is a refusal of the schema
STATUSES = {
    (0, 0): ("circular_imports choices_many enumerations_odd numbers_beyond nested_deep"),
    (0, 1): ("circular_includes redefines_itself restrictions_deep union_of_many enumerations_same patterns_of_values "
           "occurs_millions occurs_beyond occurs_nested pattern_deep groups_deep"),
    (0, 2): ("overrides_itself derivations_deep derivations_that_grow simple_derivations_deep all_of_millions "
           "substitutions_deep restriction_wide"),
    (2, 2): ("members_a_million attributes_many enumerations_many enumeration_long quantifiers_nested pattern_exponential "
           "pattern_long patterns_many groups_exponential groups_wide nested_too_deep recursion_of_all_kinds "
           "xsd11_everything empty_file only_a_tag zero_bytes"),
}


def cap():
    if not SANITIZED:  # the shadow memory alone is terabytes of address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(folder, status, arguments):
    try:
        done = subprocess.run([str(COMMAND)] + arguments, cwd=folder, capture_output=True, timeout=SECONDS, preexec_fn=cap)
    except subprocess.TimeoutExpired:
        return "the clock"
    if done.returncode != status:
        return f"{arguments[0]}: exit {done.returncode}, not {status}: {done.stderr[-200:]!r}"
    if status and b"error[E" not in done.stderr:
        return "refused without a word"
    return None


def main():
    if not COMMAND.is_file():
        print("not ok hostile: the command was not built")
        return 1
    failed = 0
    expected = {name: pair for pair, names in STATUSES.items() for name in names.split()}
    for name, text, others in CASES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for file, content in {"main.xsd": text, **others}.items():
                (folder / file).write_text(content, encoding="utf-8")
            (folder / "d.xml").write_text("<r xmlns='urn:t'/>")
            wrong = (run(folder, expected[name][0], ["compile", "--quiet", "-o", "out", "main.xsd"])
                     or run(folder, expected[name][1], ["validate", "--strict", "--schema", "main.xsd", "d.xml"]))
        print(f"not ok hostile_{name}: {wrong}" if wrong else f"ok hostile_{name}", flush=True)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
