/* engine/decode_run_fuzz.c - any bytes as a message, read by the quick ways, with a plan and without one, and
 * by neither; and written in one piece and in small ones: the same struct, text, or error in the same place.
 *
 * The first byte picks the image (t: that of the decoder's tests, u: the same with URIs for strings, else the
 * sample), the rest is the message.
 */
#include "engine/decode.h"
#include "engine/decode_run_testing.h"
#include "engine/decode_testing.h"
#include "sample_image.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 256 * 1024, SPACES = 200 }; /* white space behind it, so that the quick ways read to the end */

static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];

struct result {
    enum bark_code code;
    struct bark_error err;
    struct bark_out out;
    uint8_t text[ROOM];
};

struct pieces {
    struct bark_out all;
    uint8_t text[ROOM], piece[44];
};

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static const struct bark_image *image_of(uint8_t which)
{
    static struct image_builder builder;
    static struct bark_image sample;
    struct sample_rows rows;
    struct bark_error err;
    static struct bark_image uris;
    static struct bark_type_row types[TYPE_COUNT];
    if (which == 't')
        return test_image();
    if (which == 'u') {
        uris = *test_image();
        memcpy(types, uris.types, sizeof types);
        types[TYPE_STRING].kind = BARK_KIND_ANYURI;
        uris.types = types;
        return &uris;
    }
    if (!sample.base)
        expect(bark_image_open(&sample, sample_image(&builder, &rows), &err) == BARK_OK);
    return &sample;
}

static bool piece_sent(struct bark_out *out, size_t need)
{
    struct pieces *pieces = out->user;
    bark_out_put(&pieces->all, out->base, out->pos);
    out->pos = 0;
    return need <= out->cap;
}

/* A buffer that is emptied again and again has never room for a whole element, which is what the quick way
 * of writing needs. */
static void pieces_compare(const struct bark_image *image, uint16_t root, const void *msg,
                           struct bark_arena *a, const struct bark_out *whole, enum bark_code code,
                           const struct bark_error *err)
{
    static struct pieces pieces;
    struct bark_error small_err = { 0 };
    struct bark_out small;
    enum bark_code small_code;
    bark_out_init(&pieces.all, pieces.text, sizeof pieces.text);
    bark_out_init(&small, pieces.piece, sizeof pieces.piece);
    small.make_room = piece_sent;
    small.user = &pieces;
    small_code = bark_encode(image, root, msg, &bark_limits_device, a, &small, &small_err);
    if (small_code == BARK_ERR_LIMIT)
        return; /* a captured fragment is put in one piece, which may be longer than the buffer */
    expect(small_code == code && small_err.rule == err->rule && strcmp(small_err.path, err->path) == 0);
    if (code != BARK_OK)
        return;
    piece_sent(&small, 0);
    expect(pieces.all.pos == whole->pos && memcmp(pieces.text, whole->base, whole->pos) == 0);
}

static void run(const struct bark_image *image, bool general, struct bark_slice in, struct result *result)
{
    struct bark_arena a;
    struct bark_error err = { 0 };
    uint16_t root = BARK_NONE;
    void *msg = NULL;
    enum bark_code code;
    bark_arena_init(&a, memory, sizeof memory);
    bark_out_init(&result->out, result->text, sizeof result->text);
    result->err = (struct bark_error){ 0 };
    result->code = test_decode_as(image, general, in, &bark_limits_device, &a, &root, &msg, &result->err);
    if (result->code != BARK_OK)
        return;
    code = bark_encode(image, root, msg, &bark_limits_device, &a, &result->out, &err);
    if (!general && bark_out_ok(&result->out))
        pieces_compare(image, root, msg, &a, &result->out, code, &err);
}

/* The same image with a plan, of memory that is used again by the next one. */
static struct bark_image planned(const struct bark_image *image)
{
    static _Alignas(BARK_ALIGN) uint8_t plan[1 << 16];
    struct bark_image copy = *image;
    if (bark_plan_size(image) > 0)
        expect(bark_plan_make(&copy, plan, sizeof plan) == BARK_OK);
    return copy;
}

static void same(const struct result *quick, const struct result *general)
{
    expect(quick->code == general->code && quick->err.rule == general->err.rule &&
           quick->err.offset == general->err.offset && quick->err.line == general->err.line &&
           quick->err.column == general->err.column && strcmp(quick->err.path, general->err.path) == 0 &&
           strcmp(quick->err.expected, general->err.expected) == 0 &&
           strcmp(quick->err.found, general->err.found) == 0);
    expect(quick->out.pos == general->out.pos && memcmp(quick->text, general->text, quick->out.pos) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct result quick, general;
    const struct bark_image *image;
    struct bark_image plan;
    uint8_t *text;
    struct bark_slice in;
    if (size < 1)
        return 0;
    image = image_of(data[0]);
    text = malloc(size - 1 + SPACES); /* ends where a sanitizer looks */
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    memset(text + size - 1, ' ', SPACES);
    in = (struct bark_slice){ text, size - 1 + SPACES };
    run(image, true, in, &general);
    run(image, false, in, &quick);
    same(&quick, &general);
    plan = planned(image);
    run(&plan, false, in, &quick);
    same(&quick, &general);
    free(text);
    return 0;
}
