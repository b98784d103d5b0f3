/* soap/outgoing.h - what is left of a message of several parts when its envelope is written: parts that come
 * from sources, a piece at a time.
 */
#ifndef BARK_SOAP_OUTGOING_H
#define BARK_SOAP_OUTGOING_H

#include "soap/attach.h"

struct bark_outgoing_part {
    struct bark_source source;
    struct bark_slice head; /* from the boundary on */
    bool closed;
};

/* One allocation: the parts and their heads stand behind it, so it outlives the message's arena. */
struct bark_outgoing {
    struct bark_outgoing_part *parts;
    struct bark_slice end; /* the last boundary */
    size_t count, at; /* the part under way */
    size_t written; /* of its head, or of the end */
    uint64_t octets; /* of it, so far */
    bool reading; /* its head is written */
    uint64_t length; /* of all that comes, heads and end included; BARK_LENGTH_UNKNOWN */
};

/* Of those parts that have sources. 0 bytes: there are none. */
size_t bark_outgoing_bytes(const struct bark_soap_parts *p);
/* memory: so many bytes, aligned as any object. The sources are its own from now on. */
struct bark_outgoing *bark_outgoing_init(void *memory, struct bark_soap_parts *p);

/* The next bytes of the message. BARK_MORE: *len of them, at least one; BARK_OK: that was all, *len is 0.
 * BARK_ERR_USE: a source is shorter or longer than it said; else what a source returned. */
BARK_MUST_CHECK enum bark_code bark_outgoing_read(struct bark_outgoing *o, uint8_t *room, size_t cap,
                                                  size_t *len);
/* Tells the sources that are not at their end: once. */
void bark_outgoing_close(struct bark_outgoing *o, enum bark_code verdict);

/* Behind bark_soap_attachments, so that nobody else links it. */
struct bark_soap_sending {
    size_t (*bytes)(const struct bark_soap_parts *p);
    struct bark_outgoing *(*init)(void *memory, struct bark_soap_parts *p);
    enum bark_code (*read)(struct bark_outgoing *o, uint8_t *room, size_t cap, size_t *len);
    void (*close)(struct bark_outgoing *o, enum bark_code verdict);
    void (*drop)(struct bark_soap_parts *p, enum bark_code verdict); /* sources that no answer took */
};
extern const struct bark_soap_sending bark_soap_sending;

#endif
