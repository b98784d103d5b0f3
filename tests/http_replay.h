/* tests/http_replay.h - feeds one text to the message reader in pieces, and keeps what came out.
 *
 * A case is played whole, cut in two at every byte, and byte by byte; every way must give the same outcome.
 * The input ends at a page that may not be touched, so a read past its end stops the program.
 */
#ifndef HTTP_REPLAY_H
#define HTTP_REPLAY_H

#define _GNU_SOURCE /* MAP_ANONYMOUS; so this header comes first */

#include "soapbark/http.h"
#include "testkit.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REPLAY_HEAD = 4096, REPLAY_BODY = 4096, REPLAY_INPUT = 16384 };

struct replay {
    enum bark_http_event last; /* MORE when the text ended first */
    unsigned heads, status, response_status;
    bool keep_alive, expect_continue;
    size_t consumed; /* bytes of the text that belong to the message */
    size_t body_len;
    uint8_t body[REPLAY_BODY];
    char path[128];
    struct bark_error error;
};

static const struct bark_limits replay_limits = { .body_bytes = 1024,
                                                  .http_headers = 8,
                                                  .http_head_bytes = 512 };

/* A copy of the text whose last byte is the last of a page. */
static inline const uint8_t *replay_guard(const uint8_t *text, size_t len)
{
    static uint8_t *pages;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (REPLAY_INPUT + page - 1) / page * page;
    if (!pages) {
        pages = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED || mprotect(pages + room, page, PROT_NONE) != 0)
            abort();
    }
    if (len > room)
        abort();
    return memcpy(pages + room - len, text, len);
}

static inline void replay_feed(struct bark_http_reader *r, struct replay *out, const uint8_t *text,
                               size_t len)
{
    struct bark_slice in = { replay_guard(text, len), len }, body;
    while (out->last == BARK_HTTP_MORE) {
        enum bark_http_event event = bark_http_read(r, &in, &body, &out->error);
        if (event == BARK_HTTP_MORE)
            break;
        if (event == BARK_HTTP_HEAD) {
            out->heads++;
            out->keep_alive = r->message.keep_alive;
            out->expect_continue = r->message.expect_continue;
            out->response_status = r->message.status;
            snprintf(out->path, sizeof out->path, "%.*s", (int)r->message.path.len,
                     r->message.path.ptr ? (const char *)r->message.path.ptr : "");
        } else if (event == BARK_HTTP_BODY) {
            if (body.len == 0 || out->body_len + body.len > sizeof out->body)
                abort();
            memcpy(out->body + out->body_len, body.ptr, body.len);
            out->body_len += body.len;
        } else {
            out->last = event;
        }
    }
    out->consumed += len - in.len;
}

/* Plays pieces of `step` bytes after a first one of `first` bytes. */
static inline void replay_play(struct replay *out, enum bark_http_role role, const struct bark_limits *limits,
                               const void *text, size_t len, size_t first, size_t step)
{
    static uint8_t head[65536];
    struct bark_http_reader r;
    size_t at = 0, n = first;
    memset(out, 0, sizeof *out);
    bark_http_reader_init(&r, role, limits, head, sizeof head);
    while (at < len && out->last == BARK_HTTP_MORE) {
        if (n > len - at)
            n = len - at;
        replay_feed(&r, out, (const uint8_t *)text + at, n);
        at += n;
        n = step;
    }
    out->status = r.status;
}

static inline bool replay_same(const struct replay *a, const struct replay *b)
{
    return a->last == b->last && a->heads == b->heads && a->status == b->status &&
           a->keep_alive == b->keep_alive && a->consumed == b->consumed && a->body_len == b->body_len &&
           memcmp(a->body, b->body, a->body_len) == 0 && strcmp(a->path, b->path) == 0 &&
           a->error.rule == b->error.rule && a->error.offset == b->error.offset &&
           a->error.line == b->error.line && a->error.column == b->error.column;
}

/* Every delivery of the text; *whole is the outcome. */
static inline void replay_all(struct replay *whole, enum bark_http_role role,
                              const struct bark_limits *limits, const char *label, const void *text,
                              size_t len)
{
    static struct replay other;
    replay_play(whole, role, limits, text, len, len, len);
    replay_play(&other, role, limits, text, len, 1, 1);
    if (!replay_same(whole, &other))
        testkit_fail(
            __FILE__, __LINE__, "%s: byte by byte differs: event %d/%d status %u/%u consumed %zu/%zu", label,
            (int)whole->last, (int)other.last, whole->status, other.status, whole->consumed, other.consumed);
    for (size_t cut = 1; cut < len; cut++) {
        replay_play(&other, role, limits, text, len, cut, len);
        if (!replay_same(whole, &other))
            testkit_fail(__FILE__, __LINE__, "%s: cut at %zu differs", label, cut);
    }
}

#endif
