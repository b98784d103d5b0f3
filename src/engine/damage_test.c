/* engine/damage_test.c - the promise of docs/table-format.md: a damaged image is refused, or harmless.
 *
 * Each flipped bit of the sample image that the checker still accepts becomes the law for a handful of
 * messages, in both forms and in both directions. What comes out does not matter; under the sanitizers,
 * nothing may be read or written outside the image, the arena and the output. Then the same with several
 * random flips at once.
 */
#include "engine/damage_testing.h"
#include "testkit.h"

static struct image_builder builder;
static struct sample_rows rows;

TEST(messages_are_good_before_the_damage)
{
    struct damage_sum sum = { 0 };
    image_run(&sum, sample_image(&builder, &rows));
    CHECK(sum.accepted == 1);
    CHECK(sum.decoded == sizeof messages / sizeof *messages);
    CHECK(sum.planned == 0 || sum.planned == 5); /* of XML */
    CHECK(sum.encoded == 2 * (sum.decoded + sum.planned));
}

TEST(every_flipped_bit_is_refused_or_harmless)
{
    struct damage_sum sum = { 0 };
    const struct bark_slice data = sample_image(&builder, &rows);
    size_t i;
    for (i = 0; i < data.len * 8; i++) {
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
        image_run(&sum, data);
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    CHECK(sum.accepted > 1000); /* or this test would prove nothing */
    CHECK(sum.decoded > 1000);
    CHECK(sum.encoded > 1000);
}

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Damage in the row sections, where flips make other laws rather than other names. */
TEST(random_damage_is_refused_or_harmless)
{
    struct damage_sum sum = { 0 };
    const struct bark_slice data = sample_image(&builder, &rows);
    const struct bark_image_head *head = (const void *)builder.image;
    const size_t from = head->sections[BARK_SECTION_TYPES].offset,
                 to = head->sections[BARK_SECTION_POOL].offset;
    static uint8_t good[IB_IMAGE];
    uint64_t state = 20170718;
    int round;
    memcpy(good, builder.image, data.len);
    for (round = 0; round < 20000; round++) {
        int flips = 2 + (int)(random_next(&state) % 3);
        while (flips-- > 0) {
            const size_t at = from + random_next(&state) % (to - from);
            builder.image[at] =
                (uint8_t)(random_next(&state) % 4 ? good[from + random_next(&state) % (to - from)]
                                                  : random_next(&state) % 8);
        }
        image_run(&sum, data);
        memcpy(builder.image, good, data.len);
    }
    CHECK(sum.accepted > 100);
    CHECK(sum.decoded > 100);
}

TEST_MAIN(RUN(messages_are_good_before_the_damage) RUN(every_flipped_bit_is_refused_or_harmless)
              RUN(random_damage_is_refused_or_harmless))
