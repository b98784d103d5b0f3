"""tools/checks/analysis.py - clang-tidy (its rules are in .clang-tidy) over the library's own files.

A verdict is remembered by the content of the file, of all headers and of the rules, so that only what changed is
looked at again. The memory lives in the build folder and a fresh clone starts without it.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess

from .tree import Finding

WARNING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): (.*)$", re.MULTILINE)
FOLDERS = ("src/", "compiler/", "cli/")


def digest(source, common):
    return hashlib.sha256(common + source.text.encode()).hexdigest()


def common_of(tree):
    parts = [(tree.root / ".clang-tidy").read_bytes()]
    parts += [s.text.encode() for s in tree.sources(".h")]
    return hashlib.sha256(b"\0".join(parts)).digest()


def tidy(tree, source):
    done = subprocess.run(
        ["clang-tidy", "--quiet", source.path, "--", "-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Isrc", "-Icompiler",
         "-Icli", '-DSOAPBARK_VERSION="0"'],
        cwd=tree.root, text=True, capture_output=True)
    found = [(os.path.relpath(path, tree.root) if os.path.isabs(path) else path, int(line), text)
             for path, line, text in WARNING.findall(done.stdout)]
    if done.returncode != 0 and not found:
        found.append((source.path, 0, "clang-tidy failed: " + (done.stderr.strip().splitlines() or ["?"])[-1]))
    return found


def check(tree):
    sources = [s for under in FOLDERS for s in tree.sources(".c", under=under) if not s.is_test]
    memory_path = tree.build / "clang-tidy.json" if tree.build and tree.build.is_dir() else None
    memory = {}
    if memory_path and memory_path.is_file():
        memory = json.loads(memory_path.read_text())
    common = common_of(tree)
    keys = {s.path: digest(s, common) for s in sources}
    fresh = [s for s in sources if keys[s.path] not in memory]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for source, found in zip(fresh, pool.map(lambda s: tidy(tree, s), fresh)):
            memory[keys[source.path]] = found
    if memory_path:
        memory_path.write_text(json.dumps({k: memory[k] for k in keys.values()}))
    findings = {(path, line, text) for key in keys.values() for path, line, text in map(tuple, memory[key])}
    return [Finding(path, line, text) for path, line, text in sorted(findings)]
