/* server/log.c - a log entry as one JSON line [row 40].
 *
 * Everything in an entry may have come from a stranger: bytes that are not UTF-8, control characters (also
 * C1) and the line separators of Unicode are escaped, so one request can never look like two lines. The text
 * of what was found in a message is left out: it may be a password.
 *
 * The server has one thread, so nobody may make it wait: a pipe that poll() calls writable takes PIPE_BUF
 * bytes at once [POSIX write()], and a line is no longer than that. What is not taken is counted, and told
 * later.
 */
#define _GNU_SOURCE
#include "base/digits.h"
#include "base/utf8.h"
#include "soapbark/out.h"
#include "soapbark/server.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = PIPE_BUF };

static void escape_write(struct bark_out *o, uint32_t unit)
{
    uint8_t text[6] = { '\\', 'u' };
    for (unsigned i = 0; i < 4; i++)
        text[2 + i] = bark_hex_lower[unit >> (12 - 4 * i) & 15];
    bark_out_put(o, text, sizeof text);
}

static void json_text(struct bark_out *o, const char *ptr, size_t len)
{
    const uint8_t *at = (const uint8_t *)ptr, *end = at + len;
    bark_out_byte(o, '"');
    while (at < end) {
        uint32_t point = 0;
        size_t n = bark_utf8_take(at, end, &point);
        if (n == 0)
            escape_write(o, *at); /* as if it were Latin-1: what byte it was can be seen */
        else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029)
            escape_write(o, point);
        else if (point == '"' || point == '\\')
            bark_out_put(o, (const uint8_t[]){ '\\', (uint8_t)point }, 2);
        else
            bark_out_put(o, at, n);
        at += n ? n : 1;
    }
    bark_out_byte(o, '"');
}

static void member_text(struct bark_out *o, const char *name, const char *ptr, size_t len)
{
    bark_out_text(o, ",\"");
    bark_out_text(o, name);
    bark_out_text(o, "\":");
    json_text(o, ptr, len);
}

static void member_u64(struct bark_out *o, const char *name, uint64_t value)
{
    bark_out_text(o, ",\"");
    bark_out_text(o, name);
    bark_out_text(o, "\":");
    bark_out_u64(o, value);
}

/* The texts of an error are the longest part, and the first to go when a line would be too long. */
static void error_write(struct bark_out *o, const struct bark_error *e, bool texts)
{
    const char *code = bark_code_text(e->code);
    bark_out_text(o, ",\"error\":{\"offset\":");
    bark_out_u64(o, e->offset);
    if (e->line) {
        member_u64(o, "line", e->line);
        member_u64(o, "column", e->column);
    }
    member_text(o, "code", code, strlen(code));
    if (e->rule)
        member_text(o, "rule", e->rule, strlen(e->rule));
    if (texts && e->path[0])
        member_text(o, "path", e->path, strlen(e->path));
    if (texts && e->expected[0])
        member_text(o, "expected", e->expected, strlen(e->expected));
    bark_out_byte(o, '}');
}

static void line_make(struct bark_out *o, const struct bark_request_log *entry, uint64_t lost, bool texts)
{
    const char *event = bark_log_event_text(entry->event);
    bark_out_text(o, "{\"time_ms\":");
    bark_out_u64(o, entry->now_ns / 1000000u);
    if (lost)
        member_u64(o, "lost", lost);
    if (entry->event != BARK_LOG_REQUEST)
        member_text(o, "event", event, strlen(event));
    if (entry->suppressed) {
        member_u64(o, "suppressed", entry->suppressed);
        bark_out_text(o, "}\n");
        return;
    }
    member_u64(o, "request", entry->request);
    if (entry->id.len)
        member_text(o, "id", entry->id.ptr, entry->id.len);
    if (entry->secure)
        bark_out_text(o, ",\"tls\":true");
    member_text(o, "peer", entry->peer.ptr, entry->peer.len);
    member_text(o, "method", entry->method.ptr, entry->method.len);
    member_text(o, "path", entry->path.ptr, entry->path.len);
    member_text(o, "operation", entry->operation.ptr, entry->operation.len);
    if (entry->user.len > 0)
        member_text(o, "user", entry->user.ptr, entry->user.len);
    member_u64(o, "status", entry->status);
    member_u64(o, "bytes_in", entry->bytes_in);
    member_u64(o, "bytes_out", entry->bytes_out);
    member_u64(o, "arena_peak", entry->arena_peak);
    member_u64(o, "duration_us", entry->duration_ns / 1000u);
    if (entry->error)
        error_write(o, entry->error, texts);
    bark_out_text(o, "}\n");
}

/* In one call, so that lines of two processes do not mix. A pipe without a reader is not written to: that
 * would raise SIGPIPE. */
static bool line_put(int fd, struct bark_slice line)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    if (poll(&p, 1, 0) != 1 || p.revents != POLLOUT)
        return false;
    return write(fd, line.ptr, line.len) == (ssize_t)line.len;
}

void bark_log_json_line(void *user, const struct bark_request_log *entry)
{
    struct bark_log_file *file = user;
    uint8_t line[LINE_BYTES];
    struct bark_out o;
    bark_out_init(&o, line, sizeof line);
    line_make(&o, entry, file->lost, true);
    if (!bark_out_ok(&o)) {
        bark_out_init(&o, line, sizeof line);
        line_make(&o, entry, file->lost, false);
    }
    if (bark_out_ok(&o) && line_put(file->fd, bark_out_bytes(&o)))
        file->lost = 0;
    else
        file->lost++;
}
