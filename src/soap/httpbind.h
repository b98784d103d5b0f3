/* soap/httpbind.h - operations without an envelope: what the tables' HTTP rows say, served and called.
 *
 * Everything that a server needs hangs on bark_service.http, so that who serves SOAP alone does not link it.
 */
#ifndef BARK_SOAP_HTTPBIND_H
#define BARK_SOAP_HTTPBIND_H

#include "soapbark/codec.h"
#include "soapbark/soap.h"

/* A request for an HTTP row. */
struct bark_http_call {
    uint16_t row;
    struct bark_slice path, query; /* as they came; query.ptr NULL: none */
    const struct bark_soap_request *request; /* the rest of it */
};

/* Where a request goes: the path's first `base` bytes are the service's, and the slash behind it. */
struct bark_http_target {
    struct bark_slice path, query;
    size_t base;
};

struct bark_http_binding {
    /* The row of the service that a path means, called in this way; BARK_NONE: none. *other: one for another
     * verb has the path. */
    uint16_t (*find)(const struct bark_service *service, struct bark_slice path, bool post, bool *other);
    /* Whether a POST of this type and length can be one for the row. */
    bool (*takes)(const struct bark_service *service, uint16_t row, struct bark_slice content_type);
    /* As bark_soap_serve(). What goes wrong is told in a line of plain text. */
    void (*serve)(const struct bark_service *service, const struct bark_limits *limits,
                  const struct bark_http_call *call, struct bark_arena *arena, struct bark_out *out,
                  struct bark_soap_reply *reply);
    /* Client side. Content-Type of the request, false and nothing for a GET; then what follows the address,
     * with its slash and query; then the body. boundary: for a multipart form, that no value holds. */
    bool (*request_type)(const struct bark_image *image, uint16_t row, const char *boundary,
                         struct bark_out *out);
    enum bark_code (*request_target)(const struct bark_image *image, uint16_t row, const void *in,
                                     const struct bark_limits *limits, struct bark_arena *arena,
                                     struct bark_out *out, struct bark_error *err);
    enum bark_code (*request_body)(const struct bark_image *image, uint16_t row, const char *boundary,
                                   const void *in, const struct bark_limits *limits, struct bark_arena *arena,
                                   struct bark_out *out, struct bark_error *err);
    /* The value that an answer of a 2xx status holds. BARK_ERR_HTTP: it is not of the type that it should be.
     */
    enum bark_code (*reply_read)(const struct bark_image *image, uint16_t row, struct bark_slice content_type,
                                 struct bark_slice body, const struct bark_decode_options *options,
                                 const struct bark_limits *limits, struct bark_arena *arena, void **out,
                                 struct bark_error *err);
    /* Write path and query, a request's body, an answer, without what may be secret, and on one line. False:
     * nothing of it is to be used. */
    bool (*show_target)(const struct bark_image *image, uint16_t row, const struct bark_http_target *target,
                        const char *placeholder, struct bark_arena *arena, struct bark_out *out);
    bool (*show_body)(const struct bark_image *image, uint16_t row, struct bark_slice body,
                      const char *placeholder, const struct bark_limits *limits, struct bark_arena *arena,
                      struct bark_out *out);
    bool (*show_answer)(const struct bark_image *image, uint16_t row, struct bark_slice answer, bool is_fault,
                        const struct bark_limits *limits, struct bark_arena *arena, struct bark_out *out);
};

bool bark_http_request_type(const struct bark_image *image, uint16_t row, const char *boundary,
                            struct bark_out *out);
enum bark_code bark_http_request_target(const struct bark_image *image, uint16_t row, const void *in,
                                        const struct bark_limits *limits, struct bark_arena *arena,
                                        struct bark_out *out, struct bark_error *err);
enum bark_code bark_http_request_body(const struct bark_image *image, uint16_t row, const char *boundary,
                                      const void *in, const struct bark_limits *limits,
                                      struct bark_arena *arena, struct bark_out *out, struct bark_error *err);
enum bark_code bark_http_reply_read(const struct bark_image *image, uint16_t row,
                                    struct bark_slice content_type, struct bark_slice body,
                                    const struct bark_decode_options *options,
                                    const struct bark_limits *limits, struct bark_arena *arena, void **out,
                                    struct bark_error *err);

bool bark_http_show_target(const struct bark_image *image, uint16_t row,
                           const struct bark_http_target *target, const char *placeholder,
                           struct bark_arena *arena, struct bark_out *out);
bool bark_http_show_body(const struct bark_image *image, uint16_t row, struct bark_slice body,
                         const char *placeholder, const struct bark_limits *limits, struct bark_arena *arena,
                         struct bark_out *out);
bool bark_http_show_answer(const struct bark_image *image, uint16_t row, struct bark_slice answer,
                           bool is_fault, const struct bark_limits *limits, struct bark_arena *arena,
                           struct bark_out *out);

/* The location without the slash that separates it from the service's path. */
static inline struct bark_slice bark_http_location(const struct bark_image *image, uint16_t row)
{
    const struct bark_http_row *http = &image->https[row];
    struct bark_slice s = { image->pool + http->location, http->location_len };
    if (s.len && s.ptr[0] == '/') {
        s.ptr++;
        s.len--;
    }
    return s;
}

/* Whether the parameters are values in the path. */
static inline bool bark_http_replaces(const struct bark_image *image, uint16_t row)
{
    const struct bark_http_row *http = &image->https[row];
    return (http->flags & BARK_HTTP_REPLACED) && image->operations[http->operation].input != BARK_NONE;
}

/* The function of struct bark_http_binding. */
uint16_t bark_http_row_find(const struct bark_service *service, struct bark_slice path, bool post,
                            bool *other);

/* The row whose location ends a path, whatever service it belongs to, or BARK_NONE; *base is where it begins.
 */
uint16_t bark_http_row_guess(const struct bark_image *image, struct bark_slice path, bool post, size_t *base);

/* What a path has behind the service's own, without the slash between; false: it is not the service's. */
bool bark_http_tail(const char *service_path, struct bark_slice path, struct bark_slice *tail);

#endif
