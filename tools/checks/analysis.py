"""tools/checks/analysis.py - clang-tidy (its rules are in .clang-tidy) over the library's own files.

The slow part, clang's path-sensitive analyser, is for src/, where the bytes of strangers go. It walks so many states of a
function: QUICK_NODES in the ordinary run, the analyser's own number in a deep one (`tools/lint --deep`, part of
`make nightly`), which takes three times as long. A verdict is remembered by the content of the file, of the headers it
includes and of the rules, so that only what changed is looked at again; a deep one counts for both. The memory lives in
the build folder; a fresh clone starts without it.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess

from .tree import Finding

WARNING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): (.*)$", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
FOLDERS = ("src/", "compiler/", "cli/")
QUICK_NODES = 60000


def closure(source, headers):
    """The file and every header of ours that it includes, by however many steps."""
    todo, seen = [source], {source.path: source}
    while todo:
        for name in INCLUDE.findall(todo.pop().text):
            for path, header in headers.items():
                if path.endswith("/" + name) and path not in seen:
                    seen[path] = header
                    todo.append(header)
    return [seen[path] for path in sorted(seen)]


def digest(source, headers, rules):
    parts = [rules] + [s.text.encode() for s in closure(source, headers)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def tidy(tree, source):
    analyser = [] if source.path.startswith("src/") else ["--checks=-clang-analyzer-*"]
    nodes = [] if tree.deep else ["-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={QUICK_NODES}"]
    done = subprocess.run(
        ["clang-tidy", "--quiet", *analyser, source.path, "--", "-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Isrc", "-Icompiler", "-Icli",
         '-DSOAPBARK_VERSION="0"', *nodes],
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
    headers = {s.path: s for s in tree.sources(".h")}
    rules = (tree.root / ".clang-tidy").read_bytes()
    keys = {s.path: digest(s, headers, rules) for s in sources}
    if not tree.deep:
        keys = {path: key if key in memory else "quick " + key for path, key in keys.items()}
    fresh = [s for s in sources if keys[s.path] not in memory]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for source, found in zip(fresh, pool.map(lambda s: tidy(tree, s), fresh)):
            memory[keys[source.path]] = found
    if memory_path:
        memory_path.write_text(json.dumps({k: memory[k] for k in keys.values()}))
    findings = {(path, line, text) for key in keys.values() for path, line, text in map(tuple, memory[key])}
    return [Finding(path, line, text) for path, line, text in sorted(findings)]
