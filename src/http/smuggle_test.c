/* http/smuggle_test.c - sixty shapes of request smuggling (row 31), each refused or read in one way only.
 *
 * A shape is what stands between a start line and the end of a request. "One way" means: the message ends
 * where the only legal reading ends it, in every delivery, and what follows is the next message.
 */
#include "http_replay.h"

#include <assert.h>

#define P "POST /s HTTP/1.1\r\nHost: a\r\n"
#define TE "Transfer-Encoding: chunked\r\n"
#define NEXT "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

static const struct {
    const char *name, *text;
    unsigned status; /* 0: unambiguous; body is what it carries and NEXT follows */
    const char *body;
} shapes[] = {
    /* Length and coding together. */
    { "length then coding", P "Content-Length: 5\r\n" TE "\r\n0\r\n\r\n", 400, "" },
    { "coding then length", P TE "Content-Length: 5\r\n\r\n0\r\n\r\n", 400, "" },
    { "length 0 and coding", P "Content-Length: 0\r\n" TE "\r\n0\r\n\r\n", 400, "" },
    { "coding and length in 1.0", "POST /s HTTP/1.0\r\nContent-Length: 3\r\n" TE "\r\nabc", 400, "" },
    { "coding in 1.0", "POST /s HTTP/1.0\r\n" TE "\r\n0\r\n\r\n", 400, "" },
    { "length and coding, coding unknown", P "Content-Length: 3\r\nTransfer-Encoding: x\r\n\r\nabc", 501,
      "" },
    /* Lengths that differ, or that one reader takes and another does not. */
    { "two lengths", P "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400, "" },
    { "two equal lengths", P "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, "" },
    { "list of lengths", P "Content-Length: 3, 3\r\n\r\nabc", 400, "" },
    { "list with a hole", P "Content-Length: 3,\r\n\r\nabc", 400, "" },
    { "plus sign", P "Content-Length: +3\r\n\r\nabc", 400, "" },
    { "minus sign", P "Content-Length: -3\r\n\r\nabc", 400, "" },
    { "hex length", P "Content-Length: 0x3\r\n\r\nabc", 400, "" },
    { "hex letter", P "Content-Length: a\r\n\r\nabc", 400, "" },
    { "decimal point", P "Content-Length: 3.0\r\n\r\nabc", 400, "" },
    { "exponent", P "Content-Length: 1e1\r\n\r\nabc", 400, "" },
    { "space inside", P "Content-Length: 3 0\r\n\r\nabc", 400, "" },
    { "underscore inside", P "Content-Length: 1_0\r\n\r\nabc", 400, "" },
    { "quoted length", P "Content-Length: \"3\"\r\n\r\nabc", 400, "" },
    { "empty length", P "Content-Length:\r\n\r\nabc", 400, "" },
    { "length wraps 32 bits", P "Content-Length: 4294967299\r\n\r\nabc", 413, "" },
    { "length wraps 64 bits", P "Content-Length: 18446744073709551619\r\n\r\nabc", 413, "" },
    { "digit above 127", P "Content-Length: \xd9\xa3\r\n\r\nabc", 400, "" },
    { "vertical tab before digits",
      P "Content-Length: \x0b"
        "3\r\n\r\nabc",
      400, "" },
    { "leading zeros", P "Content-Length: 000000000000000000000003\r\n\r\nabc", 0, "abc" },
    { "no length at all", P "\r\n", 0, "" },
    { "length on a GET", "GET /s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 0, "abc" },
    /* Coding names that one reader takes for chunked and another does not. */
    { "prefix x", P "Transfer-Encoding: xchunked\r\n\r\n", 501, "" },
    { "suffix", P "Transfer-Encoding: chunkedx\r\n\r\n", 501, "" },
    { "identity", P "Transfer-Encoding: identity\r\n\r\n", 501, "" },
    { "chunked then identity", P "Transfer-Encoding: chunked, identity\r\n\r\n", 501, "" },
    { "identity then chunked", P "Transfer-Encoding: identity, chunked\r\n\r\n", 501, "" },
    { "chunked twice in one", P "Transfer-Encoding: chunked, chunked\r\n\r\n", 501, "" },
    { "chunked in two fields", P TE TE "\r\n0\r\n\r\n", 400, "" },
    { "second coding hidden", P TE "Transfer-Encoding: x\r\n\r\n0\r\n\r\n", 400, "" },
    { "quoted coding", P "Transfer-Encoding: \"chunked\"\r\n\r\n", 501, "" },
    { "coding with a parameter", P "Transfer-Encoding: chunked;a=b\r\n\r\n", 501, "" },
    { "comma before", P "Transfer-Encoding: ,chunked\r\n\r\n", 501, "" },
    { "empty coding", P "Transfer-Encoding:\r\n\r\n", 501, "" },
    { "vertical tab before",
      P "Transfer-Encoding: \x0b"
        "chunked\r\n\r\n",
      400, "" },
    { "tab around is legal", P "Transfer-Encoding:\tchunked\t\r\n\r\n1\r\nz\r\n0\r\n\r\n", 0, "z" },
    { "any case", P "transfer-ENCODING: CHUNKED\r\n\r\n1\r\nz\r\n0\r\n\r\n", 0, "z" },
    /* Field names that one reader repairs. */
    { "space before the colon", P "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, "" },
    { "tab before the colon", P "Content-Length\t: 3\r\n\r\nabc", 400, "" },
    { "folded coding", P "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 501, "" },
    { "space before the name", P " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "" },
    { "CR in the name", P "Transfer\r-Encoding: chunked\r\n\r\n", 400, "" },
    { "field behind a bare LF", P "X: y\nTransfer-Encoding: chunked\r\n\r\n", 400, "" },
    { "field behind a bare CR", P "X: y\rTransfer-Encoding: chunked\r\n\r\n", 400, "" },
    { "underscore is another name", P "Transfer_Encoding: chunked\r\nContent-Length: 1\r\n\r\nz", 0, "z" },
    { "connection names the length", P "Connection: Content-Length\r\nContent-Length: 1\r\n\r\nz", 0, "z" },
    /* Chunk lines. */
    { "size with 0x", P TE "\r\n0x1\r\nz\r\n0\r\n\r\n", 400, "" },
    { "size with a sign", P TE "\r\n+1\r\nz\r\n0\r\n\r\n", 400, "" },
    { "size after a space", P TE "\r\n 1\r\nz\r\n0\r\n\r\n", 400, "" },
    { "size before a space", P TE "\r\n1 \r\nz\r\n0\r\n\r\n", 400, "" },
    { "size wraps 64 bits", P TE "\r\n10000000000000001\r\nz\r\n0\r\n\r\n", 413, "" },
    { "size line ends in LF", P TE "\r\n1\nz\r\n0\r\n\r\n", 400, "" },
    { "size line ends in CR", P TE "\r\n1\rz\r\n0\r\n\r\n", 400, "" },
    { "LF hidden in an extension", P TE "\r\n1;a\nz\r\n0\r\n\r\n", 400, "" },
    { "no CRLF after the data", P TE "\r\n1\r\nz0\r\n\r\n", 400, "z" },
    { "data longer than its size", P TE "\r\n1\r\nzz\r\n0\r\n\r\n", 400, "z" },
    { "LF after the data", P TE "\r\n1\r\nz\n0\r\n\r\n", 400, "z" },
    { "empty size line", P TE "\r\n\r\n0\r\n\r\n", 400, "" },
    { "last chunk, bare LF", P TE "\r\n0\r\n\n", 400, "" },
    { "trailer with a length", P TE "\r\n1\r\nz\r\n0\r\nContent-Length: 9\r\n\r\n", 0, "z" },
    { "trailer folded", P TE "\r\n0\r\nA: b\r\n c\r\n\r\n", 400, "" },
    { "many zeros as the last chunk", P TE "\r\n0000000000000000\r\n\r\n", 0, "" },
    /* Start lines. */
    { "version 0.9", "GET /s\r\n\r\n", 400, "" },
    { "extra word", "GET /s HTTP/1.1 HTTP/1.0\r\nHost: a\r\n\r\n", 400, "" },
    { "two targets for one host", "GET http://b/s HTTP/1.1\r\nHost: a\r\n\r\n", 400, "" },
};

static_assert(sizeof shapes / sizeof *shapes >= 60, "the table is the proof of row 31");

TEST(every_shape_is_refused_or_read_in_one_way)
{
    static struct replay got;
    static char text[1024];
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const char *name = shapes[i].name;
        size_t len = strlen(shapes[i].text);
        snprintf(text, sizeof text, "%s%s", shapes[i].text, NEXT);
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, name, text, strlen(text));
        CHECK_IN(name, got.status == shapes[i].status);
        CHECK_IN(name, got.last == (shapes[i].status ? BARK_HTTP_REFUSED : BARK_HTTP_END));
        CHECK_IN(name, got.body_len == strlen(shapes[i].body) &&
                           memcmp(got.body, shapes[i].body, got.body_len) == 0);
        if (shapes[i].status == 0)
            CHECK_IN(name, got.consumed == len);
    }
}

TEST(a_nul_anywhere_in_a_head_is_refused)
{
    static struct replay got;
    static const char head[] = P "Content-Length: 0\r\nX: y\r\n\r\n";
    char text[sizeof head];
    for (size_t at = 0; at < sizeof head - 1; at++) {
        memcpy(text, head, sizeof head);
        text[at] = '\0';
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "NUL", text, sizeof head - 1);
        CHECK(got.last == BARK_HTTP_REFUSED || got.last == BARK_HTTP_MORE);
        CHECK(got.last == BARK_HTTP_REFUSED || text[sizeof head - 2] == '\0');
    }
}

static uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Bytes that decide something somewhere in a message, and so make better mutations than random ones. */
static const char telling[] = "\r\n \t:;,=0123456789abcdefABCDEF+-x\0\x7f\x80\xff/?%[]\"";

static size_t text_mutate(char *text, size_t len, uint32_t *state)
{
    for (uint32_t n = random_next(state) % 4 + 1; n > 0 && len > 1; n--) {
        size_t at = random_next(state) % len;
        char byte = telling[random_next(state) % (sizeof telling - 1)];
        switch (random_next(state) % 3) {
        case 0:
            text[at] = byte;
            break;
        case 1:
            memmove(text + at + 1, text + at, len - at);
            text[at] = byte;
            len++;
            break;
        default:
            memmove(text + at, text + at + 1, len - at - 1);
            len--;
            break;
        }
    }
    return len;
}

/* Whatever a message is turned into: one outcome in every delivery, and never more body than the limit. */
TEST(mutated_messages_are_read_in_one_way)
{
    static struct replay whole, other;
    static char text[2048];
    uint32_t state = 20171;
    for (unsigned round = 0; round < 60000; round++) {
        const char *seed = shapes[random_next(&state) % (sizeof shapes / sizeof *shapes)].text;
        size_t len = (size_t)snprintf(text, sizeof text / 2, "%s%s", seed, NEXT);
        enum bark_http_role role = round % 8 ? BARK_HTTP_REQUEST : BARK_HTTP_RESPONSE;
        if (role == BARK_HTTP_RESPONSE) /* the same fields behind a status line */
            len = (size_t)snprintf(text, sizeof text / 2, "HTTP/1.1 200 OK%s", strstr(seed, "\r\n"));
        len = text_mutate(text, len, &state);
        replay_play(&whole, role, &replay_limits, text, len, len, len);
        replay_play(&other, role, &replay_limits, text, len, 1, 1);
        CHECK_IN(text, replay_same(&whole, &other));
        replay_play(&other, role, &replay_limits, text, len, random_next(&state) % len + 1, len);
        CHECK_IN(text, replay_same(&whole, &other));
        CHECK_IN(text, whole.body_len <= replay_limits.body_bytes);
        CHECK_IN(text, (whole.last == BARK_HTTP_REFUSED) == (whole.status != 0));
    }
}

TEST_MAIN(RUN(every_shape_is_refused_or_read_in_one_way) RUN(a_nul_anywhere_in_a_head_is_refused)
              RUN(mutated_messages_are_read_in_one_way))
