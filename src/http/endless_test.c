/* http/endless_test.c - one thing without end in every place of HTTP framing where a message can grow, with
 * limits as high as they go: 64 MiB of it, and more than 4 GiB at night (SOAPBARK_NIGHTLY).
 *
 * The shape of CVE-2017-9765: a counter that comes round after 2^31 or 2^32 bytes, and storing resumes. The
 * reader must refuse at the byte that its limit says, and stay refused.
 *
 * The head buffer of 4 GiB takes addresses and no memory: one block is mapped again and again, so what is
 * stored overwrites what was stored before.
 */
#define _GNU_SOURCE
#include "soapbark/http.h"
#include "testkit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

enum { BLOCK = 1 << 20, FED_AFTER = 16 };

static size_t endless = 64 * 1024 * 1024;

static const struct {
    const char *name, *before, *filler;
    unsigned status; /* of the refusal */
    bool stored; /* in the head buffer; otherwise only counted */
} cases[] = {
    { "target", "POST /", "a", 414, true },
    { "query", "POST /?", "a", 414, true },
    { "field name", "POST / HTTP/1.1\r\nHost: a\r\n", "a", 431, true },
    { "field value", "POST / HTTP/1.1\r\nHost: a\r\nX: ", "a", 431, true },
    { "field of blanks", "POST / HTTP/1.1\r\nHost: a\r\nX: ", " ", 431, true },
    { "chunk extension", CHUNKED "1;", "a", 431, false },
    { "chunk extensions", CHUNKED, "1;aaaaaaaaaaaaa\r\nx\r\n", 431, false },
    { "trailer name", CHUNKED "0\r\n", "a", 431, false },
    { "trailer value", CHUNKED "0\r\nX: ", "a", 431, false },
    { "trailers", CHUNKED "0\r\n", "X: y\r\n", 431, false },
};

/* Addresses for size bytes, all on one block of memory; NULL when the system does not give them. */
static uint8_t *aliased(size_t size)
{
    uint8_t *map = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const int fd = memfd_create("head", MFD_CLOEXEC);
    bool ok = map != MAP_FAILED && fd >= 0 && ftruncate(fd, BLOCK) == 0;
    for (size_t at = 0; ok && at < size; at += BLOCK)
        ok = mmap(map + at, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED;
    if (fd >= 0)
        close(fd);
    return ok ? map : NULL;
}

/* A block of whole fillers. */
static size_t block_fill(uint8_t *block, const char *filler)
{
    const size_t unit = strlen(filler), count = BLOCK / unit;
    for (size_t i = 0; i < count; i++)
        memcpy(block + i * unit, filler, unit);
    return count * unit;
}

/* Feeds everything; the event that ended it, or MORE. */
static enum bark_http_event feed(struct bark_http_reader *r, const void *bytes, size_t len,
                                 struct bark_error *err)
{
    struct bark_slice in = { bytes, len }, body;
    enum bark_http_event event = BARK_HTTP_BODY;
    while (event == BARK_HTTP_BODY || event == BARK_HTTP_HEAD)
        event = bark_http_read(r, &in, &body, err);
    return event;
}

TEST(endless_framing_ends_at_the_limit)
{
    static uint8_t block[BLOCK];
    struct bark_limits limits = bark_limits_server;
    uint8_t *head;
    limits.body_bytes = UINT64_MAX;
    limits.http_headers = UINT32_MAX;
    limits.http_head_bytes = endless > UINT32_MAX ? UINT32_MAX : (uint32_t)endless;
    head = aliased(((size_t)limits.http_head_bytes + BLOCK - 1) / BLOCK * BLOCK);
    CHECK(head != NULL);
    for (size_t i = 0; head && i < sizeof cases / sizeof *cases; i++) {
        const size_t len = block_fill(block, cases[i].filler);
        const size_t most = 2 * endless + 2 * BLOCK; /* of each filler more than half counts */
        struct bark_http_reader r;
        struct bark_error err = { 0 };
        enum bark_http_event event;
        uint64_t offset;
        bark_http_reader_init(&r, BARK_HTTP_REQUEST, &limits, head, SIZE_MAX);
        event = feed(&r, cases[i].before, strlen(cases[i].before), &err);
        for (size_t fed = 0; event == BARK_HTTP_MORE && fed < most; fed += len)
            event = feed(&r, block, len, &err);
        CHECK_IN(cases[i].name, event == BARK_HTTP_REFUSED && r.status == cases[i].status);
        CHECK_IN(cases[i].name, err.code == BARK_ERR_LIMIT);
        CHECK_IN(cases[i].name, !cases[i].stored || r.offset == limits.http_head_bytes);
        offset = r.offset;
        for (int again = 0; again < FED_AFTER; again++)
            CHECK_IN(cases[i].name, feed(&r, block, len, &err) == BARK_HTTP_REFUSED && r.offset == offset);
    }
}

TEST_MAIN(if (getenv("SOAPBARK_NIGHTLY")) endless = SANITIZED ? 256u << 20 : (size_t)UINT32_MAX + 1;
          RUN(endless_framing_ends_at_the_limit))
