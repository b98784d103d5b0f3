#!/usr/bin/env python3
"""tests/matrix/facets_test.py - each built-in type with each facet that it takes: values that are in, and values that are not.

The table has, for a type, three values in rising order, other texts of the first one, and texts that are no value; for a type
with lengths, values of three lengths. The verdicts follow from [XSD2 4.3]; one process judges all documents, and xmllint, where it
is installed, must agree save where it is known to be wrong; REFUSED, BLANKS and DIFFERS say how.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

# time-out: 300
ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "soapbark"
INTEGERS = {"integer": (-10**20, 5, 10**20), "nonPositiveInteger": (-10**20, -7, 0), "negativeInteger": (-10**20, -7, -1),
            "long": (-2**63, 5, 2**63 - 1), "int": (-2**31, 5, 2**31 - 1), "short": (-2**15, 5, 2**15 - 1), "byte": (-128, 5, 127),
            "nonNegativeInteger": (0, 7, 10**20), "positiveInteger": (1, 7, 10**20), "unsignedLong": (0, 7, 2**64 - 1),
            "unsignedInt": (0, 7, 2**32 - 1), "unsignedShort": (0, 7, 2**16 - 1), "unsignedByte": (0, 7, 255)}
# type: (low, middle, high), other texts of the low value, no values
ORDERED = {name: ([str(v) for v in row], [str(row[0]).replace("-", "-00") if row[0] < 0 else f"00{row[0]}" if "unsigned" in name else f"+0{row[0]}", f" {row[0]}\n"],
                  ["", "1.5", "a", "1e1", "--1"] + ([str(row[0] - 1)] if abs(row[0]) < 10**19 and name not in ("integer",) else []))
           for name, row in INTEGERS.items()}
ORDERED |= {
    "decimal": (["-1.50", "0.25", "99999999999999.5"], ["-01.5", "-1.500"], ["", ".", "1e2", "1,5", "INF", "- 1"]),
    "float": (["-1.5", "0.25", "1E10"], ["-15E-1", "-1.50"], ["", "e1", "1 2", "inf", "0x1", "+INF"]),
    "double": (["-1E300", "0.25", "1E300"], ["-10E299", "-1.0e300"], ["", "1e", "Infinity", "nan", "1_0"]),
    "dateTime": (["1999-12-31T23:59:59Z", "2000-01-01T00:00:00.5Z", "2010-06-15T12:00:00Z"], ["2000-01-01T00:59:59+01:00"],
                 ["", "2000-01-01", "2000-13-01T00:00:00", "2001-02-29T00:00:00", "2000-01-01T25:00:00", "2000-1-1T00:00:00",
                  "2000-01-01T00:00:00+15:00"]),
    "date": (["1999-12-31Z", "2000-02-29Z", "2010-06-15Z"], ["1999-12-31+00:00"], ["", "2001-02-29", "2000-00-10", "99-01-01"]),
    "time": (["01:00:00Z", "12:30:00.25Z", "23:59:59Z"], ["02:00:00+01:00"], ["", "24:00:01", "1:00:00", "12:60:00", "12:00"]),
    "gYear": (["1999", "2000", "2010"], [], ["", "99", "2000-", "y2000"]),
    "gYearMonth": (["1999-12", "2000-01", "2000-02"], [], ["", "2000-13", "2000", "2000-1"]),
    "gMonthDay": (["--02-28", "--02-29", "--12-31"], [], ["", "--02-30", "--13-01", "-01-01"]),
    "gDay": (["---01", "---15", "---31"], [], ["", "---32", "---00", "--01"]),
    "gMonth": (["--01", "--06", "--12"], [], ["", "--13", "--00", "--1"]),
    "duration": (["-P1D", "PT36H", "P1Y"], ["-PT24H", "-PT1440M"], ["", "P", "PT", "P1S", "1Y", "P-1Y", "P1.5Y"]),
}
# type: values of 2, 4 and 6 units, no values
SIZED = {
    "string": (["ab", "a\u00e9c ", "\U0001f600bcdef"], []),
    "normalizedString": (["ab", "a cd", "abcdef"], []),
    "token": (["ab", "a cd", "abcdef"], []),
    "language": (["en", "x-ab", "de-CHE"], ["", "en_US", "e1", "abcdefghi"]),
    "NMTOKEN": (["-1", "a:.b", "abcdef"], ["", "a b", "a/b"]),
    "Name": (["_a", "a:bc", "abcdef"], ["", "1a", "a b", "-a"]),
    "NCName": (["_a", "a-.1", "abcdef"], ["", "a:b", "1a"]),
    "ID": (["_a", "a-.1", "abcdef"], ["", "a:b", "1a"]),
    "ENTITY": (["_a", "a-.1", "abcdef"], ["", "a:b", "1a"]),
    "anyURI": (["a:", "a/b?", "urn:xy"], []),
    "hexBinary": (["0aFF", "00112233", "001122334455"], ["0", "0g", "0 0", "abc"]),
    "base64Binary": (["AAE=", "AAECAw==", "AAECAwQF"], ["A", "AA=", "AAE", "A*E="]),
    "IDREF": (["_a", "a-.1", "abcdef"], ["", "a:b", "1a", "_a a-.1", "nobody"]),
    "NMTOKENS": (["a b", "a b c d", "1 2 3 4 5 6"], ["", "a/b"]),
    "IDREFS": (["a b", "a b c d", "a b c d e f"], ["", "a a:b", "1", "a nobody"]),
    "ENTITIES": (["a b", "a b c d", "a b c d e f"], ["", "a a:b", "1"]),
}
# Documents with references have elements with the identifiers before the value; "nobody" is none of them.
REFERENCES = {"IDREF", "IDREFS"}
NOTATIONS = "<xs:notation name='jpeg' public='image/jpeg'/><xs:notation name='png' public='image/png'/>\n"
OTHERS = {"boolean": (["true", "false", "1", "0", " true "], ["", "TRUE", "yes", "2"]),
          "QName": (["a", "t:a"], ["", "1a", "t:", ":a", "a:b:c", "unbound:a"])}
# Where xmllint is wrong. It refuses restrictions of ENTITY at all, and lists of it. It looks for no identifier [XSD1 3.15.4]. It does not collapse white space around the bounded integers
# [XSD2 4.3.6], takes an exponent without digits [XSD2 3.2.5.1] and empty NMTOKENS and IDREFS [XSD2 3.3.5, 3.3.9: one token at least], and does not
# see that two zones have one time [XSD2 3.2.8].
REFUSED = {"ENTITY", "ENTITIES"}
BLANKS = {"long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"}
DIFFERS = {("double.form", "1e"), ("NMTOKENS.form", ""), ("IDREFS.form", ""), ("time.between", "02:00:00+01:00"), ("time.enumeration", "02:00:00+01:00")}


class Table:
    def __init__(self):
        self.elements, self.documents = {}, []  # by type; (type, element, text, verdict)

    def add(self, type_name, label, facets, valid, invalid):
        name = f"{type_name}.{label}"
        body = "".join(f"<xs:{facet} value={quoteattr(value)}/>" for facet, value in facets)
        simple = f"<xs:simpleType><xs:restriction base='xs:{type_name}'>{body}</xs:restriction></xs:simpleType>"
        if type_name in REFERENCES:
            simple = ("<xs:complexType><xs:sequence><xs:element name='id' type='xs:ID' maxOccurs='unbounded'/><xs:element name='value'>"
                      f"{simple}</xs:element></xs:sequence></xs:complexType>")
        self.elements.setdefault(type_name, []).append(f"<xs:element name='{name}'>{simple}</xs:element>\n")
        self.documents += [(type_name, name, text, True) for text in valid] + [(type_name, name, text, False) for text in invalid]

    def schema(self, type_name):
        return ("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'>\n"
                + (NOTATIONS if type_name == "NOTATION" else "") + "".join(self.elements[type_name]) + "</xs:schema>\n")


def document(type_name, name, text):
    """The text of a document with one value."""
    content = escape(text)
    if type_name in REFERENCES:
        known = sorted({token for value in SIZED[type_name][0] for token in value.split()})
        content = "".join(f"<id>{token}</id>" for token in known) + f"<value>{content}</value>"
    return f"<t:{name} xmlns:t='urn:t' xmlns:u='urn:t'>{content}</t:{name}>"


def ordered(table, name, row, other, wrong):
    low, middle, high = row
    table.add(name, "form", [], row + other, wrong)
    for facet, valid, invalid in (("minInclusive", [middle, high], [low]), ("minExclusive", [high], [low, middle]),
                                  ("maxInclusive", [low, middle], [high]), ("maxExclusive", [low], [middle, high])):
        table.add(name, facet, [(facet, middle)], valid, invalid)
    table.add(name, "between", [("minInclusive", low), ("maxExclusive", high)], [low, middle] + other, [high])
    table.add(name, "enumeration", [("enumeration", low), ("enumeration", high)], [low, high] + other, [middle])
    table.add(name, "pattern", [("pattern", re.sub(r"([.+-])", r"\\\1", middle))], [middle], [low, high])


def digits(table, name):
    sign = "-" if name in ("nonPositiveInteger", "negativeInteger") else ""
    table.add(name, "totalDigits", [("totalDigits", "2")], [sign + "12", sign + "9", sign + "0012"], [sign + "123", sign + "100"])
    if name == "decimal":
        table.add(name, "fractionDigits", [("fractionDigits", "2")], ["1", "1.25", "-0.250", ".5"], ["1.125", "0.001"])
        table.add(name, "bothDigits", [("totalDigits", "3"), ("fractionDigits", "1")], ["12.5", "99.9", "0012.50"], ["1.25", "1234"])
    else:
        table.add(name, "fractionDigits", [("fractionDigits", "0")], [sign + "12"], [sign + "12.5"])


def sized(table, name, row, wrong):
    two, four, six = row
    table.add(name, "form", [], row, wrong)
    table.add(name, "length", [("length", "4")], [four], [two, six])
    table.add(name, "minLength", [("minLength", "4")], [four, six], [two])
    table.add(name, "maxLength", [("maxLength", "4")], [two, four], [six])
    table.add(name, "lengths", [("minLength", "3"), ("maxLength", "5")], [four], [two, six])
    table.add(name, "enumeration", [("enumeration", two), ("enumeration", six)], [two, six], [four])
    table.add(name, "pattern", [("pattern", re.sub(r"([.+?-])", r"\\\1", six))], [six], [two, four])


def table_make():
    table = Table()
    for name, (row, other, wrong) in ORDERED.items():
        ordered(table, name, row, other, wrong)
    for name in [*INTEGERS, "decimal"]:
        digits(table, name)
    for name, (row, wrong) in SIZED.items():
        sized(table, name, row, wrong)
    for name, (valid, invalid) in OTHERS.items():
        table.add(name, "form", [], valid, invalid)
    table.add("boolean", "pattern", [("pattern", "1|0")], ["1", " 0 "], ["true"])
    # Values whose canonical form the pattern does not take.
    for name, label, pattern, valid, invalid in (
            ("double", "fixed", "-?[0-9]+\\.[0-9]{2}", ["1.50", "0.25", "-3.00", "12345678.00", "0.00"], ["1.5", "3", "1E2"]),
            ("float", "one", "-?[0-9]+\\.[0-9]+", ["1.0", "-0.5", "100.0"], ["1", "1.0E2"]),
            ("double", "long", "[0-9]+", ["1000000000000000000000", "5", "0"], ["5.0", "1E21"]),
            ("float", "small", "[0-9.]+e-?[0-9]+", ["1.5e-7", "2e3", "0e0"], ["1.5E-7", "20"]),
            ("int", "zeros", "[0-9]{5}", ["00042", "12345", "00000"], ["42", "-0042"]),
            ("unsignedLong", "zeros", "[0-9]{20}", ["00000000000000000007"], ["7"]),
            ("dateTime", "millis", ".*:[0-9]{2}\\.[0-9]{3}Z", ["2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.250Z"], ["2026-01-02T03:04:05.25Z"]),
            ("time", "figures", ".*\\+[0-9:]+", ["03:04:05+00:00", "03:04:05.5+01:00"], ["03:04:05Z"]),
            ("hexBinary", "lower", "[0-9a-f]*", ["0aff", "", "00"], ["0AFF"])):
        table.add(name, label, [("pattern", pattern)], valid, invalid)
    table.add("QName", "enumeration", [("enumeration", "t:a")], ["t:a", "u:a"], ["a", "t:b"])
    both = [("enumeration", "t:jpeg"), ("enumeration", "t:png")]  # a NOTATION has them always [XSD2 3.2.19]
    table.add("NOTATION", "form", both, ["t:jpeg", "u:png", " t:png\n"], ["", "jpeg", "t:gif", "unbound:png", "t:", "t:jpeg t:png"])
    table.add("NOTATION", "enumeration", both[:1], ["t:jpeg", "u:jpeg"], ["t:png"])
    table.add("NOTATION", "pattern", [*both, ("pattern", "t:.*")], ["t:jpeg", "t:png"], ["u:png"])
    for treatment, valid, invalid in (("preserve", ["a  b"], [" a b", "ab"]), ("replace", ["a\t b"], ["a b", " a  b"]),
                                      ("collapse", [" a b", "a\tb "], ["a  bc", "ab"])):
        table.add("string", f"whiteSpace_{treatment}", [("whiteSpace", treatment), ("length", "3" if treatment == "collapse" else "4")],
                  valid, invalid if treatment != "preserve" else ["a b", "ab"])
    return table


def lint(folder, table):
    """What xmllint takes: numbers of documents, and the types whose schemas it can use; None when it is not installed."""
    if not shutil.which("xmllint"):
        return None
    taken, types = set(), set()
    for name in table.elements:
        files = [f"{i}.xml" for i, row in enumerate(table.documents) if row[0] == name]
        done = subprocess.run(["xmllint", "--noout", "--schema", f"{name}.xsd", *files], cwd=folder, text=True, capture_output=True,
                              timeout=240)
        if "failed to compile" not in done.stderr:
            types.add(name)
        taken |= {int(i) for i in re.findall(r"^(\d+)\.xml validates$", done.stderr, re.M)}
    return taken, types


def main():
    table, failed = table_make(), 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in table.elements:
            (folder / f"{name}.xsd").write_text(table.schema(name), encoding="utf-8")
        for i, (kind, name, text, _) in enumerate(table.documents):
            (folder / f"{i}.xml").write_text(document(kind, name, text), encoding="utf-8", newline="")
        lines = "".join(f"{folder}/{row[0]}.xsd\t{folder}/{i}.xml\n" for i, row in enumerate(table.documents))
        done = subprocess.run([str(COMMAND), "validate", "--strict", "--lines"], input=lines, text=True, capture_output=True,
                              timeout=240)
        answers, second = done.stdout.split(), lint(folder, table)
        for i, (kind, name, text, valid) in enumerate(table.documents):
            why = None
            if i >= len(answers) or answers[i] != ("0" if valid else "1"):
                why = f"{text!r} must be {'valid' if valid else 'invalid'}, not {answers[i:i + 1]}"
            elif second and kind in second[1] and (i in second[0]) != valid and (name, text) not in DIFFERS and "nobody" not in text and (
                    kind not in BLANKS or text == text.strip()):
                why = f"xmllint does not agree that {text!r} is {'valid' if valid else 'invalid'}"
            elif second and kind not in second[1] and kind not in REFUSED:
                why = "xmllint refuses the schema"
            failed += why is not None
            if why:
                print(f"not ok facets {name}: {why}")
    print(f"ok facets: {len(table.documents)} values, {sum(map(len, table.elements.values()))} types" if not failed else
          f"not ok facets: {failed} of {len(table.documents)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
