/* cli/call_http.c - what a request by an HTTP binding would be: its first line, then its body.
 */
#include "call_http.h"

#include "client/client.h"
#include "soap/httpbind.h"

#include <string.h>

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
    return bark_client_http_row(image, operation, by) != BARK_NONE;
}

enum cli_status cli_http_print(const struct bark_image *image, uint16_t operation, enum bark_call_by by,
                               const char *url, const void *in, struct bark_arena *arena)
{
    const uint16_t row = bark_client_http_row(image, operation, by);
    size_t len = strlen(url);
    struct bark_error err = { 0 };
    struct bark_out out;
    enum cli_status status;
    enum bark_code code;
    if (row == BARK_NONE)
        return CLI_USAGE;
    if (bark_http_location(image, row).len && len && url[len - 1] == '/')
        len--; /* the location brings one */
    cli_buffer_init(&out);
    bark_out_text(&out, image->https[row].flags & BARK_HTTP_POST ? "POST " : "GET ");
    bark_out_put(&out, url, len);
    code = bark_http_request_target(image, row, in, &bark_limits_server, arena, &out, &err);
    bark_out_byte(&out, '\n');
    if (code == BARK_OK)
        code = bark_http_request_body(image, row, "form", in, &bark_limits_server, arena, &out, &err);
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
