/* engine/form_testing.h - an image with HTTP rows, for the tests and the fuzzer of parameters.
 *
 *   Ask { A int; B string *; C list of int ?; D token of at most 8 ? }
 *   GET /ask, POST /ask; GET /at/(A)x(D).txt of At { A int; D token }; GET /tell answers Tell as text/plain
 */
#ifndef BARK_ENGINE_FORM_TESTING_H
#define BARK_ENGINE_FORM_TESTING_H

#include "image_builder.h"

struct form_ask {
    struct {
        struct bark_text *items;
        size_t count;
        uint8_t *nil;
    } b;
    struct {
        int32_t *items;
        size_t count;
        uint8_t *nil;
    } c;
    struct bark_text d;
    int32_t a;
    uint8_t has_c;
};

struct form_at {
    struct bark_text d;
    int32_t a;
    uint8_t has; /* a place for those who change the rows */
};

struct form_tell {
    struct bark_text text;
};

enum { FORM_ASK, FORM_AT, FORM_TELL }; /* roots */

static inline void form_field(struct image_builder *b, const char *name, unsigned bits, uint16_t type,
                              size_t offset, uint8_t has)
{
    ib_field(b, (struct wide_field){ .name = ib_name(b, name),
                                     .offset = (uint16_t)offset,
                                     .type = type,
                                     .extra = BARK_NONE,
                                     .bits = (uint16_t)(BARK_FIELD_ELEMENT | bits),
                                     .has = has });
}

static inline uint16_t form_struct(struct image_builder *b, const char *name, unsigned align, size_t size,
                                   size_t fields, size_t presence)
{
    return ib_type(b, (struct bark_type_row){ .kind = BARK_KIND_STRUCT,
                                              .model = BARK_MODEL_SEQUENCE,
                                              .size = (uint16_t)size,
                                              .flags = (uint8_t)align,
                                              .first = (uint16_t)b->count[BARK_SECTION_FIELDS],
                                              .count = (uint16_t)fields,
                                              .presence = (uint16_t)presence,
                                              .name = ib_name(b, name) });
}

static inline void form_operation(struct image_builder *b, const char *name, uint16_t input, uint16_t output)
{
    ib_operation(b, (struct wide_operation){ .name = ib_name(b, name),
                                             .input = input,
                                             .output = output,
                                             .action_base = BARK_NONE,
                                             .action_end = BARK_NONE });
}

static inline void form_http(struct image_builder *b, uint16_t operation, unsigned flags,
                             const char *location, const char *media)
{
    b->https[b->http_count++] = (struct bark_http_row){ .operation = operation,
                                                        .flags = (uint16_t)flags,
                                                        .location = ib_text(b, location),
                                                        .location_len = (uint16_t)strlen(location),
                                                        .media = ib_text(b, media),
                                                        .media_len = (uint16_t)strlen(media) };
}

/* Fills the builder; ib_finish() makes the image. */
static inline void form_image_fill(struct image_builder *b)
{
    uint16_t integer, string, list, token, ask, at, tell;
    ib_init(b);
    integer = ib_plain(b, BARK_KIND_INT32, sizeof(int32_t));
    string = ib_plain(b, BARK_KIND_STRING, sizeof(struct bark_text));
    list = ib_plain(b, BARK_KIND_LIST, sizeof(struct bark_array));
    b->types[list].first = integer;
    token = ib_plain(b, BARK_KIND_TOKEN, sizeof(struct bark_text));
    b->types[token].flags = 0;
    b->types[token].extra = ib_facet(b, (struct bark_facet_row){ .kind = BARK_FACET_MAX_LENGTH, .value = 8 });
    b->types[token].presence = 1;
    ask = form_struct(b, "Ask", BARK_TYPE_ALIGN_OF(struct form_ask), sizeof(struct form_ask), 4,
                      offsetof(struct form_ask, has_c));
    form_field(b, "A", BARK_F_REQUIRED, integer, offsetof(struct form_ask, a), BARK_NO_HAS);
    form_field(b, "B", BARK_F_REPEATED, string, offsetof(struct form_ask, b), BARK_NO_HAS);
    form_field(b, "C", 0, list, offsetof(struct form_ask, c), 0);
    form_field(b, "D", BARK_F_SECRET, token, offsetof(struct form_ask, d), BARK_NO_HAS);
    at = form_struct(b, "At", BARK_TYPE_ALIGN_OF(struct form_at), sizeof(struct form_at), 2, 0);
    form_field(b, "A", BARK_F_REQUIRED, integer, offsetof(struct form_at, a), BARK_NO_HAS);
    form_field(b, "D", BARK_F_REQUIRED, token, offsetof(struct form_at, d), BARK_NO_HAS);
    tell = form_struct(b, "Tell", BARK_TYPE_ALIGN_OF(struct form_tell), sizeof(struct form_tell), 1, 0);
    form_field(b, "Text", BARK_F_REQUIRED, string, offsetof(struct form_tell, text), BARK_NO_HAS);
    ib_root(b, (struct wide_root){ .name = ib_name(b, "Ask"), .type = ask, .namespaces = BARK_NONE });
    ib_root(b, (struct wide_root){ .name = ib_name(b, "At"), .type = at, .namespaces = BARK_NONE });
    ib_root(b, (struct wide_root){ .name = ib_name(b, "Tell"), .type = tell, .namespaces = BARK_NONE });
    form_operation(b, "Ask", FORM_ASK, FORM_TELL);
    form_operation(b, "At", FORM_AT, FORM_TELL);
    form_operation(b, "Tell", BARK_NONE, FORM_TELL);
    ib_service(b, (struct bark_service_row){ .name = ib_name(b, "Form"), .first = 0, .count = 3 });
    form_http(b, 0, 0, "/ask", "");
    form_http(b, 0, BARK_HTTP_POST, "/ask", "");
    form_http(b, 1, BARK_HTTP_REPLACED, "/at/(A)x(D).txt", "");
    form_http(b, 2, BARK_HTTP_CONTENT, "/tell", "text/plain");
}

#endif
