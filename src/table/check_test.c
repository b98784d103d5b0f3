/* table/check_test.c - good images pass, and every rule of docs/table-format.md has an image that breaks it.
 */
#include "sample_image.h"
#include "testkit.h"

/* All flags of an operation that have a meaning. */
enum {
    KNOWN_OPERATION_FLAGS = BARK_OPERATION_ONE_WAY | BARK_OPERATION_RPC | BARK_OPERATION_SOAP11 |
                            BARK_OPERATION_SOAP12 | BARK_OPERATION_HEADERS | BARK_OPERATION_OUTBOUND |
                            BARK_OPERATION_ENCODED | BARK_OPERATION_ACTION_NAMED
};

static struct image_builder builder;
static struct sample_rows rows;

static struct bark_type_row *type_at(uint16_t row)
{
    return &builder.types[row];
}

/* A field of Item by its name (of the field's own namespace row), NULL name: by kind. */
static struct wide_field *item_field(const char *name, uint8_t ns, enum bark_field_kind kind)
{
    const struct bark_type_row *item = type_at(rows.item);
    uint32_t i;
    for (i = item->first; i < (uint32_t)item->first + item->count; i++) {
        struct wide_field *f = &builder.fields[i];
        if ((f->bits & BARK_F_KIND) == (unsigned)kind &&
            (!name || (f->name == ib_name(&builder, name) && f->ns == ns)))
            return f;
    }
    abort();
}

static struct wide_field *element(const char *name)
{
    return item_field(name, 1, BARK_FIELD_ELEMENT);
}

static uint16_t kind_row(enum bark_kind kind)
{
    uint16_t i;
    for (i = 0; i < builder.count[BARK_SECTION_TYPES]; i++) {
        if (builder.types[i].kind == kind)
            return i;
    }
    abort();
}

/* Appends a copy of the choice group behind every other row. */
static uint16_t group_behind(void)
{
    struct bark_type_row row = *type_at(rows.pick);
    uint16_t i;
    const uint16_t first = row.first;
    row.first = (uint16_t)builder.count[BARK_SECTION_FIELDS];
    for (i = 0; i < row.count; i++)
        ib_field(&builder, builder.fields[first + i]);
    return ib_type(&builder, row);
}

TEST(sample_image_opens)
{
    struct bark_error err = { 0 };
    struct bark_image image;
    const struct bark_slice data = sample_image(&builder, &rows);
    CHECK(bark_image_open(&image, data, &err) == BARK_OK);
    CHECK_TEXT(err.rule ? err.rule : "", "");
    CHECK_TEXT(err.path, "");
    CHECK(image.root_count == 4);
    CHECK(image.pool_size == builder.count[BARK_SECTION_POOL]);
}

/* What is not proved is seen in the same way; what the frame says is proved all the same. */
TEST(unproved_image_has_the_same_views)
{
    struct bark_error err = { 0 };
    struct bark_image proved, unproved;
    struct bark_slice data = sample_image(&builder, &rows);
    CHECK(bark_image_open(&proved, data, &err) == BARK_OK);
    CHECK(bark_image_open_unproved(&unproved, data, &err) == BARK_OK);
    CHECK(memcmp(&proved, &unproved, sizeof proved) == 0);
    data.len--;
    CHECK(bark_image_open_unproved(&unproved, data, &err) == BARK_ERR_IMAGE);
    CHECK(err.rule && strncmp(err.rule, "T3:", 3) == 0);
    CHECK(unproved.base == NULL && unproved.type_count == 0);
    data.len++;
    type_at(rows.item)->first = 9999;
    data = ib_finish(&builder);
    CHECK(bark_image_open(&proved, data, &err) == BARK_ERR_IMAGE);
    CHECK(bark_image_open_unproved(&unproved, data, &err) == BARK_OK);
}

TEST(smallest_image_opens)
{
    struct bark_error err = { 0 };
    struct bark_image image;
    ib_init(&builder);
    CHECK(bark_image_open(&image, ib_finish(&builder), &err) == BARK_OK);
}

/* Expects the refusal of what the builder holds now, with this rule. */
static void expect_rule(const char *label, const char *rule, struct bark_slice data)
{
    struct bark_error err = { 0 };
    struct bark_image image;
    char colon[8];
    snprintf(colon, sizeof colon, "%s:", rule);
    CHECK_IN(label, bark_image_open(&image, data, &err) == BARK_ERR_IMAGE);
    CHECK_IN(label, err.code == BARK_ERR_IMAGE);
    CHECK_IN(label, image.base == NULL && image.type_count == 0);
    if (!err.rule || strncmp(err.rule, colon, strlen(colon)) != 0)
        testkit_fail(__FILE__, __LINE__, "%s: want %s, got %s at %s", label, rule, err.rule ? err.rule : "-",
                     err.path);
    CHECK_IN(label, bark_image_open(&image, data, NULL) == BARK_ERR_IMAGE); /* err may be NULL */
}

/* One broken row: a fresh sample, the statement, and the rule that must refuse it. */
#define BREAK(rule, ...) \
    do { \
        sample_image(&builder, &rows); \
        __VA_ARGS__; \
        expect_rule(#__VA_ARGS__, rule, ib_finish(&builder)); \
    } while (0)
/* The same after the sections were laid out, for the head. */
#define BREAK_HEAD(rule, ...) \
    do { \
        struct bark_slice data = sample_image(&builder, &rows); \
        struct bark_image_head *head = (void *)builder.image; \
        (void)head; \
        __VA_ARGS__; \
        expect_rule(#__VA_ARGS__, rule, data); \
    } while (0)

TEST(head_rules)
{
    BREAK_HEAD("T1", head->magic ^= 1);
    BREAK_HEAD("T1", data.len = sizeof *head - 1);
    BREAK_HEAD("T1", data.len = 0);
    BREAK_HEAD("T1", (data.ptr += 4, data.len -= 4, memmove(builder.image + 4, head, data.len)));
    BREAK_HEAD("T2", head->major++);
    BREAK_HEAD("T2", head->minor++);
    BREAK_HEAD("T3", head->size++);
    BREAK_HEAD("T3", data.len--);
    BREAK_HEAD("T4", head->pointer_bytes ^= 12);
    BREAK_HEAD("T4", head->size_t_bytes ^= 12);
    BREAK_HEAD("T4", head->int64_align ^= 12);
    BREAK_HEAD("T5", head->section_count += 2);
    BREAK_HEAD("T5", head->section_count--);
}

TEST(section_rules)
{
    struct bark_image_section *types = &((struct bark_image_head *)(void *)builder.image)->sections[2];
    BREAK_HEAD("T6", (head->sections[0].offset -= 8));
    BREAK_HEAD("T6", types->offset += 4);
    BREAK_HEAD("T6", types->offset = UINT32_MAX - 7);
    BREAK_HEAD("T6", head->sections[BARK_SECTION_POOL].count = UINT32_MAX);
    BREAK_HEAD("T6", types->count = 60000);
    BREAK_HEAD("T7", types->count = 65536);
    BREAK_HEAD("T7", head->sections[BARK_SECTION_NAMESPACES].count = 257);
    BREAK_HEAD("T7", head->sections[BARK_SECTION_NAMESPACES].count = 0);
    BREAK_HEAD("T7", head->sections[BARK_SECTION_POOL].count = 0);
}

TEST(pool_rules)
{
    BREAK("T8", builder.pool[0] = 'x');
    BREAK("T8", builder.pool[3] = 0x80);
    BREAK("T8", builder.pool[3] = 0xc0);
    BREAK("T8", builder.pool[builder.patterns[0].classes_map - 1] = 'x');
    BREAK("T9", builder.namespaces[1].uri++);
    BREAK("T9", builder.namespaces[1].prefix_len = 60000);
    BREAK("T9", builder.namespaces[1].prefix = UINT32_MAX);
    BREAK("T9", builder.names[3] = BARK_NAME(builder.patterns[0].next, 0));
    BREAK("T9", builder.names[3] = BARK_NAME(bark_name_offset(builder.names[3]), 1023));
    BREAK("T9", builder.extras[0].text_len++);
    BREAK("T9", builder.patterns[0].source = builder.patterns[0].classes_map);
    BREAK("T11", builder.operations[0].action_base = 9999);
    BREAK("T11", builder.operations[0].action_end = 9999);
    BREAK("T9", builder.services[0].address_len = UINT32_MAX);
    BREAK("T9", builder.facets[0].text_len++);
    BREAK("T10", builder.namespaces[0].prefix = builder.namespaces[1].prefix,
          builder.namespaces[0].prefix_len = 1);
    BREAK("T10", builder.namespaces[1].uri = 0, builder.namespaces[1].uri_len = 0);
}

TEST(pattern_rules)
{
    struct bark_pattern_row *p = &builder.patterns[0];
    BREAK("T32", p->states = 1);
    BREAK("T32", p->classes = 0);
    BREAK("T32", p->classes = 257);
    BREAK("T32", p->next--);
    BREAK("T32", p->accept--);
    BREAK("T32", p->accept += 1);
    BREAK("T32", p->accept = UINT32_MAX);
    BREAK("T32", builder.pool[p->classes_map + 7] = 2);
    BREAK("T32", builder.pool[p->next + 4] = 3);
    BREAK("T32", p->states = 257); /* then next states have two bytes, for which there is no room */
    BREAK("T32", builder.pool[p->next] = 1); /* the dead state would live */
    BREAK("T32", builder.pool[p->accept] = 1);
    BREAK("T32", (builder.patterns[1] = *p, builder.count[BARK_SECTION_PATTERNS]++)); /* shared tables */
}

TEST(index_rules)
{
    BREAK("T11", type_at(rows.item)->name = 9999);
    BREAK("T11", type_at(rows.item)->ns = 9);
    BREAK("T11", element("Name")->name = 9999);
    BREAK("T11", element("Name")->ns = 9);
    BREAK("T11", element("Level")->extra = 99);
    BREAK("T11", item_field(NULL, 0, BARK_FIELD_ANY)->name = 9);
    BREAK("T11", item_field(NULL, 0, BARK_FIELD_ANY_ATTRIBUTE)->name = BARK_NONE);
    BREAK("T11", builder.lists[type_at(rows.color)->first] = 9999);
    BREAK("T11", type_at(kind_row(BARK_KIND_LIST))->first = 9999);
    BREAK("T11", builder.lists[type_at(kind_row(BARK_KIND_UNION))->first] = BARK_NONE);
    BREAK("T11", builder.firsts[0].name = 9999);
    BREAK("T11", builder.firsts[0].ns = 9);
    BREAK("T11", builder.lists[builder.wildcards[1].first] = 9);
    BREAK("T11", builder.roots[0].name = 9999);
    BREAK("T11", builder.roots[0].type = 9999);
    BREAK("T11", builder.operations[0].input = 9);
    BREAK("T11", builder.operations[0].output = 9);
    BREAK("T11", builder.operations[0].service = 1);
    BREAK("T11", builder.lists[builder.operations[0].first_fault] = 9);
    BREAK("T11", builder.services[0].name = 9999);
}

TEST(reserved_rules)
{
    BREAK("T12", type_at(rows.item)->kind = BARK_KIND_COUNT);
    BREAK("T12", type_at(0)->first = 1);
    BREAK("T12", type_at(kind_row(BARK_KIND_LIST))->count = 1);
    BREAK("T12", element("Name")->bits |= 0x000f);
    BREAK("T12", item_field(NULL, 0, BARK_FIELD_GROUP)->name = 0);
    BREAK("T12", item_field(NULL, 0, BARK_FIELD_ANY)->ns = 1);
    BREAK("T12", builder.facets[0].reserved = 1);
    BREAK("T12", builder.facets[0].kind = BARK_FACET_COUNT);
    BREAK("T12", builder.firsts[0].kind = BARK_FIELD_TEXT);
    BREAK("T12", builder.wildcards[0].mode = 4);
    BREAK("T12", builder.wildcards[0].process = 3);
    BREAK("T12", builder.wildcards[0].drop = 2);
    BREAK("T12", builder.wildcards[0].reserved = 1);
    BREAK("T12", builder.roots[0].bits = BARK_F_REPEATED);
    BREAK("T12", builder.roots[0].bits |= 1);
    BREAK("T12", builder.services[0].reserved = 1);
    for (unsigned bit = 0; bit < 16; bit++) /* each that this version gives no meaning */
        if (!(KNOWN_OPERATION_FLAGS & 1u << bit))
            BREAK("T12", builder.operations[0].flags |= (uint16_t)(1u << bit));
    CHECK((KNOWN_OPERATION_FLAGS & 0xffff) != 0xffff); /* the rule can fail */
    BREAK("T12", builder.operations[0].flags |= BARK_OPERATION_ACTION_NAMED); /* and an ACTION_END */
}

TEST(type_rules)
{
    BREAK("T13", type_at(0)->model = BARK_MODEL_SEQUENCE);
    BREAK("T13", type_at(0)->flags |= BARK_TYPE_ABSTRACT);
    BREAK("T13", type_at(kind_row(BARK_KIND_DECIMAL))->flags |= BARK_TYPE_PLAIN);
    BREAK("T13", type_at(rows.item)->flags |= BARK_TYPE_NULLABLE);
    BREAK("T13", type_at(rows.item)->flags |= 0x80);
    BREAK("T13", type_at(rows.item)->model = BARK_MODEL_CHOICE);
    BREAK("T13", type_at(rows.pick)->model = BARK_MODEL_VALUE);
    BREAK("T13", type_at(rows.pick)->flags |= BARK_TYPE_ABSTRACT);
    BREAK("T14", type_at(0)->size--);
    BREAK("T14", type_at(rows.color)->size = 3);
    BREAK("T14", type_at(rows.color)->size = 8);
    BREAK("T15", type_at(rows.item)->size = 0);
    BREAK("T15", type_at(rows.item)->size++);
    BREAK("T16", type_at(rows.item)->count = 9999);
    BREAK("T16", type_at(rows.item)->first--); /* overlaps the fields of the row before */
    BREAK("T16", type_at(rows.pick)->count = 0);
    BREAK("T28", type_at(kind_row(BARK_KIND_LIST))->first = rows.item);
    BREAK("T28", type_at(kind_row(BARK_KIND_LIST))->first = kind_row(BARK_KIND_LIST));
    BREAK("T28", builder.lists[type_at(kind_row(BARK_KIND_UNION))->first] = kind_row(BARK_KIND_UNION));
    BREAK("T28", builder.lists[type_at(kind_row(BARK_KIND_UNION))->first] = rows.item);
    BREAK("T29", type_at(rows.color)->count = 0);
    BREAK("T29", type_at(rows.color)->count = 250);
    BREAK("T29", type_at(kind_row(BARK_KIND_UNION))->first--);
    BREAK("T30", type_at(kind_row(BARK_KIND_DECIMAL))->presence = 999);
    BREAK("T30", type_at(kind_row(BARK_KIND_TOKEN))->extra--);
    BREAK("T30", builder.facets[0].kind = BARK_FACET_LENGTH);
    BREAK("T30", builder.facets[1].kind = BARK_FACET_TOTAL_DIGITS);
    BREAK("T30", builder.facets[1].kind = BARK_FACET_MAX_EXCLUSIVE);
    BREAK("T30", builder.facets[1].kind = BARK_FACET_MEDIA);
    BREAK("T31", builder.facets[1].value = -1);
    BREAK("T31", builder.facets[2].value = 1);
    BREAK("T31", builder.facets[2].value = -1);
    BREAK("T31", (builder.facets[1].kind = BARK_FACET_WHITESPACE, builder.facets[1].value = 3));
    BREAK("T31", (builder.facets[1].text = builder.facets[0].text, builder.facets[1].text_len = 2));
}

TEST(struct_rules)
{
    BREAK("T17", type_at(rows.item)->extra = 4);
    BREAK("T17", type_at(rows.item)->extra = 6);
    BREAK("T17", type_at(rows.item)->extra = 999);
    BREAK("T18", type_at(rows.item)->model = BARK_MODEL_ALL);
    BREAK("T18", type_at(rows.item)->model = BARK_MODEL_RAW);
    BREAK("T18", type_at(rows.tree)->model = BARK_MODEL_VALUE);
    BREAK("T18", type_at(rows.tree)->model = BARK_MODEL_ALL);
    BREAK("T18", (type_at(rows.box)->flags |= BARK_TYPE_ARRAY, type_at(rows.box)->count = 1,
                  builder.fields[type_at(rows.box)->first] = *item_field(NULL, 0, BARK_FIELD_ANY)));
    BREAK("T19", item_field("count", 0, BARK_FIELD_ATTRIBUTE)->bits |= BARK_F_REPEATED);
    BREAK("T19", item_field("count", 0, BARK_FIELD_ATTRIBUTE)->bits |= BARK_F_NILLABLE);
    BREAK("T19", item_field(NULL, 0, BARK_FIELD_POSITION)->bits |= BARK_F_REQUIRED);
    BREAK("T19", element("Name")->bits |= 0x8000);
    BREAK("T19", element("Name")->bits |= BARK_F_POINTER);
    BREAK("T19", element("Child")->bits |= BARK_F_POINTER);
    BREAK("T19", (element("Next")->bits |= BARK_F_DEFAULT, element("Next")->extra = 0));
    BREAK("T20", element("Name")->type = rows.pick);
    BREAK("T20", element("Name")->type = BARK_NONE);
    BREAK("T20", item_field("token", 0, BARK_FIELD_ATTRIBUTE)->type = rows.tree);
    BREAK("T20", item_field(NULL, 0, BARK_FIELD_GROUP)->type = 0);
    BREAK("T20", item_field(NULL, 0, BARK_FIELD_ANY)->type = 0);
    BREAK("T21",
          (element("Next")->bits &= (uint16_t)~BARK_F_POINTER, element("Next")->bits |= BARK_F_REQUIRED));
    BREAK("T21", item_field(NULL, 0, BARK_FIELD_GROUP)->type = group_behind());
}

TEST(layout_rules)
{
    BREAK("T22",
          element("Name")->offset = (uint16_t)(sizeof(struct sample_item) - sizeof(struct bark_text) / 2));
    BREAK("T22", element("Name")->offset = 65528);
    BREAK("T22", element("Name")->offset += 2);
    BREAK("T22", element("Flag")->has = 200);
    BREAK("T22", type_at(rows.pair)->presence = 65535);
    BREAK("T22", type_at(rows.tree)->flags |= BARK_TYPE_ALIGN_1);
    BREAK("T23", element("Name")->offset = element("Code")->offset);
    BREAK("T23", element("Name")->offset += 8);
    BREAK("T23", element("Level")->offset = (uint16_t)(element("Code")->offset + 4));
    BREAK("T23", element("Flag")->has = 0); /* the byte of another member */
    BREAK("T23", type_at(rows.item)->presence = element("Name")->offset);
    BREAK("T23", type_at(rows.pick)->presence = offsetof(struct sample_pick, u));
    BREAK("T23", builder.fields[type_at(rows.pick)->first + 1].has = 6);
    BREAK("T24", element("Big")->has = BARK_NO_HAS);
    BREAK("T24", element("Big")->bits |= BARK_F_REQUIRED);
    BREAK("T24", element("Name")->has = 1);
    BREAK("T24", element("Name")->bits |= BARK_F_NILLABLE);
    BREAK("T24", item_field(NULL, 0, BARK_FIELD_GROUP)->bits &= BARK_F_KIND);
    BREAK("T24", element("Note")->bits &= BARK_F_KIND);
    BREAK("T25", element("Level")->extra = BARK_NONE, element("Level")->bits &= (uint16_t)~BARK_F_DEFAULT,
          element("Level")->extra = 0);
    BREAK("T25", element("Level")->bits |= BARK_F_FIXED);
    BREAK("T25", builder.extras[1].occurs_max = 1);
    BREAK("T25", builder.extras[1].occurs_min = 5);
    BREAK("T25", builder.extras[1].occurs_min = 0);
    BREAK("T26", type_at(rows.pick)->name = 0);
    BREAK("T26", type_at(rows.pick)->name = 99);
    BREAK("T26", type_at(rows.pick)->extra = 99);
    BREAK("T27", type_at(rows.pick)->presence = 1);
    BREAK("T27", type_at(rows.pick)->presence = sizeof(struct sample_pick));
}

static struct wide_field *shape_field(unsigned n)
{
    return &builder.fields[type_at(rows.shape)->first + n];
}

TEST(typed_rules)
{
    BREAK("T11", shape_field(1)->name = 999);
    BREAK("T11", shape_field(1)->ns = 9);
    BREAK("T11", shape_field(1)->type = 999);
    BREAK("T13", type_at(rows.shape)->extra = 1);
    BREAK("T13", type_at(rows.shape)->flags |= BARK_TYPE_NULLABLE);
    BREAK("T16", type_at(rows.shape)->count = 0);
    BREAK("T18", shape_field(0)->bits = BARK_FIELD_ELEMENT | BARK_F_POINTER);
    BREAK("T18", element("Name")->bits = BARK_FIELD_TYPE);
    BREAK("T19", shape_field(0)->bits &= (uint16_t)~BARK_F_POINTER);
    BREAK("T19", shape_field(1)->bits |= BARK_F_POINTER);
    BREAK("T19", shape_field(1)->bits |= BARK_F_REPEATED);
    BREAK("T20", shape_field(0)->type = rows.shape);
    BREAK("T20", shape_field(0)->type = rows.pick);
    BREAK("T21", builder.fields[type_at(rows.tree)->first + 1].type = rows.shape,
          builder.fields[type_at(rows.tree)->first + 1].bits = BARK_FIELD_ELEMENT);
    BREAK("T22", shape_field(1)->offset = sizeof(struct sample_shape));
    BREAK("T22", shape_field(0)->offset = 12);
    BREAK("T22", shape_field(1)->offset = 9);
    BREAK("T23", shape_field(1)->offset = 0);
    BREAK("T23", type_at(rows.shape)->presence = offsetof(struct sample_shape, u));
    BREAK("T24", shape_field(1)->has = 0);
    BREAK("T24", builder.fields[type_at(rows.box)->first].has = BARK_NO_HAS);
    BREAK("T25", shape_field(1)->extra = 0);
    BREAK("T27", type_at(rows.shape)->presence = 1);
    BREAK("T27", type_at(rows.shape)->presence = sizeof(struct sample_shape));
    BREAK("T37", shape_field(1)->name = shape_field(2)->name, shape_field(1)->ns = 1); /* twice */
    BREAK("T37", shape_field(1)->name = shape_field(0)->name); /* longer */
    BREAK("T37", shape_field(2)->name = shape_field(1)->name, shape_field(2)->ns = 2,
          shape_field(1)->ns = 1); /* urn:other is shorter */
    BREAK("T37", type_at(rows.shape)->flags |= BARK_TYPE_ABSTRACT); /* now the first is in order too */
}

/* Rows that the builder makes itself, broken in the finished image. */
#define PACKED(section, type) \
    ((type *)(void *)(builder.image + head->sections[BARK_SECTION_##section].offset))

static uint16_t *group_at(const struct bark_image_head *head, size_t root)
{
    return PACKED(LISTS, uint16_t) + PACKED(ROOTS, struct bark_root_row)[root].group;
}

static uint16_t *binding_at(const struct bark_image_head *head, size_t operation)
{
    return PACKED(LISTS, uint16_t) + PACKED(OPERATIONS, struct bark_operation_row)[operation].binding;
}

TEST(packed_rules)
{
    BREAK_HEAD("T11", PACKED(FIELDS, struct bark_field_row)[3].trait =
                          (uint16_t)head->sections[BARK_SECTION_TRAITS].count);
    BREAK_HEAD("T11", PACKED(FIELDS, struct bark_field_row)[3].trait = BARK_NONE);
    BREAK_HEAD("T11", PACKED(ROOTS, struct bark_root_row)[0].group = BARK_NONE);
    BREAK_HEAD("T11", PACKED(ROOTS, struct bark_root_row)[0].group =
                          (uint16_t)(head->sections[BARK_SECTION_LISTS].count - BARK_ROOT_GROUP + 1));
    BREAK_HEAD("T11", group_at(head, 0)[BARK_GROUP_TRAIT + 1] = BARK_NONE);
    BREAK_HEAD("T12", group_at(head, 0)[BARK_GROUP_TRAIT] = 0); /* a field's */
    BREAK_HEAD("T11",
               group_at(head, 0)[BARK_GROUP_TAIL + 1] = (uint16_t)head->sections[BARK_SECTION_NAMES].count);
    BREAK_HEAD("T11", PACKED(ROOTS, struct bark_root_row)[0].type[1] =
                          (uint16_t)head->sections[BARK_SECTION_TYPES].count);
    BREAK_HEAD("T34", PACKED(ROOTS, struct bark_root_row)[0].type[1] = rows.pick); /* a group */
    BREAK_HEAD("T34", PACKED(ROOTS, struct bark_root_row)[3].type[0] = BARK_NONE);
    BREAK_HEAD("T35", binding_at(head, 0)[BARK_BINDING_NAME] = BARK_NONE;
               PACKED(OPERATIONS, struct bark_operation_row)[0].input = BARK_NONE);
    BREAK_HEAD("T11",
               binding_at(head, 0)[BARK_BINDING_NAME] = (uint16_t)head->sections[BARK_SECTION_NAMES].count);
    BREAK_HEAD("T12", binding_at(head, 0)[BARK_BINDING_FLAGS] |= BARK_OPERATION_PAIRED); /* and an output */
    BREAK_HEAD("T35", PACKED(ROOTS, struct bark_root_row)[1].type[1] = BARK_NONE); /* of the PAIRED one */
    BREAK_HEAD("T35", { /* on the other side */
                        PACKED(ROOTS, struct bark_root_row)[0].type[1] = rows.item;
                        binding_at(head, 0)[BARK_BINDING_FLAGS] |= BARK_OPERATION_PAIRED;
                        binding_at(head, 0)[BARK_BINDING_OUTPUT] = BARK_NONE;
                        PACKED(OPERATIONS, struct bark_operation_row)
                        [0].input = (uint16_t)head->sections[BARK_SECTION_ROOTS].count;
    });
    BREAK_HEAD("T35", PACKED(OPERATIONS, struct bark_operation_row)[1].binding = BARK_NONE);
    BREAK_HEAD("T35", PACKED(OPERATIONS, struct bark_operation_row)[1].binding =
                          (uint16_t)(head->sections[BARK_SECTION_LISTS].count - BARK_BINDING_ENTRIES + 1));
    BREAK_HEAD("T35", { /* out of order */
                        struct bark_operation_row *ops = PACKED(OPERATIONS, struct bark_operation_row);
                        const uint16_t first = ops[0].binding;
                        ops[0].binding = ops[1].binding;
                        ops[1].binding = first;
    });
    BREAK("T11", builder.operations[1].service = 1);
    BREAK("T11", builder.operations[1].action_end = 999);
    BREAK("T12", builder.operations[1].flags |= 512);
    BREAK("T12", builder.operations[0].flags |= BARK_OPERATION_ACTION_NAMED); /* and a second name */
}

TEST(message_rules)
{
    BREAK("T33", builder.wildcards[0].count = 1);
    BREAK("T33", builder.wildcards[1].count = 0);
    BREAK("T33", builder.wildcards[1].first = 999);
    BREAK("T34", builder.roots[0].type = rows.pick);
    BREAK("T34", builder.lists[builder.roots[0].namespaces] = 8);
    BREAK("T34", builder.lists[builder.roots[0].namespaces + 3] = 0x8000);
    BREAK("T34", builder.roots[0].namespaces = (uint16_t)(builder.count[BARK_SECTION_LISTS] - 3));
    BREAK("T35", builder.services[0].count = 1);
    BREAK("T35", builder.operations[1].output = 0);
    BREAK("T39", builder.operations[0].fault_count = 99);
    BREAK("T35", builder.operations[0].fault_count = 99; builder.operations[0].flags = 0);
    BREAK("T39", builder.lists[builder.operations[0].first_fault + 1] = 33);
    BREAK("T39", builder.lists[builder.operations[0].first_fault + 1] = 32);
    BREAK("T39", memset(&builder.lists[builder.operations[0].first_fault + 1], 0, 6));
    BREAK("T11", builder.lists[builder.operations[0].first_fault + 4] = 99);
    BREAK("T39", builder.lists[builder.operations[0].first_fault + 1] = 2;
          builder.lists[builder.operations[0].first_fault + 2] = 0;
          builder.lists[builder.operations[0].first_fault + 5] =
              builder.lists[builder.operations[0].first_fault + 4]);
    BREAK("T36", builder.services[0].count = 4);
    BREAK("T36", builder.services[0].first = 9);
    BREAK("T38", builder.wildcards[0].mode = BARK_WILDCARD_DECLARED);
}

/* What is still accepted is harmless; table/harm_test.c runs it. Here: nothing reads out of bounds. */
TEST(every_flipped_bit_is_judged)
{
    const struct bark_slice data = sample_image(&builder, &rows);
    size_t i, refused = 0;
    for (i = 0; i < data.len * 8; i++) {
        struct bark_error err = { 0 };
        struct bark_image image;
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
        if (bark_image_open(&image, data, &err) != BARK_OK) {
            refused++;
            CHECK(err.code == BARK_ERR_IMAGE && err.rule && err.offset <= data.len);
        }
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    CHECK(refused > data.len * 8 / 4);
}

TEST(every_truncation_is_refused)
{
    const struct bark_slice data = sample_image(&builder, &rows);
    size_t len;
    for (len = 0; len < data.len; len++) {
        struct bark_error err = { 0 };
        struct bark_image image;
        void *exact = malloc(len ? len : 1); /* the sanitizer sees its end */
        struct bark_slice cut = { exact, len };
        memcpy(exact, data.ptr, len);
        CHECK(bark_image_open(&image, cut, &err) == BARK_ERR_IMAGE);
        if (len >= sizeof(struct bark_image_head)) { /* a head that owns up to the cut */
            const uint32_t size = (uint32_t)len;
            memcpy((uint8_t *)exact + offsetof(struct bark_image_head, size), &size, sizeof size);
            err = (struct bark_error){ 0 };
            if (len < data.len - 7) /* the last section may end 7 bytes before */
                CHECK(bark_image_open(&image, cut, &err) == BARK_ERR_IMAGE);
        }
        free(exact);
    }
}

TEST_MAIN(RUN(sample_image_opens) RUN(unproved_image_has_the_same_views) RUN(smallest_image_opens)
              RUN(head_rules) RUN(section_rules) RUN(pool_rules) RUN(pattern_rules) RUN(index_rules)
                  RUN(reserved_rules) RUN(type_rules) RUN(struct_rules) RUN(layout_rules) RUN(typed_rules)
                      RUN(packed_rules) RUN(message_rules) RUN(every_flipped_bit_is_judged)
                          RUN(every_truncation_is_refused))
