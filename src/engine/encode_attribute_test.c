/* engine/encode_attribute_test.c - wildcards for attributes and elements, and nil without a struct. */
#include "engine/encode_testing.h"

static struct encoding e;

/* Which namespaces each wildcard lets in; attribute and element ask the same question. */
TEST(wildcards_let_in_what_they_name)
{
    static const struct {
        uint8_t mode;
        const char *ns;
        bool attribute, element;
    } cases[] = {
        { BARK_WILDCARD_ANY, "urn:sample", true, true },   { BARK_WILDCARD_ANY, "", true, true },
        { BARK_WILDCARD_NOT, "urn:sample", false, false }, { BARK_WILDCARD_NOT, "urn:x", true, true },
        { BARK_WILDCARD_NOT, "", false, false },           { BARK_WILDCARD_LIST, "urn:sample", true, true },
        { BARK_WILDCARD_LIST, "urn:x", false, false },     { BARK_WILDCARD_LIST, "", false, false },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample_item item = encoding_item();
        struct bark_any_attribute extra = { { bark_text(cases[i].ns), { "x", 1 } }, { "1", 1 } };
        char xml[64];
        struct bark_any any;
        encoding_open(&e);
        /* The second wildcard of the image lists urn:sample. */
        e.wildcards[0].mode = cases[i].mode;
        e.wildcards[0].first = e.wildcards[1].first;
        e.wildcards[0].count = cases[i].mode == BARK_WILDCARD_ANY ? 0 : 1;
        item.other_attributes = (struct bark_array){ .items = &extra, .count = 1 };
        CHECK_IN(cases[i].ns, encoding_run(&e, e.rows.item_root, &item) ==
                                  (cases[i].attribute ? BARK_OK : BARK_ERR_UNEXPECTED));
        snprintf(xml, sizeof xml, "<q xmlns=\"%s\"/>", cases[i].ns);
        any.xml = bark_text(xml);
        item.other_attributes.count = 0;
        item.any = (struct bark_array){ .items = &any, .count = 1 };
        CHECK_IN(cases[i].ns, encoding_run(&e, e.rows.item_root, &item) ==
                                  (cases[i].element ? BARK_OK : BARK_ERR_UNEXPECTED));
        CHECK_TEXT(e.err.path, cases[i].element ? "" : "/Item/*[1]");
    }
}

TEST(attributes_stop_at_their_limit)
{
    static struct bark_any_attribute extra[8];
    static char names[8][4];
    struct sample_item item = encoding_item();
    size_t i;
    encoding_open(&e);
    e.limits.attributes = 7;
    for (i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "a%u", (unsigned)i);
        extra[i] = (struct bark_any_attribute){ { { "", 0 }, bark_text(names[i]) }, { "", 0 } };
    }
    item.other_attributes = (struct bark_array){ .items = extra, .count = 7 };
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    item.other_attributes.count = 8;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_LIMIT);
}

/* A nil element may have no struct: fine while no attribute must be there. */
TEST(nil_without_a_struct)
{
    struct sample_item item = encoding_item();
    struct wide_field *next, *length;
    encoding_open(&e);
    length = encoding_field(&e, e.rows.item, "Length");
    length->bits |= BARK_F_NILLABLE;
    length->has = encoding_field(&e, e.rows.item, "Big")->has;
    item.has_big = BARK_NIL;
    encoding_field(&e, e.rows.item, "Big")->has = BARK_NO_HAS;
    encoding_field(&e, e.rows.item, "Big")->bits |= BARK_F_REQUIRED;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    CHECK(strstr(e.text,
                 "<s:Length xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>"));
    length->bits &= (uint16_t)~BARK_F_NILLABLE;
    length->has = BARK_NO_HAS;
    next = encoding_field(&e, e.rows.item, "Next");
    next->bits |= BARK_F_NILLABLE;
    next->has = 5;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_MISSING); /* an Item must have its token */
    CHECK_TEXT(e.err.path, "/Item/Next/@token");
}

/* A has_ byte and its member must not disagree: leaving the member out would be silent. */
TEST(present_without_a_value_is_missing)
{
    struct sample_item item = encoding_item();
    struct wide_field *length;
    encoding_open(&e);
    length = encoding_field(&e, e.rows.item, "Length");
    length->has = encoding_field(&e, e.rows.item, "Big")->has;
    encoding_field(&e, e.rows.item, "Big")->has = BARK_NO_HAS;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    item.has_big = BARK_PRESENT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_MISSING);
    CHECK_TEXT(e.err.path, "/Item/Length");
}

TEST(abstract_types_are_not_written)
{
    struct sample_item item = encoding_item();
    struct sample_both both = { { "b", 1 }, 0, BARK_ABSENT };
    encoding_open(&e);
    item.both = &both;
    e.types[encoding_field(&e, e.rows.item, "Both")->type].flags |= BARK_TYPE_ABSTRACT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_TYPE);
    CHECK_TEXT(e.err.path, "/Item/Both");
}

TEST_MAIN(RUN(wildcards_let_in_what_they_name) RUN(attributes_stop_at_their_limit) RUN(nil_without_a_struct)
              RUN(present_without_a_value_is_missing) RUN(abstract_types_are_not_written))
