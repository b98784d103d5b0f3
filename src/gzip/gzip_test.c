/* gzip/gzip_test.c - there and back, broken bodies, and a bomb that ends at its bound (row 24).
 */
#include "soapbark/gzip.h"
#include "testkit.h"

#include <stdlib.h>

static uint8_t plain[200000], packed[200000], again[200000];

static size_t pack(size_t len)
{
    struct bark_out out;
    bark_out_init(&out, packed, sizeof packed);
    CHECK(bark_gzip.encode((struct bark_slice){ plain, len }, &out));
    return out.pos;
}

static enum bark_code unpack(size_t len, size_t room, size_t *got)
{
    struct bark_out out;
    struct bark_error err = { 0 };
    bark_out_init(&out, again, room);
    enum bark_code code = bark_gzip.decode((struct bark_slice){ packed, len }, &out, &err);
    CHECK(code == err.code && (code == BARK_OK || err.rule));
    *got = out.pos;
    return code;
}

TEST(there_and_back)
{
    static const size_t lengths[] = { 0, 1, 100, 16384, 16385, 32768, 200000 };
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (uint8_t)(i * i >> 3);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t got, len = pack(lengths[i]);
        CHECK(unpack(len, sizeof again, &got) == BARK_OK);
        CHECK(got == lengths[i] && memcmp(plain, again, got) == 0);
    }
}

TEST(every_cut_and_what_is_behind_is_refused)
{
    size_t got, len;
    memset(plain, 'x', sizeof plain);
    len = pack(5000);
    for (size_t cut = 0; cut < len; cut++)
        CHECK(unpack(cut, sizeof again, &got) == BARK_ERR_HTTP);
    packed[len] = 0;
    CHECK(unpack(len + 1, sizeof again, &got) == BARK_ERR_HTTP);
    memcpy(packed + len, packed, len); /* a second member: some readers would go on */
    CHECK(unpack(2 * len, sizeof again, &got) == BARK_ERR_HTTP);
    packed[len - 5] ^= 1; /* its length */
    CHECK(unpack(len, sizeof again, &got) == BARK_ERR_HTTP);
    memcpy(packed, "<e:Envelope", 11);
    CHECK(unpack(11, sizeof again, &got) == BARK_ERR_HTTP);
}

TEST(a_bound_is_a_bound)
{
    size_t got, len;
    memset(plain, 'x', sizeof plain);
    len = pack(100000);
    CHECK(len < 300);
    CHECK(unpack(len, 100000, &got) == BARK_OK && got == 100000);
    CHECK(unpack(len, 99999, &got) == BARK_ERR_LIMIT);
    CHECK(unpack(len, 0, &got) == BARK_ERR_LIMIT);
}

struct sink {
    uint64_t taken, max;
    uint8_t piece[BARK_HTTP_CODING_PIECE];
};

static bool sink_room(struct bark_out *o, size_t need)
{
    struct sink *s = o->user;
    s->taken += o->pos;
    o->pos = 0;
    return need <= o->cap && s->taken <= s->max;
}

/* Seventy kilobytes that would expand to 64 megabytes stop after 64 KiB, with little of it read. */
TEST(a_bomb_ends_early)
{
    static struct sink sink = { .max = 64 * 1024 };
    const size_t zeros_len = 64u * 1024 * 1024;
    uint8_t *zeros = calloc(zeros_len, 1), *bomb = malloc(1024 * 1024);
    struct bark_out out;
    struct bark_error err = { 0 };
    if (!zeros || !bomb)
        abort();
    bark_out_init(&out, bomb, 1024 * 1024);
    CHECK(bark_gzip.encode((struct bark_slice){ zeros, zeros_len }, &out));
    const size_t len = out.pos;
    CHECK(len < 70000); /* 1,000 to 1 is the most that deflate can do */
    bark_out_init(&out, sink.piece, sizeof sink.piece);
    out.make_room = sink_room;
    out.user = &sink;
    CHECK(bark_gzip.decode((struct bark_slice){ bomb, len }, &out, &err) == BARK_ERR_LIMIT);
    CHECK(err.offset < 20000 && sink.taken < 100000);
    free(zeros);
    free(bomb);
}

TEST_MAIN(RUN(there_and_back) RUN(every_cut_and_what_is_behind_is_refused) RUN(a_bound_is_a_bound)
              RUN(a_bomb_ends_early))
