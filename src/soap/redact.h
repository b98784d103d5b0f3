/* soap/redact.h - what of a message may be shown: in a capture, in what a replay prints.
 */
#ifndef BARK_SOAP_REDACT_H
#define BARK_SOAP_REDACT_H

#include "soapbark/arena.h"
#include "soapbark/image.h"
#include "soapbark/limits.h"
#include "soapbark/out.h"
#include "xml/reader.h"

/* Do the tables know an element of this name, and is it nowhere secret? Then its own texts may be shown. */
bool bark_redact_shows_element(const struct bark_image *image, const struct bark_xml_name *name);
/* The same for the value of an attribute. */
bool bark_redact_shows_attribute(const struct bark_image *image, const struct bark_xml_name *name);

/* Writes a message on one line without what may be secret; false: nothing of it is to be used. */
BARK_MUST_CHECK bool bark_redact_write(const struct bark_image *image, struct bark_slice message,
                                       const char *placeholder, const struct bark_limits *limits,
                                       struct bark_arena *arena, struct bark_out *out);

#endif
