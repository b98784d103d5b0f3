#!/usr/bin/env python3
"""bench/hostile_bench.py - what a byte of a hostile document costs, beside a byte of an ordinary one.

  bench/hostile_bench.py [--build DIR] [--seconds S] [--largest BYTES] [--only FAMILY]

Documents of each family, from 1 KB to 10 MB, are decoded by the tables of bench/codec/bench.xsd; a refusal counts like an
acceptance, by the bytes of the whole document. The figure is CPU time a byte, divided by that of ordinary records of the same size:
1 is no leverage, and what grows with the size would not be linear. The rows are attacks 1 to 10 and 26 to 29 of the security
rules as far as a codec meets them. expat and libxml2's SAX parser, where present, are measured by their own ordinary records;
they read no values, and what they refuse has no figure.
"""
import argparse
import importlib.util
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CODEC = os.path.join(HERE, "codec")
HEAD = '<b:%s xmlns:b="urn:soapbark:bench">'
PATIENCE = 20  # seconds for one document, twice read
SIZES = [10 ** 3, 10 ** 4, 10 ** 5, 10 ** 6, 10 ** 7]


def fill(size, root, item):
    """Items in a root up to the size; %d is the number of the item."""
    head, tail = HEAD % root, f"</b:{root}>"
    one = item % 0 if "%d" in item else item
    count = max(1, (size - len(head) - len(tail)) // len(one.encode()))
    body = "".join(item % i for i in range(count)) if "%d" in item else item * count
    return head + body + tail


def text(size, piece):
    """One text made of pieces."""
    return HEAD % "texts" + "<b:text>" + piece * max(1, (size - 70) // len(piece.encode())) + "</b:text></b:texts>"


def tag(size, start, piece, end):
    """One tag made of pieces, numbered."""
    count = max(1, (size - 60) // (len(piece) + 4))
    return start + "".join(piece % i if "%d" in piece else piece for i in range(count)) + end


RECORD = ("<b:record><b:id>%s</b:id><b:count>1</b:count><b:enabled>true</b:enabled><b:ratio>%s</b:ratio><b:name>n</b:name>"
          "<b:created>%s</b:created><b:state>%s</b:state><b:place zone='1'><b:latitude>1</b:latitude><b:longitude>2"
          "</b:longitude></b:place><b:digest>%s</b:digest></b:record>")
DAY = "2026-01-01T00:00:00Z"
MARK = "<b:mark %s/>"
VALUES = ["x='1'", "y='2'", "width='3'", "height='4'", "kind='retired'", "visible='1'", "title='t'", "owner='o'"]
HALFWAY = "9007199254740993." + "0" * 40 + "1"  # between two doubles, told apart by the last digit

FAMILIES = {
    "deep nesting": lambda n: HEAD % "records" + "<b:record>" * (n // 10),
    "attributes without end": lambda n: tag(n, '<b:marks xmlns:b="urn:soapbark:bench"><b:mark ', "a%d='' ", "/></b:marks>"),
    "attributes out of order": lambda n: fill(n, "marks", MARK % " ".join(reversed(VALUES))),
    "namespaces without end": lambda n: tag(n, '<b:marks xmlns:b="urn:soapbark:bench" ', "xmlns:n%d='u' ", "></b:marks>"),
    "sixteen namespaces a tag": lambda n: fill(n, "texts", "<b:text " + " ".join(f"xmlns:n{i}='u'" for i in range(14)) + ">t</b:text>"),
    "another prefix each tag": lambda n: fill(n, "texts", "<q:text xmlns:q='urn:soapbark:bench'/><r:text xmlns:r='urn:soapbark:bench'/>"),
    "one huge name": lambda n: f"<b:{'n' * (n - 40)} xmlns:b='urn:soapbark:bench'/>",
    "one huge attribute": lambda n: HEAD % "marks" + MARK % ("title='" + "&lt;" * (n // 4) + "' " + " ".join(VALUES[:6])) + "</b:marks>",
    "references": lambda n: text(n, "&amp;"),
    "character references": lambda n: text(n, "&#x1F600;"),
    "split CDATA": lambda n: text(n, "<![CDATA[]]>"),
    "comments": lambda n: text(n, "<!---->"),
    "brackets": lambda n: text(n, "]]&gt;"),
    "carriage returns": lambda n: text(n, "\r"),
    "short UTF-8 runs": lambda n: text(n, "a\u00e4\U0001F600\u20ac"),
    "wrong last byte of UTF-8": lambda n: (text(n, "\u20ac").encode()[:-21] + b"\xe2\x82</b:text></b:texts>"),
    "spaces in tags": lambda n: fill(n, "texts", "<b:text\n></b:text\n>\n"),
    "empty elements": lambda n: fill(n, "texts", "<b:text/>"),
    "many small texts": lambda n: fill(n, "texts", "<b:text>t</b:text>"),
    "doubles between two": lambda n: fill(n, "numbers", f"<b:number>{HALFWAY}</b:number>"),
    "doubles of 700 digits": lambda n: fill(n, "numbers", f"<b:number>{'7' * 350}.{'3' * 350}e-350</b:number>"),
    "leading zeros": lambda n: fill(n, "records", RECORD % ("0" * 300 + "7", "1", DAY, "active", "AAAA")),
    "long fractions of seconds": lambda n: fill(n, "records", RECORD % ("7", "1", "2026-01-01T00:00:00." + "1" * 300 + "Z", "active", "AAAA")),
    "spaces in base64": lambda n: fill(n, "blobs", "<b:blob>" + "A " * 400 + "</b:blob>"),
    "wrong at the end": lambda n: fill(n, "records", RECORD % ("7", "1", DAY, "active", "AAAA"))[:-3] + "x>",
    "DOCTYPE": lambda n: "<!DOCTYPE b:r [" + '<!ENTITY a "aaaaaaaaaa">' * (n // 24) + "]><b:r/>",
    "repeated beyond maxOccurs": lambda n: HEAD % "records" + "<b:record>" + "<b:id>1</b:id>" * (n // 14),
    "cut off": lambda n: fill(n, "records", RECORD % ("7", "1", DAY, "active", "AAAA"))[:-40],
}


def codec_bench():
    """The module that knows how the programs are built."""
    spec = importlib.util.spec_from_file_location("codec_bench", f"{HERE}/codec_bench.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ordinary(size):
    return fill(size, "records", RECORD % ("1234567890", "51.4778", DAY, "paused", "U29hcGJhcms="))


def cost(program, path, seconds):
    """Nanoseconds a byte, or None for what the program gives no figure."""
    try:
        done = subprocess.run([program, path, "decode", str(seconds)], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None, f"no end within {PATIENCE} s"
    if done.returncode != 0:
        return None, done.stderr
    first, _, rest = done.stdout.partition("\n")
    return 1000 / float(first), rest.strip()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", os.path.join(ROOT, "build")))
    options.add_argument("--seconds", type=float, default=0.01)
    options.add_argument("--largest", type=int, default=SIZES[-1])
    options.add_argument("--only", choices=FAMILIES)
    args = options.parse_args()
    codec, build = codec_bench(), os.path.abspath(args.build)
    work = os.path.join(build, "bench-codec")
    os.makedirs(work, exist_ok=True)
    codec.make_ours(build, work, "bench")
    folder = f"{work}/ours-bench"
    programs = {"ours": f"{work}/hostile-ours"}
    codec.make("ours", ["gcc", "-O2", "-std=gnu11", f"-I{ROOT}/include", f"-I{folder}", f"-I{CODEC}", f"{HERE}/hostile/ours.c",
                        f"{folder}/bench.c", f"{build}/libsoapbark.a", "-o", programs["ours"]])
    for peer in ("expat", "libxml2"):
        missing = codec.PEERS[peer](build, work, "bench")
        if missing:
            print(f"bench: {peer} SKIPPED: needs {missing}")
        else:
            programs[peer] = f"{work}/codec-{peer}-bench"
    sizes = [s for s in SIZES if s <= args.largest]
    average, worst = {}, {p: (0, "") for p in programs}
    for family, make in {"ordinary records": ordinary, **FAMILIES}.items():
        if args.only and family not in (args.only, "ordinary records"):
            continue
        figures, said = {p: [] for p in programs}, ""
        for size in sizes:
            document = make(size)
            path = f"{work}/hostile.xml"
            with open(path, "wb") as file:
                file.write(document if isinstance(document, bytes) else document.encode())
            for peer, program in programs.items():
                nanoseconds, words = cost(program, path, args.seconds)
                if peer == "ours":
                    said = words
                if family == "ordinary records":
                    average[peer, size] = nanoseconds
                figures[peer].append(nanoseconds and nanoseconds / average[peer, size])
        for peer, row in figures.items():
            top = max((f for f in row if f), default=0)
            if family != "ordinary records" and top > worst[peer][0]:
                worst[peer] = (top, family)
        shown = {p: " ".join("-" if f is None else f"{f:.2f}" for f in row) for p, row in figures.items()}
        code = re.match(r"accepted|[^:\n]*", said)[0][:40]
        print(f"bench: hostile {family}: " + "; ".join(f"{p} {s}" for p, s in shown.items()) + f" ({code})", flush=True)
    print("bench: hostile, nanoseconds a byte of ordinary records: " +
          "; ".join(f"{p} " + " ".join(f"{average[p, s]:.2f}" for s in sizes) for p in programs))
    print("bench: hostile, worst over ordinary: " + "; ".join(f"{p} {f:.2f} ({n})" for p, (f, n) in worst.items()))


if __name__ == "__main__":
    main()
