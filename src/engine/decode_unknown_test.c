/* engine/decode_unknown_test.c - what the schema does not know: refused, collected or ignored; what is
 * forgiven leaves no trace in the value, and nothing else is forgiven.
 */
#include "engine/decode_testing.h"
#include "guard.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[512 * 1024];
static struct bark_error err;

/* A message with things that its type does not know, the same without them, and what is collected: one line
 * each, "path {namespace}name text". */
static const struct {
    uint16_t root;
    const char *text, *plain, *collected;
    uint32_t count;
} cases[] = {
    { ROOT_ORDER,
      "<o:Order xmlns:o='urn:test' xmlns:n='urn:new' id='5' zz='&#66;&amp;'><n:New "
      "n:x='1'>a<o:y/></n:New><o:Name>n</o:Name>"
      "<o:Tag>1</o:Tag><n:Mid/><o:Tag>2</o:Tag><o:Card/><o:Newer>z</o:Newer><o:Level "
      "o:c='d'>3</o:Level></o:Order>",
      "<Order xmlns='urn:test' id='5'><Name>n</Name><Tag>1</Tag><Tag>2</Tag><Card/><Level>3</Level></Order>",
      "/Order/@zz {}zz B&\n"
      "/Order/New {urn:new}New <n:New xmlns:o='urn:test' xmlns:n='urn:new' n:x='1'>a<o:y/></n:New>\n"
      "/Order/Mid {urn:new}Mid <n:Mid xmlns:n='urn:new'/>\n"
      "/Order/Newer {urn:test}Newer <o:Newer xmlns:o='urn:test'>z</o:Newer>\n"
      "/Order/Level/@c {urn:test}c d\n",
      5 },
    { ROOT_NODE,
      "<Node xmlns='urn:test'><x "
      "xmlns=''><Leaf/></x><Leaf>1</Leaf><Node><y/><Leaf>2</Leaf></Node><z>1</z></Node>",
      "<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf></Node></Node>",
      "/Node/x {}x <x xmlns=''><Leaf/></x>\n/Node/Node/y {urn:test}y <y xmlns='urn:test'/>\n"
      "/Node/z {urn:test}z <z xmlns='urn:test'>1</z>\n",
      3 },
    { ROOT_ALL, "<All xmlns='urn:test'><C>3</C><D>4</D><B>b</B><A>1</A><E/></All>",
      "<All xmlns='urn:test'><C>3</C><B>b</B><A>1</A></All>",
      "/All/D {urn:test}D <D xmlns='urn:test'>4</D>\n/All/E {urn:test}E <E xmlns='urn:test'/>\n", 2 },
    { ROOT_TAGS, "<Tags xmlns='urn:test' a='1' xml:lang='en'>1 2 3</Tags>",
      "<Tags xmlns='urn:test'>1 2 3</Tags>",
      "/Tags/@a {}a 1\n/Tags/@lang {http://www.w3.org/XML/1998/namespace}lang en\n", 2 },
    { ROOT_PRICE, "<Price xmlns='urn:test' unit='EUR' more='x'>12</Price>",
      "<Price xmlns='urn:test' unit='EUR'>12</Price>", "/Price/@more {}more x\n", 1 },
};
enum { CASES = sizeof cases / sizeof *cases };

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static enum bark_code decode(uint16_t root, struct bark_slice in, struct bark_arena *arena,
                             struct bark_unknown *unknown, void **msg)
{
    const struct bark_decode_options options = { .unknown = unknown };
    return bark_decode_with(test_image(), root, in, &options, &bark_limits_device, arena, msg, NULL, &err);
}

/* The message written again: what was decoded, and nothing else. */
static void written(uint16_t root, const void *msg, char *text, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t frames[64 * 1024];
    struct bark_arena arena;
    struct bark_out out;
    bark_arena_init(&arena, frames, sizeof frames);
    bark_out_init(&out, text, size - 1);
    CHECK(bark_encode(test_image(), root, msg, &bark_limits_device, &arena, &out, &err) == BARK_OK);
    text[out.pos] = '\0';
}

static void listed(const struct bark_unknown *unknown, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (const struct bark_skipped *s = unknown->first; s && len < size; s = s->next)
        len += (size_t)snprintf(text + len, size - len, "%s {%s}%s %s\n", s->path.ptr, s->ns.ptr,
                                s->local.ptr, s->text.ptr);
}

TEST(what_is_forgiven_leaves_no_trace)
{
    size_t i;
    for (i = 0; i < CASES; i++) {
        char want[1024], got[1024], list[2048];
        int policy;
        for (policy = BARK_UNKNOWN_COLLECT; policy <= BARK_UNKNOWN_IGNORE; policy++) {
            struct bark_unknown unknown = { .policy = (enum bark_unknown_policy)policy, .count = 99 };
            struct bark_arena arena;
            void *msg;
            bark_arena_init(&arena, memory, sizeof memory);
            CHECK(decode(cases[i].root, slice(cases[i].plain), &arena, NULL, &msg) == BARK_OK);
            written(cases[i].root, msg, want, sizeof want);
            bark_arena_reset(&arena);
            CHECK_IN(cases[i].text,
                     decode(cases[i].root, slice(cases[i].text), &arena, &unknown, &msg) == BARK_OK);
            if (!msg)
                continue;
            written(cases[i].root, msg, got, sizeof got);
            CHECK_TEXT(got, want);
            CHECK_IN(cases[i].text, unknown.count == cases[i].count && arena.scratch == 0);
            listed(&unknown, list, sizeof list);
            CHECK_TEXT(list, policy == BARK_UNKNOWN_COLLECT ? cases[i].collected : "");
        }
    }
}

TEST(strictly_nothing_is_forgiven)
{
    size_t i;
    for (i = 0; i < CASES; i++) {
        struct bark_unknown unknown = { .policy = BARK_UNKNOWN_REFUSE };
        struct bark_arena arena;
        void *msg;
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK_IN(cases[i].text,
                 decode(cases[i].root, slice(cases[i].text), &arena, &unknown, &msg) == BARK_ERR_UNEXPECTED);
        CHECK(msg == NULL && unknown.count == 0);
        CHECK_IN(cases[i].text,
                 decode(cases[i].root, slice(cases[i].text), &arena, NULL, &msg) == BARK_ERR_UNEXPECTED);
    }
}

/* Known names where they do not belong, broken values, and everything that no policy is about. */
static const struct {
    uint16_t root;
    const char *text;
    enum bark_code code;
} never[] = {
    { ROOT_ALL, "<All xmlns='urn:test'><C>3</C><C>4</C><A>1</A></All>", BARK_ERR_UNEXPECTED }, /* twice */
    { ROOT_ALL, "<All xmlns='urn:test'><D/></All>", BARK_ERR_MISSING },
    { ROOT_ALL, "<All xmlns='urn:test'>x<A>1</A></All>", BARK_ERR_UNEXPECTED },
    { ROOT_ALL, "<Ball xmlns='urn:test'><A>1</A></Ball>", BARK_ERR_UNEXPECTED }, /* the root is the message */
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Card/><Name/></Order>",
      BARK_ERR_MISSING }, /* out of order */
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Card/><Value>1</Value></Order>",
      BARK_ERR_UNEXPECTED }, /* of a group */
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name><x/></Name><Card/></Order>",
      BARK_ERR_UNEXPECTED }, /* in a text */
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><n><m></n></m><Card/></Order>", BARK_ERR_XML },
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><n>&x;</n><Card/></Order>", BARK_ERR_XML },
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><p:n/><Card/></Order>", BARK_ERR_NAMESPACE },
    { ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><n><?p?></n><Card/></Order>", BARK_ERR_XML },
    { ROOT_ORDER,
      "<Order xmlns='urn:test' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' id='1' "
      "i:new='1'><Name/></Order>",
      BARK_ERR_UNEXPECTED },
};

TEST(other_errors_are_never_forgiven)
{
    size_t i;
    int policy;
    for (i = 0; i < sizeof never / sizeof *never; i++)
        for (policy = BARK_UNKNOWN_COLLECT; policy <= BARK_UNKNOWN_IGNORE; policy++) {
            struct bark_unknown unknown = { .policy = (enum bark_unknown_policy)policy };
            struct bark_arena arena;
            void *msg;
            bark_arena_init(&arena, memory, sizeof memory);
            if (decode(never[i].root, slice(never[i].text), &arena, &unknown, &msg) != never[i].code)
                testkit_fail(__FILE__, __LINE__, "%s: %s", never[i].text, bark_code_text(err.code));
            CHECK(msg == NULL && unknown.count == 0 && !unknown.first && !unknown.last);
        }
}

TEST(limits_hold_for_what_is_passed_over)
{
    struct bark_limits limits = bark_limits_device;
    struct bark_unknown unknown = { .policy = BARK_UNKNOWN_IGNORE };
    const struct bark_decode_options options = { .unknown = &unknown };
    static const char deep[] = "<All xmlns='urn:test'><x><x><x/></x></x><A>1</A></All>";
    struct bark_arena arena;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    limits.depth = 4;
    CHECK(bark_decode_with(test_image(), ROOT_ALL, slice(deep), &options, &limits, &arena, &msg, NULL,
                           &err) == BARK_OK);
    limits.depth = 3;
    CHECK(bark_decode_with(test_image(), ROOT_ALL, slice(deep), &options, &limits, &arena, &msg, NULL,
                           &err) == BARK_ERR_LIMIT);
    limits.depth = 4;
    limits.elements = 5;
    CHECK(bark_decode_with(test_image(), ROOT_ALL, slice(deep), &options, &limits, &arena, &msg, NULL,
                           &err) == BARK_OK);
    limits.elements = 4;
    CHECK(bark_decode_with(test_image(), ROOT_ALL, slice(deep), &options, &limits, &arena, &msg, NULL,
                           &err) == BARK_ERR_LIMIT);
}

TEST(every_allocation_and_budget_may_fail)
{
    size_t i, cap;
    for (i = 0; i < CASES; i++) {
        struct bark_unknown unknown = { .policy = BARK_UNKNOWN_COLLECT };
        struct bark_arena arena;
        void *msg;
        uint64_t n, total;
        size_t peak;
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK(decode(cases[i].root, slice(cases[i].text), &arena, &unknown, &msg) == BARK_OK);
        total = arena.allocs;
        peak = arena.peak;
        for (n = 1; n <= total; n++) {
            bark_arena_reset(&arena);
            arena.fail_at = n;
            CHECK(decode(cases[i].root, slice(cases[i].text), &arena, &unknown, &msg) == BARK_ERR_MEMORY);
            CHECK(msg == NULL && unknown.count == 0 && !unknown.first && err.rule);
        }
        for (cap = 0; cap <= peak + 64; cap += BARK_ALIGN) {
            bark_arena_init(&arena, memory, cap);
            CHECK(decode(cases[i].root, slice(cases[i].text), &arena, &unknown, &msg) ==
                  (cap < peak ? BARK_ERR_MEMORY : BARK_OK));
        }
    }
}

TEST(every_cut_is_refused)
{
    struct guard guard;
    size_t i, cut;
    if (!guard_open(&guard, 1))
        SKIP("no guard pages here");
    for (i = 0; i < CASES; i++)
        for (cut = 0; cut < strlen(cases[i].text); cut++) {
            struct bark_unknown unknown = { .policy = cut % 2 ? BARK_UNKNOWN_COLLECT : BARK_UNKNOWN_IGNORE };
            struct bark_arena arena;
            void *msg;
            bark_arena_init(&arena, memory, sizeof memory);
            CHECK(decode(cases[i].root, guard_put(&guard, cases[i].text, cut), &arena, &unknown, &msg) !=
                  BARK_OK);
            CHECK(msg == NULL && unknown.count == 0);
        }
    guard_close(&guard);
}

TEST_MAIN(RUN(what_is_forgiven_leaves_no_trace) RUN(strictly_nothing_is_forgiven)
              RUN(other_errors_are_never_forgiven) RUN(limits_hold_for_what_is_passed_over)
                  RUN(every_allocation_and_budget_may_fail) RUN(every_cut_is_refused))
