/* client/answer.c - an answer back into a struct, or into the reason why there is none. */
#include "client/client.h"

#include "base/report.h"
#include "soap/media.h"

#include <string.h>

static const char *status_rule(unsigned status, const char *otherwise)
{
    if (status >= 300 && status < 400)
        return BARK_RULE("[SOAP12-2 7.5.2.2] the server redirects, and this redirect is not followed");
    if (status == 401)
        return BARK_RULE("[RFC9110 15.5.2] the server wants to know who calls, and took no answer of ours");
    if (status == 407)
        return BARK_RULE("[RFC9110 15.5.8] the proxy wants to know who asks");
    return otherwise;
}

/* An answer that is no SOAP message: what HTTP said is all there is to report. */
enum bark_code bark_client_status_report(const struct bark_exchange_answer *answer, const char *otherwise,
                                         struct bark_error *err)
{
    enum bark_code code = (bark_fail)(err, BARK_ERR_HTTP, 0, status_rule(answer->status, otherwise));
    if (err) {
        bark_exchange_status_say(err, answer->status);
        if (answer->content_type.len) {
            bark_report_say(err->found, sizeof err->found, " with ");
            bark_report_add(err->found, sizeof err->found, answer->content_type);
        }
    }
    return code;
}

static enum bark_code fault_report(const struct bark_client *c, enum bark_code code, struct bark_error *err)
{
    if (code != BARK_ERR_FAULT)
        return code;
    (void)bark_fail(err, BARK_ERR_FAULT, 0, "the operation answered with a fault");
    if (err && c->fault.reason.ptr)
        bark_report_add(err->found, sizeof err->found,
                        (struct bark_slice){ (const uint8_t *)c->fault.reason.ptr, c->fault.reason.len });
    return code;
}

enum bark_code bark_client_answer_take(struct bark_client *c, const struct bark_exchange_answer *answer,
                                       const void **headers, void **out, struct bark_error *err)
{
    struct bark_soap_media media;
    struct bark_decode_options options = { .unknown = &c->unknown };
    struct bark_slice envelope = answer->body;
    enum bark_code code;
    if (c->http_row != BARK_NONE)
        return bark_client_http_take(c, answer, out, err);
    bool one_way = (bark_operation_flags(c->image, c->operation) & BARK_OPERATION_ONE_WAY) != 0;
    if (one_way && answer->body.len == 0 && answer->status >= 200 && answer->status < 300)
        return BARK_OK;
    if (c->came) { /* its parts went to the receiver; what errors point into is the envelope */
        c->raw = c->package.envelope;
        *headers = c->came->headers;
        *out = c->came->out;
        return fault_report(c, c->came->code, err);
    }
    if (answer->body.len && c->attachments && c->attachments->is_multipart(answer->content_type)) {
        code =
            c->attachments->open(&c->package, answer->content_type, answer->body, &c->limits, &c->arena, err);
        if (code != BARK_OK)
            return code;
        envelope = c->raw = c->package.envelope; /* what errors point into */
        options.xop = c->package.xop ? &c->package.reader : NULL;
    } else if (answer->body.len == 0 || !bark_soap_media_read(answer->content_type, &media)) {
        return bark_client_status_report(answer,
                                         BARK_RULE("[SOAP12-2 7.5.2] the answer is not a SOAP message"), err);
    }
    code = bark_soap_reply_read_with(c->image, c->operation, envelope, &options, &c->limits, &c->arena,
                                     headers, out, &c->fault, err);
    return fault_report(c, code, err);
}

const struct bark_soap_fault *bark_client_fault(const struct bark_client *client)
{
    return &client->fault;
}

const struct bark_unknown *bark_client_unknown(const struct bark_client *client)
{
    return &client->unknown;
}

struct bark_slice bark_client_raw_reply(const struct bark_client *client)
{
    return client->raw;
}
