/* client/expand.c - answers and requests in a content coding, when the client has one.
 *
 * An answer that is compressed expands when all of it has come, by limits that are known before: so a bomb of
 * a server costs what any other answer may cost (row 24). One that nobody here can read is an error that says
 * so, not one of XML.
 */
#include "client/client.h"

#include "base/report.h"

#include <stdlib.h>
#include <string.h>

/* What the answer expands to gathers where an answer does. */
struct expansion {
    struct bark_exchange *exchange;
    size_t max;
    bool over; /* the limit was reached, not the end of memory */
    uint8_t piece[BARK_HTTP_CODING_PIECE];
};

static bool expansion_flush(struct bark_out *o, size_t need)
{
    struct expansion *e = o->user;
    e->over = o->pos > e->max - e->exchange->body_len;
    if (e->over || bark_exchange_keep(e->exchange, (struct bark_slice){ o->base, o->pos }, NULL) != BARK_OK)
        return false;
    o->pos = 0;
    return need <= o->cap;
}

static enum bark_code body_expand(struct bark_client *c, struct bark_exchange *x, struct bark_error *err)
{
    uint8_t *const packed = x->body;
    const struct bark_slice in = { packed, x->body_len };
    struct expansion e = { .exchange = x, .max = bark_http_expansion_max(&c->limits, in.len) };
    struct bark_error own = { 0 };
    struct bark_out out;
    enum bark_code code;
    x->body = NULL;
    x->body_len = x->body_cap = 0;
    bark_out_init(&out, e.piece, sizeof e.piece);
    out.make_room = expansion_flush;
    out.user = &e;
    code = c->coding->decode(in, &out, &own);
    if (code == BARK_OK && !expansion_flush(&out, 0))
        code = bark_fail(&own, BARK_ERR_LIMIT, in.len,
                         "[SECURITY row 24] the body expands to more than its limit");
    free(packed);
    if (code == BARK_ERR_LIMIT && !e.over) {
        own = (struct bark_error){ 0 };
        code = bark_fail(&own, BARK_ERR_MEMORY, 0, "no memory for the answer");
    }
    if (code != BARK_OK && err && err->code == BARK_OK)
        *err = own;
    return code;
}

enum bark_code bark_client_answer_expand(struct bark_client *c, struct bark_exchange_answer *answer,
                                         struct bark_error *err)
{
    struct bark_exchange *x = c->now;
    struct bark_slice value;
    enum bark_code code;
    bool encoded;
    const bool readable =
        bark_http_content_coding(&x->reader, c->receiver ? NULL : c->coding, &encoded) || !answer->body.len;
    if (!readable) {
        code = bark_fail(err, BARK_ERR_HTTP, 0,
                         "[RFC9110 8.4] the answer is in a content coding that was not asked for");
        if (err && bark_http_field(&x->reader, "Content-Encoding", &value) > 0)
            bark_report_add(err->found, sizeof err->found, value);
        return code;
    }
    if (!encoded || !answer->body.len)
        return BARK_OK;
    code = body_expand(c, x, err);
    answer->body = (struct bark_slice){ x->body, code == BARK_OK ? x->body_len : 0 };
    return code;
}

void bark_client_request_compress(struct bark_client *c, struct bark_exchange_request *request)
{
    struct bark_out out;
    uint8_t *packed;
    if (!c->coding || !c->compress_bytes || request->body_len < c->compress_bytes || c->outgoing)
        return;
    packed = malloc(request->body_len);
    if (!packed)
        return; /* as it is, then */
    bark_out_init(&out, packed, request->body_len);
    if (c->coding->encode((struct bark_slice){ request->room + request->room_len, request->body_len },
                          &out) &&
        out.pos < request->body_len) {
        memcpy(request->room + request->room_len, packed, out.pos);
        request->body_len = out.pos;
        request->coding = c->coding->name;
    }
    free(packed);
}
