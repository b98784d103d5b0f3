/* engine/encode_run_tag.h - tags in the quick way (encode_run.c): few wide copies instead of many bytes.
 *
 * "<p:" and "</p:" are put together once for each change of namespace, and then copied whole; the local name
 * comes from the image's pool. Copies go in steps of sixteen bytes, beyond the end of what counts: the next
 * bytes are written over that.
 */
#ifndef BARK_ENGINE_ENCODE_RUN_TAG_H
#define BARK_ENGINE_ENCODE_RUN_TAG_H

#include "base/bytes.h"
#include "engine/encode.h"

enum {
    BARK_TAG_STEP = 16,
    BARK_TAG_MARKS = 8 /* more than what stands around the names of a tag */
};

struct bark_tag_step {
    uint64_t words[BARK_TAG_STEP / sizeof(uint64_t)];
};

/* Copies a step whatever the length, which costs less than asking for it; the rest of what is longer in steps
 * too. Up to a step more than len is read and written. */
BARK_INLINE uint8_t *bark_tag_steps(uint8_t *to, const uint8_t *from, size_t len)
{
    struct bark_tag_step step; /* between, for what overlaps */
    size_t i;
    memcpy(&step, from, sizeof step);
    memcpy(to, &step, sizeof step);
    for (i = BARK_TAG_STEP; i < len; i += BARK_TAG_STEP) {
        memcpy(&step, from + i, sizeof step);
        memcpy(to + i, &step, sizeof step);
    }
    return to + len;
}

/* A local name in the pool. */
BARK_INLINE struct bark_slice bark_tag_local(const struct bark_image *image, uint16_t name)
{
    const uint32_t row = image->names[name];
    const struct bark_slice local = { image->pool + bark_name_offset(row), bark_name_len(row) };
    return local;
}

BARK_INLINE uint8_t *bark_tag_local_put(const struct bark_encoder *e, uint8_t *to, struct bark_slice local)
{
    if (local.ptr + local.len <= e->lead.pool_steps)
        return bark_tag_steps(to, local.ptr, local.len);
    memcpy(to, local.ptr, local.len); /* at the pool's end */
    return to + local.len;
}

/* Room that an element's two tags may need, steps included. */
BARK_INLINE size_t bark_tag_room(const struct bark_encoder *e, size_t local_len)
{
    return 2 * (e->lead.len + local_len + BARK_TAG_STEP + BARK_TAG_MARKS);
}

/* Makes e->lead that of the namespace; false when its elements are not for the quick way. */
bool bark_tag_lead_set(struct bark_encoder *e, uint8_t ns);

BARK_INLINE bool bark_tag_lead(struct bark_encoder *e, uint8_t ns)
{
    return e->lead.of == ns + 1U || bark_tag_lead_set(e, ns);
}

/* "<p:name", behind the '>' that may be owed. */
BARK_INLINE uint8_t *bark_tag_open_put(const struct bark_encoder *e, uint8_t *to, struct bark_slice local)
{
    *to = '>';
    to += e->tag_open;
    return bark_tag_local_put(e, bark_tag_steps(to, e->lead.open, e->lead.len), local);
}

/* "</p:name>" */
BARK_INLINE uint8_t *bark_tag_close_put(const struct bark_encoder *e, uint8_t *to, struct bark_slice local)
{
    to = bark_tag_local_put(e, bark_tag_steps(to, e->lead.close, e->lead.len + 1U), local);
    *to++ = '>';
    return to;
}

/* The same from the start tag's "p:name>". */
BARK_INLINE uint8_t *bark_tag_again_put(uint8_t *to, struct bark_slice name)
{
    memcpy(to, "</", 2);
    return bark_tag_steps(to + 2, name.ptr, name.len);
}

#endif
