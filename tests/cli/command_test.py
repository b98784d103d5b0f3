#!/usr/bin/env python3
"""tests/cli/command_test.py - the command line itself: help, exit statuses, mistakes, and validate.

Runs the built command as a person would and looks at its output and exit status.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
WSDL = str(ROOT / "examples" / "thermostat" / "thermostat.wsdl")
URL = "http://127.0.0.1:9/"

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:element name="Room"><xs:complexType>
    <xs:sequence><xs:element name="Celsius" type="xs:int" maxOccurs="3"/></xs:sequence>
    <xs:attribute name="id" type="xs:NCName" use="required"/>
  </xs:complexType></xs:element>
</xs:schema>
"""
GOOD = '<Room xmlns="urn:t" id="hall"><Celsius>21</Celsius></Room>\n'
FILES = {
    "t.xsd": SCHEMA,
    "broken.xsd": SCHEMA.replace("xs:int", "xs:integr"),
    "good.xml": GOOD,
    "bad.xml": GOOD.replace("21", "warm"),
    "many.xml": GOOD.replace("</Room>", "<Celsius>1</Celsius>" * 3 + "</Room>"),
    "other.xml": "<Other/>",
    "long.xsd": SCHEMA.replace('maxOccurs="3"', 'maxOccurs="unbounded"'),
    "long.xml": GOOD.replace("</Room>", "<Celsius>1</Celsius>" * 300000 + "</Room>"),
    "deep.xml": "<a>" * 70000,
    "torn.xml": GOOD[:30],
    "dtd.xml": "<!DOCTYPE Room>" + GOOD,
}

# (case, arguments, exit status, parts of standard output, parts of standard error)
CASES = [
    ("help", ["--help"], 0, ["compile", "call", "validate", "Exit status"], []),
    ("help_call", ["call", "--help"], 0, ["--wsdl FILE", "Examples:", "Exit status"], []),
    ("help_validate", ["validate", "--help"], 0, ["--schema FILE", "Examples:"], []),
    ("help_compile", ["compile", "--help"], 0, ["--operations", "Examples:"], []),
    ("help_explain", ["explain", "--help"], 0, ["--list", "Examples:"], []),
    ("explain", ["explain", "E0301"], 0, ["E0301: a name is not declared", "[XSD1 3.15.3]", "Wrong:", "t:Scpoe", "Right:"], []),
    ("explain_warning", ["explain", "w0106"], 0, ["W0106: "], []),
    ("explain_number", ["explain", "702"], 0, ["E0702: "], []),
    ("explain_list", ["explain", "--list"], 0, ["E0101  ", "W0106  ", "E0901  "], []),
    ("explain_unknown", ["explain", "E9999"], 2, [], ["no code 'E9999'", "--list"]),
    ("explain_long", ["explain", "E00301"], 2, [], ["no code"]),
    ("explain_nothing", ["explain"], 2, [], ["one CODE"]),
    ("explain_both", ["explain", "--list", "E0301"], 2, [], ["one CODE"]),
    ("version", ["--version"], 0, ["soapbark 0."], []),
    ("no_verb", [], 2, [], ["usage: soapbark"]),
    ("wrong_verb", ["cal"], 2, [], ["no verb 'cal'", "did you mean 'call'?"]),
    ("wrong_option", ["validate", "--shema", "t.xsd", "good.xml"], 2, [], ["no option '--shema'", "did you mean '--schema'?"]),
    ("option_without_value", ["validate", "good.xml", "--schema"], 2, [], ["wants a value"]),
    ("switch_with_value", ["validate", "--well-formed=yes", "good.xml"], 2, [], ["takes no value"]),
    ("validate_no_file", ["validate", "--schema", "t.xsd"], 2, [], ["one FILE"]),
    ("validate_two_ways", ["validate", "--schema", "t.xsd", "--well-formed", "good.xml"], 2, [], ["either"]),
    ("validate_good", ["validate", "good.xml", "--schema", "t.xsd"], 0, ["good.xml: valid"], []),
    ("validate_equals", ["validate", "good.xml", "--schema=t.xsd"], 0, ["valid"], []),
    ("validate_bad", ["validate", "bad.xml", "--schema", "t.xsd"], 1, [], ["bad.xml:1:", "error[E0804]:", "warm", "^", "/Room/Celsius"]),
    ("validate_too_many", ["validate", "many.xml", "--schema", "t.xsd"], 1, [], ["many.xml:1:", "error[E0802]:"]),
    ("validate_long", ["validate", "long.xml", "--schema", "long.xsd"], 0, ["valid"], []),
    ("validate_long_for_a_device", ["validate", "long.xml", "--schema", "long.xsd", "--device-limits"], 2, [],
     ["long.xml:1:", "limits.", "not known"]),
    ("well_formed_too_deep", ["validate", "--well-formed", "deep.xml"], 2, [], ["limits.depth", "not known"]),
    ("validate_other_root", ["validate", "other.xml", "--schema", "t.xsd"], 1, [], ["other.xml:1:"]),
    ("validate_quiet", ["validate", "bad.xml", "--schema", "t.xsd", "--quiet"], 1, [], []),
    ("validate_broken_schema", ["validate", "good.xml", "--schema", "broken.xsd"], 2, [], ["broken.xsd:", "integr", "^"]),
    ("validate_no_such_file", ["validate", "none.xml", "--schema", "t.xsd"], 3, [], ["none.xml"]),
    ("well_formed_good", ["validate", "--well-formed", "good.xml"], 0, ["well-formed"], []),
    ("well_formed_torn", ["validate", "--well-formed", "torn.xml"], 1, [], ["torn.xml:"]),
    ("well_formed_dtd", ["validate", "--well-formed", "dtd.xml"], 1, [], ["dtd.xml:1:"]),
    ("compile", ["compile", WSDL, "-o", "made"], 0, ["SetTarget"], []),
    ("compile_nowhere", ["compile", WSDL, "-o", "none/made"], 3, [], ["none/made"]),
    ("compile_broken", ["compile", "broken.xsd", "-o", "made"], 2, [], ["broken.xsd:", "^"]),
    ("call_no_wsdl", ["call", URL, "GetTemperature"], 2, [], ["--wsdl FILE"]),
    ("call_no_operation", ["call", URL], 2, [], ["URL and OPERATION"]),
    ("call_wrong_operation", ["call", URL, "GetTemperatur", "--wsdl", WSDL], 2, [], ["GetTemperatur"]),
    ("call_dry", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=21.5", "Hold=PT2H", "--dry-run"], 0,
     ["Celsius>21.5<", "Hold>PT2H<", "2003/05/soap-envelope"], []),
    ("call_dry_11", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=21.5", "--dry-run", "--soap", "1.1"], 0,
     ["schemas.xmlsoap.org/soap/envelope"], []),
    ("call_indexed", ["call", URL, "SetSchedule", "--wsdl", WSDL, "--dry-run", "Period[0].@day=Monday",
                      "Period[0].From=06:30:00", "Period[0].Target=21", "Period[1].@day=Friday",
                      "Period[1].From=07:00:00", "Period[1].Target=19.5", "Period[1].Label=early"], 0,
     ['day="Monday"', "06:30:00", 'day="Friday"', "19.5", "early"], []),
    ("call_wrong_name", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsus=21"], 2, [], ["argument:1:1: error[E0807]", "Celsius", "^"]),
    ("call_out_of_range", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=99"], 2, [], ["argument:1:9: error[E0804]", "^"]),
    ("call_missing", ["call", URL, "SetTarget", "--wsdl", WSDL, "Hold=PT1H"], 2, [], ["Celsius"]),
    ("call_twice", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=20", "Celsius=21"], 2, [], ["has a value already"]),
    ("call_no_index", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius[0]=20"], 2, [], ["does not repeat"]),
    ("call_gap", ["call", URL, "SetSchedule", "--wsdl", WSDL, "Period[2].Target=20"], 2, [], ["before this one is missing"]),
    ("call_no_equals", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius"], 2, [], ["NAME=VALUE"]),
    ("call_both", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=20", "--json", "-"], 2, [], ["either"]),
    ("call_bad_timeout", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=20", "--timeout", "soon"], 2, [], ["seconds"]),
    ("call_bad_soap", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=20", "--soap", "1.3"], 2, [], ["1.1 or 1.2"]),
    ("call_bad_url", ["call", "ftp://x/", "SetTarget", "--wsdl", WSDL, "Celsius=20"], 2, [], ["ftp://x/"]),
    ("call_nobody_there", ["call", URL, "SetTarget", "--wsdl", WSDL, "Celsius=20"], 3, [], [URL]),
]

# (case, standard input, arguments, exit status, standard output or parts of it)
INPUT_CASES = [
    ("lines", "t.xsd\nt.xsd\tgood.xml\nt.xsd\tbad.xml\nbroken.xsd\nbroken.xsd\tgood.xml\nnone.xsd\nt.xsd\tgood.xml",
     ["validate", "--lines"], 0, "0\n0\n1\n2\n2\n2\n0\n"),
    ("json_stdin", '{"Celsius": 20.5, "Hold": "PT1H"}',
     ["call", URL, "SetTarget", "--wsdl", WSDL, "--json", "-", "--dry-run"], 0, ["Celsius>20.5<"]),
    ("json_broken", '{"Celsius": 20.5,}', ["call", URL, "SetTarget", "--wsdl", WSDL, "--json", "-", "--dry-run"], 2, ""),
    ("json_wrong_name", '{\n  "Celsus": 20.5}', ["call", URL, "SetTarget", "--wsdl", WSDL, "--json", "-"], 2, ""),
]


def run(folder, arguments, text=None):
    return subprocess.run([str(COMMAND), *arguments], cwd=folder, input=text, text=True, capture_output=True, timeout=60)


def verdict(name, problems):
    if problems:
        print(f"not ok {name}: {'; '.join(problems)}")
        return 1
    print(f"ok {name}")
    return 0


def main():
    if not COMMAND.is_file():
        print("not ok command: it was not built")
        return 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path, text in FILES.items():
            (Path(folder) / path).write_text(text)
        for name, arguments, status, out, err in CASES:
            done = run(folder, arguments)
            problems = [f"exit status {done.returncode}, want {status}: {done.stderr!r}"] if done.returncode != status else []
            problems += [f"{part!r} is not in the output {done.stdout!r}" for part in out if part not in done.stdout]
            problems += [f"{part!r} is not in the errors {done.stderr!r}" for part in err if part not in done.stderr]
            if status == 0 and done.stderr:
                problems.append(f"complains: {done.stderr!r}")
            failed += verdict(name, problems)
        for name, text, arguments, status, out in INPUT_CASES:
            done = run(folder, arguments, text)
            problems = [f"exit status {done.returncode}, want {status}: {done.stderr!r}"] if done.returncode != status else []
            if isinstance(out, str) and done.stdout != out:
                problems.append(f"output {done.stdout!r}")
            problems += [f"{part!r} is missing" for part in out if isinstance(out, list) and part not in done.stdout]
            failed += verdict(name, problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
