/* engine/member.c - what the rows say of a member: how often it comes, and whether it is there.
 */
#include "engine/engine.h"
#include "engine/value.h"

#include <string.h>

struct bark_occurs bark_field_occurs(const struct bark_image *image, const struct bark_field_row *f)
{
    const unsigned bits = bark_field_bits(image, f);
    struct bark_occurs occurs = { (bits & BARK_F_REQUIRED) != 0, bits & BARK_F_REPEATED ? UINT32_MAX : 1 };
    if (bits & BARK_F_OCCURS) {
        const struct bark_extra_row *extra = bark_field_extra(image, f);
        occurs = (struct bark_occurs){ extra->occurs_min, extra->occurs_max };
    }
    if (BARK_HAS_GROUP && (bits & BARK_F_KIND) == BARK_FIELD_GROUP &&
        image->types[f->type].flags & BARK_TYPE_NULLABLE)
        occurs.min = 0;
    return occurs;
}

enum bark_presence bark_member_presence(const struct bark_image *image, const struct bark_type_row *type,
                                        const uint8_t *base, const struct bark_field_row *f)
{
    const struct bark_trait_row *trait = bark_field_trait(image, f);
    const bool choice = BARK_HAS_GROUP && type->model == BARK_MODEL_CHOICE;
    const uint8_t *member = base + f->offset;
    uint8_t has = BARK_PRESENT;
    if (trait->bits & BARK_F_REPEATED)
        return ((const struct bark_array *)(const void *)member)->count ? BARK_PRESENT : BARK_ABSENT;
    if (trait->has != BARK_NO_HAS)
        has = base[type->presence + (choice ? sizeof(uint16_t) : 0) + trait->has];
    if (has == BARK_NIL)
        return BARK_NIL;
    if (trait->bits & BARK_F_POINTER)
        return *(const void *const *)(const void *)member ? BARK_PRESENT : BARK_ABSENT;
    if ((trait->bits & BARK_F_KIND) == BARK_FIELD_ANY)
        return ((const struct bark_any *)(const void *)member)->xml.ptr ? BARK_PRESENT : BARK_ABSENT;
    if ((trait->bits & BARK_F_KIND) == BARK_FIELD_CONTENT)
        return ((const struct bark_text *)(const void *)member)->ptr ? BARK_PRESENT : BARK_ABSENT;
    if (f->type != BARK_NONE && bark_type_tells_absence(&image->types[f->type]))
        return bark_value_absent(image, f->type, member) ? BARK_ABSENT : BARK_PRESENT;
    if (choice)
        return BARK_PRESENT; /* `which` says so */
    return has == BARK_ABSENT ? BARK_ABSENT : BARK_PRESENT;
}
