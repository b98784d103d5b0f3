#!/usr/bin/env python3
"""tests/cli/overrides_test.py - overrides files: every statement in header, tables and messages, and every refusal.

What a statement changes is looked for in the generated header; that the engine agrees is seen by a program that is
built from the generated files and decodes messages.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve()
COMMAND = BUILD / "soapbark"
CASES = ROOT / "cases" / "compile"

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def compile(folder, text, source="users.wsdl", *more):
    (folder / "o.overrides").write_text(text)
    words = [str(COMMAND), "compile", str(CASES / source), "--overrides", "o.overrides", "-o", ".", "--name", "o", *more]
    return subprocess.run(words, cwd=folder, text=True, capture_output=True)


# (case, statements, file, what the header has, what it has not)
CHANGES = [
    ("prefix", "prefix acc http://example.org/users", "users.wsdl", ["struct acc_User {", "acc_GetUsers_root"], ["us_"]),
    ("rename_type", "rename type us:User Account", "users.wsdl", ["struct us_Account {", "struct us_Account User;"], ["us_User "]),
    ("rename_member", "rename member us:User/class grade", "users.wsdl", ["int32_t grade;", "has_grade"], ["class"]),
    ("rename_attribute", "rename member us:User/@Name nickname", "users.wsdl", ["bark_text nickname;", "bark_text Name;"], ["Name_2"]),
    ("rename_in_choice", "rename member us:User/Mail address", "users.wsdl", ["bark_text address;", "_is_address"], ["Mail"]),
    ("rename_value", 'rename value "us:Level=Media User" watcher', "users.wsdl", ["us_Level_watcher"], ["us_Level_Media_User_2"]),
    ("rename_operation", "rename operation GetUsers list", "users.wsdl", ["us_Users_list(", "us_GetUsersResponse"], ["us_Users_GetUsers"]),
    ("rename_operation_of_port_type", "rename operation Users/Restart reboot", "users.wsdl", ["us_Users_op_reboot"], ["op_Restart"]),
    ("drop_member", "drop member us:User/Password", "users.wsdl", ["Level;"], ["Password"]),
    ("drop_alternative", "drop member us:User/Mail", "users.wsdl", ["Street"], ["Mail"]),
    ("drop_attribute", "drop member us:User/@since", "users.wsdl", [], ["since"]),
    ("drop_operation", "drop operation CreateUser", "users.wsdl", ["us_GetUsers"], ["CreateUser", "Trouble"]),
    ("cap_one", "cap us:GetUsersResponse/User 1", "users.wsdl", ["struct us_User *User;"], ["*items; size_t count; uint8_t *nil; } User"]),
    ("map_type", "map type s:Points string", "shapes.xsd", ["struct bark_text Points;"], ["double *"]),
    ("map_keeps_facets_of_its_family", "map type us:Level token", "users.wsdl", ["enum us_Level"], []),
    ("map_builtin", "map type xs:duration string", "users.wsdl", ["const struct bark_text *in"], ["bark_duration"]),
    ("map_member", "map member us:User/class long", "users.wsdl", ["int64_t class_;"], []),
    ("map_attribute", "map member us:User/@since xs:string", "users.wsdl", ["struct bark_text since;"], ["bark_time"]),
    ("relax_enumeration", "relax us:Level enumeration", "users.wsdl", ["struct bark_text Level;"], ["enum us_Level"]),
    ("anonymous_type", "rename type s:Shape/Note remark", "shapes.xsd", ["struct s_remark"], ["s_Shape_Note "]),
    ("namespace_in_braces", "rename type {urn:example:shapes}Length Size", "shapes.xsd", ["struct s_Size {"], []),
    ("no_prefix", "rename type Length Size # a comment", "shapes.xsd", ["struct s_Size {"], []),
    ("derived_types_too", "rename member s:Shape/Note memo", "shapes.xsd", ["*memo;"], ["*Note;"]),
    ("drop_in_derived_types_too", "drop member s:Shape/Note", "shapes.xsd", ["Radius"], ["Note"]),
    ("windows_lines", "# nothing\r\n\r\nrename type us:User A\r\n", "users.wsdl", ["struct us_A {"], []),
]

# (case, statements, place and code, a part of the message or note)
REFUSED = [
    ("unknown_statement", "renmae type us:User A", "1:1: error[E1001]", "did you mean 'rename'?"),
    ("unknown_kind", "rename tpye us:User A", "1:8: error[E1001]", "did you mean 'type'?"),
    ("missing_kind", "rename", "1:7: error[E1001]", "rename what?"),
    ("missing_word", "rename type us:User", "1:20: error[E1001]", "rename type TYPE NAME"),
    ("extra_word", "cap us:GetUsersResponse/User 4 5", "1:32: error[E1001]", "one word too many"),
    ("many_words", "a b c d e f g", "1:13: error[E1001]", "no more than 6"),
    ("open_quote", 'rename value "us:Level=x y', "1:14: error[E1001]", "does not end"),
    ("no_identifier", "rename type us:User a-b", "1:21: error[E1001]", "no C identifier"),
    ("no_count", "cap us:GetUsersResponse/User many", "1:30: error[E1001]", "no count"),
    ("count_zero", "cap us:GetUsersResponse/User 0", "1:30: error[E1001]", "no count"),
    ("count_huge", "cap us:GetUsersResponse/User 99999999999999999999", "1:30: error[E1001]", "no count"),
    ("open_brace", "rename type {urn:x A", "1:13: error[E1001]", "without '}'"),
    ("member_without_slash", "drop member us:User", "1:13: error[E1001]", "TYPE/MEMBER"),
    ("value_without_equals", "rename value us:Level a", "1:14: error[E1001]", "TYPE=VALUE"),
    ("unknown_prefix", "rename type uss:User A", "1:13: error[E1002]", "did you mean 'us'?"),
    ("unknown_namespace", "prefix x http://example.org/user", "1:10: error[E1002]", "did you mean 'http://example.org/users'?"),
    ("unknown_type", "rename type us:Usr A", "1:13: error[E1002]", "did you mean 'User'?"),
    ("unknown_member", "drop member us:User/Pasword", "1:13: error[E1002]", "did you mean 'Password'?"),
    ("unknown_attribute", "drop member us:User/@sinc", "1:13: error[E1002]", "did you mean '@since'?"),
    ("unknown_value", "rename value us:Level=Administrater a", "1:14: error[E1002]", "did you mean 'Administrator'?"),
    ("unknown_operation", "drop operation GetUser", "1:16: error[E1002]", "did you mean 'GetUsers'?"),
    ("unknown_builtin", "map type us:Level strng", "1:19: error[E1002]", "did you mean 'string'?"),
    ("unknown_facet", "relax us:Passphrase patern", "1:21: error[E1001]", "did you mean 'pattern'?"),
    ("required_member", "drop member us:User/Level", "1:13: error[E1003]", "required"),
    ("cap_says_nothing", "cap us:GetUsersResponse/User 50", "1:30: error[E1003]", "50 times at most already"),
    ("cap_of_attribute", "cap us:User/@since 1", "1:5: error[E1003]", "does not repeat"),
    ("facet_is_absent", "relax us:Level pattern", "1:16: error[E1003]", "no facet pattern"),
    ("facet_is_narrowed", "relax us:Passphrase maxLength 10", "1:31: error[E1003]", "narrower"),
    ("facet_wants_number", "relax us:Passphrase maxLength ten", "1:31: error[E1003]", "whole number"),
    ("pattern_is_bad", "relax us:Passphrase pattern [a-", "1:29: error[E0405]", "regular expression"),
    ("complex_is_not_mapped", "map type us:User string", "1:10: error[E1003]", "no simple type"),
    ("mapped_to_itself", "map type xs:int int", "1:10: error[E1003]", "already"),
    ("mapped_to_its_own_base", "map type us:Level string", "1:10: error[E1003]", "already"),
    ("twice", "rename type us:User A\nrename type us:User B", "2:13: error[E1003]", "second time"),
    ("prefix_twice", "prefix a http://example.org/users\nprefix b http://example.org/users", "2:10: error[E1003]", "already"),
    ("prefix_of_ours", "prefix bark http://example.org/users", "1:8: error[E1003]", "fixed"),
    ("name_of_another_type", "rename type us:User Level", "1:21: error[E1004]", "us_Level"),
    ("name_of_another_member", "rename member us:User/class Level", "1:29: error[E1004]", "'Level'"),
    ("name_of_another_value", "rename value us:Level=1 Administrator", "1:25: error[E1004]", "Administrator"),
    ("name_of_another_operation", "rename operation Restart GetUsers", "1:26: error[E1004]", "GetUsers"),
    ("name_is_a_keyword", "rename member us:User/class while", "1:29: error[E1004]", "word of C"),
    ("operation_is_dropped_and_asked_for", "drop operation Restart\nrename operation Restart x", "2:18: error[E1002]", "no port type"),
]

DEFAULTS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<xs:element name="e"><xs:complexType><xs:attribute name="a" type="t:N" default="1.5"/></xs:complexType></xs:element>
<xs:simpleType name="N"><xs:restriction base="xs:decimal"><xs:maxInclusive value="99"/></xs:restriction></xs:simpleType>
</xs:schema>
"""

PROGRAM = r"""
#include "o.h"
#include <stdio.h>
#include <string.h>
static uint8_t memory[1 << 16];
static int decode(const char *text) {
    struct bark_image image; struct bark_error err = { 0 }; struct bark_arena arena; void *message = NULL;
    if (bark_image_open(&image, o_tables(), &err) != BARK_OK) { printf("image: %s\n", err.rule); return -1; }
    bark_arena_init(&arena, memory, sizeof memory);
    if (bark_decode(&image, acc_CreateUser_root, (struct bark_slice){ (const uint8_t *)text, strlen(text) },
                    &bark_limits_device, &arena, &message, NULL, &err) != BARK_OK)
        return 0;
    return 1 + (int)((struct acc_CreateUser *)message)->User.grade;
}
#define MESSAGE(more, password) "<u:CreateUser xmlns:u='http://example.org/users'><u:User><u:Name>n</u:Name>" more \
    "<u:Password>" password "</u:Password><u:Level>1</u:Level><u:class>6</u:class><u:Active>perhaps</u:Active>" \
    "<u:Mail>m</u:Mail></u:User></u:CreateUser>"
int main(void) {
    printf("%d %d %d\n", decode(MESSAGE("", "abc")), decode(MESSAGE("", "ab")), decode(MESSAGE("<u:Odd/>", "abc")));
    return 0;
}
"""


def in_folder(run, *words):
    with tempfile.TemporaryDirectory() as name:
        return run(Path(name), *words)


def change(folder, text, source, has, has_not):
    done = compile(folder, text, source)
    if done.returncode:
        return done.stderr[:300]
    header = re.sub(r"/\*.*?\*/", "", (folder / "o.h").read_text(), flags=re.S)
    missing = [part for part in has if part not in header]
    extra = [part for part in has_not if part in header]
    return f"missing {missing}, extra {extra}" if missing or extra else None


def refuse(folder, text, place, part):
    done = compile(folder, text)
    if done.returncode != 2 or (folder / "o.h").exists():
        return f"exit status {done.returncode}"
    if "o.overrides:" + place not in done.stderr or part not in done.stderr:
        return f"not {place} with {part}: {done.stderr[:300]}"
    return None


def defaults_hold(folder):
    (folder / "d.xsd").write_text(DEFAULTS)
    done = compile(folder, "map type t:N int", folder / "d.xsd")
    if done.returncode != 2 or "default value, '1.5'" not in done.stderr:
        return f"a default that is no value was taken: {done.stderr[:300]}"
    done = compile(folder, "map type t:N double", folder / "d.xsd")
    return done.stderr[:300] if done.returncode else None


def bytes_are_checked(folder):
    words = [str(COMMAND), "compile", str(CASES / "users.wsdl"), "--overrides", "o.overrides"]
    for bad, place in ((b"rename\0", "1:7"), (b"# \xff", "1:3")):
        (folder / "o.overrides").write_bytes(bad)
        done = subprocess.run(words, cwd=folder, text=True, errors="replace", capture_output=True)
        if done.returncode != 2 or f"{place}: error[E1001]" not in done.stderr:
            return done.stderr[:300]
    words[-1] = "absent"
    done = subprocess.run(words, cwd=folder, text=True, capture_output=True)
    return None if done.returncode == 3 else f"an absent file: exit status {done.returncode}"


def engine_agrees(folder):
    done = compile(folder, (CASES / "users.overrides").read_text())
    if done.returncode:
        return done.stderr[:300]
    if "--overrides o.overrides" not in (folder / "o.h").read_text().splitlines()[0]:
        return "the header does not say which overrides were used"
    (folder / "main.c").write_text(PROGRAM)
    library = BUILD / "libsoapbark.a"
    more = ["-fsanitize=address,undefined"] if b"__asan_init" in library.read_bytes() else []
    words = ["cc", "-std=c11", "-Wall", "-Werror", *more, "-I", str(ROOT / "include"), "main.c", "o.c", str(library), "-o", "main"]
    done = subprocess.run(words, cwd=folder, text=True, capture_output=True)
    if done.returncode:
        return done.stderr[:500]
    done = subprocess.run(["./main"], cwd=folder, text=True, capture_output=True)
    return None if done.stdout == "7 0 0\n" else f"the program says {done.stdout!r}"


PIN = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<xs:element name="pin" type="t:Pin"/>
<xs:simpleType name="Pin"><xs:restriction base="xs:string"><xs:maxLength value="%d"/></xs:restriction></xs:simpleType></xs:schema>"""
PIN_WSDL = """<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
targetNamespace="urn:t"><w:types>%s</w:types><w:message name="M"><w:part name="p" element="t:pin"/></w:message><w:portType name="P">
<w:operation name="Op"><w:input message="t:M"/></w:operation></w:portType><w:binding name="B" type="t:P">
<s:binding transport="http://schemas.xmlsoap.org/soap/http"/><w:operation name="Op"><s:operation soapAction=""/><w:input>
<s:body use="literal"/></w:input></w:operation></w:binding></w:definitions>"""


def other_verbs(folder):
    """Wherever a schema is read, what its reader wants otherwise counts."""
    (folder / "pin.xsd").write_text(PIN % 4)
    (folder / "less.xsd").write_text(PIN % 3)
    (folder / "pin.wsdl").write_text(PIN_WSDL % (PIN % 4))
    (folder / "pin.xml").write_text('<p:pin xmlns:p="urn:t">12345</p:pin>')
    (folder / "pin.json").write_text('"12345"')
    (folder / "o").write_text("relax t:Pin maxLength\n")
    (folder / "wrong").write_text("relax t:Pni maxLength\n")
    # words, exit status without overrides
    for words, status in ((["validate", "pin.xml", "--schema", "pin.xsd"], 1), (["json", "pin.xml", "--schema", "pin.xsd"], 1),
                          (["json", "pin.json", "--to-xml", "--root", "pin", "--schema", "pin.xsd"], 1),
                          (["diff", "pin.xsd", "less.xsd"], 2),
                          (["call", "http://127.0.0.1:1/", "Op", "--wsdl", "pin.wsdl", "--json", "pin.json", "--dry-run"], 2)):
        usage = 4 if words[0] == "diff" else 2
        for more, want in (([], status), (["--overrides", "o"], 0), (["--overrides", "wrong"], usage),
                           (["--overrides", "absent"], usage - 1 if words[0] == "diff" else 3)):
            done = subprocess.run([str(COMMAND), *words, *more], cwd=folder, text=True, capture_output=True)
            if done.returncode != want or (more[1:] == ["wrong"] and "wrong:1:7: error[E1002]" not in done.stderr):
                return f"{words} {more}: exit status {done.returncode}: {done.stdout[:200]}{done.stderr[:300]}"
    return None


def main():
    if not COMMAND.exists():
        print("skip overrides: the command is not built")
        return 0
    for name, text, source, has, has_not in CHANGES:
        report("overrides_" + name, in_folder(change, text, source, has, has_not))
    for name, text, place, part in REFUSED:
        report("overrides_refuse_" + name, in_folder(refuse, text, place, part))
    report("overrides_defaults", in_folder(defaults_hold))
    report("overrides_bytes", in_folder(bytes_are_checked))
    report("overrides_of_other_verbs", in_folder(other_verbs))
    if shutil.which("cc"):
        report("overrides_and_the_engine", in_folder(engine_agrees))
    else:
        print("skip overrides_and_the_engine: no C compiler")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
