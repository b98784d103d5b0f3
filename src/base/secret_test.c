/* base/secret_test.c - comparing and forgetting; the keys built here are read by a real library in
 * tls/crypto_test.c. */
#include "soapbark/crypto.h"

#include "testkit.h"

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

TEST(equal_only_when_every_byte_is)
{
    char text[33] = "0123456789abcdef0123456789abcdef", other[33];
    CHECK(bark_secret_equal(slice(""), slice("")));
    CHECK(bark_secret_equal((struct bark_slice){ 0 }, slice("")));
    CHECK(!bark_secret_equal(slice(""), slice("a")));
    CHECK(!bark_secret_equal(slice("ab"), slice("a")));
    CHECK(bark_secret_equal(slice(text), slice(text)));
    for (size_t i = 0; i < 32; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(other, text, sizeof other);
            other[i] = (char)(other[i] ^ (1 << bit));
            CHECK(!bark_secret_equal((struct bark_slice){ (const uint8_t *)text, 32 },
                                     (struct bark_slice){ (const uint8_t *)other, 32 }));
        }
    }
}

TEST(wiped_means_zero)
{
    uint8_t secret[64], zero[64] = { 0 };
    memset(secret, 0xa5, sizeof secret);
    bark_secret_wipe(secret, sizeof secret);
    CHECK(memcmp(secret, zero, sizeof zero) == 0);
}

TEST(lengths_of_hashes)
{
    CHECK(bark_hash_bytes(BARK_HASH_MD5) == 16);
    CHECK(bark_hash_bytes(BARK_HASH_SHA512) == BARK_HASH_BYTES_MAX);
    CHECK(bark_hash_bytes(BARK_HASH_COUNT) == 0);
}

TEST(keys_that_cannot_be_built)
{
    static const uint8_t big[BARK_SPKI_RSA_MAX] = { 1 };
    uint8_t der[BARK_SPKI_RSA_MAX];
    const struct bark_slice e = { (const uint8_t *)"\1\0\1", 3 };
    CHECK(bark_spki_from_rsa((struct bark_slice){ 0 }, e, der) == 0);
    CHECK(bark_spki_from_rsa(e, (struct bark_slice){ 0 }, der) == 0);
    CHECK(bark_spki_from_rsa(e, (struct bark_slice){ (const uint8_t *)"\0\0", 2 }, der) == 0);
    for (size_t len = BARK_SPKI_RSA_MAX - 60; len <= BARK_SPKI_RSA_MAX; len++) {
        size_t n = bark_spki_from_rsa((struct bark_slice){ big, len }, e, der);
        CHECK(n == 0 || n <= BARK_SPKI_RSA_MAX);
        CHECK(len < BARK_SPKI_RSA_MAX || n == 0);
    }
    CHECK(bark_spki_from_point((struct bark_slice){ big, 32 }, (struct bark_slice){ big, 48 }, der) == 0);
    CHECK(bark_spki_from_point((struct bark_slice){ big, 31 }, (struct bark_slice){ big, 31 }, der) == 0);
    CHECK(bark_spki_from_point((struct bark_slice){ big, 32 }, (struct bark_slice){ big, 32 }, der) == 91);
}

TEST_MAIN(RUN(equal_only_when_every_byte_is) RUN(wiped_means_zero) RUN(lengths_of_hashes)
              RUN(keys_that_cannot_be_built))
