#!/bin/sh
# tests/bare/without_test.sh - an engine built without a family of values refuses the images that need it, serves those
# that do not, and does not hold the family's code.
#
# message.c opens the thermostat's image, which has doubles, times and durations, but no binary, decimal or QName.
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${SOAPBARK_BUILD:-$root/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
status=0
"$build/soapbark" compile examples/thermostat/thermostat.wsdl -o "$work" >/dev/null || exit 1
flags='-std=c11 -O1 -w -ffunction-sections -fdata-sections -DBARK_COMPACT -Iinclude -Isrc'
mkdir "$work/common"
find src/base src/table src/xml src/engine -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c' ! -name '*json*' ! -name print.c \
    ! -path src/engine/value.c ! -path src/table/check_type.c ! -path src/table/check.c >"$work/files"
# shellcheck disable=SC2016,SC2086
xargs -P 2 -I{} sh -c 'in=$1 to=$2; shift 2; ${CC:-cc} "$@" -c "$in" -o "$to/$(echo "$in" | tr / _).o"' compile {} \
    "$work/common" $flags <"$work/files"

# FAMILY FUNCTION STATUS: what message.c must end with, and the function that must be gone
without() {
    family=$1 gone=$2 want=$3
    # shellcheck disable=SC2086
    if ! ${CC:-cc} $flags "-DBARK_WITHOUT_$family" -I"$work" tests/bare/message.c "$work/thermostat.c" src/engine/value.c \
        src/table/check_type.c src/table/check.c "$work"/common/*.o -Wl,--gc-sections -o "$work/program" >"$work/log" 2>&1; then
        echo "not ok without_$family: does not build: $(grep -m 1 'error\|undefined' "$work/log")"
        status=1
        return
    fi
    "$work/program"
    got=$?
    nm "$work/program" >"$work/symbols"
    if [ "$got" -ne "$want" ]; then
        echo "not ok without_$family: message.c ends with $got, not $want"
        status=1
    elif grep -q " $gone\$" "$work/symbols"; then
        echo "not ok without_$family: $gone is still linked"
        status=1
    else
        echo "ok without_$family"
    fi
}

without NOTHING none 0
for function in float time duration base64 decimal qname; do
    grep -q " bark_${function}_read\$" "$work/symbols" || { echo "not ok ${function}_is_there_to_be_left_out" && status=1; }
done
without FLOAT bark_float_read 1
without TIME bark_time_read 1
without DURATION bark_duration_read 1
without BINARY bark_base64_read 0
without DECIMAL bark_decimal_read 0
without QNAME bark_qname_read 0
exit $status
