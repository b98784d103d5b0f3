"""tools/checks/names.py - names that say where they belong.

Public headers: bark_ and BARK_ on everything, structs without typedef. Library code: static functions carry no
prefix, so that a prefix means "seen by the linker".
"""
import re

from .tree import Finding

TYPEDEF = re.compile(r"^\s*typedef\b(?!.*\()")  # a function type may have a name of its own
TAG = re.compile(r"^(?:struct|enum|union)\s+(\w+)\s*\{")
MACRO = re.compile(r"^\s*#\s*define\s+(\w+)")
DECLARATION = re.compile(r"^(?!static|#|typedef|return|extern \"C\")[A-Za-z_][\w\s\*]*?\b(\w+)\(")
STATIC_FUNCTION = re.compile(r"^static\s+(?!inline)[\w\s\*]*?\b(\w+)\(")
# The list macro of an X-macro, undefined again at once; a function that is a macro too in a terse library [C11 7.1.4].
MACRO_OPEN = ("X", "bark_fail")


def header_findings(source):
    for number, line in enumerate(source.code, 1):
        if TYPEDEF.match(line):
            yield Finding(source.path, number, "no typedef of data: write struct bark_x")
        m = TAG.match(line)
        if m and not m.group(1).startswith("bark_"):
            yield Finding(source.path, number, f"{m.group(1)} must start with bark_")
        m = MACRO.match(line)
        if m and not m.group(1).startswith(("BARK_", "SOAPBARK_")) and m.group(1) not in MACRO_OPEN:
            yield Finding(source.path, number, f"macro {m.group(1)} must start with BARK_")
        m = DECLARATION.match(line)
        if m and not m.group(1).startswith(("bark_", "BARK_", "__attribute__", "defined")):
            yield Finding(source.path, number, f"{m.group(1)} must start with bark_")


def static_findings(source):
    for number, line in enumerate(source.code, 1):
        m = STATIC_FUNCTION.match(line)
        if m and m.group(1).startswith(("bark_", "soapc_")):
            yield Finding(source.path, number, f"static {m.group(1)}: a prefix is for what the linker sees")


def check(tree):
    findings = []
    for source in tree.sources(".h", under="include/"):
        findings += header_findings(source)
    for under in ("src/", "compiler/", "cli/"):
        for source in tree.sources(".c", under=under):
            if not source.is_test:
                findings += static_findings(source)
    return findings
