#!/usr/bin/env python3
"""tests/json/parsing_test.py - texts that [RFC8259] accepts (y), refuses (n), or leaves to the reader (i), one case each.

The names say what is in them. For the third kind docs/json.md states our answer, and it is checked here like the others.
"""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERDICT = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")) / "tests" / "json_verdict"

ACCEPTED = {  # y
    "array_empty": b"[]", "array_nested": b"[[],[[]]]", "array_space": b"[ 1 ,\t2\n,\r3 ]", "object_empty": b"{}",
    "object_empty_name": b'{"":0}', "object_nested": b'{"a":{"b":{}}}', "object_escaped_name": b'{"\\u0061\\"":1}',
    "object_long_names": b'{"' + b"n" * 200 + b'":"' + b"v" * 2000 + b'"}', "lonely_string": b'"x"', "lonely_number": b"42",
    "lonely_true": b"true", "lonely_false": b"false", "lonely_null": b"null", "space_around": b" \t\r\n1\n\r\t ",
    "string_empty": b'""', "string_escapes": b'"\\b\\f\\n\\r\\t\\"\\\\\\/"', "string_nul_escaped": b'"\\u0000"',
    "string_last_escape": b'"\\uffff"', "string_noncharacter": b'"\\ufdd0"', "string_pair": b'"\\uD834\\uDD1E"',
    "string_pair_lower": b'"\\ud834\\udd1e"', "string_two_bytes": "\"\u00e9\"".encode(), "string_three_bytes": "\"\u20ac\"".encode(),
    "string_four_bytes": "\"\U0010ffff\"".encode(), "string_delete": b'"\x7f"', "string_line_separator": "\"\u2028\u2029\"".encode(),
    "string_mark_inside": "\"\ufeff\"".encode(), "string_comment": b'"/* */ // #"', "string_backslash_u": b'"\\\\u0041"',
    "number_zero": b"0", "number_minus_zero": b"-0", "number_minus": b"-1", "number_fraction": b"1.50", "number_zero_fraction": b"0.0",
    "number_exponent": b"1e5", "number_exponent_capital": b"1E5", "number_exponent_plus": b"1e+5", "number_exponent_minus": b"1e-5",
    "number_exponent_zeros": b"1e005", "number_fraction_exponent": b"-1.25E-2", "number_zero_exponent": b"0e0",
}
REFUSED = {  # n
    "nothing": b"", "space_only": b" ", "array_comma_end": b"[1,]", "array_comma_begin": b"[,1]", "array_two_commas": b"[1,,2]",
    "array_no_comma": b"[1 2]", "array_open": b"[1", "array_closed_twice": b"[1]]", "array_closed_otherwise": b"[1}", "array_colon": b"[1:2]",
    "array_only_open": b"[" * 20, "object_comma_end": b'{"a":1,}', "object_comma_begin": b'{,"a":1}', "object_no_colon": b'{"a" 1}',
    "object_two_colons": b'{"a"::1}', "object_no_value": b'{"a":}', "object_no_name": b"{:1}", "object_name_bare": b"{a:1}",
    "object_name_single": b"{'a':1}", "object_name_number": b"{1:1}", "object_name_null": b"{null:1}", "object_open": b'{"a":1',
    "object_semicolon": b'{"a":1;"b":2}', "object_equals": b'{"a"=1}', "two_values": b"1 2", "two_objects": b"{}{}", "trailing_comma": b"1,",
    "trailing_garbage": b"{}x", "trailing_nul": b"1\x00", "comment_line": b"1 // x", "comment_block": b"/**/1", "comment_hash": b"#\n1",
    "true_short": b"tru", "true_capital": b"True", "true_long": b"trues", "null_upper": b"NULL", "undefined": b"undefined",
    "nan": b"NaN", "infinity": b"Infinity", "minus_infinity": b"-Infinity", "number_plus": b"+1", "number_leading_zero": b"01",
    "number_minus_leading_zero": b"-01", "number_two_zeros": b"00", "number_point_first": b".5", "number_point_last": b"1.",
    "number_point_exponent": b"1.e5", "number_exponent_empty": b"1e", "number_exponent_sign_only": b"1e+", "number_exponent_fraction": b"1e5.5",
    "number_two_points": b"1.2.3", "number_minus_only": b"-", "number_minus_space": b"- 1", "number_two_minus": b"--1", "number_hex": b"0x1f",
    "number_underscore": b"1_000", "number_comma": b"1,5", "number_fullwidth": "\uff11".encode(), "number_suffix": b"1f",
    "string_open": b'"x', "string_single": b"'x'", "string_bare": b"x", "string_escape_unknown": b'"\\x41"', "string_escape_a": b'"\\a"',
    "string_escape_single": b'"\\\'"', "string_escape_end": b'"\\"', "string_escape_newline": b'"\\\n"', "string_u_short": b'"\\u12"',
    "string_u_no_hex": b'"\\u00g0"', "string_u_capital": b'"\\U0041"', "string_u_sign": b'"\\u+041"', "string_newline": b'"a\nb"', "string_tab": b'"\t"',
    "string_nul": b'"\x00"', "string_control": b'"\x1f"', "space_form_feed": b"[\x0c]", "space_vertical_tab": b"\x0b1",
    "space_no_break": b"\xc2\xa01", "space_ogham": "\u16801".encode(), "utf8_overlong": b'"\xc0\xaf"', "utf8_overlong_three": b'"\xe0\x80\xaf"',
    "utf8_surrogate": b'"\xed\xa0\x80"', "utf8_too_big": b'"\xf4\x90\x80\x80"', "utf8_five_bytes": b'"\xf8\x88\x80\x80\x80"',
    "utf8_cut": b'"\xe2\x82"', "utf8_continuation": b'"\x80"', "utf8_outside": b"\xff[]", "utf16": '"x"'.encode("utf-16"),
}
LEFT_OPEN = {  # i: our answer beside each
    "mark_first": (b"\xef\xbb\xbf1", False), "lone_high": (b'"\\ud834"', False), "lone_low": (b'"\\udd1e"', False),
    "pair_turned": (b'"\\udd1e\\ud834"', False), "pair_broken": (b'"\\ud834x"', False), "pair_two_high": (b'"\\ud834\\ud834\\udd1e"', False),
    "number_huge": (b"1" * 300, True), "number_huge_exponent": (b"1e99999", True), "number_tiny": (b"1e-99999", True),
    "number_precise": (b"0." + b"123456789" * 20, True), "name_twice": (b'{"a":1,"a":1}', True), "depth_200": (b"[" * 200 + b"]" * 200, False),
    "depth_60": (b"[" * 60 + b"]" * 60, True),
}


def main():
    if not VERDICT.exists():
        print(f"not ok json_parsing: {VERDICT} is not built")
        return 1
    cases = [(f"y_{name}", text, True) for name, text in ACCEPTED.items()]
    cases += [(f"n_{name}", text, False) for name, text in REFUSED.items()]
    cases += [(f"i_{name}", text, good) for name, (text, good) in LEFT_OPEN.items()]
    done = subprocess.run([str(VERDICT)], input="".join(text.hex() + "\n" for _, text, _ in cases).encode(), stdout=subprocess.PIPE,
                          check=False)
    answers = done.stdout.decode("utf-8", "replace").split("\n")
    failed = 0
    for number, (name, text, good) in enumerate(cases):
        answer = answers[number][:1] if number < len(answers) else ""
        right = answer == ("+" if good else "-")
        print(f"ok {name}" if right else f"not ok {name}: {text[:60]!r} was {'accepted' if answer == '+' else 'refused'}")
        failed += not right
    return 1 if failed or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
