/* engine/decode_sweep_test.c - the decoder when memory runs out, and when input is cut or changed.
 */
#include "engine/decode_testing.h"
#include "guard.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[1024 * 1024];

static const struct {
    uint16_t root;
    const char *text;
} messages[] = {
    { ROOT_ORDER,
      "<o:Order xmlns:o='urn:test' id='5' xmlns:u='urn:&#117;' u:a='&#65;' "
      "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><o:Name>a&amp;b</o:Name><o:Note i:nil='true'/>"
      "<o:Tag>t1</o:Tag><o:Tag>t&#50;</o:Tag><o:Line><o:Text>l</o:Text><o:Line><o:Text>x</o:Text></o:Line></"
      "o:Line>"
      "<o:Bank>b</o:Bank><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Level/><o:Size>1</o:Size>"
      "<o:Size i:nil='1'/><u:x>y<u:z/></u:x></o:Order>" },
    { ROOT_NODE,
      "<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf><Node/></Node><Leaf>4</Leaf></Node>" },
    { ROOT_MIXED, "<t:Mixed xmlns:t='urn:test' xmlns:u='v'>a<u:b/><t:c t:d='u:e'/></t:Mixed>" },
    { ROOT_ALL, "<All xmlns='urn:test'><C>3</C><B>b</B><A>1</A></All>" },
    { ROOT_TAGS, "<Tags xmlns='urn:test'>1 2 3</Tags>" },
    { ROOT_PRICE, "<Price xmlns='urn:test' unit='EUR'>12</Price>" },
    { ROOT_LOOSE, "<Loose xmlns='urn:test'><q/><gone/></Loose>" },
};
enum { MESSAGES = sizeof messages / sizeof *messages };

static enum bark_code decode(size_t message, struct bark_arena *a, void **msg, struct bark_error *err)
{
    const struct bark_slice in = { (const uint8_t *)messages[message].text, strlen(messages[message].text) };
    return bark_decode(test_image(), messages[message].root, in, &bark_limits_device, a, msg, NULL, err);
}

TEST(every_allocation_may_fail)
{
    size_t i;
    for (i = 0; i < MESSAGES; i++) {
        struct bark_arena a;
        struct bark_error err;
        void *msg;
        uint64_t n, total;
        bark_arena_init(&a, memory, sizeof memory);
        CHECK(decode(i, &a, &msg, &err) == BARK_OK);
        total = a.allocs;
        CHECK(total > 4);
        for (n = 1; n <= total; n++) {
            bark_arena_reset(&a);
            a.fail_at = n;
            CHECK(decode(i, &a, &msg, &err) == BARK_ERR_MEMORY);
            CHECK(msg == NULL && err.code == BARK_ERR_MEMORY && err.rule);
        }
        a.fail_at = 0; /* the next message is served */
        bark_arena_reset(&a);
        CHECK(decode(i, &a, &msg, &err) == BARK_OK && err.code == BARK_OK);
    }
}

TEST(a_budget_suffices_exactly_from_its_peak_on)
{
    size_t i;
    for (i = 0; i < MESSAGES; i++) {
        struct bark_arena a;
        struct bark_error err;
        void *msg;
        size_t cap, peak;
        bark_arena_init(&a, memory, sizeof memory);
        CHECK(decode(i, &a, &msg, &err) == BARK_OK);
        peak = a.peak;
        for (cap = 0; cap <= peak + 64; cap += BARK_ALIGN) {
            bark_arena_init(&a, memory, cap);
            CHECK(decode(i, &a, &msg, &err) == (cap < peak ? BARK_ERR_MEMORY : BARK_OK));
            CHECK(a.peak <= cap);
        }
    }
}

TEST(every_cut_is_refused_and_nothing_is_read_past_it)
{
    struct guard guard = { 0 };
    size_t i, len;
    if (!guard_open(&guard, 1))
        SKIP("no memory before a page that cannot be read");
    for (i = 0; i < MESSAGES; i++)
        for (len = 0; len <= strlen(messages[i].text); len++) {
            const struct bark_slice in = guard_put(&guard, messages[i].text, len);
            struct bark_arena a;
            struct bark_error err;
            void *msg;
            enum bark_code code;
            bark_arena_init(&a, memory, sizeof memory);
            code = bark_decode(test_image(), messages[i].root, in, &bark_limits_device, &a, &msg, NULL, &err);
            CHECK((code == BARK_OK) == (len == strlen(messages[i].text)));
            CHECK((msg == NULL) == (code != BARK_OK));
        }
    guard_close(&guard);
}

/* Where each byte is replaced by each of some others: no crash, no half-filled result. */
TEST(every_changed_byte_gives_a_clean_answer)
{
    static const char others[] = "<>&;'\"/:= ]x0-!?[\xff\xc3\n";
    size_t i, at, k, accepted = 0, refused = 0;
    for (i = 0; i < MESSAGES; i++)
        for (at = 0; at < strlen(messages[i].text); at++)
            for (k = 0; k < sizeof others; k++) { /* the NUL, too */
                char text[1024];
                struct bark_arena a;
                struct bark_error err;
                void *msg;
                enum bark_code code;
                const size_t len = strlen(messages[i].text);
                memcpy(text, messages[i].text, len);
                text[at] = others[k];
                bark_arena_init(&a, memory, 32 * 1024);
                code = bark_decode(test_image(), messages[i].root,
                                   (struct bark_slice){ (const uint8_t *)text, len }, &bark_limits_device, &a,
                                   &msg, NULL, &err);
                CHECK((msg == NULL) == (code != BARK_OK) && err.code == code);
                CHECK(code == BARK_OK || (err.rule && err.line > 0 && err.offset <= len));
                accepted += code == BARK_OK;
                refused += code != BARK_OK;
            }
    CHECK(accepted > 100 && refused > 1000);
}

TEST_MAIN(RUN(every_allocation_may_fail) RUN(a_budget_suffices_exactly_from_its_peak_on)
              RUN(every_cut_is_refused_and_nothing_is_read_past_it)
                  RUN(every_changed_byte_gives_a_clean_answer))
