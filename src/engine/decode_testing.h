/* engine/decode_testing.h - a schema made by hand, with a member of every shape, for the tests of the
 * decoder.
 *
 * The rows are written as a generated file writes them: designated initialisers, offsetof and sizeof. In XSD:
 *
 *   element Order { attribute id: int required; attribute mode: Color default "red"; attribute v: int fixed
 * 1; anyAttribute ##other; Name: string; Count: int optional; Note: string optional, nillable; Tag: string
 * 0..3; Line: Line 0..unbounded; choice { Card: string | sequence { Bank: string; Code: int optional } };
 *                   sequence 0..unbounded { Key: int; Value: string optional };
 *                   Secret: string optional; Level: int optional default 7; Answer: int optional fixed 42;
 *                   Size: short 0..unbounded, nillable;  any ##other 0..unbounded }
 *   Line  { attribute pos; Text: string; Line: Line optional }        recursive
 *   Node  { choice 0..unbounded { Node | Leaf: int } }                like a schema document
 *   All   all { A: int; B: string optional; C: int optional }
 *   Price value: int, attribute unit: string
 *   Mixed any content, attribute lang: string
 *   Blank element of int, nillable;  Tags: list of int
 *   Loose { any ##any; any dropped 0..unbounded }
 */
#ifndef BARK_ENGINE_DECODE_TESTING_H
#define BARK_ENGINE_DECODE_TESTING_H

#include "engine/engine.h"
#include "wide_rows.h"

#include <string.h>

enum color { COLOR_RED = 1, COLOR_GREEN };

struct line {
    struct bark_text Text;
    struct line *Line;
    uint32_t position;
};

struct bank {
    struct bark_text Bank;
    int32_t Code;
    uint8_t has_Code;
};

struct payment {
    uint16_t which;
    union {
        struct bark_text Card;
        struct bank bank;
    };
};

struct pair {
    struct bark_text Value;
    int32_t Key;
};

struct order {
    struct bark_array any_attributes;
    struct bark_text Name, Note;
    struct {
        struct bark_text *items;
        size_t count;
        uint8_t *nil;
    } Tag;
    struct {
        struct line *items;
        size_t count;
        uint8_t *nil;
    } Line;
    struct payment payment;
    struct {
        struct pair *items;
        size_t count;
        uint8_t *nil;
    } pairs;
    struct bark_text Secret;
    struct {
        int16_t *items;
        size_t count;
        uint8_t *nil;
    } Size;
    struct {
        struct bark_any *items;
        size_t count;
        uint8_t *nil;
    } any;
    int32_t id, v, Count, Level, Answer;
    enum color mode;
    uint8_t has_v, has_Count, has_Note, has_Level, has_Answer;
};

struct node {
    struct {
        struct node_choice *items;
        size_t count;
        uint8_t *nil;
    } content;
};

struct node_choice {
    uint16_t which;
    union {
        struct node *Node;
        int32_t Leaf;
    };
};

struct all {
    struct bark_text B;
    int32_t A, C;
    uint8_t has_C;
};

struct price {
    struct bark_text unit;
    int32_t value;
};

struct mixed {
    struct bark_text lang, content;
};

struct loose {
    struct bark_any any;
    struct bark_array rest; /* stays empty: what stands here is dropped */
};

/* clang-format off */
#define TEST_NAMES(X) \
    X(Order) X(id) X(mode) X(v) X(Name) X(Count) X(Note) X(Tag) X(Line) X(Card) X(Bank) X(Code) X(Key) \
    X(Value) X(Secret) X(Level) X(Answer) X(Size) X(Text) X(Node) X(Leaf) X(All) X(A) X(B) X(C) X(Price) \
    X(unit) X(Mixed) X(lang) X(Blank) X(Tags) X(Loose) X(red) X(green) X(Color) X(anyType)
/* clang-format on */
enum test_name {
#define X(name) NAME_##name,
    TEST_NAMES(X)
#undef X
        NAME_COUNT
};

enum test_type {
    TYPE_ORDER,
    TYPE_LINE,
    TYPE_PAYMENT,
    TYPE_BANK,
    TYPE_PAIR,
    TYPE_NODE,
    TYPE_NODE_CHOICE,
    TYPE_ALL,
    TYPE_PRICE,
    TYPE_MIXED,
    TYPE_LOOSE,
    TYPE_INT,
    TYPE_SHORT,
    TYPE_STRING,
    TYPE_COLOR,
    TYPE_INTS,
    TYPE_COUNT
};

enum { NS_NONE, NS_TEST, NS_XSD, NS_COUNT };
enum {
    ROOT_ORDER,
    ROOT_NODE,
    ROOT_ALL,
    ROOT_PRICE,
    ROOT_MIXED,
    ROOT_BLANK,
    ROOT_TAGS,
    ROOT_LOOSE,
    ROOT_COUNT
};

/* One row of a struct: KIND, name, member, type, bits, more. */
#define FIELD(struct_name, member, name_row, type_row, kind, ...) \
    { \
        .name = (name_row), .offset = offsetof(struct struct_name, member), .type = (type_row), \
        .bits = (kind), __VA_ARGS__ \
    }
#define ELEMENT(struct_name, name, type_row, flags, ...) \
    FIELD(struct_name, name, NAME_##name, type_row, BARK_FIELD_ELEMENT | (flags), .ns = NS_TEST, __VA_ARGS__)

enum { EXTRA_RED, EXTRA_ONE, EXTRA_TAG, EXTRA_SEVEN, EXTRA_ANSWER, EXTRA_COUNT };
enum { WILD_OTHER, WILD_ANY, WILD_DROP, WILD_COUNT };

static const struct wide_field test_fields[] = {
    /* Order, 0 */
    FIELD(order, id, NAME_id, TYPE_INT, BARK_FIELD_ATTRIBUTE | BARK_F_REQUIRED, .has = BARK_NO_HAS),
    FIELD(order, mode, NAME_mode, TYPE_COLOR, BARK_FIELD_ATTRIBUTE | BARK_F_DEFAULT, .extra = EXTRA_RED,
          .has = BARK_NO_HAS),
    FIELD(order, v, NAME_v, TYPE_INT, BARK_FIELD_ATTRIBUTE | BARK_F_FIXED, .extra = EXTRA_ONE, .has = 0),
    FIELD(order, any_attributes, WILD_OTHER, BARK_NONE, BARK_FIELD_ANY_ATTRIBUTE, .has = BARK_NO_HAS),
    ELEMENT(order, Name, TYPE_STRING, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    ELEMENT(order, Count, TYPE_INT, 0, .has = 1),
    ELEMENT(order, Note, TYPE_STRING, BARK_F_NILLABLE, .has = 2),
    ELEMENT(order, Tag, TYPE_STRING, BARK_F_REPEATED | BARK_F_OCCURS, .extra = EXTRA_TAG, .has = BARK_NO_HAS),
    ELEMENT(order, Line, TYPE_LINE, BARK_F_REPEATED, .has = BARK_NO_HAS),
    FIELD(order, payment, BARK_NONE, TYPE_PAYMENT, BARK_FIELD_GROUP | BARK_F_REQUIRED, .has = BARK_NO_HAS),
    FIELD(order, pairs, BARK_NONE, TYPE_PAIR, BARK_FIELD_GROUP | BARK_F_REPEATED, .has = BARK_NO_HAS),
    ELEMENT(order, Secret, TYPE_STRING, BARK_F_SECRET, .has = BARK_NO_HAS),
    ELEMENT(order, Level, TYPE_INT, BARK_F_DEFAULT, .extra = EXTRA_SEVEN, .has = 3),
    ELEMENT(order, Answer, TYPE_INT, BARK_F_FIXED, .extra = EXTRA_ANSWER, .has = 4),
    ELEMENT(order, Size, TYPE_SHORT, BARK_F_REPEATED | BARK_F_NILLABLE, .has = BARK_NO_HAS),
    FIELD(order, any, WILD_OTHER, BARK_NONE, BARK_FIELD_ANY | BARK_F_REPEATED, .has = BARK_NO_HAS),
    /* Line, 16 */
    FIELD(line, position, BARK_NONE, BARK_NONE, BARK_FIELD_POSITION, .has = BARK_NO_HAS),
    ELEMENT(line, Text, TYPE_STRING, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    ELEMENT(line, Line, TYPE_LINE, BARK_F_POINTER, .has = BARK_NO_HAS),
    /* payment, 19 */
    ELEMENT(payment, Card, TYPE_STRING, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    FIELD(payment, bank, BARK_NONE, TYPE_BANK, BARK_FIELD_GROUP | BARK_F_REQUIRED, .has = BARK_NO_HAS),
    /* bank, 21 */
    ELEMENT(bank, Bank, TYPE_STRING, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    ELEMENT(bank, Code, TYPE_INT, 0, .has = 0),
    /* pair, 23 */
    ELEMENT(pair, Key, TYPE_INT, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    ELEMENT(pair, Value, TYPE_STRING, 0, .has = BARK_NO_HAS),
    /* Node, 25 */
    FIELD(node, content, BARK_NONE, TYPE_NODE_CHOICE, BARK_FIELD_GROUP | BARK_F_REPEATED, .has = BARK_NO_HAS),
    /* node_choice, 26 */
    ELEMENT(node_choice, Node, TYPE_NODE, BARK_F_REQUIRED | BARK_F_POINTER, .has = BARK_NO_HAS),
    ELEMENT(node_choice, Leaf, TYPE_INT, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    /* All, 28 */
    ELEMENT(all, A, TYPE_INT, BARK_F_REQUIRED, .has = BARK_NO_HAS),
    ELEMENT(all, B, TYPE_STRING, 0, .has = BARK_NO_HAS),
    ELEMENT(all, C, TYPE_INT, 0, .has = 0),
    /* Price, 31 */
    FIELD(price, unit, NAME_unit, TYPE_STRING, BARK_FIELD_ATTRIBUTE, .has = BARK_NO_HAS),
    FIELD(price, value, BARK_NONE, TYPE_INT, BARK_FIELD_TEXT | BARK_F_REQUIRED, .has = BARK_NO_HAS),
    /* Mixed, 33 */
    FIELD(mixed, lang, NAME_lang, TYPE_STRING, BARK_FIELD_ATTRIBUTE, .has = BARK_NO_HAS),
    FIELD(mixed, content, BARK_NONE, BARK_NONE, BARK_FIELD_CONTENT, .has = BARK_NO_HAS),
    /* Loose, 35 */
    FIELD(loose, any, WILD_ANY, BARK_NONE, BARK_FIELD_ANY | BARK_F_REQUIRED, .has = BARK_NO_HAS),
    FIELD(loose, rest, WILD_DROP, BARK_NONE, BARK_FIELD_ANY | BARK_F_REPEATED, .has = BARK_NO_HAS),
};

#define STRUCT_ROW(struct_name, name_row, first_row, field_count, attributes, model_of) \
    { \
        .kind = BARK_KIND_STRUCT, .model = (model_of), .ns = NS_TEST, .size = sizeof(struct struct_name), \
        .first = (first_row), .count = (field_count), .extra = (attributes), .name = (name_row) \
    }
#define GROUP_ROW(struct_name, first_row, field_count, model_of, firsts_row, firsts_count) \
    { \
        .kind = BARK_KIND_GROUP, .model = (model_of), .size = sizeof(struct struct_name), \
        .first = (first_row), .count = (field_count), .extra = (firsts_row), .name = (firsts_count) \
    }
#define VALUE_ROW(value_kind, c_size, value_flags) \
    { \
        .kind = (value_kind), .flags = (value_flags), .size = (c_size), .name = BARK_NONE \
    }

static const struct bark_type_row test_types[TYPE_COUNT] = {
    [TYPE_ORDER] = { .kind = BARK_KIND_STRUCT,
                     .model = BARK_MODEL_SEQUENCE,
                     .ns = NS_TEST,
                     .size = sizeof(struct order),
                     .count = 16,
                     .extra = 4,
                     .presence = offsetof(struct order, has_v),
                     .name = NAME_Order },
    [TYPE_LINE] = STRUCT_ROW(line, NAME_Line, 16, 3, 1, BARK_MODEL_SEQUENCE),
    [TYPE_PAYMENT] = GROUP_ROW(payment, 19, 2, BARK_MODEL_CHOICE, 0, 2),
    [TYPE_BANK] = { .kind = BARK_KIND_GROUP,
                    .model = BARK_MODEL_SEQUENCE,
                    .size = sizeof(struct bank),
                    .first = 21,
                    .count = 2,
                    .extra = 1,
                    .presence = offsetof(struct bank, has_Code),
                    .name = 1 },
    [TYPE_PAIR] = GROUP_ROW(pair, 23, 2, BARK_MODEL_SEQUENCE, 2, 1),
    [TYPE_NODE] = STRUCT_ROW(node, NAME_Node, 25, 1, 0, BARK_MODEL_SEQUENCE),
    [TYPE_NODE_CHOICE] = GROUP_ROW(node_choice, 26, 2, BARK_MODEL_CHOICE, 3, 2),
    [TYPE_ALL] = { .kind = BARK_KIND_STRUCT,
                   .model = BARK_MODEL_ALL,
                   .ns = NS_TEST,
                   .size = sizeof(struct all),
                   .first = 28,
                   .count = 3,
                   .presence = offsetof(struct all, has_C),
                   .name = NAME_All },
    [TYPE_PRICE] = STRUCT_ROW(price, NAME_Price, 31, 2, 1, BARK_MODEL_VALUE),
    [TYPE_MIXED] = STRUCT_ROW(mixed, NAME_Mixed, 33, 2, 1, BARK_MODEL_RAW),
    [TYPE_LOOSE] = STRUCT_ROW(loose, NAME_Loose, 35, 2, 0, BARK_MODEL_SEQUENCE),
    [TYPE_INT] = VALUE_ROW(BARK_KIND_INT32, sizeof(int32_t), BARK_TYPE_PLAIN),
    [TYPE_SHORT] = VALUE_ROW(BARK_KIND_INT16, sizeof(int16_t), BARK_TYPE_PLAIN),
    [TYPE_STRING] = VALUE_ROW(BARK_KIND_STRING, sizeof(struct bark_text), BARK_TYPE_PLAIN),
    [TYPE_COLOR] = { .kind = BARK_KIND_ENUM,
                     .flags = BARK_TYPE_PLAIN,
                     .ns = NS_TEST,
                     .size = sizeof(enum color),
                     .first = 0,
                     .count = 2,
                     .name = NAME_Color },
    [TYPE_INTS] = { .kind = BARK_KIND_LIST,
                    .flags = BARK_TYPE_PLAIN,
                    .size = sizeof(struct bark_array),
                    .first = TYPE_INT,
                    .name = BARK_NONE },
};

static const struct bark_first_row test_firsts[] = {
    { .name = NAME_Card, .ns = NS_TEST, .kind = BARK_FIELD_ELEMENT },
    { .name = NAME_Bank, .ns = NS_TEST, .kind = BARK_FIELD_ELEMENT },
    { .name = NAME_Key, .ns = NS_TEST, .kind = BARK_FIELD_ELEMENT },
    { .name = NAME_Node, .ns = NS_TEST, .kind = BARK_FIELD_ELEMENT },
    { .name = NAME_Leaf, .ns = NS_TEST, .kind = BARK_FIELD_ELEMENT },
};

/* Of names and namespaces; and the namespaces that roots declare, as bits. */
enum { LIST_DECLARED = 3 };
static const uint16_t test_lists[LIST_DECLARED + BARK_ROOT_NAMESPACES] = { NAME_red, NAME_green, NS_TEST,
                                                                           1U << NS_TEST };

static const struct bark_wildcard_row test_wildcards[WILD_COUNT] = {
    [WILD_OTHER] = { .mode = BARK_WILDCARD_NOT, .process = 1, .first = 2, .count = 1 },
    [WILD_ANY] = { .mode = BARK_WILDCARD_ANY, .process = 2 },
    [WILD_DROP] = { .mode = BARK_WILDCARD_ANY, .process = 2, .drop = 1 },
};

static const struct wide_root test_roots[ROOT_COUNT] = {
    [ROOT_ORDER] = { .name = NAME_Order, .type = TYPE_ORDER, .ns = NS_TEST, .namespaces = LIST_DECLARED },
    [ROOT_NODE] = { .name = NAME_Node, .type = TYPE_NODE, .ns = NS_TEST, .namespaces = LIST_DECLARED },
    [ROOT_ALL] = { .name = NAME_All, .type = TYPE_ALL, .ns = NS_TEST, .namespaces = LIST_DECLARED },
    [ROOT_PRICE] = { .name = NAME_Price, .type = TYPE_PRICE, .ns = NS_TEST, .namespaces = LIST_DECLARED },
    [ROOT_MIXED] = { .name = NAME_Mixed, .type = TYPE_MIXED, .ns = NS_TEST, .namespaces = BARK_NONE },
    [ROOT_BLANK] = { .name = NAME_Blank,
                     .type = TYPE_INT,
                     .ns = NS_TEST,
                     .bits = BARK_F_NILLABLE,
                     .namespaces = BARK_NONE },
    [ROOT_TAGS] = { .name = NAME_Tags, .type = TYPE_INTS, .ns = NS_TEST, .namespaces = BARK_NONE },
    [ROOT_LOOSE] = { .name = NAME_Loose, .type = TYPE_LOOSE, .ns = NS_TEST, .namespaces = BARK_NONE },
};

enum {
    TEST_FIELDS = sizeof test_fields / sizeof *test_fields,
    TEST_LISTS = sizeof test_lists / sizeof *test_lists
};

struct test_tables {
    struct bark_image image;
    struct bark_field_row fields[TEST_FIELDS];
    struct bark_root_row roots[ROOT_COUNT];
    struct bark_trait_row traits[TEST_FIELDS + ROOT_COUNT];
    uint16_t lists[TEST_LISTS + BARK_ROOT_GROUP * ROOT_COUNT];
    struct bark_namespace_row namespaces[NS_COUNT];
    uint32_t names[NAME_COUNT];
    struct bark_extra_row extras[EXTRA_COUNT];
    uint8_t pool[2048];
};

static inline uint32_t pool_add(struct test_tables *t, const char *text)
{
    const uint32_t at = t->image.pool_size;
    memcpy(t->pool + at, text, strlen(text) + 1);
    t->image.pool_size += (uint32_t)strlen(text) + 1;
    return at;
}

static inline void extra_add(struct test_tables *t, unsigned row, const char *text, uint32_t min,
                             uint32_t max)
{
    t->extras[row] = (struct bark_extra_row){ min, max, pool_add(t, text), (uint32_t)strlen(text) };
}

/* The image; always the same one. */
static inline const struct bark_image *test_image(void)
{
    static struct test_tables t; /* test programs may keep state */
    static const char *const names[] = {
#define X(name) #name,
        TEST_NAMES(X)
#undef X
    };
    static const char *const uris[NS_COUNT] = { "", "urn:test", "http://www.w3.org/2001/XMLSchema" };
    static const char *const prefixes[NS_COUNT] = { "", "t", "xs" };
    unsigned i;
    if (t.image.pool)
        return &t.image;
    t.image = (struct bark_image){ .namespaces = t.namespaces,
                                   .names = t.names,
                                   .types = test_types,
                                   .fields = t.fields,
                                   .traits = t.traits,
                                   .extras = t.extras,
                                   .firsts = test_firsts,
                                   .wildcards = test_wildcards,
                                   .lists = t.lists,
                                   .roots = t.roots,
                                   .pool = t.pool,
                                   .namespace_count = NS_COUNT,
                                   .name_count = NAME_COUNT,
                                   .type_count = TYPE_COUNT,
                                   .field_count = TEST_FIELDS,
                                   .root_count = ROOT_COUNT };
    wide_fields_pack(test_fields, TEST_FIELDS, t.fields, t.traits);
    memcpy(t.lists, test_lists, sizeof test_lists);
    wide_roots_pack(test_roots, ROOT_COUNT, t.roots, t.traits, TEST_FIELDS, t.lists + TEST_LISTS, TEST_LISTS);
    for (i = 0; i < NS_COUNT; i++)
        t.namespaces[i] = (struct bark_namespace_row){ .uri = pool_add(&t, uris[i]),
                                                       .uri_len = (uint16_t)strlen(uris[i]),
                                                       .prefix = pool_add(&t, prefixes[i]),
                                                       .prefix_len = (uint16_t)strlen(prefixes[i]) };
    for (i = 0; i < NAME_COUNT; i++)
        t.names[i] = BARK_NAME(pool_add(&t, names[i]), strlen(names[i]));
    extra_add(&t, EXTRA_RED, "red", 0, 1);
    extra_add(&t, EXTRA_ONE, "1", 0, 1);
    extra_add(&t, EXTRA_TAG, "", 0, 3);
    extra_add(&t, EXTRA_SEVEN, "7", 0, 1);
    extra_add(&t, EXTRA_ANSWER, "42", 0, 1);
    return &t.image;
}

#endif
