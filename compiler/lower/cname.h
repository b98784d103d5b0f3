/* lower/cname.h - C identifiers from XML names.
 */
#ifndef SOAPC_LOWER_CNAME_H
#define SOAPC_LOWER_CNAME_H

#include "soapbark/arena.h"

/* Names already given in one scope. All zero is empty. */
struct soapc_nameset {
    const char **slots;
    size_t count, cap;
};

/* prefix_text with every character that C does not allow mapped: ASCII to '_', others to uXXXX. No prefix
 * (NULL or ""): a keyword of C or C++, or a well-known macro, gets a '_' behind it. NULL: memory. */
const char *soapc_cname(struct bark_arena *arena, const char *prefix, const char *text);

/* Adds the name, or name_2, name_3 ... when it is taken, and returns what was added. NULL: memory. */
const char *soapc_nameset_add(struct soapc_nameset *set, struct bark_arena *arena, const char *name);

/* A keyword of C or C++, a macro of their headers, or a name that would meet one of the library. */
bool soapc_is_reserved(const char *name);

#endif
