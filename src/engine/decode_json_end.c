/* engine/decode_json_end.c - the end of an object: what is absent may be, or is filled in, or is missed.
 */
#include "base/report.h"
#include "engine/json_decode.h"

#include <string.h>

/* What is wanted: the member itself, or those that can open a group. */
static void wanted_report(struct bark_json_decoder *d, const struct bark_json_object *o, uint16_t slot)
{
    uint16_t i;
    for (i = slot; i < o->count; i++) {
        char text[BARK_ERROR_TEXT] = "";
        const struct bark_json_name name = bark_json_slot_name(o, i);
        if ((i != slot && bark_json_slot(o, i)->parent != slot) || bark_json_slot_inline(o, i))
            continue;
        bark_json_name_report(&name, text, sizeof text);
        bark_report_expect(d->r.err, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
    }
}

static enum bark_code missing_refuse(struct bark_json_decoder *d, const struct bark_json_object *o,
                                     uint16_t slot, size_t at)
{
    const bool attribute = bark_field_kind(d->image, bark_json_field(o, slot)) == BARK_FIELD_ATTRIBUTE;
    bark_json_refuse(d, BARK_ERR_MISSING, at,
                     attribute ? "[XSD1 3.4.4] a required attribute is missing"
                               : "[XSD1 3.8.4] a required member is missing");
    wanted_report(d, o, slot);
    return BARK_ERR_MISSING;
}

/* [XSD1 3.4.4] An absent attribute takes its default or fixed value. */
static enum bark_code attribute_fill(struct bark_json_decoder *d, const struct bark_json_object *o,
                                     uint16_t slot, size_t at)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    const struct bark_extra_row *extra = bark_field_extra(d->image, f);
    const struct bark_slice text = { d->image->pool + extra->text, extra->text_len };
    uint8_t *has = bark_json_slot_has(o, slot);
    if (has)
        *has = BARK_PRESENT;
    return bark_json_value_preset(&d->r, d->image, text, at, f->type,
                                  bark_json_slot(o, slot)->holder + f->offset);
}

/* A group that no member has brought into being. */
static bool group_missed(const struct bark_json_object *o, uint16_t slot)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    return (bark_field_bits(o->image, f) & BARK_F_REQUIRED) &&
           (o->image->types[f->type].flags & BARK_TYPE_NULLABLE) == 0;
}

/* One slot that was not seen, in a holder that is there. */
static enum bark_code absent_check(struct bark_json_decoder *d, const struct bark_json_object *o,
                                   uint16_t slot, size_t at)
{
    const struct bark_field_row *f = bark_json_field(o, slot);
    const enum bark_field_kind kind = bark_field_kind(d->image, f);
    bool missed = (bark_field_bits(d->image, f) & BARK_F_REQUIRED) != 0;
    if (kind == BARK_FIELD_GROUP)
        missed = group_missed(o, slot);
    if (kind == BARK_FIELD_TEXT)
        missed = true;
    if (kind == BARK_FIELD_ATTRIBUTE && !missed &&
        (bark_field_bits(d->image, f) & (BARK_F_DEFAULT | BARK_F_FIXED)))
        return attribute_fill(d, o, slot, at);
    if (kind == BARK_FIELD_ANY_ATTRIBUTE || kind == BARK_FIELD_CONTENT || kind == BARK_FIELD_POSITION)
        missed = false;
    return missed ? missing_refuse(d, o, slot, at) : BARK_OK;
}

/* A choice that exists has decided, unless an alternative may be empty. */
static bool choice_open(const struct bark_json_object *o, uint16_t slot)
{
    const struct bark_type_row *owner = &o->image->types[bark_json_slot(o, slot)->owner];
    return bark_json_slot(o, slot)->field == owner->first && *bark_json_slot_which(o, slot) == 0 &&
           (owner->flags & BARK_TYPE_NULLABLE) == 0;
}

enum bark_code bark_json_object_check(struct bark_json_decoder *d, size_t at)
{
    const struct bark_json_object *o = &d->frame->object;
    uint16_t i;
    for (i = 0; i < o->count; i++) {
        const struct bark_json_slot *s = bark_json_slot(o, i);
        enum bark_code code = BARK_OK;
        if (!s->holder)
            continue; /* its group is not there, and was judged as a slot of its own */
        if (bark_json_slot_alternative(o, i) == 0) {
            if (!s->seen)
                code = absent_check(d, o, i, at);
        } else if (choice_open(o, i)) { /* a repeated choice, whose object is empty */
            code = bark_json_refuse(d, BARK_ERR_MISSING, at,
                                    "[XSD1 3.8.4] a choice wants one of its alternatives");
            wanted_report(d, o, i);
        }
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}
