/* table/root.h - roots by name: asked once or twice for each message, of all roots in turn.
 */
#ifndef BARK_TABLE_ROOT_H
#define BARK_TABLE_ROOT_H

#include "soapbark/image.h"

/* A quick look: false when the name of this root (below bark_root_end()), and that of the other one of its
 * row, cannot be this. */
static inline bool bark_root_may_be(const struct bark_image *image, uint32_t root, struct bark_slice local)
{
    const uint32_t row = root < image->root_count ? root : root - image->root_count;
    const uint32_t head = image->names[image->roots[row].name], len = bark_name_len(head);
    return len <= local.len &&
           (len == 0 || image->pool[bark_name_offset(head) + len - 1] == local.ptr[len - 1]);
}

/* The first root of a name, ns being a namespace row; BARK_NONE when there is none. */
uint16_t bark_root_named(const struct bark_image *image, struct bark_slice local, uint16_t ns);

#endif
