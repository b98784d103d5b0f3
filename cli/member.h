/* cli/member.h - the members of a struct type as docs/json.md names them, found by the start of a path.
 */
#ifndef CLI_MEMBER_H
#define CLI_MEMBER_H

#include "soapbark/image.h"

/* One member of a struct, through all its nested groups. */
struct cli_member {
    const char *mark; /* "@" before the name of an attribute, else "" */
    const char *name; /* in the image's pool, or static */
    size_t name_len;
    uint16_t type; /* type row of one item; BARK_NONE for fragments */
    bool repeated;
};

/* The member whose name stands at the start of path and ends there with '.', '[' or '='. Names may hold dots:
 * the longest one that fits wins. Gives the length taken, or 0: then near (size bytes) gets the nearest name,
 * or "". */
size_t cli_member_find(const struct bark_image *image, uint16_t type, const char *path,
                       struct cli_member *member, char *near, size_t size);

/* True for two finds of one member. */
bool cli_member_same(const struct cli_member *a, const struct cli_member *b);

/* True when JSON writes the member, or one item of it, as an object; else it is a value. */
bool cli_member_has_members(const struct bark_image *image, const struct cli_member *member);

#endif
