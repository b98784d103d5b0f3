/* engine/bare.h - a member of a struct by itself: its text, its octets, or a document.
 */
#ifndef BARK_ENGINE_BARE_H
#define BARK_ENGINE_BARE_H

#include "soapbark/codec.h"

struct bark_bare {
    const struct bark_image *image;
    uint16_t type, field; /* rows of the struct and of the member: as T41 has them */
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_error *err; /* not NULL */
};

/* Reads the member into the struct at base, which is zero there. An error's offset is one of `in`. */
BARK_MUST_CHECK enum bark_code bark_bare_read(const struct bark_bare *b, bool document, struct bark_slice in,
                                              const struct bark_decode_options *options, uint8_t *base);

bool bark_bare_is_there(const struct bark_bare *b, const uint8_t *base);

/* Writes it; a member that is not there is BARK_ERR_MISSING. */
BARK_MUST_CHECK enum bark_code bark_bare_write(const struct bark_bare *b, bool document, const uint8_t *base,
                                               struct bark_out *out);

#endif
