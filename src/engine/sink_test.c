/* engine/sink_test.c - values that go to callbacks: the same as in the struct, at every cut; which paths may
 * have a sink; sinks that refuse; a value larger than all memory there is.
 */
#include "engine/decode_testing.h"
#include "engine/sink_testing.h"
#include "guard.h"
#include "testkit.h"

enum { ROOM = 256 * 1024, TEXT_ROOM = 64 * 1024 };

static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
static uint8_t texts[2][TEXT_ROOM];
static struct guard guard;
static struct sunk sunk;

#define XSI " xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"
#define ORDER(content) \
    "<o:Order xmlns:o='urn:test' id='5'" XSI "><o:Name>n&amp;&#x20ac;</o:Name>" content "</o:Order>"
#define CARD "<o:Card>c</o:Card>"

static const char *const documents[] = {
    ORDER("<o:Note i:nil='true'/><o:Tag>t1</o:Tag><o:Tag/><o:Tag>t&#50;\r\nx\ry<!-- c "
          "--><![CDATA[\r\n&<]]></o:Tag>"
          "<o:Line><o:Text>l</o:Text><o:Line><o:Text>x</o:Text></o:Line></o:Line><o:Bank>b]]&gt;</o:Bank>"
          "<o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Secret>s</o:Secret>"
          "<u:Name xmlns:u='u'>captured</u:Name>"),
    ORDER("<o:Note><!-- nothing --></o:Note>" CARD),
    ORDER("<o:Tag>a<x/></o:Tag>" CARD),
    ORDER("<o:Tag>a&bad;</o:Tag>" CARD),
    ORDER("<o:Tag>a ]]> b</o:Tag>" CARD),
    ORDER("<o:Tag>\xe2\x82\xac\xe2\x82</o:Tag>" CARD),
    ORDER("<o:Tag>\n\n\r\r\n &#13; \xf0\x9f\x8c\xb3</o:Tag>" CARD "<o:Level>x</o:Level>"),
    ORDER("<o:Tag>1</o:Tag><o:Tag>2</o:Tag><o:Tag>3</o:Tag><o:Tag>4</o:Tag>" CARD),
    "<All xmlns='urn:test'><C>3</C><B>b</B><A>1</A></All>",
    "<Mixed xmlns='urn:test'>a<B>b</B></Mixed>",
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static struct twice setup(size_t window_size)
{
    struct twice t = { .image = test_image(),
                       .limits = &bark_limits_device,
                       .root = BARK_NONE,
                       .memory = memory,
                       .room = ROOM,
                       .text = { texts[0], texts[1] },
                       .text_room = TEXT_ROOM,
                       .window_size = window_size };
    CHECK(guard.map || guard_open(&guard, 2));
    t.window = guard.map + guard.room - window_size;
    if (!sunk.values[0].bytes)
        sunk_init(&sunk);
    return t;
}

static void compare(const struct twice *t, struct bark_slice in, const struct outcome *whole,
                    struct cuts cuts)
{
    struct outcome window;
    const char *what = sunk_check(t, in, whole, cuts, &sunk, &window);
    if (what)
        testkit_fail(__FILE__, __LINE__,
                     "%.*s: window %zu, cut %zu+%zu: %s: %d at %zu %s (%s; %s), not %d at %zu %s (%s; %s)",
                     (int)in.len, (const char *)in.ptr, t->window_size, cuts.first, cuts.then, what,
                     (int)window.code, (size_t)window.err.offset, window.err.path,
                     window.err.rule ? window.err.rule : "", window.err.found, (int)whole->code,
                     (size_t)whole->err.offset, whole->err.path, whole->err.rule ? whole->err.rule : "",
                     whole->err.found);
}

static void compare_all(const struct twice *t, struct bark_slice in)
{
    struct outcome whole;
    size_t cut;
    sunk_paths(t, in, &sunk);
    decode_whole(t, in, &whole);
    compare(t, in, &whole, (struct cuts){ 1, 1 });
    for (cut = 1; cut < in.len; cut++)
        compare(t, in, &whole, (struct cuts){ cut, in.len });
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

TEST(what_sinks_get_is_what_the_struct_has)
{
    static const size_t sizes[] = { 256, 1024 };
    size_t i, k;
    for (k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (i = 0; i < DOCUMENTS; i++) {
            struct twice t = setup(sizes[k]);
            for (t.policy = BARK_UNKNOWN_REFUSE; t.policy <= BARK_UNKNOWN_COLLECT; t.policy++)
                compare_all(&t, slice(documents[i]));
        }
    CHECK(sunk.total > 1000);
}

TEST(damaged_documents_are_the_same)
{
    static const char bytes[] = "<>&;/]= \r:xo\xc3\x01";
    static char text[1024];
    size_t i, at, k;
    for (i = 0; i < 3; i++) {
        const struct twice t = setup(512);
        const struct bark_slice in = slice(documents[i]);
        const struct bark_slice changed = { (const uint8_t *)text, in.len };
        sunk_paths(&t, in, &sunk);
        for (at = 0; at < in.len; at++) {
            memcpy(text, in.ptr, in.len);
            for (k = 0; k < sizeof bytes - 1; k++) {
                struct outcome whole;
                text[at] = bytes[k];
                decode_whole(&t, changed, &whole);
                compare(&t, changed, &whole, (struct cuts){ 1, 1 });
            }
        }
    }
}

/* ---- paths ---- */

static enum bark_code nothing_take(void *user, struct bark_slice piece)
{
    (void)user;
    (void)piece;
    return BARK_OK;
}

static enum bark_code open_with(uint16_t root, const struct bark_sink *sinks, size_t count,
                                struct bark_stream *s, struct bark_error *err)
{
    static struct bark_arena a;
    static uint8_t window[BARK_WINDOW_MIN];
    enum bark_code code;
    bark_arena_init(&a, memory, ROOM);
    code = bark_stream_open(s, test_image(), root, NULL, &bark_limits_device, &a, window, sizeof window, err);
    return code == BARK_OK ? bark_stream_sinks(s, sinks, count) : code;
}

TEST(paths_are_judged_at_setup)
{
    static const struct {
        const char *path;
        uint16_t root;
        const char *rule; /* part of it; NULL: fine */
    } paths[] = {
        { "/Order/Name", BARK_NONE, NULL },
        { "/Order/Name", ROOT_ORDER, NULL },
        { "/Order/Line/Line/Line/Text", BARK_NONE, NULL }, /* recursive types have no longest path */
        { "/Order/Bank", BARK_NONE, NULL }, /* in a choice, in a sequence */
        { "/Order/Value", BARK_NONE, NULL }, /* in a repeated group */
        { "/Order/Secret", BARK_NONE, NULL },
        { "/All/B", BARK_NONE, NULL },
        { "/Order/Name", ROOT_ALL, "names no element" },
        { "/Order/Nmae", BARK_NONE, "names no element" },
        { "/Order/Name/x", BARK_NONE, "names no element" },
        { "/Order/Text", BARK_NONE, "names no element" },
        { "/Order/", BARK_NONE, "names no element" },
        { "//Order", BARK_NONE, "names no element" },
        { "/", BARK_NONE, "names no element" },
        { "", BARK_NONE, "begins with a slash" },
        { NULL, BARK_NONE, "begins with a slash" },
        { "Order/Name", BARK_NONE, "begins with a slash" },
        { "/Order/Count", BARK_NONE, "a sink takes string" },
        { "/Order", BARK_NONE, "a sink takes string" },
        { "/Order/Line", BARK_NONE, "a sink takes string" },
        { "/Price", BARK_NONE, "a sink takes string" }, /* simple content, but an int */
        { "/Mixed", BARK_NONE, "a sink takes string" },
        { "/Tags", BARK_NONE, "a sink takes string" },
        { "/Order/Answer", BARK_NONE, "a fixed value" },
    };
    size_t i;
    for (i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct bark_sink sink = { .path = paths[i].path, .take = nothing_take };
        const char *name = paths[i].path ? paths[i].path : "NULL";
        struct bark_stream s;
        struct bark_error err;
        const enum bark_code code = open_with(paths[i].root, &sink, 1, &s, &err);
        CHECK_IN(name, code == (paths[i].rule ? BARK_ERR_USE : BARK_OK));
        if (!paths[i].rule)
            continue;
        CHECK_IN(name, err.code == BARK_ERR_USE && err.rule && strstr(err.rule, paths[i].rule));
        CHECK_TEXT(err.found, paths[i].path ? paths[i].path : "");
        CHECK_IN(name, bark_stream_feed(&s, slice("<a/>")) == BARK_ERR_USE);
    }
}

TEST(calls_out_of_order_are_refused)
{
    const struct bark_sink pair[] = { { .path = "/All/B", .take = nothing_take },
                                      { .path = "/All/B", .take = nothing_take } };
    const struct bark_sink none[] = { { .path = "/All/B" } };
    struct bark_stream s = { NULL };
    struct bark_error err;
    CHECK(bark_stream_sinks(&s, pair, 1) == BARK_ERR_USE);
    CHECK(open_with(BARK_NONE, pair, 2, &s, &err) == BARK_ERR_USE);
    CHECK(open_with(BARK_NONE, none, 1, &s, &err) == BARK_ERR_USE);
    CHECK(open_with(BARK_NONE, pair, 1, &s, &err) == BARK_OK);
    CHECK(bark_stream_sinks(&s, pair, 1) == BARK_ERR_USE);
    CHECK(open_with(BARK_NONE, pair, 0, &s, &err) == BARK_OK);
    CHECK(bark_stream_feed(&s, slice("<")) == BARK_MORE);
    CHECK(bark_stream_sinks(&s, pair, 1) == BARK_ERR_USE);
    CHECK(bark_stream_feed(&s, slice("All")) == BARK_ERR_USE);
}

/* ---- sinks that refuse ---- */

struct refuser {
    unsigned calls, refused;
    enum bark_code code;
};

static enum bark_code refuser_call(struct refuser *r)
{
    return ++r->calls == r->refused ? r->code : BARK_OK;
}

static enum bark_code refuser_begin(void *user, const char *path)
{
    CHECK(strcmp(path, "/All/B") == 0);
    return refuser_call((struct refuser *)user);
}

static enum bark_code refuser_take(void *user, struct bark_slice piece)
{
    (void)piece;
    return refuser_call((struct refuser *)user);
}

static enum bark_code refuser_end(void *user)
{
    return refuser_call((struct refuser *)user);
}

TEST(what_a_sink_returns_ends_the_message)
{
    static const enum bark_code codes[][2] = { { BARK_ERR_IO, BARK_ERR_IO },
                                               { BARK_ERR_LIMIT, BARK_ERR_LIMIT },
                                               { BARK_MORE, BARK_ERR_USE },
                                               { BARK_CODE_COUNT, BARK_ERR_USE } };
    const struct bark_slice in = slice("<All xmlns='urn:test'>\n<B>bb</B><A>1</A></All>");
    unsigned n;
    size_t i;
    for (i = 0; i < sizeof codes / sizeof *codes; i++)
        for (n = 1; n <= 4; n++) {
            struct refuser r = { .refused = n, .code = codes[i][0] };
            const struct bark_sink sink = { "/All/B", refuser_begin, refuser_take, refuser_end, &r };
            struct bark_stream s;
            struct bark_error err;
            void *msg;
            enum bark_code code = open_with(BARK_NONE, &sink, 1, &s, &err);
            CHECK(code == BARK_OK);
            code = bark_stream_feed(&s, in);
            if (code == BARK_MORE)
                code = bark_stream_finish(&s, &msg, NULL);
            CHECK(code == (n <= 3 ? codes[i][1] : BARK_OK));
            CHECK(n > 3 || (err.code == code && err.line == 2 && strcmp(err.path, "/All/B") == 0));
            CHECK(r.calls == (n < 3 ? n : 3));
        }
}

/* ---- a value that no memory holds ---- */

struct counted {
    uint64_t bytes;
    unsigned values;
};

static enum bark_code counted_take(void *user, struct bark_slice piece)
{
    struct counted *c = (struct counted *)user;
    c->bytes += piece.len;
    return BARK_OK;
}

static enum bark_code counted_end(void *user)
{
    ((struct counted *)user)->values++;
    return BARK_OK;
}

TEST(a_value_may_be_larger_than_all_memory)
{
    enum { MEMORY = 12 * 1024 };
    static const char text[] = "text &amp; more text that goes on and on, and is gone when it has been given";
    static uint8_t window[512];
    /* 1.2 MB; nearly 4 GiB, which is what limits.text_bytes can say */
    const uint64_t times = getenv("SOAPBARK_NIGHTLY") ? 57000000 : 16384;
    struct counted got = { 0 };
    const struct bark_sink sink = {
        .path = "/All/B", .take = counted_take, .end = counted_end, .user = &got
    };
    struct bark_limits limits = bark_limits_device;
    struct bark_arena a;
    struct bark_stream s;
    struct bark_error err;
    enum bark_code code;
    void *msg = NULL;
    size_t before;
    uint64_t i;
    limits.depth = 8;
    limits.text_bytes = UINT32_MAX;
    limits.namespaces = limits.attributes = 8;
    bark_arena_init(&a, memory, MEMORY);
    code = bark_stream_open(&s, test_image(), BARK_NONE, NULL, &limits, &a, window, sizeof window, &err);
    CHECK(code == BARK_OK && bark_stream_sinks(&s, &sink, 1) == BARK_OK);
    code = bark_stream_feed(&s, slice("<All xmlns='urn:test'><A>1</A><B>"));
    before = a.peak;
    for (i = 0; i < times && code == BARK_MORE; i++)
        code = bark_stream_feed(&s, slice(text));
    CHECK(code == BARK_MORE && a.peak == before);
    if (code == BARK_MORE)
        code = bark_stream_feed(&s, slice("</B></All>"));
    if (code == BARK_MORE)
        code = bark_stream_finish(&s, &msg, NULL);
    CHECK(code == BARK_OK && msg);
    CHECK(got.values == 1 && got.bytes == times * (strlen(text) - 4));
    CHECK(msg && ((const struct all *)msg)->B.len == 0 && ((const struct all *)msg)->B.ptr);
}

TEST_MAIN(RUN(what_sinks_get_is_what_the_struct_has) RUN(damaged_documents_are_the_same)
              RUN(paths_are_judged_at_setup) RUN(calls_out_of_order_are_refused)
                  RUN(what_a_sink_returns_ends_the_message) RUN(a_value_may_be_larger_than_all_memory))
