/* http/reader.h - what the files of the message reader share: its states, and one function per stage.
 *
 *     HEAD --(empty line)--> LENGTH | CHUNKS | CLOSE --> DONE --(next)--> HEAD
 *       any stage --(a broken rule)--> REFUSED, for good
 */
#ifndef BARK_HTTP_READER_H
#define BARK_HTTP_READER_H

#include "soapbark/http.h"

enum bark_http_state {
    BARK_HTTP_IN_HEAD,
    BARK_HTTP_IN_LENGTH, /* body_left bytes to come */
    BARK_HTTP_IN_CHUNKS,
    BARK_HTTP_IN_CLOSE, /* an answer that ends with its connection */
    BARK_HTTP_IN_DONE,
    BARK_HTTP_IN_REFUSED
};

/* Singleton fields: met twice, a message could be read in two ways. */
enum bark_http_seen {
    BARK_HTTP_SEEN_HOST = 1,
    BARK_HTTP_SEEN_LENGTH = 2,
    BARK_HTTP_SEEN_CODING = 4,
    BARK_HTTP_SEEN_TYPE = 8,
    BARK_HTTP_SEEN_ACTION = 16,
    BARK_HTTP_SEEN_EXPECT = 32,
    BARK_HTTP_SEEN_CLOSE = 64, /* not a singleton: a "close" in Connection */
    BARK_HTTP_SEEN_BLANK = 128, /* not a field: the empty line that may stand before a request */
    BARK_HTTP_SEEN_START = 256 /* nor this: the start line */
};

/* Refuses the message: remembers the status, and the place when `at` points into the head. */
enum bark_code bark_http_refuse(struct bark_http_reader *r, unsigned status, const uint8_t *at,
                                const char *rule, struct bark_error *err);

/* head.c: one line, without its CRLF, in the head buffer. */
enum bark_code bark_http_start_line_read(struct bark_http_reader *r, struct bark_slice line,
                                         struct bark_error *err);
enum bark_code bark_http_field_line_read(struct bark_http_reader *r, struct bark_slice line,
                                         struct bark_error *err);

/* framing.c: the head is complete; which body follows? Sets the reader's state. */
enum bark_code bark_http_framing_decide(struct bark_http_reader *r, struct bark_error *err);

/* chunks.c: a step through chunk framing. MORE, BODY with a span, END, or REFUSED with a status of 400 or 413
 * and a rule. */
enum bark_http_event bark_http_chunks_read(struct bark_http_reader *r, struct bark_slice *in,
                                           struct bark_slice *body, struct bark_error *err);

/* How long the body in chunks is at least, as far as its sizes are known. */
uint64_t bark_http_chunks_known(const struct bark_http_chunks *c);

/* host.c: "host", "host:port", "[address]" or "[address]:port"; false when it is none of them. The host comes
 * without brackets; port is 0 when there is none. */
bool bark_http_authority_read(struct bark_slice text, struct bark_slice *host, uint16_t *port,
                              bool *bracketed);

/* head.c: every byte of a path and query is legal, every '%' stands before two hex digits. */
bool bark_http_target_valid(struct bark_slice target);

#endif
