/* judge/ids.c - every ID stands once in a document, and every IDREF names one [XSD1 3.3.4, 3.15.4].
 *
 * Both are gathered and sorted at the end: a hash table keyed by the document would be the document's to slow
 * down [R7].
 */
#include "judge/walk.h"

#include <stdlib.h>
#include <string.h>

struct id {
    struct bark_slice text;
    size_t offset;
};

static int ids_compare(const void *a, const void *b)
{
    const struct id *x = a, *y = b;
    const size_t len = x->text.len < y->text.len ? x->text.len : y->text.len;
    const int order = len ? memcmp(x->text.ptr, y->text.ptr, len) : 0;
    if (order)
        return order;
    return x->text.len < y->text.len ? -1 : x->text.len > y->text.len;
}

static enum bark_code id_add(struct judge *j, struct judge_list *list, struct bark_slice text, size_t offset)
{
    struct id *id = soapc_judge_grow(j, list, sizeof *id);
    if (!id)
        return j->r.failed;
    *id = (struct id){ text, offset };
    return BARK_OK;
}

static bool is_of(const struct soapc_type *type, enum soapc_builtin builtin)
{
    return type->variety == SOAPC_ATOMIC && type->builtin == builtin;
}

/* One value, of an atomic type or a union: then as its member has it. */
static enum bark_code word_add(struct judge *j, const struct soapc_type *type, struct bark_slice word,
                               size_t offset)
{
    type = soapc_key_member(j, type, word);
    if (!type)
        return soapc_judge_full(j);
    if (is_of(type, SOAPC_BUILTIN_ID))
        return id_add(j, &j->ids, word, offset);
    return is_of(type, SOAPC_BUILTIN_IDREF) ? id_add(j, &j->idrefs, word, offset) : BARK_OK;
}

/* Every word of a list. */
static enum bark_code words_add(struct judge *j, const struct soapc_type *item, struct bark_slice text,
                                size_t offset)
{
    while (text.len) {
        const uint8_t *space = memchr(text.ptr, ' ', text.len);
        const size_t len = space ? (size_t)(space - text.ptr) : text.len;
        if (len && word_add(j, item, (struct bark_slice){ text.ptr, len }, offset) != BARK_OK)
            return j->r.failed;
        text.ptr += space ? len + 1 : len;
        text.len -= space ? len + 1 : len;
    }
    return BARK_OK;
}

/* Types whose values may be IDs or refer to some; a union is looked into when there is a value. */
static bool may_be_id(const struct soapc_type *type)
{
    return is_of(type, SOAPC_BUILTIN_ID) || is_of(type, SOAPC_BUILTIN_IDREF) || type->variety == SOAPC_UNION;
}

enum bark_code soapc_judge_id(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                              size_t offset)
{
    const struct soapc_type *member = soapc_key_member(j, type, text);
    const struct soapc_type *item;
    if (!member)
        return soapc_judge_full(j);
    item = member->variety == SOAPC_LIST ? member->item : member;
    if (!may_be_id(item))
        return BARK_OK;
    if (!soapc_key_text(j, member, text, &text))
        return soapc_judge_full(j);
    return words_add(j, item, text, offset);
}

enum bark_code soapc_judge_ids_end(struct judge *j)
{
    struct id *ids = j->ids.items;
    const struct id *refs = j->idrefs.items;
    if (j->ids.count)
        qsort(ids, j->ids.count, sizeof *ids, ids_compare);
    for (size_t i = 1; i < j->ids.count; i++)
        if (ids_compare(&ids[i - 1], &ids[i]) == 0)
            return bark_xml_fail_found(&j->r, BARK_ERR_UNEXPECTED,
                                       ids[i - 1].offset > ids[i].offset ? ids[i - 1].offset : ids[i].offset,
                                       "[XSD1 3.3.4] an ID stands once in a document", ids[i].text);
    for (size_t i = 0; i < j->idrefs.count; i++)
        if (!j->ids.count || !bsearch(&refs[i], ids, j->ids.count, sizeof *ids, ids_compare))
            return bark_xml_fail_found(&j->r, BARK_ERR_MISSING, refs[i].offset,
                                       "[XSD1 3.3.4] no ID in the document has the name of this IDREF",
                                       refs[i].text);
    return BARK_OK;
}
