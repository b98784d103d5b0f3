/* judge/all.c - counts the elements of an xs:all that the tables cannot count.
 *
 * Where some repeat (XSD 1.1), the tables read a repeated choice: any order, any number. An xs:all that may
 * be absent as a whole has optional members only. Here each element of the group is counted, and asked at the
 * end whether it came as often as it must [XSD1 3.8.4] [XSD11-1 3.8.4].
 */
#include "judge/walk.h"

static const struct soapc_particle *all_of(const struct soapc_type *type)
{
    const struct soapc_particle *p = type->complex ? type->particle : NULL;
    if (p && p->kind == SOAPC_PARTICLE_ALL && p->min == 0)
        return p;
    return p ? p->repeated_all : NULL;
}

bool soapc_all_start(struct judge *j, struct judge_frame *frame)
{
    const struct soapc_particle *all = frame->skip ? NULL : all_of(frame->type);
    if (!all)
        return true;
    frame->counts = bark_arena_alloc(j->arena, all->count + 1, sizeof *frame->counts);
    return frame->counts != NULL;
}

void soapc_all_count(const struct judge_frame *parent, const struct judge_frame *child)
{
    const struct soapc_particle *all = all_of(parent->type);
    for (size_t i = 0; parent->counts && i < all->count; i++)
        if (all->items[i]->element == child->declaration && parent->counts[i] < UINT32_MAX) {
            parent->counts[i]++;
            parent->counts[all->count]++;
        }
}

enum bark_code soapc_all_end(struct judge *j, const struct judge_frame *frame)
{
    const struct soapc_particle *all = all_of(frame->type);
    if (!frame->counts || frame->nil || (all->min == 0 && frame->counts[all->count] == 0))
        return BARK_OK;
    for (size_t i = 0; i < all->count; i++) {
        if (frame->counts[i] < all->items[i]->min)
            return bark_xml_fail(&j->r, BARK_ERR_MISSING, frame->offset,
                                 "[XSD11-1 3.8.4] an element of this xs:all comes more often");
        if (frame->counts[i] > all->items[i]->max)
            return bark_xml_fail(&j->r, BARK_ERR_UNEXPECTED, frame->offset,
                                 "[XSD11-1 3.8.4] an element of this xs:all comes less often");
    }
    return BARK_OK;
}
