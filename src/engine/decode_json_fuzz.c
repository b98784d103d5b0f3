/* engine/decode_json_fuzz.c - any bytes as JSON of the sample schema: a clean refusal, or a struct that
 * survives being written and read again.
 */
#include "sample_image.h"
#include "soapbark/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 256 * 1024 };

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static const struct bark_image *sample(struct sample_rows *rows)
{
    static struct image_builder builder;
    static struct sample_rows known;
    static struct bark_image image;
    struct bark_error err;
    if (!image.base)
        expect(bark_image_open(&image, sample_image(&builder, &known), &err) == BARK_OK);
    *rows = known;
    return &image;
}

/* Decodes and encodes; false when the text is refused. */
static bool trip(uint16_t root, struct bark_slice in, uint8_t *text, size_t *len, struct bark_error *err)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
    const struct bark_image *image;
    struct sample_rows rows;
    struct bark_arena arena;
    struct bark_out out;
    enum bark_code code;
    void *msg;
    image = sample(&rows);
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_decode_json(image, root, in, &bark_limits_device, &arena, &msg, err);
    expect(code == err->code);
    expect((code == BARK_OK) == (msg != NULL));
    expect(arena.scratch == 0);
    expect(code == BARK_OK || (err->rule && err->line > 0 && err->column > 0 && err->offset <= in.len));
    if (code != BARK_OK)
        return false;
    bark_out_init(&out, text, ROOM);
    code = bark_encode_json(image, root, msg, BARK_JSON_COMPACT, &bark_limits_device, &arena, &out, err);
    expect(code == BARK_OK || code == BARK_ERR_LIMIT || code == BARK_ERR_MEMORY);
    *len = out.pos;
    return code == BARK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first[ROOM], second[ROOM];
    struct sample_rows rows;
    uint16_t root;
    sample(&rows);
    for (root = 0; root < 3; root++) {
        struct bark_error err;
        size_t first_len, second_len;
        if (!trip(root, (struct bark_slice){ data, size }, first, &first_len, &err))
            continue;
        if (trip(root, (struct bark_slice){ first, first_len }, second, &second_len, &err))
            expect(first_len == second_len && memcmp(first, second, first_len) == 0);
        else
            expect(err.code == BARK_ERR_LIMIT || err.code == BARK_ERR_MEMORY);
    }
    return 0;
}
