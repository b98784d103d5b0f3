/* compiler/sha256_test.c - the examples of NIST for [FIPS180-4], and lengths around the block. */
#include "sha256.h"

#include "testkit.h"

#include <stdlib.h>
#include <string.h>

TEST(known_digests)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmn"
          "opqr"
          "stnopqrstu",
          "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
    };
    char text[SOAPC_SHA256_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        soapc_sha256(rows[i].text, strlen(rows[i].text), text);
        CHECK_TEXT(text, rows[i].want);
    }
}

TEST(a_million_times_a)
{
    enum { MILLION = 1000000 };
    char text[SOAPC_SHA256_TEXT], *mem = malloc(MILLION);
    CHECK(mem != NULL);
    if (!mem)
        return;
    memset(mem, 'a', MILLION);
    soapc_sha256(mem, MILLION, text);
    CHECK_TEXT(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(mem);
}

TEST_MAIN(RUN(known_digests) RUN(a_million_times_a))
