#!/usr/bin/env python3
"""tests/cli/names_test.py - C names of whatever a schema calls things: a header that compilers of C and C++ take.

The schema has no target namespace, so that nothing stands before its names: keywords of both languages, macros of
common headers, names that differ in case or in characters that C does not have, and the same name several times. The
compilers see the system's headers first, where the macros are.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve() / "soapbark"

KEYWORDS = """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl concept
const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else
enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or
or_eq private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast
struct switch template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while
xor xor_eq _Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local typeof __func__""".split()
MACROS = """errno NULL unix linux i386 EOF stdin stdout stderr TRUE FALSE NAN INFINITY HUGE_VAL I complex assert offsetof major minor BUFSIZ
RAND_MAX EXIT_SUCCESS CHAR_BIT INT_MAX INT_MIN UINT_MAX LONG_MAX SIZE_MAX INT32_MAX UINT8_MAX SIGINT SIGTERM st_atime st_mtime st_ctime
s6_addr sa_handler sa_sigaction h_addr h_errno INADDR_ANY M_PI DOMAIN OVERFLOW CLOCKS_PER_SEC va_list environ errno_t noreturn
size_t int8_t int32_t uint8_t uint16_t uint64_t which items count nil unused value content""".split()
ODD = ["a-b", "a.b", "a_b", "A-B", "A.b", "Name", "name", "NAME", "Größe", "größe", "数", "é", "_", "__", "_1", "a", "has_a", "has_a_2",
       "value", "any", "choice", "bark_text", "has_value"]

HEADERS = """#include <assert.h>
#include <complex.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
"""

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def elements(names, type):
    return "".join(f'<xs:element name="{n}" type="{type}" minOccurs="0"/>' for n in names)


def schema(names):
    """Each name as an element, an attribute, a type, a root, and an enumerated value."""
    unique = list(dict.fromkeys(names))
    attributes = "".join(f'<xs:attribute name="{n}" type="xs:int"/>' for n in unique)
    types = "".join(f'<xs:complexType name="{n}"><xs:sequence>{elements([n], "xs:int")}</xs:sequence></xs:complexType>' for n in unique)
    values = "".join(f'<xs:enumeration value="{v}"/>' for v in dict.fromkeys(unique + ["", " ", "-", "--", "1", "01", "+1", "a b", "a  b"]))
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{types}'
            f'<xs:simpleType name="Values"><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>'
            f'<xs:element name="Root"><xs:complexType><xs:sequence>{elements(unique, "xs:int")}'
            '<xs:element name="Twice" type="xs:int"/><xs:element name="Between" type="Values"/><xs:element name="Twice" type="xs:int"/>'
            f'<xs:choice>{"".join(f"<xs:element name=%r type=%r/>" % ("c" + n if n.startswith("_") else n + ".", n) for n in unique)}</xs:choice>'
            f'</xs:sequence>{attributes}</xs:complexType></xs:element>'
            + "".join(f'<xs:element name="{n}" type="{n}"/>' for n in unique) + "</xs:schema>\n")


def compilers():
    for command, standard, language in (("gcc", "gnu11", "c"), ("clang", "gnu11", "c"), ("gcc", "c11", "c"), ("g++", "gnu++20", "c++"), ("g++", "c++11", "c++"), ("clang++", "gnu++20", "c++")):
        if shutil.which(command):
            yield command, standard, language


def header_is_taken(folder, text, more=()):
    (folder / "n.xsd").write_text(text)
    done = subprocess.run([str(COMMAND), "compile", "n.xsd", *more], cwd=folder, text=True, capture_output=True)
    if done.returncode:
        return done.stderr[:400]
    for command, standard, language in compilers():
        headers = HEADERS if language == "c" else HEADERS.replace("#include <complex.h>\n", "")
        (folder / ("n_use." + ("c" if language == "c" else "cc"))).write_text(headers + '#include "n.h"\nint main(void) { return 0; }\n')
        words = [command, "-std=" + standard, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", str(ROOT / "include"), "-x", language]
        if language == "c++" and command == "g++":
            words.append("-Wno-missing-field-initializers")
        done = subprocess.run([*words, "n_use." + ("c" if language == "c" else "cc")], cwd=folder, text=True, capture_output=True)
        if done.returncode:
            return f"{command} -std={standard}: {done.stderr[:600]}"
    if shutil.which("gcc"):
        done = subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Werror", "-fsyntax-only", "-I", str(ROOT / "include"), "n.c"], cwd=folder, text=True, capture_output=True)
        if done.returncode:
            return f"the tables: {done.stderr[:600]}"
    return None


def names_are_stable(folder):
    """A slice and an added element rename nothing."""
    one, two = folder / "one", folder / "two"
    for place, names in ((one, ["a-b", "a.b", "Name"]), (two, ["a-b", "a.b", "Name", "zz"])):
        place.mkdir()
        (place / "n.xsd").write_text(schema(names))
        done = subprocess.run([str(COMMAND), "compile", "n.xsd"], cwd=place, text=True, capture_output=True)
        if done.returncode:
            return done.stderr[:300]
    members = [set(re.findall(r"\w+(?=;)", (p / "n.h").read_text())) for p in (one, two)]
    return None if members[0] <= members[1] else f"renamed: {sorted(members[0] - members[1])[:5]}"


def comments_are_only_comments(folder):
    station = ROOT / "cases" / "describe" / "station.wsdl"
    text = station.read_text().replace("What measures.", "A &#x202E;trick&#x2066; /* and */ ??/")
    for words, there in (([], False), (["--comments"], True)):
        why = None
        (folder / "n.wsdl").write_text(text)
        done = subprocess.run([str(COMMAND), "compile", "n.wsdl", *words], cwd=folder, text=True, capture_output=True)
        if done.returncode:
            return done.stderr[:300]
        header = (folder / "n.h").read_text()
        if ("No cloud at all." in header) != there or ("thanks" in header) != there:
            return f"comments with {words}: {not there}"
        plain = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
        if "trick" in plain or "script" in plain or "\u202e" in header or "??/" in header:
            return "documentation got out of its comment"
        if there and words[0] not in header.splitlines()[0]:
            return "the command is not said"
        (folder / "use.c").write_text('#include "n.h"\nint main(void) { return 0; }\n')
        for standard in ("c11", "gnu11"):
            done = subprocess.run(["gcc", "-std=" + standard, "-trigraphs", "-Wall", "-Wextra", "-Werror", "-Wbidi-chars=any", "-fsyntax-only", "-I",
                                   str(ROOT / "include"), "use.c"], cwd=folder, text=True, capture_output=True)
            why = why or done.stderr[:400] if done.returncode else why
        if why:
            return why
    return None


def main():
    if not COMMAND.exists() or not shutil.which("gcc"):
        print("skip names: no command or no compiler")
        return 0
    for name, run in (("keywords", lambda f: header_is_taken(f, schema(KEYWORDS))), ("macros", lambda f: header_is_taken(f, schema(MACROS))),
                      ("odd_names", lambda f: header_is_taken(f, schema(ODD))), ("stable", names_are_stable),
                      ("comments", comments_are_only_comments)):
        with tempfile.TemporaryDirectory() as folder:
            report("names_" + name, run(Path(folder)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
