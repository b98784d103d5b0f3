/* soap/httpbind_client.c - an operation without an envelope, called: parameters from a struct, the answer
 * into one.
 */
#include "soap/httpbind.h"
#include "soap/httpbind_related.h"
#include "soap/media.h"
#include "soap/package.h"

#include "base/report.h"
#include "engine/form.h"

#include <string.h>

bool bark_http_request_type(const struct bark_image *image, uint16_t row, const char *boundary,
                            struct bark_out *out)
{
    const unsigned flags = image->https[row].flags;
    const char *type = flags & BARK_HTTP_XML     ? "text/xml; charset=utf-8"
                       : flags & BARK_HTTP_PARTS ? "multipart/form-data; boundary="
                                                 : "application/x-www-form-urlencoded";
    if (!(flags & BARK_HTTP_POST))
        return false;
    if (flags & BARK_HTTP_RELATED) {
        bark_http_related_type(image, row, false, boundary, out);
        return true;
    }
    bark_out_text(out, type);
    bark_out_text(out, flags & BARK_HTTP_PARTS ? boundary : "");
    return true;
}

enum bark_code bark_http_request_target(const struct bark_image *image, uint16_t row, const void *in,
                                        const struct bark_limits *limits, struct bark_arena *arena,
                                        struct bark_out *out, struct bark_error *err)
{
    const struct bark_http_row *http = &image->https[row];
    const uint16_t input = image->operations[http->operation].input;
    const struct bark_slice location = bark_http_location(image, row), none = { NULL, 0 };
    if (location.len)
        bark_out_byte(out, '/');
    if (bark_http_replaces(image, row))
        return bark_encode_form(image, input, location, in, limits, arena, out, err);
    bark_out_put(out, location.ptr, location.len);
    if (input == BARK_NONE || (http->flags & BARK_HTTP_POST))
        return BARK_OK;
    bark_out_byte(out, '?');
    return bark_encode_form(image, input, none, in, limits, arena, out, err);
}

static enum bark_code related_write(const struct bark_image *image, uint16_t row, const char *boundary,
                                    const void *in, const struct bark_limits *limits,
                                    struct bark_arena *arena, struct bark_out *out, struct bark_error *err)
{
    struct bark_error own;
    const struct bark_related r = {
        .image = image, .row = row, .limits = limits, .arena = arena, .err = err ? err : &own
    };
    bool clash;
    const enum bark_code code = bark_http_related_write(&r, in, boundary, out, &clash);
    if (code == BARK_OK && clash)
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC2046 5.1.1] a part holds the boundary: call again");
    return code;
}

enum bark_code bark_http_request_body(const struct bark_image *image, uint16_t row, const char *boundary,
                                      const void *in, const struct bark_limits *limits,
                                      struct bark_arena *arena, struct bark_out *out, struct bark_error *err)
{
    const struct bark_http_row *http = &image->https[row];
    const uint16_t input = image->operations[http->operation].input;
    const struct bark_slice none = { NULL, 0 };
    if (input == BARK_NONE || !(http->flags & BARK_HTTP_POST) || (http->flags & BARK_HTTP_REPLACED))
        return BARK_OK;
    if (http->flags & BARK_HTTP_XML)
        return bark_encode(image, input, in, limits, arena, out, err);
    if (http->flags & BARK_HTTP_RELATED)
        return related_write(image, row, boundary, in, limits, arena, out, err);
    if (http->flags & BARK_HTTP_PARTS)
        return bark_encode_parts(image, input, boundary, in, limits, arena, out, err);
    return bark_encode_form(image, input, none, in, limits, arena, out, err);
}

enum bark_code bark_http_reply_read(const struct bark_image *image, uint16_t row,
                                    struct bark_slice content_type, struct bark_slice body,
                                    const struct bark_decode_options *options,
                                    const struct bark_limits *limits, struct bark_arena *arena, void **out,
                                    struct bark_error *err)
{
    const struct bark_http_row *http = &image->https[row];
    const uint16_t output = bark_operation_output(image, http->operation);
    struct bark_error own;
    const struct bark_related r = {
        .image = image, .row = row, .answer = true, .limits = limits, .arena = arena, .err = err ? err : &own
    };
    enum bark_code code;
    *out = NULL;
    if (output == BARK_NONE)
        return BARK_OK; /* whatever came is no part of the contract */
    if (http->flags & BARK_HTTP_CONTENT)
        return bark_decode_bare(image, output, body, limits, arena, out, err);
    if (http->flags & BARK_HTTP_ANSWER_RELATED) {
        if (bark_soap_is_related(content_type))
            return bark_http_related_read(&r, content_type, body, options, out);
        code = bark_fail(err, BARK_ERR_HTTP, 0, "[WSDL11 5.4] the answer is not multipart/related");
    } else {
        if (bark_soap_media_is_xml(content_type))
            return bark_decode_with(image, output, body, options, limits, arena, out, NULL, err);
        code = bark_fail(err, BARK_ERR_HTTP, 0, "[WSDL11 5.6] the answer is not XML");
    }
    if (err)
        bark_report_add(err->found, sizeof err->found, content_type);
    return code;
}
