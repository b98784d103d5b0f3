/* model/multipart.c - mime:multipartRelated under a SOAP binding: the part with the envelope, and the message
 * parts that travel beside it as attachments [WSDL11 5].
 */
#include "model/build.h"

/* The mime:part elements of a direction, one after the other. All zero but io: before the first. */
struct part_walk {
    const struct soapc_node *io;
    size_t related, part;
};

static const struct soapc_node *part_next(struct part_walk *w)
{
    for (; w->related < w->io->children.count; w->related++, w->part = 0) {
        const struct soapc_child *child = &w->io->children.items[w->related];
        if (child->kind != SOAPC_WSDL_MIME_RELATED)
            continue;
        while (w->part < child->as.node->children.count) {
            const struct soapc_node *part = soapc_child_node(&child->as.node->children.items[w->part++]);
            if (part && part->kind == SOAPC_WSDL_MIME_PART)
                return part;
        }
    }
    return NULL;
}

const struct soapc_node *soapc_envelope_find(const struct soapc_node *io)
{
    struct part_walk walk = { .io = io };
    const struct soapc_node *part;
    while ((part = part_next(&walk)) != NULL)
        for (size_t c = 0; c < part->children.count; c++)
            if (part->children.items[c].kind == SOAPC_WSDL_SOAP_BODY)
                return part;
    return io;
}

struct bark_text soapc_raw_attribute(const struct soapc_raw *raw, const char *name)
{
    for (size_t i = 0; i < raw->foreign.count; i++)
        if (raw->foreign.items[i].name.ns.len == 0 && bark_text_equal(raw->foreign.items[i].name.local, name))
            return raw->foreign.items[i].value;
    return (struct bark_text){ NULL, 0 };
}

static struct soapc_attachment *attachment_of(const struct soapc_payload *payload,
                                              const struct soapc_part *part)
{
    for (size_t i = 0; i < payload->attachment_count; i++)
        if (payload->attachments[i].part == part)
            return &payload->attachments[i];
    return NULL;
}

bool soapc_is_attachment(const struct soapc_payload *payload, const struct soapc_part *part)
{
    return attachment_of(payload, part) != NULL;
}

/* [WSDL11 5.3] `part` may be left out when the message has but one; where soap:body has that already, the
 * content is none of the message's. */
static const struct soapc_part *content_part(struct soapc_builder *b, const struct soapc_scope *s,
                                             const struct soapc_node *body,
                                             const struct soapc_wsdl_message *m,
                                             const struct soapc_raw *content)
{
    const struct bark_text name = soapc_raw_attribute(content, "part");
    if (name.ptr)
        return soapc_part_find(b, m, name, soapc_attribute_place(b->diag, s->doc->file, content->at, "part"));
    if (m->part_count == 1)
        return soapc_body_lists(body, &m->parts[0]) ? NULL : &m->parts[0];
    soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, (struct soapc_place){ s->doc->file, content->at },
                "mime:content needs the attribute 'part': message '%s' has %zu parts", m->name.local,
                m->part_count);
    return NULL;
}

/* [WSDL11 5.3] Several contents of one part are alternatives; one without a type takes any. */
static const char *types_join(struct soapc_builder *b, const char *before, const char *type)
{
    if (!before || !type)
        return NULL;
    return soapc_pool_join(b->pool, before, ", ", type);
}

static void attachment_build(struct soapc_builder *b, const struct soapc_scope *s,
                             const struct soapc_node *body, const struct soapc_wsdl_message *m,
                             const struct soapc_raw *content, struct soapc_payload *payload)
{
    const struct soapc_part *part = content_part(b, s, body, m, content);
    const struct bark_text type = soapc_raw_attribute(content, "type");
    const char *types = type.ptr ? soapc_intern(b, type) : NULL;
    struct soapc_attachment *known = part ? attachment_of(payload, part) : NULL;
    if (types)
        soapc_media_check(b, types, soapc_attribute_place(b->diag, s->doc->file, content->at, "type"));
    if (!part)
        return;
    if (known) {
        known->types = types_join(b, known->types, types);
        return;
    }
    struct soapc_attachment *slot =
        SOAPC_PUSH(b, payload->attachments, payload->attachment_count, payload->attachment_cap);
    *slot = (struct soapc_attachment){ part, types };
}

void soapc_attachments_build(struct soapc_builder *b, const struct soapc_scope *s,
                             const struct soapc_node *io, const struct soapc_node *body,
                             const struct soapc_wsdl_message *m, struct soapc_payload *payload)
{
    struct part_walk walk = { .io = io };
    const struct soapc_node *part;
    while ((part = part_next(&walk)) != NULL)
        for (size_t c = 0; c < part->children.count; c++)
            if (part->children.items[c].kind == SOAPC_WSDL_MIME_CONTENT ||
                part->children.items[c].kind == SOAPC_WSDL_MIME_XML)
                attachment_build(b, s, body, m, part->children.items[c].as.raw, payload);
}
