/* engine/value_enum.c - enumerations of strings, as the generated C enum.
 *
 * The image lists the texts in schema order; the C value is the place in that list, from 1. [XSD2 4.3.5]
 */
#include "base/bytes.h"
#include "engine/value_kind.h"
#include "xml/parts.h"

#include <string.h>

BARK_INLINE struct bark_slice enumerator_text(const struct bark_value_call *call, uint32_t value)
{
    const struct bark_image *image = call->scope->image;
    return bark_image_name(image, image->lists[call->type->first + value - 1]);
}

static void enum_set(const struct bark_type_row *type, void *member, uint32_t value)
{
    if (type->size == 1)
        *(uint8_t *)member = (uint8_t)value;
    else if (type->size == 2)
        *(uint16_t *)member = (uint16_t)value;
    else
        *(uint32_t *)member = value;
}

static enum bark_code enum_refuse(const struct bark_value_call *call, enum bark_code code)
{
    struct bark_value_error *error = call->error;
    const size_t room = sizeof error->expected / sizeof *error->expected;
    uint32_t value;
    for (value = 1; BARK_HAS_REPORT && value <= call->type->count && error->expected_count < room; value++)
        error->expected[error->expected_count++] = enumerator_text(call, value);
    error->expected_more = call->type->count > room;
    return bark_value_refuse(call, code, "[XSD2 4.3.5] the value is not one of the enumeration");
}

/* The place of a text in the list, from 1, or 0. */
BARK_INLINE uint32_t enumerator_find(const struct bark_value_call *call, struct bark_slice text)
{
    uint32_t value;
    for (value = 1; value <= call->type->count; value++) {
        const struct bark_slice candidate = enumerator_text(call, value);
        if (candidate.len == text.len && bark_bytes_equal(candidate.ptr, text.ptr, text.len))
            return value;
    }
    return 0;
}

enum bark_code bark_enum_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const uint32_t value = enumerator_find(call, text);
    if (value == 0)
        return enum_refuse(call, BARK_ERR_FACET);
    enum_set(call->type, member, value);
    return BARK_OK;
}

#ifndef BARK_COMPACT

const uint8_t *bark_enum_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                               void *member)
{
    const unsigned plain = BARK_XML_TEXT_BYTE | BARK_XML_VALUE_BYTE; /* stands for itself, wherever it is */
    struct bark_slice text = { at, 0 };
    uint32_t value;
    while (text.len < BARK_QUICK_AHEAD - 1 && (bark_xml_classes[at[text.len]] & plain) == plain)
        text.len++;
    if (at[text.len] != stop || !(value = enumerator_find(call, text)))
        return NULL;
    enum_set(call->type, member, value);
    return at + text.len;
}

#endif

enum bark_code bark_enum_judge(const struct bark_value_call *call, const void *member,
                               struct bark_slice *text)
{
    const uint32_t value = bark_enum_get(call->type, member);
    *text = (struct bark_slice){ NULL, 0 };
    if (value == 0 || value > call->type->count)
        return enum_refuse(call, BARK_ERR_FACET);
    *text = enumerator_text(call, value);
    return BARK_OK;
}

enum bark_code bark_enum_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    struct bark_slice text;
    const enum bark_code code = bark_enum_judge(call, member, &text);
    if (code == BARK_OK)
        bark_text_put(out, text);
    return code;
}

struct bark_slice bark_enum_text(const struct bark_value_call *call, const void *member)
{
    return enumerator_text(call, bark_enum_get(call->type, member));
}
