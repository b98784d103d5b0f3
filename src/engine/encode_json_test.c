/* engine/encode_json_test.c - JSON to struct to JSON: every kind of member, every refusal, limits and memory.
 *
 * The messages are those of tests/sample_image.h. Decoding and encoding are tested as the pair that they are.
 */
#include "sample_image.h"
#include "soapbark/codec.h"
#include "testkit.h"

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[1 << 18];
static char text[1 << 16];

static bool image_ready(void)
{
    struct bark_error err = { 0 };
    return bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK;
}

static struct bark_limits small_limits(void)
{
    struct bark_limits limits = bark_limits_device;
    limits.depth = 8;
    limits.attributes = 3;
    limits.items = 5;
    return limits;
}

static struct bark_slice slice(const char *s)
{
    return (struct bark_slice){ (const uint8_t *)s, strlen(s) };
}

/* Decodes and encodes again; the text is in `text`. */
static enum bark_code round_trip(uint16_t root, const char *json, enum bark_json_style style,
                                 uint64_t fail_at, struct bark_error *err)
{
    const struct bark_limits limits = small_limits();
    struct bark_arena arena;
    struct bark_out out;
    enum bark_code code;
    void *msg;
    *err = (struct bark_error){ 0 };
    text[0] = '\0';
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    code = bark_decode_json(&image, root, slice(json), &limits, &arena, &msg, err);
    CHECK_IN(json, (code == BARK_OK) == (msg != NULL));
    CHECK_IN(json, arena.scratch == 0);
    if (code != BARK_OK)
        return code;
    bark_out_init(&out, text, sizeof text - 1);
    code = bark_encode_json(&image, root, msg, style, &limits, &arena, &out, err);
    CHECK_IN(json, arena.scratch == 0);
    text[out.pos] = '\0';
    return code;
}

/* A whole Item around some members; needs are the members that every Item has. */
#define ITEM(members) "{\"@token\":\"t\",\"Name\":\"n\"," members "\"Tag\":[\"a\",\"b\"],\"Word\":\"w\"}"
#define TAGS "\"Tag\":[\"a\",\"b\"],"

static const struct {
    const char *json, *want; /* NULL: the same text */
} trips[] = {
    { ITEM(""), NULL },
    { "{\"Word\":\"w\",\"Tag\":[\"a\",\"b\"],\"Name\":\"n\",\"@token\":\"t\"}", ITEM("") }, /* any order */
    { ITEM("\"Color\":\"green\","), NULL },
    { ITEM("\"Level\":-7,"), NULL },
    { ITEM("\"Level\":\" 8 \","), ITEM("\"Level\":8,") }, /* the lexical form of XSD in a string */
    { ITEM("\"Flag\":true,"), NULL },
    { ITEM("\"Flag\":\"0\","), ITEM("\"Flag\":false,") },
    { ITEM("\"Flag\":null,"), NULL },
    { ITEM("\"When\":\"2017-07-18T12:00:00Z\","), NULL },
    { ITEM("\"Data\":\"AAEC/w==\","), NULL },
    { ITEM("\"Data\":\"\","), NULL },
    { ITEM("\"Kind\":\"{urn:x}thing\","), NULL },
    { ITEM("\"Kind\":\"thing\","), NULL },
    { ITEM("\"Kind\":\"{}thing\","), ITEM("\"Kind\":\"thing\",") },
    { ITEM("\"Code\":\"abc\","), NULL },
    { ITEM("\"Numbers\":[1,-2,3],"), NULL },
    { ITEM("\"Numbers\":[],"), NULL },
    { ITEM("\"Numbers\":\"1 2\","), ITEM("\"Numbers\":[1,2],") },
    { ITEM("\"Size\":\"12\","), NULL },
    { ITEM("\"Size\":12,"), ITEM("\"Size\":\"12\",") },
    { ITEM("\"Size\":\"red\","), NULL },
    { ITEM("\"Amount\":1.5,"), NULL },
    { ITEM("\"Amount\":123456789012345.25,"), ITEM("\"Amount\":\"123456789012345.25\",") },
    { ITEM("\"Big\":9007199254740991,"), NULL }, /* [RFC7493 2.2] the last integer that doubles keep apart */
    { ITEM("\"Big\":9007199254740992,"), ITEM("\"Big\":\"9007199254740992\",") },
    { ITEM("\"Big\":\"-9223372036854775808\","), NULL },
    { ITEM("\"Big\":-9007199254740991,"), NULL },
    { ITEM("\"Length\":{\"@unit\":\"m\",\"#text\":1.5},"), NULL },
    { ITEM("\"Length\":{\"#text\":\"INF\"},"), NULL },
    { ITEM("\"Length\":{\"#text\":\"NaN\"},"), NULL },
    { ITEM("\"Note\":{\"@lang\":\"en\",\"#content\":\"a <b>c</b>\"},"), NULL },
    { ITEM("\"Note\":{},"), NULL },
    { ITEM("\"Both\":{\"A\":1,\"B\":\"b\"},"), NULL },
    { ITEM("\"Both\":{\"B\":\"b\"},"), NULL },
    { "{\"@token\":\"t\",\"@count\":5,\"@o:token\":\"u\",\"#attributes\":{\"{urn:x}a\":\"1\",\"b\":\"\"},"
      "\"Name\":\"n\"," TAGS "\"Word\":\"w\"}",
      NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Number\":5}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Number\":null}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Long\":{\"#text\":\"INF\"}}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS
      "\"Word\":\"w\",\"#group\":[{\"Key\":\"k\",\"Val\":1},{\"Key\":\"l\"}]}",
      NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Word\":\"w\",\"Child\":[null," ITEM("") ",null]}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS
      "\"Word\":\"w\",\"Child\":[" ITEM("") "," ITEM("\"Level\":2,") "]}",
      NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Word\":\"w\",\"Next\":" ITEM("") "}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Word\":\"w\",\"o:Name\":\"other\"}", NULL },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Word\":\"w\",\"#any\":[\"<a/>\",\"<b xmlns='urn:x'/>\"]}",
      NULL },
    { "{\"@token\":\"\\u0022\\\\\\n\\u20ac\",\"Name\":\"\"," TAGS "\"Word\":\"\xf0\x9d\x84\x9e\"}",
      "{\"@token\":\"\\\"\\\\\\n\xe2\x82\xac\",\"Name\":\"\"," TAGS "\"Word\":\"\xf0\x9d\x84\x9e\"}" },
};

TEST(structs_survive_a_round_trip)
{
    size_t i;
    CHECK(image_ready());
    for (i = 0; i < sizeof trips / sizeof *trips; i++) {
        struct bark_error err;
        char why[512] = "";
        if (round_trip(rows.item_root, trips[i].json, BARK_JSON_COMPACT, 0, &err) != BARK_OK)
            bark_error_text(&err, why, sizeof why);
        CHECK_TEXT(why, "");
        CHECK_TEXT(text, trips[i].want ? trips[i].want : trips[i].json);
    }
}

TEST(a_struct_is_filled_as_its_type_says)
{
    const struct bark_limits limits = small_limits();
    struct bark_error err = { 0 };
    struct bark_arena arena;
    const struct sample_item *item, *child;
    void *msg;
    CHECK(image_ready());
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_decode_json(&image, rows.item_root,
                           slice("{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Number\":null,\"Flag\":null,"
                                 "\"Color\":\"blue\",\"Child\":[null," ITEM("") "]}"),
                           &limits, &arena, &msg, &err) == BARK_OK);
    item = msg;
    CHECK(item != NULL);
    if (!item)
        return;
    CHECK(item->color == SAMPLE_BLUE);
    CHECK(item->has_flag == BARK_NIL);
    CHECK(item->has_big == BARK_ABSENT);
    CHECK(item->pick.which == SAMPLE_PICK_NUMBER);
    CHECK(item->pick.has_number == BARK_NIL);
    CHECK(item->tags.count == 2 && item->tags.nil == NULL);
    CHECK(item->children.count == 2);
    CHECK(item->children.nil != NULL && item->children.nil[0] == 1 && item->children.nil[1] == 0);
    child = (const struct sample_item *)item->children.items + 1;
    CHECK(bark_text_equal(child->name, "n"));
    CHECK(bark_text_equal(((const struct bark_text *)child->tags.items)[1], "b"));
    CHECK(child->pick.which == SAMPLE_PICK_WORD);
}

TEST(pretty_style_has_a_line_a_member)
{
    struct bark_error err;
    CHECK(image_ready());
    CHECK(round_trip(rows.item_root, ITEM("\"Numbers\":[],\"Note\":{},"), BARK_JSON_PRETTY, 0, &err) ==
          BARK_OK);
    CHECK_TEXT(text, "{\n  \"@token\": \"t\",\n  \"Name\": \"n\",\n  \"Numbers\": [],\n  \"Note\": {},\n"
                     "  \"Tag\": [\n    \"a\",\n    \"b\"\n  ],\n  \"Word\": \"w\"\n}");
}

TEST(a_root_may_be_a_value)
{
    struct bark_error err;
    CHECK(image_ready());
    CHECK(round_trip(rows.color_root, "\"red\"", BARK_JSON_COMPACT, 0, &err) == BARK_OK);
    CHECK_TEXT(text, "\"red\"");
    CHECK(round_trip(rows.color_root, "\"pink\"", BARK_JSON_COMPACT, 0, &err) == BARK_ERR_FACET);
    CHECK_TEXT(err.path, "/Color");
    CHECK_TEXT(err.expected, "one of: red, green, blue");
    CHECK(round_trip(rows.color_root, "{}", BARK_JSON_COMPACT, 0, &err) == BARK_ERR_TYPE);
    CHECK(round_trip(BARK_NONE, "{}", BARK_JSON_COMPACT, 0, &err) == BARK_ERR_USE);
}

static const struct {
    const char *json;
    enum bark_code code;
    const char *path;
} refusals[] = {
    { "", BARK_ERR_JSON, "/Item" },
    { "[]", BARK_ERR_TYPE, "/Item" },
    { "null", BARK_ERR_TYPE, "/Item" },
    { ITEM("") " {}", BARK_ERR_JSON, "/Item" },
    { "{}", BARK_ERR_MISSING, "/Item" },
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Word\":\"w\",\"Name\":\"m\"}", BARK_ERR_JSON,
      "/Item/Name" },
    { "{\"@token\":\"t\",\"N\\u0061me\":\"n\",\"Name\":\"m\"}", BARK_ERR_JSON, "/Item/Name" },
    { ITEM("\"Nme\":1,"), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"token\":1,"), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"@Name\":\"x\","), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"\":1,"), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"@\":1,"), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"#text\":1,"), BARK_ERR_UNEXPECTED, "/Item" },
    { ITEM("\"Level\":\"x\","), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Level\":1.0,"), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Level\":2147483648,"), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Level\":true,"), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Level\":null,"), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Level\":[1],"), BARK_ERR_TYPE, "/Item/Level" },
    { ITEM("\"Flag\":1,"), BARK_ERR_TYPE, "/Item/Flag" },
    { ITEM("\"Code\":7,"), BARK_ERR_TYPE, "/Item/Code" },
    { ITEM("\"Code\":\"ABC\","), BARK_ERR_FACET, "/Item/Code" },
    { ITEM("\"Code\":\"abcdefghi\","), BARK_ERR_FACET, "/Item/Code" },
    { ITEM("\"Amount\":-6,"), BARK_ERR_FACET, "/Item/Amount" },
    { ITEM("\"Amount\":1e2,"), BARK_ERR_TYPE, "/Item/Amount" },
    { ITEM("\"Kind\":\"a:b\","), BARK_ERR_TYPE, "/Item/Kind" },
    { ITEM("\"Kind\":\"{urn:x}\","), BARK_ERR_TYPE, "/Item/Kind" },
    { ITEM("\"Kind\":\"{urn:x\","), BARK_ERR_TYPE, "/Item/Kind" },
    { ITEM("\"Data\":\"A\","), BARK_ERR_TYPE, "/Item/Data" },
    { ITEM("\"Numbers\":[1,\"x\"],"), BARK_ERR_TYPE, "/Item/Numbers[2]" },
    { ITEM("\"Numbers\":[[1]],"), BARK_ERR_TYPE, "/Item/Numbers[1]" },
    { ITEM("\"Numbers\":[null],"), BARK_ERR_TYPE, "/Item/Numbers[1]" },
    { ITEM("\"Numbers\":{},"), BARK_ERR_TYPE, "/Item/Numbers" },
    { ITEM("\"Size\":\"pink\","), BARK_ERR_TYPE, "/Item/Size" },
    { ITEM("\"Length\":{\"@unit\":\"m\"},"), BARK_ERR_MISSING, "/Item/Length" },
    { ITEM("\"Length\":5,"), BARK_ERR_TYPE, "/Item/Length" },
    { ITEM("\"Note\":{\"#content\":5},"), BARK_ERR_TYPE, "/Item/Note/#content" },
    { ITEM("\"Both\":{\"A\":1},"), BARK_ERR_MISSING, "/Item/Both" },
    { ITEM("\"#any\":[\"<a>\"],"), BARK_ERR_XML, "/Item/#any[1]" },
    { ITEM("\"#any\":[\"text\"],"), BARK_ERR_XML, "/Item/#any[1]" },
    { ITEM("\"#any\":[\"<a/>\",\"<p:a/>\"],"), BARK_ERR_NAMESPACE, "/Item/#any[2]" },
    { ITEM("\"#any\":[\"<!DOCTYPE a><a/>\"],"), BARK_ERR_XML, "/Item/#any[1]" },
    { ITEM("\"Note\":{\"#content\":\"a < b\"},"), BARK_ERR_XML, "/Item/Note/#content" },
    { ITEM("\"#any\":[1],"), BARK_ERR_TYPE, "/Item/#any[1]" },
    { ITEM("\"#any\":\"<a/>\","), BARK_ERR_TYPE, "/Item/#any" },
    { ITEM("\"#attributes\":[],"), BARK_ERR_TYPE, "/Item/#attributes" },
    { ITEM("\"#attributes\":{\"a b\":\"1\"},"), BARK_ERR_TYPE, "/Item/#attributes[1]" },
    { ITEM("\"#attributes\":{\"a\":\"1\",\"a\":\"2\"},"), BARK_ERR_JSON, "/Item/#attributes[2]" },
    { ITEM("\"#attributes\":{\"a\":1},"), BARK_ERR_TYPE, "/Item/#attributes[1]" },
    { ITEM("\"Number\":1,"), BARK_ERR_UNEXPECTED, "/Item/Word" }, /* two alternatives */
    { "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Level\":1}", BARK_ERR_MISSING, "/Item" },
    { "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":\"a\",\"Word\":\"w\"}", BARK_ERR_TYPE, "/Item/Tag" },
    { "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\"],\"Word\":\"w\"}", BARK_ERR_MISSING, "/Item/Tag[1]" },
    { "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\",null],\"Word\":\"w\"}", BARK_ERR_TYPE,
      "/Item/Tag[2]" },
    { "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"Word\":\"w\"}",
      BARK_ERR_UNEXPECTED, "/Item/Tag[4]" },
    { "{\"@token\":\"t\",\"Name\":\"n\",\"Word\":\"w\"}", BARK_ERR_MISSING, "/Item" },
    { ITEM("\"#group\":[{}],"), BARK_ERR_MISSING, "/Item/#group[1]" },
    { ITEM("\"Child\":[{}],"), BARK_ERR_MISSING, "/Item/Child[1]" },
    { ITEM("\"Child\":[" ITEM("") "," ITEM("\"Level\":\"x\",") "],"), BARK_ERR_TYPE, "/Item/Child[2]/Level" },
    { ITEM("\"Level\":\"\\u0001\","), BARK_ERR_TYPE, "/Item/Level" },
    { "{\"@token\":\"\\u0000\"}", BARK_ERR_TYPE, "/Item/@token" },
    { "{\"@token\":\"\\uffff\"}", BARK_ERR_TYPE, "/Item/@token" },
};

TEST(refusals_have_code_place_and_path)
{
    size_t i;
    CHECK(image_ready());
    for (i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct bark_error err;
        CHECK_IN(refusals[i].json, round_trip(rows.item_root, refusals[i].json, BARK_JSON_COMPACT, 0, &err) ==
                                       refusals[i].code);
        CHECK_IN(refusals[i].json, err.code == refusals[i].code && err.rule != NULL && err.line == 1);
        CHECK_TEXT(err.path, refusals[i].path);
    }
}

TEST(a_missing_member_is_named)
{
    struct bark_error err;
    CHECK(image_ready());
    CHECK(round_trip(rows.item_root, "{\"@token\":\"t\"}", BARK_JSON_COMPACT, 0, &err) == BARK_ERR_MISSING);
    CHECK_TEXT(err.expected, "Name");
    CHECK(round_trip(rows.item_root, "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\",\"b\"]}",
                     BARK_JSON_COMPACT, 0, &err) == BARK_ERR_MISSING);
    CHECK_TEXT(err.expected, "one of: Word, Number, Long");
    CHECK(round_trip(rows.item_root, "{\n \"Nam\": 1}", BARK_JSON_COMPACT, 0, &err) == BARK_ERR_UNEXPECTED);
    CHECK_TEXT(err.found, "Nam");
    CHECK(err.line == 2 && err.column == 2 && err.offset == 3);
}

static const struct {
    const char *at_limit, *over;
} limit_cases[] = {
    { ITEM("\"Numbers\":[1,2,3,4,5],"), ITEM("\"Numbers\":[1,2,3,4,5,6],") },
    { ITEM("\"#group\":[{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"}],"),
      ITEM("\"#group\":[{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":\"\"},{\"Key\":"
           "\"\"}],") },
    { ITEM("\"#attributes\":{\"a\":\"\",\"b\":\"\",\"c\":\"\"},"),
      ITEM("\"#attributes\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\"},") },
};

TEST(limits_hold_at_the_limit_and_one_past)
{
    size_t i;
    struct bark_error err;
    CHECK(image_ready());
    for (i = 0; i < sizeof limit_cases / sizeof *limit_cases; i++) {
        CHECK_IN(limit_cases[i].at_limit,
                 round_trip(rows.item_root, limit_cases[i].at_limit, BARK_JSON_COMPACT, 0, &err) == BARK_OK);
        CHECK_IN(limit_cases[i].over, round_trip(rows.item_root, limit_cases[i].over, BARK_JSON_COMPACT, 0,
                                                 &err) == BARK_ERR_LIMIT);
    }
    /* Four objects, and an array in each but the last: depth 7. */
    CHECK(round_trip(rows.tree_root,
                     "{\"@name\":\"\",\"Tree\":[{\"@name\":\"\",\"Tree\":[{\"@name\":\"\",\"Tree\":[{\"@"
                     "name\":\"\"}]}]}]}",
                     BARK_JSON_COMPACT, 0, &err) == BARK_OK);
    CHECK(round_trip(
              rows.tree_root,
              "{\"@name\":\"\",\"Tree\":[{\"@name\":\"\",\"Tree\":[{\"@name\":\"\",\"Tree\":[{\"@name\":\"\","
              "\"Tree\":[{\"@name\":\"\"}]}]}]}]}",
              BARK_JSON_COMPACT, 0, &err) == BARK_ERR_LIMIT);
}

/* G4: every allocation fails once; the answer is a clean refusal or the whole text. */
TEST(memory_may_end_anywhere)
{
    static const char json[] = "{\"@token\":\"t\",\"#attributes\":{\"{u}a\":\"\\n\"},\"Name\":\"n\",\"Kind\":"
                               "\"{u}k\",\"Numbers\":[1,2],"
                               "\"Length\":{\"@unit\":\"m\",\"#text\":\"INF\"}," TAGS
                               "\"Word\":\"w\",\"#group\":[{\"Key\":\"k\"}],\"Child\":"
                               "[null," ITEM("") "],\"#any\":[\"<a/>\"]}";
    struct bark_error err;
    uint64_t n, failures = 0;
    enum bark_code code = BARK_ERR_MEMORY;
    CHECK(image_ready());
    CHECK(round_trip(rows.item_root, json, BARK_JSON_COMPACT, 0, &err) == BARK_OK);
    CHECK_TEXT(text, json);
    for (n = 1; code == BARK_ERR_MEMORY && n < 2000; n++) {
        code = round_trip(rows.item_root, json, BARK_JSON_COMPACT, n, &err);
        failures += code == BARK_ERR_MEMORY;
    }
    CHECK(code == BARK_OK);
    CHECK(failures > 50);
}

/* G5: with less than the peak it fails, with the peak it does not. */
TEST(the_budget_is_the_peak)
{
    const struct bark_limits limits = small_limits();
    static const char json[] =
        "{\"@token\":\"t\",\"Name\":\"n\"," TAGS "\"Child\":[" ITEM("") "],\"Word\":\"w\"}";
    struct bark_error err = { 0 };
    struct bark_arena arena;
    size_t peak, cap;
    void *msg;
    CHECK(image_ready());
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_decode_json(&image, rows.item_root, slice(json), &limits, &arena, &msg, &err) == BARK_OK);
    peak = arena.peak;
    for (cap = 0; cap <= peak; cap += 8) {
        bark_arena_init(&arena, memory, cap);
        err = (struct bark_error){ 0 };
        CHECK(bark_decode_json(&image, rows.item_root, slice(json), &limits, &arena, &msg, &err) ==
              (cap < peak ? BARK_ERR_MEMORY : BARK_OK));
    }
}

TEST(every_cut_is_refused)
{
    const struct bark_limits limits = small_limits();
    static const char json[] = ITEM("\"Kind\":\"{u}k\",\"Numbers\":[1,2],\"Child\":[null],");
    size_t len;
    CHECK(image_ready());
    for (len = 0; len < sizeof json - 1; len++) {
        struct bark_error err = { 0 };
        struct bark_arena arena;
        uint8_t *exact = malloc(len ? len : 1);
        void *msg = exact;
        memcpy(exact, json, len);
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK(bark_decode_json(&image, rows.item_root, (struct bark_slice){ exact, len }, &limits, &arena,
                               &msg, &err) == BARK_ERR_JSON);
        CHECK(msg == NULL && err.offset <= len);
        free(exact);
    }
}

/* Structs that a program fills wrongly. */
static enum bark_code item_encode(const struct sample_item *item, struct bark_error *err)
{
    const struct bark_limits limits = small_limits();
    struct bark_arena arena;
    struct bark_out out;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, text, sizeof text);
    *err = (struct bark_error){ 0 };
    return bark_encode_json(&image, rows.item_root, item, BARK_JSON_COMPACT, &limits, &arena, &out, err);
}

TEST(the_encoder_refuses_what_the_schema_refuses)
{
    struct bark_text tags[5] = { bark_text("a"), bark_text("b"), bark_text("c"), bark_text("d"),
                                 bark_text("e") };
    struct sample_item good = { .token = bark_text("t"), .name = bark_text("n"), .tags = { tags, 2, NULL } };
    struct sample_item item;
    struct bark_error err;
    CHECK(image_ready());
    good.pick.which = SAMPLE_PICK_WORD;
    good.pick.u.word = bark_text("w");
    CHECK(item_encode(&good, &err) == BARK_OK);
    item = good;
    item.name.ptr = NULL;
    CHECK(item_encode(&item, &err) == BARK_ERR_MISSING);
    CHECK_TEXT(err.expected, "Name");
    CHECK_TEXT(err.path, "/Item/Name");
    item = good;
    item.tags.count = 1;
    CHECK(item_encode(&item, &err) == BARK_ERR_MISSING);
    item.tags.count = 5;
    CHECK(item_encode(&item, &err) == BARK_ERR_UNEXPECTED);
    item = good;
    tags[1].ptr = NULL;
    CHECK(item_encode(&item, &err) == BARK_ERR_MISSING);
    CHECK_TEXT(err.path, "/Item/Tag[2]");
    tags[1] = bark_text("b");
    item.pick.which = 0;
    CHECK(item_encode(&item, &err) == BARK_ERR_MISSING);
    item.pick.which = 4;
    CHECK(item_encode(&item, &err) == BARK_ERR_TYPE);
    item = good;
    item.color = (enum sample_color)9;
    CHECK(item_encode(&item, &err) != BARK_OK);
    item = good;
    item.code = bark_text("ABC");
    CHECK(item_encode(&item, &err) == BARK_ERR_FACET);
    item = good;
    item.next = &item; /* a ring */
    CHECK(item_encode(&item, &err) == BARK_ERR_LIMIT);
    item = good;
    item.children = (struct bark_array){ NULL, 1, NULL };
    CHECK(item_encode(&item, &err) == BARK_ERR_USE);
    item = good;
    item.other_attributes.count = 1;
    CHECK(item_encode(&item, &err) == BARK_ERR_USE);
    item = good;
    item.has_numbers = BARK_PRESENT;
    item.numbers.count = 1;
    CHECK(item_encode(&item, &err) == BARK_ERR_USE);
    item = good;
    item.children = (struct bark_array){ &good, 6, NULL };
    CHECK(item_encode(&item, &err) == BARK_ERR_LIMIT);
}

TEST(a_limit_of_0_is_no_limit_at_all)
{
    struct bark_limits limits = small_limits();
    struct bark_error err = { 0 };
    struct bark_arena arena;
    struct bark_out out;
    void *msg;
    CHECK(image_ready());
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, text, sizeof text);
    limits.items = 0;
    CHECK(bark_decode_json(&image, rows.color_root, slice("\"red\""), &limits, &arena, &msg, &err) ==
          BARK_ERR_USE);
    CHECK(bark_encode_json(&image, rows.color_root, memory, BARK_JSON_COMPACT, &limits, &arena, &out, NULL) ==
          BARK_ERR_USE);
}

TEST(a_full_output_is_an_error)
{
    const struct bark_limits limits = small_limits();
    struct bark_error err = { 0 };
    struct bark_arena arena;
    struct bark_out out;
    size_t room;
    void *msg;
    static const char json[] = ITEM("\"Numbers\":[1,2],");
    CHECK(image_ready());
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_decode_json(&image, rows.item_root, slice(json), &limits, &arena, &msg, &err) == BARK_OK);
    for (room = 0; room <= sizeof json - 1; room++) {
        bark_out_init(&out, text, room);
        err = (struct bark_error){ 0 };
        CHECK(bark_encode_json(&image, rows.item_root, msg, BARK_JSON_COMPACT, &limits, &arena, &out, &err) ==
              (room < sizeof json - 1 ? BARK_ERR_LIMIT : BARK_OK));
    }
}

TEST_MAIN(RUN(structs_survive_a_round_trip) RUN(a_struct_is_filled_as_its_type_says)
              RUN(pretty_style_has_a_line_a_member) RUN(a_root_may_be_a_value)
                  RUN(refusals_have_code_place_and_path) RUN(a_missing_member_is_named)
                      RUN(limits_hold_at_the_limit_and_one_past) RUN(memory_may_end_anywhere)
                          RUN(the_budget_is_the_peak) RUN(every_cut_is_refused)
                              RUN(the_encoder_refuses_what_the_schema_refuses)
                                  RUN(a_limit_of_0_is_no_limit_at_all) RUN(a_full_output_is_an_error))
