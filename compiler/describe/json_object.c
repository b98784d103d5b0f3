/* describe/json_object.c - the schema of a JSON object: the members of a struct and of the groups inside it
 * that occur once, which have no object of their own.
 *
 * Properties are flat, as the names in the object are. What the groups demand is a list of conditions, each
 * about one group: "if one of your members is there, then these must be", "... one alternative, and no
 * other". That is how the decoder judges an object (engine/decode_json_end.c), and it needs no recursion.
 */
#include "describe/json.h"

#include <string.h>

/* A field of the struct or of a group inside it. */
struct slot {
    const struct soapc_pfield *field;
    const struct soapc_ptype *owner;
    size_t parent; /* slot of the group that holds it; NONE: the struct itself */
    size_t end; /* the first slot behind this one and all inside it */
    const char *name; /* NULL: an inline group, whose members stand for it */
};

enum { NONE = SIZE_MAX };

struct object {
    struct soapc_json *j;
    struct slot *slots;
    size_t count, cap;
};

static bool is_inline(const struct soapc_pfield *f)
{
    return f->kind == BARK_FIELD_GROUP && !(f->bits & BARK_F_REPEATED);
}

/* ---- names, by the rules of docs/json.md ---- */

static const char *fixed_name(const struct soapc_pfield *f)
{
    switch (f->kind) {
    case BARK_FIELD_TEXT:
        return "#text";
    case BARK_FIELD_GROUP:
        return "#group";
    case BARK_FIELD_ANY:
        return "#any";
    case BARK_FIELD_ANY_ATTRIBUTE:
        return "#attributes";
    case BARK_FIELD_CONTENT:
        return "#content";
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_POSITION:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return NULL;
}

static bool names_meet(const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    if (x->kind != y->kind || is_inline(x) || is_inline(y))
        return false;
    return fixed_name(x) || strcmp(x->local, y->local) == 0;
}

static const char *slot_name(struct object *o, size_t index)
{
    const struct soapc_pfield *f = o->slots[index].field;
    const char *mark = f->kind == BARK_FIELD_ATTRIBUTE ? "@" : "";
    const char *local = fixed_name(f) ? fixed_name(f) : f->local;
    size_t before = 0, same = 0;
    for (size_t i = 0; i < index; i++) {
        if (!names_meet(o->slots[i].field, f))
            continue;
        before++;
        same += strcmp(o->slots[i].field->ns, f->ns) == 0;
    }
    const char *prefix = soapc_plan_prefix(o->j->plan, f->ns);
    if (before && same == 0 && prefix[0])
        return soapc_plan_printf(o->j->plan, "%s%s:%s", mark, prefix, local);
    if (before)
        return soapc_plan_printf(o->j->plan, "%s%s#%zu", mark, local, before + 1);
    return soapc_plan_printf(o->j->plan, "%s%s", mark, local);
}

/* ---- slots ---- */

static bool slot_push(struct object *o, const struct soapc_pfield *field, const struct soapc_ptype *owner,
                      size_t parent)
{
    struct slot *slots = soapc_plan_grow(o->j->plan, o->slots, o->count, &o->cap, sizeof *slots);
    if (!slots)
        return false;
    o->slots = slots;
    slots[o->count] = (struct slot){ .field = field, .owner = owner, .parent = parent, .end = o->count + 1 };
    if (!is_inline(field) && field->kind != BARK_FIELD_POSITION)
        slots[o->count].name = slot_name(o, o->count);
    o->count++;
    return true;
}

/* All fields in schema order, groups followed by their members. */
static bool slots_fill(struct object *o, const struct soapc_ptype *t)
{
    const struct soapc_ptype *owner = t;
    size_t parent = NONE, field = 0;
    for (;;) {
        while (field == owner->field_count) {
            if (parent == NONE)
                return !o->j->plan->failed;
            o->slots[parent].end = o->count;
            owner = o->slots[parent].owner;
            field = (size_t)(o->slots[parent].field - owner->fields) + 1;
            parent = o->slots[parent].parent;
        }
        if (!slot_push(o, &owner->fields[field], owner, parent))
            return false;
        field++;
        if (is_inline(o->slots[o->count - 1].field)) {
            parent = o->count - 1;
            owner = o->slots[parent].field->type;
            field = 0;
        }
    }
}

/* ---- one property ---- */

static void simple_type(struct soapc_json *j, const char *type)
{
    soapc_json_pair(j, "type", type);
}

static void count_put(struct soapc_json *j, const char *name, uint32_t count)
{
    const char *number = soapc_plan_printf(j->plan, "%u", (unsigned)count);
    soapc_json_name(j, name);
    soapc_json_literal(j, number ? number : "0");
}

/* The value without null and without the array around it. */
static void item_put(struct soapc_json *j, const struct soapc_pfield *f)
{
    if (f->type) {
        soapc_json_value(j, f->type);
        soapc_json_preset(j, f);
        return;
    }
    simple_type(j, f->kind == BARK_FIELD_ANY_ATTRIBUTE ? "object" : "string");
    if (f->kind == BARK_FIELD_ANY_ATTRIBUTE) {
        soapc_json_open(j, "additionalProperties", '{');
        simple_type(j, "string");
        soapc_json_close(j, '}');
    }
}

static void nullable_put(struct soapc_json *j, const struct soapc_pfield *f)
{
    if (!(f->bits & BARK_F_NILLABLE) || (f->bits & BARK_F_FIXED)) {
        item_put(j, f);
        return;
    }
    soapc_json_open(j, "anyOf", '[');
    soapc_json_open(j, NULL, '{');
    item_put(j, f);
    soapc_json_close(j, '}');
    soapc_json_open(j, NULL, '{');
    simple_type(j, "null");
    soapc_json_close(j, '}');
    soapc_json_close(j, ']');
}

static void property_put(struct soapc_json *j, const struct slot *slot)
{
    const struct soapc_pfield *f = slot->field;
    const char *about = f->kind == BARK_FIELD_ELEMENT || f->kind == BARK_FIELD_ATTRIBUTE
                            ? soapc_model_documentation(j->plan->model, f->place)
                            : NULL;
    soapc_json_open(j, slot->name, '{');
    if (about)
        soapc_json_pair(j, "description", about);
    if (f->bits & BARK_F_REPEATED) {
        simple_type(j, "array");
        if (f->min)
            count_put(j, "minItems", f->min);
        if (f->max != SOAPC_UNBOUNDED)
            count_put(j, "maxItems", f->max);
        soapc_json_open(j, "items", '{');
        nullable_put(j, f);
        soapc_json_close(j, '}');
    } else {
        nullable_put(j, f);
    }
    soapc_json_close(j, '}');
}

/* ---- conditions ---- */

static bool is_required(const struct slot *slot)
{
    const struct soapc_pfield *f = slot->field;
    if (f->kind == BARK_FIELD_TEXT)
        return true;
    if (f->kind == BARK_FIELD_ANY_ATTRIBUTE || f->kind == BARK_FIELD_CONTENT ||
        f->kind == BARK_FIELD_POSITION)
        return false;
    return (f->bits & BARK_F_REQUIRED) &&
           !(f->kind == BARK_FIELD_GROUP && (f->type->flags & BARK_TYPE_NULLABLE));
}

static void one_required_put(struct object *o, const char *name)
{
    soapc_json_open(o->j, "required", '[');
    soapc_json_text(o->j, name);
    soapc_json_close(o->j, ']');
}

/* "One of the members of this slot is there", as members of an open object. */
static void there_put(struct object *o, size_t slot)
{
    size_t leaves = 0, only = slot;
    for (size_t i = slot; i < o->slots[slot].end; i++) {
        if (!o->slots[i].name)
            continue;
        leaves++;
        only = i;
    }
    if (leaves == 1) {
        one_required_put(o, o->slots[only].name);
        return;
    }
    soapc_json_open(o->j, "anyOf", '[');
    for (size_t i = slot; i < o->slots[slot].end; i++) {
        if (!o->slots[i].name)
            continue;
        soapc_json_open(o->j, NULL, '{');
        one_required_put(o, o->slots[i].name);
        soapc_json_close(o->j, '}');
    }
    soapc_json_close(o->j, ']');
}

/* The names among the members from first on that must be there; type: one more is. */
static void required_put(struct object *o, size_t first, size_t end, const char *type)
{
    bool open = type != NULL;
    if (open) {
        soapc_json_open(o->j, "required", '[');
        soapc_json_text(o->j, type);
    }
    for (size_t i = first; i < end; i = o->slots[i].end) {
        if (!o->slots[i].name || !is_required(&o->slots[i]))
            continue;
        if (!open)
            soapc_json_open(o->j, "required", '[');
        open = true;
        soapc_json_text(o->j, o->slots[i].name);
    }
    if (open)
        soapc_json_close(o->j, ']');
}

/* The members from first on are of one group that is there: what of them must be too. */
static void sequence_put(struct object *o, size_t first, size_t end)
{
    bool open = false;
    required_put(o, first, end, NULL);
    for (size_t i = first; i < end; i = o->slots[i].end) {
        if (o->slots[i].name || !is_required(&o->slots[i]) || o->slots[i].field->kind == BARK_FIELD_POSITION)
            continue;
        if (!open)
            soapc_json_open(o->j, "allOf", '[');
        open = true;
        soapc_json_open(o->j, NULL, '{');
        there_put(o, i);
        soapc_json_close(o->j, '}');
    }
    if (open)
        soapc_json_close(o->j, ']');
}

/* "This one is there", for each from first on: the items of an open array. */
static void each_there_put(struct object *o, size_t first, size_t end)
{
    for (size_t i = first; i < end; i = o->slots[i].end) {
        soapc_json_open(o->j, NULL, '{');
        there_put(o, i);
        soapc_json_close(o->j, '}');
    }
}

/* Exactly one alternative; where one may be empty, at most one: then "none of them" is a branch of its own.
 */
static void choice_put(struct object *o, const struct soapc_ptype *choice, size_t first, size_t end)
{
    soapc_json_open(o->j, "oneOf", '[');
    each_there_put(o, first, end);
    if (choice->flags & BARK_TYPE_NULLABLE) {
        soapc_json_open(o->j, NULL, '{');
        soapc_json_open(o->j, "not", '{');
        soapc_json_open(o->j, "anyOf", '[');
        each_there_put(o, first, end);
        soapc_json_close(o->j, ']');
        soapc_json_close(o->j, '}');
        soapc_json_close(o->j, '}');
    }
    soapc_json_close(o->j, ']');
}

/* The condition of each group inside, in allOf. */
static void groups_put(struct object *o, const struct soapc_ptype *t)
{
    bool open = t->model == BARK_MODEL_CHOICE;
    if (open) {
        soapc_json_open(o->j, "allOf", '[');
        soapc_json_open(o->j, NULL, '{');
        choice_put(o, t, 0, o->count);
        soapc_json_close(o->j, '}');
    }
    for (size_t i = 0; i < o->count; i++) {
        const struct soapc_ptype *group = o->slots[i].field->type;
        if (!is_inline(o->slots[i].field))
            continue;
        if (!open)
            soapc_json_open(o->j, "allOf", '[');
        open = true;
        soapc_json_open(o->j, NULL, '{');
        soapc_json_open(o->j, "if", '{');
        there_put(o, i);
        soapc_json_close(o->j, '}');
        soapc_json_open(o->j, "then", '{');
        if (group->model == BARK_MODEL_CHOICE)
            choice_put(o, group, i + 1, o->slots[i].end);
        else
            sequence_put(o, i + 1, o->slots[i].end);
        soapc_json_close(o->j, '}');
        soapc_json_close(o->j, '}');
    }
    if (t->model != BARK_MODEL_CHOICE)
        for (size_t i = 0; i < o->count; i = o->slots[i].end) {
            if (o->slots[i].name || !is_required(&o->slots[i]))
                continue;
            soapc_json_open(o->j, NULL, '{'); /* open: the group's own condition stands there */
            there_put(o, i);
            soapc_json_close(o->j, '}');
        }
    if (open)
        soapc_json_close(o->j, ']');
}

static void type_put(struct soapc_json *j, const char *type)
{
    soapc_json_open(j, "#type", '{');
    soapc_json_name(j, "const");
    soapc_json_text(j, type);
    soapc_json_close(j, '}');
}

void soapc_json_object(struct soapc_json *j, const struct soapc_ptype *t, const char *type)
{
    struct object o = { .j = j };
    if (!slots_fill(&o, t))
        return;
    soapc_json_pair(j, "type", "object");
    soapc_json_open(j, "properties", '{');
    if (type)
        type_put(j, type);
    for (size_t i = 0; i < o.count; i++)
        if (o.slots[i].name)
            property_put(j, &o.slots[i]);
    soapc_json_close(j, '}');
    required_put(&o, 0, t->model == BARK_MODEL_CHOICE ? 0 : o.count, type ? "#type" : NULL);
    groups_put(&o, t);
    soapc_json_name(j, "additionalProperties");
    soapc_json_literal(j, "false");
}
