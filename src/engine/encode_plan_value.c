/* engine/encode_plan_value.c - values by a plan whose kinds are not the most common ones.
 *
 * Texts without spaces, URIs of the usual schemes, names, times and durations have a way of their own here,
 * for their usual forms. Everything else is asked of the type, as encode_run.c does.
 */
#ifndef BARK_COMPACT

#include "engine/encode_plan_value.h"

#include "engine/encode_run_value.h"
#include "xml/chars.h"

static_assert((int)BARK_PLAN_FORM_MAX >= (int)FORM_MAX, "what value_put() takes for granted");

BARK_INLINE uint8_t *plain_put(const struct bark_text *text, unsigned flags, uint8_t *to)
{
    return bark_xml_short_put(to, (const uint8_t *)text->ptr, text->len, flags) ? to + text->len : NULL;
}

/* Texts without a space, which no white space treatment changes; of URIs, those that have nothing to check
 * but their scheme, which is one of two. */
static uint8_t *token_put(const struct bark_text *text, bool uri, enum bark_xml_place in, uint8_t *to)
{
    const unsigned flags = bark_plan_short_flags(in);
    if (!text->ptr || text->len - 1 >= BARK_XML_SHORT_MAX)
        return NULL;
    if (!uri)
        return plain_put(text, flags | BARK_XML_SHORT_ONE, to);
    if (text->len < 8 || (memcmp(text->ptr, "http://", 7) != 0 && memcmp(text->ptr, "https://", 8) != 0))
        return NULL;
    return plain_put(text, flags | BARK_XML_SHORT_ONE | BARK_XML_SHORT_URI, to);
}

/* A name whose prefix the root declares. */
static uint8_t *name_put(const struct bark_encoder *e, const struct bark_qname *name, enum bark_xml_place in,
                         uint8_t *to, const uint8_t *end)
{
    const struct bark_slice uri = { (const uint8_t *)name->ns.ptr, name->ns.len };
    const struct bark_slice local = { (const uint8_t *)name->local.ptr, name->local.len };
    struct bark_slice prefix = { NULL, 0 };
    if (uri.len > 0 && (prefix = bark_encode_prefix(e, uri)).len == 0)
        return NULL;
    if (local.len - 1 >= BARK_XML_SHORT_MAX || !bark_xml_is_name(local, BARK_XML_NCNAME) ||
        prefix.len > (size_t)(end - to) - BARK_PLAN_FORM_MAX)
        return NULL;
    if (prefix.len) {
        memcpy(to, prefix.ptr, prefix.len);
        to += prefix.len;
        *to++ = ':';
    }
    return bark_xml_short_put(to, local.ptr, local.len, bark_plan_short_flags(in)) ? to + local.len : NULL;
}

uint8_t *bark_plan_value_put(struct bark_encoder *e, const struct bark_plan_field *f, const void *member,
                             enum bark_xml_place in, uint8_t *to, const uint8_t *end)
{
    uint8_t *at = NULL;
    if (f->value == BARK_PLAN_TOKEN || f->value == BARK_PLAN_URI)
        at = token_put(member, f->value == BARK_PLAN_URI, in, to);
    else if (f->value == BARK_PLAN_NAME)
        at = name_put(e, member, in, to, end);
    else if (f->value == BARK_PLAN_DURATION)
        at = bark_duration_form(to, member);
    else if (f->value == BARK_PLAN_TIME)
        at = bark_time_form(to, (enum bark_kind)f->type->kind, member);
    return at ? at : value_put(e, f->type, member, in, to, end);
}

#endif
