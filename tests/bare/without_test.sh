#!/bin/sh
# tests/bare/without_test.sh - an engine built without a family of values, or a part, refuses the images that need it,
# serves those that do not, and does not hold its code.
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

# All parts left out: the thermostat needs none of them.
parts='DEFAULT GROUP HTTP LIST NIL REPORT TYPED UNKNOWN VALIDATION WILDCARD WINDOW XOP'
gone='bark_default_read bark_value_is bark_division_holds bark_check_https bark_list_read bark_nil_read bark_report_add bark_typed_find bark_unknown_element_skip bark_assess_declared bark_capture_next bark_xml_window_inside
    bark_xop_read'
for function in $gone; do
    grep -q " $function\$" "$work/symbols" || { echo "not ok ${function}_is_there_to_be_left_out" && status=1; }
done
whole_flags=$flags
for part in $parts; do flags="$flags -DBARK_WITHOUT_$part"; done
mkdir "$work/least"
printf '%s\n' src/engine/value.c src/table/check_type.c src/table/check.c >>"$work/files"
# shellcheck disable=SC2016,SC2086
xargs -P 2 -I{} sh -c 'in=$1 to=$2; shift 2; ${CC:-cc} "$@" -c "$in" -o "$to/$(echo "$in" | tr / _).o"' compile {} \
    "$work/least" $flags <"$work/files"
# shellcheck disable=SC2086
if ! ${CC:-cc} $flags -I"$work" tests/bare/message.c "$work/thermostat.c" "$work"/least/*.o -Wl,--gc-sections \
    -o "$work/program" >"$work/log" 2>&1; then
    echo "not ok without_parts: does not build: $(grep -m 1 'error\|undefined' "$work/log")"
    status=1
else
    "$work/program"
    got=$?
    nm "$work/program" >"$work/symbols"
    left=$(for function in $gone; do grep -o " $function\$" "$work/symbols"; done)
    if [ "$got" -eq 0 ] && [ -z "$left" ]; then
        echo "ok without_parts"
    else
        echo "not ok without_parts: message.c ends with $got; still linked:$left"
        status=1
    fi
fi

# PART CASE CONTENT: a schema (or a description, by its file) that needs a part is taken by the whole engine and refused by the least one
refused() {
    part=$1 name=$2
    source=$work/$name.xsd
    case $3 in
    *.wsdl) source=$3 ;;
    *) printf '<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t">%s</s:schema>' "$3" \
        >"$source" ;;
    esac
    "$build/soapbark" compile "$source" -o "$work" >"$work/bill" || { status=1 && return; }
    set -- "-DTABLES=\"$name.h\"" "-DNAME_tables=${name}_tables" "-I$work" tests/bare/opened.c "$work/$name.c"
    # shellcheck disable=SC2086
    ${CC:-cc} $whole_flags "$@" "$work"/common/*.o src/engine/value.c src/table/check_type.c src/table/check.c -lm \
        -Wl,--gc-sections -o "$work/whole" || { status=1 && return; }
    # shellcheck disable=SC2086
    ${CC:-cc} $flags "$@" "$work"/least/*.o -lm -Wl,--gc-sections -o "$work/less" || { status=1 && return; }
    "$work/whole"
    whole=$?
    "$work/less"
    less=$?
    if [ $whole -eq 0 ] && [ $less -eq 12 ] && ! grep -q "SOAPBARK_WITHOUT=.*[;\"]${part}[;\"]" "$work/bill"; then
        echo "ok ${name}_needs_a_part_left_out"
    else
        echo "not ok ${name}_needs_a_part_left_out: opened.c ends with $whole, $less; $(grep WITHOUT "$work/bill")"
        status=1
    fi
}
refused wildcard wild '<s:element name="A"><s:complexType><s:sequence><s:any/></s:sequence></s:complexType></s:element>'
cp "$work/bill" "$work/first"
grep -q 'SOAPBARK_WITHOUT="binary;decimal;duration;float;list;qname;time;default;group;http;nil;typed;validation"' "$work/first" ||
    { echo "not ok the_bill_names_what_is_not_needed: $(grep WITHOUT "$work/first")" && status=1; }
refused wildcard mixed '<s:element name="A"><s:complexType mixed="true"><s:sequence/></s:complexType></s:element>'
refused list list '<s:element name="A"><s:simpleType><s:list itemType="s:int"/></s:simpleType></s:element>'
refused list union_ '<s:element name="A"><s:simpleType><s:union memberTypes="s:int s:token"/></s:simpleType></s:element>'
refused typed derived '<s:complexType name="B"/><s:complexType name="D"><s:complexContent><s:extension base="B"/></s:complexContent>
    </s:complexType><s:element name="A"><s:complexType><s:sequence><s:element name="M" type="B"/></s:sequence>
    </s:complexType></s:element>'
group='<s:element name="A"><s:complexType><s:%s><s:element name="B" type="s:int"/><s:element name="C" type="s:int"/></s:%s></s:complexType></s:element>'
for model in choice all; do
    # shellcheck disable=SC2059
    refused group $model "$(printf "$group" $model $model)"
done
for text in default fixed; do
    refused default ${text}_ "<s:element name=\"A\"><s:complexType><s:attribute name=\"b\" type=\"s:int\" $text=\"1\"/>
    </s:complexType></s:element>"
done
refused nil nil_ '<s:element name="A"><s:complexType><s:sequence><s:element name="B" type="s:int" nillable="true"/></s:sequence>
    </s:complexType></s:element>'
refused http depot tests/wsdl/depot.wsdl
exit $status
