#!/usr/bin/env python3
"""onvif/staleness_test.py - the committed tables are what the compiler makes of the official files today.

Needs the files of https://github.com/onvif/specs: beside this repository in ../shared/onvif, or in $SOAPBARK_ONVIF.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
PLACES = [Path(p) for p in (os.environ.get("SOAPBARK_ONVIF", ""), ROOT / "../shared/onvif") if str(p) not in ("", ".")]


def wsdl_find():
    for place in PLACES:
        for folder in (place, place / "wsdl"):
            path = folder / "ver10/device/wsdl/devicemgmt.wsdl"
            if path.is_file():
                return path
    return None


def compile_to(wsdl, folder):
    return subprocess.run([str(BUILD / "soapbark"), "compile", str(wsdl), "-o", folder], text=True, capture_output=True)


def main():
    wsdl, failed = wsdl_find(), 0
    if not wsdl:
        print("skip onvif_tables_are_fresh: no ONVIF files")
        return 0
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        for folder in (first, second):
            done = compile_to(wsdl, folder)
            if done.returncode != 0:
                print(f"not ok onvif_tables_are_fresh: soapbark compile ended with {done.returncode}: {done.stderr[:400]}")
                return 1
        for name in ("devicemgmt.h", "devicemgmt.c"):
            made, again = (Path(first) / name).read_bytes(), (Path(second) / name).read_bytes()
            committed = (ROOT / "onvif/generated" / name).read_bytes()
            if made != again:
                print(f"not ok onvif_{name}_is_reproducible: two runs differ")
                failed = 1
            else:
                print(f"ok onvif_{name}_is_reproducible")
            if made != committed:
                print(f"not ok onvif_{name}_is_fresh: run soapbark compile again and commit onvif/generated")
                failed = 1
            else:
                print(f"ok onvif_{name}_is_fresh")
    return failed


sys.exit(main())
