/* engine/json_value.h - one simple value between JSON and C, through the value functions that XML uses too.
 */
#ifndef BARK_ENGINE_JSON_VALUE_H
#define BARK_ENGINE_JSON_VALUE_H

#include "engine/value.h"
#include "json/reader.h"
#include "json/writer.h"

/* Reads a scalar event as a value of the type row into *member (zero before, zero after a failure). Failures
 * are in the reader's error record, with position; the caller adds the path. */
BARK_MUST_CHECK enum bark_code bark_json_value_read(struct bark_json_reader *r,
                                                    const struct bark_image *image,
                                                    const struct bark_json_event *ev, uint16_t type,
                                                    void *member);

/* Refuses what value functions found wrong with a text, at that offset. */
enum bark_code bark_json_value_refuse(struct bark_json_reader *r, size_t at, enum bark_code code,
                                      const struct bark_value_error *error, struct bark_slice text);
/* Refuses a string, that holds other characters than XML's. */
enum bark_code bark_json_characters_refuse(struct bark_json_reader *r, size_t at);

/* Reads text of the image (a default or fixed value) in the same way. at is the offset to blame. */
BARK_MUST_CHECK enum bark_code bark_json_value_preset(struct bark_json_reader *r,
                                                      const struct bark_image *image, struct bark_slice text,
                                                      size_t at, uint16_t type, void *member);

/* Checks the facets of a list whose items are in place. */
BARK_MUST_CHECK enum bark_code bark_json_list_check(struct bark_json_reader *r,
                                                    const struct bark_image *image, size_t at, uint16_t type,
                                                    const void *member);

/* Writes a value of any kind. The scope needs image, limits and arena (for what is given back at once).
 * Failures are in err, without position or path. */
BARK_MUST_CHECK enum bark_code bark_json_value_write(struct bark_json_writer *w,
                                                     const struct bark_value_scope *scope, uint16_t type,
                                                     const void *member, struct bark_error *err);

#endif
