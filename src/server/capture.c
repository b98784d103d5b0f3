/* server/capture.c - exchanges as files that tests can replay, with everything taken out that may be secret.
 *
 * What is kept is what the tables know and do not mark as secret; all else becomes a placeholder: values of
 * secret members, elements and attributes that the tables do not know, WS-Security, what a fault says in
 * words. Of HTTP only path, Content-Type and SOAPAction are kept. Of a message that was refused nothing is
 * known, so such an exchange is not kept at all.
 */
#define _GNU_SOURCE
#include "server/loop.h"
#include "xml/reader.h"
#include "xml/writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 1000, BYTES = 64 * 1024, FILES_PER_S = 10, LINE_MAX_BYTES = 250, NAME_BYTES = 48 };

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

static bool slices_equal(struct bark_slice a, struct bark_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool slice_is(struct bark_slice s, const char *text)
{
    return slices_equal(s, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

/* What may be shown of the content of a thing of this name. */
enum verdict { UNKNOWN, KEEP, SECRET };

static enum verdict row_judge(const struct bark_image *image, const struct bark_xml_name *name, uint16_t row,
                              uint8_t ns, unsigned bits)
{
    const struct bark_namespace_row *n = &image->namespaces[ns];
    if (row == BARK_NONE || !slices_equal(name->local, bark_image_name(image, row)) ||
        !slices_equal(name->uri, (struct bark_slice){ image->pool + n->uri, n->uri_len }))
        return UNKNOWN;
    return bits & BARK_F_SECRET ? SECRET : KEEP;
}

/* By all rows that have the name, wherever they may stand: one that is secret makes all secret. */
static enum verdict image_judge(const struct bark_image *image, const struct bark_xml_name *name,
                                enum bark_field_kind kind)
{
    enum verdict verdict = UNKNOWN;
    for (uint32_t i = 0; i < image->field_count && verdict != SECRET; i++) {
        const struct bark_field_row *f = &image->fields[i];
        const enum verdict one =
            bark_field_kind(f) == kind ? row_judge(image, name, f->name, f->ns, f->bits) : UNKNOWN;
        verdict = one > verdict ? one : verdict;
    }
    for (uint32_t i = 0; kind == BARK_FIELD_ELEMENT && i < image->root_count && verdict != SECRET; i++) {
        const struct bark_root_row *r = &image->roots[i];
        const enum verdict one = row_judge(image, name, r->name, r->ns, r->bits);
        verdict = one > verdict ? one : verdict;
    }
    return verdict;
}

static bool is_envelope(struct bark_slice uri)
{
    return slice_is(uri, "http://schemas.xmlsoap.org/soap/envelope/") ||
           slice_is(uri, "http://www.w3.org/2003/05/soap-envelope");
}

static enum verdict element_judge(const struct bark_image *image, const struct bark_xml_name *name)
{
    static const char *const kept[] = { "Envelope", "Header", "Body",   "Fault",  "Code",     "Subcode",
                                        "Value",    "Reason", "Detail", "detail", "faultcode" };
    const bool envelope = is_envelope(name->uri);
    if (memmem(name->uri.ptr, name->uri.len, "wss-wssecurity", 14))
        return SECRET;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const bool bare = kept[i][0] >= 'a'; /* children of a SOAP 1.1 Fault are in no namespace */
        if ((bare ? name->uri.len == 0 : envelope) && slice_is(name->local, kept[i]))
            return KEEP;
    }
    return image_judge(image, name, BARK_FIELD_ELEMENT);
}

static bool attribute_keep(const struct bark_image *image, const struct bark_xml_name *name)
{
    return name->ns == BARK_NS_XSI || is_envelope(name->uri) ||
           image_judge(image, name, BARK_FIELD_ATTRIBUTE) == KEEP;
}

/* A redaction under way. */
struct redaction {
    const struct bark_image *image;
    struct bark_xml_reader reader;
    struct bark_out *out;
    const char *placeholder;
    size_t hidden; /* open elements from the one on whose content is not shown */
    bool empty_tag; /* its END has no tag of its own */
};

/* Bytes of a tag on one line. */
static void tag_put(struct bark_out *o, const uint8_t *from, const uint8_t *to)
{
    for (; from < to; from++)
        bark_out_byte(o, *from == '\n' || *from == '\r' ? ' ' : *from);
}

static bool start_put(struct redaction *r, const struct bark_xml_event *ev)
{
    const uint8_t *at = r->reader.begin + ev->offset, *end = r->reader.at;
    const bool keep = element_judge(r->image, &ev->name) == KEEP;
    if (end <= at || end[-1] != '>')
        return false;
    r->empty_tag = end - at >= 2 && end[-2] == '/';
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (keep && attribute_keep(r->image, &a->name))
            continue;
        if (a->raw.ptr < at || a->raw.ptr > end || a->raw.len > (size_t)(end - a->raw.ptr))
            return false; /* not in the order of the document */
        tag_put(r->out, at, a->raw.ptr);
        bark_out_text(r->out, r->placeholder);
        at = a->raw.ptr + a->raw.len;
    }
    tag_put(r->out, at, end);
    if (keep)
        return true;
    r->hidden = 1;
    if (!r->empty_tag)
        bark_out_text(r->out, r->placeholder);
    return true;
}

static bool text_put(struct redaction *r, const struct bark_xml_event *ev)
{
    struct bark_slice text;
    if (bark_xml_text(&r->reader, ev, &text) != BARK_OK)
        return false;
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r')
            continue;
        bark_xml_escape(r->out, (struct bark_slice){ text.ptr + from, i - from }, BARK_XML_IN_TEXT);
        if (i < text.len)
            bark_out_text(r->out, ev->blank ? " " : text.ptr[i] == '\n' ? "&#10;" : "&#13;");
        from = i + 1;
    }
    return true;
}

static void end_put(struct redaction *r, const struct bark_xml_event *ev)
{
    if (r->hidden > 1 || r->empty_tag)
        return;
    bark_out_text(r->out, "</");
    bark_out_put(r->out, ev->name.prefix.ptr, ev->name.prefix.len);
    if (ev->name.prefix.len)
        bark_out_byte(r->out, ':');
    bark_out_put(r->out, ev->name.local.ptr, ev->name.local.len);
    bark_out_byte(r->out, '>');
}

bool bark_capture_redact(const struct bark_image *image, struct bark_slice message, const char *placeholder,
                         const struct bark_limits *limits, struct bark_arena *arena, struct bark_out *out)
{
    struct redaction r = { .image = image, .out = out, .placeholder = placeholder };
    struct bark_xml_event ev;
    struct bark_error err = { 0 };
    if (message.len == 0)
        return true;
    if (bark_xml_open(&r.reader, message, limits, arena, &err) != BARK_OK)
        return false;
    bark_xml_use_image(&r.reader, image);
    while (bark_xml_next(&r.reader, &ev) == BARK_OK) {
        switch (ev.kind) {
        case BARK_XML_START:
            if (r.hidden)
                r.hidden++;
            else if (!start_put(&r, &ev))
                return false;
            break;
        case BARK_XML_TEXT:
            if (!r.hidden && !text_put(&r, &ev))
                return false;
            break;
        case BARK_XML_END:
            end_put(&r, &ev);
            if (r.hidden <= 1)
                r.empty_tag = false;
            r.hidden -= r.hidden > 0;
            break;
        case BARK_XML_PIECE: /* of messages that are read through a window, which this one is not */
            return false;
        case BARK_XML_EOF:
            return bark_out_ok(out);
        }
    }
    return false;
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
    if (!line_put(o, "path", x->path) || (x->content_type.len && !line_put(o, "type", x->content_type)) ||
        (x->soap_action.len && !line_put(o, "action", x->soap_action)))
        return false;
    bark_out_text(o, "send\n");
    if (!bark_capture_redact(x->image, x->request, "REDACTED", x->limits, x->arena, o))
        return false;
    bark_out_text(o, "\nwant ");
    bark_out_u64(o, x->status);
    if (!line_put(o, "", type) || !bark_capture_redact(x->image, x->answer, "*", x->limits, x->arena, o))
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
