/* soap/serve_whole.c - a request that is in memory: all the steps of serve.c, one after the other.
 */
#include "soap/fault.h"
#include "soap/media.h"
#include "soap/serve.h"

#include "base/report.h"

void bark_soap_reply_begin(struct bark_soap_reply *reply)
{
    reply->http_status = 0;
    reply->content_type = NULL;
    reply->operation = BARK_NONE;
    reply->is_fault = false;
    reply->fault = BARK_FAULT_SENDER;
    reply->version = BARK_SOAP_11;
    bark_error_clear(&reply->error);
    reply->parts = NULL;
}

void bark_soap_serve(const struct bark_service *service, const struct bark_limits *limits,
                     const struct bark_soap_request *request, struct bark_arena *arena, struct bark_out *out,
                     struct bark_soap_reply *reply)
{
    struct bark_soap_serving *s = bark_soap_serving_new(service, limits, request, arena, reply);
    if (!s) {
        bark_soap_serving_unmade(request, out, reply);
        return;
    }
    (void)!bark_soap_serving_run(s, NULL); /* the answer is due either way */
    bark_soap_serving_answer(s, out);
}

/* Not even our own state fits: a constant fault, in the version that was announced. */
void bark_soap_serving_unmade(const struct bark_soap_request *request, struct bark_out *out,
                              struct bark_soap_reply *reply)
{
    struct bark_soap_media media;
    size_t start = out->pos;
    bool known = bark_soap_media_read(request->content_type, &media);
    const struct bark_soap_dialect *d = known ? media.dialect : bark_soap_dialect(BARK_SOAP_11);
    reply->http_status = 500;
    reply->is_fault = true;
    reply->fault = BARK_FAULT_RECEIVER;
    reply->version = d->version;
    reply->content_type = d->content_type;
    (void)bark_fail(&reply->error, BARK_ERR_MEMORY, 0, "the memory budget does not hold one request");
    bark_soap_fault_minimal(d, out);
    if (bark_out_ok(out))
        return;
    out->pos = start;
    out->failed = false;
}
