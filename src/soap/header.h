/* soap/header.h - header blocks: those that a WSDL declares for an operation, and those of layers above SOAP.
 *
 * A header stands before the body, so it is read before the operation is known. Each entry that some
 * operation of the service declares is decoded and kept; once the body's element has named the operation, its
 * entries go into the header struct, and a mandatory one that is another operation's stops the message, still
 * before anything of the body is read [SOAP12-1 2.6].
 *
 * A header struct is generated code's: one pointer a block in the order of its roots, then a uint32_t
 * must_understand with a bit for each. The tables hold no layout for it, since the order says it all.
 */
#ifndef BARK_SOAP_HEADER_H
#define BARK_SOAP_HEADER_H

#include "soap/envelope.h"

/* A header entry that was read. */
struct bark_soap_entry {
    struct bark_soap_entry *next;
    uint16_t root; /* BARK_NONE: a layer's */
    bool mandatory;
    void *value; /* struct of the root, or what the layer's reader made */
    const struct bark_soap_header_reader *reader;
    struct bark_xml_name name; /* points into the message */
};

/* How a layer reads a header block that it understands. */
struct bark_soap_header_reader {
    const char *ns, *local; /* local NULL: every block of the namespace */
    /* Reads the element just started, up to and with its END; *value is the layer's own, in the arena of
     * e->xml. SOAP's own attributes are taken off before. A failure refuses the message. */
    enum bark_code (*read)(struct bark_soap_envelope *e, const struct bark_xml_event *start, void **value);
};

/* What a layer (WS-Addressing, WS-Security) plugs into bark_service.layer. Constant. */
struct bark_soap_layer {
    const struct bark_soap_header_reader *readers;
    size_t reader_count;
    /* The headers are all read, the body is not: the layer's word on the message as a whole. May be NULL. */
    enum bark_code (*check)(struct bark_soap_envelope *e);
    /* Writes the layer's own blocks into the Header of an answer or fault. May be NULL. Returns false when it
     * wrote none; then nothing was written. request may be broken off anywhere. */
    bool (*write)(const struct bark_soap_envelope *request, struct bark_out *out);
};

/* The first entry that this reader read, or NULL. */
const struct bark_soap_entry *bark_soap_header_find(const struct bark_soap_envelope *e,
                                                    const struct bark_soap_header_reader *reader);

/* Puts the entries of the roots into a fresh header struct. Mandatory ones that are not among the roots stop
 * the message. *headers is NULL when count is 0. */
BARK_MUST_CHECK enum bark_code bark_soap_headers_settle(struct bark_soap_envelope *e, const uint16_t *roots,
                                                        uint16_t count, void **headers);

/* A zeroed header struct for count blocks; NULL when the arena is full. */
void *bark_soap_headers_new(struct bark_arena *arena, uint16_t count);

/* The blocks to write, in the order of their roots. */
struct bark_soap_blocks {
    const struct bark_image *image;
    const struct bark_soap_dialect *dialect;
    const uint16_t *roots;
    uint16_t count;
    const void *headers; /* header struct, or NULL */
    const struct bark_encode_options *encode; /* of the body's element when it is literal; may be NULL */
    const struct bark_limits *limits;
    struct bark_arena *arena;
};

/* The body's element, literal or encoded as the operation's row says. options (may be NULL) are for literal
 * ones. (soap/body.c) */
BARK_MUST_CHECK enum bark_code bark_soap_body_read(struct bark_soap_envelope *e, uint16_t operation,
                                                   const struct bark_xml_event *start, uint16_t type,
                                                   const struct bark_decode_options *options, void **msg);
BARK_MUST_CHECK enum bark_code bark_soap_body_write(const struct bark_soap_blocks *b, uint16_t operation,
                                                    uint16_t root, const void *msg, struct bark_out *out,
                                                    struct bark_error *err);

bool bark_soap_blocks_any(const struct bark_soap_blocks *b);
BARK_MUST_CHECK enum bark_code bark_soap_blocks_write(const struct bark_soap_blocks *b, struct bark_out *out,
                                                      struct bark_error *err);
/* One block: the value of a root. */
BARK_MUST_CHECK enum bark_code bark_soap_block_write(const struct bark_soap_blocks *b, uint16_t root,
                                                     const void *value, bool mandatory, struct bark_out *out,
                                                     struct bark_error *err);

/* Takes attributes of SOAP's own namespace off a start tag: those of a header block, or only encodingStyle.
 */
BARK_MUST_CHECK enum bark_code bark_soap_attributes_take(struct bark_soap_envelope *e,
                                                         struct bark_xml_event *start, bool block);

#endif
