#!/usr/bin/env python3
"""tests/cli/codes_test.py - diagnostics that no schema of a few lines can show in `soapbark explain`: each is provoked here, by
its code. tools/checks/codes.py asks that every code has an example or a test.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
XS = "xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:t' targetNamespace='urn:t'"


def schema(body, names=XS):
    return f"<xs:schema {names}>{body}</xs:schema>"


def wsdl(operation, binding=""):
    return f"""<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/'
 xmlns:t='urn:t' xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t'>
 <types>{schema("<xs:element name='e' type='xs:int'/>")}</types>
 <message name='M'><part name='p' element='t:e'/></message>
 <portType name='P'><operation name='O'>{operation}</operation></portType>
 <binding name='B' type='t:P'><soap:binding transport='http://schemas.xmlsoap.org/soap/http'/>
  <operation name='O'><soap:operation soapAction='a'/>{binding}</operation></binding>
</definitions>"""


ELEMENT = schema("<xs:element name='r'><xs:complexType><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence>"
                 "</xs:complexType></xs:element><xs:element name='n'><xs:complexType><xs:sequence><xs:any processContents='skip'/>"
                 "</xs:sequence></xs:complexType></xs:element>")
BODY = "<input><soap:body use='literal'/></input><output><soap:body use='literal'/></output>"
COMPILE = ["compile", "--quiet", "-o", "out", "main"]
VALIDATE = ["validate", "--schema", "main", "document"]

# code, arguments, the main file, others
CASES = [
    ("E0506", COMPILE, schema(
        "<xs:import namespace='urn:u' schemaLocation='u.xsd'/><xs:complexType name='T'><xs:attributeGroup xmlns:u='urn:u' ref='u:g'/>"
        "<xs:anyAttribute namespace='##other'/></xs:complexType>"),
     {"u.xsd": schema("<xs:attributeGroup name='g'><xs:anyAttribute namespace='##other'/></xs:attributeGroup>",
                      XS.replace("urn:t", "urn:u"))}),
    ("W0509", COMPILE, schema("<xs:complexType name='T'><xs:sequence><xs:element name='a' minOccurs='0'/><xs:element name='a'/>"
                              "</xs:sequence></xs:complexType>"), {}),
    ("E0601", COMPILE, wsdl("", BODY), {}),
    ("W0603", COMPILE, wsdl("<input message='t:M'/>").split(" <binding")[0].replace("element='t:e'", "type='x:int'") + "</definitions>", {}),
    ("E0701", COMPILE, schema("".join(f"<xs:element name='e{i}' type='xs:int'/>" for i in range(66000))), {}),
    ("E0801", VALIDATE, ELEMENT, {"document": "<r xmlns='urn:t'>"}),
    ("E0802", VALIDATE, ELEMENT, {"document": "<z/>"}),
    ("E0803", VALIDATE, ELEMENT, {"document": "<t:r xmlns:t='urn:t'/>"}),
    ("E0804", VALIDATE, ELEMENT, {"document": "<t:r xmlns:t='urn:t'><a>x</a></t:r>"}),
    ("E0805", ["call", "http://127.0.0.1:9/", "O", "--wsdl", "main", "--dry-run", "--json", "document"],
     wsdl("<input message='t:M'/><output message='t:M'/>", BODY), {"document": "5 5"}),
    ("E0806", VALIDATE + ["--device-limits"], ELEMENT,
     {"document": "<t:n xmlns:t='urn:t'>" + "<d>" * 300 + "</d>" * 300 + "</t:n>"}),
]


def main():
    if not COMMAND.is_file():
        print("not ok codes: the command was not built")
        return 1
    failed = 0
    for code, arguments, text, others in CASES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file, content in {"main": text, **others}.items():
                (folder / file).write_text(content)
            done = subprocess.run([str(COMMAND)] + arguments, cwd=folder, text=True, capture_output=True, timeout=60)
        said = f"[{code}]" in done.stderr and (done.returncode == 0) == (code[0] == "W")
        print(f"ok code_{code}" if said else f"not ok code_{code}: exit {done.returncode}: {done.stderr[:300]!r}")
        failed += not said
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
