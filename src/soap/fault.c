/* soap/fault.c - writes faults [SOAP11 4.4, SOAP12-1 5.4].
 *
 *     1.1: Fault(faultcode, faultstring, detail?)         1.2: Fault(Code(Value, Subcode*), Reason(Text),
 * Detail?)
 *
 * 1.2 nests subcodes; 1.1 has one faultcode, so there the innermost subcode takes its place, as
 * [WSA-SOAP 6.2] lays down for addressing. Faults about headers carry their explanation in a header of their
 * own: Upgrade [SOAP12-1 5.4.7] and NotUnderstood [SOAP12-1 5.4.8].
 */
#include "soap/fault.h"

#include "base/slice.h"
#include "engine/engine.h"

#include <string.h>

void bark_soap_body_begin(const struct bark_soap_dialect *d, struct bark_out *out)
{
    bark_out_text(out, "<s:Envelope xmlns:s=\"");
    bark_out_text(out, d->ns);
    bark_out_text(out, "\"><s:Body>");
}

/* Takes back the Header's start tag when nothing came of it. */
static void header_end(struct bark_out *out, size_t begin, size_t inside)
{
    if (bark_out_ok(out) && out->pos == inside)
        out->pos = begin;
    else
        bark_out_text(out, "</s:Header>");
}

enum bark_code bark_soap_envelope_begin(const struct bark_soap_blocks *b, const struct bark_soap_layer *layer,
                                        const struct bark_soap_envelope *request, struct bark_out *out,
                                        struct bark_error *err)
{
    enum bark_code code = BARK_OK;
    const bool any = bark_soap_blocks_any(b);
    bark_out_text(out, "<s:Envelope xmlns:s=\"");
    bark_out_text(out, b->dialect->ns);
    bark_out_text(out, "\">");
    const size_t begin = out->pos;
    bark_out_text(out, "<s:Header>");
    const size_t inside = out->pos;
    if (any)
        code = bark_soap_blocks_write(b, out, err);
    if (layer && layer->write)
        (void)layer->write(request, out);
    header_end(out, begin, inside);
    bark_out_text(out, "<s:Body>");
    return code;
}

void bark_soap_body_end(struct bark_out *out)
{
    bark_out_text(out, "</s:Body></s:Envelope>");
}

static void attribute_text(struct bark_out *out, const char *text)
{
    bark_write_attribute_text(out, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

/* Both versions are offered, the newer one first. The block is 1.2's in a 1.1 envelope too: [SOAP12-1 A]. */
static void upgrade_write(struct bark_out *out)
{
    static const enum bark_soap_version offered[] = { BARK_SOAP_12, BARK_SOAP_11 };
    bark_out_text(out, "<u:Upgrade xmlns:u=\"");
    bark_out_text(out, bark_soap_dialect(BARK_SOAP_12)->ns);
    bark_out_text(out, "\">");
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
        bark_out_text(out, "<u:SupportedEnvelope qname=\"e:Envelope\" xmlns:e=\"");
        bark_out_text(out, bark_soap_dialect(offered[i])->ns);
        bark_out_text(out, "\"/>");
    }
    bark_out_text(out, "</u:Upgrade>");
}

/* [XMLNS 3] The namespace of xml has that prefix alone, and needs no declaration. */
static void not_understood_write(const struct bark_soap_envelope *request, struct bark_out *out)
{
    for (uint32_t i = 0; i < request->block_count; i++) {
        const struct bark_soap_block *block = &request->blocks[i];
        const bool is_xml = bark_slice_is(block->uri, "http://www.w3.org/XML/1998/namespace");
        bark_out_text(out, is_xml ? "<s:NotUnderstood qname=\"xml:" : "<s:NotUnderstood qname=\"h:");
        bark_write_attribute_text(out, block->local);
        if (!is_xml) {
            bark_out_text(out, "\" xmlns:h=\"");
            bark_write_attribute_text(out, block->uri);
        }
        bark_out_text(out, "\"/>");
    }
}

/* [SOAP11 4.4, WSDL11 3.7] What a fault has to say about a header entry stands in a header of its own. */
static enum bark_code header_write(const struct bark_soap_fault_message *m, struct bark_out *out,
                                   struct bark_error *err)
{
    const struct bark_fault *f = m->fault;
    enum bark_code code = BARK_OK;
    const size_t begin = out->pos;
    bark_out_text(out, "<s:Header>");
    const size_t inside = out->pos;
    /* [SOAP12-1 5.4.8] NotUnderstood is a header of 1.2; 1.1 knows no such thing. */
    if (f->code == BARK_FAULT_VERSION_MISMATCH)
        upgrade_write(out);
    else if (f->code == BARK_FAULT_MUST_UNDERSTAND && m->dialect->version == BARK_SOAP_12 && m->request)
        not_understood_write(m->request, out);
    if (f->header) {
        const struct bark_soap_blocks b = {
            .image = m->image, .dialect = m->dialect, .limits = m->limits, .arena = m->arena
        };
        code = bark_soap_block_write(&b, f->header_root, f->header, false, out, err);
    }
    if (m->layer && m->layer->write && m->request)
        (void)m->layer->write(m->request, out);
    header_end(out, begin, inside);
    return code;
}

/* <NAME xmlns:p="ns">p:local</NAME> */
static void subcode_value_write(struct bark_out *out, const char *name, const struct bark_fault_subcode *sub)
{
    bark_out_text(out, "<");
    bark_out_text(out, name);
    bark_out_text(out, " xmlns:");
    bark_out_text(out, sub->prefix);
    bark_out_text(out, "=\"");
    attribute_text(out, sub->ns);
    bark_out_text(out, "\">");
    bark_out_text(out, sub->prefix);
    bark_out_text(out, ":");
    bark_out_text(out, sub->local);
    bark_out_text(out, "</");
    bark_out_text(out, name);
    bark_out_text(out, ">");
}

static size_t subcode_count(const struct bark_fault *f)
{
    size_t n = 0;
    while (n < BARK_FAULT_SUBCODES && f->subcodes[n].local)
        n++;
    return n;
}

static void code_write_11(const struct bark_soap_fault_message *m, struct bark_out *out)
{
    size_t n = subcode_count(m->fault);
    if (n > 0) {
        subcode_value_write(out, "faultcode", &m->fault->subcodes[n - 1]);
        return;
    }
    bark_out_text(out, "<faultcode>s:");
    bark_out_text(out, m->dialect->codes[m->fault->code]);
    bark_out_text(out, "</faultcode>");
}

static void code_write_12(const struct bark_soap_fault_message *m, struct bark_out *out)
{
    size_t n = subcode_count(m->fault);
    bark_out_text(out, "<s:Code><s:Value>s:");
    bark_out_text(out, m->dialect->codes[m->fault->code]);
    bark_out_text(out, "</s:Value>");
    for (size_t i = 0; i < n; i++) {
        bark_out_text(out, "<s:Subcode>");
        subcode_value_write(out, "s:Value", &m->fault->subcodes[i]);
    }
    for (size_t i = 0; i < n; i++)
        bark_out_text(out, "</s:Subcode>");
    bark_out_text(out, "</s:Code>");
}

static void reason_write(const struct bark_soap_fault_message *m, struct bark_out *out)
{
    struct bark_slice reason = { (const uint8_t *)m->fault->reason.ptr, m->fault->reason.len };
    bool v12 = m->dialect->version == BARK_SOAP_12;
    bark_out_text(out, v12 ? "<s:Reason><s:Text xml:lang=\"en\">" : "<faultstring>");
    bark_write_text(out, reason);
    bark_out_text(out, v12 ? "</s:Text></s:Reason>" : "</faultstring>");
}

static enum bark_code detail_write(const struct bark_soap_fault_message *m, struct bark_out *out,
                                   struct bark_error *err)
{
    const struct bark_fault *f = m->fault;
    bool v12 = m->dialect->version == BARK_SOAP_12;
    bool typed = f->detail_root != BARK_NONE, xml = f->detail_xml.xml.ptr != NULL;
    enum bark_code code = BARK_OK;
    /* [SOAP11 4.4] detail is there whenever the fault is about the body, even when it has nothing to add. */
    bool about_body = !f->header && (f->code == BARK_FAULT_SENDER || f->code == BARK_FAULT_RECEIVER);
    if (f->header || (!typed && !xml)) {
        if (!v12 && about_body)
            bark_out_text(out, "<detail/>");
        return BARK_OK;
    }
    bark_out_text(out, v12 ? "<s:Detail>" : "<detail>");
    if (typed)
        code = bark_encode(m->image, f->detail_root, f->detail, m->limits, m->arena, out, err);
    else if (xml)
        code = bark_write_fragment(
            out, (struct bark_slice){ (const uint8_t *)f->detail_xml.xml.ptr, f->detail_xml.xml.len },
            m->limits, m->arena, err);
    bark_out_text(out, v12 ? "</s:Detail>" : "</detail>");
    return code;
}

enum bark_code bark_soap_fault_write(const struct bark_soap_fault_message *m, struct bark_out *out,
                                     struct bark_error *err)
{
    bark_out_text(out, "<s:Envelope xmlns:s=\"");
    bark_out_text(out, m->dialect->ns);
    bark_out_text(out, "\">");
    enum bark_code code = header_write(m, out, err);
    bark_out_text(out, "<s:Body><s:Fault>");
    if (m->dialect->version == BARK_SOAP_12)
        code_write_12(m, out);
    else
        code_write_11(m, out);
    reason_write(m, out);
    if (!code)
        code = detail_write(m, out, err);
    bark_out_text(out, "</s:Fault>");
    bark_soap_body_end(out);
    if (!code && !bark_out_ok(out))
        code = bark_fail(err, BARK_ERR_LIMIT, 0, "the fault does not fit limits.reply_bytes");
    return code;
}

void bark_soap_fault_minimal(const struct bark_soap_dialect *d, struct bark_out *out)
{
    bark_soap_body_begin(d, out);
    if (d->version == BARK_SOAP_12)
        bark_out_text(out, "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason>"
                           "<s:Text xml:lang=\"en\">the message could not be processed</s:Text>"
                           "</s:Reason></s:Fault>");
    else
        bark_out_text(out, "<s:Fault><faultcode>s:Server</faultcode><faultstring>the message could not be "
                           "processed</faultstring><detail/></s:Fault>");
    bark_soap_body_end(out);
}
