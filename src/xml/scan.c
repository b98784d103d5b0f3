/* xml/scan.c - runs of plain characters: sixteen bytes at a time (scan_blocks.h), thirty-two where a run is
 * long and the processor can (scan_wide.h), and one by one at the end and where a vector does not tell.
 */
#include "xml/scan.h"

#include "base/utf8.h"
#include "xml/chars.h"
#include "xml/parts.h"

static const uint8_t *bytewise(const uint8_t *at, const uint8_t *end, enum bark_xml_class plain)
{
    while (at < end) {
        uint32_t point;
        size_t len = 1;
        if (*at < 0x80 ? !bark_xml_byte_is(*at, plain)
                       : !(len = bark_utf8_take(at, end, &point)) || !bark_xml_is_char(point))
            break;
        at += len;
    }
    return at;
}

static const uint8_t *space_bytewise(const uint8_t *at, const uint8_t *end)
{
    while (at < end && bark_xml_byte_is(*at, BARK_XML_SPACE_BYTE))
        at++;
    return at;
}

const uint8_t *bark_scan_text_bytewise(const uint8_t *at, const uint8_t *end)
{
    return bytewise(at, end, BARK_XML_TEXT_BYTE);
}

const uint8_t *bark_scan_value_bytewise(const uint8_t *at, const uint8_t *end)
{
    return bytewise(at, end, BARK_XML_VALUE_BYTE);
}

#include "xml/vector.h"

#ifdef BARK_VECTOR

#include "xml/scan_blocks.h"
#include "xml/scan_wide.h"

#ifdef BARK_SCAN_WIDE
enum { FIRST = 64 }; /* a run that is longer than this is worth wider vectors */

typedef const uint8_t *wide_scan(const uint8_t *at, const uint8_t *end, bool *done);

/* Goes on where the first blocks have not ended the run. */
static const uint8_t *wide_skip(const uint8_t *at, const uint8_t *end, wide_scan *wide, bool *done)
{
    return bark_scan_is_wide() ? wide(at, end, done) : at;
}

/* As blocks_skip(), for runs that may be long. */
#define LONG_SKIP(at, end, stops, wide, done) long_skip(at, end, stops, wide, done)
static inline const uint8_t *long_skip(const uint8_t *at, const uint8_t *end,
                                       bark_vector (*stops)(bark_vector), wide_scan *wide, bool *done)
{
    const uint8_t *const first = end - at > FIRST ? at + FIRST : end;
    at = blocks_skip(at, first, stops, done);
    if (*done || first == end)
        return at;
    at = wide_skip(at, end, wide, done);
    return *done ? at : blocks_skip(at, end, stops, done);
}
#else
#define LONG_SKIP(at, end, stops, wide, done) blocks_skip(at, end, stops, done)
#endif

const uint8_t *bark_scan_space(const uint8_t *at, const uint8_t *end)
{
    while ((size_t)(end - at) >= BARK_VECTOR) {
        const bark_vector v = bark_vector_load(at);
        const bark_vector space =
            bark_vector_or(bark_vector_or(bark_vector_is(v, ' '), bark_vector_is(v, '\n')),
                           bark_vector_or(bark_vector_is(v, '\t'), bark_vector_is(v, '\r')));
        const uint64_t others = bark_vector_mask(bark_vector_not(space));
        if (others)
            return at + bark_vector_first(others);
        at += BARK_VECTOR;
    }
    return space_bytewise(at, end);
}

const uint8_t *bark_scan_text(const uint8_t *at, const uint8_t *end)
{
    bool done;
    at = LONG_SKIP(at, end, text_stops, bark_scan_text_wide, &done);
    return done ? at : bytewise(at, end, BARK_XML_TEXT_BYTE);
}

const uint8_t *bark_scan_value(const uint8_t *at, const uint8_t *end)
{
    bool done;
    at = LONG_SKIP(at, end, value_stops, bark_scan_value_wide, &done);
    return done ? at : bytewise(at, end, BARK_XML_VALUE_BYTE);
}

#else

const uint8_t *bark_scan_space(const uint8_t *at, const uint8_t *end)
{
    return space_bytewise(at, end);
}

const uint8_t *bark_scan_text(const uint8_t *at, const uint8_t *end)
{
    return bark_scan_text_bytewise(at, end);
}

const uint8_t *bark_scan_value(const uint8_t *at, const uint8_t *end)
{
    return bark_scan_value_bytewise(at, end);
}

#endif
