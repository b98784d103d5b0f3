/* engine/encode_plan_value.h - values by a plan (encode_plan.c) whose kinds are not the most common ones.
 */
#ifndef BARK_ENGINE_ENCODE_PLAN_VALUE_H
#define BARK_ENGINE_ENCODE_PLAN_VALUE_H

#include "engine/encode.h"
#include "engine/plan.h"
#include "engine/value_kind.h"
#include "xml/short.h"

enum {
    BARK_PLAN_FORM_MAX = 128
}; /* more than the form of any value of limited length, and what goes beyond it */

BARK_INLINE unsigned bark_plan_short_flags(enum bark_xml_place in)
{
    return in == BARK_XML_IN_ATTRIBUTE ? BARK_XML_SHORT_QUOTED : 0;
}

/* Writes a value at `to`, where BARK_PLAN_FORM_MAX bytes are, up to end; gives the place behind it, or NULL
 * when it is not for the quick way. */
uint8_t *bark_plan_value_put(struct bark_encoder *e, const struct bark_plan_field *f, const void *member,
                             enum bark_xml_place in, uint8_t *to, const uint8_t *end);

#endif
