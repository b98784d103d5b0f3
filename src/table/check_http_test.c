/* table/check_http_test.c - HTTP rows: good ones pass and are printed, each broken rule is named, and no
 * image with a flipped bit makes the readers of parameters leave it.
 */
#include "engine/form_testing.h"
#include "soapbark/codec.h"
#include "table/print.h"
#include "testkit.h"

static struct image_builder builder;

static const char *rule_of(struct bark_slice data)
{
    static struct bark_error err;
    struct bark_image image;
    err = (struct bark_error){ 0 };
    return bark_image_open(&image, data, &err) == BARK_OK ? "" : err.rule ? err.rule : "no rule";
}

TEST(rows_open_and_print)
{
    static char text[8192];
    struct bark_error err = { 0 };
    struct bark_image image;
    struct bark_out out;
    form_image_fill(&builder);
    CHECK_TEXT(rule_of(ib_finish(&builder)), "");
    CHECK(bark_image_open(&image, ib_finish(&builder), &err) == BARK_OK && image.http_count == 4);
    bark_out_init(&out, text, sizeof text - 1);
    bark_image_print(&image, &out);
    text[out.pos] = '\0';
    CHECK(strstr(text, "operation 2 Tell output 2 http action \"\"\n") != NULL);
    CHECK(strstr(text, "http 0 operation 0 get location \"/ask\"\nhttp 1 operation 0 post location \"/ask\"\n"
                       "http 2 operation 1 get replaced location \"/at/(A)x(D).txt\"\n"
                       "http 3 operation 2 get location \"/tell\" content \"text/plain\"\n") != NULL);
}

/* An image without HTTP rows has no section for them. */
TEST(images_without)
{
    const struct bark_image_head *head = (const void *)builder.image;
    struct bark_image image;
    form_image_fill(&builder);
    builder.http_count = 0;
    CHECK(bark_image_open(&image, ib_finish(&builder), NULL) == BARK_OK && image.http_count == 0);
    CHECK(head->section_count == BARK_SECTION_COUNT);
}

/* Operation 1 as multipart/related. */
static void related(const char *media)
{
    struct bark_http_row *h = &builder.https[2];
    h->flags = BARK_HTTP_POST | BARK_HTTP_RELATED;
    h->media = ib_text(&builder, media);
    h->media_len = (uint16_t)strlen(media);
}

TEST(related_rows)
{
    form_image_fill(&builder);
    related("A text/plain\nD a/b, */*");
    CHECK_TEXT(rule_of(ib_finish(&builder)), "");
    form_image_fill(&builder);
    related("A text/plain\nD a/b\ntext/csv");
    builder.https[2].flags |= BARK_HTTP_CONTENT;
    CHECK_TEXT(rule_of(ib_finish(&builder)), "");
    form_image_fill(&builder);
    related("A text/plain\nD a/b\nText text/plain");
    builder.https[2].flags |= BARK_HTTP_ANSWER_RELATED;
    CHECK_TEXT(rule_of(ib_finish(&builder)), "");
    form_image_fill(&builder); /* a member that is a root too */
    ib_root(&builder, (struct wide_root){ .name = ib_name(&builder, "D"),
                                          .type = builder.fields[5].type,
                                          .namespaces = BARK_NONE });
    related("A text/plain\nD text/xml");
    CHECK_TEXT(rule_of(ib_finish(&builder)), "");
}

/* The same of rows with parts. */
static void change_related(int n)
{
    struct bark_http_row *h = builder.https;
    switch (n) {
    case 19:
        h[1].flags |= BARK_HTTP_RELATED; /* without types */
        break;
    case 20:
        related("A text/plain\nD a/b\n"); /* an empty line */
        break;
    case 21:
        related("A text/plain\nD a/b\r");
        break;
    case 22:
        related("A text/plain\nD a/b");
        h[2].flags |= BARK_HTTP_PARTS;
        break;
    case 23:
        related("A text/plain\nD a/b");
        h[2].flags = BARK_HTTP_RELATED;
        break;
    case 24:
        related("A text/plain"); /* a line short */
        break;
    case 25:
        related("A text/plain\nD a/b\nE a/b");
        break;
    case 26:
        related("A text/plain\nD");
        break;
    case 27:
        related("A text/plain\nD text/xml"); /* D is no root */
        break;
    case 28:
        related("A text/plain\nD a/b");
        builder.operations[1].input = FORM_ASK; /* an array is no part */
        break;
    case 29:
        h[3].flags |= BARK_HTTP_ANSWER_RELATED; /* and CONTENT */
        break;
    default:
        h[3].flags = BARK_HTTP_ANSWER_RELATED; /* its line has no name */
        break;
    }
}

/* Each breaks one thing of a good image. */
static void change(int n)
{
    struct bark_http_row *h = builder.https;
    switch (n) {
    case 0:
        h[0].operation = 3;
        break;
    case 1:
        h[0].flags = 128;
        break;
    case 2:
        h[0].location_len = 3;
        break;
    case 3:
        h[0].location = 60000;
        break;
    case 4:
        h[3].media_len = 5;
        break;
    case 5:
        h[3].media_len = 0;
        break;
    case 6:
        h[0].media_len = 10;
        h[0].media = h[3].media;
        break;
    case 7:
        h[3].operation = 0;
        break;
    case 8:
        h[0].flags = BARK_HTTP_XML;
        break;
    case 9:
        h[2].flags |= BARK_HTTP_XML | BARK_HTTP_POST;
        break;
    case 10:
        h[3].flags |= BARK_HTTP_XML | BARK_HTTP_POST; /* and no input */
        break;
    case 11:
        h[0].flags = BARK_HTTP_REPLACED; /* an array has no room in a path */
        break;
    case 12:
        builder.types[builder.roots[FORM_TELL].type].model = BARK_MODEL_ALL;
        break;
    case 13:
        builder.fields[5].bits |= BARK_F_NILLABLE;
        builder.fields[5].has = 0;
        builder.types[builder.roots[FORM_AT].type].presence = offsetof(struct form_at, has);
        break;
    case 14:
        builder.operations[2].output = FORM_AT; /* two members are no text */
        break;
    case 15:
        builder.operations[1].flags |= BARK_OPERATION_OUTBOUND;
        break;
    case 16:
        h[0].flags = BARK_HTTP_PARTS;
        break;
    case 17:
        h[2].flags |= BARK_HTTP_PARTS | BARK_HTTP_XML | BARK_HTTP_POST;
        break;
    case 18:
        h[3].flags |= BARK_HTTP_PARTS | BARK_HTTP_POST; /* and no input */
        break;
    default:
        builder.operations[1].input = builder.operations[0].input; /* the path's, and it has an array */
        break;
    }
}

TEST(rules)
{
    static const char *const rules[] = { "T11", "T12", "T9:", "T9:", "T9:", "T9:", "T40", "T40",
                                         "T40", "T40", "T40", "T41", "T41", "T41", "T41", "T40",
                                         "T40", "T40", "T40", "T40", "T40", "T40", "T40", "T40",
                                         "T41", "T41", "T41", "T41", "T41", "T40", "T41", "T41" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char name[8];
        snprintf(name, sizeof name, "%zu", i);
        form_image_fill(&builder);
        if (i < 19 || i > 30)
            change((int)i);
        else
            change_related((int)i);
        CHECK_IN(name, strncmp(rule_of(ib_finish(&builder)), rules[i], strlen(rules[i])) == 0);
    }
}

TEST(section)
{
    struct bark_image_http_head *head = (void *)builder.image;
    const struct bark_image_section wrong[] = { { 0, 4 },          { 8, 4 }, { UINT32_MAX - 7, 4 },
                                                { UINT32_MAX, 4 }, { 0, 0 }, { 0, 65536 },
                                                { 0, UINT32_MAX } };
    form_image_fill(&builder);
    const struct bark_slice data = ib_finish(&builder);
    const struct bark_image_section good = head->http;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        head->http = wrong[i];
        if (i > 3)
            head->http.offset = good.offset;
        CHECK(strncmp(rule_of(data), i > 3 ? "T7" : "T6", 2) == 0);
    }
    head->http = (struct bark_image_section){ good.offset, good.count + 1 };
    CHECK(strncmp(rule_of(data), "T6", 2) == 0);
    head->http = good;
    CHECK_TEXT(rule_of(data), "");
}

/* Whatever is accepted is used: a path, pairs, and back. */
static void use(const struct bark_image *image)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[65536];
    static uint8_t room[4096];
    static const char pairs[] = "A=1&B=a&B=b&C=1+2&D=x", path[] = "at/1xy.txt", pattern[] = "at/(A)x(D).txt";
    for (uint16_t root = 0; root < image->root_count; root++) {
        struct bark_arena arena;
        struct bark_error err;
        struct bark_out out;
        struct bark_slice follow = { NULL, 0 }, in = { (const uint8_t *)pairs, sizeof pairs - 1 };
        void *msg;
        if (root == FORM_AT) {
            follow = (struct bark_slice){ (const uint8_t *)pattern, sizeof pattern - 1 };
            in = (struct bark_slice){ (const uint8_t *)path, sizeof path - 1 };
        }
        bark_arena_init(&arena, memory, sizeof memory);
        bark_out_init(&out, room, sizeof room);
        if (bark_decode_form(image, root, follow, in, NULL, &bark_limits_device, &arena, &msg, &err) ==
            BARK_OK)
            (void)!bark_encode_form(image, root, follow, msg, &bark_limits_device, &arena, &out, &err);
    }
}

TEST(flipped_bits)
{
    struct bark_image image;
    unsigned accepted = 0;
    form_image_fill(&builder);
    const struct bark_slice data = ib_finish(&builder);
    for (size_t bit = 0; bit < data.len * 8; bit++) {
        builder.image[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (bark_image_open(&image, data, NULL) == BARK_OK) {
            accepted++;
            use(&image);
        }
        builder.image[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CHECK(accepted > 100);
}

TEST_MAIN(RUN(rows_open_and_print) RUN(related_rows) RUN(images_without) RUN(rules) RUN(section)
              RUN(flipped_bits))
