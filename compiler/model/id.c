/* model/id.c - the id attributes of a schema document: of type ID, so no two alike [XSD1 A, XML10 3.3.1].
 *
 * Descriptions (WSDL) are left alone: copies of a schema inside one file are common there, and nothing
 * refers to an id.
 */
#include "model/build.h"

#include <stdlib.h>

struct id {
    const char *text; /* interned */
    uint32_t at;
};

static int id_compare(const void *x, const void *y)
{
    const struct id *a = x, *b = y;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

static void document_check(struct soapc_builder *b, const struct soapc_document *doc)
{
    struct id *ids = NULL;
    size_t count = 0, cap = 0;
    for (struct soapc_node *node = doc->root; node; node = soapc_node_next(node)) {
        if (!node->text[SOAPC_TEXT_id].ptr)
            continue;
        struct id *id = SOAPC_PUSH(b, ids, count, cap);
        *id = (struct id){ soapc_intern(b, node->text[SOAPC_TEXT_id]), node->at };
    }
    if (count)
        qsort(ids, count, sizeof *ids, id_compare);
    for (size_t i = 1; i < count; i++) {
        if (ids[i].text != ids[i - 1].text)
            continue;
        soapc_error(b->diag, SOAPC_E_DUPLICATE, soapc_attribute_place(b->diag, doc->file, ids[i].at, "id"),
                    "the id '%s' stands here twice", ids[i].text);
        soapc_note(b->diag, (struct soapc_place){ doc->file, ids[i - 1].at }, "the one before is here");
    }
}

void soapc_ids_check(struct soapc_builder *b)
{
    for (size_t d = 0; d < b->docs->count; d++)
        if (b->docs->items[d].root && b->docs->items[d].kind == SOAPC_DOCUMENT_SCHEMA)
            document_check(b, &b->docs->items[d]);
}
