/* engine/damage_testing.h - runs messages in both forms under whatever image the checker accepts, for the
 * tests and the fuzz target of damaged images.
 */
#ifndef BARK_ENGINE_DAMAGE_TESTING_H
#define BARK_ENGINE_DAMAGE_TESTING_H

#include "sample_image.h"
#include "soapbark/codec.h"

enum { ARENA_BYTES = 1 << 16, OUT_BYTES = 1 << 14 };

/* How far the runs got; planned: decoded by a plan. */
struct damage_sum {
    unsigned long accepted, decoded, encoded, planned;
};

/* Without the members that a flip may have broken, so that decoding gets far more often to its end. */
#define LITTLE_XML \
    "<s:Item xmlns:s='urn:sample' " \
    "token='t'><s:Name>n</s:Name><s:Tag>a</s:Tag><s:Tag>b</s:Tag><s:Word>w</s:Word></s:Item>"
#define LITTLE_JSON "{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\",\"b\"],\"Word\":\"w\"}"

#define ITEM_XML \
    "<s:Item xmlns:s='urn:sample' xmlns:o='urn:other' token='t' count='5' o:token='u' " \
    "o:x='1'><s:Name>n</s:Name>" \
    "<s:Color>green</s:Color><s:Level/><s:Flag>1</s:Flag><s:When>2017-07-18T12:00:00Z</" \
    "s:When><s:Data>AAEC</s:Data>" \
    "<s:Kind>s:k</s:Kind><s:Code>abc</s:Code><s:Numbers>1 2 " \
    "3</s:Numbers><s:Size>red</s:Size><s:Amount>1.5</s:Amount>" \
    "<s:Big>7</s:Big><s:Length unit='m'>1.5</s:Length><s:Note lang='en'>a<b/>c</s:Note>" \
    "<s:Both><s:B>b</s:B><s:A>1</s:A></s:Both><s:Tag>a</s:Tag><s:Tag>b</s:Tag><s:Number>4</s:Number>" \
    "<s:Key>k</s:Key><s:Val>1</s:Val><s:Key>l</s:Key><o:Name>o</o:Name><q:a " \
    "xmlns:q='urn:q'>z</q:a></s:Item>"
#define ITEM_JSON \
    "{\"@token\":\"t\",\"@count\":5,\"@o:token\":\"u\",\"#attributes\":{\"{urn:x}a\":\"1\"},\"Name\":\"n\"," \
    "\"Color\":\"green\",\"Level\":1,\"Flag\":null,\"When\":\"2017-07-18T12:00:00Z\",\"Data\":\"AAEC\"," \
    "\"Kind\":\"{urn:q}k\",\"Code\":\"abc\",\"Numbers\":[1,2,3],\"Size\":\"red\",\"Amount\":1.5,\"Big\":7," \
    "\"Length\":{\"@unit\":\"m\",\"#text\":1.5},\"Note\":{\"@lang\":\"en\",\"#content\":\"a<b/>c\"}," \
    "\"Both\":{\"A\":1,\"B\":\"b\"},\"Tag\":[\"a\",\"b\"],\"Word\":\"w\",\"#group\":[{\"Key\":\"k\"," \
    "\"Val\":1}]," \
    "\"Child\":[" LITTLE_JSON \
    "],\"Next\":{\"@token\":\"t\",\"Name\":\"n\",\"Tag\":[\"a\",\"b\"],\"Long\":{\"#text\":" \
    "1}}," \
    "\"o:Name\":\"o\",\"#any\":[\"<a/>\"]}"
#define BOX_XML \
    "<s:Box xmlns:s='urn:sample' xmlns:o='urn:other' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>" \
    "<s:One i:type='s:Tree' name='a'/><s:Many unit='m'>1</s:Many><s:Many i:type='o:int'>7</s:Many>" \
    "<s:Many i:nil='1'/></s:Box>"
static const struct {
    bool json;
    const char *text;
} messages[] = {
    { false, ITEM_XML },
    { false, LITTLE_XML },
    { false, "<s:Tree xmlns:s='urn:sample' name='a'><s:Tree name='b'/><s:Tree name='c'/></s:Tree>" },
    { false, "<s:Color xmlns:s='urn:sample'>blue</s:Color>" },
    { false, BOX_XML },
    { true, ITEM_JSON },
    { true, LITTLE_JSON },
};

static inline struct bark_limits damage_limits(void)
{
    struct bark_limits limits = bark_limits_device;
    limits.depth = 16;
    limits.items = 32;
    limits.elements = 256;
    return limits;
}

/* Writes the struct in both forms. */
static inline void message_encode(struct damage_sum *sum, const struct bark_image *image, uint16_t root,
                                  const void *msg, const struct bark_limits *limits, struct bark_arena *arena)
{
    struct bark_error err = { 0 };
    uint8_t *room = malloc(OUT_BYTES);
    struct bark_out out;
    bark_out_init(&out, room, OUT_BYTES);
    sum->encoded += bark_encode(image, root, msg, limits, arena, &out, &err) == BARK_OK;
    err = (struct bark_error){ 0 };
    bark_out_init(&out, room, OUT_BYTES);
    sum->encoded +=
        bark_encode_json(image, root, msg, BARK_JSON_PRETTY, limits, arena, &out, &err) == BARK_OK;
    free(room);
}

static inline void message_run(struct damage_sum *sum, const struct bark_image *image, bool json,
                               const char *text)
{
    const struct bark_limits limits = damage_limits();
    const struct bark_slice in = { (const uint8_t *)text, strlen(text) };
    void *memory = malloc(ARENA_BYTES), *msg = NULL;
    struct bark_error err = { 0 };
    struct bark_arena arena;
    uint16_t root = 0;
    enum bark_code code;
    bark_arena_init(&arena, memory, ARENA_BYTES);
    code = json ? bark_decode_json(image, root, in, &limits, &arena, &msg, &err)
                : bark_decode(image, BARK_NONE, in, &limits, &arena, &msg, &root, &err);
    if (code == BARK_OK) {
        *(image->plan ? &sum->planned : &sum->decoded) += 1;
        message_encode(sum, image, root, msg, &limits, &arena);
    }
    free(memory);
}

/* The XML messages once more, by a plan of the image. Builds for size have none. */
static inline void planned_run(struct damage_sum *sum, struct bark_image *image)
{
    const size_t size = bark_plan_size(image);
    void *memory = size ? malloc(size) : NULL;
    size_t i;
    if (memory && bark_plan_make(image, memory, size) == BARK_OK)
        for (i = 0; i < sizeof messages / sizeof *messages; i++)
            if (!messages[i].json)
                message_run(sum, image, false, messages[i].text);
    free(memory);
    image->plan = NULL;
}

/* A copy of the image as it is now, where the sanitizer sees both ends; everything that it accepts is run. */
static inline void image_run(struct damage_sum *sum, struct bark_slice data)
{
    struct bark_error err = { 0 };
    struct bark_image image;
    uint8_t *copy = malloc(data.len);
    size_t i;
    memcpy(copy, data.ptr, data.len);
    if (bark_image_open(&image, (struct bark_slice){ copy, data.len }, &err) == BARK_OK) {
        sum->accepted++;
        for (i = 0; i < sizeof messages / sizeof *messages; i++)
            message_run(sum, &image, messages[i].json, messages[i].text);
        planned_run(sum, &image);
    }
    free(copy);
}

#endif
