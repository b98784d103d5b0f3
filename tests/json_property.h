/* tests/json_property.h - random messages of any image, sent through both forms and back.
 *
 * json_message_make() walks the rows of a root and writes a JSON text that should be valid: required members,
 * optional ones by the toss of a coin, a random alternative of each choice, values that most facets let
 * through. json_property_check() then asks that JSON and XML agree:
 *
 *   JSON -> struct -> JSON' and XML;  XML -> struct -> JSON'' and XML';  JSON' = JSON'', XML = XML'
 */
#ifndef JSON_PROPERTY_H
#define JSON_PROPERTY_H

#include "base/scratch.h"
#include "engine/json_object.h"
#include "soapbark/codec.h"
#include "testkit.h"

#include <stdlib.h>

enum { JP_TEXT = 1 << 18, JP_ARENA = 1 << 22, JP_DEPTH = 24 };

struct jp_frame {
    struct bark_json_object object;
    size_t mark;
    uint16_t slot; /* the next one */
    uint16_t items; /* objects still to be written of the array that is open, plus one; 0: none is */
};

struct jp_maker {
    const struct bark_image *image;
    struct bark_json_writer w;
    struct bark_arena arena;
    struct jp_frame frames[JP_DEPTH];
    size_t depth;
    uint64_t random;
    bool loose; /* the message has XML inside, which a capture may write in other words */
};

static inline uint32_t jp_random(struct jp_maker *m, uint32_t below)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return (uint32_t)(m->random >> 11) % below;
}

/* Lexical forms by kind; several, so that facets and unions find one that fits. */
static inline const char *jp_lexical(struct jp_maker *m, uint8_t kind)
{
    static const char *const texts[] = { "\"a\"",          "\"Test\"",
                                         "\"x y\\\"<&>\"", "\"\\u20ac\\ud834\\udd1e\"",
                                         "\"en\"",         "\"1\"",
                                         "\"\"",           "\"http://192.168.0.1/a?b\"",
                                         "\"tab\\t\"" };
    static const char *const numbers[] = { "0", "1", "5", "42", "100", "\"7\"", "-1" };
    static const char *const reals[] = { "0.5", "1", "-2.25", "1e10", "\"INF\"", "0", "0.1" };
    static const char *const times[] = { "\"2026-01-31T09:00:00Z\"", "\"1999-12-31T23:59:59.125+02:00\"",
                                         "\"2024-02-29T00:00:00\"", "\"-0044-03-15T12:00:00\"" };
    static const char *const durations[] = { "\"PT1H\"", "\"P1Y2M3DT4H5M6.5S\"", "\"-P1D\"", "\"PT0S\"" };
#define JP_ONE_OF(list) list[jp_random(m, sizeof list / sizeof *list)]
    switch (kind) {
    case BARK_KIND_BOOLEAN:
        return jp_random(m, 2) ? "true" : "false";
    case BARK_KIND_DECIMAL:
        return jp_random(m, 2) ? "1.5" : "\"12345678901234567890.5\"";
    case BARK_KIND_FLOAT:
    case BARK_KIND_DOUBLE:
        return JP_ONE_OF(reals);
    case BARK_KIND_DATETIME:
        return JP_ONE_OF(times);
    case BARK_KIND_DATE:
        return "\"2026-01-31\"";
    case BARK_KIND_TIME:
        return "\"09:00:00.5Z\"";
    case BARK_KIND_GYEAR:
        return "\"2026\"";
    case BARK_KIND_GYEARMONTH:
        return "\"2026-01\"";
    case BARK_KIND_GMONTH:
        return "\"--01\"";
    case BARK_KIND_GMONTHDAY:
        return "\"--01-31\"";
    case BARK_KIND_GDAY:
        return "\"---31\"";
    case BARK_KIND_DURATION:
        return JP_ONE_OF(durations);
    case BARK_KIND_BASE64:
        return jp_random(m, 2) ? "\"AAEC/w==\"" : "\"\"";
    case BARK_KIND_HEX:
        return "\"0AFF\"";
    case BARK_KIND_QNAME:
        return jp_random(m, 2) ? "\"{urn:any}n\"" : "\"n\"";
    default:
        if (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_INTEGER)
            return JP_ONE_OF(numbers);
        return JP_ONE_OF(texts);
    }
#undef JP_ONE_OF
}

static inline void jp_literal(struct jp_maker *m, const char *text)
{
    bark_json_write_literal(&m->w, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

/* One value that is no object and no list. */
static inline void jp_atom(struct jp_maker *m, uint16_t type)
{
    const struct bark_type_row *row = &m->image->types[type];
    if (row->kind == BARK_KIND_UNION)
        row = &m->image->types[m->image->lists[row->first + jp_random(m, row->count)]];
    if (row->kind == BARK_KIND_ENUM)
        bark_json_write_string(
            &m->w, bark_image_name(m->image, m->image->lists[row->first + jp_random(m, row->count)]));
    else
        jp_literal(m, row->kind == BARK_KIND_LIST ? "\"\"" : jp_lexical(m, row->kind));
}

static inline void jp_value(struct jp_maker *m, uint16_t type)
{
    const struct bark_type_row *row = &m->image->types[type];
    uint32_t items = jp_random(m, 3);
    if (row->kind != BARK_KIND_LIST) {
        jp_atom(m, type);
        return;
    }
    bark_json_write_open(&m->w, '[');
    while (items-- > 0)
        jp_atom(m, row->first);
    bark_json_write_close(&m->w, ']');
}

static inline bool jp_is_object(const struct jp_maker *m, uint16_t type)
{
    return type != BARK_NONE && m->image->types[type].model != BARK_MODEL_NONE;
}

static inline void jp_plain_name(struct jp_maker *m, struct bark_slice name)
{
    bark_json_write_start(&m->w);
    bark_json_write_piece(&m->w, name);
    bark_json_write_name_end(&m->w);
}

/* "#type": "{uri}local". */
static inline void jp_type(struct jp_maker *m, const struct bark_field_row *f)
{
    const struct bark_namespace_row *ns = &m->image->namespaces[bark_field_ns(m->image, f)];
    jp_plain_name(m, (struct bark_slice){ (const uint8_t *)"#type", 5 });
    bark_json_write_start(&m->w);
    if (bark_field_ns(m->image, f)) {
        bark_json_write_piece(&m->w, (struct bark_slice){ (const uint8_t *)"{", 1 });
        bark_json_write_piece(&m->w, (struct bark_slice){ m->image->pool + ns->uri, ns->uri_len });
        bark_json_write_piece(&m->w, (struct bark_slice){ (const uint8_t *)"}", 1 });
    }
    bark_json_write_piece(&m->w, bark_image_name(m->image, f->name));
    bark_json_write_end(&m->w);
}

/* Opens an object of a struct type; false when it is nested too deep for this maker. */
static inline bool jp_push_struct(struct jp_maker *m, uint16_t type)
{
    struct jp_frame *f = &m->frames[m->depth];
    if (m->depth == JP_DEPTH)
        return false;
    f->mark = bark_scratch_mark(&m->arena);
    f->slot = 0;
    f->items = 0;
    if (bark_json_object_push(&m->arena, m->image, type, NULL, &f->object) != BARK_OK)
        return false;
    m->depth++;
    m->loose = m->loose || m->image->types[type].model == BARK_MODEL_RAW;
    bark_json_write_open(&m->w, '{');
    return true;
}

/* Opens an object; of a type among several, any one of them: then a simple one is written whole. */
static inline bool jp_push(struct jp_maker *m, uint16_t type)
{
    const struct bark_type_row *row = &m->image->types[type];
    const bool abstract = row->flags & BARK_TYPE_ABSTRACT;
    const struct bark_field_row *f;
    uint32_t chosen;
    if (row->model != BARK_MODEL_TYPED)
        return jp_push_struct(m, type);
    chosen = jp_random(m, row->count);
    f = &m->image->fields[row->first + chosen];
    if (m->image->types[f->type].kind == BARK_KIND_STRUCT) {
        if (!jp_push_struct(m, f->type))
            return false;
        if (chosen || abstract)
            jp_type(m, f);
        return true;
    }
    if (chosen) {
        bark_json_write_open(&m->w, '{');
        jp_type(m, f);
        jp_plain_name(m, (struct bark_slice){ (const uint8_t *)"#text", 5 });
    }
    jp_value(m, f->type);
    if (chosen)
        bark_json_write_close(&m->w, '}');
    return true;
}

/* Whether to write a slot. `seen` of a group's slot says which alternative it takes (a sequence: 1), 0 when
 * it is left out. */
static inline bool jp_member_wanted(struct jp_maker *m, struct jp_frame *f, uint16_t slot)
{
    const struct bark_json_slot *s = bark_json_slot(&f->object, slot);
    const struct bark_field_row *field = bark_json_field(&f->object, slot);
    const uint16_t alternative = bark_json_slot_alternative(&f->object, slot);
    if (s->parent != BARK_NONE && bark_json_slot(&f->object, s->parent)->seen == 0)
        return false;
    if (alternative != 0) {
        /* A repeated choice is the object itself: its parent is no slot, and it takes its first alternative.
         */
        const uint16_t taken = s->parent == BARK_NONE ? 1 : bark_json_slot(&f->object, s->parent)->seen;
        return alternative == taken;
    }
    if (bark_field_bits(m->image, field) & BARK_F_REQUIRED ||
        bark_field_kind(m->image, field) == BARK_FIELD_TEXT)
        return true;
    return m->depth < 5 && jp_random(m, 2) != 0;
}

static inline void jp_name(struct jp_maker *m, struct jp_frame *f, uint16_t slot)
{
    const struct bark_json_name name = bark_json_slot_name(&f->object, slot);
    bark_json_name_write(&name, &m->w);
}

static inline void jp_pseudo(struct jp_maker *m, enum bark_field_kind kind)
{
    m->loose = m->loose || kind == BARK_FIELD_ANY;
    if (kind == BARK_FIELD_ANY)
        jp_literal(m, jp_random(m, 2) ? "\"<a:e xmlns:a=\\\"urn:any\\\" k=\\\"v\\\">t&amp;<a:f/></a:e>\""
                                      : "\"<a:e xmlns:a=\\\"urn:any\\\"/>\"");
    else if (kind == BARK_FIELD_ANY_ATTRIBUTE)
        jp_literal(m, "{\"{urn:any}k\":\"v\\u0026w\"}");
    else
        jp_literal(m, "\"text <a:e xmlns:a=\\\"urn:any\\\"/> tail\"");
}

/* How many items a repeated member gets. */
static inline uint16_t jp_items(struct jp_maker *m, const struct bark_field_row *f)
{
    uint32_t min = bark_field_bits(m->image, f) & BARK_F_REQUIRED ? 1 : 0, max = 3;
    if (bark_field_bits(m->image, f) & BARK_F_OCCURS) {
        min = bark_field_extra(m->image, f)->occurs_min;
        max = bark_field_extra(m->image, f)->occurs_max < min + 3 ? bark_field_extra(m->image, f)->occurs_max
                                                                  : min + 3;
    }
    return (uint16_t)(min + (m->depth < 5 ? jp_random(m, max - min + 1) : 0));
}

/* One member; objects become frames. */
static inline bool jp_member(struct jp_maker *m, struct jp_frame *f, uint16_t slot)
{
    const struct bark_field_row *field = bark_json_field(&f->object, slot);
    const enum bark_field_kind kind = bark_field_kind(m->image, field);
    uint16_t items;
    if (bark_json_slot_inline(&f->object, slot)) {
        const struct bark_type_row *group = &m->image->types[field->type];
        bark_json_slot(&f->object, slot)->seen =
            (uint16_t)(group->model == BARK_MODEL_CHOICE ? 1 + jp_random(m, group->count) : 1);
        return true;
    }
    if (kind == BARK_FIELD_POSITION)
        return true;
    if ((bark_field_bits(m->image, field) & BARK_F_REPEATED) == 0) {
        jp_name(m, f, slot);
        if ((bark_field_bits(m->image, field) & BARK_F_NILLABLE) && !jp_is_object(m, field->type) &&
            jp_random(m, 4) == 0) {
            jp_literal(m, "null");
            return true;
        }
        if (field->type == BARK_NONE)
            jp_pseudo(m, kind);
        else if (jp_is_object(m, field->type))
            return jp_push(m, field->type);
        else
            jp_value(m, field->type);
        return true;
    }
    items = jp_items(m, field);
    if (items == 0)
        return true;
    jp_name(m, f, slot);
    bark_json_write_open(&m->w, '[');
    if (jp_is_object(m, field->type)) {
        f->items = (uint16_t)(items + 1);
        return true;
    }
    while (items-- > 0) {
        if (field->type == BARK_NONE)
            jp_pseudo(m, kind);
        else
            jp_value(m, field->type);
    }
    bark_json_write_close(&m->w, ']');
    return true;
}

/* Writes a message of the root's type into text; false when it would be too deep or too long. */
static inline bool json_message_make(struct jp_maker *m, uint16_t root, char *text, size_t size)
{
    const uint16_t type = bark_root_type(m->image, root);
    struct bark_out out;
    bark_out_init(&out, text, size - 1);
    bark_json_writer_init(&m->w, &out, BARK_JSON_COMPACT);
    m->depth = 0;
    m->loose = false;
    m->arena.scratch = 0;
    if (!jp_is_object(m, type))
        jp_value(m, type);
    else if (!jp_push(m, type))
        return false;
    while (m->depth > 0) {
        struct jp_frame *f = &m->frames[m->depth - 1];
        if (f->items > 1) {
            f->items--;
            if (!jp_push(m, bark_json_field(&f->object, (uint16_t)(f->slot - 1))->type))
                return false;
        } else if (f->items == 1) {
            f->items = 0;
            bark_json_write_close(&m->w, ']');
        } else if (f->slot == f->object.count) {
            bark_json_write_close(&m->w, '}');
            bark_scratch_pop(&m->arena, f->mark);
            m->depth--;
        } else {
            const uint16_t slot = f->slot++;
            if (jp_member_wanted(m, f, slot) && !jp_member(m, f, slot))
                return false;
        }
    }
    text[out.pos] = '\0';
    return bark_out_ok(&out);
}

/* Both texts of a struct, NUL-terminated. */
static inline enum bark_code jp_encode(const struct bark_image *image, uint16_t root, const void *msg,
                                       struct bark_arena *arena, char *json, char *xml,
                                       struct bark_error *err)
{
    struct bark_out out;
    enum bark_code code;
    bark_out_init(&out, json, JP_TEXT - 1);
    code = bark_encode_json(image, root, msg, BARK_JSON_COMPACT, &bark_limits_server, arena, &out, err);
    json[out.pos] = '\0';
    if (code != BARK_OK)
        return code;
    bark_out_init(&out, xml, JP_TEXT - 1);
    code = bark_encode(image, root, msg, &bark_limits_server, arena, &out, err);
    xml[out.pos] = '\0';
    return code;
}

/* Counts of a run. */
struct jp_sum {
    unsigned long made, valid;
};

/* XML to struct to both texts; false when a step fails. */
static inline bool jp_trip(const struct bark_image *image, uint16_t root, const char *from_xml,
                           struct bark_arena *arena, char *json, char *xml, struct bark_error *err)
{
    uint16_t found = BARK_NONE;
    void *msg;
    return bark_decode(image, BARK_NONE, (struct bark_slice){ (const uint8_t *)from_xml, strlen(from_xml) },
                       &bark_limits_server, arena, &msg, &found, err) == BARK_OK &&
           found == root && jp_encode(image, root, msg, arena, json, xml, err) == BARK_OK;
}

/* One message through everything. XML inside a message (wildcards, mixed content) may come back with the
 * declarations of its surroundings; it must stay the same from the second time on. */
static inline void jp_message_check(const struct bark_image *image, uint16_t root, const char *text,
                                    bool loose, char *room, void *memory, struct jp_sum *sum)
{
    char *json[3] = { room, room + JP_TEXT, room + 2 * JP_TEXT };
    char *xml[3] = { room + 3 * JP_TEXT, room + 4 * JP_TEXT, room + 5 * JP_TEXT };
    const int first = loose ? 1 : 0;
    struct bark_error err = { 0 };
    struct bark_arena arena;
    char why[600] = "";
    void *msg;
    bark_arena_init(&arena, memory, JP_ARENA);
    if (bark_decode_json(image, root, (struct bark_slice){ (const uint8_t *)text, strlen(text) },
                         &bark_limits_server, &arena, &msg, &err) != BARK_OK) {
        /* The maker knows neither facets nor namespaces; every other refusal is its fault or the decoder's.
         */
        bark_error_text(&err, why, sizeof why);
        if (err.code != BARK_ERR_FACET && err.code != BARK_ERR_TYPE &&
            strncmp(err.rule, "[XSD1 3.10.4]", 13) != 0)
            testkit_fail(__FILE__, __LINE__, "%s\n# of %s", why, text);
        return;
    }
    sum->valid++;
    if (jp_encode(image, root, msg, &arena, json[0], xml[0], &err) != BARK_OK ||
        !jp_trip(image, root, xml[0], &arena, json[1], xml[1], &err) ||
        !jp_trip(image, root, xml[1], &arena, json[2], xml[2], &err)) {
        bark_error_text(&err, why, sizeof why);
        testkit_fail(__FILE__, __LINE__, "%s\n# of %s", why, text);
        return;
    }
    if (strcmp(json[first], json[first + 1]) != 0 || strcmp(xml[first], xml[first + 1]) != 0)
        testkit_fail(__FILE__, __LINE__, "the forms disagree\n# %s\n# %s\n# %s\n# %s", json[first],
                     json[first + 1], xml[first], xml[first + 1]);
}

/* rounds messages of every root. */
static inline struct jp_sum json_property_check(const struct bark_image *image, unsigned rounds,
                                                uint64_t seed)
{
    static struct jp_maker maker;
    struct jp_sum sum = { 0, 0 };
    void *memory = malloc(JP_ARENA), *slots = malloc(JP_ARENA);
    char *room = malloc(7 * (size_t)JP_TEXT);
    char *text = room + 6 * (size_t)JP_TEXT;
    uint32_t root;
    unsigned i;
    maker.image = image;
    maker.random = seed;
    bark_arena_init(&maker.arena, slots, JP_ARENA);
    for (root = 0; root < bark_root_end(image); root++) {
        for (i = 0; bark_root_type(image, root) != BARK_NONE && i < rounds; i++) {
            if (!json_message_make(&maker, (uint16_t)root, text, JP_TEXT))
                continue;
            sum.made++;
            jp_message_check(image, (uint16_t)root, text, maker.loose, room, memory, &sum);
        }
    }
    free(memory);
    free(slots);
    free(room);
    return sum;
}

#endif
