/* engine/value_fuzz.c - any text as a value of any kind: refused and nothing left, or written as a text that
 * gives the same value and the same text again.
 *
 * The first byte picks the kind: 'A' is string, and so on in the order of enum bark_kind up to 'a' for QName;
 * from 'b' on it is a list of that kind.
 */
#include "engine/value_kind.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KINDS = BARK_KIND_COUNT - BARK_KIND_STRING, MEMORY = 1 << 16 };

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static bool to_uri(const void *context, struct bark_slice prefix, struct bark_slice *uri)
{
    (void)context;
    *uri = (struct bark_slice){ (const uint8_t *)"urn:p", 5 };
    return prefix.len == 1 && prefix.ptr[0] == 'p';
}

static struct bark_slice to_prefix(void *context, struct bark_slice uri)
{
    (void)context;
    return (struct bark_slice){ (const uint8_t *)"p", uri.len == 5 };
}

static struct bark_slice written(const struct bark_value_scope *scope, const union bark_value_room *value,
                                 uint8_t *memory)
{
    struct bark_value_error error;
    struct bark_out out;
    bark_out_init(&out, memory, MEMORY);
    expect(bark_value_write(scope, 0, value, &out, &error) == BARK_OK && bark_out_ok(&out));
    return bark_out_bytes(&out);
}

static void round_trip(const struct bark_value_scope *scope, const union bark_value_room *value)
{
    static uint8_t first_memory[MEMORY], second_memory[MEMORY];
    const struct bark_slice first = written(scope, value, first_memory);
    const struct bark_type_row *type = &scope->image->types[0];
    const enum bark_kind kind = (enum bark_kind)type->kind;
    const struct bark_kind_ops *ops = bark_kind_row(kind);
    struct bark_value_error error;
    union bark_value_room again;
    struct bark_slice second;
    memset(&again, 0, sizeof again);
    expect(bark_value_read(scope, 0, first, &again, &error) == BARK_OK);
    second = written(scope, &again, second_memory);
    expect(first.len == second.len && memcmp(first.ptr, second.ptr, first.len) == 0);
    if (ops->order)
        expect(ops->order(kind, value, &again) == BARK_ORDER_EQUAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[1 << 18];
    static const union bark_value_room zero;
    struct bark_type_row types[2] = { { .flags = BARK_TYPE_PLAIN }, { .flags = BARK_TYPE_PLAIN } };
    const struct bark_image image = { .types = types, .type_count = 2 };
    struct bark_arena arena;
    struct bark_value_scope scope = { .image = &image,
                                      .limits = &bark_limits_device,
                                      .arena = &arena,
                                      .prefix_to_uri = to_uri,
                                      .uri_to_prefix = to_prefix };
    struct bark_value_error error;
    union bark_value_room value;
    unsigned pick;
    if (size == 0 || size > 2048)
        return 0;
    pick = (data[0] + 256u - 'A') % 256 % (2 * KINDS);
    types[1].kind = (uint8_t)(BARK_KIND_STRING + pick % KINDS);
    types[1].size = bark_kind_row((enum bark_kind)types[1].kind)->size;
    types[0] = types[1];
    if (pick >= KINDS)
        types[0] = (struct bark_type_row){
            .kind = BARK_KIND_LIST, .flags = BARK_TYPE_PLAIN, .size = sizeof(struct bark_array), .first = 1
        };
    bark_arena_init(&arena, memory, sizeof memory);
    memset(&value, 0, sizeof value);
    if (bark_value_read(&scope, 0, (struct bark_slice){ data + 1, size - 1 }, &value, &error) == BARK_OK)
        round_trip(&scope, &value);
    else
        expect(error.rule && arena.used == 0 && memcmp(&value, &zero, sizeof value) == 0);
    return 0;
}
