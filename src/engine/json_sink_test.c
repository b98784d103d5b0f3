/* engine/json_sink_test.c - sinks of JSON in windows: what they get is what the struct of the whole text has.
 */
#include "engine/json_stream_testing.h"
#include "sample_image.h"
#include "testkit.h"

enum { ROOM = 128 * 1024, TEXT_ROOM = 64 * 1024, WINDOW = 256 };

static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
static uint8_t texts[2][TEXT_ROOM], window[WINDOW];
static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;
static struct json_sunk sunk;

#define BEGIN "{\"@token\":\"t\",\"Name\":\"n\\u0061me\",\"Tag\":[\"one\",\"\",\"t\\n\xe2\x82\xac\"]"
#define ITEM(more) BEGIN ",\"Word\":\"w\"" more "}"

static const char *const paths[] = { "/Item/Name",       "/Item/Tag",       "/Item/Word",
                                     "/Item/Data",       "/Item/Key",       "/Item/Child/Name",
                                     "/Item/Child/Data", "/Item/Next/Word", "/Item/Both/B" };
static const char *const code_path[] = { "/Item/Code" };

static const char *const documents[] = {
    ITEM(""),
    ITEM(",\"Data\":\"QUJD\\u0052A==\",\"Code\":\" abc\\t \",\"Both\":{\"B\":\"b\\\\\\\"\\ud834\\udd1e\"}"),
    ITEM(",\"#group\":[{\"Key\":\"k1\"},{\"Val\":2,\"Key\":\"k2\"}],\"Child\":[" ITEM(
        ",\"Data\":\"QQ==\"") "],"
                              "\"Next\":" ITEM(
                                  "") ",\"Note\":{\"#content\":\"x\"},\"#any\":[\"<a xmlns='urn:x'/>\"]"),
    ITEM(",\"Data\":\"Q U J D\\nRA==\""),
    ITEM(",\n\"Data\":\"QUJ\""),
    ITEM(
        ",\"Data\":\n\"QU=D and more of it, than an error shows, which are some sixty bytes or a few more\""),
    ITEM(",\"Code\":\n\"abc\\u0044\""),
    ITEM(",\"Code\":\"\""),
    ITEM(",\"Code\":null"),
    ITEM(",\"Data\":5"),
    BEGIN ",\"Word\":\n\"a\\u0001b\"}",
    BEGIN ",\"Word\":\n\"a\\x\"}",
    BEGIN ",\"Word\":\n\"a",
    BEGIN ",\"Word\":{}}",
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static struct twice setup(void)
{
    struct bark_error err;
    CHECK(image.base || bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    return (struct twice){ .image = &image,
                           .limits = &bark_limits_device,
                           .root = rows.item_root,
                           .memory = memory,
                           .room = ROOM,
                           .text = { texts[0], texts[1] },
                           .text_room = TEXT_ROOM,
                           .window = window,
                           .window_size = WINDOW };
}

static struct bark_slice slice_of(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void compare(const struct twice *t, struct bark_slice in, struct cuts cuts)
{
    struct outcome whole, o;
    const char *what;
    int code;
    for (code = 0; code < 2; code++) {
        json_decode_whole(t, in, &whole);
        what = json_sunk_check(t, in, &whole, cuts, code ? code_path : paths,
                               code ? 1 : sizeof paths / sizeof *paths, &sunk, &o);
        if (what)
            testkit_fail(
                __FILE__, __LINE__,
                "%.*s: cut %zu+%zu: %s: %d at %zu %u:%u %s (%s; %s), not %d at %zu %u:%u %s (%s; %s)",
                (int)in.len, (const char *)in.ptr, cuts.first, cuts.then, what, (int)o.code,
                (size_t)o.err.offset, (unsigned)o.err.line, (unsigned)o.err.column, o.err.path,
                o.err.rule ? o.err.rule : "", o.err.found, (int)whole.code, (size_t)whole.err.offset,
                (unsigned)whole.err.line, (unsigned)whole.err.column, whole.err.path,
                whole.err.rule ? whole.err.rule : "", whole.err.found);
    }
}

TEST(what_sinks_get_is_what_the_struct_has)
{
    size_t i, cut;
    for (i = 0; i < DOCUMENTS; i++) {
        const struct twice t = setup();
        const struct bark_slice in = slice_of(documents[i]);
        for (cut = 1; cut <= in.len; cut++)
            compare(&t, in, (struct cuts){ cut, in.len });
        for (cut = 1; cut < 20; cut++)
            compare(&t, in, (struct cuts){ cut, cut });
    }
}

/* The test above would not see a sink that nobody calls. */
TEST(every_path_is_found)
{
    static const char *const got[] = { "name", "one", "t\n\xe2\x82\xac", "w", "k1", "k2", "name", "A", "w" };
    const struct twice t = setup();
    const struct bark_slice in = slice_of(documents[2]);
    struct outcome whole, o;
    size_t i, piece;
    for (piece = 1; piece < 400; piece += 300) {
        json_decode_whole(&t, in, &whole);
        CHECK(!json_sunk_check(&t, in, &whole, (struct cuts){ piece, piece }, paths,
                               sizeof paths / sizeof *paths, &sunk, &o));
        CHECK(sunk.count == sizeof got / sizeof *got);
        for (i = 0, sunk.begun = 0; i < sunk.count; i++) {
            CHECK_IN(got[i], memcmp(sunk.bytes + sunk.begun, got[i], strlen(got[i])) == 0);
            sunk.begun += strlen(got[i]);
        }
        CHECK_TEXT(sunk.path, "/Item/Next/Word");
        json_sunk_check(&t, in, &whole, (struct cuts){ piece, piece }, &paths[6], 1, &sunk, &o);
        CHECK_TEXT(sunk.path, "/Item/Child[1]/Data");
    }
}

TEST(damaged_documents_are_the_same)
{
    static const char bytes[] = "{}[]:,\"\\/ \n\r\tu-1e.tn#@x=\xc3\x01";
    static char text[2048];
    size_t i, at, k;
    for (i = 0; i < DOCUMENTS; i++) {
        const struct twice t = setup();
        const struct bark_slice in = slice_of(documents[i]);
        struct bark_slice changed = { (const uint8_t *)text, in.len };
        for (at = 0; at < in.len; at++) {
            compare(&t, (struct bark_slice){ in.ptr, at }, (struct cuts){ 1, 1 });
            memcpy(text, in.ptr, in.len);
            for (k = 0; k < sizeof bytes - 1; k++) {
                text[at] = bytes[k];
                compare(&t, changed, (struct cuts){ 1, 1 });
                compare(&t, changed, (struct cuts){ at + 1, in.len });
            }
        }
    }
}

/* A sink that counts, and says what it is told to. */
struct counter {
    size_t bytes, left; /* left: before it refuses */
    enum bark_code say;
};

static enum bark_code count_take(void *user, struct bark_slice piece)
{
    struct counter *c = user;
    c->bytes += piece.len;
    return c->bytes > c->left ? c->say : BARK_OK;
}

static enum bark_code count_feed(struct counter *c, const char *path, const char *before, const char *over,
                                 size_t times, const char *after, size_t *peak, struct bark_error *err)
{
    const struct bark_sink sink = { .path = path, .take = count_take, .user = c };
    struct bark_limits limits = bark_limits_device;
    const struct twice t = setup();
    struct bark_json_stream s;
    struct bark_arena a;
    enum bark_code code;
    void *msg;
    limits.text_bytes = UINT32_MAX;
    bark_arena_init(&a, memory, 16384);
    code = bark_json_stream_open(&s, t.image, t.root, &limits, &a, window, WINDOW, err);
    if (code == BARK_OK)
        code = bark_json_stream_sinks(&s, &sink, 1);
    if (code == BARK_OK)
        code = bark_json_stream_feed(&s, slice_of(before));
    while (code == BARK_MORE && times-- > 0)
        code = bark_json_stream_feed(&s, slice_of(over));
    if (code == BARK_MORE)
        code = bark_json_stream_feed(&s, slice_of(after));
    if (code == BARK_MORE)
        code = bark_json_stream_finish(&s, &msg);
    *peak = a.peak;
    return code;
}

TEST(a_value_may_be_larger_than_all_memory)
{
    struct counter c = { .left = SIZE_MAX };
    struct bark_error err;
    size_t small, peak;
    CHECK(count_feed(&c, "/Item/Data", BEGIN ",\"Word\":\"w\",\"Data\":\"", "RA==", 0, "QUJD\"}", &small,
                     &err) == BARK_OK);
    CHECK(c.bytes == 3);
    c.bytes = 0;
    CHECK(count_feed(&c, "/Item/Data", BEGIN ",\"Word\":\"w\",\"Data\":\"", "QUJDQUJDQUJDQUJDQUJDQUJD",
                     100000, "\"}", &peak, &err) == BARK_OK);
    CHECK(c.bytes == 1800000);
    CHECK(peak == small);
}

TEST(what_a_sink_returns_ends_the_message)
{
    struct counter c = { .left = 100, .say = BARK_ERR_TYPE };
    struct bark_error err;
    size_t peak;
    CHECK(count_feed(&c, "/Item/Word", BEGIN ",\n\"Word\":\"", "abcdefghij", 100, "\"}", &peak, &err) ==
          BARK_ERR_TYPE);
    CHECK(err.line == 2 && err.column == 8);
    CHECK_TEXT(err.path, "/Item/Word");
    c = (struct counter){ .say = BARK_MORE };
    CHECK(count_feed(&c, "/Item/Word", BEGIN ",\"Word\":\"", "a", 1, "\"}", &peak, &err) == BARK_ERR_USE);
}

TEST(paths_are_judged_at_setup)
{
    static const char *const bad[] = { "Item/Name",  "/Item",           "/Item/@token", "/Item/Color",
                                       "/Item/Big",  "/Item/Gone",      "/Name",        "/Item/Note",
                                       "/Item/Flag", "/Item/Name/More", "/Item/Tag[1]" };
    struct counter c = { .left = SIZE_MAX };
    struct bark_error err;
    size_t i, peak;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_IN(bad[i], count_feed(&c, bad[i], "", "", 0, "", &peak, &err) == BARK_ERR_USE);
        CHECK_TEXT(err.found, bad[i]);
    }
    CHECK(c.bytes == 0);
}

TEST(sinks_are_told_once_and_first)
{
    struct counter c = { .left = SIZE_MAX };
    const struct bark_sink sink = { .path = "/Item/Word", .take = count_take, .user = &c };
    const struct twice t = setup();
    struct bark_json_stream s;
    struct bark_arena a;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_json_stream_open(&s, t.image, t.root, t.limits, &a, window, WINDOW, NULL) == BARK_OK);
    CHECK(bark_json_stream_sinks(&s, &sink, 1) == BARK_OK);
    CHECK(bark_json_stream_sinks(&s, &sink, 1) == BARK_ERR_USE);
    CHECK(bark_json_stream_open(&s, t.image, t.root, t.limits, &a, window, WINDOW, NULL) == BARK_OK);
    CHECK(bark_json_stream_feed(&s, slice_of("{")) == BARK_MORE);
    CHECK(bark_json_stream_sinks(&s, &sink, 1) == BARK_ERR_USE);
    CHECK(bark_json_stream_feed(&s, slice_of("}")) == BARK_ERR_USE);
}

TEST_MAIN(RUN(what_sinks_get_is_what_the_struct_has) RUN(every_path_is_found)
              RUN(damaged_documents_are_the_same) RUN(a_value_may_be_larger_than_all_memory)
                  RUN(what_a_sink_returns_ends_the_message) RUN(paths_are_judged_at_setup)
                      RUN(sinks_are_told_once_and_first))
