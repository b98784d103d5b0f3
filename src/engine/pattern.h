/* engine/pattern.h - runs the DFA of a pattern facet over text that may come in pieces.
 *
 * The compiler turned the expression into a table [XSD2 4.3.4, F], so a step is two look-ups and the time is
 * linear whatever the expression [SECURITY row 26].
 */
#ifndef BARK_ENGINE_PATTERN_H
#define BARK_ENGINE_PATTERN_H

#include "soapbark/image.h"

struct bark_pattern_run {
    const uint8_t *classes_map, *next, *accept;
    uint16_t classes, state;
    bool wide; /* next states have two bytes */
};

struct bark_pattern_run bark_pattern_start(const struct bark_image *image,
                                           const struct bark_pattern_row *row);
void bark_pattern_feed(struct bark_pattern_run *run, struct bark_slice text);
bool bark_pattern_accepts(const struct bark_pattern_run *run);

#endif
