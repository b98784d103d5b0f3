/* engine/division.h - groups that a message does not tell apart.
 *
 * In (a{1,2}, b?){2} the elements "a a" are two groups of one `a` each; from "a a a a b" nobody can tell
 * where the first group ends, only that some division is right [XSD1 3.8.4]. The schema has such content
 * without breaking unique particle attribution [XSD1 3.8.6], since each `a` is the same particle. The decoder
 * fills one group after the other, so a struct may hold fewer groups than the schema's least, or a last one
 * with less than the least: it is valid if some division of the same elements is. The compiler marks the
 * fields (BARK_F_DIVIDES, BARK_F_DIVIDED).
 */
#ifndef BARK_ENGINE_DIVISION_H
#define BARK_ENGINE_DIVISION_H

#include "soapbark/image.h"

#define BARK_RULE_DIVISION "[XSD1 3.8.4] however the elements are divided into groups, some come too seldom"

/* Whether the elements in the groups of a DIVIDES field can be divided so that each group and each part comes
 * as often as the schema says. False too when groups are nested deeper than BARK_DIVISION_LEVELS. Cost:
 * linear in the groups. */
bool bark_division_holds(const struct bark_image *image, const struct bark_field_row *f,
                         const struct bark_array *groups);

#endif
