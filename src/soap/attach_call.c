/* soap/attach_call.c - a handler sends octets beside its answer.
 */
#include "soap/attach.h"

static struct bark_text part_attach(struct bark_call *call, const struct bark_part *bound,
                                    struct bark_text content_type, struct bark_bytes content)
{
    const struct bark_soap_attachments *a = call->service->attachments;
    const struct bark_soap_part *part = NULL;
    if (a && bound)
        content_type = a->type(bound, content_type);
    if (a && call->answer_parts)
        part = a->add(call->answer_parts, bound ? bound->name : NULL, content_type, content);
    if (part)
        return part->content_id;
    (void)bark_fail(&call->error, a ? BARK_ERR_LIMIT : BARK_ERR_USE, 0,
                    a ? "[SECURITY row 23] limits.mime_parts or the arena: no room for another attachment"
                      : "the service has no attachments: see bark_service.attachments");
    return (struct bark_text){ NULL, 0 };
}

struct bark_text bark_call_attach(struct bark_call *call, struct bark_text content_type,
                                  struct bark_bytes content)
{
    return part_attach(call, NULL, content_type, content);
}

void bark_call_attach_part(struct bark_call *call, const struct bark_part *part,
                           struct bark_text content_type, struct bark_bytes content)
{
    (void)part_attach(call, part, content_type, content);
}

static struct bark_soap_part *source_send(struct bark_call *call, struct bark_text content_type,
                                          const struct bark_source *source)
{
    const struct bark_soap_attachments *a = call->service->attachments;
    struct bark_soap_part *part = NULL;
    if (a && call->answer_parts)
        part = a->send(call->answer_parts, content_type, source);
    else if (source->close)
        source->close(source->state, BARK_ERR_USE);
    if (!part)
        (void)bark_fail(&call->error, a ? BARK_ERR_LIMIT : BARK_ERR_USE, 0,
                        a ? "[SECURITY row 23] limits.mime_parts or the arena: no room for another attachment"
                          : "the service has no attachments: see bark_service.attachments");
    return part;
}

struct bark_text bark_call_attach_source(struct bark_call *call, struct bark_text content_type,
                                         const struct bark_source *source)
{
    const struct bark_soap_part *part = source_send(call, content_type, source);
    return part ? part->content_id : (struct bark_text){ NULL, 0 };
}

struct bark_bytes bark_call_octets_source(struct bark_call *call, struct bark_text content_type,
                                          const struct bark_source *source)
{
    const struct bark_soap_part *part = source_send(call, content_type, source);
    if (!part)
        return (struct bark_bytes){ NULL, 0 };
    call->answer_parts->xop = true; /* elsewhere the member would be empty */
    return part->content;
}
