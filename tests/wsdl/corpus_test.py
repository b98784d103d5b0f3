#!/usr/bin/env python3
"""tests/wsdl/corpus_test.py - the real descriptions of ../shared: each is digested, or refused with a coded error.

Digested means C that gcc takes with its warnings as errors, and a header that C++ takes; a sample of the files is
compiled so, all of them with SOAPBARK_ALL=1.
"""
# time-out: 600
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve() / "soapbark"
SHARED = Path(os.environ.get("SOAPBARK_SHARED", ROOT.parent / "shared"))
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", f"-I{ROOT}/include", "-c", "-o", os.devnull]
EVERY = 1 if os.environ.get("SOAPBARK_ALL") else 12


def c_compiles(folder):
    """None, or what a compiler says about the generated files."""
    for source in sorted(Path(folder).glob("*.c")):
        if shutil.which("gcc"):
            done = subprocess.run(["gcc", "-std=c11", *WARNINGS, str(source)], text=True, capture_output=True)
            if done.returncode:
                return done.stderr
        if shutil.which("g++"):
            main = Path(folder) / "main.cc"
            main.write_text(f'#include "{source.stem}.h"\n')
            done = subprocess.run(["g++", "-std=c++17", *WARNINGS, str(main)], text=True, capture_output=True)
            if done.returncode:
                return done.stderr
    return None


def judge(path, index, counts):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        done = subprocess.run([str(COMMAND), "compile", str(path), "-o", folder, "--path", str(SHARED / "onvif"), "--quiet"],
                              text=True, capture_output=True, timeout=120)
        counts["slowest"] = max(counts["slowest"], (time.monotonic() - start, path.name))
        if done.returncode == 0:
            counts["digested"] += 1
            return c_compiles(folder) if index % EVERY == 0 else None
        counts["refused"] += 1
        if done.returncode != 2 or "error[E" not in done.stderr:
            return f"status {done.returncode}: {done.stderr[:300]}"
        return "files were written" if any(Path(folder).iterdir()) else None


def main():
    if not COMMAND.is_file():
        print("skip corpus: the command is not built")
        return 0
    failed = 0
    for folder in ("wsdl", "onvif"):
        files = sorted((SHARED / folder).rglob("*.wsdl"))
        if not files:
            print(f"skip {folder}: ../shared/{folder} is not here")
            continue
        counts = {"digested": 0, "refused": 0, "slowest": (0, "")}
        bad = 0
        for index, path in enumerate(files):
            why = judge(path, index, counts)
            if why:
                bad += 1
                print(f"# {path.relative_to(SHARED)}: {why}")
        failed += bad
        print(f"# {folder}: {counts['digested']} digested, {counts['refused']} refused, slowest {counts['slowest'][1]} "
              f"{counts['slowest'][0]:.2f} s")
        print(f"not ok {folder}: {bad} files" if bad else f"ok {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
