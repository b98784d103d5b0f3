/* cli/header.c - a header block is a root like a message, so JSON serves for it too; the struct that holds
 * them is one pointer a block, then the bits of must_understand (src/soap/header.h).
 */
#include "header.h"

#include "soapbark/codec.h"

#include <stdio.h>
#include <string.h>

/* The position of the block that the argument names, or the count. */
static uint16_t block_find(const struct bark_image *image, const struct bark_header_roots *h,
                           struct bark_slice name)
{
    uint16_t i = 0;
    while (i < h->input_count && !bark_root_is(image, h->input[i], name))
        i++;
    return i;
}

static bool block_unknown(const struct bark_image *image, const struct bark_header_roots *h,
                          const char *argument)
{
    cli_error("--header %s: the operation has no such header%s", argument, h->input_count ? "; it has:" : "");
    for (uint16_t i = 0; i < h->input_count; i++) {
        const struct bark_joined own = bark_root_name(image, h->input[i]);
        fprintf(stderr, "  %.*s%.*s\n", (int)own.head.len, (const char *)own.head.ptr, (int)own.tail.len,
                (const char *)own.tail.ptr);
    }
    return false;
}

static bool block_read(const struct bark_image *image, const struct bark_header_roots *h,
                       const char *argument, struct bark_arena *arena, void **blocks, uint32_t *mandatory)
{
    const bool must = argument[0] == '!';
    const char *name = argument + must, *equals = strchr(name, '=');
    struct bark_error err = { 0 };
    if (!equals) {
        cli_error("--header wants NAME=JSON, not '%s'", argument);
        return false;
    }
    const uint16_t i =
        block_find(image, h, (struct bark_slice){ (const uint8_t *)name, (size_t)(equals - name) });
    if (i == h->input_count)
        return block_unknown(image, h, argument);
    const struct bark_slice json = { (const uint8_t *)equals + 1, strlen(equals + 1) };
    if (bark_decode_json(image, h->input[i], json, &bark_limits_server, arena, &blocks[i], &err) != BARK_OK) {
        cli_report(CLI_FORMAT_TEXT, "header", json, &err);
        return false;
    }
    *mandatory |= (uint32_t)must << i;
    return true;
}

bool cli_headers_read(const struct bark_image *image, uint16_t operation, const char *const *arguments,
                      size_t count, struct bark_arena *arena, void **headers)
{
    const struct bark_header_roots h = bark_image_headers(image, operation);
    uint32_t mandatory = 0;
    *headers = NULL;
    if (count == 0)
        return true;
    void **blocks = bark_arena_alloc(arena, (size_t)h.input_count + 1, sizeof *blocks);
    if (!blocks) {
        cli_error("out of memory");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!block_read(image, &h, arguments[i], arena, blocks, &mandatory))
            return false;
    memcpy(blocks + h.input_count, &mandatory, sizeof mandatory);
    *headers = blocks;
    return true;
}

bool cli_headers_write(const struct bark_image *image, uint16_t operation, const void *headers,
                       struct bark_arena *arena, struct bark_out *out)
{
    const struct bark_header_roots h = bark_image_headers(image, operation);
    const char *before = "{";
    for (uint16_t i = 0; headers && i < h.output_count; i++) {
        struct bark_error err = { 0 };
        const void *block;
        memcpy(&block, (const uint8_t *)headers + i * sizeof block, sizeof block);
        if (!block)
            continue;
        const struct bark_joined name = bark_root_name(image, h.output[i]);
        bark_out_text(out, before);
        bark_out_byte(out, '"');
        bark_out_put(out, name.head.ptr, name.head.len); /* an NCName needs no escapes */
        bark_out_put(out, name.tail.ptr, name.tail.len);
        bark_out_text(out, "\": ");
        before = ", ";
        if (bark_encode_json(image, h.output[i], block, BARK_JSON_COMPACT, &bark_limits_server, arena, out,
                             &err) != BARK_OK) {
            cli_error("%s", err.rule ? err.rule : "a header cannot be printed");
            return false;
        }
    }
    bark_out_text(out, *before == '{' ? "{}" : "}");
    return true;
}
