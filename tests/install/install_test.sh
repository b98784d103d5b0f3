#!/bin/sh
# tests/install/install_test.sh - an installed tree is enough: a consumer builds against it, by CMake and by pkg-config.
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${SOAPBARK_BUILD:-$root/build}
# A consumer links what is released, not a library that wants a sanitizer's run time.
if grep -q __asan_init "$build/libsoapbark.a"; then
    "$root/tools/build" release || exit 1
    build=$root/build
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

say() { # CASE COMMAND...
    name=$1
    shift
    if "$@" >"$folder/log" 2>&1; then
        echo "ok $name"
    else
        sed 's/^/# /' "$folder/log"
        echo "not ok $name: $*"
        status=1
    fi
}

mkdir "$folder/consumer"
cat >"$folder/consumer/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(consumer C)
find_package(soapbark 0.1 REQUIRED)
add_executable(consumer consumer.c)
target_link_libraries(consumer PRIVATE soapbark::soapbark)
END
cat >"$folder/consumer/consumer.c" <<'END'
#include "soapbark/arena.h"
#include "soapbark/codec.h"
#include "soapbark/limits.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    static const uint8_t text[] = "<a><b/></a>";
    const struct bark_slice in = { text, sizeof text - 1 };
    struct bark_error err = { 0 };
    struct bark_arena arena;
    void *mem = malloc(65536);
    enum bark_code code;
    if (!mem)
        return 2;
    bark_arena_init(&arena, mem, 65536);
    code = bark_check_xml(in, &bark_limits_device, &arena, &err);
    free(mem);
    puts(bark_code_text(code));
    return code == BARK_OK ? 0 : 1;
}
END

say install cmake --install "$build" --prefix "$folder/there"
say headers test -f "$folder/there/include/soapbark/codec.h"
say command "$folder/there/bin/soapbark" --version
say cmake_configure cmake -S "$folder/consumer" -B "$folder/out" "-DCMAKE_PREFIX_PATH=$folder/there"
say cmake_build cmake --build "$folder/out"
say cmake_run "$folder/out/consumer"
if command -v pkg-config >/dev/null 2>&1; then
    pc=$(find "$folder/there" -name pkgconfig)
    # shellcheck disable=SC2046
    say pkg_config cc "$folder/consumer/consumer.c" -o "$folder/by-pc" \
        $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs soapbark)
    say pkg_config_run "$folder/by-pc"
    if [ -f "$pc/soapbark_tls.pc" ]; then
        cat >"$folder/consumer/crypto.c" <<'END'
#include "soapbark/crypto.h"

int main(void)
{
    const struct bark_slice text = { (const uint8_t *)"abc", 3 };
    uint8_t digest[BARK_HASH_BYTES_MAX];
    return bark_crypto_default()->hash(BARK_HASH_SHA256, &text, 1, digest) == BARK_OK && digest[0] == 0xba ? 0 : 1;
}
END
        # shellcheck disable=SC2046
        say pkg_config_tls cc "$folder/consumer/crypto.c" -o "$folder/tls-by-pc" \
            $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs soapbark_tls)
        say pkg_config_tls_run "$folder/tls-by-pc"
    else
        echo "skip pkg_config_tls: this build has no TLS library"
    fi
    for part in 'gzip &bark_gzip' 'curl bark_curl_version'; do
        library=soapbark_${part%% *}
        if [ -f "$pc/$library.pc" ]; then
            cat >"$folder/consumer/part.c" <<END
#include "soapbark/${part%% *}.h"

int main(void)
{
    const void *volatile linked = (const void *)${part##* };
    return !linked;
}
END
            # shellcheck disable=SC2046
            say "pkg_config_$library" cc "$folder/consumer/part.c" -o "$folder/part-by-pc" \
                $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs "$library")
            say "pkg_config_${library}_run" "$folder/part-by-pc"
        else
            echo "skip pkg_config_$library: this build has no such part"
        fi
    done
    for variable in compiler datadir table_version; do
        value=$(PKG_CONFIG_PATH=$pc pkg-config --variable=$variable soapbark)
        say "pkg_config_$variable" test -n "$value"
    done
    say pkg_config_compiler_runs "$(PKG_CONFIG_PATH=$pc pkg-config --variable=compiler soapbark)" --version
    say pkg_config_datadir_holds_the_catalog test -f "$(PKG_CONFIG_PATH=$pc pkg-config --variable=datadir soapbark)/catalog/index"
else
    echo "skip pkg_config: pkg-config is not installed"
fi

# ---- a service made at build time: the schema that it imports stands elsewhere, under a name that make must have escaped ----

odd="$folder/pa th#1\$"
mkdir -p "$folder/service" "$odd"
cat >"$folder/service/sum.wsdl" <<'END'
<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:sum" targetNamespace="urn:sum">
  <w:types><x:schema><x:import namespace="urn:sum" schemaLocation="sum.xsd"/></x:schema></w:types>
  <w:message name="in"><w:part name="p" element="t:Sum"/></w:message>
  <w:message name="out"><w:part name="p" element="t:SumResponse"/></w:message>
  <w:portType name="Sum"><w:operation name="Sum"><w:input message="t:in"/><w:output message="t:out"/></w:operation></w:portType>
  <w:binding name="Sum" type="t:Sum">
    <s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <w:operation name="Sum"><s:operation soapAction="urn:sum"/>
      <w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation>
  </w:binding>
</w:definitions>
END
echo '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><system systemId="sum.xsd" uri="sum.xsd"/></catalog>' \
    >"$odd/catalog.xml"
schema() { # MEMBER: the schema, with one more member of this name
    cat >"$odd/sum.xsd" <<END
<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:sum" elementFormDefault="qualified">
  <x:element name="Sum"><x:complexType><x:sequence>
    <x:element name="$1" type="x:int"/></x:sequence></x:complexType></x:element>
  <x:element name="SumResponse"><x:complexType><x:sequence><x:element name="r" type="x:int"/></x:sequence></x:complexType></x:element>
</x:schema>
END
}
program() { # MEMBER: a program that only compiles when the struct has it
    cat >"$folder/service/sum.c" <<END
#include "sum.h"
#include <stddef.h>
#include <stdio.h>
int main(void)
{
    struct bark_slice tables = sum_tables();
    printf("%zu %zu\\n", tables.len, offsetof(struct $(grep -o '[a-z_]*Sum' "$folder/names" | head -1), $1));
    return tables.len == 0;
}
END
}
cat >"$folder/service/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(sum C)
find_package(soapbark REQUIRED)
add_executable(sum sum.c)
soapbark_add_service(sum sum.wsdl PATH ${SCHEMAS} OPERATIONS Sum)
soapbark_add_service(sum_lib sum.wsdl NAME sum_lib CATALOG ${SCHEMAS}/catalog.xml OPTIONS --polymorphic none)
END
schema first
say compile_installed "$folder/there/bin/soapbark" compile "$folder/service/sum.wsdl" --path "$odd" -o "$folder/gen"
grep -o 'struct [a-z_]*Sum {' "$folder/gen/sum.h" | sed 's/struct \(.*\) {/\1/' >"$folder/names"
program first

rebuilds() { # NAME BUILD-COMMAND...: builds; the schema changes; builds again and meets the new member
    case_name=$1
    shift
    schema first
    program first
    say "${case_name}_build" "$@"
    sleep 1 # file times of a second
    schema second
    program second
    say "${case_name}_rebuild_when_the_import_changed" "$@"
}

for generator in Ninja "Unix Makefiles"; do
    tree="$folder/service-${generator%% *}"
    say "service_configure_${generator%% *}" cmake -G "$generator" -S "$folder/service" -B "$tree" \
        "-DCMAKE_PREFIX_PATH=$folder/there" "-DSCHEMAS=$odd"
    rebuilds "service_${generator%% *}" cmake --build "$tree"
    say "service_runs_${generator%% *}" "$tree/sum"
done

# Cross-compiling: the command comes from the machine that builds. The same compiler serves as the other machine's.
printf 'set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR other)\n' >"$folder/cross.cmake"
schema first
program first
say cross_configure cmake -S "$folder/service" -B "$folder/cross" "-DCMAKE_TOOLCHAIN_FILE=$folder/cross.cmake" \
    "-Dsoapbark_DIR=$(dirname "$(find "$folder/there" -name soapbark-config.cmake)")" "-DSCHEMAS=$odd" \
    "-DSOAPBARK_COMPILER=$folder/there/bin/soapbark"
say cross_build cmake --build "$folder/cross"

# make by hand, with the rule that --depfile writes
cat >"$folder/service/Makefile" <<'END'
sum.h: sum.wsdl
	$(COMPILER) compile sum.wsdl --path '$(SCHEMAS)' --depfile sum.d --quiet
-include sum.d
END
rebuilds_by_make() {
    make -C "$folder/service" "COMPILER=$folder/there/bin/soapbark" "SCHEMAS=$(printf %s "$odd" | sed 's/\$/$$/g')" &&
        grep -q "$1" "$folder/service/sum.h"
}
say make_build rebuilds_by_make first
sleep 1
schema second
say make_rebuild_when_the_import_changed rebuilds_by_make second

# meson, as docs/guide.md shows it
if command -v meson >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1; then
    rm -f "$folder/service"/sum.[hd] "$folder/service/Makefile"
    mkdir "$folder/meson"
    sed -n '/^```meson$/,/^```$/p' "$root/docs/guide.md" | sed '1d;$d' | sed "s/thermostat/sum/g" >"$folder/meson/meson.build"
    schema first
    program first
    cp "$folder/service/sum.wsdl" "$folder/service/sum.c" "$odd/sum.xsd" "$folder/meson"
    say meson_setup env "PKG_CONFIG_PATH=$pc" meson setup "$folder/meson-out" "$folder/meson"
    say meson_build meson compile -C "$folder/meson-out"
    sleep 1
    schema second
    program second
    cp "$folder/service/sum.c" "$odd/sum.xsd" "$folder/meson"
    say meson_rebuild_when_the_import_changed meson compile -C "$folder/meson-out"
    say meson_runs "$folder/meson-out/sum"
else
    echo "skip meson: meson or pkg-config is not installed"
fi
exit $status
