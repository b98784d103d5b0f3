#!/bin/sh
# tests/install/install_test.sh - an installed tree is enough: a consumer builds against it, by CMake and by pkg-config.
set -u
root=${SOAPBARK_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${SOAPBARK_BUILD:-$root/build}
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
else
    echo "skip pkg_config: pkg-config is not installed"
fi
exit $status
