/* engine/plan.h - a plan: the field rows of an image, unpacked, and their tags, ready to be copied.
 *
 * An image is small: a field row refers to a trait row, a type row and a name row, and a tag is put together
 * from a prefix and a name. A plan is the same once more, quick instead: a row of 32 bytes tells all that the
 * quick way of writing needs to know of a field, or that the field is not for the quick way. It is made once
 * (plan.c), in memory of the image's owner, and then constant. Rows have the numbers of the field rows.
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

#ifdef BARK_COMPACT
#define BARK_HAS_PLAN 0
#else
#define BARK_HAS_PLAN 1
#endif

struct bark_encoder;

struct bark_plan {
    /* encode_plan.c: what bark_encode_run() does. Here, so that only who makes a plan links it. */
    void (*encode)(struct bark_encoder *e, const struct bark_plan *plan);
    const struct bark_plan_field *fields;
};

void bark_encode_plan(struct bark_encoder *e, const struct bark_plan *plan);

#endif
