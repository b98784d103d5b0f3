/* base/wide_test.c - both forms of the product against each other and against what can be known. */
#include "base/wide.h"

#include "testkit.h"

TEST(products_at_the_edges)
{
    const struct bark_wide all = bark_wide_product_by_halves(UINT64_MAX, UINT64_MAX);
    const struct bark_wide half = bark_wide_product_by_halves(UINT64_C(1) << 63, 6);
    CHECK(all.high == UINT64_MAX - 1 && all.low == 1);
    CHECK(half.high == 3 && half.low == 0);
}

TEST(both_forms_agree)
{
    uint64_t seed = 0x9e3779b97f4a7c15u;
    unsigned i;
    for (i = 0; i < 100000; i++) {
        const uint64_t a = (seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u) >> i % 64;
        const uint64_t b =
            (seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u) >> i / 64 % 64;
        const struct bark_wide x = bark_wide_product(a, b), y = bark_wide_product_by_halves(a, b);
        CHECK(x.high == y.high && x.low == y.low);
    }
}

TEST_MAIN(RUN(products_at_the_edges) RUN(both_forms_agree))
