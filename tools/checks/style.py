"""tools/checks/style.py - clang-format agrees with every hand-written C file."""
import re
import subprocess

from .tree import Finding

WARNING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): ", re.MULTILINE)


def check(tree):
    paths = tree.paths(".c", ".h", ".cpp")
    if not paths:
        return []
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", "--style=file", *paths], cwd=tree.root, text=True,
                          capture_output=True)
    first = {}
    for path, line in WARNING.findall(done.stderr):
        first.setdefault(path, int(line))
    return [Finding(path, line, "run make format") for path, line in sorted(first.items())]


def rewrite(tree):
    subprocess.run(["clang-format", "-i", "--style=file", *tree.paths(".c", ".h", ".cpp")], cwd=tree.root, check=True)
