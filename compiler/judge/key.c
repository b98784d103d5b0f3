/* judge/key.c - values as bytes, so that equal values have equal bytes [XSD1 3.11.4].
 *
 * Types of different primitives have no equal values [XSD2 2.2.1], so the bytes start with the primitive. A
 * decimal is written without sign and zeros that say nothing, floats as the nearest double's digits. Times
 * and durations are compared as they are written: two zones for one instant count as two values.
 */
#include "judge/walk.h"

#include "model/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* [XSD2 4.3.6] 0 preserve, 1 replace, 2 collapse. */
static uint64_t white_space(const struct soapc_type *type)
{
    for (size_t i = 0; i < type->facets.count; i++)
        if (type->facets.items[i].kind == BARK_FACET_WHITESPACE)
            return type->facets.items[i].number;
    return type->variety != SOAPC_ATOMIC || type->builtin > SOAPC_BUILTIN_NORMALIZED_STRING ? 2 : 0;
}

bool soapc_key_text(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                    struct bark_slice *out)
{
    const uint64_t white = white_space(type);
    uint8_t *copy;
    size_t len = 0;
    *out = text;
    if (white == 0 || text.len == 0)
        return true;
    copy = bark_arena_alloc(j->arena, text.len, 1);
    if (!copy)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const bool blank = is_blank(text.ptr[i]);
        if (blank && white == 2 && (len == 0 || copy[len - 1] == ' '))
            continue;
        copy[len++] = blank ? ' ' : text.ptr[i];
    }
    if (white == 2 && len && copy[len - 1] == ' ')
        len--;
    *out = (struct bark_slice){ copy, len };
    return true;
}

/* The primitive type below. */
static enum soapc_builtin primitive(const struct soapc_model *model, enum soapc_builtin builtin)
{
    const struct soapc_type *t = model->types[builtin];
    while (t->base && t->base->index > SOAPC_BUILTIN_ANY_SIMPLE_TYPE && t->variety == SOAPC_ATOMIC)
        t = t->base;
    return (enum soapc_builtin)t->index;
}

/* [XSD2 3.2.3.2] */
static size_t decimal_write(struct bark_slice s, char *out)
{
    const bool minus = s.len && s.ptr[0] == '-';
    const uint8_t *dot;
    size_t len = 0;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = (struct bark_slice){ s.ptr + 1, s.len - 1 };
    while (s.len && s.ptr[0] == '0')
        s = (struct bark_slice){ s.ptr + 1, s.len - 1 };
    dot = s.len ? memchr(s.ptr, '.', s.len) : NULL;
    while (dot && (s.ptr[s.len - 1] == '0' || s.ptr[s.len - 1] == '.')) {
        s.len--;
        if (s.ptr + s.len == dot)
            break;
    }
    if (s.len && minus)
        out[len++] = '-';
    if (s.len)
        memcpy(out + len, s.ptr, s.len);
    return len + s.len;
}

/* At most this many bytes more than the text. */
enum { KEY_MORE = SOAPC_VALUE_BYTES };

static size_t value_write(enum soapc_builtin id, struct bark_slice s, char *out)
{
    size_t len = soapc_value_bytes(id, s, out);
    if (len)
        return len;
    switch (id) {
    case SOAPC_BUILTIN_DECIMAL:
        return decimal_write(s, out);
    case SOAPC_BUILTIN_BOOLEAN:
        out[0] = judge_same(s, "true") || judge_same(s, "1") ? '1' : '0';
        return 1;
    case SOAPC_BUILTIN_FLOAT:
    case SOAPC_BUILTIN_DOUBLE:
        if (s.len)
            memcpy(out, s.ptr, s.len);
        out[s.len] = '\0';
        if (judge_same(s, "NaN"))
            return s.len;
        /* -0 equals 0 */
        return (size_t)snprintf(out, KEY_MORE, "%.17g",
                                (id == SOAPC_BUILTIN_FLOAT ? (double)strtof(out, NULL) : strtod(out, NULL)) +
                                    0.0);
    case SOAPC_BUILTIN_HEX_BINARY:
    case SOAPC_BUILTIN_BASE64_BINARY:
        for (size_t i = 0; i < s.len; i++)
            if (!is_blank(s.ptr[i]))
                out[len++] =
                    (char)(id == SOAPC_BUILTIN_HEX_BINARY && s.ptr[i] >= 'a' ? s.ptr[i] - 0x20 : s.ptr[i]);
        return len;
    default:
        break;
    }
    if (s.len)
        memcpy(out, s.ptr, s.len);
    return s.len;
}

/* The member of a union that takes the text: the first one [XSD2 2.5.1.3]. */
static const struct soapc_type *member_find(const struct soapc_type *type, const char *text)
{
    size_t steps = 0;
    while (type->variety == SOAPC_UNION && type->member_count && steps++ < UINT16_MAX) {
        const struct soapc_type *found = type->members[type->member_count - 1];
        for (size_t i = 0; i < type->member_count; i++)
            if (soapc_value_fits(type->members[i], text)) {
                found = type->members[i];
                break;
            }
        type = found;
    }
    return type;
}

/* A QName as {namespace}local, by the prefixes in scope. */
static bool name_resolve(struct judge *j, struct bark_slice s, struct bark_slice *out)
{
    const uint8_t *colon = s.len ? memchr(s.ptr, ':', s.len) : NULL;
    const size_t prefix = colon ? (size_t)(colon - s.ptr) : 0, skip = colon ? prefix + 1 : 0;
    struct bark_slice uri = { NULL, 0 };
    uint8_t *bytes;
    if (!bark_xml_lookup(&j->r, (struct bark_slice){ s.ptr, prefix }, &uri))
        uri.len = 0; /* the tables refuse such a prefix where they know the type */
    bytes = bark_arena_alloc(j->arena, uri.len + s.len + 2, 1);
    if (!bytes)
        return false;
    *out = (struct bark_slice){ bytes, 0 };
    bytes[out->len++] = '{';
    if (uri.len)
        memcpy(bytes + out->len, uri.ptr, uri.len);
    out->len += uri.len;
    bytes[out->len++] = '}';
    if (s.len > skip)
        memcpy(bytes + out->len, s.ptr + skip, s.len - skip);
    out->len += s.len - skip;
    return true;
}

const struct soapc_type *soapc_key_member(struct judge *j, const struct soapc_type *type,
                                          struct bark_slice text)
{
    const char *copy = type->variety == SOAPC_UNION ? bark_arena_text(j->arena, text.ptr, text.len) : NULL;
    if (type->variety != SOAPC_UNION)
        return type;
    return copy ? member_find(type, copy) : NULL;
}

/* A value of an atomic type, its white space as the type has it. */
static bool atom_make(struct judge *j, const struct soapc_type *type, struct bark_slice s,
                      struct bark_slice *key)
{
    const enum soapc_builtin id =
        type->variety == SOAPC_ATOMIC ? primitive(j->model, type->builtin) : SOAPC_BUILTIN_ANY_SIMPLE_TYPE;
    char *out;
    if ((id == SOAPC_BUILTIN_QNAME || id == SOAPC_BUILTIN_NOTATION) && !name_resolve(j, s, &s))
        return false;
    out = bark_arena_alloc(j->arena, s.len + KEY_MORE, 1);
    if (!out)
        return false;
    out[0] = (char)id;
    *key = (struct bark_slice){ (const uint8_t *)out, 1 + value_write(id, s, out + 1) };
    return true;
}

/* The item type of a list, of a built-in one too; NULL for other types. */
static const struct soapc_type *item_type(const struct soapc_type *type)
{
    return type->variety == SOAPC_LIST ? type->item : NULL;
}

/* The keys of the items, in a list that grows. */
static bool list_make(struct judge *j, const struct soapc_type *item, struct bark_slice s,
                      struct bark_slice *key)
{
    struct judge_list bytes = { 0 };
    uint8_t *mark = soapc_judge_grow(j, &bytes, 1);
    if (!mark)
        return false;
    *mark = SOAPC_BUILTIN_ANY_SIMPLE_TYPE;
    while (s.len) {
        const uint8_t *space = memchr(s.ptr, ' ', s.len);
        const size_t len = space ? (size_t)(space - s.ptr) : s.len;
        const struct bark_slice text = { s.ptr, len };
        const struct soapc_type *type = soapc_key_member(j, item, text);
        struct bark_slice one;
        if (!type || !atom_make(j, type, text, &one))
            return false;
        for (size_t i = 0; i < sizeof one.len + one.len; i++) {
            uint8_t *to = soapc_judge_grow(j, &bytes, 1);
            if (!to)
                return false;
            *to = one.ptr[i < sizeof one.len ? 0 : i - sizeof one.len];
            if (i < sizeof one.len)
                *to = (uint8_t)(one.len >> 8 * i & 0xff);
        }
        s.ptr += space ? len + 1 : len;
        s.len -= space ? len + 1 : len;
    }
    *key = (struct bark_slice){ bytes.items, bytes.count };
    return true;
}

bool soapc_key_make(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                    struct bark_slice *key)
{
    struct bark_slice s;
    type = soapc_key_member(j, type, text);
    if (!type || !soapc_key_text(j, type, text, &s))
        return false;
    return item_type(type) ? list_make(j, item_type(type), s, key) : atom_make(j, type, s, key);
}
