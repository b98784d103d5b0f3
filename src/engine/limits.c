/* engine/limits.c - the two profiles, and the check that no limit is missing.
 *
 * The figures are those of docs/security-model.md, which says why each is what it is. A limit of 0 would mean
 * that someone forgot it, so it is refused instead of being read as "unlimited" [R4].
 */
#include "soapbark/limits.h"

#include "base/report.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

const struct bark_limits bark_limits_device = {
    .body_bytes = 256 * 1024,
    .arena_bytes = 512 * 1024,
    .reply_bytes = 256 * 1024,
    .expansion = 20,
    .depth = 64,
    .attributes = 32,
    .namespaces = 16,
    .elements = 8192,
    .text_bytes = 64 * 1024,
    .name_bytes = 256,
    .items = 256,
    .http_headers = 32,
    .http_head_bytes = 8 * 1024,
    .mime_parts = 8,
    .mime_head_bytes = 1024,
    .head_ms = 5 * 1000,
    .request_ms = 30 * 1000,
    .body_bytes_per_s = 1024,
    .connections = 16,
    .connections_per_peer = 4,
    .requests_per_connection = 100,
};

const struct bark_limits bark_limits_server = {
    .body_bytes = 8 * 1024 * 1024,
    .arena_bytes = 16 * 1024 * 1024,
    .reply_bytes = 8 * 1024 * 1024,
    .expansion = 50,
    .depth = 128,
    .attributes = 64,
    .namespaces = 64,
    .elements = 262144,
    .text_bytes = 1024 * 1024,
    .name_bytes = 1024,
    .items = 65536,
    .http_headers = 64,
    .http_head_bytes = 32 * 1024,
    .mime_parts = 32,
    .mime_head_bytes = 4 * 1024,
    .head_ms = 10 * 1000,
    .request_ms = 120 * 1000,
    .body_bytes_per_s = 4 * 1024,
    .connections = 1024,
    .connections_per_peer = 32,
    .requests_per_connection = 1000,
};

/* Every member, in the order of the struct: first the wide ones. */
static const char wide_names[] = "body_bytes\0arena_bytes\0reply_bytes";
static const char names[] =
    "expansion\0depth\0attributes\0namespaces\0elements\0text_bytes\0name_bytes\0items\0"
    "http_headers\0http_head_bytes\0mime_parts\0mime_head_bytes\0head_ms\0request_ms\0"
    "body_bytes_per_s\0connections\0connections_per_peer\0requests_per_connection";
enum {
    WIDE = offsetof(struct bark_limits, expansion) / sizeof(uint64_t),
    NARROW =
        (offsetof(struct bark_limits, requests_per_connection) - offsetof(struct bark_limits, expansion)) /
            sizeof(uint32_t) +
        1
};
static_assert(WIDE == 3, "wide_names has a name for each");
static_assert(NARROW == 18, "names has a name for each");
static_assert(NARROW % 2 == 0, "zero_is() looks at two at a time");

static const char *name_of(const char *all, size_t member)
{
    for (; member > 0; member--)
        all += strlen(all) + 1;
    return all;
}

/* Is any member 0? Each message is asked for it. */
static bool zero_is(const struct bark_limits *limits)
{
    const uint64_t ones = UINT64_C(0x0000000100000001), highs = ones << 31;
    const uint8_t *const narrow = (const uint8_t *)&limits->expansion;
    uint64_t found = 0;
    for (size_t i = 0; i < NARROW; i += 2) {
        uint64_t pair;
        memcpy(&pair, narrow + i * sizeof(uint32_t), sizeof pair);
        found |= (pair - ones) & ~pair & highs; /* a half that is 0 borrows, and has its high bit then */
    }
    return found || !limits->body_bytes || !limits->arena_bytes || !limits->reply_bytes;
}

/* The name of the first member that is 0, or NULL. */
static const char *zero_find(const struct bark_limits *limits)
{
    uint64_t wide[WIDE];
    uint32_t narrow[NARROW];
    memcpy(wide, limits, sizeof wide);
    memcpy(narrow, &limits->expansion, sizeof narrow);
    for (size_t i = 0; i < WIDE; i++)
        if (wide[i] == 0)
            return name_of(wide_names, i);
    for (size_t i = 0; i < NARROW; i++)
        if (narrow[i] == 0)
            return name_of(names, i);
    return NULL;
}

enum bark_code bark_limits_check(const struct bark_limits *limits, struct bark_error *err)
{
    const char *name = zero_is(limits) ? zero_find(limits) : NULL;
    if (!name)
        return BARK_OK;
    bark_fail(err, BARK_ERR_USE, 0, "[R4] a limit of 0 is invalid, it does not mean unlimited");
    if (err && err->code == BARK_ERR_USE && err->expected[0] == '\0')
        bark_report_say(err->expected, sizeof err->expected, name);
    return BARK_ERR_USE;
}
