/* mime/head.h - the header fields of a part.
 */
#ifndef BARK_MIME_HEAD_H
#define BARK_MIME_HEAD_H

#include "soapbark/mime.h"

/* Reads a head, its empty line included; folded lines are joined in place, in the same bytes (room ==
 * head.ptr). NULL, or the rule that was broken; *part is zero then. */
const char *bark_mime_head_read(struct bark_slice head, uint8_t *room, struct bark_mime_part *part);

#endif
