/* engine/decode_assess.c - wildcard content judged by the schema: processContents and xs:anyType.
 *
 * A program keeps what a wildcard takes as it comes. A validator must look inside: content of a strict
 * wildcard needs a declaration, content of a lax one is judged by a declaration if there is one
 * [XSD1 3.10.4]. An image for that starts its wildcards with a row of mode DECLARED, which names the global
 * declarations (T38). Only host programs make such images; without that row nothing here runs.
 */
#include "engine/decode.h"

#include <string.h>

/* Entries of the DECLARED row's list. */
enum { ENTRY_UNDECLARED, ENTRY_ELEMENTS, ENTRY_ATTRIBUTES };

bool bark_assess_is_on(const struct bark_image *image)
{
    return image->wildcard_count > 0 && image->wildcards[0].mode == BARK_WILDCARD_DECLARED;
}

static uint16_t entry(const struct bark_image *image, size_t n)
{
    return image->lists[image->wildcards[0].first + n];
}

/* The global declaration of a name: an ELEMENT field of the group, or an ATTRIBUTE field of the struct. */
static const struct bark_field_row *declaration_find(const struct bark_decoder *d, size_t which,
                                                     enum bark_field_kind kind,
                                                     const struct bark_xml_name *name)
{
    const uint16_t type = entry(d->image, which);
    uint32_t i;
    if (type == BARK_NONE)
        return NULL;
    for (i = 0; i < d->image->types[type].count; i++) {
        const struct bark_field_row *f = &d->image->fields[d->image->types[type].first + i];
        if (bark_field_kind(d->image, f) == kind &&
            bark_name_is(d->image, name, f->name, bark_field_ns(d->image, f)))
            return f;
    }
    return NULL;
}

static bool has_xsi_type(const struct bark_xml_event *ev)
{
    static const char type[] = "type";
    size_t i;
    for (i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_name *name = &ev->attributes[i].name;
        if (name->ns == BARK_NS_XSI && name->local.len == sizeof type - 1 &&
            memcmp(name->local.ptr, type, sizeof type - 1) == 0)
            return true;
    }
    return false;
}

enum bark_code bark_assess_declared(struct bark_decoder *d, const struct bark_xml_event *ev,
                                    enum bark_process process, const struct bark_field_row **f,
                                    uint16_t *type)
{
    *f = declaration_find(d, ENTRY_ELEMENTS, BARK_FIELD_ELEMENT, &ev->name);
    *type = *f ? (*f)->type : entry(d->image, ENTRY_UNDECLARED);
    if (*f || process != BARK_PROCESS_STRICT || has_xsi_type(ev))
        return BARK_OK;
    return bark_xml_fail_found(
        d->r, BARK_ERR_UNEXPECTED, ev->offset,
        "[XSD1 3.10.4, 5.2] the schema has no declaration of this element, and one is needed here",
        ev->name.local);
}

enum bark_code bark_assess_attribute(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                     enum bark_process process)
{
    const struct bark_field_row *f;
    uint8_t *room;
    if (process == BARK_PROCESS_SKIP)
        return BARK_OK;
    f = declaration_find(d, ENTRY_ATTRIBUTES, BARK_FIELD_ATTRIBUTE, &a->name);
    if (!f && process == BARK_PROCESS_LAX)
        return BARK_OK;
    if (!f)
        return bark_attribute_fail(
            d, a, BARK_ERR_UNEXPECTED,
            "[XSD1 3.10.4] a strict wildcard takes declared attributes only; this one is not", a->name.local);
    room = bark_arena_alloc(d->r->arena, 1, d->image->types[f->type].size);
    return room ? bark_attribute_read(d, f, a, room) : bark_decode_full(d);
}
