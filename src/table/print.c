/* table/print.c - prints an image: sizes first, then types with their fields, then what can be a message.
 *
 *     type 14 struct s:Item sequence size 456 align 8 presence 440
 *       @token type 0 string at 0 required
 *       s:Tag type 0 string at 264 required repeated 2..4
 *     root 0 s:Item type 14
 *     operation 0 GetItem input 1 output 0 faults 2 soap11 soap12 action "urn:sample/GetItem"
 */
#include "table/print.h"

#include "base/digits.h"

#include <assert.h>

static const char *const facet_names[] = {
    "length",         "minLength",    "maxLength",    "pattern",      "enumeration",
    "minInclusive",   "maxInclusive", "minExclusive", "maxExclusive", "totalDigits",
    "fractionDigits", "whiteSpace",   "media",
};
static_assert(sizeof facet_names / sizeof *facet_names == BARK_FACET_COUNT, "a new facet needs its name");

static const char *const model_names[] = { "none", "sequence", "choice", "all", "value", "raw", "typed" };

/* Text between quotes, control characters and quotes as \xNN, so that a line stays a line. */
static void text_print(struct bark_out *o, struct bark_slice text)
{
    size_t i;
    for (i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f) {
            bark_out_byte(o, c);
        } else {
            bark_out_text(o, "\\x");
            bark_out_byte(o, bark_hex_lower[c >> 4]);
            bark_out_byte(o, bark_hex_lower[c & 15]);
        }
    }
}

static void quoted_print(struct bark_out *o, const uint8_t *text, size_t len)
{
    bark_out_byte(o, '"');
    text_print(o, (struct bark_slice){ text, len });
    bark_out_byte(o, '"');
}

/* " LABEL NUMBER". */
static void number_print(struct bark_out *o, const char *label, uint64_t value)
{
    bark_out_byte(o, ' ');
    bark_out_text(o, label);
    bark_out_byte(o, ' ');
    bark_out_u64(o, value);
}

static void signed_print(struct bark_out *o, int64_t value)
{
    if (value < 0)
        bark_out_byte(o, '-');
    bark_out_u64(o, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* "prefix:local"; names are printed as they are, they come from a compiler. */
static void local_print(struct bark_out *o, const struct bark_image *im, uint8_t ns, struct bark_slice local)
{
    const struct bark_namespace_row *row = &im->namespaces[ns];
    bark_out_put(o, im->pool + row->prefix, row->prefix_len);
    if (row->prefix_len)
        bark_out_byte(o, ':');
    bark_out_put(o, local.ptr, local.len);
}

static void name_print(struct bark_out *o, const struct bark_image *im, uint8_t ns, uint16_t name)
{
    local_print(o, im, ns, bark_image_name(im, name));
}

static void bits_print(struct bark_out *o, const struct bark_image *im, const struct bark_field_row *f)
{
    static const struct {
        uint16_t bit;
        const char *text;
    } names[] = {
        { BARK_F_REQUIRED, " required" }, { BARK_F_REPEATED, " repeated" }, { BARK_F_POINTER, " pointer" },
        { BARK_F_NILLABLE, " nillable" }, { BARK_F_SECRET, " secret" },     { BARK_F_DIVIDES, " divides" },
        { BARK_F_DIVIDED, " divided" },
    };
    const struct bark_trait_row *t = bark_field_trait(im, f);
    const struct bark_extra_row *extra = t->extra == BARK_NONE ? NULL : &im->extras[t->extra];
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        if (t->bits & names[i].bit)
            bark_out_text(o, names[i].text);
    }
    if (t->has != BARK_NO_HAS)
        number_print(o, "has", t->has);
    if (extra && t->bits & BARK_F_OCCURS) {
        number_print(o, "occurs", extra->occurs_min);
        bark_out_text(o, "..");
        if (extra->occurs_max != UINT32_MAX)
            bark_out_u64(o, extra->occurs_max);
    }
    if (extra && t->bits & (BARK_F_DEFAULT | BARK_F_FIXED)) {
        bark_out_text(o, t->bits & BARK_F_DEFAULT ? " default " : " fixed ");
        quoted_print(o, im->pool + extra->text, extra->text_len);
    }
}

static void field_print(struct bark_out *o, const struct bark_image *im, const struct bark_field_row *f)
{
    static const char *const labels[] = { "",      "@",         "(value)",    "(group)", "(any",
                                          "@(any", "(content)", "(position)", "(type) " };
    const enum bark_field_kind kind = bark_field_kind(im, f);
    bark_out_text(o, "  ");
    bark_out_text(o, labels[kind]);
    if (kind == BARK_FIELD_ELEMENT || kind == BARK_FIELD_ATTRIBUTE || kind == BARK_FIELD_TYPE) {
        name_print(o, im, bark_field_ns(im, f), f->name);
    } else if (kind == BARK_FIELD_ANY || kind == BARK_FIELD_ANY_ATTRIBUTE) {
        number_print(o, "wildcard", f->name);
        bark_out_byte(o, ')');
    }
    if (f->type != BARK_NONE) {
        number_print(o, "type", f->type);
        bark_out_byte(o, ' ');
        bark_out_text(o, bark_kind_name(im->types[f->type].kind));
    }
    number_print(o, "at", f->offset);
    bits_print(o, im, f);
    bark_out_byte(o, '\n');
}

static void facets_print(struct bark_out *o, const struct bark_image *im, const struct bark_type_row *t)
{
    uint32_t i;
    for (i = t->extra; i < (uint32_t)t->extra + t->presence; i++) {
        const struct bark_facet_row *facet = &im->facets[i];
        bark_out_text(o, "  ");
        bark_out_text(o, facet_names[facet->kind]);
        bark_out_byte(o, ' ');
        if (facet->text_len)
            quoted_print(o, im->pool + facet->text, facet->text_len);
        else
            signed_print(o, facet->value);
        bark_out_byte(o, '\n');
    }
}

static void firsts_print(struct bark_out *o, const struct bark_image *im, const struct bark_type_row *t)
{
    uint32_t i;
    bark_out_text(o, "  opens with");
    for (i = t->extra; i < (uint32_t)t->extra + t->name; i++) {
        const struct bark_first_row *first = &im->firsts[i];
        if (first->kind == BARK_FIELD_ANY) {
            number_print(o, "wildcard", first->name);
        } else {
            bark_out_byte(o, ' ');
            name_print(o, im, first->ns, first->name);
        }
    }
    bark_out_byte(o, '\n');
}

/* What a value type refers to: enumeration texts, item type, member types. */
static void parts_print(struct bark_out *o, const struct bark_image *im, const struct bark_type_row *t)
{
    uint32_t i;
    if (t->kind == BARK_KIND_LIST)
        number_print(o, "of type", t->first);
    for (i = t->first; i < (uint32_t)t->first + t->count; i++) {
        const struct bark_slice text =
            t->kind == BARK_KIND_ENUM ? bark_image_name(im, im->lists[i]) : (struct bark_slice){ NULL, 0 };
        bark_out_byte(o, ' ');
        if (t->kind == BARK_KIND_ENUM)
            quoted_print(o, text.ptr, text.len);
        else
            bark_out_u64(o, im->lists[i]);
    }
    bark_out_byte(o, '\n');
    facets_print(o, im, t);
}

static void struct_print(struct bark_out *o, const struct bark_image *im, const struct bark_type_row *t)
{
    uint32_t i;
    bark_out_byte(o, ' ');
    bark_out_text(o, model_names[t->model]);
    number_print(o, "align", (uint64_t)8 >> ((t->flags & BARK_TYPE_ALIGN) >> 4));
    number_print(o, t->model == BARK_MODEL_CHOICE || t->model == BARK_MODEL_TYPED ? "which" : "presence",
                 t->presence);
    bark_out_text(o, t->flags & BARK_TYPE_ABSTRACT ? " abstract" : "");
    bark_out_text(o, t->flags & BARK_TYPE_NULLABLE ? " nullable" : "");
    bark_out_text(o, t->flags & BARK_TYPE_MIXED ? " mixed" : "");
    bark_out_text(o, t->kind == BARK_KIND_STRUCT && (t->flags & BARK_TYPE_ARRAY) ? " array" : "");
    bark_out_byte(o, '\n');
    if (t->kind == BARK_KIND_GROUP)
        firsts_print(o, im, t);
    for (i = t->first; i < (uint32_t)t->first + t->count; i++)
        field_print(o, im, &im->fields[i]);
}

static void type_print(struct bark_out *o, const struct bark_image *im, uint32_t index)
{
    const struct bark_type_row *t = &im->types[index];
    bark_out_text(o, "type ");
    bark_out_u64(o, index);
    bark_out_byte(o, ' ');
    bark_out_text(o, bark_kind_name(t->kind));
    if (t->kind != BARK_KIND_GROUP && t->name != BARK_NONE) {
        bark_out_byte(o, ' ');
        name_print(o, im, t->ns, t->name);
    }
    number_print(o, "size", t->size);
    if (t->model == BARK_MODEL_NONE)
        parts_print(o, im, t);
    else
        struct_print(o, im, t);
}

static void wildcard_print(struct bark_out *o, const struct bark_image *im, uint32_t index)
{
    static const char *const modes[] = { " any", " not", " list", " declared" };
    static const char *const processes[] = { " strict", " lax", " skip" };
    const struct bark_wildcard_row *w = &im->wildcards[index];
    uint32_t i;
    bark_out_text(o, "wildcard ");
    bark_out_u64(o, index);
    bark_out_text(o, modes[w->mode]);
    bark_out_text(o, processes[w->process]);
    bark_out_text(o, w->drop ? " drop" : "");
    for (i = w->first; i < (uint32_t)w->first + w->count; i++)
        number_print(o, w->mode == BARK_WILDCARD_DECLARED ? "type" : "namespace", im->lists[i]);
    bark_out_byte(o, '\n');
}

static void root_print(struct bark_out *o, const struct bark_image *im, uint16_t root)
{
    const struct bark_joined name = bark_root_name(im, root);
    uint32_t i;
    bark_out_text(o, "root ");
    bark_out_u64(o, root);
    bark_out_byte(o, ' ');
    local_print(o, im, bark_root_ns(im, root), name.head);
    bark_out_text(o, name.tail.len ? "+" : "");
    bark_out_put(o, name.tail.ptr, name.tail.len);
    number_print(o, "type", bark_root_type(im, root));
    bark_out_text(o, bark_root_bits(im, root) & BARK_F_NILLABLE ? " nillable" : "");
    bark_out_text(o, bark_root_bits(im, root) & BARK_F_SECRET ? " secret" : "");
    bark_out_text(o, " uses");
    for (i = 0; i < 64; i++) {
        if (bark_root_namespaces(im, root) >> i & 1) {
            bark_out_byte(o, ' ');
            bark_out_u64(o, i);
        }
    }
    bark_out_byte(o, '\n');
}

static void header_roots_print(struct bark_out *o, const char *what, const uint16_t *roots, uint16_t count)
{
    uint16_t i;
    for (i = 0; i < count; i++)
        number_print(o, what, roots[i]);
}

static void operation_print(struct bark_out *o, const struct bark_image *im, uint32_t index)
{
    const struct bark_operation_row *op = &im->operations[index];
    const struct bark_slice name = bark_operation_name(im, (uint16_t)index);
    const uint16_t output = bark_operation_output(im, (uint16_t)index);
    const struct bark_header_roots h = bark_image_headers(im, (uint16_t)index);
    const struct bark_joined action = bark_operation_action(im, (uint16_t)index);
    const uint16_t *binding = bark_operation_binding(im, (uint16_t)index);
    const unsigned flags = bark_operation_flags(im, (uint16_t)index);
    uint32_t i;
    bark_out_text(o, "operation ");
    bark_out_u64(o, index);
    bark_out_byte(o, ' ');
    bark_out_put(o, name.ptr, name.len);
    if (op->input != BARK_NONE)
        number_print(o, "input", op->input);
    if (output != BARK_NONE)
        number_print(o, "output", output);
    for (i = 0; i < binding[BARK_BINDING_FAULTS]; i++)
        number_print(o, "fault", binding[BARK_BINDING_ENTRIES + i]);
    header_roots_print(o, "header", h.input, h.input_count);
    header_roots_print(o, "answer-header", h.output, h.output_count);
    header_roots_print(o, "header-fault", h.faults, h.fault_count);
    bark_out_text(o, flags & BARK_OPERATION_OUTBOUND ? " outbound" : "");
    bark_out_text(o, flags & BARK_OPERATION_ONE_WAY ? " one-way" : "");
    bark_out_text(o, flags & BARK_OPERATION_RPC ? " rpc" : "");
    bark_out_text(o, flags & BARK_OPERATION_ENCODED ? " encoded" : "");
    bark_out_text(o, flags & BARK_OPERATION_SOAP11 ? " soap11" : "");
    bark_out_text(o, flags & BARK_OPERATION_SOAP12 ? " soap12" : "");
    bark_out_text(o, bark_operation_is_http(im, (uint16_t)index) ? " http" : "");
    bark_out_text(o, " action ");
    bark_out_byte(o, '"');
    text_print(o, action.head);
    text_print(o, action.tail);
    bark_out_byte(o, '"');
    bark_out_byte(o, '\n');
}

static void service_print(struct bark_out *o, const struct bark_image *im, uint32_t index)
{
    const struct bark_service_row *s = &im->services[index];
    bark_out_text(o, "service ");
    bark_out_u64(o, index);
    bark_out_byte(o, ' ');
    name_print(o, im, s->ns, s->name);
    number_print(o, "operations from", s->first);
    number_print(o, "count", s->count);
    bark_out_text(o, " address ");
    quoted_print(o, im->pool + s->address, s->address_len);
    bark_out_byte(o, '\n');
}

static void http_print(struct bark_out *o, const struct bark_image *im, uint32_t index)
{
    const struct bark_http_row *h = &im->https[index];
    bark_out_text(o, "http ");
    bark_out_u64(o, index);
    number_print(o, "operation", h->operation);
    bark_out_text(o, h->flags & BARK_HTTP_POST ? " post" : " get");
    bark_out_text(o, h->flags & BARK_HTTP_REPLACED ? " replaced" : "");
    bark_out_text(o, h->flags & BARK_HTTP_XML ? " xml" : "");
    bark_out_text(o, h->flags & BARK_HTTP_PARTS ? " parts" : "");
    bark_out_text(o, h->flags & BARK_HTTP_RELATED ? " related" : "");
    bark_out_text(o, h->flags & BARK_HTTP_ANSWER_RELATED ? " answer-related" : "");
    bark_out_text(o, " location ");
    quoted_print(o, im->pool + h->location, h->location_len);
    if (h->media_len) {
        bark_out_text(o, h->flags & BARK_HTTP_CONTENT ? " content " : " media ");
        quoted_print(o, im->pool + h->media, h->media_len);
    }
    bark_out_byte(o, '\n');
}

static void patterns_print(struct bark_out *o, const struct bark_image *im)
{
    uint32_t i;
    for (i = 0; i < im->pattern_count; i++) {
        const struct bark_pattern_row *p = &im->patterns[i];
        const uint8_t *source = im->pool + p->source; /* NUL-terminated [T8, T32] */
        bark_out_text(o, "pattern ");
        bark_out_u64(o, i);
        number_print(o, "states", p->states);
        number_print(o, "classes", p->classes);
        bark_out_byte(o, ' ');
        quoted_print(o, source, strlen((const char *)source));
        bark_out_byte(o, '\n');
    }
}

/* Head, namespaces. */
static void outline_print(struct bark_out *o, const struct bark_image *im)
{
    uint32_t i;
    bark_out_text(o, "image");
    number_print(o, "version", BARK_IMAGE_MAJOR);
    number_print(o, "bytes", im->size);
    number_print(o, "types", im->type_count);
    number_print(o, "fields", im->field_count);
    number_print(o, "names", im->name_count);
    number_print(o, "pool", im->pool_size);
    bark_out_byte(o, '\n');
    for (i = 0; i < im->namespace_count; i++) {
        const struct bark_namespace_row *n = &im->namespaces[i];
        bark_out_text(o, "namespace ");
        bark_out_u64(o, i);
        bark_out_byte(o, ' ');
        quoted_print(o, im->pool + n->prefix, n->prefix_len);
        bark_out_byte(o, ' ');
        quoted_print(o, im->pool + n->uri, n->uri_len);
        bark_out_byte(o, '\n');
    }
}

void bark_image_print(const struct bark_image *image, struct bark_out *out)
{
    uint32_t i;
    outline_print(out, image);
    for (i = 0; i < image->type_count; i++)
        type_print(out, image, i);
    patterns_print(out, image);
    for (i = 0; i < image->wildcard_count; i++)
        wildcard_print(out, image, i);
    for (i = 0; i < bark_root_end(image); i++)
        if (bark_root_type(image, i) != BARK_NONE)
            root_print(out, image, (uint16_t)i);
    for (i = 0; i < image->operation_count; i++)
        operation_print(out, image, i);
    for (i = 0; i < image->service_count; i++)
        service_print(out, image, i);
    for (i = 0; i < image->http_count; i++)
        http_print(out, image, i);
}
