"""tools/checks/engine.py - compiles the sans-I/O part of the library freestanding and reads what gcc tells.

Three findings come from one compilation: what does not build without an operating system; which functions of the
C library the objects want beyond the few that a bare target provides; and cycles in the call graph, which would
let a peer choose our stack depth [R6]. Calls through pointers are not followed: there the frame stack's limit holds.
"""
import concurrent.futures
import os
import re
import subprocess
import tempfile
from pathlib import Path

from .tree import Finding

FLOORS = ("src/base", "src/table", "src/xml", "src/json", "src/engine", "src/soap", "src/http")
# What a bare target has to bring: gcc itself asks for the first five; vsnprintf is for what handlers format.
GIVEN = {"memcpy", "memmove", "memset", "memcmp", "strlen", "memchr", "strcmp", "strncmp", "strchr", "strstr", "__assert_fail",
         "vsnprintf", "_GLOBAL_OFFSET_TABLE_"}
FLAGS = ["-std=c11", "-O0", "-ffreestanding", "-fcallgraph-info", "-Iinclude", "-Isrc", "-w", "-c"]
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')


def compile_one(root, path, folder):
    out = Path(folder) / (path.replace("/", "_")[:-2] + ".o")
    done = subprocess.run(["gcc", *FLAGS, path, "-o", str(out)], cwd=root, text=True, capture_output=True)
    return path, out, done.returncode, done.stderr




def cycles(edges):
    """Strongly connected parts with an edge inside, by Tarjan's algorithm without recursion."""
    index, low, on_stack, stack, found, counter = {}, {}, set(), [], [], 0
    for start in list(edges):
        if start in index:
            continue
        work = [(start, iter(edges.get(start, ())))]
        index[start] = low[start] = counter
        counter += 1
        stack.append(start)
        on_stack.add(start)
        while work:
            node, successors = work[-1]
            for successor in successors:
                if successor not in index:
                    index[successor] = low[successor] = counter
                    counter += 1
                    stack.append(successor)
                    on_stack.add(successor)
                    work.append((successor, iter(edges.get(successor, ()))))
                    break
                if successor in on_stack:
                    low[node] = min(low[node], index[successor])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = []
                    while True:
                        top = stack.pop()
                        on_stack.discard(top)
                        part.append(top)
                        if top == node:
                            break
                    if len(part) > 1 or node in edges.get(node, ()):
                        found.append(sorted(part))
    return found


def symbols_of(objects):
    defined, wanted = set(), {}
    for path, out in objects:
        text = subprocess.run(["nm", str(out)], text=True, capture_output=True, check=True).stdout
        for line in text.splitlines():
            kind, symbol = line.split()[-2:]
            if kind == "U":
                wanted.setdefault(symbol, path)
            else:
                defined.add(symbol)
    return defined, wanted


def check(tree):
    findings, objects, edges = [], [], {}
    paths = [s.path for floor in FLOORS for s in tree.sources(".c", under=floor + "/") if not s.is_test]
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for path, out, status, errors in pool.map(lambda p: compile_one(tree.root, p, folder), paths):
            if status != 0:
                findings.append(Finding(path, 0, "does not build freestanding: " + errors.splitlines()[0]))
                continue
            objects.append((path, out))
            for source, target in EDGE.findall(out.with_suffix(".ci").read_text()):
                edges.setdefault(source, set()).add(target)
        defined, wanted = symbols_of(objects)
    for symbol, path in sorted(wanted.items()):
        if symbol not in defined and symbol not in GIVEN and not symbol.startswith("bark_"):
            findings.append(Finding(path, 0, f"wants {symbol}, which a bare target does not have"))
    for part in cycles(edges):
        findings.append(Finding(part[0].split(":")[0], 0, "recursion [R6]: " + " -> ".join(part)))
    return findings
