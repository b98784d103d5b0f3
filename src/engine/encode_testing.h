/* engine/encode_testing.h - what the encoder's tests share: the sample image, a message, and a way to bend
 * rows.
 */
#ifndef BARK_ENGINE_ENCODE_TESTING_H
#define BARK_ENGINE_ENCODE_TESTING_H

#include "engine/engine.h"
#include "sample_image.h"
#include "testkit.h"

struct encoding {
    struct image_builder builder;
    struct sample_rows rows;
    struct bark_image image;
    /* Copies of the image's rows, which a test may change after encoding_open(). */
    struct bark_type_row types[64];
    struct wide_field fields[64];
    struct wide_root roots[8];
    struct bark_wildcard_row wildcards[4];
    struct bark_extra_row extras[8];
    struct bark_field_row field_rows[64];
    struct bark_root_row root_rows[8];
    struct bark_trait_row traits[64 + 8];
    uint16_t groups[BARK_ROOT_GROUP * 8]; /* as they stand in the image */
    struct bark_limits limits;
    struct bark_arena arena;
    struct bark_error err;
    _Alignas(BARK_ALIGN) uint8_t memory[1 << 18], check_memory[1 << 18];
    char text[1 << 16];
};

#define ENCODING_COPY(e, rows_name, count_name) \
    do { \
        memcpy((e)->rows_name, (e)->image.rows_name, (e)->image.count_name * sizeof *(e)->rows_name); \
        (e)->image.rows_name = (e)->rows_name; \
    } while (0)

/* What a test made of fields and roots. */
static inline void encoding_pack(struct encoding *e)
{
    wide_fields_pack(e->fields, e->image.field_count, e->field_rows, e->traits);
    wide_roots_pack(e->roots, e->image.root_count, e->root_rows, e->traits, e->image.field_count, e->groups,
                    e->builder.count[BARK_SECTION_LISTS]);
}

static inline void encoding_open(struct encoding *e)
{
    CHECK(bark_image_open(&e->image, sample_image(&e->builder, &e->rows), &e->err) == BARK_OK);
    ENCODING_COPY(e, types, type_count);
    memcpy(e->fields, e->builder.fields, e->image.field_count * sizeof *e->fields);
    memcpy(e->roots, e->builder.roots, e->image.root_count * sizeof *e->roots);
    e->image.fields = e->field_rows;
    e->image.roots = e->root_rows;
    e->image.traits = e->traits;
    ENCODING_COPY(e, wildcards, wildcard_count);
    ENCODING_COPY(e, extras, extra_count);
    encoding_pack(e);
    e->limits = bark_limits_device;
    bark_arena_init(&e->arena, e->memory, sizeof e->memory);
}

/* Encodes into e->text; whatever comes out without an error is well-formed, and the arena is given back. */
static inline enum bark_code encoding_run(struct encoding *e, uint16_t root, const void *msg)
{
    struct bark_out out;
    struct bark_error ignored;
    struct bark_arena check;
    enum bark_code code;
    const size_t used = e->arena.used;
    bark_out_init(&out, e->text, sizeof e->text - 1);
    encoding_pack(e);
    code = bark_encode(&e->image, root, msg, &e->limits, &e->arena, &out, &e->err);
    e->text[out.pos] = '\0';
    CHECK(e->err.code == code && (code == BARK_OK || e->err.rule));
    CHECK(e->arena.used == used && e->arena.scratch == 0);
    bark_arena_init(&check, e->check_memory, sizeof e->check_memory);
    CHECK_IN(e->text, code != BARK_OK || bark_check_xml((struct bark_slice){ (uint8_t *)e->text, out.pos },
                                                        &bark_limits_device, &check, &ignored) == BARK_OK);
    return code;
}

/* The field row of a type by its name and kind. */
static inline struct wide_field *encoding_field(struct encoding *e, uint16_t type, const char *name)
{
    const struct bark_type_row *row = &e->types[type];
    uint16_t i;
    for (i = 0; i < row->count; i++) {
        struct wide_field *field = &e->fields[row->first + i];
        if (field->name < e->image.name_count && (field->bits & BARK_F_KIND) <= BARK_FIELD_ATTRIBUTE) {
            const struct bark_slice s = bark_image_name(&e->image, field->name);
            if (s.len == strlen(name) && memcmp(s.ptr, name, s.len) == 0)
                return field;
        }
    }
    FAIL("the type has such a field");
    return &e->fields[0];
}

/* The least that an Item needs. */
static inline struct sample_item encoding_item(void)
{
    static struct bark_text tags[2] = { { "a", 1 }, { "b", 1 } };
    struct sample_item item = { .token = bark_text("t"), .name = bark_text("n") };
    item.tags = (struct bark_array){ .items = tags, .count = 2 };
    item.pick.which = SAMPLE_PICK_WORD;
    item.pick.u.word = bark_text("w");
    return item;
}

#endif
