#!/bin/sh
# tests/portable/twins_test.sh - the engine's inner loops in their other dialects.
#
# What runs on this machine is one of three: SSE2, Advanced SIMD, or plain C. The same tests must pass with the other
# two: plain C is built here without vectors, and Advanced SIMD by a cross compiler for an emulator to run.
# time-out: 600
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
programs='src/xml/scan_test.c src/xml/writer_test.c src/base/digits_test.c src/engine/value_quick_test.c
    src/engine/decode_run_test.c src/engine/encode_run_test.c'
library=$(find src/base src/table src/xml src/json src/engine -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c')

# NAME RUNNER COMPILER FLAGS...: builds the engine and runs the tests with it
dialect() {
    name=$1 runner=$2
    shift 2
    mkdir -p "$work/$name"
    # shellcheck disable=SC2086
    if ! printf '%s\n' $library | xargs -P 2 -I{} sh -c 'c=$1 d=$2; shift 2; "$@" -c "$c" -o "$d/$(echo "$c" | tr / _).o"' \
        build {} "$work/$name" "$@" -std=gnu11 -O1 -Iinclude -Isrc -Itests >"$work/log" 2>&1; then
        echo "not ok $name: the engine does not build: $(head -n 3 "$work/log" | tr '\n' ' ')"
        return
    fi
    for program in $programs; do
        test=$(basename "$program" .c)
        if ! "$@" -std=gnu11 -O1 -Iinclude -Isrc -Itests "$program" "$work/$name"/*.o -o "$work/$test" \
            >"$work/log" 2>&1; then
            echo "not ok ${name}_$test: does not build: $(head -n 3 "$work/log" | tr '\n' ' ')"
        elif $runner "$work/$test" >"$work/log" 2>&1; then
            echo "ok ${name}_$test"
        else
            echo "not ok ${name}_$test: $(grep -m 1 '^#' "$work/log" || tail -n 1 "$work/log")"
        fi
    done
}

dialect scalar '' cc -DBARK_SCALAR
if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
    echo "skip neon: packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user"
else
    dialect neon 'qemu-aarch64 -L /usr/aarch64-linux-gnu' aarch64-linux-gnu-gcc
fi
