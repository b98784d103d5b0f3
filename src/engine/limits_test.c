/* engine/limits_test.c - both profiles, each limit that a document can break: one below, met exactly, one
 * past.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

#include <stdio.h>

static _Alignas(BARK_ALIGN) uint8_t memory[16 * 1024 * 1024];
static uint8_t document[8 * 1024 * 1024];

enum kind {
    PLAIN,
    NUMBERED, /* the middle is followed by its number, to make it differ, and by ='u' */
    NESTED, /* the tail is written n times, too */
    DECODED /* as a Node, not just checked */
};

/* What a case writes: head, the middle n times, tail. */
struct shape {
    const char *name, *head, *middle, *tail;
    size_t limit; /* offsetof the member of struct bark_limits */
    uint32_t around; /* units of the limit that head and tail use up */
    enum kind kind;
};

#define LIMIT(member) offsetof(struct bark_limits, member)

static const struct shape shapes[] = {
    { "depth", "<a>", "<b>", "</b>", LIMIT(depth), 1, NESTED },
    { "attributes", "<a", " x", "/>", LIMIT(attributes), 0, NUMBERED },
    { "namespaces", "<a", " xmlns:x", "/>", LIMIT(namespaces), 0, NUMBERED },
    { "elements", "<a>", "<b/>", "</a>", LIMIT(elements), 1, PLAIN },
    { "text", "<a>", "x", "</a>", LIMIT(text_bytes), 0, PLAIN },
    { "text of references", "<a>", "&#x41;", "</a>", LIMIT(text_bytes), 0, PLAIN },
    { "text of line ends", "<a>", "\r\n", "</a>", LIMIT(text_bytes), 0, PLAIN },
    { "text of blanks", "<a>", " ", "</a>", LIMIT(text_bytes), 0, PLAIN },
    { "text around comments", "<a><!-- not counted -->", "]", "<!-- -->z</a>", LIMIT(text_bytes), 1, PLAIN },
    { "CDATA", "<a><![CDATA[", "x", "]]></a>", LIMIT(text_bytes), 0, PLAIN },
    { "CDATA of line ends", "<a><![CDATA[", "\r\n", "]]></a>", LIMIT(text_bytes), 0, PLAIN },
    { "attribute", "<a b='", "x", "'/>", LIMIT(text_bytes), 0, PLAIN },
    { "attribute of spaces", "<a b='", "\t", "'/>", LIMIT(text_bytes), 0, PLAIN },
    { "namespace name", "<a xmlns='", "x", "'/>", LIMIT(text_bytes), 0, PLAIN },
    { "element name", "<", "x", "/>", LIMIT(name_bytes), 0, PLAIN },
    { "prefixed name", "<pp:", "x", " xmlns:pp='u'/>", LIMIT(name_bytes), 3, PLAIN },
    { "prefix", "<a xmlns:", "x", "='u'/>", LIMIT(name_bytes), 6, PLAIN },
    { "attribute name", "<a ", "x", "=''/>", LIMIT(name_bytes), 0, PLAIN },
    { "items", "<Node xmlns='urn:test'>", "<Leaf>1</Leaf>", "</Node>", LIMIT(items), 0, DECODED },
};

static size_t put(size_t at, const char *text)
{
    memcpy(document + at, text, strlen(text));
    return at + strlen(text);
}

static size_t shape_write(const struct shape *s, uint32_t n)
{
    size_t at = put(0, s->head);
    uint32_t i;
    for (i = 0; i < n; i++) {
        at = put(at, s->middle);
        if (s->kind == NUMBERED)
            at += (size_t)sprintf((char *)document + at, "%u='u'", (unsigned)i);
    }
    for (i = 0; i < (s->kind == NESTED ? n : 1); i++)
        at = put(at, s->tail);
    return s->kind == NESTED ? put(at, "</a>") : at;
}

static enum bark_code shape_read(const struct shape *s, uint32_t n, const struct bark_limits *limits,
                                 struct bark_error *err)
{
    const struct bark_slice in = { document, shape_write(s, n) };
    struct bark_arena arena;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    if (s->kind != DECODED)
        return bark_check_xml(in, limits, &arena, err);
    return bark_decode(test_image(), ROOT_NODE, in, limits, &arena, &msg, NULL, err);
}

static void shapes_try(const struct bark_limits *limits)
{
    size_t i;
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct shape *s = &shapes[i];
        struct bark_error err;
        uint32_t limit;
        memcpy(&limit, (const uint8_t *)limits + s->limit, sizeof limit);
        limit -= s->around;
        CHECK_IN(s->name, shape_read(s, limit - 1, limits, &err) == BARK_OK);
        CHECK_IN(s->name, shape_read(s, limit, limits, &err) == BARK_OK);
        CHECK_IN(s->name, shape_read(s, limit + 1, limits, &err) == BARK_ERR_LIMIT);
        CHECK_IN(s->name, err.rule && strncmp(err.rule, "[R4] limits.", 12) == 0 && err.line > 0);
    }
}

TEST(device_limits_hold_to_the_unit)
{
    shapes_try(&bark_limits_device);
}

TEST(server_limits_hold_to_the_unit)
{
    shapes_try(&bark_limits_server);
}

TEST(a_limit_of_zero_is_invalid_everywhere)
{
    static const struct {
        size_t at, size;
        const char *name;
    } members[] = {
#define MEMBER(name) { offsetof(struct bark_limits, name), sizeof bark_limits_device.name, #name }
        MEMBER(body_bytes),
        MEMBER(arena_bytes),
        MEMBER(reply_bytes),
        MEMBER(expansion),
        MEMBER(depth),
        MEMBER(attributes),
        MEMBER(namespaces),
        MEMBER(elements),
        MEMBER(text_bytes),
        MEMBER(name_bytes),
        MEMBER(items),
        MEMBER(http_headers),
        MEMBER(http_head_bytes),
        MEMBER(mime_parts),
        MEMBER(mime_head_bytes),
        MEMBER(head_ms),
        MEMBER(request_ms),
        MEMBER(body_bytes_per_s),
        MEMBER(connections),
        MEMBER(connections_per_peer),
        MEMBER(requests_per_connection),
#undef MEMBER
    };
    struct bark_error err = { 0 };
    size_t i;
    CHECK(bark_limits_check(&bark_limits_device, &err) == BARK_OK && err.code == BARK_OK);
    CHECK(bark_limits_check(&bark_limits_server, &err) == BARK_OK && err.code == BARK_OK);
    for (i = 0; i < sizeof members / sizeof *members; i++) {
        struct bark_limits limits = bark_limits_device;
        struct bark_arena arena;
        memset((uint8_t *)&limits + members[i].at, 0, members[i].size);
        err = (struct bark_error){ 0 };
        CHECK(bark_limits_check(&limits, &err) == BARK_ERR_USE);
        CHECK(err.code == BARK_ERR_USE);
        CHECK_TEXT(err.expected, members[i].name);
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK(bark_check_xml((struct bark_slice){ (const uint8_t *)"<a/>", 4 }, &limits, &arena, &err) ==
              BARK_ERR_USE);
    }
}

TEST_MAIN(RUN(device_limits_hold_to_the_unit) RUN(server_limits_hold_to_the_unit)
              RUN(a_limit_of_zero_is_invalid_everywhere))
