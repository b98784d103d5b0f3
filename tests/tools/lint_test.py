#!/usr/bin/env python3
"""tests/tools/lint_test.py - every check of tools/lint finds its kind of mistake, and nothing in good code.

A check that never fails is worth nothing, so each one gets a small tree with the mistake in it, and the same tree
without it.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

from checks import analysis, engine, files, globals as symbols, layers, names, notes, sizes, style  # noqa: E402
from checks.tree import Tree  # noqa: E402

HEAD = "/* base/a.c - one idea, explained to a newcomer. */\n"
HEADER_HEAD = "/* soapbark/a.h - one idea, explained to a newcomer. */\n"
SPECS = {"docs/specs.md": "| tag | document |\n| `XML1` | XML |\n"}
TIDY = {".clang-tidy": (ROOT / ".clang-tidy").read_text()}
FORMAT = {".clang-format": (ROOT / ".clang-format").read_text()}

# (case, check, files of the tree, part of the finding or None for a clean verdict)
CASES = [
    ("layers_upward", layers.check, {"src/base/a.c": HEAD + '#include "xml/b.h"\n', "src/xml/b.h": ""}, "may not include"),
    ("layers_downward", layers.check, {"src/xml/a.c": '#include "base/b.h"\n', "src/base/b.h": ""}, None),
    ("layers_http_to_soap", layers.check, {"src/http/a.c": '#include "soapbark/soap.h"\n'}, "may not include"),
    ("layers_public_order", layers.check, {"include/soapbark/base.h": '#include "soapbark/soap.h"\n'}, "API_ORDER"),
    ("layers_system_header", layers.check, {"src/xml/a.c": "#include <unistd.h>\n"}, "no place"),
    ("layers_compiler_backward", layers.check,
     {"compiler/model/a.c": '#include "emit/b.h"\n', "compiler/emit/b.h": ""}, "may not include"),
    ("layers_command_into_library", layers.check, {"cli/a.c": '#include "engine/b.h"\n', "src/engine/b.h": ""},
     "may not include"),
    ("layers_command_on_base", layers.check, {"cli/a.c": '#include "base/b.h"\n', "src/base/b.h": ""}, None),
    ("names_typedef", names.check, {"include/soapbark/a.h": "typedef struct bark_a bark_a;\n"}, "no typedef"),
    ("names_function_type", names.check, {"include/soapbark/a.h": "typedef int bark_f(int x);\n"}, None),
    ("names_struct", names.check, {"include/soapbark/a.h": "struct thing {\n    int x;\n};\n"}, "must start with bark_"),
    ("names_function", names.check, {"include/soapbark/a.h": "void helper(int x);\n"}, "must start with bark_"),
    ("names_macro", names.check, {"include/soapbark/a.h": "#define LIMIT 3\n"}, "must start with BARK_"),
    ("names_static", names.check, {"src/base/a.c": "static void bark_a(void)\n{\n}\n"}, "static bark_a"),
    ("names_good", names.check, {"src/base/a.c": "static void a_read(void)\n{\n}\nvoid bark_a(void)\n{\n}\n"}, None),
    ("sizes_int_length", sizes.check, {"src/base/a.c": "void bark_a(const char *p, int len);\n"}, "size_t"),
    ("sizes_suffixed_length", sizes.check, {"src/base/a.c": "    unsigned body_bytes = 0;\n"}, "size_t"),
    ("sizes_pointer_sum", sizes.check, {"src/base/a.c": "    if (c->at + n > c->end)\n"}, "what is left"),
    ("sizes_malloc", sizes.check, {"src/xml/a.c": "    char *p = malloc(n);\n"}, "arena"),
    ("sizes_driver_malloc", sizes.check, {"src/server/a.c": "    char *p = malloc(n);\n"}, None),
    ("sizes_strcpy", sizes.check, {"cli/a.c": "    strcpy(a, b);\n"}, "without a bound"),
    ("sizes_ctype", sizes.check, {"src/xml/a.c": "#include <ctype.h>\n"}, "not in the engine"),
    ("sizes_strtod", sizes.check, {"src/engine/a.c": "    x = strtod(p, NULL);\n"}, "locale"),
    ("sizes_comment_is_not_code", sizes.check, {"src/xml/a.c": "/* no malloc(n) here */ const char *s = \"free(x)\";\n"},
     None),
    ("sizes_good", sizes.check, {"src/xml/a.c": "    size_t len = 0;\n    if (n > left)\n        return;\n"}, None),
    ("files_no_head", files.check, {"src/base/a.c": "int x;\n"}, "must open with"),
    ("files_wrong_head", files.check, {"src/base/b.c": HEAD}, "another file"),
    ("files_mute_head", files.check, {"src/base/a.c": "/* base/a.c - a. */\n"}, "explain"),
    ("files_long_function", files.check, {"src/base/a.c": HEAD + "void f(void)\n{\n" + "    g();\n" * 70 + "}\n"},
     "function of 72 lines"),
    ("files_long_file", files.check, {"src/base/a.c": HEAD + "\n" * 600}, "split by idea"),
    ("files_good", files.check, {"src/base/a.c": HEAD + "void f(void)\n{\n" + "    g();\n" * 60 + "}\n"}, None),
    ("notes_unfinished", notes.check, {**SPECS, "src/base/a.c": "/* TO" "DO later */\n"}, "finish it"),
    ("notes_machine_path", notes.check, {**SPECS, "README.md": "see /ho" "me/me/file\n"}, "path of one machine"),
    ("notes_unknown_tag", notes.check, {**SPECS, "src/base/a.c": "/* [XML9 2.1] */\n"}, "not in docs/specs.md"),
    ("notes_dead_link", notes.check, {**SPECS, "README.md": "see [that](docs/that.md)\n"}, "does not exist"),
    ("notes_decision_not_listed", notes.check, {**SPECS, "docs/decisions/0001-x.md": "# x\n"}, "is not in"),
    ("notes_good", notes.check, {**SPECS, "src/base/a.c": "/* [XML1 2.1] [R3] */ int a[SIZE];\n",
                                  "README.md": "see [them](docs/specs.md#tags)\n"}, None),
    ("style_bad", style.check, {**FORMAT, "src/base/a.c": "int  f(void){return 1;}\n"}, "make format"),
    ("style_good", style.check, {**FORMAT, "src/base/a.c": "int f(void);\n"}, None),
    ("engine_recursion", engine.check,
     {"src/base/a.c": "int bark_b(int x);\nint bark_a(int x)\n{\n    return x ? bark_b(x - 1) : 0;\n}\n",
      "src/xml/b.c": "int bark_a(int x);\nint bark_b(int x);\nint bark_b(int x)\n{\n    return bark_a(x);\n}\n"},
     "recursion"),
    ("engine_self_recursion", engine.check,
     {"src/base/a.c": "static int f(int x)\n{\n    return x ? f(x - 1) : 0;\n}\nint bark_a(void)\n{\n    return f(9);\n}\n"},
     "recursion"),
    ("engine_needs_libc", engine.check, {"src/base/a.c": "int printf(const char *f, ...);\nvoid bark_a(void)\n{\n"
                                                         "    printf(\"x\");\n}\n"}, "wants printf"),
    ("engine_not_freestanding", engine.check, {"src/base/a.c": "#include <no_such_header.h>\n"}, "freestanding"),
    ("engine_good", engine.check, {"src/base/a.c": "#include <string.h>\nvoid bark_a(char *p)\n{\n"
                                                   "    memset(p, 0, 9);\n}\n"}, None),
    ("analysis_null", analysis.check, {**TIDY, "src/base/a.c": "int f(int x);\nint f(int x)\n{\n    int *p = 0;\n"
                                                               "    return x ? *p : 0;\n}\n"}, "null"),
    ("analysis_good", analysis.check, {**TIDY, "src/base/a.c": "int f(int x);\nint f(int x)\n{\n    return x;\n}\n"}, None),
]

# (case, C code of libsoapbark.a beside another file that defines bark_taken, part of the finding or None)
SYMBOL_CASES = [
    ("globals_writable", "int bark_state = 3;\n", "writable"),
    ("globals_zeroed", "static int count;\nint bark_f(void)\n{\n    return ++count;\n}\n", "writable"),
    ("globals_unprefixed", "int f(void)\n{\n    return 1;\n}\n", "must start with bark_"),
    ("globals_twice", "int bark_taken(void)\n{\n    return 1;\n}\n", "defined in"),
    ("globals_constant_pointers", "static const char *const names[] = { \"a\" };\nconst char *bark_f(int i)\n{\n"
                                  "    return names[i];\n}\n", None),
]


def verdict(name, findings, want):
    texts = [str(f) for f in findings]
    if want is None and not texts:
        print(f"ok {name}")
    elif want is not None and any(want in t for t in texts):
        print(f"ok {name}")
    else:
        print(f"not ok {name}: want {want!r}, got {texts}")
        return 1
    return 0


def main():
    failed = 0
    for name, check, contents, want in CASES:
        with tempfile.TemporaryDirectory() as folder:
            for path, text in contents.items():
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_text(text)
            try:
                findings = check(Tree(folder))
            except FileNotFoundError as absent:
                print(f"skip {name}: no {absent.filename} here")
                continue
            failed += verdict(name, findings, want)
    for name, code, want in SYMBOL_CASES:
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder)
            (base / "a.c").write_text(code)
            (base / "b.c").write_text("int bark_taken(void)\n{\n    return 0;\n}\n")
            subprocess.run(["cc", "-fPIE", "-c", "a.c", "b.c"], cwd=base, check=True)
            subprocess.run(["ar", "rc", "libsoapbark.a", "a.o", "b.o"], cwd=base, check=True)
            failed += verdict(name, symbols.check(Tree(folder, folder)), want)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
