#!/usr/bin/env python3
"""Writes compiler/pattern/unicode_data.c: the Unicode facts that XSD regular expressions need.

usage: tools/unicode-tables.py BLOCKS_TXT > compiler/pattern/unicode_data.c

General categories come from Python's unicodedata, block ranges from the Unicode character database's
Blocks.txt (Debian: /usr/share/perl/5.36.0/unicore/Blocks.txt). Both must be of one Unicode version.
Run it when the project moves to a newer Unicode; the result is committed.
"""
import re
import sys
import unicodedata

# Names that [XSD2 F.1.1] lists and Unicode has renamed or split since.
OLD_BLOCKS = [
    ("Greek", 0x0370, 0x03FF),
    ("CombiningMarksforSymbols", 0x20D0, 0x20FF),
    ("PrivateUse", 0xE000, 0xF8FF),
    ("PrivateUse", 0xF0000, 0xFFFFD),
    ("PrivateUse", 0x100000, 0x10FFFD),
]


def category_starts():
    """(first, category) wherever the general category changes."""
    starts = []
    for code in range(0x110000):
        category = unicodedata.category(chr(code))
        if not starts or starts[-1][1] != category:
            starts.append((code, category))
    return starts


def print_dense(items):
    line = "    "
    for item in items:
        if len(line) + len(item) > 118:
            print(line)
            line = "    "
        line += item
    print(line)


def block_ranges(path):
    blocks = list(OLD_BLOCKS)
    version = ""
    for line in open(path, encoding="utf-8"):
        version = version or "".join(re.findall(r"Blocks-([0-9.]+)\.txt", line))
        match = re.match(r"([0-9A-F]+)\.\.([0-9A-F]+); (.*)", line)
        if match and "Surrogate" not in match.group(3):
            name = match.group(3).strip().replace(" ", "")
            blocks.append((name, int(match.group(1), 16), int(match.group(2), 16)))
    if version != unicodedata.unidata_version:
        sys.exit(f"Blocks.txt is of Unicode {version}, unicodedata of {unicodedata.unidata_version}")
    return sorted(blocks, key=lambda b: (b[0], b[1]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    blocks = block_ranges(sys.argv[1])
    print("/* pattern/unicode_data.c - Unicode %s: general categories and blocks.\n *" % unicodedata.unidata_version)
    print(" * Made by tools/unicode-tables.py; not edited by hand. clang-format off keeps the rows dense.\n */")
    print('#include "pattern/unicode.h"\n\n// clang-format off')
    print("#define R(first, category) (UINT32_C(first) << 8 | SOAPC_##category)")
    print("const uint32_t soapc_unicode_categories[] = {")
    print_dense("R(%d,%s)," % (first, category.upper()) for first, category in category_starts())
    print("};\n#undef R")
    print("const size_t soapc_unicode_category_count =\n    sizeof soapc_unicode_categories / sizeof *soapc_unicode_categories;\n")
    print("const struct soapc_unicode_block soapc_unicode_blocks[] = {")
    print_dense('{"%s",%d,%d},' % block for block in blocks)
    print("};")
    print("const size_t soapc_unicode_block_count = sizeof soapc_unicode_blocks / sizeof *soapc_unicode_blocks;")


main()
