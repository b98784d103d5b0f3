/* engine/plan_test.c - the memory of a plan, and that its rows say what the image says.
 *
 * That what is written by a plan is what is written without one, encode_run_test.c shows.
 */
#include "engine/plan.h"

#include "engine/encode_testing.h"
#include "sample_image.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[1 << 16];

static struct bark_image opened(struct sample_rows *rows)
{
    static struct image_builder builder;
    struct bark_image image;
    struct bark_error err;
    CHECK(bark_image_open(&image, sample_image(&builder, rows), &err) == BARK_OK);
    CHECK(!image.plan);
    return image;
}

TEST(memory_that_does_not_do)
{
    struct sample_rows rows;
    struct bark_image image = opened(&rows);
    const size_t size = bark_plan_size(&image);
    if (size == 0)
        return; /* built without the quick ways */
    CHECK(size % BARK_ALIGN == 0 && size < sizeof memory);
    CHECK(bark_plan_make(&image, NULL, size) == BARK_ERR_USE && !image.plan);
    CHECK(bark_plan_make(&image, memory, size - 1) == BARK_ERR_USE && !image.plan);
    CHECK(bark_plan_make(&image, memory + 1, size) == BARK_ERR_USE && !image.plan);
    memset(memory, '#', sizeof memory);
    CHECK(bark_plan_make(&image, memory, size) == BARK_OK && image.plan);
    CHECK(memory[size] == '#');
    CHECK(bark_plan_make(&image, memory, 0) == BARK_ERR_USE && !image.plan); /* and there is none any more */
}

static bool begins(const uint8_t *text, const char *with, size_t len)
{
    return strlen(with) == len && memcmp(text, with, len) == 0;
}

/* Tags, kinds of values, and where presence is told, of the sample's Item. */
TEST(rows)
{
    struct sample_rows rows;
    struct bark_image image = opened(&rows);
    const size_t size = bark_plan_size(&image);
    const struct bark_plan_field *f, *last;
    unsigned values = 0, others = 0;
    if (size == 0)
        return;
    CHECK(bark_plan_make(&image, memory, size) == BARK_OK);
    f = image.plan->fields + image.types[bark_root_type(&image, rows.item_root)].first;
    last = f + image.types[bark_root_type(&image, rows.item_root)].count;
    for (; f < last; f++) {
        const struct bark_field_row *row = &image.fields[f - image.plan->fields];
        CHECK(f->offset == row->offset);
        values += f->op == BARK_PLAN_VALUE;
        others += f->op == BARK_PLAN_GENERAL;
        CHECK(f->tag + (f->tag_len ? 2 * f->tag_len + 1U : 0) + BARK_PLAN_STEP <= memory + size);
        if (f->tag_len && f->offset == offsetof(struct sample_item, name)) {
            CHECK(begins(f->tag, "<s:Name>", f->tag_len));
            CHECK(begins(f->tag + f->tag_len, "</s:Name>", f->tag_len + 1U));
            CHECK(f->op == BARK_PLAN_VALUE && f->presence == BARK_PLAN_POINTER &&
                  f->value == BARK_PLAN_STRING);
        }
        if (f->tag_len && f->offset == offsetof(struct sample_item, token))
            CHECK(begins(f->tag, " token=\"", f->tag_len));
        if (bark_field_bits(&image, row) & (BARK_F_NILLABLE | BARK_F_FIXED | BARK_F_OCCURS))
            CHECK(f->op == BARK_PLAN_GENERAL);
    }
    CHECK(values > 8 && others > 0);
}

/* Names up to the longest one that a row can have: those that are too long are for the general way, and the
 * message is the same. */
TEST(names_of_every_length)
{
    static struct encoding plain, quick;
    static char text[1024];
    static uint32_t names[64];
    size_t len;
    encoding_open(&plain);
    encoding_open(&quick);
    memcpy(names, plain.image.names, plain.image.name_count * sizeof *names);
    for (len = 1; len < 120; len++) {
        const struct sample_item item = encoding_item();
        const uint16_t type = bark_root_type(&plain.image, plain.rows.item_root);
        const struct wide_field *field = encoding_field(&plain, type, "Name");
        struct bark_image image = plain.image;
        struct bark_out out;
        struct bark_error err;
        static uint8_t pool[1 << 14];
        CHECK(image.pool_size + 200 < sizeof pool);
        memcpy(pool, image.pool, image.pool_size);
        memset(pool + image.pool_size, 'n', 200);
        image.pool = pool;
        image.names = names;
        names[field->name] = BARK_NAME(image.pool_size, len);
        image.pool_size += 200;
        bark_out_init(&out, (uint8_t *)text, sizeof text);
        CHECK(bark_encode(&image, plain.rows.item_root, &item, &plain.limits, &plain.arena, &out, &err) ==
              BARK_OK);
        CHECK(bark_plan_size(&image) <= sizeof memory);
        if (bark_plan_size(&image))
            CHECK(bark_plan_make(&image, memory, bark_plan_size(&image)) == BARK_OK);
        bark_out_init(&out, (uint8_t *)quick.text, sizeof quick.text);
        CHECK(bark_encode(&image, plain.rows.item_root, &item, &plain.limits, &plain.arena, &out, &err) ==
              BARK_OK);
        CHECK(out.pos > len && memcmp(text, quick.text, out.pos) == 0);
        names[field->name] = plain.image.names[field->name];
    }
}

TEST_MAIN(RUN(memory_that_does_not_do) RUN(rows) RUN(names_of_every_length))
