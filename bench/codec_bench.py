#!/usr/bin/env python3
"""bench/codec_bench.py - XML text to C structs and back, beside the peers in the same run.

  bench/codec_bench.py [--build DIR] [--rounds N] [--seconds S] [--only DOCUMENT] [--instructions]

Builds one program a peer (bench/codec/), makes the documents once, and lets all programs take turns, so that a
busy minute of the machine meets all of them alike. The ONVIF documents need the official files (../shared/onvif or
$SOAPBARK_ONVIF); gSOAP's wsdl2h gets what they import from a server here, the files are not touched. Figures are medians of CPU time, in MB (10^6 bytes of XML) a
second; the ratio is ours by theirs. Where valgrind is there, --instructions counts those of our side a byte. What each peer does and leaves out stands in its source. A peer whose
package is absent is SKIPPED.
"""
import argparse
import http.server
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CODEC = os.path.join(HERE, "codec")
ONVIF = os.environ.get("SOAPBARK_ONVIF", os.path.join(ROOT, "..", "shared", "onvif"))
# What the documents are valid against: tables and gSOAP's code are made once for each. gSOAP's own name of it follows.
SCHEMAS = {"bench": (f"{CODEC}/bench.xsd", "BENCH"), "media": (f"{ONVIF}/ver10/media/wsdl/media.wsdl", "BENCH_MEDIA"),
           "device": (f"{ONVIF}/ver10/device/wsdl/devicemgmt.wsdl", "BENCH_DEVICE")}
DOCUMENTS = {"records": "bench", "records-minified": "bench", "text-ascii": "bench", "text-utf8": "bench", "doubles": "bench",
             "attributes": "bench", "base64": "bench", "onvif-profiles": "media", "onvif-services": "device"}
COUNTED_BYTES = 200 * 1000  # --instructions looks at that much of a document


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def flags(package):
    done = run(["pkg-config", "--cflags", "--libs", package])
    return shlex.split(done.stdout) if done.returncode == 0 else None


def make(program, command, cwd=None):
    done = run(command, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"bench/codec_bench.py: {program} does not build:\n{' '.join(command)}\n{done.stdout}{done.stderr}")


def make_ours(build, work, schema):
    folder = f"{work}/ours-{schema}"
    make("ours", [f"{build}/soapbark", "compile", SCHEMAS[schema][0], "--name", "bench", "--quiet", "-o", folder])
    make("ours", ["gcc", "-O2", "-std=gnu11", f"-I{ROOT}/include", f"-I{folder}", f"-I{CODEC}", f"{CODEC}/ours.c",
                  f"{folder}/bench.c", f"{build}/libsoapbark.a", "-o", f"{work}/codec-ours-{schema}"])


class Imports(http.server.BaseHTTPRequestHandler):
    """A proxy that has the schemas which ONVIF's import by URL, and nothing else."""

    def do_GET(self):  # noqa: N802, the library's name for it
        name = os.path.join(ONVIF, "imports", self.path.rsplit("/", 1)[-1])
        found = next((n for n in (name, name + ".xsd") if os.path.isfile(n)), None)
        if not found:
            self.send_error(404)
            return
        with open(found, "rb") as file:
            text = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def make_gsoap(_, work, schema):
    libs = flags("gsoap")
    if libs is None or not shutil.which("soapcpp2"):
        return "packages gsoap and libgsoap-dev"
    folder, program = f"{work}/gsoap-{schema}", f"{work}/codec-gsoap-{schema}"
    if os.path.exists(program) and all(os.path.getmtime(program) > os.path.getmtime(f"{CODEC}/{n}") for n in
                                       ("gsoap.c", "bench.xsd", "clock.h")):
        return None  # its code for ONVIF takes gcc minutes
    os.makedirs(folder, exist_ok=True)
    sources = [f"{CODEC}/gsoap.c", f"{folder}/soapC.c"]
    wsdl2h = ["wsdl2h", "-c", "-o", "bench.h"]
    if schema == "bench":
        make("gsoap", [*wsdl2h, SCHEMAS[schema][0]], folder)
    else:
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Imports) as proxy:
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            make("gsoap", [*wsdl2h, "-x", "-t", "/usr/share/gsoap/WS/typemap.dat", f"-r127.0.0.1:{proxy.server_port}",
                           SCHEMAS[schema][0]], folder)
            proxy.shutdown()
    make("gsoap", ["soapcpp2", "-C", "-L", "-c", "-x", "-w", "-I/usr/share/gsoap/import", "bench.h"], folder)
    make("gsoap", ["gcc", "-O2", "-w", f"-D{SCHEMAS[schema][1]}", f"-I{folder}", f"-I{CODEC}", "-I/usr/share/gsoap", *sources,
                   *libs, "-o", program])
    return None


def make_library(name, package, compiler):
    def make_it(_, work, schema):
        libs = flags(package)
        if libs is None:
            return f"the -dev package of {package}"
        source = f"{CODEC}/{name}.{'cpp' if compiler == 'g++' else 'c'}"
        make(name, [compiler, "-O2", f"-I{CODEC}", source, *libs, "-o", f"{work}/codec-{name}-{schema}"])
        return None
    return make_it


PEERS = {"gsoap": make_gsoap, "expat": make_library("expat", "expat", "gcc"),
         "pugixml": make_library("pugixml", "pugixml", "g++"), "libxml2": make_library("libxml2", "libxml-2.0", "gcc")}


def measure(work, peer, document, direction, seconds):
    done = run([f"{work}/codec-{peer}-{DOCUMENTS[document]}", f"{work}/documents/{document}.xml", direction, str(seconds)])
    if done.returncode != 0:
        sys.exit(f"bench/codec_bench.py: {peer} {direction} {document}: {done.stderr}")
    return float(done.stdout)


def shorten(work, document):
    """The document up to the last whole item of its first part."""
    with open(f"{work}/documents/{document}.xml", encoding="utf-8") as file:
        text = file.read()
    root, item = re.findall(r"<([^ />]+)", text[:200])[:2]
    marks = (f"</{item}>", "/>")
    end = max(text.rfind(mark, 0, COUNTED_BYTES) + len(mark) for mark in marks) if len(text) > COUNTED_BYTES else None
    name = f"{work}/documents/{document}-short.xml"
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(text if end is None else f"{text[:end]}</{root}>")
    return name


def count(work, document, direction):
    """Instructions a byte inside bark_decode() or bark_encode(): no noise, whatever else the machine does."""
    short = shorten(work, document)
    done = run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={work}/callgrind.out", f"--toggle-collect=bark_{direction}",
                f"{work}/codec-ours-{DOCUMENTS[document]}", short, direction, "0"])
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"bench/codec_bench.py: valgrind {direction} {document}: {done.stderr}")
    runs = 3  # once to see that it works, once to warm up, once for 0 seconds
    print(f"bench: {document} {direction} {int(found[1]) / runs / os.path.getsize(short):.2f} instructions a byte", flush=True)


def compare(work, peers, document, direction, args):
    rivals = [p for p in peers if direction == "decode" or p == "gsoap"]
    rates = {p: [] for p in ["ours", *rivals]}
    for _ in range(args.rounds):
        for peer, figures in rates.items():
            figures.append(measure(work, peer, document, direction, args.seconds))
    ours = statistics.median(rates["ours"])
    for peer in rivals:
        theirs = statistics.median(rates[peer])
        print(f"bench: {document} {direction} ours {ours:.0f} MB/s {peer} {theirs:.0f} MB/s "
              f"ratio {ours / theirs:.2f}", flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", os.path.join(ROOT, "build")))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.3)
    options.add_argument("--only", choices=DOCUMENTS)
    options.add_argument("--instructions", action="store_true", help="count ours by valgrind instead of measuring")
    args = options.parse_args()
    build = os.path.abspath(args.build)
    work = os.path.join(build, "bench-codec")
    os.makedirs(work, exist_ok=True)
    documents = [args.only] if args.only else list(DOCUMENTS)
    if not os.path.isdir(ONVIF):
        print("bench: onvif SKIPPED: no ONVIF files")
        documents = [d for d in documents if DOCUMENTS[d] == "bench"]
    make("documents", [sys.executable, f"{CODEC}/generate.py", f"{work}/documents"])
    peers = []
    for schema in dict.fromkeys(DOCUMENTS[d] for d in documents):
        make_ours(build, work, schema)
        for peer, build_it in PEERS.items() if not args.instructions else ():
            missing = build_it(build, work, schema)
            if not missing:
                peers.append(peer)
            elif schema == DOCUMENTS[documents[0]]:
                print(f"bench: {peer} SKIPPED: needs {missing}")
    peers = list(dict.fromkeys(peers))
    for document in documents:
        for direction in ("decode", "encode"):
            if args.instructions:
                count(work, document, direction)
            else:
                compare(work, peers, document, direction, args)


if __name__ == "__main__":
    main()
