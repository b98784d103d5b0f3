/* engine/damage_test.c - the promise of docs/table-format.md: a damaged image is refused, or harmless.
 *
 * Each flipped bit of the sample image that the checker still accepts becomes the law for a handful of
 * messages, in both forms and in both directions. What comes out does not matter; under the sanitizers,
 * nothing may be read or written outside the image, the arena and the output. Then the same with several
 * random flips at once.
 */
#include "sample_image.h"
#include "soapbark/codec.h"
#include "testkit.h"

enum { ARENA_BYTES = 1 << 16, OUT_BYTES = 1 << 14 };

static struct image_builder builder;
static struct sample_rows rows;
static unsigned long accepted, decoded, encoded;

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
static const struct {
    bool json;
    const char *text;
} messages[] = {
    { false, ITEM_XML },
    { false, LITTLE_XML },
    { false, "<s:Tree xmlns:s='urn:sample' name='a'><s:Tree name='b'/><s:Tree name='c'/></s:Tree>" },
    { false, "<s:Color xmlns:s='urn:sample'>blue</s:Color>" },
    { true, ITEM_JSON },
    { true, LITTLE_JSON },
};

static struct bark_limits damage_limits(void)
{
    struct bark_limits limits = bark_limits_device;
    limits.depth = 16;
    limits.items = 32;
    limits.elements = 256;
    return limits;
}

/* Writes the struct in both forms. */
static void message_encode(const struct bark_image *image, uint16_t root, const void *msg,
                           const struct bark_limits *limits, struct bark_arena *arena)
{
    struct bark_error err = { 0 };
    uint8_t *room = malloc(OUT_BYTES);
    struct bark_out out;
    bark_out_init(&out, room, OUT_BYTES);
    encoded += bark_encode(image, root, msg, limits, arena, &out, &err) == BARK_OK;
    err = (struct bark_error){ 0 };
    bark_out_init(&out, room, OUT_BYTES);
    encoded += bark_encode_json(image, root, msg, BARK_JSON_PRETTY, limits, arena, &out, &err) == BARK_OK;
    free(room);
}

static void message_run(const struct bark_image *image, bool json, const char *text)
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
        decoded++;
        message_encode(image, root, msg, &limits, &arena);
    }
    free(memory);
}

/* A copy of the image as it is now, where the sanitizer sees both ends; everything that it accepts is run. */
static void image_run(struct bark_slice data)
{
    struct bark_error err = { 0 };
    struct bark_image image;
    uint8_t *copy = malloc(data.len);
    size_t i;
    memcpy(copy, data.ptr, data.len);
    if (bark_image_open(&image, (struct bark_slice){ copy, data.len }, &err) == BARK_OK) {
        accepted++;
        for (i = 0; i < sizeof messages / sizeof *messages; i++)
            message_run(&image, messages[i].json, messages[i].text);
    }
    free(copy);
}

TEST(messages_are_good_before_the_damage)
{
    accepted = decoded = encoded = 0;
    image_run(sample_image(&builder, &rows));
    CHECK(accepted == 1);
    CHECK(decoded == sizeof messages / sizeof *messages);
    CHECK(encoded == 2 * decoded);
}

TEST(every_flipped_bit_is_refused_or_harmless)
{
    const struct bark_slice data = sample_image(&builder, &rows);
    size_t i;
    accepted = decoded = encoded = 0;
    for (i = 0; i < data.len * 8; i++) {
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
        image_run(data);
        builder.image[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    CHECK(accepted > 1000); /* or this test would prove nothing */
    CHECK(decoded > 1000);
    CHECK(encoded > 1000);
}

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Damage in the row sections, where flips make other laws rather than other names. */
TEST(random_damage_is_refused_or_harmless)
{
    const struct bark_slice data = sample_image(&builder, &rows);
    const struct bark_image_head *head = (const void *)builder.image;
    const size_t from = head->sections[BARK_SECTION_TYPES].offset,
                 to = head->sections[BARK_SECTION_POOL].offset;
    static uint8_t good[IB_IMAGE];
    uint64_t state = 20170718;
    int round;
    memcpy(good, builder.image, data.len);
    accepted = decoded = encoded = 0;
    for (round = 0; round < 20000; round++) {
        int flips = 2 + (int)(random_next(&state) % 3);
        while (flips-- > 0) {
            const size_t at = from + random_next(&state) % (to - from);
            builder.image[at] =
                (uint8_t)(random_next(&state) % 4 ? good[from + random_next(&state) % (to - from)]
                                                  : random_next(&state) % 8);
        }
        image_run(data);
        memcpy(builder.image, good, data.len);
    }
    CHECK(accepted > 100);
    CHECK(decoded > 100);
}

TEST_MAIN(RUN(messages_are_good_before_the_damage) RUN(every_flipped_bit_is_refused_or_harmless)
              RUN(random_damage_is_refused_or_harmless))
