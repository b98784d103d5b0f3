#!/bin/sh
# tests/tools/terse_test.sh - a terse library tells code, place and path of an error, and holds no text of a rule.
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/probe.c" <<'END'
#include "xml/reader.h"

#include <stdio.h>

int main(void)
{
    static uint64_t memory[8192];
    static const char text[] = "<a>\n <b></c></a>";
    struct bark_arena arena;
    struct bark_error err = { 0 };
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    char said[600];
    bark_arena_init(&arena, memory, sizeof memory);
    if (bark_xml_open(&r, (struct bark_slice){ (const uint8_t *)text, sizeof text - 1 }, &bark_limits_device, &arena, &err) == BARK_OK)
        while (bark_xml_next(&r, &ev) == BARK_OK && ev.kind != BARK_XML_EOF)
            ;
    (void)bark_error_text(&err, said, sizeof said);
    printf("%d %u:%u %s %s\n%s\n", err.code == BARK_ERR_XML, err.line, err.column, err.path, err.rule ? err.rule : "-", said);
    return 0;
}
END
sources=$(ls "$root"/src/base/*.c "$root"/src/xml/*.c "$root"/src/engine/limits.c | grep -v '_test.c$\|_fuzz.c$')
# shellcheck disable=SC2086
if ! ${CC:-cc} -std=c11 -Os -w -DBARK_TERSE -I"$root/include" -I"$root/src" "$folder/probe.c" $sources -o "$folder/probe"; then
    echo "not ok a_terse_library: it does not compile"
    exit 1
fi
said=$("$folder/probe")
status=0
case $said in
"1 2:7 /a/b -
2:7: /a/b: "*) echo "ok an_error_keeps_code_place_and_path" ;;
*) echo "not ok an_error_keeps_code_place_and_path: $said" && status=1 ;;
esac
if grep -q 'XML1 \|XMLNS ' "$folder/probe"; then
    echo "not ok no_rule_is_stored: $(strings "$folder/probe" | grep -m 1 'XML1 \|XMLNS ')"
    status=1
else
    echo "ok no_rule_is_stored"
fi
exit $status
