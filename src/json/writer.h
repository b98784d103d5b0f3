/* json/writer.h - writes JSON text: commas, indentation and escapes are its care, the order of calls its
 * caller's.
 *
 * Nothing is remembered per level: after an object or array has ended its parent has a member for certain, so
 * one bit tells whether a comma is due.
 */
#ifndef BARK_JSON_WRITER_H
#define BARK_JSON_WRITER_H

#include "soapbark/codec.h"

struct bark_json_writer {
    struct bark_out *out;
    enum bark_json_style style;
    uint32_t depth;
    bool empty; /* nothing was written in the current object or array yet */
    bool named; /* a name was written; its value belongs on the same line */
};

void bark_json_writer_init(struct bark_json_writer *w, struct bark_out *out, enum bark_json_style style);

void bark_json_write_open(struct bark_json_writer *w, uint8_t bracket); /* '{' or '[' */
void bark_json_write_close(struct bark_json_writer *w, uint8_t bracket); /* '}' or ']' */
void bark_json_write_literal(struct bark_json_writer *w,
                             struct bark_slice text); /* number, true, false, null */
void bark_json_write_string(struct bark_json_writer *w, struct bark_slice text);

/* A string or name in pieces: start, any number of pieces, end. A name's end writes the colon. */
void bark_json_write_start(struct bark_json_writer *w);
void bark_json_write_piece(struct bark_json_writer *w, struct bark_slice text);
void bark_json_write_end(struct bark_json_writer *w);
void bark_json_write_name_end(struct bark_json_writer *w);

#endif
