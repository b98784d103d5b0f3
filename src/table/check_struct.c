/* table/check_struct.c - proves the members of structs and groups (T17 to T27).
 *
 * The danger is a row that makes two members share bytes: a number from the wire could then be read as a
 * pointer. Rows are in schema order and members in alignment order, so neighbours say nothing; instead each
 * struct is looked at through a window of 2048 bytes, in which every member marks its bytes. A struct has at
 * most 65535 bytes, so a row is looked at 33 times at most, and the window is all the memory that is needed.
 */
#include "base/without.h"
#include "table/check.h"

enum { WINDOW_BYTES = 2048, WORD_BITS = 64 };

/* One field while it is being proved. */
struct member {
    const struct bark_type_row *owner;
    const struct bark_field_row *field;
    const struct bark_trait_row *trait;
    const struct bark_type_row *type; /* NULL when the field has none */
    size_t size, align; /* of the C member */
    bool choice; /* an alternative */
};

static enum bark_field_kind kind_of(const struct member *m)
{
    return (enum bark_field_kind)(m->trait->bits & BARK_F_KIND);
}

static bool is_attribute_part(enum bark_field_kind kind)
{
    return kind == BARK_FIELD_ATTRIBUTE || kind == BARK_FIELD_ANY_ATTRIBUTE || kind == BARK_FIELD_POSITION;
}

/* T18. */
static bool content_fits(uint8_t model, enum bark_field_kind kind)
{
    switch (model) {
    case BARK_MODEL_SEQUENCE:
    case BARK_MODEL_CHOICE:
        return kind == BARK_FIELD_ELEMENT || kind == BARK_FIELD_GROUP || kind == BARK_FIELD_ANY;
    case BARK_MODEL_ALL:
        return kind == BARK_FIELD_ELEMENT;
    case BARK_MODEL_VALUE:
        return kind == BARK_FIELD_TEXT;
    default:
        return kind == BARK_FIELD_CONTENT;
    }
}

/* T19: the bits that mean something for each kind of field. */
static unsigned bits_allowed(enum bark_field_kind kind)
{
    switch (kind) {
    case BARK_FIELD_ELEMENT:
        return BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_POINTER | BARK_F_NILLABLE | BARK_F_DEFAULT |
               BARK_F_FIXED | BARK_F_OCCURS | BARK_F_SECRET | BARK_F_DIVIDED;
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_TEXT:
        return BARK_F_REQUIRED | BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_SECRET;
    case BARK_FIELD_GROUP:
        return BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_POINTER | BARK_F_OCCURS | BARK_F_DIVIDES |
               BARK_F_DIVIDED;
    case BARK_FIELD_ANY:
        return BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_OCCURS | BARK_F_DIVIDED;
    case BARK_FIELD_ANY_ATTRIBUTE:
    case BARK_FIELD_CONTENT:
        return BARK_F_REQUIRED;
    case BARK_FIELD_POSITION:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return 0;
}

static const char *bits_broken(const struct member *m)
{
    static const char rule[] = "T19: a field has only bits that mean something for its kind";
    const enum bark_field_kind kind = kind_of(m);
    const unsigned bits = m->trait->bits;
    const unsigned text = BARK_F_DEFAULT | BARK_F_FIXED;
    if ((bits & ~(unsigned)BARK_F_KIND & ~bits_allowed(kind)) != 0)
        return rule;
    if ((bits & BARK_F_DIVIDES) && !(bits & BARK_F_REPEATED))
        return rule;
    if ((bits & BARK_F_POINTER) &&
        (!m->type || (bits & BARK_F_REPEATED) || bark_kind_is_value(m->type->kind)))
        return rule;
    if (kind == BARK_FIELD_ELEMENT && (bits & text) && m->type && !bark_kind_is_value(m->type->kind) &&
        m->type->model != BARK_MODEL_VALUE && m->type->model != BARK_MODEL_TYPED)
        return rule;
    if (m->owner->model == BARK_MODEL_ALL && kind == BARK_FIELD_ELEMENT && (bits & BARK_F_REPEATED))
        return "T18: no element of ALL is repeated";
    return NULL;
}

/* T11 for what a field refers to, T12 for what it must not have. */
static const char *indices_broken(const struct bark_image *im, const struct member *m)
{
    const struct bark_field_row *f = m->field;
    switch (kind_of(m)) {
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_ATTRIBUTE:
        return f->name < im->name_count && m->trait->ns < im->namespace_count ? NULL : BARK_RULE_T11;
    case BARK_FIELD_ANY:
    case BARK_FIELD_ANY_ATTRIBUTE:
        if (bark_check_wildcard_used(im, f->name))
            return bark_check_wildcard_used(im, f->name);
        return m->trait->ns == 0 ? NULL : "T12: a field without a name has no namespace";
    case BARK_FIELD_TEXT:
    case BARK_FIELD_GROUP:
    case BARK_FIELD_CONTENT:
    case BARK_FIELD_POSITION:
        return f->name == BARK_NONE && m->trait->ns == 0 ? NULL : "T12: this kind of field has no name";
    case BARK_FIELD_TYPE:
        return "T18: the content fits the model";
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return "T12: the kind of the field is not known";
}

/* T20, T21. The field's own kind is known. */
static const char *type_broken(const struct member *m)
{
    static const char suits[] = "T20: the type of a field suits its kind";
    const struct bark_field_row *f = m->field;
    const bool by_value = (m->trait->bits & (BARK_F_REPEATED | BARK_F_POINTER)) == 0;
    bool ok = false;
    switch (kind_of(m)) {
    case BARK_FIELD_ELEMENT:
        ok = m->type && m->type->kind != BARK_KIND_GROUP;
        break;
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_TEXT:
        ok = m->type && bark_kind_is_value(m->type->kind);
        break;
    case BARK_FIELD_GROUP:
        ok = m->type && m->type->kind == BARK_KIND_GROUP;
        break;
    case BARK_FIELD_ANY:
    case BARK_FIELD_ANY_ATTRIBUTE:
    case BARK_FIELD_CONTENT:
    case BARK_FIELD_POSITION:
        ok = f->type == BARK_NONE;
        break;
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    if (!ok)
        return suits;
    if (m->type && (m->type->kind == BARK_KIND_GROUP || (m->type->kind == BARK_KIND_STRUCT && by_value)) &&
        m->type >= m->owner)
        return "T21: an embedded struct, and every group, stands before its holder";
    return NULL;
}

/* The C type of the member, as docs/table-format.md maps it. */
static void member_layout(struct member *m)
{
    const enum bark_field_kind kind = kind_of(m);
    if ((m->trait->bits & BARK_F_REPEATED) || kind == BARK_FIELD_ANY_ATTRIBUTE) {
        m->size = sizeof(struct bark_array);
        m->align = _Alignof(struct bark_array);
    } else if (m->trait->bits & BARK_F_POINTER) {
        m->size = sizeof(void *);
        m->align = _Alignof(void *);
    } else if (kind == BARK_FIELD_POSITION) {
        m->size = sizeof(uint32_t);
        m->align = _Alignof(uint32_t);
    } else if (!m->type) { /* ANY, CONTENT: both are one text */
        m->size = sizeof(struct bark_text);
        m->align = _Alignof(struct bark_text);
    } else if (!bark_kind_layout(m->type->kind, &m->size, &m->align)) {
        m->size = m->type->size;
        m->align = m->type->kind == BARK_KIND_ENUM ? m->size : bark_struct_align(m->type);
    }
}

/* What shows its absence in the value itself: no pointer, enumeration 0, which 0. */
static bool says_absent(const struct bark_type_row *type)
{
    const uint8_t kind = type->kind;
    return type->model == BARK_MODEL_TYPED || kind == BARK_KIND_ENUM || kind == BARK_KIND_UNION ||
           kind == BARK_KIND_INTEGER || kind == BARK_KIND_DECIMAL || kind == BARK_KIND_BASE64 ||
           kind == BARK_KIND_HEX || kind == BARK_KIND_QNAME ||
           (kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI);
}

/* T24. */
static const char *presence_broken(const struct member *m)
{
    const enum bark_field_kind kind = kind_of(m);
    const bool nil = (m->trait->bits & (BARK_F_NILLABLE | BARK_F_REPEATED)) == BARK_F_NILLABLE;
    const bool absent =
        (m->trait->bits & (BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_POINTER)) == 0 && !m->choice &&
        (kind == BARK_FIELD_ELEMENT || kind == BARK_FIELD_ATTRIBUTE || kind == BARK_FIELD_GROUP);
    if (absent && !bark_kind_is_value(m->type->kind) && !says_absent(m->type))
        return "T24: an optional struct or group is a pointer";
    if ((nil || (absent && !says_absent(m->type))) != (m->trait->has != BARK_NO_HAS))
        return "T24: a has_ byte is there exactly when absence or nil needs it";
    return NULL;
}

/* T25. */
static const char *extra_broken(const struct bark_image *im, const struct bark_trait_row *t)
{
    static const char rule[] =
        "T25: an extra row is there exactly when a bit asks for it, and agrees with the bits";
    const struct bark_extra_row *extra;
    if ((t->bits & (BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_OCCURS)) == 0)
        return t->extra == BARK_NONE ? NULL : rule;
    if (t->extra >= im->extra_count)
        return BARK_RULE_T11;
    if ((t->bits & BARK_F_DEFAULT) && (t->bits & BARK_F_FIXED))
        return rule;
    extra = &im->extras[t->extra];
    if ((t->bits & BARK_F_OCCURS) &&
        (!(t->bits & BARK_F_REPEATED) || extra->occurs_min > extra->occurs_max || extra->occurs_max < 2 ||
         (extra->occurs_min != 0) != ((t->bits & BARK_F_REQUIRED) != 0)))
        return rule;
    return NULL;
}

/* Where the first has_ byte of a struct or group stands. */
static size_t presence_at(const struct bark_type_row *owner)
{
    return owner->presence + (owner->model == BARK_MODEL_CHOICE ? sizeof(uint16_t) : 0);
}

/* T22 for the member and its has_ byte. */
static const char *place_broken(const struct member *m)
{
    static const char rule[] = "T22: a member lies inside its struct, aligned";
    const struct bark_field_row *f = m->field;
    if (m->size > m->owner->size || f->offset > m->owner->size - m->size || f->offset % m->align != 0 ||
        m->align > bark_struct_align(m->owner))
        return rule;
    if (m->trait->has != BARK_NO_HAS && presence_at(m->owner) + m->trait->has >= m->owner->size)
        return rule;
    return NULL;
}

static void member_load(const struct bark_image *im, size_t type, uint32_t field, struct member *m)
{
    *m = (struct member){ .owner = &im->types[type], .field = &im->fields[field] };
    m->trait = bark_field_trait(im, m->field);
    m->choice = m->owner->model == BARK_MODEL_CHOICE;
    if (m->field->type < im->type_count)
        m->type = &im->types[m->field->type];
}

/* Everything about one field that needs no look at its neighbours. */
static const char *member_broken(const struct bark_image *im, struct member *m, bool attribute_part)
{
    const char *rule = indices_broken(im, m);
    if (!rule && attribute_part != is_attribute_part(kind_of(m)))
        rule = "T17: the attributes of a struct stand first";
    if (!rule && !attribute_part && !content_fits(m->owner->model, kind_of(m)))
        rule = "T18: the content fits the model";
    if (!rule && m->owner->flags & BARK_TYPE_ARRAY && m->owner->kind == BARK_KIND_STRUCT &&
        kind_of(m) != BARK_FIELD_ELEMENT) /* whose type is named when an array is written */
        rule = "T18: the member of an ARRAY is an element";
    if (!rule)
        rule = type_broken(m);
    if (!rule)
        rule = bits_broken(m);
    if (!rule)
        rule = extra_broken(im, m->trait);
    if (!rule)
        rule = presence_broken(m);
    if (rule)
        return rule;
    member_layout(m);
    return place_broken(m);
}

/* Marks [from, to) of the window; false when a byte was marked already. */
static bool window_mark(uint64_t *window, size_t from, size_t to)
{
    while (from < to) {
        const size_t bit = from % WORD_BITS;
        const size_t bits = to - from < WORD_BITS - bit ? to - from : WORD_BITS - bit;
        const uint64_t mask = (bits == WORD_BITS ? UINT64_MAX : ((uint64_t)1 << bits) - 1) << bit;
        if (window[from / WORD_BITS] & mask)
            return false;
        window[from / WORD_BITS] |= mask;
        from += bits;
    }
    return true;
}

/* Marks what of [offset, offset + size) the window at `base` shows. */
static bool bytes_mark(uint64_t *window, size_t base, size_t offset, size_t size)
{
    const size_t from = offset > base ? offset - base : 0;
    const size_t to = offset + size > base ? offset + size - base : 0;
    return window_mark(window, from, to < WINDOW_BYTES ? to : WINDOW_BYTES);
}

/* T23 for sequences: no byte belongs to two members. */
static bool members_apart(const struct bark_image *im, size_t type)
{
    const struct bark_type_row *row = &im->types[type];
    size_t base;
    for (base = 0; base < row->size; base += WINDOW_BYTES) {
        uint64_t window[WINDOW_BYTES / WORD_BITS] = { 0 };
        uint32_t i;
        for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
            struct member m;
            member_load(im, type, i, &m);
            member_layout(&m);
            if (!bytes_mark(window, base, m.field->offset, m.size))
                return false;
            if (m.trait->has != BARK_NO_HAS && !bytes_mark(window, base, presence_at(row) + m.trait->has, 1))
                return false;
        }
    }
    return true;
}

/* T23, T27 for choices: `which` and the has_ bytes stand apart from every alternative. */
static bool alternatives_apart(const struct bark_image *im, size_t type)
{
    const struct bark_type_row *row = &im->types[type];
    const size_t from = row->presence;
    size_t to = from + sizeof(uint16_t);
    uint32_t i;
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        if (bark_field_has(im, &im->fields[i]) != BARK_NO_HAS &&
            presence_at(row) + bark_field_has(im, &im->fields[i]) >= to)
            to = presence_at(row) + bark_field_has(im, &im->fields[i]) + 1;
    }
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        struct member m;
        member_load(im, type, i, &m);
        member_layout(&m);
        if (m.field->offset < to && m.field->offset + m.size > from)
            return false;
    }
    return true;
}

/* T17, T18, T26, T27: what the type row says about its fields as a whole. */
static const char *outline_broken(const struct bark_image *im, const struct bark_type_row *row)
{
    if (BARK_HAS_GROUP && row->kind == BARK_KIND_GROUP) {
        if (row->name == 0 || row->extra > im->first_count || row->name > im->first_count - row->extra)
            return "T26: the FIRSTS range of a group exists and is not empty";
        if (row->model == BARK_MODEL_CHOICE &&
            (row->presence % sizeof(uint16_t) != 0 || row->presence + sizeof(uint16_t) > row->size ||
             bark_struct_align(row) < sizeof(uint16_t)))
            return "T27: which lies inside the group, aligned";
        return NULL;
    }
    if (row->extra > row->count)
        return "T17: the attributes of a struct stand first";
    if ((row->model == BARK_MODEL_VALUE || row->model == BARK_MODEL_RAW) && row->count - row->extra != 1)
        return "T18: the content fits the model";
    return NULL;
}

enum bark_code bark_check_members(struct bark_check *c, size_t index)
{
    const struct bark_image *im = c->image;
    const struct bark_type_row *row = &im->types[index];
    const char *rule;
    uint32_t i;
    if (bark_kind_is_value(row->kind))
        return BARK_OK;
    if (BARK_HAS_TYPED && row->model == BARK_MODEL_TYPED)
        return bark_check_typed(c, index);
    rule = outline_broken(im, row);
    if (rule)
        return bark_check_refuse(c, BARK_SECTION_TYPES, index, rule);
    for (i = 0; i < row->count; i++) {
        struct member m;
        member_load(im, index, row->first + i, &m);
        rule = member_broken(im, &m, row->kind == BARK_KIND_STRUCT && i < row->extra);
        if (rule)
            return bark_check_refuse(c, BARK_SECTION_FIELDS, row->first + i, rule);
    }
    if (!(BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE ? alternatives_apart(im, index)
                                                            : members_apart(im, index)))
        return bark_check_refuse(c, BARK_SECTION_TYPES, index, "T23: members of a struct do not overlap");
    return BARK_OK;
}
