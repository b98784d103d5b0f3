/* soap/attach.h - messages of several parts: an envelope, and octets beside it.
 *
 * A service or client that takes them names bark_soap_attachments; without that, none of this is linked.
 */
#ifndef BARK_SOAP_ATTACH_H
#define BARK_SOAP_ATTACH_H

#include "soap/dialect.h"
#include "soap/package.h"

/* A multipart message taken apart; everything points into its body or the arena. */
struct bark_soap_package {
    const struct bark_soap_dialect *dialect;
    struct bark_slice action; /* that the types name; empty when they do not */
    struct bark_slice envelope;
    struct bark_attachment *parts; /* all but the envelope */
    size_t count;
    bool xop; /* MTOM, not SOAP with attachments */
    struct bark_xop_reader reader; /* finds the parts */
};

struct bark_soap_part {
    struct bark_soap_part *next;
    struct bark_text content_id, content_type;
    struct bark_bytes content; /* of one with a source: a mark, without octets */
    const struct bark_source *source; /* its own, until it is closed or somebody else's; NULL: none */
};

/* A message of several parts being written. */
struct bark_soap_parts {
    const struct bark_soap_dialect *dialect;
    struct bark_arena *arena;
    bool xop;
    size_t octets_min; /* shorter values stay in line */
    uint32_t left; /* parts that may still be added */
    uint32_t count;
    size_t start; /* of the message in its output */
    struct bark_soap_part *first, *last;
    char boundary[BARK_MIME_BOUNDARY_TEXT];
    struct bark_xop_writer writer;
    bool streams; /* parts with sources are left to soap/outgoing.h */
    uint32_t sources; /* parts that have one */
};

/* What the head of the root part says of the message: fills dialect, action, xop. NULL, or the broken rule.
 */
const char *bark_soap_package_root(struct bark_soap_package *p, const struct bark_mime_type *outer,
                                   struct bark_slice content_type);

/* Does the URL (all that is behind its "cid:") mean this Content-ID? */
bool bark_soap_cid_equal(struct bark_slice url, struct bark_slice id);

/* An xop:Include's href without its "cid:"; false with *rule when it has another scheme (row 22). */
BARK_MUST_CHECK bool bark_soap_cid_take(struct bark_slice *href, const char **rule);

struct bark_soap_attachments {
    bool (*is_multipart)(struct bark_slice content_type);
    enum bark_code (*open)(struct bark_soap_package *p, struct bark_slice content_type,
                           struct bark_slice body, const struct bark_limits *limits, struct bark_arena *arena,
                           struct bark_error *err);
    /* Writes the head of the envelope's part, which is to follow. seed: 16 bytes, best random. */
    void (*begin)(struct bark_soap_parts *p, const uint8_t seed[16], struct bark_out *out);
    /* Adds a part, to be written at the end; NULL when there is no room for it. name: of the part that the
     * WSDL binds, or NULL. */
    struct bark_soap_part *(*add)(struct bark_soap_parts *p, const char *name, struct bark_text content_type,
                                  struct bark_bytes content);
    /* The same with octets from a source, which is copied. */
    struct bark_soap_part *(*send)(struct bark_soap_parts *p, struct bark_text content_type,
                                   const struct bark_source *source);
    /* Writes all parts, those with sources aside when p->streams; the message's Content-Type, in the arena,
     * or NULL when that is full. */
    const char *(*end)(struct bark_soap_parts *p, const struct bark_joined *action, struct bark_out *out);
    /* soap/parts.h: of a request, and of an answer. */
    enum bark_code (*judge)(const struct bark_parts *bound, const struct bark_soap_package *p, bool loose,
                            struct bark_error *err);
    enum bark_code (*complete)(const struct bark_parts *bound, const struct bark_soap_parts *p,
                               struct bark_error *err);
    struct bark_text (*type)(const struct bark_part *part, struct bark_text given);
    const struct bark_soap_sending *sending; /* soap/outgoing.h */
    const struct bark_soap_receiving *receiving; /* soap/receive.h: requests whose parts are streamed */
};

#endif
