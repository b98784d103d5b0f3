#!/usr/bin/env python3
"""tests/tools/past_test.py - docs/past-defects.md against the tree, and the rows of it that no other test is for."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve()
PAGE = "docs/past-defects.md"
FOLDERS = ("src", "compiler", "cli", "tests", "onvif", "examples")
# `name`, `name` and `name` in `file`, or `file` alone
PLACE = re.compile(r"((?:`\w+`(?:, | and )?)+) in `([\w./]+)`(?: and `([\w./]+)`)?")


def rows():
    for line in (ROOT / PAGE).read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| defect", "| ---")):
            yield line.strip("| ").split(" | ")


def each_test_of_the_page_exists():
    """A name stands in its file as a word; a case of the matrix is a file of it."""
    wrong = []
    for row in rows():
        test = row[-1]
        found = PLACE.findall(test)
        for names, *files in found:
            for name in re.findall(r"\w+", names.replace(" and ", " ")):
                for file in filter(None, files):
                    path = ROOT / file
                    there = (path / f"{name}.txt").is_file() if path.is_dir() else (
                        path.is_file() and re.search(rf"\b{name}\b", path.read_text(encoding="utf-8")))
                    wrong += [] if there else [f"{name} in {file}"]
        alone = re.findall(r"`([\w./]+/[\w./]+)`", test)
        wrong += [file for file in alone if not (ROOT / file).exists()]
        if not found and not alone and not test.startswith("none: "):
            wrong.append(f"no test: {row[0]}")
    return wrong


def each_past_test_is_on_the_page():
    page, wrong = (ROOT / PAGE).read_text(encoding="utf-8"), []
    form = re.compile(r"(?:TEST\(|def |\")(past_\w+)")
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".c", ".h", ".py", ".sh") and path != Path(__file__).resolve() and path.is_file():
                wrong += [f"{name} of {path.relative_to(ROOT)}" for name in form.findall(path.read_text(encoding="utf-8"))
                          if f"`{name}`" not in page]
    return wrong


def no_cookies_no_files():
    """The library neither keeps cookies nor opens files: no such names in it, no such calls out of it."""
    lines = subprocess.run(["nm", str(BUILD / "libsoapbark.a")], capture_output=True, text=True, check=True).stdout.splitlines()
    symbols = [line.split() for line in lines if line.strip() and not line.endswith(":")]
    own = [words[-1] for words in symbols if re.search("cookie|schematron|xpath|relaxng|archive|unzip", words[-1], re.IGNORECASE)]
    wanted = {words[-1] for words in symbols if words[-2] == "U"}
    files = wanted & {"fopen", "fopen64", "freopen", "opendir", "readdir", "glob", "dlopen", "system", "popen", "execve", "mkstemp"}
    return own + sorted(files) + ([] if any(name == "bark_decode" for *_, name in symbols) else ["not the library"])


XS = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t' xmlns:t='urn:t'>"


def codes_that_end_in_success():
    """What is wrong in a schema ends with a place, a code and an exit status that is not 0."""
    cases = {
        "unknown_type": (XS + "<xs:element name='r' type='t:Missing'/></xs:schema>", "main.xsd:1:"),
        "misspelt_type": (XS + "<xs:element name='r' type='xs:strnig'/></xs:schema>", "did you mean 'string'"),
        "no_xml": (XS + "<xs:element name='r'></xs:schema>", "error[E0103]"),
        "unfinished": (XS + "<xs:element name='r'", "error[E0103]"),
        "missing_import": (XS + "<xs:import namespace='urn:u' schemaLocation='u.xsd'/><xs:element name='r' xmlns:u='urn:u' type='u:T'/></xs:schema>",
                           "u.xsd"),
    }
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, part) in cases.items():
            (Path(folder) / "main.xsd").write_text(text)
            done = subprocess.run([str(BUILD / "soapbark"), "compile", "main.xsd", "-o", "out"], cwd=folder, capture_output=True, text=True,
                                  timeout=60)
            if done.returncode != 2 or part not in done.stderr or "error[E" not in done.stderr:
                wrong.append(f"{name}: exit {done.returncode}: {done.stderr[:200]!r}")
            if sorted(p.name for p in Path(folder).iterdir()) != ["main.xsd"]:
                wrong.append(f"{name}: something was written")
    return wrong


def main():
    failed = 0
    built = {no_cookies_no_files: "libsoapbark.a", codes_that_end_in_success: "soapbark"}
    for test in (each_test_of_the_page_exists, each_past_test_is_on_the_page, no_cookies_no_files, codes_that_end_in_success):
        if test in built and not (BUILD / built[test]).is_file():
            print(f"skip {test.__name__}: no {built[test]}")
            continue
        wrong = test()
        failed += bool(wrong)
        print(f"not ok {test.__name__}: {'; '.join(wrong)}" if wrong else f"ok {test.__name__}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
