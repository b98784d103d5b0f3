/* soap/envelope.h - reads a SOAP envelope around a body that someone else decodes.
 *
 * One state machine takes every event of the document outside the body's child, so that no part of an
 * envelope can be read twice, skipped, or met in another order than the specification's [R9]. Server and
 * client use the same three calls in the same order; a call out of order gives BARK_ERR_USE:
 *
 *     bark_soap_envelope_open()  -> bark_soap_envelope_body() -> (the child is decoded)
 *                                -> bark_soap_envelope_end()
 */
#ifndef BARK_SOAP_ENVELOPE_H
#define BARK_SOAP_ENVELOPE_H

#include "soap/dialect.h"
#include "xml/reader.h"

enum bark_soap_state {
    BARK_SOAP_START, /* Envelope comes next */
    BARK_SOAP_ENVELOPE, /* Header or Body */
    BARK_SOAP_HEADER, /* a header entry, or the Header's end */
    BARK_SOAP_HEADER_DONE, /* Body */
    BARK_SOAP_BODY, /* the body's child, or the Body's end */
    BARK_SOAP_BODY_CHILD, /* the child was started and is the caller's to read */
    BARK_SOAP_BODY_DONE, /* the Body's end */
    BARK_SOAP_TRAILER, /* the Envelope's end */
    BARK_SOAP_CLOSED, /* the document's end */
    BARK_SOAP_COMPLETE
};

/* A mandatory header entry that nobody understood. */
struct bark_soap_block {
    struct bark_slice uri, local; /* in the message, or in the arena when that goes through a window */
};

/* How many of them a fault lists, and how long their names may be: the answer must not become larger than
 * the question. */
enum { BARK_SOAP_BLOCKS = 8, BARK_SOAP_BLOCK_BYTES = 512 };

struct bark_soap_entry;
struct bark_decoder; /* engine/decode.h */

struct bark_soap_envelope {
    struct bark_xml_reader xml;
    enum bark_soap_state state;
    const struct bark_soap_dialect *dialect; /* the envelope's, once its namespace was read */
    const struct bark_soap_dialect *announced; /* the Content-Type's; NULL: not known */
    enum bark_fault_code fault; /* the code of a refusal, when it is not Sender or Receiver */
    uint32_t not_understood; /* mandatory header entries for us that are not known, in all */
    uint32_t block_count;
    struct bark_soap_block blocks[BARK_SOAP_BLOCKS];
    /* What soap/header.h knows: set after bark_soap_envelope_open(), all zero for "no headers". */
    const struct bark_image *image;
    const struct bark_soap_layer *layer;
    uint16_t first_operation, operation_count; /* whose headers may come */
    bool is_answer; /* those of their outputs and faults, not of their inputs */
    struct bark_soap_entry *entries; /* read so far, the last one first */
    uint32_t skipping; /* depth of the element that is passed over; 0: none */
    struct bark_decoder *decoder; /* of what is read in steps; NULL: the message is in memory */
    bool decoding; /* a header entry, by the decoder */
    size_t mark; /* scratch height below it */
};

/* *e is all zero, but for announced. */
BARK_MUST_CHECK enum bark_code bark_soap_envelope_open(struct bark_soap_envelope *e,
                                                       const struct bark_image *image, struct bark_slice in,
                                                       const struct bark_limits *limits,
                                                       struct bark_arena *arena, struct bark_error *err);

/* The same for a message that comes through a window (xml/window.h). The calls below then give BARK_MORE when
 * they need more of it, and are made again. decoder is theirs until the body's child was started. */
BARK_MUST_CHECK enum bark_code
bark_soap_envelope_open_window(struct bark_soap_envelope *e, const struct bark_image *image,
                               struct bark_xml_window *window, struct bark_decoder *decoder,
                               const struct bark_limits *limits, struct bark_arena *arena,
                               struct bark_error *err);

/* Reads up to the START of the body's child; *empty tells that the Body has none. When a mandatory header was
 * not understood the message stops here, before any of its body was read [SOAP12-1 2.6]. */
BARK_MUST_CHECK enum bark_code bark_soap_envelope_body(struct bark_soap_envelope *e,
                                                       struct bark_xml_event *start, bool *empty);

/* After the child's END: reads the rest of the document. */
BARK_MUST_CHECK enum bark_code bark_soap_envelope_end(struct bark_soap_envelope *e);

/* The class of the fault that a refusal with this code deserves. */
enum bark_fault_code bark_soap_envelope_fault(const struct bark_soap_envelope *e, enum bark_code code);

/* Reads one header entry, started by ev, or begins to; counts it when it is mandatory, for us, and unknown.
 * (soap/header.c) */
BARK_MUST_CHECK enum bark_code bark_soap_header_entry_read(struct bark_soap_envelope *e,
                                                           const struct bark_xml_event *ev);

/* Goes on with the entry that e->decoder reads; BARK_OK when there is none any more. (soap/header.c) */
BARK_MUST_CHECK enum bark_code bark_soap_header_entry_go(struct bark_soap_envelope *e);

/* BARK_ERR_SOAP and a MustUnderstand fault when something mandatory was not understood. (soap/header.c) */
BARK_MUST_CHECK enum bark_code bark_soap_headers_verdict(struct bark_soap_envelope *e, size_t offset);

/* Sets err->found to "{namespace}local", shortened. */
void bark_soap_name_report(struct bark_error *err, struct bark_slice uri, struct bark_slice local);

#endif
