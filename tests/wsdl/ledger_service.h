/* wsdl/ledger_service.h - the handlers of ledger.wsdl, for the test in one process and for the server of the
 * peers.
 */
#ifndef LEDGER_SERVICE_H
#define LEDGER_SERVICE_H

#include "ledger.h"

static inline enum bark_code ledger_post(const struct l_Post *in, struct l_PostResponse *out,
                                         struct bark_call *call)
{
    const size_t count = in->entries.item.count;
    if (count == 0)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "account %s: no entries",
                               in->account.ptr);
    for (size_t i = 0; i < count; i++)
        out->sum += in->entries.item.items[i].cents;
    out->last = in->entries.item.items[count - 1];
    return BARK_OK;
}

static inline enum bark_code ledger_names(const struct l_Names *in, struct l_NamesResponse *out,
                                          struct bark_call *call)
{
    const size_t count = in->count > 0 && in->count < 100 ? (size_t)in->count : 0;
    struct bark_text *names = bark_call_alloc(call, count, sizeof *names);
    if (!names)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        names[i] = bark_call_printf(call, "name <%zu>", i);
    out->names.item.items = names;
    out->names.item.count = count;
    return BARK_OK;
}

static inline enum bark_code ledger_total(const struct l_Total *in, struct l_TotalResponse *out,
                                          struct bark_call *call)
{
    (void)call;
    for (size_t i = 0; i < in->table.item.count; i++)
        for (size_t k = 0; k < in->table.item.items[i].item.count; k++)
            out->sum += in->table.item.items[i].item.items[k];
    return BARK_OK;
}

/* All of a slip in one line. */
static inline enum bark_code ledger_file(const struct l_File *in, struct l_FileResponse *out,
                                         struct bark_call *call)
{
    const struct l_Slip *slip = &in->slip;
    const struct l_Slip_choice *paid = &slip->choice;
    out->line = slip->text;
    for (size_t i = 0; i < slip->tag.count; i++)
        out->line = bark_call_printf(call, "%s %s", out->line.ptr,
                                     slip->tag.nil && slip->tag.nil[i] ? "-" : slip->tag.items[i].ptr);
    out->line = paid->which == l_Slip_choice_is_cash
                    ? bark_call_printf(call, "%s cash %d", out->line.ptr, (int)paid->cash)
                    : bark_call_printf(call, "%s card %s until %d", out->line.ptr, paid->sequence.card.ptr,
                                       (int)paid->sequence.until.month);
    for (size_t i = 0; i < slip->stamp.count; i++)
        out->line = bark_call_printf(call, "%s %d", out->line.ptr, (int)slip->stamp.items[i]);
    return BARK_OK;
}

static const struct l_Ledger_handlers ledger_handlers = { ledger_post, ledger_names, ledger_total,
                                                          ledger_file };

static inline struct bark_service ledger_service(const struct bark_image *image)
{
    return (struct bark_service){ .path = "/ledger",
                                  .image = image,
                                  .service_row = l_Ledger_row,
                                  .dispatch = l_Ledger_dispatch,
                                  .handlers = &ledger_handlers };
}

#endif
