/* engine/pattern.c - the matcher of pattern facets. */
#include "engine/pattern.h"

struct bark_pattern_run bark_pattern_start(const struct bark_image *image, const struct bark_pattern_row *row)
{
    const struct bark_pattern_run run = {
        image->pool + row->classes_map,
        image->pool + row->next,
        image->pool + row->accept,
        row->classes,
        1,
        row->states > BARK_PATTERN_NARROW,
    };
    return run;
}

void bark_pattern_feed(struct bark_pattern_run *run, struct bark_slice text)
{
    size_t i;
    for (i = 0; i < text.len; i++) {
        const size_t cell = (size_t)run->state * run->classes + run->classes_map[text.ptr[i]];
        run->state = run->next[cell << run->wide];
        if (run->wide)
            run->state |= (uint16_t)(run->next[2 * cell + 1] << 8);
    }
}

bool bark_pattern_accepts(const struct bark_pattern_run *run)
{
    return run->accept[run->state / 8] >> run->state % 8 & 1;
}
