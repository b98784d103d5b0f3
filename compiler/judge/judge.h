/* judge/judge.h - what a document must keep beyond its content models: identity, in the whole document.
 *
 * The tables judge each element by itself. ID and IDREF [XSD1 3.3.4, 3.15.4] and key, unique and keyref
 * [XSD1 3.11.4] tie elements together; a host-side pass over a document that the tables accept looks at
 * those.
 *
 *     walk.c      from element to element with their declarations and types
 *     known.c     what a complex type declares, by name
 *     ids.c       ID, IDREF, IDREFS
 *     identity.c  scopes, selectors and fields of constraints
 *     key.c       values that are equal get equal bytes
 */
#ifndef SOAPC_JUDGE_H
#define SOAPC_JUDGE_H

#include "model/model.h"
#include "soapbark/arena.h"
#include "soapbark/limits.h"

/* Judges a document that was decoded by an image of the same model. All memory is the arena's, which the
 * caller resets. Errors: BARK_ERR_UNEXPECTED and BARK_ERR_MISSING with the rule, place and path; limits and
 * memory as in bark_decode(). Cost: linear but for sorting keys, times the constraints in scope. */
BARK_MUST_CHECK enum bark_code soapc_judge(const struct soapc_model *model, struct bark_slice in,
                                           const struct bark_limits *limits, struct bark_arena *arena,
                                           struct bark_error *err);

#endif
