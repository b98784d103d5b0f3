/* engine/json_object_test.c - names of members that meet, and random messages through both forms. */
#include "json_property.h"
#include "sample_image.h"

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;

TEST(random_messages_agree_in_both_forms)
{
    struct bark_error err = { 0 };
    struct jp_sum sum;
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    sum = json_property_check(&image, 2000, 20170718);
    printf("# %lu messages, %lu valid\n", sum.made, sum.valid);
    CHECK(sum.made > 3000);
    CHECK(sum.valid > sum.made / 4);
}

TEST_MAIN(RUN(random_messages_agree_in_both_forms))
