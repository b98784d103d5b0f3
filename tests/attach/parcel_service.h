/* attach/parcel_service.h - the handlers of parcel.wsdl: Send says what its attachments are and answers with
 * one, Peek sends one of a type that the note names, Plain has none.
 */
#ifndef PARCEL_SERVICE_H
#define PARCEL_SERVICE_H

#include "parcel.h"

#include <string.h>

static inline enum bark_code parcel_plain(const struct par_Plain *in, struct par_PlainResponse *out,
                                          struct bark_call *call)
{
    out->Bytes = (int64_t)(in->Note.len + call->attachment_count);
    return BARK_OK;
}

/* A note of "nothing" is answered without the receipt that the WSDL asks for. */
static inline enum bark_code parcel_send(const struct par_Send *in, struct par_SendResponse *out,
                                         struct bark_call *call)
{
    const struct bark_attachment *photo = par_Parcel_Send_photo_of(call),
                                 *list = par_Parcel_Send_Stu00FCckliste_of(call);
    if (!photo || !list)
        return bark_call_fault(call, BARK_FAULT_RECEIVER, NULL, NULL, "judged, and not there");
    out->Bytes = (int64_t)(photo->content.len * 1000 + list->content.len);
    if (!bark_text_equal(in->Note, "nothing"))
        par_Parcel_Send_answer_receipt_attach(call, (struct bark_text){ NULL, 0 }, photo->content);
    return BARK_OK;
}

static inline enum bark_code parcel_peek(const struct par_Peek *in, struct par_Seen *out,
                                         struct bark_call *call)
{
    static const uint8_t octets[] = "\x89PNG\r\n--b\r\n.";
    par_Parcel_Peek_answer_photo_attach(call, in->Label, (struct bark_bytes){ octets, sizeof octets - 1 });
    out->Bytes = sizeof octets - 1;
    return BARK_OK;
}

static const struct par_Parcel_handlers parcel_handlers = { .Plain = parcel_plain,
                                                            .Send = parcel_send,
                                                            .Peek = parcel_peek };

static inline struct bark_service parcel_service(const struct bark_image *image, const char *path)
{
    return (struct bark_service){ .path = path,
                                  .image = image,
                                  .service_row = par_Parcel_row,
                                  .dispatch = par_Parcel_dispatch,
                                  .handlers = &parcel_handlers,
                                  .attachments = &bark_soap_attachments,
                                  .parts = par_Parcel_parts };
}

#endif
