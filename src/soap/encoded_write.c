/* soap/encoded_write.c - SOAP encoding on the way out: the literal form, copied with types put in [SOAP11 5].
 *
 * bark_encode() writes the value as ever, into the arena; a second pass walks that text beside the type rows
 * and adds xsi:type to each element, and to an array the type and number of its items. Nothing is written by
 * reference: a value that stands twice is written twice.
 */
#include "soap/encoded.h"

#include "base/scratch.h"
#include "base/slice.h"
#include "engine/engine.h"
#include "table/kind_name.h"

#include <string.h>

static const char xsd[] = "http://www.w3.org/2001/XMLSchema";

/* An open element of the copy. */
struct level {
    struct bark_slice local;
    bool prefixed, array;
    uint16_t type; /* type row; BARK_NONE below what the tables know (fragments) */
    size_t size_at; /* array: where the number of items goes */
    uint32_t items;
};

struct typing {
    const struct bark_image *image;
    enum bark_soap_version version;
    struct bark_xml_reader xml;
    struct level *levels;
    uint32_t depth;
    struct bark_out *out;
};

/* ---- the type of a member ---- */

static bool is_array(const struct bark_image *im, uint16_t type)
{
    return type != BARK_NONE && (im->types[type].flags & BARK_TYPE_ARRAY) != 0;
}

/* The field of this element among those of a struct and the groups in it. Groups nest as the schema's text
 * does, which the compiler bounds; GROUPS_MAX of them open at once are looked into. */
static uint16_t member_type(const struct bark_image *im, uint16_t holder, const struct bark_xml_name *name)
{
    enum { GROUPS_MAX = 64 };
    uint16_t waiting[GROUPS_MAX];
    size_t count = 0;
    waiting[count++] = holder;
    while (count > 0) {
        const struct bark_type_row *t = &im->types[waiting[--count]];
        for (uint32_t i = t->first; t->kind <= BARK_KIND_GROUP && i < (uint32_t)t->first + t->count; i++) {
            const struct bark_field_row *f = &im->fields[i];
            const enum bark_field_kind kind = bark_field_kind(im, f);
            if (kind == BARK_FIELD_GROUP && count < GROUPS_MAX)
                waiting[count++] = f->type;
            if (kind != BARK_FIELD_ELEMENT || bark_field_ns(im, f) != name->ns)
                continue;
            const struct bark_slice own = bark_image_name(im, f->name);
            if (own.len == name->local.len && memcmp(own.ptr, name->local.ptr, own.len) == 0)
                return f->type;
        }
    }
    return BARK_NONE;
}

/* What xsi:type says of a TYPED struct, else its declared type. */
static uint16_t typed_choose(struct typing *w, uint16_t type, struct bark_slice said)
{
    const struct bark_type_row *t = &w->image->types[type];
    size_t colon = 0;
    for (size_t i = 0; i < said.len; i++)
        if (said.ptr[i] == ':')
            colon = i + 1;
    for (uint32_t i = t->first; i < (uint32_t)t->first + t->count && said.len; i++) {
        const struct bark_slice own = bark_image_name(w->image, w->image->fields[i].name);
        if (own.len == said.len - colon && memcmp(own.ptr, said.ptr + colon, own.len) == 0)
            return w->image->fields[i].type;
    }
    return t->count ? w->image->fields[t->first].type : BARK_NONE;
}

/* ---- writing ---- */

static void pool_put(struct typing *w, uint32_t offset, uint32_t len)
{
    bark_write_attribute_text(w->out, (struct bark_slice){ w->image->pool + offset, len });
}

/* ATTRIBUTE="prefix:Name" of a type, with the declaration that it needs. */
static void type_name_write(struct typing *w, const char *attribute, uint16_t type)
{
    const struct bark_type_row *t = &w->image->types[type];
    const char *name = t->kind >= BARK_KIND_STRING ? bark_kind_name(t->kind) : NULL;
    const bool own = t->name != BARK_NONE && t->ns != 0 && (!name || t->kind == BARK_KIND_ENUM);
    if (own) {
        bark_out_text(w->out, " xmlns:t=\"");
        pool_put(w, w->image->namespaces[t->ns].uri, w->image->namespaces[t->ns].uri_len);
        bark_out_byte(w->out, '"');
    }
    bark_out_text(w->out, attribute);
    bark_out_text(w->out, own ? "=\"t:" : "=\"xsd:");
    if (own) {
        const struct bark_slice text = bark_image_name(w->image, t->name);
        bark_out_put(w->out, text.ptr, text.len);
    } else {
        bark_out_text(w->out, name ? name : t->kind > BARK_KIND_GROUP ? "string" : "anyType");
    }
}

/* The items of an array type: its one field's. */
static uint16_t item_type(const struct typing *w, uint16_t array)
{
    return w->image->fields[w->image->types[array].first].type;
}

static void type_write(struct typing *w, struct level *level)
{
    const bool v11 = w->version == BARK_SOAP_11;
    if (level->type == BARK_NONE)
        return;
    if (!level->array) {
        type_name_write(w, " xsi:type", level->type);
        bark_out_byte(w->out, '"');
        return;
    }
    const uint16_t item = item_type(w, level->type);
    bark_out_text(w->out, " xsi:type=\"enc:Array\"");
    if (is_array(w->image, item)) /* what is in it says so itself */
        bark_out_text(w->out, v11 ? " enc:arrayType=\"enc:Array" : " enc:itemType=\"enc:Array");
    else
        type_name_write(w, v11 ? " enc:arrayType" : " enc:itemType", item);
    bark_out_text(w->out, v11 ? "[" : "\" enc:arraySize=\"");
    level->size_at = w->out->pos;
    bark_out_text(w->out, v11 ? "]\"" : "\"");
}

/* Puts the number of items where the array's start tag has room for it. */
static void size_insert(struct typing *w, size_t at, uint32_t items)
{
    struct bark_out *out = w->out;
    const size_t end = out->pos;
    uint8_t digits[10];
    bark_out_u64(out, items);
    if (!bark_out_ok(out))
        return;
    const size_t len = out->pos - end;
    memcpy(digits, out->base + end, len);
    memmove(out->base + at + len, out->base + at, end - at);
    memcpy(out->base + at, digits, len);
}

static enum bark_code attributes_copy(struct typing *w, const struct bark_xml_event *start,
                                      struct bark_slice *said)
{
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        struct bark_slice text;
        enum bark_code code = bark_xml_attribute_text(&w->xml, a, &text);
        if (code)
            return code;
        if (bark_slice_is(a->name.uri, BARK_SOAP_XSI)) {
            if (bark_slice_is(a->name.local, "type"))
                *said = text;
            if (!bark_slice_is(a->name.local, "nil"))
                continue;
            bark_out_text(w->out, " xsi:nil");
        } else if (a->name.uri.len) {
            bark_out_text(w->out, " xmlns:a");
            bark_out_u64(w->out, i);
            bark_out_text(w->out, "=\"");
            bark_write_attribute_text(w->out, a->name.uri);
            bark_out_text(w->out, "\" a");
            bark_out_u64(w->out, i);
            bark_out_byte(w->out, ':');
            bark_out_put(w->out, a->name.local.ptr, a->name.local.len);
        } else {
            bark_out_byte(w->out, ' ');
            bark_out_put(w->out, a->name.local.ptr, a->name.local.len);
        }
        bark_out_text(w->out, "=\"");
        bark_write_attribute_text(w->out, text);
        bark_out_byte(w->out, '"');
    }
    return BARK_OK;
}

static void root_declare(struct typing *w)
{
    bark_out_text(w->out, " xmlns:xsi=\"");
    bark_out_text(w->out, BARK_SOAP_XSI);
    bark_out_text(w->out, "\" xmlns:xsd=\"");
    bark_out_text(w->out, xsd);
    bark_out_text(w->out, "\" xmlns:enc=\"");
    bark_out_text(w->out, bark_soap_encoding_ns(w->version));
    bark_out_text(w->out, "\" s:encodingStyle=\""); /* the envelope around this has the prefix s */
    bark_out_text(w->out, bark_soap_encoding_ns(w->version));
    bark_out_byte(w->out, '"');
}

static enum bark_code start_copy(struct typing *w, const struct bark_xml_event *start, uint16_t type)
{
    struct level *level = &w->levels[w->depth];
    struct bark_slice said = { 0 };
    const bool root = w->depth == 0;
    if (!root)
        w->levels[w->depth - 1].items++;
    w->depth++;
    *level = (struct level){ .local = start->name.local, .prefixed = start->name.uri.len > 0, .type = type };
    bark_out_text(w->out, level->prefixed ? "<m:" : "<");
    bark_out_put(w->out, level->local.ptr, level->local.len);
    if (level->prefixed) {
        bark_out_text(w->out, " xmlns:m=\"");
        bark_write_attribute_text(w->out, start->name.uri);
        bark_out_byte(w->out, '"');
    }
    if (root)
        root_declare(w);
    enum bark_code code = attributes_copy(w, start, &said);
    if (type != BARK_NONE && w->image->types[type].model == BARK_MODEL_TYPED)
        level->type = typed_choose(w, type, said);
    level->array = is_array(w->image, level->type);
    if (!root)
        type_write(w, level);
    bark_out_byte(w->out, '>');
    return code;
}

static void end_copy(struct typing *w)
{
    const struct level *level = &w->levels[--w->depth];
    bark_out_text(w->out, level->prefixed ? "</m:" : "</");
    bark_out_put(w->out, level->local.ptr, level->local.len);
    bark_out_byte(w->out, '>');
    if (level->array)
        size_insert(w, level->size_at, level->items);
}

static enum bark_code copy_run(struct typing *w, uint16_t root_type)
{
    struct bark_xml_event ev;
    struct bark_slice text;
    for (;;) {
        enum bark_code code = bark_xml_next(&w->xml, &ev);
        if (code || ev.kind == BARK_XML_EOF)
            return code;
        if (ev.kind == BARK_XML_START) {
            const uint16_t holder = w->depth ? w->levels[w->depth - 1].type : BARK_NONE;
            const uint16_t type = w->depth == 0         ? root_type
                                  : holder == BARK_NONE ? BARK_NONE
                                                        : member_type(w->image, holder, &ev.name);
            code = start_copy(w, &ev, type);
        } else if (ev.kind == BARK_XML_END) {
            end_copy(w);
        } else {
            code = bark_xml_text(&w->xml, &ev, &text);
            if (!code)
                bark_write_text(w->out, text);
        }
        if (code)
            return code;
    }
}

enum bark_code bark_soap_encoded_write(const struct bark_image *image, uint16_t root,
                                       enum bark_soap_version version, const void *msg,
                                       const struct bark_limits *limits, struct bark_arena *arena,
                                       struct bark_out *out, struct bark_error *err)
{
    const size_t mark = arena->used;
    struct typing *w = bark_arena_alloc(arena, 1, sizeof *w);
    struct level *levels = bark_arena_room(arena, (size_t)limits->depth + 1, sizeof *levels);
    size_t size = (arena->cap - arena->used - arena->scratch) / 2;
    struct bark_out literal;
    if (size > limits->reply_bytes)
        size = (size_t)limits->reply_bytes;
    uint8_t *bytes = w && levels && size ? bark_arena_room(arena, size, 1) : NULL;
    if (!bytes)
        return bark_fail(err, BARK_ERR_MEMORY, 0,
                         "the memory budget does not hold the message's literal form");
    bark_out_init(&literal, bytes, size);
    *w = (struct typing){ .image = image, .version = version, .levels = levels, .out = out };
    enum bark_code code = bark_encode(image, root, msg, limits, arena, &literal, err);
    if (!code && !bark_out_ok(&literal))
        code =
            bark_fail(err, BARK_ERR_MEMORY, 0, "the memory budget does not hold the message's literal form");
    struct bark_limits own = *limits;
    own.body_bytes = size; /* what was written may be larger than what may be read */
    if (!code)
        code = bark_xml_open(&w->xml, bark_out_bytes(&literal), &own, arena, err);
    if (!code) {
        bark_xml_use_image(&w->xml, image);
        code = copy_run(w, bark_root_type(image, root));
    }
    arena->used = mark;
    return code;
}

const struct bark_soap_encoding bark_soap_encoding = { bark_soap_encoded_read, bark_soap_encoded_write };
