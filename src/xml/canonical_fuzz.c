/* xml/canonical_fuzz.c - any bytes as a document: a form, or a clean refusal; the form of a form is itself.
 */
#include "soapbark/canonical.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static enum bark_code form(struct bark_slice in, const struct bark_canonical *what, struct bark_out *out)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
    struct bark_arena arena;
    struct bark_error err;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_canonical_write(in, what, &bark_limits_device, &arena, out, &err);
    expect(code == err.code && arena.used == 0 && arena.scratch == 0);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first[256 * 1024], second[256 * 1024];
    struct bark_canonical what = { .instructions = true };
    struct bark_out out, again;
    if (size == 0)
        return 0;
    what.method = (enum bark_canonical_method)(data[0] & 3);
    what.comments = data[0] & 4;
    what.part = data[0] & 8;
    what.element = data[0] >> 4;
    bark_out_init(&out, first, sizeof first);
    if (form((struct bark_slice){ data + 1, size - 1 }, &what, &out) != BARK_OK)
        return 0;
    what.part = false;
    bark_out_init(&again, second, sizeof second);
    expect(form(bark_out_bytes(&out), &what, &again) == BARK_OK);
    expect(out.pos == again.pos && memcmp(first, second, out.pos) == 0);
    return 0;
}
