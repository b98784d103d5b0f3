/* engine/encode_run_test.c - elements written whole and written piece by piece are the same.
 *
 * A buffer that is emptied again and again has never room for a whole element, so there the general way
 * writes everything. What it writes, byte for byte, is what a large buffer must hold.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

enum { TEXT_MAX = 8192 };

static _Alignas(BARK_ALIGN) uint8_t memory[1 << 20];

struct pieces {
    struct bark_out all;
    uint8_t text[TEXT_MAX], piece[44];
};

static bool piece_sent(struct bark_out *out, size_t need)
{
    struct pieces *pieces = out->user;
    bark_out_put(&pieces->all, out->base, out->pos);
    out->pos = 0;
    return need <= out->cap;
}

/* The message, encoded in both ways. */
static void both(const char *label, uint16_t root, const void *msg, struct bark_arena *a)
{
    static struct pieces pieces;
    static uint8_t text[TEXT_MAX];
    struct bark_out whole, small;
    struct bark_error err, small_err;
    enum bark_code code, small_code;
    bark_out_init(&whole, text, sizeof text);
    bark_out_init(&pieces.all, pieces.text, sizeof pieces.text);
    bark_out_init(&small, pieces.piece, sizeof pieces.piece);
    small.make_room = piece_sent;
    small.user = &pieces;
    code = bark_encode(test_image(), root, msg, &bark_limits_device, a, &whole, &err);
    small_code = bark_encode(test_image(), root, msg, &bark_limits_device, a, &small, &small_err);
    CHECK_IN(label, code == small_code);
    CHECK_TEXT(err.path, small_err.path);
    CHECK_IN(label, err.rule == small_err.rule);
    if (code != BARK_OK)
        return;
    piece_sent(&small, 0);
    CHECK_IN(label, whole.pos == pieces.all.pos);
    CHECK_IN(label, memcmp(text, pieces.text, whole.pos) == 0);
}

static const char order_text[] =
    "<o:Order xmlns:o='urn:test' id='5' mode='green' v='1'><o:Name>a &amp; &lt;b&gt; \xc3\xa4</o:Name>"
    "<o:Count>-12</o:Count><o:Note/><o:Tag>t1</o:Tag><o:Tag/><o:Tag>a text of more than sixteen "
    "bytes]]</o:Tag>"
    "<o:Line><o:Text>one</o:Text><o:Line><o:Text>two</o:Text></o:Line></o:Line><o:Bank>b</o:Bank>"
    "<o:Code>4</o:Code><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Secret>s</o:Secret>"
    "<o:Answer>42</o:Answer><o:Size>1</o:Size><o:Size>-2</o:Size></o:Order>";

static struct order *order_decode(struct bark_arena *a)
{
    const struct bark_slice in = { (const uint8_t *)order_text, sizeof order_text - 1 };
    struct bark_error err;
    void *msg;
    bark_arena_init(a, memory, sizeof memory);
    CHECK(bark_decode(test_image(), ROOT_ORDER, in, &bark_limits_device, a, &msg, NULL, &err) == BARK_OK);
    return msg;
}

TEST(a_whole_message)
{
    struct bark_arena a;
    both("order", ROOT_ORDER, order_decode(&a), &a);
}

/* Each byte of the struct changed in some ways: absent members, wrong presence, values out of range. Pointers
 * and counts are left alone, they are the caller's word. */
TEST(members_that_are_not_there_or_wrong)
{
    static const uint8_t values[] = { 0, 1, 2, 3, 255 };
    struct bark_arena a;
    struct order *o = order_decode(&a);
    const size_t from = offsetof(struct order, id), to = sizeof *o;
    size_t at, i;
    for (at = from; at < to; at++)
        for (i = 0; i < sizeof values; i++) {
            uint8_t *byte = (uint8_t *)o + at;
            const uint8_t before = *byte;
            *byte = values[i];
            both("changed", ROOT_ORDER, o, &a);
            *byte = before;
        }
    o->Name.ptr = NULL;
    both("Name", ROOT_ORDER, o, &a);
    o->Name = o->Tag.items[0];
    o->Tag.count = 2;
    o->Secret.ptr = NULL;
    o->Note.ptr = NULL;
    both("absent", ROOT_ORDER, o, &a);
}

/* Every byte at every place of texts around the vector's length, alone and behind a character beyond ASCII.
 */
TEST(every_byte_in_texts_of_every_length)
{
    struct bark_arena a;
    struct order *o = order_decode(&a);
    char text[64];
    size_t len, at;
    unsigned byte, lead;
    for (len = 1; len < 36; len++)
        for (at = 0; at < len; at++)
            for (byte = 1; byte < 256; byte += byte < 0x40 ? 1 : 21)
                for (lead = 0; lead < 2; lead++) {
                    memset(text, 'x', sizeof text);
                    if (lead && at >= 2)
                        memcpy(text, "\xc3\xa4", 2);
                    text[at] = (char)byte;
                    o->Name = (struct bark_text){ text, len };
                    both("text", ROOT_ORDER, o, &a);
                }
}

TEST(texts_in_attributes)
{
    static _Alignas(8) struct price price = { .value = 12 };
    struct bark_arena a;
    char text[40];
    size_t len;
    unsigned byte;
    bark_arena_init(&a, memory, sizeof memory);
    for (len = 0; len < 36; len++)
        for (byte = 1; byte < 256; byte++) {
            memset(text, 'x', sizeof text);
            text[len / 2] = (char)byte;
            price.unit = (struct bark_text){ text, len };
            both("unit", ROOT_PRICE, &price, &a);
        }
}

/* A buffer one byte too small is refused, one that is just large enough is not. */
TEST(every_size_of_the_output)
{
    static uint8_t text[TEXT_MAX];
    struct bark_arena a;
    struct bark_out out;
    struct bark_error err;
    const struct order *o = order_decode(&a);
    size_t cap, need;
    bark_out_init(&out, text, sizeof text);
    CHECK(bark_encode(test_image(), ROOT_ORDER, o, &bark_limits_device, &a, &out, &err) == BARK_OK);
    need = out.pos;
    for (cap = 0; cap <= need + 300; cap++) {
        memset(text, '#', sizeof text);
        bark_out_init(&out, text, cap);
        CHECK(bark_encode(test_image(), ROOT_ORDER, o, &bark_limits_device, &a, &out, &err) ==
              (cap < need ? BARK_ERR_LIMIT : BARK_OK));
        CHECK(text[cap] == '#');
    }
}

TEST_MAIN(RUN(a_whole_message) RUN(members_that_are_not_there_or_wrong)
              RUN(every_byte_in_texts_of_every_length) RUN(texts_in_attributes) RUN(every_size_of_the_output))
