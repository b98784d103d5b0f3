/* soap/parts.c - the parts of a message that a WSDL binds beside the envelope: which attachment is which.
 *
 * The name of a part stands in the Content-ID of its attachment, as `name=something@somewhere` with what may
 * not stand there as %XX [WSI-AP10 R2933]. Senders from before that profile choose their identifiers freely.
 * So where no attachment of the message names a part, and there are as many as the WSDL binds, they are taken
 * in the order of the WSDL; in every other case a part has the attachment that names it, or none.
 */
#include "soap/parts.h"

#include "base/digits.h"
#include "base/report.h"
#include "base/slice.h"

#include <string.h>

static struct bark_slice slice_of(const char *text, size_t len)
{
    return (struct bark_slice){ (const uint8_t *)text, len };
}

static bool id_names(struct bark_text id, const char *name)
{
    struct bark_slice left = slice_of(id.ptr, id.len);
    uint8_t c;
    for (; *name && left.len && left.ptr[0] != '='; name++)
        if (!bark_percent_take(&left, &c) || c != (uint8_t)*name)
            return false;
    return *name == '\0' && left.len > 1 && left.ptr[0] == '=';
}

/* [WSI-AP10 R2933] What may not stand in the name before the '=' is written as %XX. */
void bark_part_id_write(struct bark_out *id, const char *name)
{
    for (; *name; name++) {
        const uint8_t c = (uint8_t)*name;
        const uint8_t letter = c | 0x20;
        if ((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.') {
            bark_out_byte(id, c);
            continue;
        }
        bark_out_byte(id, '%');
        bark_out_byte(id, bark_hex_upper[c >> 4]);
        bark_out_byte(id, bark_hex_upper[c & 15]);
    }
    bark_out_byte(id, '=');
}

/* ---- media types ---- */

/* The next range of a list, without parameters; false at its end. */
static bool range_take(const char **list, struct bark_slice *range)
{
    const char *at = *list;
    bool quoted = false;
    while (*at == ' ' || *at == ',')
        at++;
    *range = slice_of(at, 0);
    while (*at && *at != ';' && *at != ',' && *at != ' ')
        at++;
    range->len = (size_t)(at - (const char *)range->ptr);
    for (; *at && (quoted || *at != ','); at++)
        quoted ^= *at == '"';
    *list = at;
    return range->len > 0;
}

/* [RFC9110 12.5.1] A star stands for any subtype, or for everything. */
static bool range_takes(struct bark_slice range, struct bark_slice type)
{
    size_t i = 0;
    if (range.len == 3 && memcmp(range.ptr, "*/*", 3) == 0)
        return true;
    while (i < range.len && i < type.len && bark_byte_lower(range.ptr[i]) == bark_byte_lower(type.ptr[i]))
        i++;
    if (i == range.len)
        return i == type.len;
    return range.len - i == 1 && range.ptr[i] == '*' && i > 0 && range.ptr[i - 1] == '/';
}

static bool type_fits(const struct bark_part *part, struct bark_text content_type)
{
    const char *list = part->types;
    struct bark_mime_type type = { .media_type = { NULL, 0 } };
    struct bark_slice range;
    if (!list || !list[0])
        return true;
    if (content_type.ptr && !bark_mime_type_read(slice_of(content_type.ptr, content_type.len), &type))
        return false;
    while (range_take(&list, &range))
        if (range_takes(range, type.media_type))
            return true;
    return false;
}

struct bark_text bark_part_type(const struct bark_part *part, struct bark_text given)
{
    const char *list = part->types;
    struct bark_slice range;
    if (given.ptr)
        return given;
    while (list && range_take(&list, &range))
        if (!memchr(range.ptr, '*', range.len))
            return (struct bark_text){ (const char *)range.ptr, range.len };
    list = part->types;
    if (list && range_take(&list, &range) && bark_mime_is(range, "text/*"))
        return bark_text("text/plain");
    return bark_text("application/octet-stream");
}

/* ---- which is which ---- */

static const struct bark_attachment *part_find(const struct bark_parts *parts, size_t index,
                                               const struct bark_attachment *attachments, size_t count)
{
    const struct bark_attachment *found = NULL, *at_index = NULL;
    size_t free_count = 0;
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        const struct bark_attachment *a = &attachments[i];
        if (a->included)
            continue;
        for (size_t p = 0; p < parts->count; p++) {
            if (!id_names(a->content_id, parts->items[p].name))
                continue;
            named = true;
            if (p == index && found)
                return NULL; /* two of one name: either could be meant */
            if (p == index)
                found = a;
        }
        if (free_count++ == index)
            at_index = a;
    }
    return named || free_count != parts->count ? found : at_index;
}

const struct bark_attachment *bark_part_find(const struct bark_parts *parts, size_t index,
                                             const struct bark_attachment *attachments, size_t count)
{
    const struct bark_attachment *a = part_find(parts, index, attachments, count);
    return a && type_fits(&parts->items[index], a->content_type) ? a : NULL;
}

/* ---- both sides of a server ---- */

static enum bark_code part_refuse(struct bark_error *err, enum bark_code code, const char *rule,
                                  const char *expected, struct bark_text found)
{
    if (err->code != BARK_OK)
        return code;
    (void)bark_fail(err, code, 0, rule);
    bark_report_expect(err, slice_of(expected, strlen(expected)));
    bark_report_add(err->found, sizeof err->found, slice_of(found.ptr, found.len));
    return code;
}

static const struct bark_text nothing;

enum bark_code bark_soap_parts_judge(const struct bark_parts *bound, const struct bark_soap_package *p,
                                     bool loose, struct bark_error *err)
{
    size_t claimed = 0, free_count = 0;
    for (size_t i = 0; i < bound->count; i++) {
        const struct bark_attachment *a = part_find(bound, i, p->parts, p->count);
        if (!a)
            return part_refuse(err, BARK_ERR_MISSING, "[WSDL11 5.3] a part that the WSDL binds did not come",
                               bound->items[i].name, nothing);
        if (!type_fits(&bound->items[i], a->content_type))
            return part_refuse(err, BARK_ERR_UNEXPECTED,
                               "[WSDL11 5.3] a part has another media type than the WSDL binds",
                               bound->items[i].types, a->content_type);
        claimed++;
    }
    for (size_t i = 0; i < p->count; i++)
        free_count += !p->parts[i].included;
    /* [XOP 5] What nothing refers to is content that nobody judged: only for handlers that ask for it. */
    if (free_count > claimed && !loose)
        return bark_fail(err, BARK_ERR_UNEXPECTED, 0,
                         "[SECURITY row 22] a part of the message is not the value of any member");
    return BARK_OK;
}

enum bark_code bark_soap_parts_complete(const struct bark_parts *bound, const struct bark_soap_parts *p,
                                        struct bark_error *err)
{
    for (size_t i = 0; i < bound->count; i++) {
        const struct bark_soap_part *part = p->first;
        while (part && !id_names(part->content_id, bound->items[i].name))
            part = part->next;
        if (!part)
            return part_refuse(err, BARK_ERR_MISSING,
                               "[WSDL11 5.3] the answer lacks a part that the WSDL binds beside it",
                               bound->items[i].name, nothing);
    }
    return BARK_OK;
}
