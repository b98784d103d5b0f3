/* engine/encode_json.c - a C struct to JSON text, by the rows that encode XML (docs/json.md has the mapping).
 *
 * A frame is one open object. Repeated structs need no frame of their own: the frame of their parent keeps
 * the number of the next item. Frames and slots stand on the scratch end of the arena and are gone
 * afterwards.
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/division.h"
#include "engine/engine.h"
#include "engine/json_object.h"
#include "engine/json_value.h"
#include "engine/typed.h"

#include <assert.h>
#include <string.h>

struct frame {
    struct frame *up;
    size_t mark; /* scratch height without this frame */
    struct bark_json_object object;
    const struct bark_array *array; /* items of the current slot that are objects; NULL outside them */
    size_t item; /* the next one */
    uint16_t slot; /* the one being written; slots before it are done */
    bool started; /* slot is valid */
};

struct encoder {
    struct bark_json_writer w;
    struct bark_value_scope scope;
    struct bark_error *err; /* never NULL */
    struct frame *frame;
    uint32_t depth;
};

static enum bark_code refuse(struct encoder *e, enum bark_code code, const char *rule)
{
    return bark_fail(e->err, code, 0, rule);
}

static enum bark_code frame_push(struct encoder *e, uint16_t type, const void *base)
{
    static const char rule[] = "[R3] the frames of the JSON encoder do not fit the memory budget";
    struct bark_arena *arena = e->scope.arena;
    const size_t mark = bark_scratch_mark(arena);
    struct frame *f;
    enum bark_code code;
    if (e->depth >= e->scope.limits->depth)
        return refuse(e, BARK_ERR_LIMIT, "limits.depth: the struct is nested too deep");
    f = bark_scratch_push(arena, sizeof *f);
    if (!f)
        return refuse(e, BARK_ERR_MEMORY, rule);
    f->up = e->frame;
    f->mark = mark;
    e->frame = f;
    e->depth++;
    /* The holder is not const for the decoder's sake; here it is only read. */
    code = bark_json_object_push(arena, e->scope.image, type, (void *)(uintptr_t)base, &f->object);
    if (code != BARK_OK)
        return refuse(e, code, rule);
    bark_json_write_open(&e->w, '{');
    return BARK_OK;
}

static void frame_pop(struct encoder *e)
{
    struct frame *up = e->frame->up;
    bark_scratch_pop(e->scope.arena, e->frame->mark);
    e->frame = up;
    e->depth--;
    bark_json_write_close(&e->w, '}');
}

static void name_write(struct encoder *e, uint16_t slot)
{
    const struct bark_json_name name = bark_json_slot_name(&e->frame->object, slot);
    bark_json_name_write(&name, &e->w);
}

static void literal_write(struct encoder *e, const char *text)
{
    bark_json_write_literal(&e->w, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

static enum bark_code missing(struct encoder *e, uint16_t slot)
{
    const struct bark_json_name name = bark_json_slot_name(&e->frame->object, slot);
    if (e->err->code == BARK_OK)
        bark_json_name_report(&name, e->err->expected, sizeof e->err->expected);
    return refuse(e, BARK_ERR_MISSING, "[XSD1 3.8.4] a required member is missing");
}

/* What a POINTER field points to, or the member itself. */
static const void *member_at(const struct bark_json_object *o, uint16_t slot)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    const uint8_t *member = bark_json_slot(o, slot)->holder + f->offset;
    const void *pointee;
    if ((bark_field_bits(o->image, f) & BARK_F_POINTER) == 0)
        return member;
    memcpy(&pointee, member, sizeof pointee);
    return pointee;
}

/* [XSD1 3.8.4] The first slot of a choice's holder answers for the choice. */
static enum bark_code choice_check(struct encoder *e, uint16_t slot)
{
    const struct bark_json_object *o = &e->frame->object;
    const struct bark_type_row *owner = &o->image->types[bark_json_slot(o, slot)->owner];
    const uint16_t which = *bark_json_slot_which(o, slot);
    if (bark_json_slot(o, slot)->field != owner->first)
        return BARK_OK;
    if (which > owner->count)
        return refuse(e, BARK_ERR_TYPE, "[XSD1 3.8.4] the choice has no such alternative");
    if (which == 0 && (owner->flags & BARK_TYPE_NULLABLE) == 0)
        return refuse(e, BARK_ERR_MISSING, "[XSD1 3.8.4] a choice wants one of its alternatives");
    return BARK_OK;
}

/* Shows an inline group to the slots of its members, if it is there. */
static enum bark_code group_enter(struct encoder *e, uint16_t slot)
{
    const struct bark_json_object *o = &e->frame->object;
    const struct bark_field_row *f = bark_json_field(o, slot);
    const uint8_t *group = member_at(o, slot);
    uint16_t i;
    if (!group)
        return (bark_field_bits(o->image, f) & BARK_F_REQUIRED) &&
                       (o->image->types[f->type].flags & BARK_TYPE_NULLABLE) == 0
                   ? refuse(e, BARK_ERR_MISSING, "[XSD1 3.8.4] a required group is missing")
                   : BARK_OK;
    for (i = (uint16_t)(slot + 1); i < o->count; i++) {
        if (bark_json_slot(o, i)->parent == slot)
            bark_json_slot(o, i)->holder = (uint8_t *)(uintptr_t)group;
    }
    return BARK_OK;
}

static enum bark_code text_write(struct encoder *e, const struct bark_text *text)
{
    if (!text->ptr)
        return refuse(e, BARK_ERR_MISSING, "docs/json.md: XML content without text");
    bark_json_write_string(&e->w, (struct bark_slice){ (const uint8_t *)text->ptr, text->len });
    return BARK_OK;
}

static bool type_is_object(const struct encoder *e, uint16_t type)
{
    return type != BARK_NONE && e->scope.image->types[type].model != BARK_MODEL_NONE;
}

static void plain_name_write(struct encoder *e, const char *name)
{
    bark_json_write_start(&e->w);
    bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)name, strlen(name) });
    bark_json_write_name_end(&e->w);
}

/* "#type": "{uri}local". */
static void type_name_write(struct encoder *e, const struct bark_field_row *f)
{
    const struct bark_image *image = e->scope.image;
    const struct bark_namespace_row *ns = &image->namespaces[bark_field_ns(image, f)];
    plain_name_write(e, "#type");
    bark_json_write_start(&e->w);
    if (bark_field_ns(image, f) > 0) {
        bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)"{", 1 });
        bark_json_write_piece(&e->w, (struct bark_slice){ image->pool + ns->uri, ns->uri_len });
        bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)"}", 1 });
    }
    bark_json_write_piece(&e->w, bark_image_name(image, f->name));
    bark_json_write_end(&e->w);
}

/* A value in a tagged union: as its type has it, with "#type" unless that is the declared one. */
static enum bark_code typed_write(struct encoder *e, uint16_t type, const void *member)
{
    const struct bark_image *image = e->scope.image;
    const uint16_t which = bark_typed_which(image, type, member);
    const uint16_t field = (uint16_t)(image->types[type].first + which - 1);
    const bool named = field != bark_typed_declared(image, type);
    const struct bark_field_row *f = &image->fields[field];
    const void *value;
    enum bark_code code;
    if (which == 0 || which > image->types[type].count)
        return refuse(e, BARK_ERR_MISSING, "[XSD1 3.3.4] no type was chosen for the element");
    value = bark_typed_value(image, field, member);
    if (!value)
        return refuse(e, BARK_ERR_MISSING, "[XSD1 3.3.4] `which` says a type, its pointer is NULL");
    if (image->types[f->type].kind == BARK_KIND_STRUCT) {
        code = frame_push(e, f->type, value);
        if (code == BARK_OK && named)
            type_name_write(e, f);
        return code;
    }
    if (!named)
        return bark_json_value_write(&e->w, &e->scope, f->type, value, e->err);
    bark_json_write_open(&e->w, '{');
    type_name_write(e, f);
    plain_name_write(e, "#text");
    code = bark_json_value_write(&e->w, &e->scope, f->type, value, e->err);
    bark_json_write_close(&e->w, '}');
    return code;
}

/* A value that is an object, or may be. */
static enum bark_code object_write(struct encoder *e, uint16_t type, const void *member)
{
    return bark_type_is_typed(e->scope.image, type) ? typed_write(e, type, member)
                                                    : frame_push(e, type, member);
}

/* One value that needs no frame. */
static enum bark_code scalar_write(struct encoder *e, uint16_t type, const void *member)
{
    if (type == BARK_NONE)
        return text_write(e, member); /* struct bark_any is one text too */
    return bark_json_value_write(&e->w, &e->scope, type, member, e->err);
}

static enum bark_code occurs_check(struct encoder *e, const struct bark_field_row *f,
                                   const struct bark_array *array)
{
    if (array->count < bark_field_least(e->scope.image, f))
        return refuse(e, BARK_ERR_MISSING, "[XSD1 3.8.4] fewer items than minOccurs");
    if (array->count > bark_field_occurs(e->scope.image, f).max)
        return refuse(e, BARK_ERR_UNEXPECTED, "[XSD1 3.8.4] more items than maxOccurs");
    if (bark_field_bits(e->scope.image, f) & BARK_F_DIVIDES && !bark_division_holds(e->scope.image, f, array))
        return refuse(e, BARK_ERR_MISSING, BARK_RULE_DIVISION);
    if (array->count > e->scope.limits->items)
        return refuse(e, BARK_ERR_LIMIT, "limits.items: an array has too many items");
    return BARK_OK;
}

/* A program's mistake that must not become a null dereference. */
static enum bark_code items_refuse(struct encoder *e, const struct bark_array *array)
{
    return array->count == 0 || array->items
               ? BARK_OK
               : refuse(e, BARK_ERR_USE, "[codec] a repeated member counts items and has none");
}

/* A repeated member: scalars at once, objects by frames to come. */
static enum bark_code array_write(struct encoder *e, uint16_t slot, const struct bark_array *array)
{
    const struct bark_field_row *f = bark_json_field(&e->frame->object, slot);
    struct frame *frame = e->frame;
    const size_t size = f->type == BARK_NONE ? sizeof(struct bark_any) : e->scope.image->types[f->type].size;
    enum bark_code code = items_refuse(e, array);
    if (code == BARK_OK)
        code = occurs_check(e, f, array);
    if (code != BARK_OK || array->count == 0)
        return code;
    name_write(e, slot);
    bark_json_write_open(&e->w, '[');
    frame->array = array;
    frame->item = 0;
    if (type_is_object(e, f->type))
        return BARK_OK;
    while (frame->item < array->count && code == BARK_OK) {
        const size_t item = frame->item++;
        if (array->nil && array->nil[item])
            literal_write(e, "null");
        else
            code = scalar_write(e, f->type, (const uint8_t *)array->items + item * size);
    }
    if (code != BARK_OK)
        return code; /* the path names the item */
    frame->array = NULL;
    bark_json_write_close(&e->w, ']');
    return BARK_OK;
}

static enum bark_code attributes_write(struct encoder *e, uint16_t slot, const struct bark_array *array)
{
    const struct bark_any_attribute *items = array->items;
    size_t i;
    if (items_refuse(e, array) != BARK_OK)
        return BARK_ERR_USE;
    if (array->count > e->scope.limits->attributes)
        return refuse(e, BARK_ERR_LIMIT, "limits.attributes: too many attributes");
    if (array->count == 0)
        return BARK_OK;
    name_write(e, slot);
    bark_json_write_open(&e->w, '{');
    for (i = 0; i < array->count; i++) {
        const struct bark_qname *name = &items[i].name;
        bark_json_write_start(&e->w);
        if (name->ns.len > 0) {
            bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)"{", 1 });
            bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)name->ns.ptr, name->ns.len });
            bark_json_write_piece(&e->w, (struct bark_slice){ (const uint8_t *)"}", 1 });
        }
        bark_json_write_piece(&e->w,
                              (struct bark_slice){ (const uint8_t *)name->local.ptr, name->local.len });
        bark_json_write_name_end(&e->w);
        if (text_write(e, &items[i].value) != BARK_OK)
            return e->err->code;
    }
    bark_json_write_close(&e->w, '}');
    return BARK_OK;
}

/* True when a member that occurs once is not there. */
static bool is_absent(const struct encoder *e, uint16_t slot, const void *member)
{
    const struct bark_json_object *o = &e->frame->object;
    const struct bark_field_row *f = bark_json_field(o, slot);
    const uint8_t *has = bark_json_slot_has(o, slot);
    const bool required =
        (bark_field_bits(o->image, f) & BARK_F_REQUIRED) != 0 || bark_json_slot_alternative(o, slot) != 0;
    if (!member)
        return true;
    if (f->type == BARK_NONE)
        return ((const struct bark_text *)member)->ptr == NULL;
    if (bark_value_absent(o->image, f->type, member))
        return true;
    return has && *has == BARK_ABSENT && !required;
}

static enum bark_code single_write(struct encoder *e, uint16_t slot)
{
    const struct bark_json_object *o = &e->frame->object;
    const struct bark_field_row *f = bark_json_field(o, slot);
    const enum bark_field_kind kind = bark_field_kind(o->image, f);
    const uint8_t *has = bark_json_slot_has(o, slot);
    const void *member = member_at(o, slot);
    if (has && *has == BARK_NIL && (bark_field_bits(o->image, f) & BARK_F_NILLABLE)) {
        name_write(e, slot);
        literal_write(e, "null");
        return BARK_OK;
    }
    if (is_absent(e, slot, member)) {
        const bool required = (bark_field_bits(o->image, f) & BARK_F_REQUIRED) || kind == BARK_FIELD_TEXT ||
                              bark_json_slot_alternative(o, slot) != 0;
        return required && kind != BARK_FIELD_CONTENT ? missing(e, slot) : BARK_OK;
    }
    name_write(e, slot);
    if (type_is_object(e, f->type))
        return object_write(e, f->type, member);
    return scalar_write(e, f->type, member);
}

static enum bark_code slot_write(struct encoder *e, uint16_t slot)
{
    const struct bark_json_object *o = &e->frame->object;
    const struct bark_field_row *f = bark_json_field(o, slot);
    const uint16_t alternative = bark_json_slot_alternative(o, slot);
    const enum bark_field_kind kind = bark_field_kind(o->image, f);
    if (!bark_json_slot(o, slot)->holder || kind == BARK_FIELD_POSITION)
        return BARK_OK;
    if (alternative != 0) {
        const enum bark_code code = choice_check(e, slot);
        if (code != BARK_OK || *bark_json_slot_which(o, slot) != alternative)
            return code;
    }
    if (bark_json_slot_inline(o, slot))
        return group_enter(e, slot);
    if (kind == BARK_FIELD_ANY_ATTRIBUTE)
        return attributes_write(e, slot, member_at(o, slot));
    if (bark_field_bits(o->image, f) & BARK_F_REPEATED)
        return array_write(e, slot, member_at(o, slot));
    return single_write(e, slot);
}

/* The next item that is an object. */
static enum bark_code item_write(struct encoder *e)
{
    struct frame *f = e->frame;
    const uint16_t type = bark_json_field(&f->object, f->slot)->type;
    const size_t item = f->item;
    if (item == f->array->count) {
        f->array = NULL;
        bark_json_write_close(&e->w, ']');
        return BARK_OK;
    }
    f->item++;
    if (f->array->nil && f->array->nil[item]) {
        literal_write(e, "null");
        return BARK_OK;
    }
    return object_write(e, type, (const uint8_t *)f->array->items + item * e->scope.image->types[type].size);
}

/* One step of the innermost object. */
static enum bark_code frame_step(struct encoder *e)
{
    struct frame *f = e->frame;
    if (f->array)
        return item_write(e);
    f->slot = f->started ? (uint16_t)(f->slot + 1) : 0;
    f->started = true;
    if (f->slot < f->object.count)
        return slot_write(e, f->slot);
    frame_pop(e);
    return BARK_OK;
}

/* "/Item/Child[2]/Name", as the decoder writes it. */
static void path_report(const struct encoder *e, uint16_t root)
{
    char *path = e->err->path;
    const struct bark_image *image = e->scope.image;
    const struct frame *f;
    size_t depth = 0, n;
    bark_report_say(path, BARK_ERROR_PATH, "/");
    bark_report_add(path, BARK_ERROR_PATH, bark_root_name(image, root).head);
    bark_report_add(path, BARK_ERROR_PATH, bark_root_name(image, root).tail);
    for (f = e->frame; f; f = f->up)
        depth++;
    while (depth-- > 0) {
        struct bark_json_name name;
        for (f = e->frame, n = 0; n < depth; n++)
            f = f->up;
        assert(f);
        if (!f->started || f->slot >= f->object.count || bark_json_slot_inline(&f->object, f->slot))
            continue;
        name = bark_json_slot_name(&f->object, f->slot);
        bark_report_say(path, BARK_ERROR_PATH, "/");
        bark_json_name_report(&name, path, BARK_ERROR_PATH);
        if (f->array) {
            uint8_t digits[24];
            struct bark_out out;
            bark_out_init(&out, digits, sizeof digits);
            bark_out_byte(&out, '[');
            bark_out_u64(&out, f->item);
            bark_out_byte(&out, ']');
            bark_report_add(path, BARK_ERROR_PATH, bark_out_bytes(&out));
        }
    }
}

enum bark_code bark_encode_json(const struct bark_image *image, uint16_t root, const void *msg,
                                enum bark_json_style style, const struct bark_limits *limits,
                                struct bark_arena *arena, struct bark_out *out, struct bark_error *err)
{
    const size_t mark = bark_scratch_mark(arena);
    struct bark_error own = { 0 };
    struct encoder e = { .scope = { .image = image, .limits = limits, .arena = arena }, .err = &own };
    enum bark_code code;
    uint16_t type;
    if (err)
        *err = (struct bark_error){ 0 };
    if (bark_root_type(image, root) == BARK_NONE || !msg)
        return bark_fail(err, BARK_ERR_USE, 0, "bark_encode_json: no such root, or no message");
    code = bark_limits_check(limits, err);
    if (code != BARK_OK)
        return code;
    type = bark_root_type(image, root);
    bark_json_writer_init(&e.w, out, style);
    code = type_is_object(&e, type) ? object_write(&e, type, msg) : scalar_write(&e, type, msg);
    while (code == BARK_OK && e.frame && bark_out_ok(out))
        code = frame_step(&e);
    if (code == BARK_OK && !bark_out_ok(out))
        code = refuse(&e, BARK_ERR_LIMIT, "the output has no room for the JSON text");
    if (code != BARK_OK && err) {
        path_report(&e, root);
        *err = own;
    }
    bark_scratch_pop(arena, mark);
    return code;
}
