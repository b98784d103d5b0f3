/* model/model_fuzz.c - any bytes as a WSDL or XSD: messages, never a crash, and no pointer missing that the
 * model promises.
 */
#include "load/load.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static bool data_read(void *context, const char *path, char **text, size_t *size)
{
    const struct bark_slice *data = context;
    if (strcmp(path, "input") != 0)
        return false;
    *text = malloc(data->len + 1);
    if (!*text)
        return false;
    if (data->len)
        memcpy(*text, data->ptr, data->len);
    (*text)[data->len] = '\0';
    *size = data->len;
    return true;
}

static void type_expect(const struct soapc_model *m, const struct soapc_type *t)
{
    expect(t->index < m->type_count && m->types[t->index] == t);
    expect(t->name.ns != NULL);
    expect(t->name.local != NULL || t->context != NULL);
    expect(t->base != NULL || t->index == SOAPC_BUILTIN_ANY_TYPE);
    if (t->complex) {
        expect(t->content != SOAPC_CONTENT_SIMPLE || (t->value && !t->value->complex));
        expect(t->content != SOAPC_CONTENT_ELEMENTS || t->particle);
    } else {
        expect(t->variety != SOAPC_LIST || t->item);
        expect(t->variety != SOAPC_UNION || t->member_count > 0);
    }
    for (size_t i = 0; i < t->attributes.count; i++)
        expect(t->attributes.items[i]->attribute && t->attributes.items[i]->attribute->type);
    for (size_t i = 0; t->particle && i < t->particle->count; i++) {
        const struct soapc_particle *p = t->particle->items[i];
        expect(p->kind != SOAPC_PARTICLE_ELEMENT || (p->element && p->element->type));
        expect(p->kind != SOAPC_PARTICLE_ANY || p->wildcard);
        expect(p->min <= p->max);
    }
}

static void model_expect(const struct soapc_model *m)
{
    for (size_t i = 0; i < m->type_count; i++)
        type_expect(m, m->types[i]);
    for (size_t i = 0; i < m->element_count; i++)
        expect(m->elements[i]->type && m->elements[i]->name.local);
    for (size_t i = 0; i < m->binding_count; i++)
        for (size_t n = 0; n < m->bindings[i]->count; n++)
            expect(m->bindings[i]->operations[n]->operation && m->bindings[i]->operations[n]->action);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bark_slice in = { data, size };
    struct soapc_load_options options = { .read = data_read, .context = &in, .memory_max = 32 << 20 };
    struct soapc_diag *diag = soapc_diag_new();
    uint8_t printed[4096];
    struct bark_out out;
    if (!diag)
        return 0;
    struct soapc_documents *docs = soapc_load("input", &options, diag);
    struct soapc_model *model = docs ? soapc_model_new(docs) : NULL;
    soapc_documents_free(docs);
    expect(model || diag->error_count > 0 || diag->out_of_memory);
    if (model)
        model_expect(model);
    bark_out_init(&out, printed, sizeof printed);
    soapc_diag_print(diag, &out);
    soapc_model_free(model);
    soapc_diag_free(diag);
    return 0;
}
