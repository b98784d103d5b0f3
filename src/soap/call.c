/* soap/call.c - what a handler may do with its call: make texts and room in the arena, answer with a fault.
 *
 * A full arena is noted once in call->error; the answer is a fault then, so handlers stay free of checks and
 * no member goes missing in silence.
 */
#include "soapbark/soap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum bark_code memory_fail(struct bark_call *call)
{
    return bark_fail(&call->error, BARK_ERR_MEMORY, 0, "the call's memory budget is used up");
}

void *bark_call_alloc(struct bark_call *call, size_t count, size_t size)
{
    void *room = bark_arena_alloc(call->arena, count, size);
    if (!room)
        (void)memory_fail(call);
    return room;
}

struct bark_text bark_call_text(struct bark_call *call, const char *text, size_t len)
{
    struct bark_text t = { bark_arena_text(call->arena, text, len), len };
    if (t.ptr)
        return t;
    (void)memory_fail(call);
    return (struct bark_text){ 0 };
}

static struct bark_text text_format(struct bark_call *call, const char *format, va_list args)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 0)))
#endif
    ;

static struct bark_text text_format(struct bark_call *call, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    struct bark_text t = { 0 };
    int needed = vsnprintf(NULL, 0, format, args);
    char *room = needed < 0 ? NULL : bark_call_alloc(call, (size_t)needed + 1, 1);
    if (room) {
        vsnprintf(room, (size_t)needed + 1, format, again);
        t = (struct bark_text){ room, (size_t)needed };
    }
    va_end(again);
    return t;
}

struct bark_text bark_call_printf(struct bark_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct bark_text t = text_format(call, format, args);
    va_end(args);
    return t;
}

enum bark_code bark_call_fault(struct bark_call *call, enum bark_fault_code code,
                               const struct bark_fault_subcode *sub, const struct bark_fault_subcode *subsub,
                               const char *reason, ...)
{
    va_list args;
    size_t n = 0;
    call->fault = (struct bark_fault){ .code = code, .detail_root = BARK_NONE };
    if (sub)
        call->fault.subcodes[n++] = *sub;
    if (subsub)
        call->fault.subcodes[n] = *subsub;
    va_start(args, reason);
    call->fault.reason = text_format(call, reason, args);
    va_end(args);
    if (!call->fault.reason.ptr)
        call->fault.reason = bark_text("the operation failed");
    return BARK_ERR_FAULT;
}

enum bark_code bark_call_fault_detail(struct bark_call *call, uint16_t root, const void *detail)
{
    assert(bark_root_type(call->service->image, root) != BARK_NONE);
    call->fault.detail_root = root;
    call->fault.detail = detail;
    return BARK_ERR_FAULT;
}

enum bark_code bark_call_fault_header(struct bark_call *call, uint16_t root, const void *header)
{
    assert(bark_root_type(call->service->image, root) != BARK_NONE);
    call->fault.header_root = root;
    call->fault.header = header;
    return BARK_ERR_FAULT;
}

enum bark_code bark_call_not_implemented(struct bark_call *call)
{
    if (!call->service->not_implemented)
        return bark_call_fault(call, BARK_FAULT_RECEIVER, NULL, NULL, "the operation is not implemented");
    call->fault = *call->service->not_implemented;
    return BARK_ERR_FAULT;
}
