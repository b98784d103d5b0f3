/* engine/capture.h - the content of an element kept as text; for the decoder's RAW structs.
 */
#ifndef BARK_ENGINE_CAPTURE_H
#define BARK_ENGINE_CAPTURE_H

#include "engine/engine.h"

/* Captures everything up to the END of the element just started, which is read, as text that
 * bark_write_content() takes: each element in it declares the prefixes it needs. */
BARK_MUST_CHECK enum bark_code bark_capture_content(struct bark_xml_reader *r, struct bark_text *text);

#endif
