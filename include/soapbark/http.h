/* soapbark/http.h - HTTP/1.1 messages without sockets: bytes in, events out; and the writers of heads.
 *
 * The reader owns no memory and reads no clock. The caller gives it a buffer for the head and feeds bytes as
 * they come, in pieces of any size; body bytes are handed on as spans of the input, never copied. So the same
 * reader serves the epoll driver, the blocking client, and a loop of the user's own:
 *
 *     struct bark_http_reader r;
 *     bark_http_reader_init(&r, BARK_HTTP_REQUEST, limits, head, sizeof head);
 *     for (;;) {
 *         switch (bark_http_read(&r, &in, &span, &err)) {
 *         case BARK_HTTP_MORE: in = ...the next bytes of the socket...; break;
 *         case BARK_HTTP_HEAD: ...r.message is complete: decide now whether its body is wanted...; break;
 *         case BARK_HTTP_BODY: ...span holds the next bytes of the body...; break;
 *         case BARK_HTTP_END: ...answer; then bark_http_reader_next(&r); `in` may hold the next request...;
 *         case BARK_HTTP_REFUSED: ...answer r.status, then close: where the next message starts is
 * unknown...;
 *         }
 *     }
 *
 * Two programs on a path that disagree about where a message ends are an attack (row 31), so the reader takes
 * what RFC 9112 lets a sender write and nothing looser: lines end in CRLF, a length stands once and in
 * digits, "chunked" stands alone, Content-Length and Transfer-Encoding exclude each other, nothing is folded.
 */
#ifndef SOAPBARK_HTTP_H
#define SOAPBARK_HTTP_H

#include "soapbark/limits.h"
#include "soapbark/out.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bark_http_role { BARK_HTTP_REQUEST, BARK_HTTP_RESPONSE };

enum bark_http_event {
    BARK_HTTP_MORE, /* the input is used up; feed more */
    BARK_HTTP_HEAD, /* the head is complete, see reader.message */
    BARK_HTTP_BODY, /* a span of the body */
    BARK_HTTP_END, /* the message is complete; the rest of the input belongs to the next one */
    BARK_HTTP_REFUSED /* see the error; reader.status is what a server answers */
};

/** A head, as far as the drivers look into it. Slices point into the head buffer; an absent field is an
 * empty slice with ptr == NULL. bark_http_field() finds the others. */
struct bark_http_message {
    struct bark_slice method, target; /* request: as sent */
    struct bark_slice path, query; /* request: parts of the target; the query is without its '?' */
    struct bark_slice host; /* request: Host, checked for its syntax only; see bark_http_host_allowed() */
    struct bark_slice host_name; /* request: of it, without port and brackets */
    struct bark_slice content_type, soap_action;
    uint64_t content_length; /* 0 when there is none */
    uint32_t field_count;
    uint16_t status; /* response: 100 ... 599 */
    uint8_t minor; /* HTTP/1.minor: 0 or 1 */
    bool host_bracketed; /* the host_name stood in brackets: it is an IPv6 address */
    bool has_content_length, chunked;
    bool keep_alive; /* the peer leaves the connection open after this message */
    bool expect_continue; /* request: the peer waits for "100 Continue" before it sends the body */
};

/* Chunk framing under way. Members belong to the reader. */
struct bark_http_chunks {
    uint64_t left; /* of the chunk under way */
    uint64_t total; /* body bytes so far, this chunk included */
    uint32_t extra_bytes; /* extensions and trailers so far */
    uint32_t trailers;
    uint8_t state, digits;
};

/** One message being read. Everything but message and status belongs to the reader. */
struct bark_http_reader {
    struct bark_http_message message; /* from HEAD until bark_http_reader_next() */
    uint16_t status; /* after REFUSED: 400, 413, 414, 417, 431, 501 or 505 */

    uint8_t role, state;
    uint16_t seen; /* singleton fields met so far */
    uint8_t *head;
    size_t head_cap, head_len, line_start;
    uint32_t line; /* of the head, from 1 */
    uint32_t headers_max;
    uint64_t body_max;
    uint64_t offset; /* bytes of this message consumed so far */
    uint64_t names; /* a bit or none for each field name, to know soon what did not come */
    uint64_t body_left;
    struct bark_slice authority; /* of an absolute-form target */
    struct bark_http_chunks chunks;
};

/** Starts reading messages of one direction.
 *
 *  limits  http_head_bytes, http_headers and body_bytes are copied.
 *  head    the caller's, head_cap bytes, borrowed until the reader is not used any more. A head longer than
 *          the smaller of head_cap and limits->http_head_bytes is refused with 431. */
void bark_http_reader_init(struct bark_http_reader *r, enum bark_http_role role,
                           const struct bark_limits *limits, void *head, size_t head_cap);

/** Ready for the next message of the same connection, in the same head buffer. */
void bark_http_reader_next(struct bark_http_reader *r);

/** Consumes bytes from *in, which is moved forward, until there is an event.
 *
 *  body  filled on BARK_HTTP_BODY only: a non-empty span of the input.
 *  err   filled on BARK_HTTP_REFUSED only: rule, offset from the message's first byte, line and column when
 *        the fault is in the head. A refused reader stays refused.
 *  Cost: linear in the bytes consumed. Threads: safe while readers differ. Rules: [RFC9112 2-7]. */
BARK_MUST_CHECK enum bark_http_event bark_http_read(struct bark_http_reader *r, struct bark_slice *in,
                                                    struct bark_slice *body, struct bark_error *err);

/** From HEAD on: the body of this message may have max bytes, whatever limits.body_bytes said. When more of
 * it is announced or has come, the message is refused as the reader itself does it: BARK_ERR_LIMIT,
 * reader.status 413. A larger limit has to be set before HEAD, in limits: a longer Content-Length does not
 * get so far. */
BARK_MUST_CHECK enum bark_code bark_http_body_limit(struct bark_http_reader *r, uint64_t max,
                                                    struct bark_error *err);

/** The peer has closed its side. BARK_OK where a message may end so: between messages, or in an answer that
 * has neither length nor chunks ([RFC9112 6.3] rule 8), whose next event is then BARK_HTTP_END. */
BARK_MUST_CHECK enum bark_code bark_http_read_close(struct bark_http_reader *r, struct bark_error *err);

/** True when no byte of the next message has come: the connection is idle. */
bool bark_http_reader_idle(const struct bark_http_reader *r);

/** How many fields carry this name (any case); *value is the first one's, or all zero. Valid from HEAD until
 * bark_http_reader_next(). Linear in the head; mostly constant for a field that did not come. */
size_t bark_http_field(const struct bark_http_reader *r, const char *name, struct bark_slice *value);

/** The value of the nth field of this name, from 0; false when there are not so many. For fields that may
 * stand several times, as WWW-Authenticate. */
bool bark_http_field_nth(const struct bark_http_reader *r, const char *name, size_t n,
                         struct bark_slice *value);

/** A content coding: how whole bodies are compressed [RFC9110 8.4]. The library has none; soapbark/gzip.h is
 * one.
 */
enum { BARK_HTTP_CODING_PIECE = 4096 }; /* the most that a coding puts at once */

struct bark_http_coding {
    const char *name; /* "gzip" */
    /* Expands in into out, which is the bound: BARK_ERR_LIMIT when it refuses, BARK_ERR_HTTP for a broken
     * body, BARK_ERR_MEMORY. */
    enum bark_code (*decode)(struct bark_slice in, struct bark_out *out, struct bark_error *err);
    /* Compresses; false when out refuses or there is no memory. */
    bool (*encode)(struct bark_slice in, struct bark_out *out);
};

/** The most that a coded body of len bytes may expand to: limits.expansion times as much, 64 KiB in any case,
 * and never more than a body may have (row 24). */
size_t bark_http_expansion_max(const struct bark_limits *limits, size_t len);

/** Can the body of this message be read? *encoded: by way of the coding (which may be NULL). A list of
 * codings, and one that stands twice, cannot. */
bool bark_http_content_coding(const struct bark_http_reader *r, const struct bark_http_coding *coding,
                              bool *encoded);

/** Does the message's sender accept an answer in this coding? [RFC9110 12.5.3] */
bool bark_http_accepts_coding(const struct bark_http_reader *r, const char *name);

/** May a request with this Host value be served (row 35)? A web page under a name of the attacker's can make
 * a browser post to a device whose address that name was pointed at; the browser then sends that name as
 * Host. Addresses, "localhost" and the names listed are allowed, each with any port; names compare without
 * case. */
bool bark_http_host_allowed(struct bark_slice host, const char *const *names, size_t count);

/** The same of a request whose head is complete, without looking at the bytes of its Host again. False when
 * it has none. */
bool bark_http_message_host_allowed(const struct bark_http_message *message, const char *const *names,
                                    size_t count);

/** An http URL in parts; slices point into the text. */
struct bark_http_url {
    struct bark_slice host; /* without brackets */
    struct bark_slice authority; /* host and port as written, for the Host field */
    struct bark_slice target; /* path and query; "/" when the URL has none */
    uint16_t port; /* 80 (443 for https) when the URL has none */
    bool secure; /* https */
};

/** Takes a URL apart. BARK_ERR_USE with rule and offset when it is not one: user info and fragments are
 * refused, and so is every byte that could end a header line. */
BARK_MUST_CHECK enum bark_code bark_http_url_read(struct bark_slice text, struct bark_http_url *url,
                                                  struct bark_error *err);

enum { BARK_HTTP_DATE_BYTES = 29 };

/** Head of an answer. Texts must be header-safe: a CR, LF or NUL in one makes the output fail (row 32). */
struct bark_http_answer {
    unsigned status;
    const char *content_type; /* NULL: no body of any type */
    uint64_t content_length;
    const char *allow; /* 405: the methods; else NULL */
    const char *content_encoding; /* NULL: none */
    const char *accept_encoding; /* 415: codings that a request may have; else NULL */
    unsigned retry_after_s; /* 503; 0: none */
    const char *request_id; /* X-Request-Id field; NULL: none */
    struct bark_slice fields; /* further lines as bark_http_field_write() makes them, each with its CRLF */
    uint64_t now_ns; /* wall clock for Date; 0: no Date field */
    struct bark_slice date; /* what bark_http_date_write() made of it; ptr NULL: it is made here */
    const char *server; /* Server field; NULL: none */
    const char *etag; /* with its quotes; NULL: none */
    bool close; /* announce that the connection ends here */
    bool chunked; /* the body comes in chunks, whatever content_length says */
    bool until_close; /* or ends with the connection: for HTTP/1.0 */
};
void bark_http_answer_write(struct bark_out *o, const struct bark_http_answer *answer);

/** Pieces of a head, for callers with fields of their own. A byte that [RFC9110 5.5] does not allow in a
 * field, or a name that is no token, makes the output fail: nothing of the line is written. */
void bark_http_request_line_write(struct bark_out *o, const char *method, struct bark_slice target);
void bark_http_status_line_write(struct bark_out *o, unsigned status);
void bark_http_field_write(struct bark_out *o, const char *name, struct bark_slice value);
void bark_http_field_u64_write(struct bark_out *o, const char *name, uint64_t value);
void bark_http_date_write(struct bark_out *o, uint64_t now_ns); /* BARK_HTTP_DATE_BYTES, until 9999 */
void bark_http_head_end_write(struct bark_out *o);

/** The line before a chunk of so many bytes, with the line end behind the chunk before it: a body is
 * bark_http_chunk_write(), bytes, ... and at the end one of 0 bytes, which ends the message. The CRLF before
 * the first one is that of the head: leave bark_http_head_end_write() out, as bark_http_answer_write() does
 * when it is chunked. Rule: [RFC9112 7.1]. */
void bark_http_chunk_write(struct bark_out *o, uint64_t len);

/** The reason phrase of a status, static; "Unknown" for one that this library never sends. */
const char *bark_http_reason(unsigned status);

#ifdef __cplusplus
}
#endif
#endif
