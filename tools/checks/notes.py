"""tools/checks/notes.py - nothing unfinished, nothing of one machine, and no tag or link that leads nowhere."""
import re

from .tree import Finding

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w")
TEXT = (".c", ".h", ".cpp", ".py", ".sh", ".md", ".cmake", ".txt", ".json", ".xml", ".wsdl", ".xsd", ".js", ".php",
        ".yml", ".mjs", ".cjs")
# [DOC section]: DOC in capitals, then a section that has a digit, or nothing.
TAG = re.compile(r"\[([A-Z][A-Z]+[A-Z0-9]*(?:-[A-Z0-9]+)*)(?: [^\]\n]*\d[^\]\n]*)?\]")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DEFINED = re.compile(r"^\| `?([A-Z][A-Z0-9-]+)`? \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
RULE = re.compile(r"^(R|T)\d+$")


def tag_findings(tree):
    specs = tree.root / "docs/specs.md"
    if not specs.is_file():
        return [Finding("docs/specs.md", 0, "is missing: it says which document a tag like [XSD2 3.2.7] names")]
    known = set(DEFINED.findall(specs.read_text()))
    findings = []
    for under in ("include/", "src/", "compiler/"):
        for source in tree.c_files(under=under):
            for comment in COMMENT.finditer(source.text):
                number = source.text.count("\n", 0, comment.start()) + 1
                for tag in TAG.findall(comment.group()):
                    if tag not in known and not RULE.match(tag):
                        findings.append(Finding(source.path, number, f"[{tag}] is not in docs/specs.md"))
    return findings


def link_findings(tree):
    """Relative links of the documentation lead to files, and every decision is in the index."""
    findings = []
    for source in tree.sources(".md"):
        folder = (tree.root / source.path).parent
        for number, line in enumerate(source.lines, 1):
            for target in LINK.findall(line):
                if not (folder / target).exists():
                    findings.append(Finding(source.path, number, f"{target} does not exist"))
    index = tree.root / "docs/decisions/README.md"
    for path in tree.paths(".md", under="docs/decisions/0"):
        if not index.is_file() or path.rsplit("/", 1)[1] not in index.read_text():
            findings.append(Finding(path, 0, "is not in docs/decisions/README.md"))
    return findings


def check(tree):
    findings = tag_findings(tree) + link_findings(tree)
    for source in tree.sources(*TEXT):
        for number, line in enumerate(source.lines, 1):
            m = UNFINISHED.search(line)
            if m:
                findings.append(Finding(source.path, number, f"{m.group()}: finish it, or write it down elsewhere"))
            m = MACHINE.search(line)
            if m:
                findings.append(Finding(source.path, number, f"{m.group()}...: a path of one machine"))
    return findings
