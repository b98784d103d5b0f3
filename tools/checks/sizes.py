"""tools/checks/sizes.py - lengths are size_t, memory comes from the arena, and no function without a bound. [R1-R3]

Reads the code with comments and strings blanked out. What a grammar would be needed for is left to the compiler's
-Wconversion; what a person would write by habit is found here.
"""
import re

from .tree import Finding

# A length in a type that is too small or signed. Fixed-width members of table rows and limits are stated sizes.
SMALL_LENGTH = re.compile(
    r"\b(?:(?:un)?signed\s+)?(?:int|long|short|unsigned|ssize_t|ptrdiff_t)\s+\*?"
    r"(\w*_)?(len|length|size|count|bytes|offset|capacity|cap|room|left|remaining)\b(?!\s*\()")
# ptr + n > end overflows before it compares; n > left does not.
POINTER_SUM = re.compile(r"[\w\)\]]\s*\+\s*[\w\.\->]+\s*(?:[<>]=?)\s*[\w\.\->]*\b(end|limit|cap)\b")
HEAP = re.compile(r"\b(malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc)\s*\(")
UNBOUNDED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|stpcpy)\s*\(")
JUMP = re.compile(r"\b(setjmp|longjmp)\s*\(")  # the compiler may, to leave a deep stage when memory is short
LOCALE = re.compile(r"\b(strtod|strtof|strtol|strtoul|strtoll|strtoull|atoi|atol|atof|isalpha|isdigit|isspace|"
                    r"isalnum|isxdigit|tolower|toupper|setlocale|localtime|gmtime|mktime|getenv)\s*\(")
HEADERS = re.compile(r"#\s*include\s*<(ctype|locale|wctype|setjmp|errno|threads)\.h>")

DRIVERS = ("src/server/", "src/client/", "src/net/", "src/tls/", "src/auth/", "src/curl/")  # they own what outlives a message


def check(tree):
    findings = []

    def find(source, pattern, text):
        for number, line in enumerate(source.code, 1):
            m = pattern.search(line)
            if m:
                findings.append(Finding(source.path, number, text.format(m.group().strip())))

    for source in tree.c_files(under="src/"):
        if source.is_test:
            continue
        find(source, SMALL_LENGTH, "{}: a length is a size_t [R1]")
        find(source, POINTER_SUM, "{}: compare the length with what is left [R1]")
        if not source.path.startswith(DRIVERS):
            find(source, HEAP, "{}: memory comes from the caller's arena [R3, R10]")
            find(source, JUMP, "{}: hides control flow")
            find(source, HEADERS, "{}: not in the engine")
            find(source, LOCALE, "{}: depends on the locale or the environment, or cannot report errors")
    for under in ("src/", "compiler/", "cli/", "onvif/", "examples/"):
        for source in tree.c_files(under=under):
            if not source.is_test:
                find(source, UNBOUNDED, "{}: writes without a bound [R2]")
    return findings
