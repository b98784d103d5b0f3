"""tools/checks/files.py - a file holds one idea and opens by explaining it; a function fits on a screen."""
import re

from .tree import Finding

FILE_LINES, FUNCTION_LINES, HEAD_WORDS = 600, 70, 3
TEST_FUNCTION_LINES = 100  # tables of cases
HEAD = re.compile(r"\A/\*+\s+(\S+)\s+-\s+(.*?)\*/", re.DOTALL)


def head_findings(source):
    m = HEAD.match(source.text)
    if not m:
        return [Finding(source.path, 1, "must open with /* FOLDER/FILE - what it is */")]
    named = m.group(1)
    at_top = source.path.count("/") == 1  # compiler/diag.c may call itself diag.c
    if ("/" not in named and not at_top) or not ("/" + source.path).endswith("/" + named):
        return [Finding(source.path, 1, f"opens with the name of another file: {named}")]
    if len(m.group(2).replace("*", " ").split()) < HEAD_WORDS:
        return [Finding(source.path, 1, "explain the file in its opening comment, to someone who has not met it")]
    return []


def function_findings(source):
    """clang-format puts a function's braces, and nothing else but initialisers, in column 0."""
    start, name = 0, ""
    most = TEST_FUNCTION_LINES if source.is_test else FUNCTION_LINES
    for number, line in enumerate(source.code, 1):
        if line.startswith("{"):
            start, name = number, source.lines[max(0, number - 2)].strip()
        elif line.startswith("}") and start:
            if number - start + 1 > most:
                yield Finding(source.path, start, f"function of {number - start + 1} lines (at most {most}): "
                                                  f"{name[:60]}")
            start = 0


def check(tree):
    findings = []
    for source in tree.c_files():
        findings += head_findings(source)
        findings += function_findings(source)
        if len(source.lines) > FILE_LINES:
            findings.append(Finding(source.path, 0, f"{len(source.lines)} lines (at most {FILE_LINES}): split by idea"))
    return findings
