/* tests/sample_image.h - one small image that has every kind of row, with the C structs that fit it.
 *
 * It stands for this schema, namespace urn:sample (prefix s), with one element and one attribute of urn:other
 * (prefix o) that share local names with neighbours:
 *
 *   Item   @token! @count @o:token  (position)  Name!  Color  Level(default 3)  Flag(nillable)  When  Data
 * Kind Code(pattern [a-z]+)  Numbers(list)  Size(union)  Amount(decimal)  Big(int64)  Length(value struct)
 *          Note(mixed)  Both(all)  Tag{2..4}  choice: Word | Number | Long   { Key Val }*  Child*(Item)
 *          Next(Item, recursive)  o:Name  any*
 *   Tree   name! Tree*
 *   Color  a simple root
 */
#ifndef SAMPLE_IMAGE_H
#define SAMPLE_IMAGE_H

#include "image_builder.h"

enum sample_color { SAMPLE_RED = 1, SAMPLE_GREEN, SAMPLE_BLUE };

struct sample_length {
    double value;
    struct bark_text unit;
};

struct sample_note {
    struct bark_text content;
    struct bark_text lang;
};

struct sample_both {
    struct bark_text b;
    int32_t a;
    uint8_t has_a;
};

enum { SAMPLE_PICK_WORD = 1, SAMPLE_PICK_NUMBER, SAMPLE_PICK_LONG };

struct sample_pick {
    uint16_t which;
    uint8_t has_number;
    union {
        struct bark_text word;
        int32_t number;
        struct sample_length length;
    } u;
};

struct sample_pair {
    struct bark_text key;
    int64_t val;
    uint8_t has_val;
};

struct sample_item {
    struct bark_text token;
    struct bark_text other_token;
    struct bark_array other_attributes;
    struct bark_text name;
    struct bark_time when;
    struct bark_bytes data;
    struct bark_qname kind;
    struct bark_text code;
    struct bark_array numbers;
    struct bark_union size;
    struct bark_text amount;
    int64_t big;
    struct sample_length *length;
    struct sample_note *note;
    struct sample_both *both;
    struct bark_array tags;
    struct sample_pick pick;
    struct bark_array pairs;
    struct bark_array children;
    struct sample_item *next;
    struct bark_text other_name;
    struct bark_array any;
    enum sample_color color;
    int32_t count;
    int32_t level;
    uint32_t position;
    bool flag;
    uint8_t has_count, has_level, has_flag, has_when, has_numbers, has_big;
};

struct sample_tree {
    struct bark_text name;
    struct bark_array trees;
};

enum { SAMPLE_SHAPE_LENGTH = 1, SAMPLE_SHAPE_INT, SAMPLE_SHAPE_TREE };

struct sample_shape {
    uint16_t which;
    union {
        struct sample_length *length;
        int32_t number;
        struct sample_tree *tree;
    } u;
};

struct sample_box {
    struct sample_shape one;
    struct bark_array many;
    uint8_t has_one;
};

/* Row numbers that tests name. */
struct sample_rows {
    uint16_t item_root, tree_root, color_root, box_root, answer_root;
    uint16_t item, tree, color, pick, pair, shape, box;
};

#define SAMPLE_MEMBER(struct_name, member) (uint16_t) offsetof(struct struct_name, member)

static inline void sample_field(struct image_builder *b, unsigned kind, unsigned bits, uint8_t ns,
                                const char *name, size_t offset, uint16_t type, uint16_t extra, uint8_t has)
{
    ib_field(b, (struct wide_field){ name ? ib_name(b, name) : BARK_NONE, (uint16_t)offset, type, extra,
                                     (uint16_t)(kind | bits), ns, has });
}

/* The value types; row numbers by name. */
struct sample_values {
    uint16_t text, boolean, int32, int64, real, time, bytes, qname, decimal, code, color, numbers, size;
};

static inline struct sample_values sample_values(struct image_builder *b)
{
    struct sample_values v;
    uint16_t list;
    v.text = ib_plain(b, BARK_KIND_STRING, sizeof(struct bark_text));
    v.boolean = ib_plain(b, BARK_KIND_BOOLEAN, sizeof(bool));
    v.int32 = ib_plain(b, BARK_KIND_INT32, sizeof(int32_t));
    v.int64 = ib_plain(b, BARK_KIND_INT64, sizeof(int64_t));
    v.real = ib_plain(b, BARK_KIND_DOUBLE, sizeof(double));
    v.time = ib_plain(b, BARK_KIND_DATETIME, sizeof(struct bark_time));
    v.bytes = ib_plain(b, BARK_KIND_BASE64, sizeof(struct bark_bytes));
    v.qname = ib_plain(b, BARK_KIND_QNAME, sizeof(struct bark_qname));
    v.decimal = ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_DECIMAL,
                                                   .size = sizeof(struct bark_text),
                                                   .extra = 0,
                                                   .presence = 1,
                                                   .name = BARK_NONE });
    ib_facet(b, (struct bark_facet_row){
                    .kind = BARK_FACET_MIN_INCLUSIVE, .text_len = 2, .text = ib_text(b, "-5"), .value = -5 });
    v.code = ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_TOKEN,
                                                .size = sizeof(struct bark_text),
                                                .extra = 1,
                                                .presence = 2,
                                                .name = ib_name(b, "Code") });
    ib_facet(b, (struct bark_facet_row){ .kind = BARK_FACET_MAX_LENGTH, .value = 8 });
    ib_facet(b, (struct bark_facet_row){ .kind = BARK_FACET_PATTERN, .value = 0 });
    list = ib_list(b, ib_name(b, "red"));
    ib_list(b, ib_name(b, "green"));
    ib_list(b, ib_name(b, "blue"));
    v.color = ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_ENUM,
                                                 .flags = BARK_TYPE_PLAIN,
                                                 .ns = 1,
                                                 .size = sizeof(enum sample_color),
                                                 .first = list,
                                                 .count = 3,
                                                 .name = ib_name(b, "Color") });
    v.numbers = ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_LIST,
                                                   .flags = BARK_TYPE_PLAIN,
                                                   .size = sizeof(struct bark_array),
                                                   .first = v.int32,
                                                   .name = BARK_NONE });
    list = ib_list(b, v.int32);
    ib_list(b, v.color);
    v.size = ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_UNION,
                                                .flags = BARK_TYPE_PLAIN,
                                                .size = sizeof(struct bark_union),
                                                .first = list,
                                                .count = 2,
                                                .name = BARK_NONE });
    return v;
}

/* The size and the flags of the row of a C type. */
#define SAMPLE_C(type) sizeof(type), BARK_TYPE_ALIGN_OF(type)

/* A struct or group row whose fields are the next ones to be appended. */
static inline uint16_t sample_struct(struct image_builder *b, uint8_t model, size_t size, unsigned flags,
                                     uint16_t count, uint16_t attributes, size_t presence, const char *name)
{
    return ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_STRUCT,
                                              .model = model,
                                              .flags = (uint8_t)flags,
                                              .ns = 1,
                                              .size = (uint16_t)size,
                                              .first = (uint16_t)b->count[BARK_SECTION_FIELDS],
                                              .count = count,
                                              .extra = attributes,
                                              .presence = (uint16_t)presence,
                                              .name = ib_name(b, name) });
}

static inline uint16_t sample_group(struct image_builder *b, uint8_t model, size_t size, unsigned flags,
                                    uint16_t count, size_t presence, uint16_t firsts)
{
    return ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_GROUP,
                                              .model = model,
                                              .flags = (uint8_t)flags,
                                              .size = (uint16_t)size,
                                              .first = (uint16_t)b->count[BARK_SECTION_FIELDS],
                                              .count = count,
                                              .extra = (uint16_t)b->count[BARK_SECTION_FIRSTS],
                                              .presence = (uint16_t)presence,
                                              .name = firsts });
}

#define AT(member) SAMPLE_MEMBER(sample_item, member)

/* The fields of Item, which is row `item` itself. */
static inline void sample_item_fields(struct image_builder *b, const struct sample_values *v,
                                      const struct sample_rows *rows, uint16_t length, uint16_t note,
                                      uint16_t both, uint16_t any)
{
    const uint16_t none = BARK_NONE;
    const uint8_t no = BARK_NO_HAS;
    const unsigned e = BARK_FIELD_ELEMENT, a = BARK_FIELD_ATTRIBUTE;
    const unsigned must = BARK_F_REQUIRED, many = BARK_F_REPEATED, ref = BARK_F_POINTER;
    const uint16_t level = ib_extra(b, (struct bark_extra_row){ 0, 0, ib_text(b, "3"), 1 });
    const uint16_t tags = ib_extra(b, (struct bark_extra_row){ 2, 4, 0, 0 });
    sample_field(b, a, must, 0, "token", AT(token), v->text, none, no);
    sample_field(b, a, 0, 0, "count", AT(count), v->int32, none, 0);
    sample_field(b, a, 0, 2, "token", AT(other_token), v->text, none, no);
    ib_field(b,
             (struct wide_field){ any, AT(other_attributes), none, none, BARK_FIELD_ANY_ATTRIBUTE, 0, no });
    sample_field(b, BARK_FIELD_POSITION, 0, 0, NULL, AT(position), none, none, no);
    sample_field(b, e, must, 1, "Name", AT(name), v->text, none, no);
    sample_field(b, e, 0, 1, "Color", AT(color), v->color, none, no);
    sample_field(b, e, BARK_F_DEFAULT, 1, "Level", AT(level), v->int32, level, 1);
    sample_field(b, e, BARK_F_NILLABLE, 1, "Flag", AT(flag), v->boolean, none, 2);
    sample_field(b, e, 0, 1, "When", AT(when), v->time, none, 3);
    sample_field(b, e, BARK_F_SECRET, 1, "Data", AT(data), v->bytes, none, no);
    sample_field(b, e, 0, 1, "Kind", AT(kind), v->qname, none, no);
    sample_field(b, e, 0, 1, "Code", AT(code), v->code, none, no);
    sample_field(b, e, 0, 1, "Numbers", AT(numbers), v->numbers, none, 4);
    sample_field(b, e, 0, 1, "Size", AT(size), v->size, none, no);
    sample_field(b, e, 0, 1, "Amount", AT(amount), v->decimal, none, no);
    sample_field(b, e, 0, 1, "Big", AT(big), v->int64, none, 5);
    sample_field(b, e, ref, 1, "Length", AT(length), length, none, no);
    sample_field(b, e, ref, 1, "Note", AT(note), note, none, no);
    sample_field(b, e, ref, 1, "Both", AT(both), both, none, no);
    sample_field(b, e, many | must | BARK_F_OCCURS, 1, "Tag", AT(tags), v->text, tags, no);
    sample_field(b, BARK_FIELD_GROUP, must, 0, NULL, AT(pick), rows->pick, none, no);
    sample_field(b, BARK_FIELD_GROUP, many, 0, NULL, AT(pairs), rows->pair, none, no);
    sample_field(b, e, many | BARK_F_NILLABLE, 1, "Child", AT(children), rows->item, none, no);
    sample_field(b, e, ref, 1, "Next", AT(next), rows->item, none, no);
    sample_field(b, e, 0, 2, "Name", AT(other_name), v->text, none, no);
    ib_field(b, (struct wide_field){ any, AT(any), none, none, BARK_FIELD_ANY | BARK_F_REPEATED, 0, no });
}

/* Box, whose elements may be a Length, an int or a Tree by xsi:type. */
static inline void sample_box_types(struct image_builder *b, const struct sample_values *v,
                                    struct sample_rows *r, uint16_t length)
{
    const unsigned type = BARK_FIELD_TYPE, ref = BARK_F_POINTER, nil = BARK_F_NILLABLE;
    const size_t at = offsetof(struct sample_shape, u);
    r->shape = sample_struct(b, BARK_MODEL_TYPED, SAMPLE_C(struct sample_shape), 3, 0, 0, "Shape");
    sample_field(b, type, ref, 1, "Length", at, length, BARK_NONE, BARK_NO_HAS);
    sample_field(b, type, 0, 2, "int", at, v->int32, BARK_NONE, BARK_NO_HAS);
    sample_field(b, type, ref, 1, "Tree", at, r->tree, BARK_NONE, BARK_NO_HAS);
    r->box = sample_struct(b, BARK_MODEL_SEQUENCE, SAMPLE_C(struct sample_box), 2, 0,
                           offsetof(struct sample_box, has_one), "Box");
    sample_field(b, BARK_FIELD_ELEMENT, nil, 1, "One", SAMPLE_MEMBER(sample_box, one), r->shape, BARK_NONE,
                 0);
    sample_field(b, BARK_FIELD_ELEMENT, nil | BARK_F_REPEATED, 1, "Many", SAMPLE_MEMBER(sample_box, many),
                 r->shape, BARK_NONE, BARK_NO_HAS);
}

/* Complex types that Item uses, in the order of C; then Item and Tree. */
static inline void sample_types(struct image_builder *b, const struct sample_values *v, struct sample_rows *r,
                                uint16_t any)
{
    const uint16_t none = BARK_NONE;
    const uint8_t no = BARK_NO_HAS;
    const unsigned e = BARK_FIELD_ELEMENT, a = BARK_FIELD_ATTRIBUTE, must = BARK_F_REQUIRED;
    uint16_t length, note, both;
    length = sample_struct(b, BARK_MODEL_VALUE, SAMPLE_C(struct sample_length), 2, 1, 0, "Length");
    sample_field(b, a, 0, 0, "unit", SAMPLE_MEMBER(sample_length, unit), v->text, none, no);
    sample_field(b, BARK_FIELD_TEXT, must, 0, NULL, SAMPLE_MEMBER(sample_length, value), v->real, none, no);
    note = sample_struct(b, BARK_MODEL_RAW, SAMPLE_C(struct sample_note), 2, 1, 0, "Note");
    sample_field(b, a, 0, 0, "lang", SAMPLE_MEMBER(sample_note, lang), v->text, none, no);
    sample_field(b, BARK_FIELD_CONTENT, 0, 0, NULL, SAMPLE_MEMBER(sample_note, content), none, none, no);
    both = sample_struct(b, BARK_MODEL_ALL, SAMPLE_C(struct sample_both), 2, 0,
                         offsetof(struct sample_both, has_a), "Both");
    sample_field(b, e, 0, 1, "A", SAMPLE_MEMBER(sample_both, a), v->int32, none, 0);
    sample_field(b, e, must, 1, "B", SAMPLE_MEMBER(sample_both, b), v->text, none, no);
    r->pick = sample_group(b, BARK_MODEL_CHOICE, SAMPLE_C(struct sample_pick), 3,
                           offsetof(struct sample_pick, which), 3);
    sample_field(b, e, must, 1, "Word", SAMPLE_MEMBER(sample_pick, u), v->text, none, no);
    sample_field(b, e, must | BARK_F_NILLABLE, 1, "Number", SAMPLE_MEMBER(sample_pick, u), v->int32, none, 0);
    sample_field(b, e, must, 1, "Long", SAMPLE_MEMBER(sample_pick, u), length, none, no);
    ib_first(b, (struct bark_first_row){ ib_name(b, "Word"), 1, BARK_FIELD_ELEMENT });
    ib_first(b, (struct bark_first_row){ ib_name(b, "Number"), 1, BARK_FIELD_ELEMENT });
    ib_first(b, (struct bark_first_row){ ib_name(b, "Long"), 1, BARK_FIELD_ELEMENT });
    r->pair = sample_group(b, BARK_MODEL_SEQUENCE, SAMPLE_C(struct sample_pair), 2,
                           offsetof(struct sample_pair, has_val), 1);
    sample_field(b, e, must, 1, "Key", SAMPLE_MEMBER(sample_pair, key), v->text, none, no);
    sample_field(b, e, 0, 1, "Val", SAMPLE_MEMBER(sample_pair, val), v->int64, none, 0);
    ib_first(b, (struct bark_first_row){ ib_name(b, "Key"), 1, BARK_FIELD_ELEMENT });
    r->item =
        sample_struct(b, BARK_MODEL_SEQUENCE, SAMPLE_C(struct sample_item), 27, 5, AT(has_count), "Item");
    sample_item_fields(b, v, r, length, note, both, any);
    r->tree = sample_struct(b, BARK_MODEL_SEQUENCE, SAMPLE_C(struct sample_tree), 2, 1, 0, "Tree");
    sample_field(b, a, must, 0, "name", SAMPLE_MEMBER(sample_tree, name), v->text, none, no);
    sample_field(b, e, BARK_F_REPEATED, 1, "Tree", SAMPLE_MEMBER(sample_tree, trees), r->tree, none, no);
    sample_box_types(b, v, r, length);
}

#undef AT

static inline void sample_messages(struct image_builder *b, struct sample_rows *r)
{
    const uint16_t both = ib_namespaces(b, 6), own = ib_namespaces(b, 2);
    uint16_t fault;
    r->item_root = ib_root(b, (struct wide_root){ ib_name(b, "Item"), r->item, both, 0, 1, 0, 0 });
    r->tree_root = ib_root(
        b, (struct wide_root){ ib_name(b, "Tree"), r->tree, own, 0, 1, r->tree, ib_name(b, "Response") });
    r->color_root = ib_root(b, (struct wide_root){ ib_name(b, "Color"), r->color, own, 0, 1, 0, 0 });
    r->box_root = ib_root(b, (struct wide_root){ ib_name(b, "Box"), r->box, both, 0, 1, 0, 0 });
    r->answer_root = (uint16_t)(b->count[BARK_SECTION_ROOTS] + r->tree_root);
    fault = ib_list(b, r->color_root);
    ib_list(b, 1); /* header blocks: one in, one out, one of a fault */
    ib_list(b, 1);
    ib_list(b, 1);
    ib_list(b, r->box_root);
    ib_list(b, r->color_root);
    ib_list(b, r->color_root);
    ib_operation(b, (struct wide_operation){ .name = ib_name(b, "GetItem"),
                                             .input = r->tree_root,
                                             .output = r->item_root,
                                             .flags = BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12 |
                                                      BARK_OPERATION_HEADERS,
                                             .first_fault = fault,
                                             .fault_count = 1,
                                             .action_base = ib_name(b, "urn:sample/"),
                                             .action_end = ib_name(b, "GetItem") });
    ib_operation(b, (struct wide_operation){ .name = ib_name(b, "Tell"),
                                             .input = r->color_root,
                                             .output = BARK_NONE,
                                             .action_base = BARK_NONE,
                                             .action_end = BARK_NONE,
                                             .flags = BARK_OPERATION_ONE_WAY | BARK_OPERATION_SOAP12 |
                                                      BARK_OPERATION_OUTBOUND });
    ib_operation(b,
                 (struct wide_operation){ .name = BARK_NONE, /* Tree, and it is answered with TreeResponse */
                                          .input = r->tree_root,
                                          .output = BARK_NONE,
                                          .action_base = ib_name(b, "urn:sample/"),
                                          .action_end = BARK_NONE,
                                          .flags = BARK_OPERATION_SOAP12 | BARK_OPERATION_PAIRED |
                                                   BARK_OPERATION_ACTION_NAMED });
    ib_service(b, (struct bark_service_row){ .name = ib_name(b, "Sample"),
                                             .count = 3,
                                             .ns = 1,
                                             .address = ib_text(b, "http://127.0.0.1/sample"),
                                             .address_len = 23 });
}

/* The DFA of [a-z]+: class 1 is a letter, state 1 the start, state 2 accepts. */
static inline void sample_pattern(struct image_builder *b)
{
    static const uint16_t next[] = { 0, 0, 0, 2, 0, 2 };
    static const uint8_t accept[] = { 0, 0, 1 };
    uint8_t map[256] = { 0 };
    memset(&map['a'], 1, 26);
    ib_pattern(b, ib_text(b, "[a-z]+"), map, next, accept, 3, 2);
}

/* Builds the image; the slice lives as long as the builder. */
static inline struct bark_slice sample_image(struct image_builder *b, struct sample_rows *rows)
{
    struct sample_values v;
    uint16_t any, other;
    ib_init(b);
    ib_namespace(b, "urn:sample", "s");
    ib_namespace(b, "urn:other", "o");
    v = sample_values(b);
    rows->color = v.color;
    any = ib_wildcard(b, (struct bark_wildcard_row){ .mode = BARK_WILDCARD_ANY, .process = 1 });
    other = ib_list(b, 1);
    ib_wildcard(
        b, (struct bark_wildcard_row){ .mode = BARK_WILDCARD_NOT, .process = 1, .first = other, .count = 1 });
    sample_types(b, &v, rows, any);
    sample_messages(b, rows);
    sample_pattern(b);
    return ib_finish(b);
}

#endif
