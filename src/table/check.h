/* table/check.h - what the parts of the image checker share.
 *
 * The checker has no memory of its own beyond this record: each rule of docs/table-format.md is proved by one
 * look at each row, helped by the order that the rows must keep.
 */
#ifndef BARK_TABLE_CHECK_H
#define BARK_TABLE_CHECK_H

#include "soapbark/image.h"

struct bark_check {
    const struct bark_image *image;
    struct bark_error *err;
    uint32_t texts_end; /* pool offset where the texts end and DFA tables may begin */
    uint32_t fields_end, facets_end, lists_end; /* ends of the ranges that earlier rows own */
};

/* Records the refusal of a row: its byte offset, and its section and number as the path. */
enum bark_code bark_check_refuse(const struct bark_check *c, enum bark_section section, size_t index,
                                 const char *rule);
#ifdef BARK_TERSE
#define bark_check_refuse(c, section, index, rule) bark_check_refuse(c, section, index, BARK_RULE(rule))
#endif

#define BARK_RULE_T9 "T9: a text lies in the pool, starts with a character and ends with NUL"
#define BARK_RULE_T9_NAME "T9: a name lies in the pool and consists of whole characters"
#define BARK_RULE_LEFT_OUT "T12: this engine was built without what the row needs"
#define BARK_RULE_T11 "T11: an index names an existing row"

/* T9: the pool holds this text. */
bool bark_check_text(const struct bark_check *c, uint32_t offset, uint32_t len);

/* T9: the pool holds this name; the row exists. */
bool bark_check_name(const struct bark_check *c, uint16_t row);

/* True when [first, first + count) exists and starts at or after *end, which then moves to its end. A range
 * without rows is always fine. This is what keeps the whole check linear: no row is looked at for two owners.
 */
bool bark_check_range(uint32_t first, uint32_t count, uint32_t total, uint32_t *end);

static inline bool bark_kind_is_value(uint8_t kind)
{
    return kind >= BARK_KIND_ENUM && kind < BARK_KIND_COUNT;
}

/* _Alignof the C struct of a STRUCT or GROUP row. */
static inline size_t bark_struct_align(const struct bark_type_row *row)
{
    return (size_t)8 >> ((row->flags & BARK_TYPE_ALIGN) >> 4);
}

/* Size and alignment of the C type of a value kind; false for STRUCT, GROUP, ENUM and what is no kind. */
bool bark_kind_layout(uint8_t kind, size_t *size, size_t *align);

/* Parts of the check. All return BARK_OK or have filled c->err. */
BARK_MUST_CHECK enum bark_code bark_check_patterns(struct bark_check *c); /* T32; sets texts_end */
BARK_MUST_CHECK enum bark_code bark_check_pool(struct bark_check *c); /* T8 */
BARK_MUST_CHECK enum bark_code bark_check_texts(struct bark_check *c); /* T9, T10 */
BARK_MUST_CHECK enum bark_code bark_check_type(struct bark_check *c,
                                               size_t index); /* T12 to T16, T28 to T31 */
BARK_MUST_CHECK enum bark_code bark_check_members(struct bark_check *c, size_t index); /* T17 to T27 */
BARK_MUST_CHECK enum bark_code bark_check_typed(struct bark_check *c, size_t index); /* of a TYPED row: T37 */
BARK_MUST_CHECK enum bark_code bark_check_wildcards(struct bark_check *c); /* T33, T38; FIRSTS rows too */
/* The rule that a reference to a wildcard row breaks, or NULL (T11, T38). */
const char *bark_check_wildcard_used(const struct bark_image *im, uint16_t row);
BARK_MUST_CHECK enum bark_code bark_check_messages(struct bark_check *c); /* T34 to T36 */
BARK_MUST_CHECK enum bark_code bark_check_https(struct bark_check *c); /* T40, T41 */

#endif
