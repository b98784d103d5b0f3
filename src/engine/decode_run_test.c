/* engine/decode_run_test.c - the quick way and the general way say the same.
 *
 * White space before the '>' of a tag means nothing, and only the general way reads it. So every message, and
 * every change of one of its bytes, is decoded twice: as it is, and with a space before each '>'. Both must
 * give the same message, or the same error in the same place.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

enum { TEXT_MAX = 4096, SPACES = 100 };

static _Alignas(BARK_ALIGN) uint8_t memory[2][1 << 20];

static const char *const orders[] = {
    ("<o:Order xmlns:o='urn:test' id=\"5\" mode=\"green\"><o:Name>a name that is longer than sixteen "
     "bytes</o:Name>\n  <o:Count>12</o:Count><o:Tag>t1</o:Tag><o:Tag>t2</o:Tag><o:Line><o:Text>one</o:Text>"
     "<o:Line><o:Text/></o:Line></o:Line><o:Line><o:Text>d\xc3\xa4</o:Text></o:Line><o:Bank>b</o:Bank>"
     "<o:Code>4</o:Code><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Secret>s]</o:Secret>"
     "<o:Level>9</o:Level><o:Answer>42</o:Answer><o:Size>1</o:Size><o:Size>-2</o:Size></o:Order>"),
    ("<Order xmlns='urn:test' id='1'><Name></Name><Count>-7</Count><Note>n</Note><Tag>a</Tag><Tag>b</Tag>"
     "<Tag>c</Tag>\r\n\t<Card>k</Card></Order>"),
    ("<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf><Node></Node></Node><Leaf>4</Leaf></Node>"),
};

struct result {
    enum bark_code code;
    struct bark_error err;
    struct bark_out out;
    uint8_t text[TEXT_MAX];
};

static void decode(const char *text, size_t len, uint8_t *mem, struct result *result)
{
    struct bark_arena a;
    struct bark_limits limits = bark_limits_device;
    uint16_t root;
    void *msg;
    limits.items = 3;
    bark_arena_init(&a, mem, sizeof *memory);
    bark_out_init(&result->out, result->text, sizeof result->text);
    result->code = bark_decode(test_image(), BARK_NONE, (struct bark_slice){ (const uint8_t *)text, len },
                               &limits, &a, &msg, &root, &result->err);
    if (result->code == BARK_OK) {
        struct bark_error err;
        CHECK_IN(text, bark_encode(test_image(), root, msg, &limits, &a, &result->out, &err) == BARK_OK);
    }
}

/* The same with a space before each '>' of a tag. */
static size_t spaced(const char *text, size_t len, char *to)
{
    size_t i, n = 0;
    for (i = 0; i < len; i++) {
        if (text[i] == '>' && i > 0 && text[i - 1] != '/')
            to[n++] = ' ';
        to[n++] = text[i];
    }
    return n;
}

/* True when the message is accepted. */
static bool compare(const char *text, size_t len)
{
    static struct result quick, general;
    static char other[2 * TEXT_MAX];
    const size_t other_len = spaced(text, len, other);
    decode(text, len, memory[0], &quick);
    decode(other, other_len, memory[1], &general);
    CHECK_IN(text, quick.code == general.code);
    CHECK_IN(text, quick.err.rule == general.err.rule);
    CHECK_TEXT(quick.err.path, general.err.path);
    CHECK_TEXT(quick.err.expected, general.err.expected);
    CHECK_IN(text, quick.out.pos == general.out.pos);
    CHECK_IN(text, memcmp(quick.text, general.text, quick.out.pos) == 0);
    return quick.code == BARK_OK;
}

/* The message with white space behind it, so that the quick way reads it to its end. */
static size_t padded(const char *message, char *text)
{
    const size_t len = strlen(message);
    memcpy(text, message, len);
    memset(text + len, ' ', SPACES);
    text[len + SPACES] = '\0';
    return len + SPACES;
}

TEST(messages_are_the_same)
{
    size_t i;
    char text[TEXT_MAX];
    for (i = 0; i < sizeof orders / sizeof *orders; i++)
        CHECK(compare(text, padded(orders[i], text)));
}

TEST(every_changed_byte)
{
    static const char others[] = "<&;'\"/:= ]x0-!?[\xff\xc3\n\tT";
    size_t i, at, k, accepted = 0, refused = 0;
    for (i = 0; i < sizeof orders / sizeof *orders; i++)
        for (at = 0; at < strlen(orders[i]); at++)
            for (k = 0; k < sizeof others; k++) {
                char text[TEXT_MAX];
                const size_t len = padded(orders[i], text);
                if (text[at] == '>')
                    continue; /* a space before it would stand somewhere else */
                text[at] = others[k];
                *(compare(text, len) ? &accepted : &refused) += 1;
            }
    CHECK(accepted > 100);
    CHECK(refused > 1000);
}

/* Every element gone, and every one twice. */
TEST(every_element_left_out_or_repeated)
{
    size_t i, from, to, times;
    for (i = 0; i < sizeof orders / sizeof *orders; i++)
        for (from = 1; from < strlen(orders[i]); from++)
            for (to = from + 1; orders[i][from] == '<' && to < strlen(orders[i]); to++)
                for (times = 0; orders[i][to] == '<' && times < 5; times += 2) {
                    char message[TEXT_MAX], text[TEXT_MAX];
                    size_t len = from, n;
                    memcpy(message, orders[i], from);
                    for (n = 0; n < times; n++, len += to - from)
                        memcpy(message + len, orders[i] + from, to - from);
                    strcpy(message + len, orders[i] + to);
                    compare(text, padded(message, text));
                }
}

TEST_MAIN(RUN(messages_are_the_same) RUN(every_changed_byte) RUN(every_element_left_out_or_repeated))
