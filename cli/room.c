/* cli/room.c - limits and memory for a document of one's own.
 *
 * A server's limits keep a stranger from costing much; a file that its owner asks about deserves an answer
 * instead. So what a file may hold grows with its size: no document of n bytes has more than n elements,
 * items or bytes of text. What remains bounded for its own sake are depth, attributes and declarations of one
 * tag, whose cost is more than linear, and memory. A limit that is hit all the same is no verdict about the
 * file.
 */
#include "cli.h"

#include <stdlib.h>

enum {
    DEPTH = 65536,
    TAG_ITEMS = 4096, /* attributes of one tag, namespace declarations in scope */
    NAME_BYTES = 65535,
    ARENA_FACTOR = 64 /* bytes of memory for each byte of the file; pages that stay untouched cost nothing */
};

static const uint64_t arena_bytes_min = UINT64_C(64) << 20, arena_bytes_max = UINT64_C(8) << 30;

static uint32_t up_to_u32(size_t n)
{
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

struct bark_limits cli_room_limits(size_t file_bytes)
{
    struct bark_limits limits = bark_limits_server;
    const uint32_t things = up_to_u32(file_bytes + 1);
    limits.body_bytes = limits.reply_bytes = (uint64_t)file_bytes + 1;
    limits.arena_bytes = file_bytes < (arena_bytes_max - arena_bytes_min) / ARENA_FACTOR
                             ? arena_bytes_min + (uint64_t)file_bytes * ARENA_FACTOR
                             : arena_bytes_max;
    if (limits.arena_bytes > SIZE_MAX / 2)
        limits.arena_bytes = SIZE_MAX / 2;
    limits.elements = limits.items = limits.text_bytes = things;
    limits.depth = DEPTH;
    limits.attributes = limits.namespaces = TAG_ITEMS;
    limits.name_bytes = NAME_BYTES;
    return limits;
}

bool cli_room_get(struct cli_room *room, const struct bark_limits *limits)
{
    size_t size = (size_t)limits->arena_bytes;
    if (room->memory && room->size >= size) {
        bark_arena_reset(&room->arena);
        return true;
    }
    free(room->memory);
    /* A machine that does not give so much at once may give enough for this document. */
    while (!(room->memory = malloc(size)) && size > arena_bytes_min)
        size /= 2;
    room->size = room->memory ? size : 0;
    if (!room->memory) {
        cli_error("out of memory");
        return false;
    }
    bark_arena_init(&room->arena, room->memory, size);
    return true;
}

void cli_room_free(struct cli_room *room)
{
    free(room->memory);
    *room = (struct cli_room){ 0 };
}
