/* engine/stream_test.c - the window mode against the whole-message mode, at every cut; its memory; its
 * limits.
 */
#include "engine/decode_testing.h"
#include "engine/stream_testing.h"
#include "guard.h"
#include "testkit.h"

enum { ROOM = 256 * 1024, TEXT_ROOM = 64 * 1024 };

static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
static uint8_t texts[2][TEXT_ROOM];
static struct guard guard;

#define ORDER(attributes, content) \
    "<o:Order xmlns:o='urn:test' id='5'" attributes "><o:Name>n</o:Name>" content "</o:Order>"
#define CARD "<o:Card>c</o:Card>"
#define XSI " xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"

static const char *const documents[] = {
    "<o:Order xmlns:o='urn:test' id='5' xmlns:u='urn:&#117;' u:a='&#65;' "
    "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><o:Name>a&amp;b</o:Name><o:Note i:nil='true'/>"
    "<o:Tag>t1</o:Tag><o:Tag>t&#50;</o:Tag><o:Line><o:Text>l</o:Text><o:Line><o:Text>x</o:Text></o:Line></"
    "o:Line>\r\n"
    "<o:Bank>b</o:Bank><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Level/><o:Size>1</o:Size>"
    "<o:Size i:nil='1'/><u:x>y<u:z/>o:p<![CDATA[ u:q ]]></u:x></o:Order>",
    "<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf><Node/></Node><Leaf>4</Leaf></Node>",
    "<t:Mixed xmlns:t='urn:test' xmlns:u='v'>a<u:b/>&lt;<t:c t:d='u:e'/><!-- c -->]<x/>]&gt;</t:Mixed>",
    "<All xmlns='urn:test'><C>3</C><B>b</B><A>1</A></All>",
    "<Tags xmlns='urn:test'>1 2 <!-- two -->3</Tags>",
    "<Price xmlns='urn:test' unit='EUR'>1<![CDATA[2]]></Price>",
    "<Loose xmlns='urn:test'><q xmlns='x&amp;y'><p:r xmlns:p='x&amp;y'/></q><gone>a<b/>c</gone></Loose>",
    "<Loose xmlns='urn:test' xmlns:o='urn:o' xmlns:long-prefix='urn:long'><o:q><longest-name-of-them "
    "long-prefix:a='o:b'/><c xmlns=''/></o:q></Loose>",
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding='utf-8' ?>\r\n<!-- a - b -->\r<All xmlns='urn:test'>\r\n "
    "<A>1</A>\r</All>\n<!-- end --> ",
    ORDER("", "<o:Tag>a\r\nb\rc&#13;]]&gt;\xe2\x82\xac\xf0\x9f\x8c\xb3</o:Tag><o:Tag/>" CARD),
    ORDER("", "<o:Tag><![CDATA[x\r\n]]y\r]]]]><![CDATA[]]>z</o:Tag>" CARD "<o:Secret>s</o:Secret>"),
    ORDER("", CARD "<o:Level> 7 </o:Level><o:Answer>&#52;2</o:Answer>"),
    ORDER("", CARD "<o:Answer>43</o:Answer>"),
    ORDER("", CARD "<o:Level>seven<!-- c --></o:Level>"),
    ORDER("", CARD "<o:Level><x/></o:Level>"),
    ORDER("", CARD "<o:Level>\n1<x/></o:Level>"),
    ORDER("", "text\n" CARD),
    ORDER("", " \r\n <!-- c -->\r\n text that is longer than what an error shows of it, by some bytes more "
              "<![CDATA[and a section]]> \n" CARD),
    ORDER("", "<o:Note>x</o:Note><o:Note>y</o:Note>" CARD),
    ORDER(XSI, "<o:Note i:nil='true'>x</o:Note>" CARD),
    ORDER(XSI, "<o:Note i:nil='true'><!-- c --></o:Note>" CARD),
    ORDER(XSI, "<o:Note i:nil='true'>\n<x/></o:Note>" CARD),
    ORDER(" more='\xc3\xa9' other=\"'\"", CARD "<o:Other>a<o:b/></o:Other>"),
    ORDER("", "<o:Bank>b</o:Bank><o:Code>&#x31;</o:Code><o:Secret>"),
    ORDER("", CARD) "x",
    ORDER("", CARD) "<!-- -- -->",
    "<o:Order xmlns:o='urn:test'>\n</o:Order>",
    "<o:Order xmlns:o='urn:test' id='x'/>",
    "<Other xmlns='urn:test'/>",
    "<o:All xmlns:o='urn:test'>\n<o:A>1</o:A>\n</o:all>",
    "<o:All xmlns:o='urn:test'><o:A>1</o:A></o:All",
    "<o:All xmlns:o='urn:test'>&bad;</o:All>",
    "<o:All xmlns:o='urn:test'>]]></o:All>",
    "<o:All xmlns:o='urn:test'><o:A>\xe2\x82</o:A></o:All>",
    "<o:All xmlns:o='urn:test'><o:A a=b/></o:All>",
    "<o:All xmlns:o='urn:test'><o:A a='<'/></o:All>",
    "<o:All xmlns:o='urn:test'><o:A a='/></o:All>",
    "<o:All xmlns:o='urn:test'><p:A/></o:All>",
    "<!DOCTYPE a><a/>",
    "<?pi?><a/>",
    "<?xml version='1.0' encoding='latin1'?><a/>",
    "\xfe\xff",
    "",
    "  \n",
    "<",
    "<a",
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
    return t;
}

static void compare(const struct twice *t, struct bark_slice in, const struct outcome *whole,
                    struct cuts cuts)
{
    struct outcome window;
    uint64_t allocs;
    const char *what;
    decode_window(t, in, cuts, 0, &allocs, &window);
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
    decode_whole(t, in, &whole);
    compare(t, in, &whole, (struct cuts){ in.len + 1, 1 });
    for (cut = 1; cut < 4; cut++)
        compare(t, in, &whole, (struct cuts){ cut, cut });
    compare(t, in, &whole, (struct cuts){ 1, 7 });
}

static struct bark_slice document(size_t i)
{
    return (struct bark_slice){ (const uint8_t *)documents[i], strlen(documents[i]) };
}

TEST(every_document_is_the_same_at_every_cut)
{
    static const size_t sizes[] = { 256, 1024, 2048 };
    size_t i, k, cut;
    for (i = 0; i < DOCUMENTS; i++)
        for (k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct twice t = setup(sizes[k]);
            struct outcome whole;
            for (t.policy = BARK_UNKNOWN_REFUSE; t.policy <= BARK_UNKNOWN_IGNORE; t.policy++) {
                compare_all(&t, document(i));
                decode_whole(&t, document(i), &whole);
                for (cut = 1; cut < document(i).len; cut++)
                    compare(&t, document(i), &whole, (struct cuts){ cut, document(i).len });
            }
        }
}

/* Every prefix, and every byte changed to one that means something. */
TEST(damaged_documents_are_the_same)
{
    static const char bytes[] = "<>&;'\"/!?-[]= \n\r:xo1\xc3\x01";
    static char text[1024];
    size_t i, at, k;
    for (i = 0; i < DOCUMENTS; i++) {
        const struct twice t = setup(512);
        const struct bark_slice in = document(i);
        struct bark_slice changed = { (const uint8_t *)text, in.len };
        for (at = 0; at < in.len; at++) {
            compare_all(&t, (struct bark_slice){ in.ptr, at });
            memcpy(text, in.ptr, in.len);
            for (k = 0; k < sizeof bytes - 1; k++) {
                struct outcome whole;
                text[at] = bytes[k];
                decode_whole(&t, changed, &whole);
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
        const struct twice t = setup(1024);
        struct outcome o;
        uint64_t n, total, ignored;
        decode_window(&t, document(i), (struct cuts){ 1, 1 }, 0, &total, &o);
        if (o.code != BARK_OK)
            continue;
        for (n = 1; n <= total; n++) {
            decode_window(&t, document(i), (struct cuts){ 1, 1 }, n, &ignored, &o);
            CHECK_IN(documents[i], o.code == BARK_ERR_MEMORY && o.err.code == BARK_ERR_MEMORY && o.err.rule);
        }
    }
}

/* Any budget gives the struct or says that it is too small, and is never overstepped. */
TEST(every_budget_suffices_or_is_refused)
{
    size_t i;
    for (i = 0; i < DOCUMENTS; i++) {
        struct twice t = setup(1024);
        struct outcome whole, window;
        uint64_t ignored;
        bool done = false;
        decode_whole(&t, document(i), &whole);
        if (whole.code != BARK_OK)
            continue;
        for (t.room = 0; t.room < ROOM && !done; t.room += BARK_ALIGN) {
            uint64_t *behind = (uint64_t *)(void *)(memory + t.room);
            *behind = 0x5a5a5a5a5a5a5a5a;
            decode_window(&t, document(i), (struct cuts){ 3, 3 }, 0, &ignored, &window);
            CHECK(*behind == 0x5a5a5a5a5a5a5a5a);
            done = window.code == BARK_OK && window.len == whole.len &&
                   memcmp(texts[0], texts[1], whole.len) == 0;
            CHECK_IN(documents[i], done || window.code == BARK_ERR_MEMORY || window.code == BARK_OK);
        }
        CHECK_IN(documents[i], done);
    }
}

/* Feeds text over and over, and says how high the arena came. */
static enum bark_code feed(const struct bark_limits *limits, const char *before, const char *over,
                           uint64_t bytes, const char *after, size_t *peak, struct bark_error *err)
{
    static uint8_t window[1024];
    static char block[4096];
    struct bark_unknown unknown = { .policy = BARK_UNKNOWN_IGNORE };
    const struct bark_decode_options options = { .unknown = &unknown };
    const size_t len = strlen(over);
    struct bark_arena a;
    struct bark_stream s;
    enum bark_code code;
    size_t filled = 0;
    void *msg;
    while (filled + len <= sizeof block) {
        memcpy(block + filled, over, len);
        filled += len;
    }
    bark_arena_init(&a, memory, sizeof memory);
    code = bark_stream_open(&s, test_image(), BARK_NONE, &options, limits, &a, window, sizeof window, err);
    if (code == BARK_OK)
        code = bark_stream_feed(&s, (struct bark_slice){ (const uint8_t *)before, strlen(before) });
    for (; code == BARK_MORE && bytes > 0; bytes -= bytes < filled ? bytes : filled)
        code = bark_stream_feed(&s, (struct bark_slice){ (const uint8_t *)block, filled });
    if (code == BARK_MORE)
        code = bark_stream_feed(&s, (struct bark_slice){ (const uint8_t *)after, strlen(after) });
    if (code == BARK_MORE)
        code = bark_stream_finish(&s, &msg, NULL);
    *peak = a.peak;
    return code;
}

/* What is passed over, and what limits end, whatever its length: the memory stays what it was. A nightly run
 * feeds more than 32 bits can count: of text that is the widest limit, and a comment goes on past it. */
TEST(endless_messages_cost_no_memory)
{
    static const struct {
        const char *before, *over, *after;
        enum bark_code code;
    } endless[] = {
        { "<Loose xmlns='urn:test'><q/><gone>", "some text, ", "</gone></Loose>", BARK_OK },
        { "<Loose xmlns='urn:test'><q/><gone>", "<a xmlns='u&amp;v'>&amp;</a>", "</gone></Loose>", BARK_OK },
        { "<Loose xmlns='urn:test'><q/>", "<gone a='1'/>", "</Loose>", BARK_OK },
        { "<Loose xmlns='urn:test'><q/><!--", "comment ", "--></Loose>", BARK_OK },
        { "", " \r\n", "<Loose xmlns='urn:test'><q/></Loose>", BARK_OK },
        { "<Loose xmlns='urn:test'><q/></Loose>", "<!-- c -->\n", "", BARK_OK },
        { "<Loose xmlns='urn:test'><q/></Loose", " ", ">", BARK_ERR_LIMIT },
        { "<Loose xmlns='urn:test' a='", "a", "'/>", BARK_ERR_LIMIT },
        { "<Loose xmlns='urn:test'", " ", "/>", BARK_ERR_LIMIT },
        { "<Loose xmlns='urn:test'><q>&#", "0", "65;</q></Loose>", BARK_ERR_LIMIT },
        { "<?xml version='1.0'", " ", "?><a/>", BARK_ERR_LIMIT },
        { "<", "a", ">", BARK_ERR_LIMIT },
    };
    struct bark_limits limits = bark_limits_device;
    const uint64_t bytes = getenv("SOAPBARK_NIGHTLY") ? (uint64_t)4 << 30 : (uint64_t)64 << 20;
    size_t i;
    limits.text_bytes = limits.elements = limits.items = limits.name_bytes = UINT32_MAX - 1;
    for (i = 0; i < sizeof endless / sizeof *endless; i++) {
        const bool comment = endless[i].over[0] == 'c', text = endless[i].over[0] == 's';
        const uint64_t total = comment || text ? bytes : bytes / 16;
        struct bark_error err;
        size_t small, big;
        CHECK_IN(endless[i].before, feed(&limits, endless[i].before, endless[i].over, 16384, endless[i].after,
                                         &small, &err) == endless[i].code);
        if (endless[i].code == BARK_ERR_LIMIT)
            CHECK_TEXT(err.expected, "1024 bytes at most");
        CHECK_IN(endless[i].before,
                 feed(&limits, endless[i].before, endless[i].over, total, endless[i].after, &big, &err) ==
                     (text && total > limits.text_bytes ? BARK_ERR_LIMIT : endless[i].code));
        CHECK_IN(endless[i].before, small == big);
    }
}

TEST(calls_out_of_order_are_refused)
{
    static uint8_t window[BARK_WINDOW_MIN];
    const struct bark_slice in = document(3);
    struct bark_arena a;
    struct bark_stream s;
    struct bark_error err;
    uint16_t root;
    void *msg;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_stream_open(&s, test_image(), BARK_NONE, NULL, &bark_limits_device, &a, window,
                           sizeof window - 1, &err) == BARK_ERR_USE);
    CHECK(bark_stream_feed(&s, in) == BARK_ERR_USE);
    CHECK(bark_stream_finish(&s, &msg, &root) == BARK_ERR_USE && msg == NULL && root == BARK_NONE);
    CHECK(bark_stream_open(&s, test_image(), ROOT_ALL, NULL, &bark_limits_device, &a, window, sizeof window,
                           NULL) == BARK_OK);
    CHECK(bark_stream_feed(&s, in) == BARK_MORE);
    CHECK(bark_stream_finish(&s, &msg, &root) == BARK_OK && root == ROOT_ALL);
    CHECK(((const struct all *)msg)->A == 1);
    CHECK(bark_stream_feed(&s, in) == BARK_ERR_USE);
    CHECK(bark_stream_finish(&s, &msg, &root) == BARK_ERR_USE && msg == NULL);
}

TEST(the_bill_of_a_stream_is_what_opening_takes)
{
    static uint8_t window[BARK_WINDOW_MIN];
    struct bark_arena a;
    struct bark_stream s;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_stream_open(&s, test_image(), BARK_NONE, NULL, &bark_limits_device, &a, window, sizeof window,
                           NULL) == BARK_OK);
    CHECK(a.used >= bark_stream_bytes(&bark_limits_device) &&
          a.used < bark_stream_bytes(&bark_limits_device) + 64);
}

TEST_MAIN(RUN(every_document_is_the_same_at_every_cut) RUN(damaged_documents_are_the_same)
              RUN(every_allocation_may_fail) RUN(every_budget_suffices_or_is_refused)
                  RUN(endless_messages_cost_no_memory) RUN(calls_out_of_order_are_refused)
                      RUN(the_bill_of_a_stream_is_what_opening_takes))
