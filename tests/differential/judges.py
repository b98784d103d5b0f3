"""tests/differential/judges.py - the same messages to several judges: ours, libxml2's schema validator, and zeep for values.

What differential_test.py (own schemas) and onvif_test.py (the official ones) share: the verdicts, the classes of disagreement
that docs/differential.md explains, and the comparison of what zeep finds in a message and in our text of it.
"""
import datetime
import logging
import math
import os
import re
import struct
import subprocess
import threading
import zlib
from pathlib import Path

from generate import Maker
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
SHOWN = int(os.environ.get("DIFFERENTIAL_SHOWN", 3))
BATCH = 500


def ours(path, messages):
    """(verdict, round, json, our text) of each message."""
    program = subprocess.Popen([BUILD / "tests/differential_verdict", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        with program.stdin as stream:
            for message in messages:
                stream.write(b"%d\n" % len(message) + message)
    feeder = threading.Thread(target=feed)
    feeder.start()
    answers = []
    for _ in messages:
        line = program.stdout.readline().split()
        if len(line) != 4:
            break
        answers.append((line[0].decode(), line[1].decode(), line[2].decode(), program.stdout.read(int(line[3]))))
    feeder.join()
    program.stdout.close()
    if program.wait() or len(answers) != len(messages):
        raise SystemExit(f"not ok differential: {path}: stopped at message {len(answers)}: {messages[len(answers)][:300]!r}")
    return answers


def theirs(validator, message):
    try:
        document = etree.fromstring(message)
    except etree.XMLSyntaxError as error:
        return "not-wf", str(error)
    good = validator.validate(document.getroottree())
    return ("valid", "") if good else ("invalid", str(validator.error_log.last_error.message) if validator.error_log.last_error else "")


BLANKS = (r"(?:xs:(?:dateTime|date|time|gYear|gYearMonth|gMonth|gMonthDay|gDay|duration|(?:unsigned)?(?:Byte|Short|Int|Long)|byte|short|"
          r"int|long|QName)|\{urn:matrix\}(?:Late|Percent|Ints|Pair|Either)|\{http://soapbark.example/thermostat\}\w+|\{http://www.onvif.org/ver10/pacs\}PositiveInteger)")
UNSIGNED = r"(?:xs:unsigned(?:Byte|Short|Int|Long)|\{http://www.onvif.org/ver10/pacs\}PositiveInteger)"
NUMBER_CUT = re.compile(rb"[0-9.][eE][+-]?(?:&#(?:9|10|x9|x[aA]|32);|\s)*(?:<|[\"'])")

OCTETS = {"blob", "base64Binary", "digest"}  # names of elements with base64


def base64_odd(message):
    """Whether an element with base64 has a character that is none of it."""
    names = "|".join(sorted(OCTETS)).encode()
    return re.search(rb"<(?:\w+:)?(?:" + names + rb")\b[^>]*>[^<]*?(?!&#|&amp;#)[^A-Za-z0-9+/=\s<&#;][^<]*<", message)


BLANK = rb"(?:\s|&#(?:9|10|32|x9|x[aA]|x20);)*"
NO_TOKENS = re.compile(rb"<((?:\w+:)?NMTOKENS)\b[^>]*(?:/>|>" + BLANK + rb"</\1>)")

# Disagreements that docs/differential.md explains: (class, our verdict, libxml2's, a test of its words and the message).
EXPLAINED = [
    ("white space around a date, a whole number or a QName", "valid", "invalid",
     lambda words, _: re.search(rf"'(?:\s.*|.*\s)' is not a valid value of the (?:\w+ )?type '{BLANKS}'", words, re.S)),
    ("white space around a date, a whole number or a QName", "valid", "invalid",
     lambda words, _: re.search(r"'(?:\s+[-+]?\d+\s*|[-+]?\d+\s+)' is not a valid value of the local atomic type", words)),
    ("a sign before an unsigned number", "valid", "invalid",
     lambda words, _: re.search(rf"'\s*(?:\+[0-9]+|-0+)\s*' is not a valid value of the (?:atomic type '{UNSIGNED}'|local atomic type)", words)),
    ("white space around INF or NaN", "valid", "invalid",
     lambda words, _: re.search(r"'(?:\s.*|.*\s)' is not a valid value of the (?:\w+ )?type 'xs:(?:float|double)'", words, re.S)
     and re.search(r"'\s*(?:-?INF|NaN)\s*'", words)),
    ("a year of more than 18 digits", "limit", "invalid",
     lambda _, message: re.search(rb"[>\"'\s]-?[0-9]{19,}", message)),
    ("a fixed value in another form", "valid", "invalid",
     lambda words, _: re.search(r"The actual value '\s*[-+]?0*(\d+)\s*' does not match the fixed value constraint '\1'", words)),
    ("an undeclared root that names its type", "valid", "invalid",
     lambda words, message: "No matching global declaration" in words and b":type=" in message),
    ("names of the fifth edition of XML", "valid", "invalid",
     lambda words, _: re.search(r"'[^']*[^\x00-\x7f][^']*' is not a valid value of the (?:\w+ )?type 'xs:(?:NMTOKENS?|Name|NCName|QName)'", words)),
    ("base64 with characters that are none of it", "invalid", "valid", lambda _, message: base64_odd(message)),
    ("NMTOKENS without a token", "invalid", "valid", lambda _, message: NO_TOKENS.search(message)),
    ("a float that ends with its e", "invalid", "valid", lambda _, message: NUMBER_CUT.search(message)),
]


def flat(message):
    """The message with its references resolved, as far as they need not stay."""
    return etree.tostring(etree.fromstring(message), encoding="unicode").encode()


def explained(message, mine, other, words):
    for name, our, their, matches in EXPLAINED:
        if (our, their) == (mine, other) and matches(words, flat(message)):
            return name
    return None


# [docs/json.md] Attributes of a nil element are not shown, so one that requires some cannot come back.
NIL = re.compile(rb"""<[^<>]*:nil=["'](?:true|1)["'][^<>]*>""")

# [docs/reading.md] A nil root is a struct of zeros, which is no value of some simple types.
NIL_ROOT = re.compile(NIL.pattern)
EMPTY_ROOT = re.compile(rb"<[^<>]*/>|<[^<>]*>\s*</[^<>]*>")

# Members whose lexical forms zeep keeps as they came, though the schema says that they mean the same.
HEX, UNION, FLOATS, COLLAPSED = {"hexBinary", "key"}, {"value", "either"}, {"float"}, {"token", "name", "key", "language", "Name", "NCName", "NMTOKEN"}
QNAMES = {"QName"}
DEFAULTED = {"fixed", "preset", "Lives"}  # empty ones have a value, which zeep does not know and we write
FLOAT_MAX = 3.4028235677973366e38  # from here on a float is INF; zeep's floats are doubles


def plain(value, name=""):
    """A value of zeep's, comparable: no addresses, no two forms of one value."""
    if isinstance(value, dict):
        return None if not value else {key: plain(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, name) for item in value]
    if isinstance(value, etree._Element):
        return [[e.tag, sorted(e.keys())] for e in value.iter(etree.Element)]  # raw XML: prefixes and forms of values are free
    if isinstance(value, str) and name in HEX and re.fullmatch(r"\s*(?:[0-9a-fA-F]{2})*\s*", value):
        return value.strip().lower() or None
    if name in DEFAULTED:
        return None
    if name in QNAMES and isinstance(value, str):  # zeep keeps the prefix, whatever it means
        return value.strip().rpartition(":")[2] or None
    if isinstance(value, float) and name in FLOATS:
        return repr(math.copysign(math.inf, value) if abs(value) >= FLOAT_MAX else struct.unpack("f", struct.pack("f", value))[0])
    if isinstance(value, str) and name in COLLAPSED:
        return " ".join(value.split()) or None
    if isinstance(value, (datetime.datetime, datetime.time)):
        return value.isoformat()
    if isinstance(value, str) and name in UNION:
        return value.strip()
    return None if value in (b"", "", None) else repr(value)


class Zeep:
    """Values as zeep sees them."""

    def __init__(self, root, location=None):
        from zeep.helpers import serialize_object
        from zeep.transports import Transport
        from zeep.xsd.schema import Schema as ZeepSchema
        logging.disable(logging.CRITICAL)  # it logs what it cannot read
        self.plain_of = serialize_object
        self.schema = ZeepSchema(root, Transport(), location)

    def values(self, message):
        root = etree.fromstring(message)
        value = self.schema.get_element(root.tag).parse(root, self.schema)
        return plain(self.plain_of(value))


def run(path, schema, names, validator, peer, count, seed, totals, failures, known=()):
    """Makes and judges count messages; what nothing explains goes to failures: (path, why, message)."""
    maker = Maker(schema, seed, known)
    done = 0
    while done < count:
        messages = [maker.message(names) for _ in range(min(BATCH, count - done))]
        answers = ours(path, [m for m, _ in messages])
        for (message, damaged), (verdict, again, json, text) in zip(messages, answers):
            done += 1
            other, words = theirs(validator, message)
            totals["messages"] += 1
            totals["damaged"] += damaged
            totals[verdict] += 1
            if verdict != other:
                name = explained(message, verdict, other, words)
                totals[f"explained: {name}" if name else "unexplained"] += 1
                if not name:
                    failures.append((path, f"we say {verdict}, libxml2 {other} {words}", message))
            if verdict == "valid" and again == "refused" and name_of_root(message) not in names:
                continue  # nothing to decode to: a root that only its xsi:type gives a type
            if verdict == "valid":
                totals["round " + again] += 1
                totals["json " + json] += 1
                if again == "refused" and name_of_root(message)[1] in DEFAULTED and EMPTY_ROOT.fullmatch(flat(message)):
                    totals["round refused, explained: an empty root with a default"] += 1
                    continue
                if again == "not-encoded" and NIL_ROOT.match(flat(message)):
                    totals["round not-encoded, explained: a nil root"] += 1
                    continue
                if again != "same":
                    failures.append((path, f"round trip: {again}", message))
                if json == "not-encoded-from-json" and NIL.search(flat(message)):
                    totals["json: " + json + ", explained: nil with required attributes"] += 1
                elif json != "same":
                    failures.append((path, f"by JSON: {json}", message))
                if again == "same" and other == "valid":
                    if theirs(validator, text)[0] != "valid":
                        failures.append((path, "libxml2 refuses our text " + theirs(validator, text)[1] + repr(text), message))
                    elif peer and zlib.crc32(message) % 4 == 0:
                        compare(peer, path, message, text, totals, failures)


def name_of_root(message):
    name = etree.QName(etree.fromstring(message))
    return name.namespace or "", name.localname


def compare(peer, path, message, text, totals, failures):
    if b"24:00:00" in flat(message):
        totals["zeep does not know 24:00:00"] += 1
        return
    try:
        first = peer.values(message)
    except Exception:
        totals["zeep does not read it"] += 1
        return
    try:
        second = peer.values(text)
    except Exception as error:
        failures.append((path, f"zeep does not read our text: {error} {text!r}", message))
        return
    if repr(first) == repr(second):
        totals["zeep same"] += 1
    else:
        totals["zeep differs"] += 1
        failures.append((path, f"zeep reads other values from {text!r}: {first!r} {second!r}", message))


def report(title, failures, totals):
    """Prints the first failures and the verdict of one schema; whether it failed."""
    for _, why, message in failures[:SHOWN]:
        print(f"# {why}\n#   {message!r}"[:3000])
    print(f"not ok {title}: {len(failures)} of {totals['messages']}" if failures else f"ok {title} {totals['messages']}", flush=True)
    return bool(failures)
