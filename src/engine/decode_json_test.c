/* engine/decode_json_test.c - hostile JSON: the rows of docs/security-model.md that a JSON text can play.
 *
 * Each input is refused at its limit, in little memory, and the next good message is read. Shapes, never
 * triggers.
 */
#include "sample_image.h"
#include "soapbark/codec.h"
#include "testkit.h"

enum { HOSTILE_BYTES = 1 << 22, REFUSAL_BYTES = 32 * 1024 };

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[1 << 19];
static char hostile[HOSTILE_BYTES + 1];
static size_t hostile_len;

static bool image_ready(void)
{
    struct bark_error err;
    hostile_len = 0;
    return bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK;
}

static void add(const char *text)
{
    const size_t len = strlen(text);
    if (len > HOSTILE_BYTES - hostile_len)
        abort();
    memcpy(hostile + hostile_len, text, len + 1);
    hostile_len += len;
}

static void add_times(const char *text, size_t times)
{
    while (times-- > 0)
        add(text);
}

/* Decodes what was added; *peak is what it took. */
static enum bark_code decode(uint16_t root, size_t *peak, struct bark_error *err)
{
    struct bark_arena arena;
    enum bark_code code;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_decode_json(&image, root, (struct bark_slice){ (const uint8_t *)hostile, hostile_len },
                            &bark_limits_device, &arena, &msg, err);
    *peak = arena.peak;
    return code;
}

/* The input is refused with this code, in little memory, and the message after it is read. */
static void expect_refusal(const char *label, uint16_t root, enum bark_code code)
{
    struct bark_error err;
    size_t peak;
    CHECK_IN(label, decode(root, &peak, &err) == code);
    CHECK_IN(label, peak <= REFUSAL_BYTES);
    hostile_len = 0;
    add("\"red\"");
    CHECK_IN(label, decode(rows.color_root, &peak, &err) == BARK_OK);
    hostile_len = 0;
}

/* Row 1. Brackets that never close stop at the depth, whatever follows. */
TEST(row_1_deep_nesting)
{
    CHECK(image_ready());
    add_times("[", 1000000);
    expect_refusal("brackets", rows.color_root, BARK_ERR_TYPE); /* the type wants no array at all */
    add("{\"@name\":\"\",\"Tree\":[");
    add_times("{\"@name\":\"\",\"Tree\":[", 100000);
    expect_refusal("trees", rows.tree_root, BARK_ERR_LIMIT);
}

/* Row 1: as deep as allowed passes, one deeper does not. */
static void tree_add(unsigned depth)
{
    unsigned i;
    for (i = 1; i < depth; i++)
        add("{\"@name\":\"\",\"Tree\":[");
    add("{\"@name\":\"\"}");
    for (i = 1; i < depth; i++)
        add("]}");
}

TEST(row_1_depth_at_the_limit)
{
    struct bark_error err;
    size_t peak;
    CHECK(image_ready());
    tree_add(32); /* objects and arrays in turns: 63 levels */
    CHECK(decode(rows.tree_root, &peak, &err) == BARK_OK);
    CHECK(peak <= REFUSAL_BYTES);
    hostile_len = 0;
    tree_add(33); /* 65 */
    expect_refusal("one level more", rows.tree_root, BARK_ERR_LIMIT);
}

/* Row 7: names that collide in any hash, and names that look like the right one. There is no hash. */
TEST(row_7_unknown_names)
{
    CHECK(image_ready());
    add("{\"@token\":\"t\",");
    add_times("\"Namf\":1,", 50000);
    expect_refusal("unknown", rows.item_root, BARK_ERR_UNEXPECTED);
    add("{\"@token\":\"t\",");
    add_times("\"@token\":\"t\",", 50000);
    expect_refusal("the same name again", rows.item_root, BARK_ERR_JSON);
    add("{\"@token\":\"t\",\"#attributes\":{");
    add_times("\"x\":\"\",", 50000);
    expect_refusal("the same attribute again", rows.item_root, BARK_ERR_JSON);
}

TEST(row_8_huge_names_and_texts)
{
    CHECK(image_ready());
    add("{\"");
    add_times("n", 1000000);
    expect_refusal("name", rows.item_root, BARK_ERR_LIMIT);
    add("\"");
    add_times("\\u0041", 500000);
    expect_refusal("text of escapes", rows.color_root, BARK_ERR_LIMIT);
    add("{\"@token\":\"t\",\"Name\":\"n\",\"Big\":");
    add_times("7", 1000000);
    expect_refusal("digits", rows.item_root, BARK_ERR_LIMIT);
}

/* Row 10, and past_2026_88284's shape: more items than the schema or the limit allow. */
TEST(row_10_items_beyond_the_maximum)
{
    CHECK(image_ready());
    add("{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[");
    add_times("\"\",", 100000);
    expect_refusal("maxOccurs", rows.item_root, BARK_ERR_UNEXPECTED);
    add("{\"@token\":\"t\",\"Name\":\"n\",\"Numbers\":[");
    add_times("1,", 100000);
    expect_refusal("limits.items of a list", rows.item_root, BARK_ERR_LIMIT);
    add("{\"@token\":\"t\",\"Name\":\"n\",\"Child\":[");
    add_times("null,", 100000);
    CHECK(hostile_len > 0);
    {
        struct bark_error err;
        size_t peak;
        CHECK(decode(rows.item_root, &peak, &err) == BARK_ERR_LIMIT);
        CHECK(peak <= sizeof memory);
    }
}

/* Row 27: numbers at the edges of every form. */
static const struct {
    const char *number;
    enum bark_code code;
} numbers[] = {
    { "9223372036854775807", BARK_OK },
    { "9223372036854775808", BARK_ERR_TYPE },
    { "-9223372036854775808", BARK_OK },
    { "-9223372036854775809", BARK_ERR_TYPE },
    { "18446744073709551616", BARK_ERR_TYPE },
    { "-0", BARK_OK },
    { "0", BARK_OK },
    { "1e0", BARK_ERR_TYPE },
    { "1.0", BARK_ERR_TYPE },
    { "\"+1\"", BARK_OK },
    { "\"0x1\"", BARK_ERR_TYPE },
    { "\"\"", BARK_ERR_TYPE },
    { "\"NaN\"", BARK_ERR_TYPE },
};

TEST(row_27_number_edges)
{
    size_t i;
    CHECK(image_ready());
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct bark_error err;
        size_t peak;
        hostile_len = 0;
        add("{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"\",\"\"],\"Word\":\"\",\"Big\":");
        add(numbers[i].number);
        add("}");
        CHECK_IN(numbers[i].number, decode(rows.item_root, &peak, &err) == numbers[i].code);
    }
}

/* docs/security-model.md: a toolkit whose JSON had no limits at all: each limit of the profile refuses by
 * itself. */
TEST(past_axis2c_1708)
{
    struct bark_limits tight = bark_limits_device;
    struct bark_arena arena;
    struct bark_error err;
    size_t i;
    void *msg;
    uint32_t *const members[] = { &tight.depth, &tight.elements, &tight.text_bytes, &tight.name_bytes };
    static const char json[] = "{\"@name\":\"abc\",\"Tree\":[{\"@name\":\"d\"}]}";
    CHECK(image_ready());
    for (i = 0; i < sizeof members / sizeof *members; i++) {
        const uint32_t usual = *members[i];
        *members[i] = 2;
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK(bark_decode_json(&image, rows.tree_root,
                               (struct bark_slice){ (const uint8_t *)json, sizeof json - 1 }, &tight, &arena,
                               &msg, &err) == BARK_ERR_LIMIT);
        CHECK(msg == NULL);
        *members[i] = usual;
    }
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_decode_json(&image, rows.tree_root,
                           (struct bark_slice){ (const uint8_t *)json, sizeof json - 1 }, &tight, &arena,
                           &msg, &err) == BARK_OK);
}

/* docs/security-model.md: state that outlives an error: the same arena, reset, reads the next message as if
 * nothing was. */
TEST(past_lxml_reuse)
{
    struct bark_arena arena;
    struct bark_error err;
    void *msg;
    CHECK(image_ready());
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_decode_json(&image, rows.tree_root,
                           (struct bark_slice){ (const uint8_t *)"{\"@name\":\"a\",\"Tree\":[{", 24 },
                           &bark_limits_device, &arena, &msg, &err) == BARK_ERR_JSON);
    bark_arena_reset(&arena);
    CHECK(bark_decode_json(&image, rows.color_root, (struct bark_slice){ (const uint8_t *)"\"blue\"", 6 },
                           &bark_limits_device, &arena, &msg, &err) == BARK_OK);
    CHECK(err.code == BARK_OK && err.path[0] == '\0');
    CHECK(msg && *(const enum sample_color *)msg == SAMPLE_BLUE);
}

TEST_MAIN(RUN(row_1_deep_nesting) RUN(row_1_depth_at_the_limit) RUN(row_7_unknown_names)
              RUN(row_8_huge_names_and_texts) RUN(row_10_items_beyond_the_maximum) RUN(row_27_number_edges)
                  RUN(past_axis2c_1708) RUN(past_lxml_reuse))
