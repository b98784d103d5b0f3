#!/bin/sh
# tests/bare/bare_test.sh - the library on a 32-bit machine: Thumb-2, freestanding, and the C tests on it.
#
# The layers that a device needs compile without a hosted C library and without a warning. message.c, linked as small
# as it gets, runs in an emulator. So do the C tests, whose own library (newlib) asks the emulator for input and output.
# time-out: 900
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${SOAPBARK_BUILD:-$root/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
if ! echo '#include <string.h>' | arm-none-eabi-gcc -x c -c - -o "$work/probe.o" 2>/dev/null; then
    echo "skip bare: packages gcc-arm-none-eabi and libnewlib-arm-none-eabi"
    exit 0
fi
status=0
"$build/soapbark" compile examples/thermostat/thermostat.wsdl -o "$work" >/dev/null || exit 1

# NAME FLAGS...: the objects of the library below $work/NAME; what a compiler says is in $work/NAME.log
library() {
    name=$1
    shift
    mkdir -p "$work/$name"
    for layer in base table xml json engine soap http; do
        for file in src/$layer/*.c; do
            case $file in *_test.c | *_fuzz.c) ;; *) echo "$file" ;; esac
        done
    done >"$work/files"
    # shellcheck disable=SC2016
    xargs -P 2 -I{} sh -c 'in=$1 to=$2; shift 2; arm-none-eabi-gcc "$@" -c "$in" -o "$to/$(echo "$in" | tr / _).o"' \
        compile {} "$work/$name" "$@" <"$work/files" >"$work/$name.log" 2>&1
}

verdict() { # STATUS NAME WHY
    if [ "$1" -eq 0 ]; then
        echo "ok $2"
    else
        echo "not ok $2: $3"
        status=1
    fi
}

common='-std=c11 -mthumb -Iinclude -Isrc'
bare="$common -mcpu=cortex-m4 -Os -ffreestanding -ffunction-sections -fdata-sections -DNDEBUG -DBARK_TERSE -DBARK_COMPACT"
# shellcheck disable=SC2086
library bare $bare -Wall -Wextra -Werror -Wshadow -Wcast-qual -Wconversion -Wsign-conversion
verdict $? freestanding_build "$(grep -m 1 error "$work/bare.log")"

link_message() { # NAME FLAGS...
    out=$1
    shift
    # shellcheck disable=SC2086
    arm-none-eabi-gcc $bare "$@" -I"$work" tests/bare/message.c tests/bare/start.c "$work/thermostat.c" "$work"/bare/*.o \
        -nostartfiles -Wl,--gc-sections -o "$work/$out" >"$work/link.log" 2>&1
}
for program in message unproved decode; do
    case $program in
    message) link_message $program ;;
    unproved) link_message $program -DMESSAGE_UNPROVED ;;
    decode) link_message $program -DMESSAGE_DECODE_ONLY ;;
    esac
    verdict $? "${program}_links" "$(grep -m 1 'error\|undefined' "$work/link.log")"
    arm-none-eabi-size "$work/$program" | awk -v name=$program 'NR == 2 { print "# " name ": text and constants " $1 ", data " $2 ", bss " $3 " bytes" }'
done

if ! command -v qemu-arm >/dev/null; then
    echo "skip bare_run: package qemu-user"
    exit $status
fi
for program in message unproved decode; do
    qemu-arm "$work/$program"
    step=$?
    verdict $step "${program}_runs" "step $step went wrong, see message.c"
done

# Whole tests need a C library; the engine is the compact one here, whose tests must pass as well. float_exact_test compares with its strtod(), which does not round correctly; programs
# that map memory have no way to do so here.
# shellcheck disable=SC2086
library tests $common -mcpu=cortex-a9 -O1 -w -DBARK_COMPACT
verdict $? library_for_tests "$(grep -m 1 error "$work/tests.log")"
arm-none-eabi-ar rcs "$work/tests.a" "$work"/tests/*.o
cat >"$work/one" <<'END'
in=$1 work=$2
name=$(echo "${in#src/}" | tr / _)
name=${name%.c}
if ! arm-none-eabi-gcc -std=c11 -mthumb -mcpu=cortex-a9 -O1 -w -DBARK_COMPACT -Iinclude -Isrc -Itests --specs=rdimon.specs "$in" \
    "$work/tests.a" -lm -o "$work/$name" >"$work/$name.log" 2>&1; then
    echo "not ok arm_$name: does not build: $(grep -m 1 'error\|undefined' "$work/$name.log")"
elif qemu-arm "$work/$name" >"$work/$name.log" 2>&1; then
    echo "ok arm_$name"
else
    echo "not ok arm_$name: $(grep -m 1 '^#' "$work/$name.log" || tail -n 1 "$work/$name.log")"
fi
END
find src/base src/table src/xml src/json src/engine src/http -name '*_test.c' ! -name float_exact_test.c |
    sort | xargs grep -L 'guard.h\|http_replay.h\|mman.h' | xargs -P 2 -I{} sh "$work/one" {} "$work" | tee "$work/verdicts"
if grep -q '^not ok' "$work/verdicts"; then
    status=1
fi
exit $status
