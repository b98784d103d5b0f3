/* wsdl/parcels_service.h - the handlers of parcels.wsdl, for the test in one process and for the server of
 * the peers.
 */
#ifndef PARCELS_SERVICE_H
#define PARCELS_SERVICE_H

#include "parcels.h"

static inline enum bark_code parcels_quote(const struct p_QuoteIn *in, struct p_Quote *out,
                                           struct bark_call *call)
{
    if (in->grams <= 0)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "a parcel weighs something, not %d grams",
                               (int)in->grams);
    out->cents = in->grams / 10 * (in->service == p_Service_fast ? 3 : 1);
    out->service = in->service;
    out->note.items = in->notes.items;
    out->note.count = in->notes.count;
    out->volume = 1;
    for (size_t i = 0; i < in->sizes.count; i++)
        out->volume *= in->sizes.items[i];
    return BARK_OK;
}

static inline enum bark_code parcels_status(const struct p_StatusIn *in, struct p_Status *out,
                                            struct bark_call *call)
{
    out->code = in->code;
    out->where = in->place;
    out->asked = bark_call_printf(call, "%s", call->host.ptr ? call->host.ptr : "");
    return BARK_OK;
}

static inline enum bark_code parcels_label(const struct p_LabelIn *in, struct p_LabelOut *out,
                                           struct bark_call *call)
{
    out->label = bark_call_printf(call, "* %s *\n", in->text.ptr);
    return BARK_OK;
}

static inline enum bark_code parcels_count(struct p_CountOut *out, struct bark_call *call)
{
    (void)call;
    out->count = 42;
    return BARK_OK;
}

static inline enum bark_code parcels_order(const struct p_Order *in, struct p_Status *out,
                                           struct bark_call *call)
{
    out->code = bark_call_printf(call, "AA%d", (int)in->grams);
    out->where = in->to;
    out->asked = bark_text("");
    return BARK_OK;
}

/* Says nothing of the secret. */
static inline enum bark_code parcels_box(const struct p_BoxIn *in, struct p_Status *out,
                                         struct bark_call *call)
{
    if (in->box_secret.len < 4)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "the box stays shut");
    out->code = in->code;
    out->where = bark_text("open");
    out->asked = bark_text("");
    return BARK_OK;
}

static inline enum bark_code parcels_note(const struct p_NoteIn *in, struct bark_call *call)
{
    if (bark_text_equal(in->text, "fail"))
        return bark_call_fault(call, BARK_FAULT_RECEIVER, NULL, NULL, "no ink");
    return BARK_OK;
}

/* The picture comes back, and the texts are those that the tests send. */
static inline enum bark_code parcels_picture(const struct p_PictureIn *in, struct p_PictureOut *out,
                                             struct bark_call *call)
{
    for (size_t i = 0; i < in->notes.count; i++)
        if (bark_text_equal(in->notes.items[i], "fail"))
            return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "%zu notes, %zu sizes, code %s",
                                   in->notes.count, in->sizes.count, in->code.ptr);
    out->picture = in->picture;
    return BARK_OK;
}

/* The scan comes back; the remark counts what came. */
static inline enum bark_code parcels_letter(const struct p_LetterIn *in, struct p_LetterOut *out,
                                            struct bark_call *call)
{
    if (bark_text_equal(in->seal.colour, "none"))
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "%s has no seal", in->code.ptr);
    out->Status.code = in->code;
    out->Status.where = in->Order.to;
    out->Status.asked = in->seal.colour;
    out->copy = in->scan;
    out->remark = bark_call_printf(call, "%d pages, %d grams, %zu octets, \xc3\xa4", (int)in->pages,
                                   (int)in->Order.grams, in->scan.len);
    return BARK_OK;
}

static inline enum bark_code parcels_seal(const struct p_SealIn *in, struct p_Seal *out,
                                          struct bark_call *call)
{
    (void)call;
    out->colour = in->colour;
    out->mark = bark_text("*");
    return BARK_OK;
}

static const struct p_ParcelsGet_handlers parcels_get_handlers = { parcels_quote, parcels_status,
                                                                   parcels_label, parcels_count,
                                                                   parcels_box };
static const struct p_ParcelsPost_handlers parcels_post_handlers = {
    parcels_quote, parcels_order, parcels_note, parcels_box, parcels_picture, parcels_letter, parcels_seal
};

/* Of the two port types, the one that answers GET and the one that answers POST and SOAP, at one path. */
static inline struct bark_service parcels_service(const struct bark_image *image, bool post)
{
    struct bark_service s = { .path = "/parcels", .image = image, .http = &bark_http_binding };
    s.service_row = post ? p_ParcelsPost_row : p_ParcelsGet_row;
    s.dispatch = post ? p_ParcelsPost_dispatch : p_ParcelsGet_dispatch;
    s.handlers = post ? (const void *)&parcels_post_handlers : (const void *)&parcels_get_handlers;
    return s;
}

#endif
