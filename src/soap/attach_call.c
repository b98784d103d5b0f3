/* soap/attach_call.c - a handler sends octets beside its answer.
 */
#include "soap/attach.h"

struct bark_text bark_call_attach(struct bark_call *call, struct bark_text content_type,
                                  struct bark_bytes content)
{
    const struct bark_soap_attachments *a = call->service->attachments;
    const struct bark_soap_part *part = NULL;
    if (a && call->answer_parts)
        part = a->add(call->answer_parts, content_type, content);
    if (part)
        return part->content_id;
    (void)bark_fail(&call->error, a ? BARK_ERR_LIMIT : BARK_ERR_USE, 0,
                    a ? "[SECURITY row 23] limits.mime_parts or the arena: no room for another attachment"
                      : "the service has no attachments: see bark_service.attachments");
    return (struct bark_text){ NULL, 0 };
}
