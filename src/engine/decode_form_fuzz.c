/* engine/decode_form_fuzz.c - any bytes as parameters: a clean refusal, or a struct that survives being
 * written and read again. The first byte of an input chooses between pairs and a path.
 */
#include "engine/form_testing.h"
#include "soapbark/codec.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 128 * 1024 };

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static const struct bark_image *fuzz_image(void)
{
    static struct image_builder builder;
    static struct bark_image image;
    struct bark_error err = { 0 };
    if (!image.base) {
        form_image_fill(&builder);
        expect(bark_image_open(&image, ib_finish(&builder), &err) == BARK_OK);
    }
    return &image;
}

/* Written, read and written again it is the same. */
static void round_trip(uint16_t root, struct bark_slice pattern, const void *msg)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[2 * ROOM];
    static uint8_t first[4 * ROOM], second[4 * ROOM];
    struct bark_arena arena;
    struct bark_error err = { 0 };
    struct bark_out out, again;
    void *back;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, first, sizeof first);
    bark_out_init(&again, second, sizeof second);
    expect(bark_encode_form(fuzz_image(), root, pattern, msg, &bark_limits_server, &arena, &out, &err) ==
           BARK_OK);
    if (bark_decode_form(fuzz_image(), root, pattern, bark_out_bytes(&out), NULL, &bark_limits_server, &arena,
                         &back, &err) != BARK_OK) {
        expect(err.code == BARK_ERR_LIMIT || err.code == BARK_ERR_MEMORY);
        return;
    }
    expect(bark_encode_form(fuzz_image(), root, pattern, back, &bark_limits_server, &arena, &again, &err) ==
           BARK_OK);
    expect(out.pos == again.pos && memcmp(first, second, out.pos) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
    static const char location[] = "at/(A)x(D).txt";
    const bool path = size > 0 && data[0] == '/';
    const uint16_t root = path ? FORM_AT : FORM_ASK;
    const struct bark_slice none = { NULL, 0 }, pattern = { (const uint8_t *)location, sizeof location - 1 };
    const struct bark_slice in = { data + (size > 0), size - (size > 0) };
    struct bark_arena arena;
    struct bark_error err;
    enum bark_code code;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_decode_form(fuzz_image(), root, path ? pattern : none, in, NULL, &bark_limits_device, &arena,
                            &msg, &err);
    expect(code == err.code && (code == BARK_OK) == (msg != NULL));
    expect(code == BARK_OK || (err.rule && err.offset <= in.len));
    if (code == BARK_OK)
        round_trip(root, path ? pattern : none, msg);
    return 0;
}
