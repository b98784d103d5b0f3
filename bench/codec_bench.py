#!/usr/bin/env python3
"""bench/codec_bench.py - XML text to C structs and back, beside the peers in the same run.

  bench/codec_bench.py [--build DIR] [--rounds N] [--seconds S] [--only DOCUMENT]

Builds one program a peer (bench/codec/), makes the documents once, and lets all programs take turns, so that a
busy minute of the machine meets all of them alike. Figures are medians of CPU time, in MB (10^6 bytes of XML) a
second; the ratio is ours by theirs. What each peer does and leaves out stands in its source. A peer whose
package is absent is SKIPPED.
"""
import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CODEC = os.path.join(HERE, "codec")
DOCUMENTS = ("records", "records-minified", "text-ascii", "text-utf8", "doubles", "attributes", "base64")


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def flags(package):
    done = run(["pkg-config", "--cflags", "--libs", package])
    return shlex.split(done.stdout) if done.returncode == 0 else None


def make(program, command, cwd=None):
    done = run(command, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"bench/codec_bench.py: {program} does not build:\n{' '.join(command)}\n{done.stdout}{done.stderr}")


def make_ours(build, work):
    make("ours", [f"{build}/soapbark", "compile", f"{CODEC}/bench.xsd", "-o", f"{work}/ours"])
    make("ours", ["gcc", "-O2", "-std=gnu11", f"-I{ROOT}/include", f"-I{work}/ours", f"-I{CODEC}", f"{CODEC}/ours.c",
                  f"{work}/ours/bench.c", f"{build}/libsoapbark.a", "-o", f"{work}/codec-ours"])


def make_gsoap(_, work):
    libs = flags("gsoap")
    if libs is None or not shutil.which("soapcpp2"):
        return "packages gsoap and libgsoap-dev"
    folder = f"{work}/gsoap"
    os.makedirs(folder, exist_ok=True)
    make("gsoap", ["wsdl2h", "-c", "-o", "bench.h", f"{CODEC}/bench.xsd"], folder)
    make("gsoap", ["soapcpp2", "-C", "-L", "-c", "-x", "-w", "-I/usr/share/gsoap/import", "bench.h"], folder)
    make("gsoap", ["gcc", "-O2", f"-I{folder}", f"-I{CODEC}", f"{CODEC}/gsoap.c", f"{folder}/soapC.c",
                   *libs, "-o", f"{work}/codec-gsoap"])
    return None


def make_library(name, package, compiler):
    def make_it(_, work):
        libs = flags(package)
        if libs is None:
            return f"the -dev package of {package}"
        source = f"{CODEC}/{name}.{'cpp' if compiler == 'g++' else 'c'}"
        make(name, [compiler, "-O2", f"-I{CODEC}", source, *libs, "-o", f"{work}/codec-{name}"])
        return None
    return make_it


PEERS = {"gsoap": make_gsoap, "expat": make_library("expat", "expat", "gcc"),
         "pugixml": make_library("pugixml", "pugixml", "g++"), "libxml2": make_library("libxml2", "libxml-2.0", "gcc")}


def measure(work, peer, document, direction, seconds):
    done = run([f"{work}/codec-{peer}", f"{work}/documents/{document}.xml", direction, str(seconds)])
    if done.returncode != 0:
        sys.exit(f"bench/codec_bench.py: {peer} {direction} {document}: {done.stderr}")
    return float(done.stdout)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", default=os.environ.get("SOAPBARK_BUILD", os.path.join(ROOT, "build")))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.3)
    options.add_argument("--only", choices=DOCUMENTS)
    args = options.parse_args()
    build = os.path.abspath(args.build)
    work = os.path.join(build, "bench-codec")
    os.makedirs(work, exist_ok=True)
    make_ours(build, work)
    peers = []
    for peer, build_it in PEERS.items():
        missing = build_it(build, work)
        if missing:
            print(f"bench: {peer} SKIPPED: needs {missing}")
        else:
            peers.append(peer)
    make("documents", [sys.executable, f"{CODEC}/generate.py", f"{work}/documents"])
    for document in [args.only] if args.only else DOCUMENTS:
        for direction in ("decode", "encode"):
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


if __name__ == "__main__":
    main()
