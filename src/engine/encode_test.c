/* engine/encode_test.c - structs to XML: every kind of member, every refusal with its path, memory and
 * limits.
 *
 * The messages are those of tests/sample_image.h. What goes out is read again by the decoder where the struct
 * allows it, and by the well-formedness check always.
 */
#include "engine/engine.h"
#include "sample_image.h"
#include "testkit.h"

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[1 << 18], check_memory[1 << 18];
static struct bark_arena arena;
static struct bark_error err;
static char text[1 << 16];

#define S " xmlns:s=\"urn:sample\""
#define NS S " xmlns:o=\"urn:other\""

static void image_open(void)
{
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    bark_arena_init(&arena, memory, sizeof memory);
}

static struct bark_slice slice(const char *s)
{
    return (struct bark_slice){ (const uint8_t *)s, strlen(s) };
}

/* Encodes into `text`; whatever comes out without an error is well-formed. */
static enum bark_code encode(uint16_t root, const void *msg)
{
    struct bark_out out;
    struct bark_error ignored;
    struct bark_arena check;
    enum bark_code code;
    const size_t used = arena.used;
    bark_out_init(&out, text, sizeof text - 1);
    code = bark_encode(&image, root, msg, &bark_limits_device, &arena, &out, &err);
    text[out.pos] = '\0';
    CHECK(err.code == code && (code == BARK_OK || err.rule));
    CHECK(arena.used == used && arena.scratch == 0); /* all of it is given back */
    bark_arena_init(&check, check_memory, sizeof check_memory);
    CHECK_IN(text, code != BARK_OK ||
                       bark_check_xml(slice(text), &bark_limits_device, &check, &ignored) == BARK_OK);
    return code;
}

static struct bark_text tag_items[5] = { { "a", 1 }, { "b", 1 }, { "c", 1 }, { "d", 1 }, { "e", 1 } };

/* The least that an Item needs. */
static struct sample_item item_least(void)
{
    struct sample_item item = { .token = bark_text("t"), .name = bark_text("n") };
    item.tags = (struct bark_array){ .items = tag_items, .count = 2 };
    item.pick.which = SAMPLE_PICK_WORD;
    item.pick.u.word = bark_text("w");
    return item;
}

#define LEAST_TAGS "<s:Tag>a</s:Tag><s:Tag>b</s:Tag>"
#define LEAST_END LEAST_TAGS "<s:Word>w</s:Word></s:Item>"

/* The encoder must write exactly this, and what it writes from the decoder's struct is the same again. */
static void written(uint16_t root, const void *msg, const char *want)
{
    static char first[sizeof text];
    void *again;
    CHECK_IN(want, encode(root, msg) == BARK_OK);
    if (err.code != BARK_OK)
        testkit_fail(__FILE__, __LINE__, "%s: %s", err.path, err.rule);
    CHECK_TEXT(text, want);
    memcpy(first, text, sizeof text);
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK_IN(want, bark_decode(&image, root, slice(first), &bark_limits_device, &arena, &again, NULL, &err) ==
                       BARK_OK);
    if (err.code != BARK_OK)
        testkit_fail(__FILE__, __LINE__, "%s: %s", err.path, err.rule);
    else
        CHECK_IN(want, encode(root, again) == BARK_OK);
    CHECK_TEXT(text, first);
    bark_arena_init(&arena, memory, sizeof memory);
}

static void refused(const struct sample_item *item, enum bark_code code, const char *path, const char *rule)
{
    CHECK_IN(path, encode(rows.item_root, item) == code);
    CHECK_TEXT(err.path, path);
    CHECK_IN(path, err.rule && strstr(err.rule, rule));
}

TEST(the_least_message)
{
    const struct sample_item item = item_least();
    const enum sample_color color = SAMPLE_BLUE;
    image_open();
    written(rows.item_root, &item, "<s:Item" NS " token=\"t\"><s:Name>n</s:Name>" LEAST_END);
    written(rows.color_root, &color, "<s:Color" S ">blue</s:Color>");
}

TEST(every_value_stands_in_its_place)
{
    struct sample_item item = item_least();
    int32_t numbers[] = { 1, -2, 3 };
    struct sample_length length = { 1.5, bark_text("mm") };
    struct sample_both both = { bark_text("b"), 7, BARK_PRESENT };
    struct sample_pair pairs[] = { { bark_text("k1"), -1, BARK_PRESENT },
                                   { bark_text("k2"), 0, BARK_ABSENT } };
    image_open();
    item.count = -7;
    item.has_count = BARK_PRESENT;
    item.other_token = bark_text("ot");
    item.color = SAMPLE_GREEN;
    item.level = 5;
    item.has_level = BARK_PRESENT;
    item.flag = true;
    item.has_flag = BARK_PRESENT;
    item.when = (struct bark_time){ .year = 2026, .month = 2, .day = 28, .hour = 1, .has_zone = true };
    item.has_when = BARK_PRESENT;
    item.data = (struct bark_bytes){ (const uint8_t *)"foo", 3 };
    item.kind = (struct bark_qname){ bark_text("urn:other"), bark_text("K") };
    item.code = bark_text("abc");
    item.numbers = (struct bark_array){ .items = numbers, .count = 3 };
    item.has_numbers = BARK_PRESENT;
    item.size = (struct bark_union){ bark_text("red"), 1 };
    item.amount = bark_text("-4.50");
    item.big = INT64_MIN;
    item.has_big = BARK_PRESENT;
    item.length = &length;
    item.both = &both;
    item.pick.which = SAMPLE_PICK_LONG;
    item.pick.u.length = (struct sample_length){ 2, { NULL, 0 } };
    item.pairs = (struct bark_array){ .items = pairs, .count = 2 };
    item.other_name = bark_text("on");
    written(
        rows.item_root, &item,
        "<s:Item" NS " token=\"t\" count=\"-7\" o:token=\"ot\"><s:Name>n</s:Name><s:Color>green</s:Color>"
        "<s:Level>5</s:Level><s:Flag>true</s:Flag><s:When>2026-02-28T01:00:00Z</s:When><s:Data>Zm9v</s:Data>"
        "<s:Kind>o:K</s:Kind><s:Code>abc</s:Code><s:Numbers>1 -2 3</s:Numbers><s:Size>red</s:Size>"
        "<s:Amount>-4.50</s:Amount><s:Big>-9223372036854775808</s:Big><s:Length unit=\"mm\">1.5</s:Length>"
        "<s:Both><s:A>7</s:A><s:B>b</s:B></s:Both>" LEAST_TAGS "<s:Long>2</s:Long><s:Key>k1</s:Key>"
        "<s:Val>-1</s:Val><s:Key>k2</s:Key><o:Name>on</o:Name></s:Item>");
}

TEST(nothing_between_the_tags_is_one_tag)
{
    struct sample_item item = item_least();
    struct sample_note note = { .lang = bark_text("") };
    image_open();
    item.name = bark_text("");
    item.data = (struct bark_bytes){ (const uint8_t *)"", 0 };
    item.has_numbers = BARK_PRESENT;
    item.note = &note;
    item.pick.u.word = bark_text("");
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\"><s:Name/><s:Data/><s:Numbers/><s:Note lang=\"\"/>" LEAST_TAGS
            "<s:Word/></s:Item>");
}

TEST(nil_is_declared_where_it_is_said)
{
    struct sample_item item = item_least(), children[3];
    uint8_t nil[] = { 0, 1, 0 };
    image_open();
    children[0] = children[2] = item_least();
    memset(&children[1], 0, sizeof children[1]);
    children[1].token = bark_text("only"); /* attributes stay, content goes */
    item.has_flag = BARK_NIL;
    item.pick = (struct sample_pick){ .which = SAMPLE_PICK_NUMBER, .has_number = BARK_NIL };
    item.children = (struct bark_array){ children, 3, nil };
#define XSI " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\""
#define CHILD "<s:Child token=\"t\"><s:Name>n</s:Name>" LEAST_TAGS "<s:Word>w</s:Word></s:Child>"
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\"><s:Name>n</s:Name><s:Flag" XSI "/>" LEAST_TAGS "<s:Number" XSI
            "/>" CHILD "<s:Child" XSI " token=\"only\"/>" CHILD "</s:Item>");
}

TEST(text_cannot_leave_its_place)
{
    struct sample_item item = item_least();
    image_open();
    item.token = bark_text("\"'<&>\t\n\r\xc3\xa9");
    item.name = bark_text("\"'<&]]>\t\n\r\xc3\xa9</s:Name>");
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"&quot;'&lt;&amp;&gt;&#x9;&#xA;&#xD;\xc3\xa9\">"
            "<s:Name>\"'&lt;&amp;]]&gt;\t\n&#xD;\xc3\xa9&lt;/s:Name&gt;</s:Name>" LEAST_END);
}

TEST(fragments_and_mixed_content_are_checked_and_copied)
{
    struct sample_item item = item_least();
    struct sample_note note = { bark_text("a <b xmlns=\"urn:b\"/> &amp; c"), bark_text("en") };
    struct bark_any any[] = { { bark_text("<x xmlns=\"urn:x\">1</x>") }, { bark_text("<y xmlns=\"\"/>") } };
    static const char *const bad_content[] = {
        "<a>", "</s:Note>", "a & b", "<p:a/>", "<?pi?>", "]]>", "\x01"
    };
    static const char *const bad_any[] = { "", "x", "<x>", "<x/><y/>", "<p:x/>", "<!DOCTYPE x><x/>" };
    size_t i;
    image_open();
    item.note = &note;
    item.any = (struct bark_array){ .items = any, .count = 2 };
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\"><s:Name>n</s:Name><s:Note lang=\"en\">a <b xmlns=\"urn:b\"/> &amp; c"
            "</s:Note>" LEAST_TAGS "<s:Word>w</s:Word><x xmlns=\"urn:x\">1</x><y xmlns=\"\"/></s:Item>");
    for (i = 0; i < sizeof bad_content / sizeof *bad_content; i++) {
        note.content = bark_text(bad_content[i]);
        CHECK_IN(bad_content[i], encode(rows.item_root, &item) != BARK_OK);
        CHECK_TEXT(err.path, "/Item/Note");
    }
    item.note = NULL;
    for (i = 0; i < sizeof bad_any / sizeof *bad_any; i++) {
        any[1].xml = bark_text(bad_any[i]);
        CHECK_IN(bad_any[i], encode(rows.item_root, &item) != BARK_OK);
        CHECK_TEXT(err.path, "/Item/*[2]");
    }
    any[1].xml = bark_text(NULL);
    refused(&item, BARK_ERR_MISSING, "/Item/*[2]", "[XSD1 3.8.4]");
}

TEST(attributes_of_a_wildcard)
{
    struct sample_item item = item_least();
    struct bark_any_attribute extra[3] = { { { bark_text("urn:a"), bark_text("x") }, bark_text("<1>") },
                                           { { bark_text("urn:other"), bark_text("y") }, bark_text("2") },
                                           { { bark_text("urn:a"), bark_text("z") }, bark_text("") } };
    image_open();
    item.other_attributes = (struct bark_array){ .items = extra, .count = 3 };
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\" xmlns:_1=\"urn:a\" _1:x=\"&lt;1&gt;\" o:y=\"2\" _1:z=\"\">"
            "<s:Name>n</s:Name>" LEAST_END);
    extra[0].name.ns = bark_text("http://www.w3.org/XML/1998/namespace");
    extra[0].name.local = bark_text("lang");
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\" xml:lang=\"&lt;1&gt;\" o:y=\"2\" xmlns:_1=\"urn:a\" _1:z=\"\">"
            "<s:Name>n</s:Name>" LEAST_END);
}

TEST(attributes_that_are_not_what_they_seem)
{
    static const struct {
        const char *ns, *local, *value;
        enum bark_code code;
    } cases[] = {
        { "", "xmlns", "urn:evil", BARK_ERR_NAMESPACE }, /* a declaration in disguise */
        { "", "a b", "", BARK_ERR_NAMESPACE },
        { "", "", "", BARK_ERR_NAMESPACE },
        { "", "a:b", "", BARK_ERR_NAMESPACE },
        { "", "x=\"\" y", "", BARK_ERR_NAMESPACE },
        { "http://www.w3.org/2000/xmlns/", "p", "", BARK_ERR_NAMESPACE },
        { "http://www.w3.org/2001/XMLSchema-instance", "nil", "true", BARK_ERR_NAMESPACE },
        { "", "token", "2", BARK_ERR_XML }, /* there already */
        { "", "count", "2", BARK_ERR_XML }, /* declared, though absent here */
        { "urn:other", "token", "2", BARK_ERR_XML },
        { "urn:b", "twice", "", BARK_ERR_XML },
        { "urn:b", "c", "\x01", BARK_ERR_TYPE },
        { "urn:b", "c", "\xff", BARK_ERR_TYPE },
        { "urn:\x01", "c", "", BARK_ERR_TYPE },
    };
    struct sample_item item = item_least();
    struct bark_any_attribute extra[2] = { { { bark_text("urn:b"), bark_text("twice") }, bark_text("") } };
    size_t i;
    image_open();
    item.other_attributes = (struct bark_array){ .items = extra, .count = 2 };
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        extra[1].name = (struct bark_qname){ bark_text(cases[i].ns), bark_text(cases[i].local) };
        extra[1].value = bark_text(cases[i].value);
        CHECK_IN(cases[i].local, encode(rows.item_root, &item) == cases[i].code);
        CHECK_TEXT(err.path, "/Item/@*[2]");
    }
}

TEST(names_as_values_bring_their_namespace)
{
    struct sample_item item = item_least();
    image_open();
    item.kind = (struct bark_qname){ bark_text("urn:far&away"), bark_text("K") };
    written(rows.item_root, &item,
            "<s:Item" NS
            " token=\"t\"><s:Name>n</s:Name><s:Kind xmlns:_1=\"urn:far&amp;away\">_1:K</s:Kind>" LEAST_END);
    item.kind.ns = bark_text("");
    written(rows.item_root, &item,
            "<s:Item" NS " token=\"t\"><s:Name>n</s:Name><s:Kind>K</s:Kind>" LEAST_END);
    item.kind.local = bark_text("not a name");
    refused(&item, BARK_ERR_TYPE, "/Item/Kind", "[XSD2 3.2.18]");
}

/* A root that announces nothing: each tag then declares what it needs, and the prefixes stay apart. */
TEST(namespaces_that_the_root_does_not_declare)
{
    struct bark_trait_row traits[64 + 8];
    struct sample_item item = item_least();
    struct bark_any_attribute extra = { { bark_text("urn:x"), bark_text("a") }, bark_text("1") };
    image_open();
    memcpy(traits, image.traits, image.trait_count * sizeof *traits);
    traits[bark_root_trait(&image, rows.item_root) - image.traits].extra = BARK_NONE;
    image.traits = traits;
    item.other_token = bark_text("ot");
    item.other_name = bark_text("on");
    item.other_attributes = (struct bark_array){ .items = &extra, .count = 1 };
#define TAG(name, value) "<s:" name S ">" value "</s:" name ">"
    written(rows.item_root, &item,
            "<s:Item" S
            " token=\"t\" xmlns:o=\"urn:other\" o:token=\"ot\" xmlns:_3=\"urn:x\" _3:a=\"1\">" TAG(
                "Name", "n") TAG("Tag", "a") TAG("Tag", "b")
                TAG("Word", "w") "<o:Name xmlns:o=\"urn:other\">on</o:Name></s:Item>");
}

/* A prefix of the image that looks like a made-up one, or like xsi, is not hidden by it. */
TEST(made_up_prefixes_hide_none)
{
    struct sample_item item = item_least();
    struct bark_any_attribute extra = { { bark_text("urn:x"), bark_text("a") }, bark_text("1") };
    struct bark_namespace_row namespaces[3];
    static uint8_t pool[1 << 16];
    image_open();
    memcpy(pool, image.pool, image.pool_size);
    memcpy(namespaces, image.namespaces, sizeof namespaces);
    memcpy(pool + image.pool_size, "__1\0xsi", 8);
    namespaces[1].prefix = image.pool_size;
    namespaces[1].prefix_len = 3;
    namespaces[2].prefix = image.pool_size + 4;
    namespaces[2].prefix_len = 3;
    image.pool = pool;
    image.namespaces = namespaces;
    item.other_attributes = (struct bark_array){ .items = &extra, .count = 1 };
    item.has_flag = BARK_NIL;
    CHECK(encode(rows.item_root, &item) == BARK_OK);
    CHECK_TEXT(text, "<__1:Item xmlns:__1=\"urn:sample\" xmlns:xsi=\"urn:other\" token=\"t\" "
                     "xmlns:___1=\"urn:x\" ___1:a=\"1\"><__1:Name>n</__1:Name><__1:Flag "
                     "xmlns:___1=\"http://www.w3.org/2001/XMLSchema-instance\" ___1:nil=\"true\"/>"
                     "<__1:Tag>a</__1:Tag><__1:Tag>b</__1:Tag><__1:Word>w</__1:Word></__1:Item>");
    namespaces[1].prefix_len = 0;
    CHECK(encode(rows.item_root, &item) == BARK_ERR_IMAGE);
}

TEST(a_member_that_is_missing_is_named)
{
    struct sample_item item = item_least(), children[2];
    struct sample_both both = { .a = 1 };
    struct sample_pair pairs[2] = { { .key = bark_text("k") }, { .val = 1 } };
    image_open();
    item.token = bark_text(NULL);
    refused(&item, BARK_ERR_MISSING, "/Item/@token", "[XSD1 3.4.4]");
    item = item_least();
    item.name = bark_text(NULL);
    refused(&item, BARK_ERR_MISSING, "/Item/Name", "[XSD1 3.8.4]");
    item = item_least();
    item.both = &both;
    refused(&item, BARK_ERR_MISSING, "/Item/Both/B", "[XSD1 3.8.4]");
    item = item_least();
    item.pairs = (struct bark_array){ .items = pairs, .count = 2 };
    refused(&item, BARK_ERR_MISSING, "/Item/Key[2]", "[XSD1 3.8.4]");
    item = item_least();
    children[0] = children[1] = item_least();
    item.children = (struct bark_array){ .items = children, .count = 2 };
    children[1].next = &item;
    item.tags.count = 1;
    refused(&children[1], BARK_ERR_MISSING, "/Item/Next/Tag[1]", "[XSD1 3.8.4]");
    item = item_least();
    item.children = (struct bark_array){ .items = children, .count = 2 };
    children[1] = item_least();
    children[1].pick.u.word = bark_text(NULL);
    refused(&item, BARK_ERR_MISSING, "/Item/Child[2]/Word", "[XSD1 3.8.4]");
    children[1] = item_least();
    children[1].pick.which = 0;
    refused(&item, BARK_ERR_MISSING, "/Item/Child[2]", "[XSD1 3.8.4]");
    CHECK_TEXT(err.expected, "one of: Word, Number, Long");
    children[1].pick.which = 4;
    refused(&item, BARK_ERR_USE, "/Item/Child[2]", "[XSD1 3.8.4]");
    children[1] = item_least();
    children[1].tags.items = &(struct bark_text[2]){ { "a", 1 }, { NULL, 0 } };
    refused(&item, BARK_ERR_MISSING, "/Item/Child[2]/Tag[2]", "[XSD1 3.3.4]");
}

TEST(a_value_outside_its_type_is_named)
{
    struct sample_item item = item_least();
    struct bark_text tags[2] = { { "a", 1 }, { "b\x02", 2 } };
    image_open();
    item.name = bark_text("a\xff");
    refused(&item, BARK_ERR_TYPE, "/Item/Name", "[XSD2 3.2.1]");
    item = item_least();
    item.token = bark_text("\x1f");
    refused(&item, BARK_ERR_TYPE, "/Item/@token", "[XSD2 3.2.1]");
    item = item_least();
    item.tags.items = tags;
    refused(&item, BARK_ERR_TYPE, "/Item/Tag[2]", "[XSD2 3.2.1]");
    item = item_least();
    item.tags.count = 5;
    refused(&item, BARK_ERR_UNEXPECTED, "/Item/Tag[1]", "[XSD1 3.8.4]");
    item = item_least();
    item.color = 9;
    refused(&item, BARK_ERR_FACET, "/Item/Color", "[XSD2 4.3.5]");
    CHECK_TEXT(err.expected, "one of: red, green, blue");
    item = item_least();
    item.code = bark_text("ABC");
    refused(&item, BARK_ERR_FACET, "/Item/Code", "[XSD2 4.3.4]");
    CHECK_TEXT(err.expected, "[a-z]+");
    item.code = bark_text("abcdefghi");
    refused(&item, BARK_ERR_FACET, "/Item/Code", "[XSD2 4.3.3]");
    item = item_least();
    item.amount = bark_text("-5.000000000000000000000000000000001");
    refused(&item, BARK_ERR_FACET, "/Item/Amount", "[XSD2 4.3.10]");
    CHECK_TEXT(err.expected, "-5");
    item = item_least();
    item.has_when = BARK_PRESENT;
    refused(&item, BARK_ERR_TYPE, "/Item/When", "[XSD2 3.2.7]");
    item = item_least();
    item.size = (struct bark_union){ bark_text("violet"), 1 };
    refused(&item, BARK_ERR_FACET, "/Item/Size", "[XSD2 4.3.5]");
    item = item_least();
    item.has_count = BARK_NIL;
    refused(&item, BARK_ERR_TYPE, "/Item/@count", "[XSD1 3.4.4]");
    item = item_least();
    item.tags.items = NULL; /* counted, and not there */
    refused(&item, BARK_ERR_USE, "/Item/Tag[1]", "[codec]");
    item = item_least();
    item.has_numbers = BARK_PRESENT;
    item.numbers.count = 1;
    refused(&item, BARK_ERR_USE, "/Item/Numbers", "[codec]");
    item = item_least();
    item.other_attributes.count = 1;
    refused(&item, BARK_ERR_USE, "/Item/@*[1]", "[codec]");
    item = item_least();
    item.has_big = BARK_NIL;
    refused(&item, BARK_ERR_TYPE, "/Item/Big", "[XSD1 3.3.4]");
}

TEST(defaults_are_the_readers_to_fill_in)
{
    struct sample_item item = item_least();
    struct wide_field fields[64];
    struct bark_field_row field_rows[64];
    struct bark_trait_row traits[64 + 8];
    uint32_t i;
    image_open();
    memcpy(fields, builder.fields, image.field_count * sizeof *fields);
    memcpy(traits, image.traits, image.trait_count * sizeof *traits);
    for (i = 0; i < image.field_count; i++)
        if (fields[i].bits & BARK_F_DEFAULT)
            fields[i].bits |= BARK_F_REQUIRED;
    image.fields = field_rows;
    image.traits = traits;
    wide_fields_pack(fields, image.field_count, field_rows, traits);
    CHECK(encode(rows.item_root, &item) == BARK_OK);
    CHECK(strstr(text, "<s:Level/>")); /* required, absent: the empty element means the default */
    for (i = 0; i < image.field_count; i++)
        if (fields[i].bits & BARK_F_DEFAULT)
            fields[i].bits ^= BARK_F_DEFAULT | BARK_F_FIXED;
    wide_fields_pack(fields, image.field_count, field_rows, traits);
    item.has_level = BARK_PRESENT;
    item.level = 3;
    CHECK(encode(rows.item_root, &item) == BARK_OK);
    item.level = 4;
    refused(&item, BARK_ERR_FACET, "/Item/Level", "[XSD1 3.3.4]");
}

/* A Tree as deep as asked, each level in the one before. */
static const struct sample_tree *tree_deep(struct sample_tree *trees, size_t depth)
{
    size_t i;
    for (i = 0; i < depth; i++) {
        trees[i] = (struct sample_tree){ .name = bark_text("t") };
        trees[i].trees =
            (struct bark_array){ .items = i + 1 < depth ? &trees[i + 1] : NULL, .count = i + 1 < depth };
    }
    return trees;
}

TEST(depth_stops_at_its_limit)
{
    static struct sample_tree trees[200];
    image_open();
    CHECK(encode(rows.tree_root, tree_deep(trees, bark_limits_device.depth)) == BARK_OK);
    CHECK(encode(rows.tree_root, tree_deep(trees, bark_limits_device.depth + 1)) == BARK_ERR_LIMIT);
    CHECK(strstr(err.rule, "limits.depth") && err.path[0] == '/');
}

TEST(a_reply_that_does_not_fit_is_an_error_at_every_size)
{
    const struct sample_item item = item_least();
    struct bark_out out;
    size_t len, cap;
    image_open();
    CHECK(encode(rows.item_root, &item) == BARK_OK);
    len = strlen(text);
    for (cap = 0; cap <= len; cap++) {
        bark_out_init(&out, text, cap);
        CHECK((bark_encode(&image, rows.item_root, &item, &bark_limits_device, &arena, &out, &err) ==
               BARK_OK) == (cap == len));
    }
}

/* [SECURITY row 38] Memory that fails at any call is an error, and nothing is kept. */
TEST(allocations_that_fail_leave_nothing)
{
    static struct sample_tree trees[5];
    struct sample_item item = item_least();
    struct bark_any_attribute extra = { { bark_text("urn:x"), bark_text("a") }, bark_text("1") };
    uint64_t n, total;
    image_open();
    item.other_attributes = (struct bark_array){ .items = &extra, .count = 1 };
    CHECK(encode(rows.item_root, &item) == BARK_OK);
    total = arena.allocs;
    CHECK(total >= 4); /* frames, a declaration and its prefix */
    for (n = 1; n <= total; n++) {
        image_open();
        arena.fail_at = n;
        CHECK(encode(rows.item_root, &item) == BARK_ERR_MEMORY);
    }
    image_open();
    arena.fail_at = 4;
    CHECK(encode(rows.tree_root, tree_deep(trees, 5)) == BARK_ERR_MEMORY);
    CHECK_TEXT(err.path, "/Tree/Tree[1]/Tree[1]/Tree[1]");
}

TEST(wrong_use_is_said)
{
    const struct sample_item item = item_least();
    image_open();
    CHECK(encode(rows.item_root, NULL) == BARK_ERR_USE);
    CHECK(encode(99, &item) == BARK_ERR_USE);
    CHECK(encode(BARK_NONE, &item) == BARK_ERR_USE);
}

static uint64_t seed = 0x2545f4914f6cdd1du;

static uint32_t random_next(uint32_t bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 16) % bound);
}

/* [SECURITY row 29] Any text either comes back as it was, or is refused because XML cannot carry it. */
TEST(random_texts_come_back_or_are_refused)
{
    static const char *const pieces[] = {
        "<",         ">",      "&",     "\"",   "'",       "]]>",  "<!--", "-->",      "</s:Name>",
        "&lt;",      "\r",     "\n",    "\t",   " ",       "\r\n", "a",    "\xc3\xa9", "\xf0\x9f\x8c\xb3",
        "<![CDATA[", "&#x41;", "<?x?>", "\x7f", "\xc2\x85"
    };
    static const char *const poison[] = { "\x01", "\x0b", "\xff", "\xed\xa0\x80", "\xef\xbf\xbf", "\xc3" };
    struct sample_item item = item_least();
    char name[256], token[256];
    unsigned i, k;
    image_open();
    for (i = 0; i < 4000; i++) {
        const bool poisoned = random_next(8) == 0;
        struct sample_item *again;
        void *msg;
        name[0] = token[0] = '\0';
        for (k = random_next(12); k > 0; k--) {
            strcat(name, pieces[random_next(sizeof pieces / sizeof *pieces)]);
            strcat(token, pieces[random_next(sizeof pieces / sizeof *pieces)]);
        }
        if (poisoned)
            strcat(random_next(2) ? name : token, poison[random_next(sizeof poison / sizeof *poison)]);
        item.name = bark_text(name);
        item.token = bark_text(token);
        CHECK_IN(name, encode(rows.item_root, &item) == (poisoned ? BARK_ERR_TYPE : BARK_OK));
        if (poisoned)
            continue;
        bark_arena_reset(&arena);
        CHECK_IN(text, bark_decode(&image, rows.item_root, slice(text), &bark_limits_device, &arena, &msg,
                                   NULL, &err) == BARK_OK);
        again = msg;
        CHECK_IN(text, again && bark_text_equal(again->name, name) && bark_text_equal(again->token, token));
        bark_arena_reset(&arena);
    }
}

TEST_MAIN(RUN(the_least_message) RUN(every_value_stands_in_its_place) RUN(nothing_between_the_tags_is_one_tag)
              RUN(nil_is_declared_where_it_is_said) RUN(text_cannot_leave_its_place)
                  RUN(fragments_and_mixed_content_are_checked_and_copied) RUN(attributes_of_a_wildcard)
                      RUN(attributes_that_are_not_what_they_seem) RUN(names_as_values_bring_their_namespace)
                          RUN(namespaces_that_the_root_does_not_declare) RUN(made_up_prefixes_hide_none)
                              RUN(a_member_that_is_missing_is_named) RUN(a_value_outside_its_type_is_named)
                                  RUN(defaults_are_the_readers_to_fill_in) RUN(depth_stops_at_its_limit)
                                      RUN(a_reply_that_does_not_fit_is_an_error_at_every_size)
                                          RUN(allocations_that_fail_leave_nothing) RUN(wrong_use_is_said)
                                              RUN(random_texts_come_back_or_are_refused))
