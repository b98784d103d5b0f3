/* engine/json_object.c - slots of an object and their names.
 */
#include "engine/json_object.h"

#include "base/report.h"
#include "base/scratch.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct bark_json_slot) % BARK_ALIGN == 0, "slots stand without gaps on the scratch");

bool bark_json_slot_inline(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_field_row *f = bark_json_field(o, index);
    return bark_field_kind(o->image, f) == BARK_FIELD_GROUP &&
           (bark_field_bits(o->image, f) & BARK_F_REPEATED) == 0;
}

/* Appends one slot. */
static struct bark_json_slot *slot_push(struct bark_arena *arena, struct bark_json_object *o)
{
    struct bark_json_slot *slot = bark_scratch_push(arena, sizeof *slot);
    if (slot && o->count == 0)
        o->top = slot;
    if (slot)
        o->count++;
    return slot;
}

/* Goes through the fields in schema order, into groups and out of them again by the parents noted in the
 * slots; groups end [T21], so this does too. */
enum bark_code bark_json_object_push(struct bark_arena *arena, const struct bark_image *image, uint16_t type,
                                     void *base, struct bark_json_object *o)
{
    uint16_t owner = type, parent = BARK_NONE;
    uint32_t field = image->types[type].first;
    *o = (struct bark_json_object){ .image = image };
    for (;;) {
        struct bark_json_slot *slot;
        while (field == (uint32_t)image->types[owner].first + image->types[owner].count) {
            if (parent == BARK_NONE)
                return BARK_OK;
            slot = bark_json_slot(o, parent);
            field = slot->field + 1u;
            owner = slot->owner;
            parent = slot->parent;
        }
        if (o->count == BARK_NONE - 1)
            return BARK_ERR_LIMIT;
        slot = slot_push(arena, o);
        if (!slot)
            return BARK_ERR_MEMORY;
        *slot = (struct bark_json_slot){ .holder = parent == BARK_NONE ? base : NULL,
                                         .field = (uint16_t)field,
                                         .owner = owner,
                                         .parent = parent };
        field++;
        if (bark_json_slot_inline(o, (uint16_t)(o->count - 1))) {
            owner = image->fields[slot->field].type;
            field = image->types[owner].first;
            parent = (uint16_t)(o->count - 1);
        }
    }
}

uint16_t bark_json_slot_alternative(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_json_slot *s = bark_json_slot(o, index);
    const struct bark_type_row *owner = &o->image->types[s->owner];
    return owner->model == BARK_MODEL_CHOICE ? (uint16_t)(s->field - owner->first + 1) : 0;
}

uint8_t *bark_json_slot_has(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_json_slot *s = bark_json_slot(o, index);
    const struct bark_type_row *owner = &o->image->types[s->owner];
    const struct bark_field_row *f = bark_json_field(o, index);
    if (bark_field_has(o->image, f) == BARK_NO_HAS)
        return NULL;
    return s->holder + owner->presence + (owner->model == BARK_MODEL_CHOICE ? sizeof(uint16_t) : 0) +
           bark_field_has(o->image, f);
}

/* Names of what has none in the schema. '#' and '@' cannot start a name of XML, so nothing collides. */
static const char *const fixed_names[] = {
    [BARK_FIELD_ELEMENT] = NULL,
    [BARK_FIELD_ATTRIBUTE] = NULL,
    [BARK_FIELD_TEXT] = "#text",
    [BARK_FIELD_GROUP] = "#group",
    [BARK_FIELD_ANY] = "#any",
    [BARK_FIELD_ANY_ATTRIBUTE] = "#attributes",
    [BARK_FIELD_CONTENT] = "#content",
    [BARK_FIELD_POSITION] = "",
    [BARK_FIELD_TYPE] = "",
};
static_assert(sizeof fixed_names / sizeof *fixed_names == BARK_FIELD_KIND_COUNT,
              "a new field kind needs its name");

/* What stands in the middle of the member's name. */
static struct bark_slice slot_local(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_field_row *f = bark_json_field(o, index);
    const char *fixed = fixed_names[bark_field_kind(o->image, f)];
    if (!fixed)
        return bark_image_name(o->image, f->name);
    return (struct bark_slice){ (const uint8_t *)fixed, strlen(fixed) };
}

/* True for members that would have the same plain name. Inline groups and positions have no name at all. */
static bool names_meet(const struct bark_json_object *o, uint16_t a, uint16_t b)
{
    const struct bark_field_row *x = bark_json_field(o, a), *y = bark_json_field(o, b);
    if (bark_field_kind(o->image, x) != bark_field_kind(o->image, y) || bark_json_slot_inline(o, a))
        return false;
    return fixed_names[bark_field_kind(o->image, x)] != NULL || x->name == y->name;
}

struct bark_json_name bark_json_slot_name(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_field_row *f = bark_json_field(o, index);
    struct bark_json_name name = { .mark = bark_field_kind(o->image, f) == BARK_FIELD_ATTRIBUTE ? "@" : "",
                                   .local = slot_local(o, index) };
    uint16_t i, before = 0, same = 0;
    for (i = 0; i < index; i++) {
        if (names_meet(o, i, index)) {
            before++;
            same = (uint16_t)(same +
                              (bark_field_ns(o->image, bark_json_field(o, i)) == bark_field_ns(o->image, f)));
        }
    }
    if (before > 0 && same == 0 && o->image->namespaces[bark_field_ns(o->image, f)].prefix_len > 0) {
        const struct bark_namespace_row *ns = &o->image->namespaces[bark_field_ns(o->image, f)];
        name.prefix = (struct bark_slice){ o->image->pool + ns->prefix, ns->prefix_len };
    } else if (before > 0) {
        name.number = (uint16_t)(before + 1);
    }
    return name;
}

/* Decimal digits of a number into text; their count. */
static size_t digits_put(uint16_t number, uint8_t text[5])
{
    struct bark_out out;
    bark_out_init(&out, text, 5);
    bark_out_u64(&out, number);
    return out.pos;
}

/* The pieces of a whole name, at most five. */
struct pieces {
    struct bark_slice piece[6];
    size_t count;
    uint8_t digits[5];
};

static void piece_add(struct pieces *p, const void *ptr, size_t len)
{
    p->piece[p->count++] = (struct bark_slice){ ptr, len };
}

static void name_pieces(const struct bark_json_name *name, struct pieces *p)
{
    p->count = 0;
    piece_add(p, name->mark, strlen(name->mark));
    if (name->prefix.len > 0) {
        piece_add(p, name->prefix.ptr, name->prefix.len);
        piece_add(p, ":", 1);
    }
    piece_add(p, name->local.ptr, name->local.len);
    if (name->number > 0) {
        piece_add(p, "#", 1);
        piece_add(p, p->digits, digits_put(name->number, p->digits));
    }
}

void bark_json_name_write(const struct bark_json_name *name, struct bark_json_writer *w)
{
    struct pieces p;
    size_t i;
    name_pieces(name, &p);
    bark_json_write_start(w);
    for (i = 0; i < p.count; i++)
        bark_json_write_piece(w, p.piece[i]);
    bark_json_write_name_end(w);
}

void bark_json_name_report(const struct bark_json_name *name, char *field, size_t size)
{
    struct pieces p;
    size_t i;
    name_pieces(name, &p);
    for (i = 0; i < p.count; i++)
        bark_report_add(field, size, p.piece[i]);
}

/* True when the pieces, one after the other, are the text. */
static bool pieces_equal(const struct pieces *p, struct bark_slice text)
{
    size_t i;
    for (i = 0; i < p->count; i++) {
        const struct bark_slice piece = p->piece[i];
        if (piece.len > text.len || (piece.len > 0 && memcmp(piece.ptr, text.ptr, piece.len) != 0))
            return false;
        text.ptr += piece.len;
        text.len -= piece.len;
    }
    return text.len == 0;
}

/* Cheap: could the text be the name of this slot? Every whole name starts or ends with its local part, after
 * the mark. */
static bool name_possible(const struct bark_json_object *o, uint16_t index, struct bark_slice text)
{
    const struct bark_slice local = slot_local(o, index);
    if (bark_field_kind(o->image, bark_json_field(o, index)) == BARK_FIELD_ATTRIBUTE) {
        if (text.len == 0 || text.ptr[0] != '@')
            return false;
        text.ptr++;
        text.len--;
    }
    if (local.len == 0 || text.len < local.len || bark_json_slot_inline(o, index))
        return false;
    return memcmp(text.ptr, local.ptr, local.len) == 0 ||
           memcmp(text.ptr + text.len - local.len, local.ptr, local.len) == 0;
}

uint16_t bark_json_object_find(const struct bark_json_object *o, struct bark_slice name, uint16_t guess)
{
    uint16_t n;
    for (n = 0; n < o->count; n++) {
        const uint16_t index = (uint16_t)((guess + n) % o->count);
        struct pieces p;
        struct bark_json_name whole;
        if (!name_possible(o, index, name))
            continue;
        whole = bark_json_slot_name(o, index);
        name_pieces(&whole, &p);
        if (pieces_equal(&p, name))
            return index;
    }
    return BARK_NONE;
}
