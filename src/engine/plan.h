/* engine/plan.h - a plan: the field rows of an image, unpacked, and their tags, ready to be copied.
 *
 * An image is small: a field row refers to a trait row, a type row and a name row, and a tag is put together
 * from a prefix and a name. A plan is the same once more, quick instead: a row of 32 bytes tells all that the
 * quick way of writing needs to know of a field, one of 40 what that of reading needs, or that the field is
 * not for the quick way. It is made once (plan.c, plan_take.c), in memory of the image's owner, and then
 * constant. Rows have the numbers of the field rows.
 */
#ifndef BARK_ENGINE_PLAN_H
#define BARK_ENGINE_PLAN_H

#include "soapbark/image.h"

/* What to do with a field. */
enum bark_plan_op {
    BARK_PLAN_GENERAL, /* leave it to who looks at the image's rows */
    BARK_PLAN_SKIP, /* nothing at all */
    BARK_PLAN_NOTHING, /* nothing when the word at `where` is 0, else GENERAL */
    BARK_PLAN_TEXT, /* the content of a struct with simple content */
    BARK_PLAN_VALUE, /* an element or attribute of a simple type; and, one more, the same repeated */
    BARK_PLAN_VALUES,
    BARK_PLAN_LEAF, /* an element of a struct that has attributes only */
    BARK_PLAN_LEAVES,
    BARK_PLAN_STRUCT, /* of any other */
    BARK_PLAN_STRUCTS,
    BARK_PLAN_GROUP,
    BARK_PLAN_GROUPS
};

/* What kind of value, where it matters. */
enum bark_plan_value {
    BARK_PLAN_OTHER, /* ask the type */
    BARK_PLAN_STRING, /* of no more than `most` bytes, of which no facet can refuse one; a longer one is OTHER
                       */
    BARK_PLAN_ENUM,
    BARK_PLAN_INT32,
    BARK_PLAN_UINT32,
    BARK_PLAN_INT64,
    BARK_PLAN_BOOLEAN,
    BARK_PLAN_FLOAT, /* float or double */
    BARK_PLAN_TOKEN, /* a text of any form, but without spaces at its ends or two in a row */
    BARK_PLAN_URI,
    BARK_PLAN_NAME, /* a QName */
    BARK_PLAN_TIME, /* dateTime */
    BARK_PLAN_DURATION
};

/* How a member tells that it is there. */
enum bark_plan_presence {
    BARK_PLAN_ALWAYS,
    BARK_PLAN_HAS, /* by the byte at `where`, BARK_PRESENT or BARK_ABSENT; anything else is GENERAL */
    BARK_PLAN_POINTER, /* by the pointer at `where`, which is not NULL */
    BARK_PLAN_NUMBER /* an enumeration that is not 0 */
};

enum bark_plan_flags {
    BARK_PLAN_MAY_LACK = 1, /* nothing is to be said when it is not there */
    BARK_PLAN_BEHIND = 2 /* the member is a pointer to the struct or group */
};

enum {
    BARK_PLAN_TAG_MAX = 64, /* longer ones are GENERAL */
    BARK_PLAN_STEP = 32 /* so many bytes are readable from the beginning and from the end of each text */
};

struct bark_plan_field {
    /* An element: "<p:name>", and behind it "</p:name>". An attribute: " name=\"". */
    const uint8_t *tag;
    const struct bark_type_row *type;
    uint16_t offset, where; /* of the member, and of what tells that it is there, in the struct */
    uint16_t size; /* of an item */
    uint16_t most; /* see BARK_PLAN_STRING */
    uint16_t name; /* name row */
    uint8_t op, value, presence, flags;
    uint8_t tag_len; /* of the start tag or the attribute; the end tag has one byte more. 0: there is none */
    uint8_t ns; /* namespace row of the tag, below 64 */
};

/* What reading does with a field. */
enum bark_take_op {
    BARK_TAKE_GENERAL, /* leave it to who looks at the image's rows */
    BARK_TAKE_VALUE, /* an element or attribute of a simple type */
    BARK_TAKE_STRUCT, /* an element of a struct whose members have an order */
    BARK_TAKE_SKIP, /* nothing, and no attribute has its name */
    BARK_TAKE_POSITION
};

/* How its text is read; OTHER: see bark_run_quick(), QUICK: by the kind's own quick way. */
enum bark_take_value {
    BARK_TAKE_OTHER,
    BARK_TAKE_STRING, /* of no more than `most` bytes; a longer one is for who looks at the image's rows,
                       * unless that is ANY_LENGTH */
    BARK_TAKE_URI,
    BARK_TAKE_ENUM,
    BARK_TAKE_BOOLEAN,
    BARK_TAKE_INT32,
    BARK_TAKE_INT64,
    BARK_TAKE_QUICK
};

enum bark_take_flags {
    BARK_TAKE_MUST = 1, /* what follows cannot do without it; an attribute also when it has a default */
    BARK_TAKE_MANY = 2,
    BARK_TAKE_BOUNDS = 4, /* it may come so often only, or must */
    BARK_TAKE_BEHIND = 8, /* the member is a pointer to the struct */
    BARK_TAKE_SECRET = 16,
    BARK_TAKE_HAS = 32, /* the byte at `where` tells that it is there */
    BARK_TAKE_REST = 64 /* no field behind it must come */
};

enum { BARK_TAKE_NAME_MAX = 40, BARK_TAKE_ANY_LENGTH = UINT16_MAX }; /* longer names are GENERAL */

struct bark_plan_take {
    uint64_t name; /* its first eight bytes, the first one lowest, or all of it and zeros */
    const uint8_t *text; /* all of it. Of an attribute: name="  */
    const struct bark_type_row *type;
    uint16_t offset, where, size, most; /* as above */
    uint8_t op, value, flags;
    uint8_t len, shift; /* of the name; bits of `name` that are not of it */
    uint8_t ns;
};

#ifdef BARK_COMPACT
#define BARK_HAS_PLAN 0
#else
#define BARK_HAS_PLAN 1
#endif

struct bark_encoder;
struct bark_run;

struct bark_plan {
    /* encode_plan.c: what bark_encode_run() does. Here, so that only who makes a plan links it. */
    void (*encode)(struct bark_encoder *e, const struct bark_plan *plan);
    /* decode_plan.c: the same for bark_decode_run(). */
    void (*decode)(struct bark_run *run, const struct bark_plan *plan);
    const struct bark_plan_field *fields;
    const struct bark_plan_take *takes;
};

void bark_encode_plan(struct bark_encoder *e, const struct bark_plan *plan);
void bark_decode_plan(struct bark_run *run, const struct bark_plan *plan);

/* plan_take.c: the rows to read by, from those to write by; all are zero before. */
void bark_plan_takes_make(const struct bark_image *image, const struct bark_plan_field *written,
                          struct bark_plan_take *takes);

#endif
