"""tools/checks/globals.py - no state outside arguments, and a prefix on everything the linker sees.

Reads the symbol tables of the built libraries: a writable object or a symbol without its library's prefix is a
finding. Read-only data that needs relocation (.data.rel.ro) is constant to the program.
"""
import re
import subprocess

from .tree import Finding

LIBRARIES = {"libsoapbark.a": "bark_", "libsoapbark_tls.a": "bark_", "libsoapbark_gzip.a": "bark_", "libsoapbark_curl.a": "bark_", "libsoapbark_compiler.a": "soapc_"}
# objdump -t: value, seven flag letters, section, size, name.
SYMBOL = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\.hidden )?(\S+)$")
WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)")


def symbols(library):
    """(member, flags, section, name) of every symbol of an archive."""
    text = subprocess.run(["objdump", "-t", str(library)], text=True, capture_output=True, check=True).stdout
    member = ""
    for line in text.splitlines():
        if ":     file format" in line:
            member = line.split(":")[0]
        m = SYMBOL.match(line)
        if m:
            yield member, m.group(1), m.group(2), m.group(3)


def check(tree):
    findings = []
    for name, prefix in LIBRARIES.items():
        library = tree.build / name
        if not library.is_file():
            continue
        homes = {}
        for member, flags, section, symbol in symbols(library):
            is_object = "O" in flags or section == "*COM*"
            if is_object and WRITABLE.match(section) and not section.startswith(".data.rel.ro"):
                findings.append(Finding(f"{name}({member})", 0, f"{symbol} is writable ({section}): pass it instead"))
            is_global = flags[0] in "gu!" and section != "*UND*"
            if is_global and not symbol.startswith(prefix):
                findings.append(Finding(f"{name}({member})", 0, f"{symbol} must start with {prefix} or be static"))
            # A linker takes the first of two definitions in an archive and says nothing about the other.
            if is_global and homes.setdefault(symbol, member) != member:
                findings.append(Finding(f"{name}({member})", 0, f"{symbol} is defined in {homes[symbol]} too"))
    return findings
