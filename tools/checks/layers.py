"""tools/checks/layers.py - which folder may include which.

The tree is the architecture: bytes climb the list of folders on the way in and descend it on the way out. An
include that is not in the table below goes against the stream, or skips a floor. docs/architecture.md explains it.
"""
import re

from .tree import Finding

# Folder: the folders whose headers it may include. Its own is understood. "api:NAME" is include/soapbark/NAME.h.
BASE = ["src/base", "api:base", "api:arena", "api:out", "api:limits", "api:values", "api:crypto"]
TABLE = BASE + ["src/table", "api:image"]
XML = TABLE + ["src/xml"]
ENGINE = XML + ["src/json", "src/engine", "api:codec", "api:stream", "api:json_stream"]
MIME = BASE + ["src/mime", "api:mime"]
SOAP = ENGINE + ["src/mime", "src/soap", "api:mime", "api:soap", "api:soap_stream"]
HTTP = BASE + ["src/http", "api:http"]
PUBLIC = ["api:*"]

MAY_INCLUDE = {
    "src/base": BASE,
    "src/table": TABLE,
    "src/xml": XML + ["api:codec", "api:canonical"],
    "src/json": TABLE + ["api:codec"],
    "src/engine": ENGINE,
    "src/mime": MIME,
    "src/soap": SOAP,
    "src/http": HTTP,
    "src/auth": TABLE + ["src/json", "src/http", "src/auth", "api:http", "api:crypto", "api:auth"],
    "src/gzip": BASE + ["api:http", "api:gzip"],
    "src/net": BASE + ["api:net"],
    "src/tls": BASE + ["src/net", "api:net", "api:tls"],
    "src/server": SOAP + HTTP + ["src/net", "api:auth", "api:server", "api:net"],
    "src/curl": BASE + ["src/curl", "api:carry", "api:curl"],
    "src/client": SOAP + HTTP + ["src/net", "src/auth", "api:auth", "api:carry", "api:client", "api:net"],  # it answers challenges
    "compiler": PUBLIC + ["src/base"],  # escapes of URIs
    "compiler/load": PUBLIC + ["compiler", "src/base", "src/engine", "src/xml"],  # slices, what a URI is, character classes
    "compiler/model": PUBLIC + ["compiler", "compiler/load", "compiler/pattern", "src/base", "src/engine", "src/table", "src/xml"],  # what a value is, a name, a part's type
    "compiler/pattern": PUBLIC + ["compiler", "src/base"],  # memory that is not cleared
    "compiler/lower": PUBLIC + ["compiler", "compiler/pattern", "compiler/model", "src/table"],  # kinds in C
    "compiler/emit": PUBLIC + ["compiler", "compiler/pattern", "compiler/lower", "compiler/model"],
    "compiler/compare": PUBLIC + ["compiler", "compiler/lower", "compiler/model", "src/json"],
    "compiler/describe": PUBLIC + ["compiler", "compiler/lower", "compiler/model", "src/base", "src/json"],  # it writes JSON and URIs
    "compiler/override": PUBLIC + ["compiler", "compiler/model", "src/base"],  # what is UTF-8
    "compiler/judge": PUBLIC + ["compiler", "compiler/model", "src/xml"],  # documents are its trade
    "cli": PUBLIC + ["compiler", "compiler/*", "src/base", "src/client", "src/net", "src/soap", "src/xml"],  # fetch speaks plain HTTP; replay compares XML, and redacts
    "onvif": PUBLIC + ["onvif/*"],
    "onvif/*": PUBLIC + ["onvif", "onvif/*"],
    "examples/*": PUBLIC + ["examples/*"],
    "include/soapbark": PUBLIC,
}

# Public headers lean on each other in this order only.
API_ORDER = ["base", "values", "arena", "out", "crypto", "auth", "limits", "left_out", "image", "codec", "stream", "json_stream", "canonical", "mime", "soap", "soap_stream", "http", "gzip", "net", "tls", "server", "carry", "client", "curl"]

# System headers: where the operating system may be seen. The rest of src/ is sans-I/O.
PLAIN = {"assert.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
         "string.h", "immintrin.h", "emmintrin.h", "smmintrin.h", "arm_neon.h"}
SYSTEM = {
    "include/soapbark": PLAIN,
    "src/base": PLAIN, "src/table": PLAIN, "src/xml": PLAIN, "src/json": PLAIN, "src/engine": PLAIN, "src/mime": PLAIN,
    "src/soap": PLAIN | {"stdio.h"},  # vsnprintf, for what handlers format
    "src/http": PLAIN,
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def rule_for(folder):
    """The row of a folder: its own, or the one with a star for its parent."""
    if folder in MAY_INCLUDE:
        return folder
    parts = folder.split("/")
    for n in range(len(parts) - 1, 0, -1):
        starred = "/".join(parts[:n]) + "/*"
        if starred in MAY_INCLUDE:
            return starred
    return None


def target_of(tree, path, name):
    """The folder or api: name that an #include "name" reaches, or None when it is the file's own."""
    if name.startswith("soapbark/"):
        return "api:" + name[len("soapbark/"):-2]
    folder = path.rsplit("/", 1)[0]
    for base in (folder, "src", "compiler", "cli", "onvif", "."):
        candidate = f"{base}/{name}".removeprefix("./")
        if (tree.root / candidate).is_file():
            return candidate.rsplit("/", 1)[0]
    return None


def allowed(target, row, folder):
    if target == folder:
        return True
    for pattern in row:
        if target == pattern or (pattern.endswith("*") and target.startswith(pattern[:-1])):
            return True
    return False


def check(tree):
    findings = []
    for source in tree.c_files():
        folder = source.path.rsplit("/", 1)[0]
        key = rule_for(folder)
        if key is None or source.is_test:
            continue
        for number, line in enumerate(source.lines, 1):
            m = INCLUDE.match(line)
            if not m:
                continue
            name = m.group(2)
            if m.group(1) == "<":
                if folder in SYSTEM and name not in SYSTEM[folder]:
                    findings.append(Finding(source.path, number, f"<{name}> has no place in {folder}"))
                continue
            target = target_of(tree, source.path, name)
            if target is None:
                continue
            if not allowed(target, MAY_INCLUDE[key], folder):
                findings.append(Finding(source.path, number, f"{folder} may not include {name} ({target})"))
            elif folder == "include/soapbark" and target.startswith("api:"):
                own = source.path.rsplit("/", 1)[1][:-2]
                order = API_ORDER.index(own) if own in API_ORDER else len(API_ORDER)
                other = target[4:]
                if other not in API_ORDER or API_ORDER.index(other) > order:
                    findings.append(Finding(source.path, number, f"{own}.h may not include {name}: see API_ORDER"))
    return findings
