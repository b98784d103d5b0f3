/* soap/envelope.c - the state machine of an envelope [SOAP11 4, SOAP12-1 5].
 *
 *     START -> ENVELOPE -> HEADER -> HEADER_DONE -> BODY -> BODY_CHILD -> BODY_DONE -> TRAILER -> CLOSED
 *                   \________________________________^  \________________________^
 *                        no Header at all                    no child at all
 *
 * Each state has one function that says what may come; whatever else comes is refused with the place and the
 * rule. White space between the parts is dropped, other text is refused.
 */
#include "soap/envelope.h"

#include "base/report.h"
#include "base/slice.h"
#include "engine/engine.h"
#include "xml/window.h"

void bark_soap_name_report(struct bark_error *err, struct bark_slice uri, struct bark_slice local)
{
    enum { URI_MAX = 100 };
    struct bark_slice shown = { uri.ptr, uri.len > URI_MAX ? URI_MAX : uri.len };
    err->found[0] = '\0';
    if (uri.len) {
        /* Cut before a character, never inside one. */
        while (shown.len < uri.len && shown.len > 0 && (uri.ptr[shown.len] & 0xc0) == 0x80)
            shown.len--;
        bark_report_say(err->found, sizeof err->found, "{");
        bark_report_add(err->found, sizeof err->found, shown);
        bark_report_say(err->found, sizeof err->found, shown.len < uri.len ? "...}" : "}");
    }
    bark_report_add(err->found, sizeof err->found, local);
}

/* A refusal at an element, naming it. */
static enum bark_code element_refuse(struct bark_soap_envelope *e, const struct bark_xml_event *ev,
                                     enum bark_code code, const char *rule)
{
    struct bark_error *err = e->xml.err;
    bool first = err && err->code == BARK_OK;
    code = bark_xml_fail(&e->xml, code, ev->offset, rule);
    if (first)
        bark_soap_name_report(err, ev->name.uri, ev->name.local);
    return code;
}

static bool element_is(const struct bark_soap_envelope *e, const struct bark_xml_event *ev, const char *local)
{
    return ev->kind == BARK_XML_START && bark_slice_is(ev->name.local, local) &&
           bark_slice_is(ev->name.uri, e->dialect->ns);
}

/* Envelope, Header and Body may carry attributes of other namespaces only. [SOAP12-1 5.1.1] keeps
 * encodingStyle off all three. [SOAP11 4.1.1] lets it stand anywhere: it is then a statement about content
 * whose form the tables know already, so it changes nothing. 1.1's schema also opens Body to unqualified
 * attributes. */
static enum bark_code attributes_check(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    bool v11 = e->dialect->version == BARK_SOAP_11;
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_name *name = &ev->attributes[i].name;
        if (name->uri.len == 0 && !(v11 && bark_slice_is(ev->name.local, "Body")))
            return element_refuse(
                e, ev, BARK_ERR_SOAP,
                "[SOAP12-1 5.1.1] an attribute of Envelope, Header or Body has a namespace");
        if (!bark_slice_is(name->uri, e->dialect->ns))
            continue;
        if (!v11 || !bark_slice_is(name->local, "encodingStyle"))
            return element_refuse(e, ev, BARK_ERR_SOAP,
                                  "[SOAP12-1 5.1.1] no SOAP attribute belongs on Envelope, Header or Body");
    }
    return BARK_OK;
}

static enum bark_code start_step(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    if (ev->kind != BARK_XML_START)
        return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset, "[SOAP12-1 5] a message is an Envelope");
    bool named = bark_slice_is(ev->name.local, "Envelope");
    const struct bark_soap_dialect *found = bark_soap_dialect_of_ns(ev->name.uri);
    if (!named || !found) {
        /* [SOAP12-1 5.4.6] counts any other root as a version mismatch; 1.1 only another namespace. */
        if (named || (e->announced && e->announced->version == BARK_SOAP_12))
            e->fault = BARK_FAULT_VERSION_MISMATCH;
        return element_refuse(e, ev, BARK_ERR_SOAP,
                              "[SOAP12-1 5.4.7] the root is the Envelope of SOAP 1.1 or SOAP 1.2");
    }
    e->dialect = found;
    e->state = BARK_SOAP_ENVELOPE;
    return attributes_check(e, ev);
}

static enum bark_code envelope_step(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    if (e->state == BARK_SOAP_ENVELOPE && element_is(e, ev, "Header"))
        e->state = BARK_SOAP_HEADER;
    else if (element_is(e, ev, "Body"))
        e->state = BARK_SOAP_BODY;
    else
        return element_refuse(e, ev, BARK_ERR_SOAP,
                              "[SOAP12-1 5.1] an Envelope holds at most one Header, first, then one Body");
    return attributes_check(e, ev);
}

/* The verdict on the headers falls at the end of the Header, so that a fault can name all entries that were
 * not understood, and before anything of the body is read. */
static enum bark_code header_step(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    if (ev->kind == BARK_XML_START)
        return bark_soap_header_entry_read(e, ev);
    e->state = BARK_SOAP_HEADER_DONE;
    return bark_soap_headers_verdict(e, ev->offset);
}

static enum bark_code body_done_step(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    if (ev->kind != BARK_XML_END)
        return element_refuse(e, ev, BARK_ERR_SOAP, "[WSDL11 3.5] this Body holds one element and no more");
    e->state = BARK_SOAP_TRAILER;
    return BARK_OK;
}

static enum bark_code trailer_step(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    if (ev->kind == BARK_XML_END) {
        e->state = BARK_SOAP_CLOSED;
        return BARK_OK;
    }
    /* [SOAP11 4] lets qualified elements follow the Body; they mean nothing to us, but must be well-formed.
     */
    if (e->dialect->open_trailer && ev->name.uri.len > 0 && !bark_slice_is(ev->name.uri, e->dialect->ns)) {
        e->skipping = e->xml.depth;
        return BARK_OK;
    }
    return element_refuse(e, ev, BARK_ERR_SOAP, "[SOAP12-1 5.1] nothing follows the Body");
}

static enum bark_code event_take(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    switch (e->state) {
    case BARK_SOAP_START:
        return start_step(e, ev);
    case BARK_SOAP_ENVELOPE:
    case BARK_SOAP_HEADER_DONE:
        return envelope_step(e, ev);
    case BARK_SOAP_HEADER:
        return header_step(e, ev);
    case BARK_SOAP_BODY:
        e->state = ev->kind == BARK_XML_START ? BARK_SOAP_BODY_CHILD : BARK_SOAP_TRAILER;
        return BARK_OK;
    case BARK_SOAP_BODY_DONE:
        return body_done_step(e, ev);
    case BARK_SOAP_TRAILER:
        return trailer_step(e, ev);
    case BARK_SOAP_CLOSED:
        e->state = BARK_SOAP_COMPLETE; /* the reader lets nothing but the end follow the root's end */
        return BARK_OK;
    case BARK_SOAP_BODY_CHILD:
    case BARK_SOAP_COMPLETE:
        break;
    }
    return bark_xml_fail(&e->xml, BARK_ERR_USE, ev->offset, "the envelope was read out of order");
}

/* The next event that is not white space, nor inside of something that is passed over. */
static enum bark_code event_next(struct bark_soap_envelope *e, struct bark_xml_event *ev)
{
    for (;;) {
        enum bark_code code = bark_soap_header_entry_go(e);
        if (!code)
            code = bark_xml_next(&e->xml, ev);
        if (code)
            return code;
        if (e->skipping) {
            if (ev->kind == BARK_XML_END && e->xml.depth == e->skipping)
                e->skipping = 0;
            continue;
        }
        if (ev->kind == BARK_XML_PIECE)
            continue;
        if (ev->kind != BARK_XML_TEXT)
            return BARK_OK;
        if (!ev->blank)
            return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset,
                                 "[SOAP12-1 5.1] only white space stands between the parts of an envelope");
    }
}

/* Goes on by a tag with nothing in it but its name, as most of an envelope's are: the Body's start, and the
 * two ends behind its child. False: bark_xml_next() tells what is there. */
static bool plain_step(struct bark_soap_envelope *e)
{
    static const uint8_t body[] = "Body";
    size_t offset;
    if (e->skipping || e->decoding)
        return false;
    switch (e->state) {
    case BARK_SOAP_ENVELOPE:
    case BARK_SOAP_HEADER_DONE:
        if (!bark_xml_plain_enter_beside(&e->xml, (struct bark_slice){ body, sizeof body - 1 }))
            return false;
        e->state = BARK_SOAP_BODY;
        return true;
    case BARK_SOAP_BODY_DONE:
    case BARK_SOAP_TRAILER:
        if (!bark_xml_plain_end(&e->xml, &offset))
            return false;
        e->state = e->state == BARK_SOAP_TRAILER ? BARK_SOAP_CLOSED : BARK_SOAP_TRAILER;
        return true;
    case BARK_SOAP_START:
    case BARK_SOAP_HEADER:
    case BARK_SOAP_BODY:
    case BARK_SOAP_BODY_CHILD:
    case BARK_SOAP_CLOSED:
    case BARK_SOAP_COMPLETE:
        break;
    }
    return false;
}

/* The next part of the envelope, and what it means for the state. */
static enum bark_code step(struct bark_soap_envelope *e, struct bark_xml_event *ev)
{
    enum bark_code code;
    if (plain_step(e))
        return BARK_OK;
    code = event_next(e, ev);
    return code ? code : event_take(e, ev);
}

enum bark_code bark_soap_envelope_open(struct bark_soap_envelope *e, const struct bark_image *image,
                                       struct bark_slice in, const struct bark_limits *limits,
                                       struct bark_arena *arena, struct bark_error *err)
{
    enum bark_code code = bark_xml_open(&e->xml, in, limits, arena, err);
    if (code)
        return code;
    bark_xml_use_image(&e->xml, image);
    e->image = image;
    return BARK_OK;
}

enum bark_code bark_soap_envelope_open_window(struct bark_soap_envelope *e, const struct bark_image *image,
                                              struct bark_xml_window *window, struct bark_decoder *decoder,
                                              const struct bark_limits *limits, struct bark_arena *arena,
                                              struct bark_error *err)
{
    e->decoder = decoder;
    enum bark_code code = bark_xml_open_window(&e->xml, window, limits, arena, err);
    if (code)
        return code;
    bark_xml_use_image(&e->xml, image);
    e->image = image;
    return BARK_OK;
}

enum bark_code bark_soap_envelope_body(struct bark_soap_envelope *e, struct bark_xml_event *start,
                                       bool *empty)
{
    const bool begins = e->state == BARK_SOAP_START || (e->decoder && e->state < BARK_SOAP_BODY_CHILD);
    enum bark_code code = begins ? BARK_OK : BARK_ERR_USE;
    while (!code && e->state < BARK_SOAP_BODY_CHILD)
        code = step(e, start);
    *empty = e->state == BARK_SOAP_TRAILER;
    return code;
}

enum bark_code bark_soap_envelope_end(struct bark_soap_envelope *e)
{
    struct bark_xml_event ev;
    enum bark_code code = BARK_OK;
    if (e->state == BARK_SOAP_BODY_CHILD)
        e->state = BARK_SOAP_BODY_DONE;
    if (e->state != BARK_SOAP_BODY_DONE && e->state != BARK_SOAP_TRAILER &&
        !(e->decoder && e->state == BARK_SOAP_CLOSED))
        return BARK_ERR_USE;
    while (!code && e->state != BARK_SOAP_COMPLETE)
        code = step(e, &ev);
    return code;
}

enum bark_fault_code bark_soap_envelope_fault(const struct bark_soap_envelope *e, enum bark_code code)
{
    if (code == BARK_ERR_MEMORY || code == BARK_ERR_IMAGE || code == BARK_ERR_USE)
        return BARK_FAULT_RECEIVER;
    return e->fault; /* Sender, unless a rule said otherwise */
}
