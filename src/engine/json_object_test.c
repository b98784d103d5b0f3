/* engine/json_object_test.c - names of members that meet, and random messages through both forms. */
#include "json_property.h"
#include "sample_image.h"

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;

/* Members whose names meet: the second of one name, and a stranger's. */
struct twins {
    struct bark_text a, b, again, other, stranger;
    struct bark_any any, more;
    struct bark_array rounds, others;
};

static const char *const twin_names[] = { "A",    "B",      "A#2",    "o:A",     "A#4",
                                          "#any", "#any#2", "#group", "#group#2" };

/* a, b, a, o:a, o:a: what a content model like (A, B, A, o:A, o:A) holds, then wildcards and repeated groups.
 */
static uint16_t twins_image(void)
{
    const uint16_t none = BARK_NONE;
    const uint8_t no = BARK_NO_HAS;
    const unsigned e = BARK_FIELD_ELEMENT, group = BARK_FIELD_GROUP | BARK_F_REPEATED;
    uint16_t text, pair, twins;
    ib_init(&builder);
    ib_namespace(&builder, "urn:sample", "s");
    ib_namespace(&builder, "urn:other", "o");
    text = ib_plain(&builder, BARK_KIND_STRING, sizeof(struct bark_text));
    ib_wildcard(&builder, (struct bark_wildcard_row){ .mode = BARK_WILDCARD_ANY });
    pair = sample_group(&builder, BARK_MODEL_SEQUENCE, SAMPLE_C(struct bark_text), 1, 0, 1);
    sample_field(&builder, e, BARK_F_REQUIRED, 1, "Key", 0, text, none, no);
    ib_first(&builder, (struct bark_first_row){ ib_name(&builder, "Key"), 1, BARK_FIELD_ELEMENT });
    twins = sample_struct(&builder, BARK_MODEL_SEQUENCE, SAMPLE_C(struct twins), 9, 0, 0, "Twins");
    sample_field(&builder, e, 0, 1, "A", offsetof(struct twins, a), text, none, no);
    sample_field(&builder, e, 0, 1, "B", offsetof(struct twins, b), text, none, no);
    sample_field(&builder, e, 0, 1, "A", offsetof(struct twins, again), text, none, no);
    sample_field(&builder, e, 0, 2, "A", offsetof(struct twins, other), text, none, no);
    sample_field(&builder, e, 0, 2, "A", offsetof(struct twins, stranger), text, none, no);
    ib_field(&builder,
             (struct wide_field){ 0, offsetof(struct twins, any), none, none, BARK_FIELD_ANY, 0, no });
    ib_field(&builder,
             (struct wide_field){ 0, offsetof(struct twins, more), none, none, BARK_FIELD_ANY, 0, no });
    sample_field(&builder, group, 0, 0, NULL, offsetof(struct twins, rounds), pair, none, no);
    sample_field(&builder, group, 0, 0, NULL, offsetof(struct twins, others), pair, none, no);
    ib_root(&builder,
            (struct wide_root){ ib_name(&builder, "Twins"), twins, ib_namespaces(&builder, 6), 0, 1, 0, 0 });
    return twins;
}

TEST(names_that_meet_stay_apart)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[4096];
    struct bark_json_object object;
    struct bark_arena arena;
    struct bark_error err;
    const uint16_t type = twins_image();
    uint16_t i;
    CHECK(bark_image_open(&image, ib_finish(&builder), &err) == BARK_OK);
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_json_object_push(&arena, &image, type, NULL, &object) == BARK_OK);
    CHECK(object.count == sizeof twin_names / sizeof *twin_names);
    for (i = 0; i < object.count; i++) {
        const struct bark_slice want = { (const uint8_t *)twin_names[i], strlen(twin_names[i]) };
        const struct bark_json_name name = bark_json_slot_name(&object, i);
        char text[64] = "";
        bark_json_name_report(&name, text, sizeof text);
        CHECK_TEXT(text, twin_names[i]);
        CHECK_IN(twin_names[i], bark_json_object_find(&object, want, 0) == i);
        CHECK_IN(twin_names[i], bark_json_object_find(&object, want, (uint16_t)(object.count - 1)) == i);
    }
    CHECK(bark_json_object_find(&object, (struct bark_slice){ (const uint8_t *)"A#3", 3 }, 0) == BARK_NONE);
    CHECK(bark_json_object_find(&object, (struct bark_slice){ (const uint8_t *)"s:A", 3 }, 0) == BARK_NONE);
    CHECK(bark_json_object_find(&object, (struct bark_slice){ NULL, 0 }, 0) == BARK_NONE);
}

TEST(random_messages_agree_in_both_forms)
{
    struct bark_error err = { 0 };
    struct jp_sum sum;
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    sum = json_property_check(&image, 2000, 20170718);
    printf("# %lu messages, %lu valid\n", sum.made, sum.valid);
    CHECK(sum.made > 3000);
    CHECK(sum.valid > sum.made / 4);
}

TEST_MAIN(RUN(names_that_meet_stay_apart) RUN(random_messages_agree_in_both_forms))
