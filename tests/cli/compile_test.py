#!/usr/bin/env python3
"""tests/cli/compile_test.py - soapbark compile: the same bytes from everywhere, slices, names, and clear refusals."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
CASES = ROOT / "cases" / "compile"

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def compile(words, folder):
    return subprocess.run([str(COMMAND), "compile", *words], cwd=folder, text=True, capture_output=True)


def files_of(folder):
    return {p.name: p.read_bytes() for p in Path(folder).iterdir()}


def same_bytes_from_everywhere():
    """Neither the folder it is called from nor how the file is named shows in the output."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first = compile([str(CASES / "users.wsdl"), "-o", one], ROOT)
        second = compile(["users.wsdl", "-o", two], CASES)
        if first.returncode or second.returncode:
            return first.stderr + second.stderr
        if files_of(one) != files_of(two) or sorted(files_of(one)) != ["users.c", "users.h"]:
            return "the outputs differ"
        if any(str(ROOT).encode() in text for text in files_of(one).values()):
            return "a folder of this machine is in the output"
    return None


def slice_is_smaller_and_named():
    with tempfile.TemporaryDirectory() as folder:
        done = compile([str(CASES / "users.wsdl"), "--operations", "GetUsers", "--name", "part", "-o", folder], folder)
        header = (Path(folder) / "part.h").read_text()
        if done.returncode or "us_GetUsersResponse" not in header or "us_CreateUser" in header:
            return "the slice holds the wrong types"
        if "CreateUser" in done.stdout or "GetUsers" not in done.stdout:
            return "the bill shows the wrong operations"
    return None


ABSTRACT = """<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" targetNamespace="urn:t"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"><w:types><xs:schema targetNamespace="urn:t"><xs:element name="In" type="xs:int"/>
<xs:element name="Out" type="xs:string"/></xs:schema></w:types><w:message name="I"><w:part name="p" element="t:In"/></w:message>
<w:message name="O"><w:part name="p" element="t:Out"/></w:message><w:portType name="P"><w:operation name="Op"><w:input message="t:I"/>
<w:output message="t:O"/></w:operation></w:portType></w:definitions>"""


def no_binding_and_no_service():
    """A port type alone gives handlers and calls, and soapbark call can call it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "abstract.wsdl"
        path.write_text(ABSTRACT)
        done = compile([str(path), "-o", folder], folder)
        header = (Path(folder) / "abstract.h").read_text() if done.returncode == 0 else ""
        if "struct t_P_handlers" not in header or "t_P_Op(struct bark_client *client" not in header:
            return done.stderr or "no handlers, or no call"
        done = subprocess.run([str(COMMAND), "call", "http://127.0.0.1:1/", "Op", "--wsdl", str(path), "--dry-run", "--json", "-"],
                              input="5", text=True, capture_output=True)
        return None if "In " in done.stdout and ">5</" in done.stdout else done.stdout + done.stderr


def slices_hold_what_they_need():
    """Every row of a slice is one that its operations reach, and a slice is a fraction of the whole."""
    folder = ROOT.parent / "shared" / "onvif" / "ver10"
    if not folder.exists():
        return "skip"
    for name, operations in (("device/wsdl/devicemgmt.wsdl", ["GetUsers", "GetCapabilities,GetScopes"]), ("media/wsdl/media.wsdl", ["GetProfiles", "GetStreamUri"])):
        sizes = []
        for slice in [None, *operations]:
            with tempfile.TemporaryDirectory() as out:
                done = compile([str(folder / name), "--name", "x", "-o", out, *(["--operations", slice] if slice else [])], out)
            if done.returncode or "no operation needs" in done.stdout:
                return f"{name} {slice}: {done.stdout[:400]}{done.stderr[:200]}"
            sizes.append(int(re.search(r"^tables: (\d+) bytes in all", done.stdout, re.M).group(1)))
        print(f"# {name}: {sizes[0]} bytes of tables; " + ", ".join(f"{o} {s}" for o, s in zip(operations, sizes[1:])))
        if max(sizes[1:]) * 3 > sizes[0]:
            return f"{name}: slices of {sizes[1:]} bytes, the whole has {sizes[0]}"
    return None


# (case, arguments, exit status, parts of standard error); nothing may be written.
REFUSED = [
    ("unknown_operation", ["users.wsdl", "--operations", "GetUser"], 2, ["no port type has an operation 'GetUser'", "did you mean 'GetUsers'?"]),
    ("name_is_no_identifier", ["users.wsdl", "--name", "a-b"], 2, ["C identifier"]),
    ("no_file", [], 2, ["one file"]),
    ("file_is_absent", ["absent.wsdl"], 2, ["absent.wsdl"]),
    ("bad_pattern", ["pattern.xsd"], 2, ["pattern.xsd:3:", "is no regular expression", "^"]),
    ("pattern_too_large", ["large.xsd"], 2, ["large.xsd:3:", "more than 2048 states"]),
    ("struct_too_large", ["wide.xsd"], 2, ["wide.xsd:2:", "65535"]),
]


def schema(body):
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\n{body}\n</xs:schema>\n'


def pattern_schema(pattern):
    return schema(f'<xs:element name="e"><xs:simpleType><xs:restriction base="xs:string">\n<xs:pattern value="{pattern}"/>'
                  "</xs:restriction></xs:simpleType></xs:element>")


def refused(words, status, parts):
    with tempfile.TemporaryDirectory() as folder:
        wide = "".join(f'<xs:element name="m{i}" type="xs:string"/>' for i in range(5000))
        files = {
            "users.wsdl": (CASES / "users.wsdl").read_text(),
            "pattern.xsd": pattern_schema("[a-"),
            "large.xsd": pattern_schema("(a|b)*a(a|b){20}"),
            "wide.xsd": schema(f'<xs:element name="e"><xs:complexType><xs:sequence>{wide}</xs:sequence></xs:complexType></xs:element>'),
        }
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        done = compile(words, folder)
        if done.returncode != status:
            return f"exit status {done.returncode}: {done.stderr[:200]}"
        missing = [part for part in parts if part not in done.stderr]
        if missing:
            return f"{missing} not in {done.stderr[:300]}"
        if sorted(p.name for p in Path(folder).iterdir()) != sorted(files):
            return "something was written"
    return None


def main():
    if not COMMAND.exists():
        print("skip compile: the command is not built")
        return 0
    report("compile_gives_the_same_bytes_from_everywhere", same_bytes_from_everywhere())
    report("compile_slices", slice_is_smaller_and_named())
    why = slices_hold_what_they_need()
    if why == "skip":
        print("skip compile_slices_reach_rows: the ONVIF files are not here")
    else:
        report("compile_slices_reach_rows", why)
    report("compile_without_binding_and_service", no_binding_and_no_service())
    for name, words, status, parts in REFUSED:
        report("compile_refuses_" + name, refused(words, status, parts))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
