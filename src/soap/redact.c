/* soap/redact.c - a message on one line, without what may be secret.
 *
 * What is shown is what the tables know and do not mark as secret; all else becomes a placeholder: values of
 * secret members, elements and attributes that the tables do not know, WS-Security, what a fault says in
 * words.
 */
#include "soap/redact.h"

#include "base/slice.h"
#include "xml/writer.h"

#include <string.h>

/* What may be shown of the content of a thing of this name. */
enum verdict { UNKNOWN, KEEP, SECRET };

/* For a row whose local name is the thing's, by its namespace and bits. */
static enum verdict trait_judge(const struct bark_image *image, const struct bark_xml_name *name,
                                const struct bark_trait_row *t)
{
    const struct bark_namespace_row *n = &image->namespaces[t->ns];
    if (!bark_slice_equal(name->uri, (struct bark_slice){ image->pool + n->uri, n->uri_len }))
        return UNKNOWN;
    return t->bits & BARK_F_SECRET ? SECRET : KEEP;
}

/* By all rows that have the name, wherever they may stand: one that is secret makes all secret. */
static enum verdict image_judge(const struct bark_image *image, const struct bark_xml_name *name,
                                enum bark_field_kind kind)
{
    enum verdict verdict = UNKNOWN;
    for (uint32_t i = 0; i < image->field_count && verdict != SECRET; i++) {
        const struct bark_field_row *f = &image->fields[i];
        const struct bark_trait_row *t = bark_field_trait(image, f);
        enum verdict one = UNKNOWN;
        if ((t->bits & BARK_F_KIND) == kind && f->name != BARK_NONE &&
            bark_slice_equal(name->local, bark_image_name(image, f->name)))
            one = trait_judge(image, name, t);
        verdict = one > verdict ? one : verdict;
    }
    for (uint32_t i = 0; kind == BARK_FIELD_ELEMENT && i < bark_root_end(image) && verdict != SECRET; i++) {
        const enum verdict one = bark_root_is(image, i, name->local)
                                     ? trait_judge(image, name, bark_root_trait(image, (uint16_t)i))
                                     : UNKNOWN;
        verdict = one > verdict ? one : verdict;
    }
    return verdict;
}

static bool is_envelope(struct bark_slice uri)
{
    return bark_slice_is(uri, "http://schemas.xmlsoap.org/soap/envelope/") ||
           bark_slice_is(uri, "http://www.w3.org/2003/05/soap-envelope");
}

/* The namespaces of WS-Security differ in their dates. */
static bool is_security(struct bark_slice uri)
{
    static const char word[] = "wss-wssecurity";
    for (size_t i = 0; uri.len - i >= sizeof word - 1 && i < uri.len; i++) {
        if (memcmp(uri.ptr + i, word, sizeof word - 1) == 0)
            return true;
    }
    return false;
}

static enum verdict element_judge(const struct bark_image *image, const struct bark_xml_name *name)
{
    static const char *const kept[] = { "Envelope", "Header", "Body",   "Fault",  "Code",     "Subcode",
                                        "Value",    "Reason", "Detail", "detail", "faultcode" };
    const bool envelope = is_envelope(name->uri);
    if (is_security(name->uri))
        return SECRET;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const bool bare = kept[i][0] >= 'a'; /* children of a SOAP 1.1 Fault are in no namespace */
        if ((bare ? name->uri.len == 0 : envelope) && bark_slice_is(name->local, kept[i]))
            return KEEP;
    }
    return image_judge(image, name, BARK_FIELD_ELEMENT);
}

bool bark_redact_shows_element(const struct bark_image *image, const struct bark_xml_name *name)
{
    return element_judge(image, name) == KEEP;
}

bool bark_redact_shows_attribute(const struct bark_image *image, const struct bark_xml_name *name)
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
    const bool keep = bark_redact_shows_element(r->image, &ev->name);
    if (end <= at || end[-1] != '>')
        return false;
    r->empty_tag = end - at >= 2 && end[-2] == '/';
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (keep && bark_redact_shows_attribute(r->image, &a->name))
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

bool bark_redact_write(const struct bark_image *image, struct bark_slice message, const char *placeholder,
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
