/* soap/fault_read.c - faults of both versions [SOAP11 4.4, SOAP12-1 5.4].
 *
 *     1.1: faultcode faultstring faultactor? detail?          (children without namespace)
 *     1.2: Code(Value Subcode(Value Subcode?)?) Reason(Text+) Node? Role? Detail?
 *
 * Children are taken by name, each at most once and in any order: a fault is the last place to be strict
 * about order, since its news is that something else went wrong. Elements that no version knows are refused.
 */
#include "soap/fault_read.h"

#include "base/slice.h"
#include "engine/engine.h"

#include <assert.h>
#include <string.h>

enum part { PART_CODE, PART_REASON, PART_ACTOR, PART_NODE, PART_DETAIL, PARTS };

static const char *const part_names[2][PARTS] = {
    { "faultcode", "faultstring", "faultactor", NULL, "detail" },
    { "Code", "Reason", "Role", "Node", "Detail" },
};

static enum bark_code refuse(struct bark_soap_envelope *e, const struct bark_xml_event *ev, const char *rule)
{
    return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset, rule);
}

/* The next tag; other text than white space is refused. */
static enum bark_code tag_next(struct bark_soap_envelope *e, struct bark_xml_event *ev)
{
    enum bark_code code;
    do
        code = bark_xml_next(&e->xml, ev);
    while (!code && ev->kind == BARK_XML_TEXT && ev->blank);
    if (!code && ev->kind == BARK_XML_TEXT)
        code = refuse(e, ev, "[SOAP12-1 5.4] a Fault holds elements, not text");
    return code;
}

static bool is_12(const struct bark_soap_envelope *e, const struct bark_xml_event *ev, const char *local)
{
    return ev->kind == BARK_XML_START && bark_slice_is(ev->name.local, local) &&
           bark_slice_is(ev->name.uri, e->dialect->ns);
}

static struct bark_slice trimmed(struct bark_slice s)
{
    while (s.len && (s.ptr[0] <= ' '))
        s.ptr++, s.len--;
    while (s.len && (s.ptr[s.len - 1] <= ' '))
        s.len--;
    return s;
}

static enum bark_code text_keep(struct bark_soap_envelope *e, struct bark_slice s, struct bark_text *text)
{
    assert(text);
    text->ptr = bark_arena_text(e->xml.arena, s.ptr, s.len);
    text->len = text->ptr ? s.len : 0;
    return text->ptr
               ? BARK_OK
               : bark_xml_fail(&e->xml, BARK_ERR_MEMORY, 0, "the fault needs more memory than it may have");
}

static enum bark_code qname_resolve(struct bark_soap_envelope *e, const struct bark_xml_event *ev,
                                    struct bark_slice s, struct bark_qname *qname)
{
    struct bark_slice prefix = { s.ptr, 0 }, uri = { NULL, 0 };
    const uint8_t *colon = s.len ? memchr(s.ptr, ':', s.len) : NULL;
    if (colon) {
        prefix.len = (size_t)(colon - s.ptr);
        s.ptr = colon + 1;
        s.len -= prefix.len + 1;
    }
    if (s.len == 0 || (colon && !bark_xml_lookup(&e->xml, prefix, &uri)))
        return refuse(e, ev, "[SOAP12-1 5.4.1] a fault code is a QName");
    if (!colon && !bark_xml_lookup(&e->xml, prefix, &uri))
        uri = (struct bark_slice){ NULL, 0 };
    enum bark_code code = text_keep(e, uri, &qname->ns);
    return code ? code : text_keep(e, s, &qname->local);
}

/* The text of the element just started, up to and with its END. When qname is given, the text is resolved as
 * one while the element's prefixes are still in scope. */
static enum bark_code text_read(struct bark_soap_envelope *e, struct bark_text *text,
                                struct bark_qname *qname)
{
    struct bark_slice s = { NULL, 0 };
    struct bark_xml_event ev;
    enum bark_code code = bark_xml_next(&e->xml, &ev);
    bool any = !code && ev.kind == BARK_XML_TEXT;
    if (any)
        code = bark_xml_text(&e->xml, &ev, &s);
    if (!code && qname)
        code = qname_resolve(e, &ev, trimmed(s), qname);
    else if (!code)
        code = text_keep(e, s, text);
    if (!code && any)
        code = bark_xml_next(&e->xml, &ev);
    if (!code && ev.kind != BARK_XML_END)
        code = refuse(e, &ev, "[SOAP12-1 5.4] this part of a Fault holds text only");
    return code;
}

/* Code or Subcode: Value, then at most one Subcode. Nesting is counted, not recursed into; levels past the
 * last one we keep are read and dropped. */
static enum bark_code code_read_12(struct bark_soap_envelope *e, struct bark_soap_fault *fault)
{
    struct bark_qname extra;
    struct bark_xml_event ev;
    uint32_t level = 0, open = 1;
    bool value_due = true;
    while (open > 0) {
        enum bark_code code = tag_next(e, &ev);
        if (code)
            return code;
        if (ev.kind == BARK_XML_END) {
            if (value_due)
                return refuse(e, &ev, "[SOAP12-1 5.4.1] Code and Subcode begin with their Value");
            open--;
            continue;
        }
        if (value_due && is_12(e, &ev, "Value")) {
            struct bark_qname *to = level == 0                     ? &fault->code
                                    : level <= BARK_FAULT_SUBCODES ? &fault->subcodes[level - 1]
                                                                   : &extra;
            value_due = false;
            code = text_read(e, NULL, to);
        } else if (!value_due && open == level + 1 && is_12(e, &ev, "Subcode")) {
            value_due = true;
            level++;
            open++;
        } else {
            code = refuse(e, &ev, "[SOAP12-1 5.4.1] Code and Subcode hold a Value and at most one Subcode");
        }
        if (code)
            return code;
    }
    return BARK_OK;
}

/* Reason: one Text or more, in different languages; the first is kept. */
static enum bark_code reason_read_12(struct bark_soap_envelope *e, struct bark_soap_fault *fault)
{
    struct bark_xml_event ev;
    struct bark_text other;
    for (;;) {
        enum bark_code code = tag_next(e, &ev);
        if (code)
            return code;
        if (ev.kind == BARK_XML_END)
            return fault->reason.ptr ? BARK_OK : refuse(e, &ev, "[SOAP12-1 5.4.2] a Reason has a Text");
        if (!is_12(e, &ev, "Text"))
            return refuse(e, &ev, "[SOAP12-1 5.4.2] a Reason holds Text elements");
        code = text_read(e, fault->reason.ptr ? &other : &fault->reason, NULL);
        if (code)
            return code;
    }
}

struct piece {
    struct bark_any any;
    struct piece *next;
};

/* Every element of the detail as a fragment of its own, one after the other. Text between them is dropped:
 * [SOAP12-1 5.4.5] allows white space only, older stacks put sentences there. */
static enum bark_code detail_read(struct bark_soap_envelope *e, struct bark_text *detail)
{
    struct piece *first = NULL, **last = &first;
    struct bark_xml_event ev;
    size_t len = 0;
    for (;;) {
        enum bark_code code = bark_xml_next(&e->xml, &ev);
        if (code)
            return code;
        if (ev.kind == BARK_XML_END)
            break;
        if (ev.kind != BARK_XML_START)
            continue;
        *last = bark_arena_alloc(e->xml.arena, 1, sizeof **last);
        if (!*last)
            return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, ev.offset,
                                 "the fault needs more memory than it may have");
        code = bark_capture_element(&e->xml, &ev, &(*last)->any);
        if (code)
            return code;
        len += (*last)->any.xml.len;
        last = &(*last)->next;
    }
    char *text = bark_arena_alloc(e->xml.arena, len + 1, 1);
    if (!text)
        return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, ev.offset,
                             "the fault needs more memory than it may have");
    *detail = (struct bark_text){ text, len };
    for (struct piece *p = first; p; p = p->next) {
        memcpy(text, p->any.xml.ptr, p->any.xml.len);
        text += p->any.xml.len;
    }
    return BARK_OK;
}

static enum part part_of(const struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    bool v12 = e->dialect->version == BARK_SOAP_12;
    enum part p = PART_CODE;
    if (!bark_slice_is(ev->name.uri, v12 ? e->dialect->ns : ""))
        return PARTS;
    while (p < PARTS && !(part_names[v12][p] && bark_slice_is(ev->name.local, part_names[v12][p])))
        p++;
    return p;
}

static enum bark_code part_read(struct bark_soap_envelope *e, enum part p, struct bark_soap_fault *fault)
{
    bool v12 = e->dialect->version == BARK_SOAP_12;
    struct bark_text node;
    switch (p) {
    case PART_CODE:
        return v12 ? code_read_12(e, fault) : text_read(e, NULL, &fault->code);
    case PART_REASON:
        return v12 ? reason_read_12(e, fault) : text_read(e, &fault->reason, NULL);
    case PART_ACTOR:
        return text_read(e, &fault->actor, NULL);
    case PART_NODE:
        return text_read(e, &node, NULL);
    case PART_DETAIL:
        return detail_read(e, &fault->detail);
    case PARTS:
        break;
    }
    return BARK_ERR_SOAP;
}

enum bark_code bark_soap_fault_read(struct bark_soap_envelope *e, struct bark_soap_fault *fault)
{
    struct bark_xml_event ev;
    unsigned seen = 0;
    for (;;) {
        enum bark_code code = tag_next(e, &ev);
        if (code)
            return code;
        if (ev.kind == BARK_XML_END)
            break;
        enum part p = part_of(e, &ev);
        if (p == PARTS || (seen & 1u << p))
            return refuse(e, &ev, "[SOAP12-1 5.4] this element does not belong in a Fault, or not twice");
        seen |= 1u << p;
        code = part_read(e, p, fault);
        if (code)
            return code;
    }
    if (!(seen & 1u << PART_CODE) || !(seen & 1u << PART_REASON))
        return refuse(e, &ev, "[SOAP12-1 5.4] a Fault has a code and a reason");
    return BARK_OK;
}
