/* engine/capture.h - elements, and the content of elements, kept as text; event by event for the decoder.
 */
#ifndef BARK_ENGINE_CAPTURE_H
#define BARK_ENGINE_CAPTURE_H

#include "engine/engine.h"

/* A capture under way. Places are offsets from where the captured text begins. */
struct bark_capture {
    size_t from; /* where in the message that is */
    size_t mark; /* scratch height below what is to be put in */
    size_t child, name_end; /* the element in it that is being read */
    uint32_t depth; /* of the element that ends it */
    uint32_t child_depth; /* 0: no element is being read */
    uint32_t outer; /* bindings from outside: those below this index */
    bool content;
};

/* Begins with the element just started, or, when start is NULL, with the content of the element just started.
 */
BARK_MUST_CHECK enum bark_code bark_capture_begin(struct bark_xml_reader *r,
                                                  const struct bark_xml_event *start, struct bark_capture *c);

/* The next event of it; after the last one, *done is true and *text has it all. */
BARK_MUST_CHECK enum bark_code bark_capture_next(struct bark_xml_reader *r, struct bark_capture *c,
                                                 struct bark_text *text, bool *done);

/* Captures everything up to the END of the element just started, which is read, as text that
 * bark_write_content() takes: each element in it declares the prefixes it needs. */
BARK_MUST_CHECK enum bark_code bark_capture_content(struct bark_xml_reader *r, struct bark_text *text);

#endif
