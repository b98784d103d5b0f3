#!/bin/sh
# tests/tools/flags_test.sh - the trap build really traps, with each compiler that is here.
#
# A flag can switch another one off in silence (-fno-strict-overflow does that to the overflow check), so the
# finished program is asked, not the command line.
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

cat >"$folder/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(flags C CXX)
include($root/cmake/flags.cmake)
add_executable(probe probe.c)
target_link_libraries(probe PRIVATE soapbark_flags)
END
cat >"$folder/probe.c" <<'END'
#include <stdlib.h>
#include <string.h>

/* Does what its argument says; volatile keeps the compiler from knowing better. */
int main(int argc, char **argv)
{
    volatile int seven = argc > 1 ? 7 : 0, big = 2147483647, table[4] = { 0 };
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "overflow") == 0)
        big = big + seven;
    if (strcmp(what, "shift") == 0)
        big = 1 << (seven * 10);
    if (strcmp(what, "division") == 0)
        big = big / (seven - 7);
    if (strcmp(what, "bounds") == 0)
        table[seven] = 1;
    return big == 0 && table[0] == 0 ? 1 : 0;
}
END

for compiler in gcc clang; do
    if ! command -v "$compiler" >/dev/null 2>&1; then
        echo "skip traps_$compiler: $compiler is not installed"
        continue
    fi
    if ! { cmake -S "$folder" -B "$folder/$compiler" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$compiler" &&
        cmake --build "$folder/$compiler"; } >"$folder/log" 2>&1; then
        cat "$folder/log"
        echo "not ok traps_$compiler: the probe does not build"
        status=1
        continue
    fi
    for what in nothing overflow shift division bounds; do
        "$folder/$compiler/probe" "$what" >/dev/null 2>&1
        got=$?
        if [ "$what" = nothing ]; then
            [ "$got" -eq 0 ] && verdict=ok || verdict="not ok"
        else
            [ "$got" -gt 128 ] && verdict=ok || verdict="not ok"
        fi
        if [ "$verdict" = ok ]; then
            echo "ok traps_${compiler}_$what"
        else
            echo "not ok traps_${compiler}_$what: exit status $got"
            status=1
        fi
    done
done
exit $status
