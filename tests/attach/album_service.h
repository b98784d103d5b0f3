/* attach/album_service.h - the handlers of album.wsdl: Store says what came, Fetch sends what was asked for.
 */
#ifndef ALBUM_SERVICE_H
#define ALBUM_SERVICE_H

#include "album.h"

#include <pthread.h>
#include <string.h>

enum { ALBUM_ICON = 16 };

/* Octet i of everything that Fetch sends. */
static inline uint8_t album_octet(size_t i)
{
    return (uint8_t)(i * 31 + (i >> 8));
}

static inline uint32_t album_sum(uint32_t sum, struct bark_bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        sum = sum * 31 + b.ptr[i];
    return sum;
}

static inline enum bark_code album_store(const struct tns_Store *in, struct tns_StoreResponse *out,
                                         struct bark_call *call)
{
    struct bark_text list = bark_text("");
    out->Bytes = (int64_t)(in->Picture.len + in->Icon.len + in->Seal.len);
    out->Sum = album_sum(album_sum(album_sum(0, in->Picture), in->Icon), in->Seal);
    for (size_t i = 0; i < in->Page.count; i++) {
        out->Bytes += (int64_t)in->Page.items[i].len;
        out->Sum = album_sum(out->Sum, in->Page.items[i]);
    }
    if (in->Extra) {
        out->Bytes += (int64_t)in->Extra->value.len;
        out->Sum = album_sum(out->Sum, in->Extra->value);
    }
    for (size_t i = 0; i < call->attachment_count; i++) {
        const struct bark_attachment *a = &call->attachments[i];
        list = bark_call_printf(call, "%s[%s %s %u%s]", list.ptr, a->content_id.ptr ? a->content_id.ptr : "-",
                                a->content_type.ptr ? a->content_type.ptr : "-", (unsigned)a->content.len,
                                a->included ? " included" : "");
    }
    out->Attachments = list;
    return BARK_OK;
}

static inline struct bark_bytes album_octets(struct bark_call *call, size_t len)
{
    uint8_t *octets = bark_call_alloc(call, len, 1);
    for (size_t i = 0; octets && i < len; i++)
        octets[i] = album_octet(i);
    return (struct bark_bytes){ octets, octets ? len : 0 };
}

static inline enum bark_code album_fetch(const struct tns_Fetch *in, struct tns_FetchResponse *out,
                                         struct bark_call *call)
{
    const struct bark_bytes octets = album_octets(call, (size_t)in->Size);
    if (in->has_Attach && in->Attach) {
        struct bark_text id = bark_call_attach(call, bark_text("image/x-test"), octets);
        out->Href = bark_call_printf(call, "cid:%s", id.ptr ? id.ptr : "");
        return BARK_OK;
    }
    out->Picture = octets;
    out->Page.count = in->has_Pages ? (size_t)in->Pages : 0;
    out->Page.items = bark_call_alloc(call, out->Page.count, sizeof *out->Page.items);
    for (size_t i = 0; i < out->Page.count && out->Page.items; i++)
        out->Page.items[i] = octets;
    return BARK_OK;
}

/* Fetch waits until there was a Store, and says which request it is: for a server that has it on a worker. */
struct album_gate {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool open;
};

static inline enum bark_code album_fetch_late(const struct tns_Fetch *in, struct tns_FetchResponse *out,
                                              struct bark_call *call)
{
    struct album_gate *gate = call->user;
    (void)in;
    (void)pthread_mutex_lock(&gate->lock);
    while (!gate->open)
        (void)pthread_cond_wait(&gate->opened, &gate->lock);
    (void)pthread_mutex_unlock(&gate->lock);
    out->Href =
        bark_call_printf(call, "request %s", call->request_id.len ? call->request_id.ptr : "without id");
    return BARK_OK;
}

static inline enum bark_code album_store_open(const struct tns_Store *in, struct tns_StoreResponse *out,
                                              struct bark_call *call)
{
    struct album_gate *gate = call->user;
    (void)pthread_mutex_lock(&gate->lock);
    gate->open = true;
    (void)pthread_cond_broadcast(&gate->opened);
    (void)pthread_mutex_unlock(&gate->lock);
    return album_store(in, out, call);
}

static const struct tns_Album_handlers album_gate_handlers = { .Store = album_store_open,
                                                               .Fetch = album_fetch_late };

static const struct tns_Album_handlers album_handlers = { .Store = album_store, .Fetch = album_fetch };

static inline struct bark_service album_service(const struct bark_image *image, const char *path, bool loose)
{
    return (struct bark_service){ .path = path,
                                  .image = image,
                                  .service_row = tns_Album_row,
                                  .dispatch = tns_Album_dispatch,
                                  .handlers = &album_handlers,
                                  .attachments = &bark_soap_attachments,
                                  .loose_attachments = loose };
}

#endif
