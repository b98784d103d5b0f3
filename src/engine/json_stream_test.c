/* engine/json_stream_test.c - JSON in windows against the whole text, at every cut; its memory; its limits.
 */
#include "engine/json_stream_testing.h"
#include "guard.h"
#include "sample_image.h"
#include "testkit.h"

enum { ROOM = 128 * 1024, TEXT_ROOM = 64 * 1024 };

static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
static uint8_t texts[2][TEXT_ROOM];
static struct guard guard;
static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;

#define NEEDED "\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"\",\"\"],\"Word\":\"w\""
#define ITEM(more) "{" NEEDED more "}"

enum which { ITEM_ROOT, TREE_ROOT, COLOR_ROOT, BOX_ROOT };

static const struct {
    enum which root;
    const char *text;
} documents[] = {
    { ITEM_ROOT, ITEM("") },
    { ITEM_ROOT,
      "\r\n{ \"Word\" : \"a\\u00e9\\ud834\\udd1e\\n\\\"\\\\\\/\" ,\r\"Tag\":[ \"x\" "
      ",\n\"\xe2\x82\xac\xf0\x9f\x8c\xb3\""
      ",\"\"], \"Name\":\"\xc3\xa9\", \"Color\":\"blue\",\"Level\":-12,\"Flag\":null,\"Big\":-1234567890123,"
      "\"When\":\"2026-01-31T09:00:00Z\",\"Data\":\"QUJD\\u0052A==\",\"Kind\":\"{urn:k}local\","
      "\"\\u0040token\":\"t\","
      "\"Numbers\":[1,2, 3],\"Size\":\"5\",\"Amount\":\"1.50\",\"Code\":\" ab\\t "
      "\",\"o:Name\":\"other\"}\n " },
    { ITEM_ROOT,
      ITEM(",\"Length\":{\"#text\":1.5e1,\"@unit\":\"m\"},\"Note\":{\"#content\":\"a <b>c</b>\",\"@lang\":"
           "\"en\"},\"Both\":{\"B\":\"b\",\"A\":7}") },
    { ITEM_ROOT,
      ITEM(",\"#group\":[{\"Val\":1,\"Key\":\"k\"},{\"Key\":\"\\u006b\"}],\"Child\":[" ITEM(
          "") ",null],"
              "\"Next\":" ITEM(
                  ",\"Flag\":false") ",\"#any\":[\"<a xmlns='urn:x'>1&amp;<b/></a>\",\"<c "
                                     "xmlns='urn:y'/"
                                     ">\"],\"#attributes\":{\"{urn:z}a\":\"1\",\"{urn:z}b\":\"\\t\"}") },
    { ITEM_ROOT, ITEM(",\"Numbers\":[1,\n 2,3,4,5,6,7]") },
    { ITEM_ROOT, ITEM(",\"Numbers\":\"1 2 3\"") },
    { ITEM_ROOT, ITEM(",\"Numbers\":[1,\"x\"]") },
    { ITEM_ROOT,
      ITEM(",\"Code\":\"UPPER and more than an error shows of it, which is some fifty or sixty bytes\"") },
    { ITEM_ROOT, ITEM(",\"Code\":\"\\u0041\"") },
    { ITEM_ROOT, ITEM(",\"Data\":\"QUJ\"") },
    { ITEM_ROOT, ITEM(",\"Amount\":-6") },
    { ITEM_ROOT, ITEM(",\"Kind\":\"a:b\"") },
    { ITEM_ROOT, ITEM(",\"Word\":\"again\"") },
    { ITEM_ROOT, ITEM(",\"Number\":1") },
    { ITEM_ROOT, ITEM(",\"Unknown\":[") },
    { ITEM_ROOT, ITEM(",\"Name\"\n\n:1") },
    { ITEM_ROOT, ITEM(",\"Note\"\n\n:1") },
    { ITEM_ROOT, ITEM(",\"Both\":\n\"no \\u006f\"") },
    { ITEM_ROOT, ITEM(",\"Both\":\n\"no \\x\"") },
    { ITEM_ROOT, ITEM(",\"Color\":\n\"pink\"") },
    { ITEM_ROOT, ITEM(",\"Color\":\"\\ud834\"") },
    { ITEM_ROOT, ITEM(",\"Color\":\"\\u0001\"") },
    { ITEM_ROOT, ITEM(",\"Next\":{\"@token\":\"t\"\n}") },
    { ITEM_ROOT, "{\"@token\":1}" },
    { TREE_ROOT, "{\"@name\":\"a\",\"Tree\":[{\"@name\":\"b\",\"Tree\":[]},{\"@name\":\"c\"}]}" },
    { TREE_ROOT, "{\"@name\":\"a\",\"Tree\":[{\"@name\":\"b\"}\n{" },
    { TREE_ROOT, "{}" },
    { TREE_ROOT, "{\"@name\":\"a\",}" },
    { TREE_ROOT, "{\"@name\" \"a\"}" },
    { TREE_ROOT, "{\"@name\":\"a\"} x" },
    { TREE_ROOT, "[" },
    { TREE_ROOT, "{\"" },
    { TREE_ROOT, "{\"@name\"" },
    { TREE_ROOT, "{\"@name\":\"a\",\"Tree\":[" },
    { COLOR_ROOT, " \"red\" " },
    { COLOR_ROOT, "\"\\u0072ed\"" },
    { COLOR_ROOT, "tru" },
    { COLOR_ROOT, "trux" },
    { COLOR_ROOT, "12" },
    { COLOR_ROOT, "01" },
    { COLOR_ROOT, "" },
    { COLOR_ROOT, "\n" },
    { COLOR_ROOT, "\"\xc3\"" },
    { COLOR_ROOT, "\"\xed\xa0\x80\"" },
    { BOX_ROOT,
      "{\"One\":{\"#type\":\"{urn:sample}Tree\",\"@name\":\"n\"},\"Many\":[{\"@unit\":\"m\",\"#text\":2},"
      "{\"#type\":\"{urn:other}int\",\"#text\":5}]}" },
    { BOX_ROOT,
      "{\"Many\":[{\"\\u0023type\":\"{urn:sample}Tree\",\"@name\":\"n\"},{\n\"#type\"\n:\"{urn:x}y\"}]}" },
    { BOX_ROOT, "{\"Many\":[\n{ },1]}" },
    { BOX_ROOT, "{\"Many\":[\n{ \"#type\":1}]}" },
    { BOX_ROOT, "{\"Many\":[\n1]}" },
    { BOX_ROOT, "{\"One\":{\"#type\":\"{urn:other}int\",\"#text\":5,\"#text\":5}}" },
    { BOX_ROOT, "{\"One\":{\"#type\":\"{urn:other}int\"}}" },
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static struct bark_slice document(size_t i)
{
    return (struct bark_slice){ (const uint8_t *)documents[i].text, strlen(documents[i].text) };
}

static struct twice setup(enum which root, size_t window_size)
{
    struct twice t = { .image = &image,
                       .limits = &bark_limits_device,
                       .memory = memory,
                       .room = ROOM,
                       .text = { texts[0], texts[1] },
                       .text_room = TEXT_ROOM,
                       .window_size = window_size };
    struct bark_error err;
    CHECK(image.base || bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    CHECK(guard.map || guard_open(&guard, 2));
    t.root = root == ITEM_ROOT    ? rows.item_root
             : root == TREE_ROOT  ? rows.tree_root
             : root == COLOR_ROOT ? rows.color_root
                                  : rows.box_root;
    t.window = guard.map + guard.room - window_size;
    return t;
}

static void compare(const struct twice *t, struct bark_slice in, const struct outcome *whole,
                    struct cuts cuts)
{
    struct outcome window;
    uint64_t allocs;
    const char *what;
    json_decode_window(t, in, cuts, NULL, 0, 0, &allocs, &window);
    what = outcomes_differ(t, whole, &window);
    if (what)
        testkit_fail(__FILE__, __LINE__,
                     "%.*s: window %zu, cut %zu+%zu: %s differs: %d at %zu %u:%u %s (%s; %s), not %d at %zu "
                     "%u:%u %s (%s; %s)",
                     (int)in.len, (const char *)in.ptr, t->window_size, cuts.first, cuts.then, what,
                     (int)window.code, (size_t)window.err.offset, (unsigned)window.err.line,
                     (unsigned)window.err.column, window.err.path, window.err.rule ? window.err.rule : "",
                     window.err.found, (int)whole->code, (size_t)whole->err.offset, (unsigned)whole->err.line,
                     (unsigned)whole->err.column, whole->err.path, whole->err.rule ? whole->err.rule : "",
                     whole->err.found);
}

static void compare_all(const struct twice *t, struct bark_slice in)
{
    struct outcome whole;
    size_t cut;
    json_decode_whole(t, in, &whole);
    compare(t, in, &whole, (struct cuts){ in.len + 1, 1 });
    for (cut = 1; cut < 4; cut++)
        compare(t, in, &whole, (struct cuts){ cut, cut });
    compare(t, in, &whole, (struct cuts){ 1, 7 });
}

TEST(every_document_is_the_same_at_every_cut)
{
    static const size_t sizes[] = { 256, 1024, 2048 };
    size_t i, k, cut, good = 0;
    for (i = 0; i < DOCUMENTS; i++)
        for (k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            const struct twice t = setup(documents[i].root, sizes[k]);
            struct outcome whole;
            compare_all(&t, document(i));
            json_decode_whole(&t, document(i), &whole);
            good += whole.code == BARK_OK;
            for (cut = 1; cut < document(i).len; cut++)
                compare(&t, document(i), &whole, (struct cuts){ cut, document(i).len });
        }
    CHECK(good == 3 * 10);
}

/* Every prefix, and every byte changed to one that means something. */
TEST(damaged_documents_are_the_same)
{
    static const char bytes[] = "{}[]:,\"\\/ \n\r\tu-1e.tn#@x\xc3\x01";
    static char text[2048];
    size_t i, at, k;
    for (i = 0; i < DOCUMENTS; i++) {
        const struct twice t = setup(documents[i].root, 512);
        const struct bark_slice in = document(i);
        struct bark_slice changed = { (const uint8_t *)text, in.len };
        for (at = 0; at < in.len; at++) {
            compare_all(&t, (struct bark_slice){ in.ptr, at });
            memcpy(text, in.ptr, in.len);
            for (k = 0; k < sizeof bytes - 1; k++) {
                struct outcome whole;
                text[at] = bytes[k];
                json_decode_whole(&t, changed, &whole);
                compare(&t, changed, &whole, (struct cuts){ 1, 1 });
                compare(&t, changed, &whole, (struct cuts){ at + 1, in.len });
            }
        }
    }
}

TEST(every_allocation_may_fail)
{
    size_t i;
    for (i = 0; i < DOCUMENTS; i++) {
        const struct twice t = setup(documents[i].root, 1024);
        struct outcome o;
        uint64_t n, total, ignored;
        json_decode_window(&t, document(i), (struct cuts){ 1, 1 }, NULL, 0, 0, &total, &o);
        if (o.code != BARK_OK)
            continue;
        for (n = 1; n <= total; n++) {
            json_decode_window(&t, document(i), (struct cuts){ 1, 1 }, NULL, 0, n, &ignored, &o);
            CHECK_IN(documents[i].text,
                     o.code == BARK_ERR_MEMORY && o.err.code == BARK_ERR_MEMORY && o.err.rule);
        }
    }
}

/* Any budget gives the struct or says that it is too small, and is never overstepped. */
TEST(every_budget_suffices_or_is_refused)
{
    size_t i;
    for (i = 0; i < DOCUMENTS; i++) {
        struct twice t = setup(documents[i].root, 1024);
        struct outcome whole, window;
        uint64_t ignored;
        bool done = false;
        json_decode_whole(&t, document(i), &whole);
        if (whole.code != BARK_OK)
            continue;
        for (t.room = 0; t.room < ROOM && !done; t.room += BARK_ALIGN) {
            uint64_t *behind = (uint64_t *)(void *)(memory + t.room);
            *behind = 0x5a5a5a5a5a5a5a5a;
            json_decode_window(&t, document(i), (struct cuts){ 3, 3 }, NULL, 0, 0, &ignored, &window);
            CHECK(*behind == 0x5a5a5a5a5a5a5a5a);
            done = window.code == BARK_OK && window.len == whole.len &&
                   memcmp(texts[0], texts[1], whole.len) == 0;
            CHECK_IN(documents[i].text, done || window.code == BARK_ERR_MEMORY || window.code == BARK_OK);
        }
        CHECK_IN(documents[i].text, done);
    }
}

/* Feeds text over and over, in pieces, and says how high the arena came. */
static enum bark_code feed(const struct bark_limits *limits, const char *before, const char *over,
                           size_t times, const char *after, size_t piece, size_t *peak,
                           struct bark_error *err)
{
    static char block[4096], window[256];
    const char *const parts[] = { before, block, after };
    const size_t len = strlen(over), fit = sizeof block / len;
    struct bark_json_stream s;
    struct bark_arena a;
    enum bark_code code;
    size_t i, at;
    void *msg = NULL;
    for (i = 0; i < fit; i++)
        memcpy(block + i * len, over, len);
    bark_arena_init(&a, memory, sizeof memory);
    code = bark_json_stream_open(&s, &image, rows.item_root, limits, &a, window, sizeof window, err);
    code = code == BARK_OK ? BARK_MORE : code;
    for (i = 0; i < 3; i++) {
        size_t left = i == 1 ? times * len : strlen(parts[i]);
        while (left > 0 && code == BARK_MORE) {
            const size_t part = i == 1 && fit * len < left ? fit * len : left;
            for (at = 0; at < part && code == BARK_MORE; at += piece)
                code =
                    bark_json_stream_feed(&s, (struct bark_slice){ (const uint8_t *)parts[i] + at,
                                                                   piece < part - at ? piece : part - at });
            left -= part;
        }
    }
    if (code == BARK_MORE)
        code = bark_json_stream_finish(&s, &msg);
    *peak = a.peak;
    return code;
}

#define BEGIN "{" NEEDED

TEST(endless_space_costs_no_memory)
{
    struct bark_error err;
    size_t little, much;
    (void)setup(ITEM_ROOT, 256);
    CHECK(feed(&bark_limits_device, "{", " \n\r\t", 1 << 12, NEEDED "}", 4096, &little, &err) == BARK_OK);
    CHECK(feed(&bark_limits_device, "{", " \n\r\t", 1 << 22, NEEDED "}", 4096, &much, &err) == BARK_OK);
    CHECK(little == much);
    CHECK(feed(&bark_limits_device, "{", "\n", 5000000, "x", 4096, &much, &err) == BARK_ERR_JSON);
    CHECK(err.line == 5000001 && err.column == 1 && err.offset == 5000001);
}

/* Texts that come in pieces take room while they are read, and their values alone stay. */
TEST(texts_make_way_for_their_values)
{
    struct bark_error err;
    size_t whole, pieces;
    (void)setup(ITEM_ROOT, 256);
    CHECK(feed(&bark_limits_device, BEGIN ",\"Numbers\":[1", ",12345", 200, "]}", 1, &whole, &err) ==
          BARK_OK);
    CHECK(feed(&bark_limits_device, BEGIN ",\"Numbers\":[1", ",\"12345\"", 200, "]}", 1, &pieces, &err) ==
          BARK_OK);
    CHECK(pieces <= whole + 64);
    CHECK(feed(&bark_limits_device, BEGIN ",\"#attributes\":{\"{urn:z}a\":\"", "\\u0041b", 5000, "\"}}", 4096,
               &whole, &err) == BARK_OK);
    CHECK(whole >= 10000 && whole < 10000 + 3000);
    CHECK(feed(&bark_limits_device, BEGIN ",\"o:Name\":\"", "\\u0041b", 5000, "\"}", 4096, &whole, &err) ==
          BARK_OK);
    CHECK(whole >= 10000 && whole < 10000 + 3000);
}

/* Values of any length pass a small window, whole or in pieces. */
TEST(long_values_are_the_same)
{
    static char text[20000];
    static const char *const heads[] = { ",\"Data\":\"",  ",\"o:Name\":\"", ",\"Code\":\"",   ",\"Big\":\"",
                                         ",\"#any\":[\"", ",\"Kind\":\"{",  ",\"Numbers\":\"" };
    static const char *const bodies[] = {
        "QUJD", "\\u0041\\u0042C\\nD ", "abcd", "12", "<a/>", "urn:x", "7 "
    };
    size_t i, k, n;
    for (i = 0; i < sizeof heads / sizeof *heads; i++)
        for (k = 0; k < sizeof bodies / sizeof *bodies; k++) {
            const struct twice t = setup(ITEM_ROOT, 256);
            struct bark_slice in = { (const uint8_t *)text, 0 };
            strcpy(text, BEGIN);
            strcat(text, heads[i]);
            for (n = 0; n < 1500 / strlen(bodies[k]); n++)
                strcat(text, bodies[k]);
            strcat(text, i == 4 ? "\"]}" : "\"}");
            in.len = strlen(text);
            compare_all(&t, in);
        }
}

TEST(a_token_longer_than_the_window_is_refused)
{
    struct bark_limits limits = bark_limits_device;
    struct bark_error err;
    size_t peak, piece;
    limits.name_bytes = 4096;
    (void)setup(ITEM_ROOT, 256);
    for (piece = 1; piece < 300; piece += 149) {
        CHECK(feed(&limits, "{\n \"", "a", 300, "\":1}", piece, &peak, &err) == BARK_ERR_LIMIT);
        CHECK(err.offset == 3 && err.line == 2 && err.column == 2);
        CHECK_TEXT(err.expected, "256 bytes at most");
        CHECK(feed(&limits, "{\n \"", "a", 200, "\":1}", piece, &peak, &err) == BARK_ERR_UNEXPECTED);
        CHECK(feed(&limits, BEGIN ",\"Big\":\n", "1", 256, "}", piece, &peak, &err) == BARK_ERR_LIMIT);
        CHECK(err.line == 2 && err.column == 1);
        CHECK_TEXT(err.path, "/Item/Big");
        CHECK(feed(&limits, BEGIN ",\"Big\":\n", "1", 255, "}", piece, &peak, &err) == BARK_ERR_TYPE);
    }
}

TEST(the_state_is_as_large_as_is_said)
{
    const struct twice t = setup(TREE_ROOT, 256);
    struct bark_json_stream s;
    struct bark_arena a;
    struct bark_error err;
    void *msg;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_json_stream_open(&s, &image, t.root, t.limits, &a, t.window, 256, NULL) == BARK_OK);
    CHECK(a.used == bark_json_stream_bytes(t.limits) + sizeof(struct sample_tree));
    CHECK(bark_json_stream_finish(&s, &msg) == BARK_ERR_JSON && !msg);
    CHECK(bark_json_stream_feed(&s, (struct bark_slice){ (const uint8_t *)"{}", 2 }) == BARK_ERR_JSON);
    CHECK(bark_json_stream_open(&s, &image, t.root, t.limits, &a, t.window, 255, &err) == BARK_ERR_USE);
    CHECK(bark_json_stream_open(&s, &image, 99, t.limits, &a, t.window, 256, &err) == BARK_ERR_USE);
    CHECK(bark_json_stream_finish(&s, &msg) == BARK_ERR_USE);
}

TEST_MAIN(RUN(every_document_is_the_same_at_every_cut) RUN(damaged_documents_are_the_same)
              RUN(every_allocation_may_fail) RUN(every_budget_suffices_or_is_refused)
                  RUN(endless_space_costs_no_memory) RUN(texts_make_way_for_their_values)
                      RUN(long_values_are_the_same) RUN(a_token_longer_than_the_window_is_refused)
                          RUN(the_state_is_as_large_as_is_said))
