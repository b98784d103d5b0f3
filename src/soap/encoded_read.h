/* soap/encoded_read.h - an encoded message while it is written as a literal one, shared by encoded_read.c,
 * which writes it, and encoded_place.c, which knows where what is written stood.
 */
#ifndef BARK_SOAP_ENCODED_READ_H
#define BARK_SOAP_ENCODED_READ_H

#include "soap/encoded_terms.h"
#include "soap/envelope.h"
#include "soapbark/out.h"

enum { BARK_SOAP_NESTED_MAX = 16 }; /* references that are followed, one inside the other */

/* A child of the Body, as a fragment: its bytes, and behind its name the declarations that it needs. */
struct bark_soap_independent {
    struct bark_soap_independent *next;
    struct bark_any any;
    struct bark_slice id; /* empty: it has none */
    size_t from; /* its offset in the message */
    size_t name_end; /* in it */
    size_t declared; /* bytes that the message does not have there */
    bool open; /* it is being written: a reference to it would have no end */
};

/* A fragment that is being written. */
struct bark_soap_source {
    struct bark_xml_reader xml;
    struct bark_soap_independent *from;
    size_t mark; /* of the arena, to give the reader's memory back */
    uint32_t floor; /* elements open below it */
};

/* An element with an id that stands inside another: where the literal form has what follows its name. */
struct bark_soap_inlined {
    struct bark_soap_inlined *next;
    struct bark_slice id;
    size_t begin, end; /* end 0: it is still open */
};

/* A piece of the literal form that was copied from one before it. */
struct bark_soap_copy {
    struct bark_soap_copy *next; /* the one before */
    size_t at, from, len;
};

/* An element of the literal form that is open. */
struct bark_soap_level {
    struct bark_slice prefix, local;
    struct bark_soap_inlined *own; /* it has an id */
    uint32_t items; /* that began in it */
    bool array;
};

struct bark_soap_rewriting {
    struct bark_soap_envelope *e;
    struct bark_soap_independent *first, *own; /* the newest; the operation's */
    struct bark_soap_inlined
        *inlined; /* at the arena's scratch end: the other end is given back source by source */
    struct bark_soap_copy *copies; /* there too; the newest */
    struct bark_soap_source *sources[BARK_SOAP_NESTED_MAX];
    uint32_t source_count, references, depth;
    struct bark_soap_level *levels; /* limits->depth of them */
    uint8_t *room; /* of the literal form */
    size_t room_size, room_end, scratch; /* in bytes; the arena's marks, with the room and nothing else */
    struct bark_out out;
    size_t place; /* in the message: of what is being written */
    size_t sought; /* offset in the literal form whose place is looked for; SIZE_MAX: none */
};

/* encoded_read.c: writes the operation's element to the room, from its beginning, up to what is sought. */
BARK_MUST_CHECK enum bark_code bark_soap_literal_write(struct bark_soap_rewriting *w);

/* encoded_place.c: what is written from here on stood at this offset of the source. */
void bark_soap_piece(struct bark_soap_rewriting *w, const struct bark_soap_source *s, size_t at);

/* After bark_soap_literal_write() failed: the caller's record tells an offset of the message. */
void bark_soap_place_refusal(struct bark_soap_rewriting *w);

/* The same after the literal form was refused, whose offset the record tells. */
void bark_soap_place_error(struct bark_soap_rewriting *w);

#endif
