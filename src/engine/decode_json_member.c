/* engine/decode_json_member.c - a name inside an object: which member it is, where it lives, what may stand
 * there.
 *
 * Groups that occur once have no object of their own, so the name of one of their members is what brings the
 * group into being: it allocates the group behind a pointer and decides a choice.
 */
#include "base/report.h"
#include "engine/json_decode.h"
#include "engine/typed.h"

#include <string.h>

uint8_t *bark_json_group_at(const struct bark_json_object *o, uint16_t slot)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    uint8_t *holder = bark_json_slot(o, slot)->holder;
    uint8_t *group;
    if (!holder)
        return NULL;
    if ((bark_field_bits(o->image, f) & BARK_F_POINTER) == 0)
        return holder + f->offset;
    memcpy(&group, holder + f->offset, sizeof group);
    return group;
}

/* Allocates what a POINTER field points to and stores the pointer. */
static void *pointee_make(struct bark_json_decoder *d, const struct bark_field_row *f, uint8_t *member)
{
    void *made = bark_arena_alloc(d->arena, 1, d->image->types[f->type].size);
    if (made)
        memcpy(member, &made, sizeof made);
    return made;
}

/* [XSD1 3.8.4] The slot's holder is a choice: takes this alternative, unless another one was taken. */
static enum bark_code choice_take(struct bark_json_decoder *d, const struct bark_json_object *o,
                                  uint16_t slot, size_t at)
{
    const uint16_t alternative = bark_json_slot_alternative(o, slot);
    uint16_t *which;
    if (alternative == 0)
        return BARK_OK;
    which = bark_json_slot_which(o, slot);
    if (*which != 0 && *which != alternative)
        return bark_json_refuse(d, BARK_ERR_UNEXPECTED, at,
                                "[XSD1 3.8.4] a choice takes one of its alternatives");
    *which = alternative;
    return BARK_OK;
}

/* Makes the group of an inline slot, whose holder is known, and shows it to the slots of its members. */
static enum bark_code group_enter(struct bark_json_decoder *d, const struct bark_json_object *o,
                                  uint16_t slot, size_t at)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    struct bark_json_slot *s = bark_json_slot(o, slot);
    enum bark_code code;
    uint8_t *group;
    uint16_t i;
    code = choice_take(d, o, slot, at);
    if (code != BARK_OK)
        return code;
    if ((bark_field_bits(d->image, f) & BARK_F_POINTER) && !pointee_make(d, f, s->holder + f->offset))
        return bark_json_no_memory(d, at);
    s->seen = 1;
    group = bark_json_group_at(o, slot);
    for (i = (uint16_t)(slot + 1); i < o->count; i++) {
        if (bark_json_slot(o, i)->parent == slot)
            bark_json_slot(o, i)->holder = group;
    }
    return BARK_OK;
}

/* Makes the slot's holder known, entering groups from the outside in. */
static enum bark_code holder_make(struct bark_json_decoder *d, const struct bark_json_object *o,
                                  uint16_t slot, size_t at)
{
    while (!bark_json_slot(o, slot)->holder) {
        uint16_t group = bark_json_slot(o, slot)->parent;
        enum bark_code code;
        while (!bark_json_slot(o, group)->holder)
            group = bark_json_slot(o, group)->parent;
        code = group_enter(d, o, group, at);
        if (code != BARK_OK)
            return code;
    }
    return choice_take(d, o, slot, at);
}

/* Says in the error record what could have stood here: members not seen yet. */
static void expected_report(struct bark_json_decoder *d, const struct bark_json_object *o)
{
    uint16_t i;
    for (i = 0; i < o->count; i++) {
        char text[BARK_ERROR_TEXT] = "";
        const struct bark_json_name name = bark_json_slot_name(o, i);
        if (bark_json_slot(o, i)->seen || bark_json_slot_inline(o, i) || name.local.len == 0)
            continue;
        bark_json_name_report(&name, text, sizeof text);
        bark_report_expect(d->r.err, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
    }
}

/* The slot that the name means, not seen before. */
static enum bark_code member_find(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_json_frame *f = d->frame;
    struct bark_slice name;
    uint16_t slot;
    enum bark_code code = bark_json_text(&d->r, ev, &name);
    if (code != BARK_OK)
        return code;
    slot = bark_json_object_find(&f->object, name, f->member);
    if (slot == BARK_NONE) {
        bark_json_refuse(d, BARK_ERR_UNEXPECTED, ev->offset,
                         "docs/json.md: the type has no member of this name");
        expected_report(d, &f->object);
        bark_report_add(d->r.err->found, sizeof d->r.err->found, name);
        return BARK_ERR_UNEXPECTED;
    }
    f->member = slot;
    f->in_member = true;
    if (bark_json_slot(&f->object, slot)->seen)
        return bark_json_refuse(d, BARK_ERR_JSON, ev->offset,
                                "[RFC8259 4] a name stands only once in an object");
    bark_json_slot(&f->object, slot)->seen = 1;
    return holder_make(d, &f->object, slot, ev->offset);
}

/* [XSD1 3.3.4] null is xsi:nil. */
static enum bark_code member_nil(struct bark_json_decoder *d, const struct bark_json_object *o, uint16_t slot,
                                 size_t at)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    uint8_t *has = bark_json_slot_has(o, slot);
    if ((bark_field_bits(d->image, f) & BARK_F_NILLABLE) == 0 ||
        (bark_field_bits(d->image, f) & BARK_F_REPEATED) || !has)
        return bark_json_refuse(d, BARK_ERR_TYPE, at, "[XSD1 3.3.4] null is for nillable elements");
    if (bark_field_bits(d->image, f) & BARK_F_FIXED)
        return bark_json_refuse(d, BARK_ERR_TYPE, at,
                                "[XSD1 3.3.4] an element with a fixed value cannot be nil");
    *has = BARK_NIL;
    d->frame->in_member = false;
    return BARK_OK;
}

/* A fixed value is that of the field itself: it is of a simple type, or may be. */
static bool fixes_itself(const struct bark_image *image, const struct bark_field_row *f)
{
    return f->type != BARK_NONE &&
           (image->types[f->type].model == BARK_MODEL_NONE || bark_type_is_typed(image, f->type));
}

/* The field whose fixed value the innermost object's member must have, or NULL. That of an element with
 * simple content stands on the element, its value in the "#text" below it. */
static const struct bark_field_row *fixed_field(const struct bark_json_decoder *d)
{
    const struct bark_json_frame *frame = d->frame, *up = frame->up;
    const struct bark_field_row *f =
        frame->kind == BARK_JSON_FRAME_OBJECT ? bark_json_field(&frame->object, frame->member) : NULL;
    const struct bark_field_row *outer = NULL;
    if (f && bark_field_bits(d->image, f) & BARK_F_FIXED)
        return fixes_itself(d->image, f) ? f : NULL;
    if ((!f || bark_field_kind(d->image, f) == BARK_FIELD_TEXT) && up)
        outer = up->kind == BARK_JSON_FRAME_OBJECT ? bark_json_field(&up->object, up->member) : up->field;
    return outer && (bark_field_bits(d->image, outer) & BARK_F_FIXED) ? outer : NULL;
}

enum bark_code bark_json_fixed_check(struct bark_json_decoder *d, uint16_t type, const void *member,
                                     size_t at)
{
    const struct bark_value_scope scope = { .image = d->image, .limits = d->r.limits, .arena = d->arena };
    const struct bark_field_row *fixed = fixed_field(d);
    struct bark_value_error ignored;
    struct bark_slice text;
    enum bark_code code;
    bool same;
    if (!fixed)
        return BARK_OK;
    text = (struct bark_slice){ d->image->pool + bark_field_extra(d->image, fixed)->text,
                                bark_field_extra(d->image, fixed)->text_len };
    /* Values are compared, not texts, as in XML: a fixed 1.0 is met by 1.00. */
    code = bark_value_is(&scope, type, member, text, &same, &ignored);
    if (code != BARK_OK)
        return bark_json_no_memory(d, at);
    if (same)
        return BARK_OK;
    bark_json_refuse(d, BARK_ERR_FACET, at, "[XSD1 3.3.4] the value is fixed by the schema");
    bark_report_expect(d->r.err, text);
    return BARK_ERR_FACET;
}

/* The same, for the value in a tagged union where the member is one. */
static enum bark_code value_fixed_check(struct bark_json_decoder *d, uint16_t type, const void *member,
                                        size_t at)
{
    if (bark_type_is_typed(d->image, type)) {
        const uint16_t which = bark_typed_which(d->image, type, member);
        const uint16_t field = (uint16_t)(d->image->types[type].first + which - 1);
        member = bark_typed_value(d->image, field, member);
        type = d->image->fields[field].type;
    }
    return bark_json_fixed_check(d, type, member, at);
}

/* An element, attribute or text that occurs once. */
static enum bark_code single_read(struct bark_json_decoder *d, const struct bark_json_object *o,
                                  uint16_t slot, const struct bark_json_event *ev)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    struct bark_json_frame *frame = d->frame;
    uint8_t *has = bark_json_slot_has(o, slot);
    void *member = bark_json_slot(o, slot)->holder + f->offset;
    enum bark_code code;
    if (bark_field_bits(d->image, f) & BARK_F_POINTER) {
        member = pointee_make(d, f, member);
        if (!member)
            return bark_json_no_memory(d, ev->offset);
    }
    if (has)
        *has = BARK_PRESENT;
    code = bark_json_place(d, ev, f->type, member);
    if (code != BARK_OK || bark_json_has_begun(d, frame)) /* its end decides */
        return code;
    code = value_fixed_check(d, f->type, member, ev->offset);
    frame->in_member = code != BARK_OK;
    return code;
}

/* The value of the member that was found. */
static enum bark_code member_read(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    const struct bark_json_object *o = &d->frame->object;
    const uint16_t slot = d->frame->member;
    const struct bark_field_row *f = bark_json_field(o, slot);
    const enum bark_field_kind kind = bark_field_kind(d->image, f);
    void *member = bark_json_slot(o, slot)->holder + f->offset;
    enum bark_code code;
    if (ev->kind == BARK_JSON_NULL)
        return member_nil(d, o, slot, ev->offset);
    if (kind == BARK_FIELD_ANY_ATTRIBUTE) {
        if (ev->kind != BARK_JSON_OBJECT)
            return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset, "docs/json.md: an object is wanted here");
        return bark_json_begin_array(d, ev->offset, BARK_JSON_FRAME_ATTRIBUTES, BARK_NONE, f, member);
    }
    if (bark_field_bits(d->image, f) & BARK_F_REPEATED) {
        if (ev->kind != BARK_JSON_ARRAY)
            return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset,
                                    "docs/json.md: a member that may repeat is an array, even of one");
        return bark_json_begin_array(d, ev->offset, BARK_JSON_FRAME_ITEMS, f->type, f, member);
    }
    if (kind != BARK_FIELD_ANY && kind != BARK_FIELD_CONTENT)
        return single_read(d, o, slot, ev);
    code = bark_json_place_text(d, ev, f, member); /* struct bark_any is one text too */
    if (code == BARK_OK)
        d->frame->in_member = false;
    return code;
}

enum bark_code bark_json_object_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    enum bark_code code;
    if (d->frame->in_member)
        return member_read(d, ev);
    if (ev->kind != BARK_JSON_OBJECT_END)
        return member_find(d, ev);
    code = bark_json_object_check(d, ev->offset);
    if (code == BARK_OK)
        bark_json_end_frame(d);
    return code;
}
