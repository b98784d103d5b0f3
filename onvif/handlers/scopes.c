/* handlers/scopes.c - GetScopes and SetScopes: the URIs under which a device can be found.
 *
 * Fixed scopes are the maker's and stay; SetScopes replaces all the others. A request that names a fixed
 * scope is refused as ter:ScopeOverwrite, so that no part of a request is dropped in silence.
 */
#include "handlers.h"

enum bark_code onvif_GetScopes(const struct tds_GetScopes *in, struct tds_GetScopesResponse *out,
                               struct bark_call *call)
{
    (void)in;
    const struct onvif_state *state = &onvif_backend_of(call)->state;
    struct tt_Scope *items = bark_call_alloc(call, state->scope_count, sizeof *items);
    if (!items)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < state->scope_count; i++) {
        items[i].ScopeDef =
            state->scopes[i].fixed ? tt_ScopeDefinition_Fixed : tt_ScopeDefinition_Configurable;
        items[i].ScopeItem = bark_text(state->scopes[i].item);
    }
    out->Scopes.items = items;
    out->Scopes.count = state->scope_count;
    return BARK_OK;
}

static const struct onvif_scope *scope_find(const struct onvif_state *state, struct bark_text item)
{
    for (size_t i = 0; i < state->scope_count; i++)
        if (bark_text_equal(item, state->scopes[i].item))
            return &state->scopes[i];
    return NULL;
}

static void configurable_remove(struct onvif_state *state)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->scope_count; i++)
        if (state->scopes[i].fixed)
            state->scopes[kept++] = state->scopes[i];
    state->scope_count = kept;
}

static enum bark_code scope_add(struct bark_call *call, struct onvif_state *draft, struct bark_text item)
{
    const struct onvif_scope *same = scope_find(draft, item);
    if (same && same->fixed)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_operation_prohibited, &onvif_scope_overwrite,
                               "The scope is fixed and cannot be set");
    if (same)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, NULL,
                               "A scope is given twice");
    if (item.len == 0 || item.len >= ONVIF_SCOPE_TEXT)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, NULL,
                               "A scope has 1 to %d bytes", ONVIF_SCOPE_TEXT - 1);
    if (draft->scope_count == ONVIF_SCOPES)
        return bark_call_fault(call, BARK_FAULT_RECEIVER, &onvif_action, &onvif_too_many_scopes,
                               "The device holds %d scopes", ONVIF_SCOPES);
    struct onvif_scope *scope = &draft->scopes[draft->scope_count++];
    scope->fixed = false;
    return onvif_text_set(scope->item, sizeof scope->item, item) ? BARK_OK : BARK_ERR_LIMIT;
}

enum bark_code onvif_SetScopes(const struct tds_SetScopes *in, struct tds_SetScopesResponse *out,
                               struct bark_call *call)
{
    (void)out;
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
    configurable_remove(draft);
    for (size_t i = 0; i < in->Scopes.count; i++) {
        enum bark_code code = scope_add(call, draft, in->Scopes.items[i]);
        if (code)
            return code;
    }
    return onvif_commit(call, draft);
}
