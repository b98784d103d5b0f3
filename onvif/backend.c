/* onvif/backend.c - the device's state in memory, and the one way to change it. */
#include "backend.h"

#include "faults.h"

#include <string.h>

bool onvif_text_set(char *field, size_t size, struct bark_text text)
{
    if (text.len >= size)
        return false;
    memset(field, 0, size);
    if (text.len)
        memcpy(field, text.ptr, text.len);
    return true;
}

void onvif_backend_init(struct onvif_backend *backend)
{
    /* [ONVIF-CORE, Hello, Scopes] wants fixed entries of hardware, name and profile. A profile is not
     * claimed: the device implements none of them wholly. */
    static const char *const fixed[] = {
        "onvif://www.onvif.org/hardware/Soapbark-Reference",
        "onvif://www.onvif.org/name/Soapbark",
    };
    struct onvif_state *s = &backend->state;
    *backend = (struct onvif_backend){ .address = "127.0.0.1" };
    (void)onvif_text_set(s->manufacturer, sizeof s->manufacturer, bark_text("Soapbark"));
    (void)onvif_text_set(s->model, sizeof s->model, bark_text("Reference device"));
    (void)onvif_text_set(s->firmware_version, sizeof s->firmware_version, bark_text("0.1.0"));
    (void)onvif_text_set(s->serial_number, sizeof s->serial_number, bark_text("0001"));
    (void)onvif_text_set(s->hardware_id, sizeof s->hardware_id, bark_text("soapbark-reference"));
    (void)onvif_text_set(s->hostname, sizeof s->hostname, bark_text("soapbark"));
    (void)onvif_text_set(s->time_zone, sizeof s->time_zone, bark_text("UTC0"));
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        struct onvif_scope *scope = &s->scopes[s->scope_count++];
        (void)onvif_text_set(scope->item, sizeof scope->item, bark_text(fixed[i]));
        scope->fixed = true;
    }
}

void onvif_backend_lock(struct onvif_backend *backend)
{
    if (!backend->lock)
        return;
    (void)pthread_mutex_lock(backend->lock);
    if (backend->refresh)
        backend->refresh(backend->context, &backend->state);
}

void onvif_backend_unlock(struct onvif_backend *backend)
{
    if (backend->lock)
        (void)pthread_mutex_unlock(backend->lock);
}

struct onvif_backend *onvif_backend_copy(struct bark_call *call, struct onvif_backend *backend)
{
    struct onvif_backend *copy = bark_call_alloc(call, 1, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *backend;
    copy->original = backend;
    return copy;
}

const struct onvif_backend *onvif_backend_of(const struct bark_call *call)
{
    return call->user;
}

struct onvif_state *onvif_draft(struct bark_call *call)
{
    struct onvif_state *draft = bark_call_alloc(call, 1, sizeof *draft);
    if (draft)
        *draft = onvif_backend_of(call)->state;
    return draft;
}

enum bark_code onvif_commit(struct bark_call *call, const struct onvif_state *draft)
{
    struct onvif_backend *backend = call->user;
    if (backend->save && !backend->save(backend->context, draft))
        return bark_call_fault(call, BARK_FAULT_RECEIVER, &onvif_action, NULL,
                               "The setting could not be saved");
    backend->state = *draft;
    if (backend->original)
        backend->original->state = *draft;
    return BARK_OK;
}
