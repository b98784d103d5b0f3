/* engine/decode_fuzz.c - any bytes as a message of the test schema: a clean refusal, or a struct that
 * survives being written and read again.
 */
#include "engine/decode_testing.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 128 * 1024 };

static void expect(bool condition)
{
    if (!condition)
        abort();
}

/* Decodes what was written and writes it again; false when a limit says no. */
static bool once_more(uint16_t root, struct bark_slice in, uint8_t *text, size_t *len)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[2 * ROOM];
    struct bark_arena arena;
    struct bark_error err;
    struct bark_out out;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, text, ROOM);
    if (bark_decode(test_image(), root, in, &bark_limits_server, &arena, &msg, NULL, &err) == BARK_OK &&
        bark_encode(test_image(), root, msg, &bark_limits_server, &arena, &out, &err) == BARK_OK) {
        *len = out.pos;
        return true;
    }
    expect(err.code == BARK_ERR_LIMIT || err.code == BARK_ERR_MEMORY);
    return false;
}

/* What was accepted is written, read and written until it has had each chance to declare what it needs; from
 * then on every writing is the same. */
static void round_trip(uint16_t root, const void *msg, struct bark_arena *arena)
{
    static uint8_t first[ROOM], second[ROOM], third[ROOM];
    struct bark_error err = { 0 };
    struct bark_out out;
    size_t second_len, third_len;
    bark_out_init(&out, first, sizeof first);
    if (bark_encode(test_image(), root, msg, &bark_limits_device, arena, &out, &err) != BARK_OK) {
        expect(err.code == BARK_ERR_LIMIT || err.code == BARK_ERR_MEMORY);
        return;
    }
    if (once_more(root, bark_out_bytes(&out), second, &second_len) &&
        once_more(root, (struct bark_slice){ second, second_len }, third, &third_len))
        expect(second_len == third_len && memcmp(second, third, third_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
    const struct bark_slice in = { data, size };
    struct bark_arena arena;
    struct bark_error err;
    enum bark_code code;
    uint16_t root;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_decode(test_image(), BARK_NONE, in, &bark_limits_device, &arena, &msg, &root, &err);
    expect(code == err.code);
    expect((code == BARK_OK) == (msg != NULL));
    expect((code == BARK_OK) == (root != BARK_NONE));
    expect(code == BARK_OK || (err.rule && err.line > 0 && err.column > 0 && err.offset <= size));
    if (code == BARK_OK)
        round_trip(root, msg, &arena);
    return 0;
}
