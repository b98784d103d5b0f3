"""tools/checks/tree.py - the files of a source tree, as the checks want to see them.

A check is a function of a Tree that returns findings; it never prints. Generated files and what git ignores are
left out, because the rules are about what people write.
"""
import os
import re
import subprocess
from pathlib import Path

SKIPPED_FOLDERS = {".git", "node_modules", "__pycache__", "generated"}
BLANKED = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


class Finding:
    """One broken rule: where, and what to do about it."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = str(path), line, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Source:
    """One file: its text, and its code with comments and literals blanked out, line for line."""

    def __init__(self, root, path):
        self.path = path
        self.text = (root / path).read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.splitlines()
        self._code = None

    @property
    def code(self):
        if self._code is None:
            self._code = BLANKED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), self.text).splitlines()
        return self._code

    @property
    def is_test(self):
        return bool(re.search(r"(_test|_fuzz|_bench|_testing)\.(c|h|cpp)$|/test_[^/]*\.h$|^tests/", self.path))


class Tree:
    def __init__(self, root, build=None, deep=False):
        self.root = Path(root)
        self.deep = deep
        self.build = Path(build) if build else None
        self._sources = {}
        self._paths = self._list()

    def _list(self):
        """What git tracks or would track; every file, outside of a repository (the checks' own tests)."""
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=self.root, text=True,
                                capture_output=True)
        if listed.returncode == 0 and (self.root / ".git").exists():
            paths = listed.stdout.split("\n")
        else:
            paths = [os.path.relpath(os.path.join(folder, name), self.root)
                     for folder, _, names in os.walk(self.root) for name in names]
        return sorted({p for p in paths if p and (self.root / p).is_file()
                       and not SKIPPED_FOLDERS & set(Path(p).parts)})

    def paths(self, *suffixes, under=""):
        return [p for p in self._paths if p.startswith(under) and (not suffixes or p.endswith(suffixes))]

    def sources(self, *suffixes, under=""):
        for path in self.paths(*suffixes, under=under):
            if path not in self._sources:
                self._sources[path] = Source(self.root, path)
            yield self._sources[path]

    def c_files(self, under=""):
        return self.sources(".c", ".h", ".cpp", under=under)
