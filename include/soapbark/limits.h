/* soapbark/limits.h - every bound that a message meets, in one struct [R4].
 *
 * 0 is invalid, never "unlimited". The two profiles are the starting points; raising a member is an
 * assignment with a number. docs/security-model.md gives the reason for each figure.
 */
#ifndef SOAPBARK_LIMITS_H
#define SOAPBARK_LIMITS_H

#include "soapbark/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bark_limits {
    uint64_t body_bytes; /* an HTTP body, after chunk framing */
    uint64_t arena_bytes; /* memory of one message */
    uint64_t reply_bytes; /* an encoded answer */
    uint32_t expansion; /* a compressed body may become so many times larger, and 64 KiB in any case */
    uint32_t depth; /* nested elements, objects or arrays */
    uint32_t attributes; /* attributes of one element, namespace declarations not counted */
    uint32_t namespaces; /* namespace declarations in scope */
    uint32_t elements; /* elements of one message */
    uint32_t text_bytes; /* text of one element or attribute */
    uint32_t name_bytes; /* one name, prefix included */
    uint32_t items; /* items of one repeated member, when maxOccurs allows more */
    uint32_t http_headers; /* header fields of one message */
    uint32_t http_head_bytes; /* start line and header fields */
    uint32_t mime_parts; /* parts of one multipart body, the envelope's included */
    uint32_t mime_head_bytes; /* header fields of one part */
    uint32_t head_ms; /* from the first byte to the end of the head */
    uint32_t request_ms; /* from the first byte to the end of the answer */
    uint32_t body_bytes_per_s; /* slower than this after 5 s ends the connection */
    uint32_t connections; /* in all */
    uint32_t connections_per_peer;
    uint32_t requests_per_connection;
};

/** Profiles of docs/security-model.md. Static constants: any number of threads may read them. */
extern const struct bark_limits bark_limits_device;
extern const struct bark_limits bark_limits_server;

/** BARK_OK when no member is 0, else BARK_ERR_USE with the member's name in err->expected. */
BARK_MUST_CHECK enum bark_code bark_limits_check(const struct bark_limits *limits, struct bark_error *err);

#ifdef __cplusplus
}
#endif
#endif
