/* pattern/class_parse.h - one character atom of a pattern: a character, an escape, or a class in brackets.
 */
#ifndef SOAPC_PATTERN_CLASS_PARSE_H
#define SOAPC_PATTERN_CLASS_PARSE_H

#include "pattern/program.h"

/* Reads the atom at *at (which is < text.len) into *set, normalised, and moves *at behind it. */
BARK_MUST_CHECK enum bark_code soapc_class_read(struct soapc_program *program, struct bark_slice text,
                                                size_t *at, struct soapc_charset *set);

#endif
