/* server/capture.c - exchanges as files that tests can replay, with everything taken out that may be secret.
 *
 * What is kept is what the tables know and do not mark as secret; all else becomes a placeholder: values of
 * secret members, elements and attributes that the tables do not know, WS-Security, what a fault says in
 * words. Of HTTP only path, Content-Type and SOAPAction are kept. Of a message that was refused nothing is
 * known, so such an exchange is not kept at all.
 */
#define _GNU_SOURCE
#include "server/loop.h"
#include "soap/httpbind.h"
#include "soap/redact.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FILES = 1000,
    BYTES = 64 * 1024,
    FILES_PER_S = 10,
    LINE_MAX_BYTES = 250,
    TARGET_MAX_BYTES = 900,
    NAME_BYTES = 48
};

static const uint64_t NS_PER_S = 1000u * 1000u * 1000u;

struct bark_capture {
    struct bark_capture_options options;
    pthread_mutex_t lock; /* of everything below */
    uint64_t begin_ns; /* of the second under way */
    uint32_t in_second, files;
    uint8_t *room; /* options.bytes */
};

struct bark_capture *bark_capture_new(const struct bark_capture_options *options, struct bark_error *err)
{
    struct bark_capture *c = calloc(1, sizeof *c);
    if (c) {
        c->options = *options;
        if (!c->options.files)
            c->options.files = FILES;
        if (!c->options.bytes)
            c->options.bytes = BYTES;
        if (!c->options.files_per_s)
            c->options.files_per_s = FILES_PER_S;
        c->room = malloc(c->options.bytes);
    }
    if (!c || !c->room || pthread_mutex_init(&c->lock, NULL) != 0) {
        if (c)
            free(c->room);
        free(c);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the capture");
        return NULL;
    }
    return c;
}

void bark_capture_free(struct bark_capture *c)
{
    if (!c)
        return;
    (void)pthread_mutex_destroy(&c->lock);
    free(c->room);
    free(c);
}

/* "NAME VALUE": a line of the head of a case. False when the value does not fit one. */
static bool line_put(struct bark_out *o, const char *name, struct bark_slice value)
{
    if (value.len > LINE_MAX_BYTES)
        return false;
    bark_out_text(o, name);
    bark_out_byte(o, ' ');
    bark_out_put(o, value.ptr, value.len);
    bark_out_byte(o, '\n');
    return true;
}

/* A target with its parameters is a line of its own; like all of the head it may not be too long to send. */
static bool target_put(const struct bark_capture_exchange *x, struct bark_out *o)
{
    const struct bark_http_target target = { x->path, x->query, x->base };
    if (!x->http)
        return line_put(o, "path", x->path);
    bark_out_text(o, x->is_get ? "method GET\npath " : "path ");
    const size_t start = o->pos;
    if (!x->http->show_target(x->image, x->http_row, &target, "REDACTED", x->arena, o) ||
        o->pos - start > TARGET_MAX_BYTES)
        return false;
    bark_out_byte(o, '\n');
    return true;
}

static bool request_put(const struct bark_capture_exchange *x, struct bark_out *o)
{
    return x->http ? x->http->show_body(x->image, x->http_row, x->request, "REDACTED", x->limits, x->arena, o)
                   : bark_redact_write(x->image, x->request, "REDACTED", x->limits, x->arena, o);
}

static bool answer_put(const struct bark_capture_exchange *x, struct bark_out *o)
{
    return x->http
               ? x->http->show_answer(x->image, x->http_row, x->answer, x->is_fault, x->limits, x->arena, o)
               : bark_redact_write(x->image, x->answer, "*", x->limits, x->arena, o);
}

/* The exchange as a case. The lines of its head have no control characters: HTTP allows none there. */
static bool case_put(const struct bark_capture_exchange *x, uint32_t number, struct bark_out *o)
{
    const struct bark_slice type = { (const uint8_t *)x->answer_type,
                                     x->answer_type ? strlen(x->answer_type) : 0 };
    bark_out_text(o, "case ");
    bark_out_put(o, x->operation.ptr, x->operation.len);
    bark_out_byte(o, '_');
    bark_out_u64(o, number);
    bark_out_byte(o, '\n');
    if (!target_put(x, o) || (x->content_type.len && !line_put(o, "type", x->content_type)) ||
        (x->soap_action.len && !line_put(o, "action", x->soap_action)))
        return false;
    bark_out_text(o, "send\n");
    if (!request_put(x, o))
        return false;
    bark_out_text(o, "\nwant ");
    bark_out_u64(o, x->status);
    if (!line_put(o, "", type) || !answer_put(x, o))
        return false;
    bark_out_text(o, "\nend\n");
    return bark_out_ok(o);
}

static void file_write(int directory, uint32_t number, struct bark_slice text)
{
    char name[NAME_BYTES];
    int fd;
    (void)snprintf(name, sizeof name, "exchange-%08llx-%06lu.txt",
                   (unsigned long long)(bark_net_wall_ns() / NS_PER_S), (unsigned long)number);
    fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (write(fd, text.ptr, text.len) != (ssize_t)text.len)
        (void)unlinkat(directory, name, 0); /* a half exchange is none */
    (void)close(fd);
}

void bark_capture_put(struct bark_capture *c, const struct bark_capture_exchange *x)
{
    const uint64_t now_ns = bark_net_monotonic_ns();
    struct bark_out o;
    (void)pthread_mutex_lock(&c->lock);
    if (now_ns - c->begin_ns >= NS_PER_S) {
        c->begin_ns = now_ns;
        c->in_second = 0;
    }
    if (c->files < c->options.files && c->in_second < c->options.files_per_s) {
        c->in_second++;
        bark_out_init(&o, c->room, c->options.bytes);
        if (case_put(x, c->files + 1, &o))
            file_write(c->options.directory, ++c->files, bark_out_bytes(&o));
    }
    (void)pthread_mutex_unlock(&c->lock);
}
