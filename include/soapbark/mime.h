/* soapbark/mime.h - multipart/related bodies without sockets: bytes in, events out; and their writer.
 *
 * The reader owns no memory. The caller gives it a buffer for the head of a part and feeds the body as it
 * comes, in pieces of any size; what a part holds is handed on in spans, so a part may be larger than memory:
 *
 *     bark_mime_reader_init(&r, type.boundary, limits, head, sizeof head);
 *     for (;;) {
 *         switch (bark_mime_read(&r, &in, &span, &err)) {
 *         case BARK_MIME_MORE: in = ...the next bytes, or bark_mime_read_end() when there are none...; break;
 *         case BARK_MIME_PART: ...r.part tells what begins; copy what must outlive it...; break;
 *         case BARK_MIME_BODY: ...span holds the next bytes of the part...; break;
 *         case BARK_MIME_PART_END: break;
 *         case BARK_MIME_REFUSED: ...
 *         }
 *     }
 *
 * Two programs that disagree about where a part ends are an attack (row 23), so lines end in CRLF, a line
 * that starts with the boundary is a boundary or an error, and nothing may be missing at the end.
 */
#ifndef SOAPBARK_MIME_H
#define SOAPBARK_MIME_H

#include "soapbark/limits.h"
#include "soapbark/out.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Parameters of a media type that multipart messages and their parts use; slices of the field's value, empty
 * when absent. */
struct bark_mime_type {
    struct bark_slice media_type; /* "multipart/related", as written */
    struct bark_slice boundary, type, start, action, charset;
};

/** Takes a Content-Type apart. False when it is malformed, or names one of these parameters twice. start-info
 * and unknown parameters are passed over. Linear. Rules: [RFC2045 5.1], [RFC2387 3]. */
BARK_MUST_CHECK bool bark_mime_type_read(struct bark_slice content_type, struct bark_mime_type *type);

/** Equality of media types and the like: case does not count. lower is in lower case. */
bool bark_mime_is(struct bark_slice s, const char *lower);

enum bark_mime_event {
    BARK_MIME_MORE, /* the input is used up */
    BARK_MIME_PART, /* a part begins: see reader.part */
    BARK_MIME_BODY, /* a span of it */
    BARK_MIME_PART_END,
    BARK_MIME_REFUSED
};

/** The head of a part. Slices point into the head buffer, until the next part begins; absent fields are empty
 * with ptr == NULL. */
struct bark_mime_part {
    struct bark_slice content_id; /* without its angle brackets */
    struct bark_slice content_type, content_location;
    struct bark_slice content_disposition; /* of forms [RFC7578 4.2] */
};

/** Takes a Content-Disposition apart: whether it is `form-data` with one name. A filename is read over,
 * quotes and all, and neither it nor a backslash can make a second name. Linear. Rules: [RFC7578 4.2]. */
BARK_MUST_CHECK bool bark_mime_form_name(struct bark_slice content_disposition, struct bark_slice *name);

enum { BARK_MIME_BOUNDARY_MAX = 70 }; /* [RFC2046 5.1.1] */

/** Everything but part, index and part_bytes belongs to the reader. */
struct bark_mime_reader {
    struct bark_mime_part part;
    uint32_t index; /* of the part, from 0 */
    uint64_t part_bytes; /* of its body, handed on so far */
    uint64_t offset; /* bytes consumed */

    uint8_t delimiter[BARK_MIME_BOUNDARY_MAX + 4]; /* CR LF - - boundary */
    uint8_t delimiter_len, matched, implied, state;
    uint16_t padding;
    bool closing;
    uint8_t *head;
    size_t head_cap, head_len;
    uint32_t parts, parts_max, skipped, skipped_max;
};

/** False when the boundary is none: 1 to 70 characters of a certain set [RFC2046 5.1.1].
 *
 *  limits  mime_parts and mime_head_bytes are copied. What stands before the first and after the last
 *          boundary may be as long as a head, each.
 *  head    the caller's, borrowed as long as the reader is used. */
BARK_MUST_CHECK bool bark_mime_reader_init(struct bark_mime_reader *r, struct bark_slice boundary,
                                           const struct bark_limits *limits, void *head, size_t head_cap);

/** Consumes bytes from *in, which is moved forward, until there is an event.
 *
 *  span  filled on BARK_MIME_BODY only, not empty: of the input, or of the reader when bytes that looked like
 *        a boundary came in an earlier piece; valid until the next call.
 *  err   filled on BARK_MIME_REFUSED only: BARK_ERR_LIMIT or BARK_ERR_HTTP, rule, offset in the body.
 *  Cost: linear in the bytes consumed. Threads: safe while readers differ. Rules: [RFC2046 5.1], [RFC2392].
 */
BARK_MUST_CHECK enum bark_mime_event bark_mime_read(struct bark_mime_reader *r, struct bark_slice *in,
                                                    struct bark_slice *span, struct bark_error *err);

/** The body is over. BARK_OK when its last boundary has come; else BARK_ERR_HTTP. */
BARK_MUST_CHECK enum bark_code bark_mime_read_end(struct bark_mime_reader *r, struct bark_error *err);

enum { BARK_MIME_BOUNDARY_TEXT = 40 };

/** A boundary from 16 random bytes: with unpredictable ones no content holds it but by 2^-128. */
void bark_mime_boundary_make(const uint8_t random[16], char text[BARK_MIME_BOUNDARY_TEXT]);

/** Whether the bytes hold "--boundary". For parts in memory, whatever the random bytes were. Linear. */
bool bark_mime_boundary_occurs(struct bark_slice bytes, const char *boundary);

/** Starts a part; first: no part was started before. A byte that a header field cannot have makes the output
 * fail [row 32]. content_id goes without brackets, and is left out when it is empty. */
void bark_mime_part_write(struct bark_out *o, const char *boundary, bool first,
                          struct bark_slice content_type, struct bark_slice content_id);
void bark_mime_end_write(struct bark_out *o, const char *boundary);

#ifdef __cplusplus
}
#endif
#endif
