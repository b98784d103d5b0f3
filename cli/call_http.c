/* cli/call_http.c - what a request by an HTTP binding would be: its first line, then its body.
 */
#include "call_http.h"

#include "soapbark/codec.h"

#include <string.h>

/* The first row of the operation, of the verb asked for; BY_ANY: of any. */
static const struct bark_http_row *row_find(const struct bark_image *image, uint16_t operation,
                                            enum bark_call_by by)
{
    for (uint32_t i = 0; i < image->http_count; i++) {
        const struct bark_http_row *row = &image->https[i];
        const bool post = (row->flags & BARK_HTTP_POST) != 0;
        if (row->operation == operation && (by == BARK_CALL_BY_ANY || post == (by == BARK_CALL_BY_POST)))
            return row;
    }
    return NULL;
}

bool cli_by_read(const char *word, enum bark_call_by *by)
{
    static const char *const words[] = {
        [BARK_CALL_BY_SOAP] = "soap", [BARK_CALL_BY_GET] = "get", [BARK_CALL_BY_POST] = "post"
    };
    *by = BARK_CALL_BY_ANY;
    for (size_t i = 1; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            *by = (enum bark_call_by)i;
    if (!word || *by != BARK_CALL_BY_ANY)
        return true;
    cli_error("--by wants soap, get or post, not '%s'", word);
    return false;
}

bool cli_by_reaches(const struct bark_image *image, uint16_t operation, enum bark_call_by by)
{
    if (by == BARK_CALL_BY_ANY)
        return true;
    if (by == BARK_CALL_BY_SOAP)
        return !bark_operation_is_http(image, operation);
    return row_find(image, operation, by) != NULL;
}

/* The address and, after one slash, what the location makes of the parameters. */
static enum bark_code target_write(const struct bark_image *image, const struct bark_http_row *row,
                                   const char *url, const void *in, struct bark_arena *arena,
                                   struct bark_out *out, struct bark_error *err)
{
    const uint16_t input = image->operations[row->operation].input;
    struct bark_slice location = { image->pool + row->location, row->location_len };
    const struct bark_slice none = { NULL, 0 };
    size_t len = strlen(url);
    if (location.len && location.ptr[0] == '/') {
        location.ptr++;
        location.len--;
    }
    bark_out_put(out, url, location.len && len && url[len - 1] == '/' ? len - 1 : len);
    if (location.len)
        bark_out_byte(out, '/');
    if (input != BARK_NONE && (row->flags & BARK_HTTP_REPLACED))
        return bark_encode_form(image, input, location, in, &bark_limits_server, arena, out, err);
    bark_out_put(out, location.ptr, location.len);
    if (input == BARK_NONE || (row->flags & BARK_HTTP_POST))
        return BARK_OK;
    bark_out_byte(out, '?');
    return bark_encode_form(image, input, none, in, &bark_limits_server, arena, out, err);
}

static enum bark_code body_write(const struct bark_image *image, const struct bark_http_row *row,
                                 const void *in, struct bark_arena *arena, struct bark_out *out,
                                 struct bark_error *err)
{
    const uint16_t input = image->operations[row->operation].input;
    const struct bark_slice none = { NULL, 0 };
    if (input == BARK_NONE || !(row->flags & BARK_HTTP_POST) || (row->flags & BARK_HTTP_REPLACED))
        return BARK_OK;
    if (row->flags & BARK_HTTP_XML)
        return bark_encode(image, input, in, &bark_limits_server, arena, out, err);
    return bark_encode_form(image, input, none, in, &bark_limits_server, arena, out, err);
}

enum cli_status cli_http_print(const struct bark_image *image, uint16_t operation, enum bark_call_by by,
                               const char *url, const void *in, struct bark_arena *arena)
{
    const struct bark_http_row *row = row_find(image, operation, by);
    struct bark_error err = { 0 };
    struct bark_out out;
    enum cli_status status;
    enum bark_code code;
    if (!row)
        return CLI_USAGE;
    cli_buffer_init(&out);
    bark_out_text(&out, row->flags & BARK_HTTP_POST ? "POST " : "GET ");
    code = target_write(image, row, url, in, arena, &out, &err);
    bark_out_byte(&out, '\n');
    if (code == BARK_OK)
        code = body_write(image, row, in, arena, &out, &err);
    if (out.pos && out.base[out.pos - 1] != '\n')
        bark_out_byte(&out, '\n');
    if (code != BARK_OK) {
        cli_error("%s%s%s", err.path, err.path[0] ? ": " : "",
                  err.rule ? err.rule : bark_code_text(err.code));
        status = CLI_USAGE;
    } else {
        status = cli_buffer_print(&out, false) ? CLI_YES : CLI_TROUBLE;
    }
    cli_buffer_free(&out);
    return status;
}
