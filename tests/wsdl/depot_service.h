/* wsdl/depot_service.h - the handlers of depot.wsdl, for the test in one process and for the server of the
 * peers.
 */
#ifndef DEPOT_SERVICE_H
#define DEPOT_SERVICE_H

#include "depot.h"

#include <string.h>

struct depot {
    unsigned low, jotted;
    int32_t line;
};

/* Who asks is in the Session header; without one nobody gets anything. */
static inline enum bark_code depot_take(const struct d_Take *in, struct d_TakeResponse *out,
                                        struct bark_call *call)
{
    const struct d_Depot_Take_headers *headers = d_Depot_Take_headers_of(call);
    struct d_Quota *quota = bark_call_alloc(call, 1, sizeof *quota);
    if (!quota)
        return BARK_ERR_MEMORY;
    if (!headers->Session)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "no session");
    if (bark_text_equal(headers->Session->User, "late")) {
        struct d_SessionExpired *expired = bark_call_alloc(call, 1, sizeof *expired);
        if (!expired)
            return BARK_ERR_MEMORY;
        expired->User = headers->Session->User;
        (void)bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "the session is over");
        return bark_call_fault_header(call, d_SessionExpired_root, expired);
    }
    out->Taken = in->Count;
    out->By = bark_call_printf(call, "%s/%s/%u", headers->Session->User.ptr,
                               headers->Locale ? headers->Locale->ptr : "-", headers->must_understand);
    quota->Left = 100 - in->Count;
    d_Depot_Take_answer_headers_of(call)->Quota = quota;
    d_Depot_Take_answer_headers_of(call)->must_understand = in->Count == 7;
    return BARK_OK;
}

static inline enum bark_code depot_find_name(const struct d_FindByName *in, struct d_FindResponse *out,
                                             struct bark_call *call)
{
    out->Where = bark_call_printf(call, "name %s", in->Name.ptr);
    return BARK_OK;
}

static inline enum bark_code depot_find_code(const struct d_FindByCode *in, struct d_FindResponse *out,
                                             struct bark_call *call)
{
    out->Where = bark_call_printf(call, "code %d", (int)in->Code);
    return BARK_OK;
}

static inline enum bark_code depot_low(const struct d_Low *in, struct bark_call *call)
{
    struct depot *depot = call->user;
    depot->low += in->Item.len > 0;
    return BARK_OK;
}

static inline enum bark_code depot_confirm(const struct d_Ask *in, struct d_AskResponse *out,
                                           struct bark_call *call)
{
    (void)call;
    out->Yes = bark_text_equal(in->Order, "small");
    return BARK_OK;
}

static inline enum bark_code counter_add(const struct d_Add *in, struct d_AddResponse *out,
                                         struct bark_call *call)
{
    (void)call;
    out->sum = in->a + in->b;
    return BARK_OK;
}

static inline enum bark_code counter_add_three(const struct d_Add_2 *in, struct d_AddResponse_2 *out,
                                               struct bark_call *call)
{
    (void)call;
    out->sum = in->a + in->b + in->c;
    return BARK_OK;
}

static inline enum bark_code counter_jot(const struct d_Jot *in, struct bark_call *call)
{
    struct depot *depot = call->user;
    depot->jotted += bark_text_equal(in->Note, "remember");
    depot->line = in->line;
    return BARK_OK;
}

static const struct d_Depot_handlers depot_handlers = { .Take = depot_take,
                                                        .Find = depot_find_name,
                                                        .Find_2 = depot_find_code,
                                                        .LowStock = depot_low,
                                                        .Confirm = depot_confirm };
static const struct d_Counter_handlers counter_handlers = { .Add = counter_add,
                                                            .Add_2 = counter_add_three,
                                                            .Jot = counter_jot };

static inline struct bark_service depot_service(const struct bark_image *image, struct depot *depot)
{
    return (struct bark_service){ .path = "/depot",
                                  .image = image,
                                  .service_row = d_Depot_row,
                                  .dispatch = d_Depot_dispatch,
                                  .handlers = &depot_handlers,
                                  .user = depot };
}

static inline struct bark_service counter_service(const struct bark_image *image, struct depot *depot)
{
    return (struct bark_service){ .path = "/counter",
                                  .image = image,
                                  .service_row = d_Counter_row,
                                  .dispatch = d_Counter_dispatch,
                                  .handlers = &counter_handlers,
                                  .user = depot };
}

#endif
