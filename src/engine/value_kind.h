/* engine/value_kind.h - how the kinds of simple values plug into one table.
 *
 * A kind is a row of functions: read and write as a pair, and an order. The functions see text whose white
 * space is already normalised, and know nothing of facets; value.c and facet.c do the rest for all kinds.
 */
#ifndef BARK_ENGINE_VALUE_KIND_H
#define BARK_ENGINE_VALUE_KIND_H

#include "base/without.h"
#include "engine/value.h"

/* [XSD2 4.3.6] The numbers are those of a whiteSpace facet row. */
enum bark_white { BARK_WHITE_PRESERVE, BARK_WHITE_REPLACE, BARK_WHITE_COLLAPSE };

/* [XSD2 4.2.2] Order is partial: two values may be incomparable. */
enum bark_order { BARK_ORDER_LESS, BARK_ORDER_EQUAL, BARK_ORDER_GREATER, BARK_ORDER_NONE };

/* How far a quick reader may look. */
enum { BARK_QUICK_AHEAD = 64 };

struct bark_value_call {
    const struct bark_value_scope *scope;
    const struct bark_type_row *type;
    struct bark_value_error *error;
    uint8_t form; /* writing: which form of the value, for patterns; 0: the canonical one */
};

struct bark_kind_ops {
    /* Text to *member, which is zero; anything may stand there after a failure. Leaving error->rule NULL
     * means the row's own rule. */
    enum bark_code (*read)(const struct bark_value_call *call, struct bark_slice text, void *member);
    /* Reads the kind's usual form straight from a document, where it stands without white space between `at`
     * and the byte stop: gives the address of stop, with *member filled as read() would have. NULL decides
     * nothing, and anything may stand in *member. BARK_QUICK_AHEAD bytes are readable at `at`. May be NULL.
     */
#ifndef BARK_COMPACT
    const uint8_t *(*quick)(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                            void *member);
#endif
    /* *member to text, refusing what no reader would accept. */
    enum bark_code (*write)(const struct bark_value_call *call, const void *member, struct bark_out *out);
    /* Order, or for kinds without one only BARK_ORDER_EQUAL and BARK_ORDER_NONE. NULL for ENUM and QNAME,
     * which facet.c compares by their names. */
    enum bark_order (*order)(enum bark_kind kind, const void *a, const void *b);
    uint8_t size; /* of the C type; 0: the type row's own */
    uint8_t white; /* enum bark_white, unless a facet row says otherwise */
    bool tells_absence;
    uint8_t forms; /* forms of a value beside the canonical one that write() knows */
#ifndef BARK_TERSE
    const char *rule; /* what a text that is refused is not */
#endif
};

/* The row of an atomic kind; LIST and UNION have none (their read is NULL). */
extern const struct bark_kind_ops bark_kind_rows[BARK_KIND_COUNT];

static inline const struct bark_kind_ops *bark_kind_row(enum bark_kind kind)
{
    return &bark_kind_rows[kind];
}

static inline const char *bark_kind_rule(const struct bark_kind_ops *ops)
{
#ifdef BARK_TERSE
    (void)ops;
    return NULL;
#else
    return ops->rule;
#endif
}

/* Room for a value of any kind. */
union bark_value_room {
    struct bark_text text;
    struct bark_bytes bytes;
    struct bark_qname qname;
    struct bark_time time;
    struct bark_duration duration;
    struct bark_union choice;
    struct bark_array list;
    double number;
    uint64_t word;
};

static inline enum bark_code bark_value_refuse(const struct bark_value_call *call, enum bark_code code,
                                               const char *rule)
{
    call->error->rule = rule;
    return code;
}
#ifdef BARK_TERSE
#define bark_value_refuse(call, code, rule) bark_value_refuse(call, code, BARK_RULE(rule))
#endif

/* The address and C size of a type's values. */
static inline const struct bark_type_row *bark_value_type(const struct bark_value_call *call, uint16_t type)
{
    return &call->scope->image->types[type];
}

/* value.c: reads text as the atomic kind of call->type, white space normalised, facets not looked at. For
 * facet.c, which compares with the texts of facet rows. */
enum bark_code bark_value_read_bare(const struct bark_value_call *call, struct bark_slice text, void *member);

/* value_white.c: [XSD2 4.3.6] the white space treatment of a type, text so treated (a copy in the arena when
 * something inside changes), and whether a text is already as treated. */
enum bark_white bark_white_of(const struct bark_image *image, const struct bark_type_row *type);
enum bark_code bark_white_apply(const struct bark_value_call *call, struct bark_slice *text);
bool bark_white_done(enum bark_white white, struct bark_slice text);
/* Takes the next run of non-space bytes off the front of *text; false when there is none. */
bool bark_white_item(struct bark_slice *text, struct bark_slice *item);

/* value_list.c: lists and unions, over the functions for their parts. */
typedef enum bark_code bark_value_reader(const struct bark_value_call *call, struct bark_slice text,
                                         void *member);
typedef enum bark_code bark_value_writer(const struct bark_value_call *call, const void *member,
                                         struct bark_out *out);
enum bark_code bark_list_read(const struct bark_value_call *call, struct bark_slice text, void *member,
                              bark_value_reader *item_read);
enum bark_code bark_list_write(const struct bark_value_call *call, const void *member, struct bark_out *out,
                               bark_value_writer *item_write);
enum bark_code bark_union_read(const struct bark_value_call *call, struct bark_slice text, void *member,
                               bark_value_reader *part_read);
enum bark_code bark_union_write(const struct bark_value_call *call, const void *member, struct bark_out *out,
                                bark_value_reader *part_read);

/* value_text.c: string, normalizedString, token, language, Name, NCName, NMTOKEN, anyURI, boolean. */
enum bark_code bark_text_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_text_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
enum bark_order bark_text_order(enum bark_kind kind, const void *a, const void *b);
enum bark_code bark_boolean_read(const struct bark_value_call *call, struct bark_slice text, void *member);
const uint8_t *bark_boolean_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                                  void *member);
enum bark_code bark_boolean_write(const struct bark_value_call *call, const void *member,
                                  struct bark_out *out);
/* [XSD2 3.2.2.2] true or false, unless the type's patterns want 1 and 0. */
const char *bark_boolean_form(const struct bark_image *image, const struct bark_type_row *type, bool truth);
enum bark_order bark_boolean_order(enum bark_kind kind, const void *a, const void *b);
/* Any byte but 0 is true: a program may have left one in a bool that is none, and nothing may count on it. */
static inline bool bark_boolean_get(const void *member)
{
    static_assert(sizeof(bool) == 1, "a byte tells all of it");
    return *(const uint8_t *)member != 0;
}

/* Whether a text of characters of XML, its white space normalised, has the form of the kind. */
bool bark_text_form_is(enum bark_kind kind, struct bark_slice text);
/* What a writer would write, or why it would not. */
enum bark_code bark_text_judge(const struct bark_value_call *call, const void *member,
                               struct bark_slice *text);
/* Copies text to the arena as a bark_text. */
enum bark_code bark_text_keep(const struct bark_value_call *call, struct bark_slice text,
                              struct bark_text *kept);
/* Writes text in pieces that fit a small buffer with make_room. */
void bark_text_put(struct bark_out *out, struct bark_slice text);

/* value_enum.c: enumerations of strings. */
enum bark_code bark_enum_read(const struct bark_value_call *call, struct bark_slice text, void *member);
const uint8_t *bark_enum_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                               void *member);
enum bark_code bark_enum_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
enum bark_code bark_enum_judge(const struct bark_value_call *call, const void *member,
                               struct bark_slice *text);
/* A compiler may give an enum fewer bytes than an int; the row's size says how many. */
static inline uint32_t bark_enum_get(const struct bark_type_row *type, const void *member)
{
    if (type->size == sizeof(uint32_t))
        return *(const uint32_t *)member;
    return type->size == 1 ? *(const uint8_t *)member : *(const uint16_t *)member;
}
/* The text of a value that is in range. */
struct bark_slice bark_enum_text(const struct bark_value_call *call, const void *member);

/* value_number.c: the integers by width, integer and decimal of any length. */
enum bark_code bark_int_read(const struct bark_value_call *call, struct bark_slice text, void *member);
const uint8_t *bark_int_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                              void *member);
enum bark_code bark_int_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
enum bark_order bark_int_order(enum bark_kind kind, const void *a, const void *b);
enum bark_code bark_decimal_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_decimal_write(const struct bark_value_call *call, const void *member,
                                  struct bark_out *out);
enum bark_order bark_decimal_order(enum bark_kind kind, const void *a, const void *b);
/* Order of an integer kind against a facet row's bound. */
enum bark_order bark_int_order_bound(enum bark_kind kind, const void *member, int64_t bound);
/* [XSD2 4.3.11, 4.3.12] Digits without leading zeros and without trailing zeros of the fraction. */
void bark_number_digits(enum bark_kind kind, const void *member, size_t *total, size_t *fraction);

/* How many forms the writers below know beside the canonical one. */
enum { BARK_INT_FORMS = 20, BARK_FLOAT_FORMS = 14, BARK_TIME_FORMS = 20, BARK_HEX_FORMS = 1 };

/* value_float.c */
enum bark_code bark_float_read(const struct bark_value_call *call, struct bark_slice text, void *member);
const uint8_t *bark_float_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                                void *member);
enum bark_code bark_float_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
/* The canonical form of any value; how many bytes of it count. */
enum { BARK_FLOAT_FORM_MAX = 48 };
size_t bark_float_form(uint8_t *to, enum bark_kind kind, const void *member);
enum bark_order bark_float_order(enum bark_kind kind, const void *a, const void *b);

/* value_time.c: dateTime and its eight relatives. */
enum bark_code bark_time_read(const struct bark_value_call *call, struct bark_slice text, void *member);
const uint8_t *bark_time_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                               void *member);
enum bark_code bark_time_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
/* The canonical form where 128 bytes may be written; NULL when a part is out of range. Not in a build for
 * size. */
uint8_t *bark_time_form(uint8_t *to, enum bark_kind kind, const struct bark_time *time);
enum bark_order bark_time_order(enum bark_kind kind, const void *a, const void *b);

/* value_duration.c */
enum bark_code bark_duration_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_duration_write(const struct bark_value_call *call, const void *member,
                                   struct bark_out *out);
/* The same; NULL for zero, and for fractions of a second too. */
uint8_t *bark_duration_form(uint8_t *to, const struct bark_duration *d);
enum bark_order bark_duration_order(enum bark_kind kind, const void *a, const void *b);

/* value_binary.c */
enum bark_code bark_base64_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_base64_write(const struct bark_value_call *call, const void *member,
                                 struct bark_out *out);
enum bark_code bark_hex_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_hex_write(const struct bark_value_call *call, const void *member, struct bark_out *out);
enum bark_order bark_bytes_order(enum bark_kind kind, const void *a, const void *b);

/* value_qname.c */
enum bark_code bark_qname_read(const struct bark_value_call *call, struct bark_slice text, void *member);
enum bark_code bark_qname_write(const struct bark_value_call *call, const void *member, struct bark_out *out);

/* facet.c: refuses a value for a facet row, and says which; whether a length row allows a length. */
enum bark_code bark_facet_refuse(const struct bark_value_call *call, const struct bark_facet_row *facet);
bool bark_facet_length_ok(const struct bark_facet_row *facet, uint64_t length);

/* facet.c: the form of the value that all patterns of the type take: the canonical one if it is, then the
 * others of its kind; 0 when there is none, which the patterns refuse. */
uint8_t bark_facets_form(const struct bark_value_call *call, const void *member, bark_value_writer *write);

/* facet.c: everything but white space. When reading, patterns look at the text; when writing, at what the
 * writer makes of the value. */
enum bark_code bark_facets_read(const struct bark_value_call *call, struct bark_slice text,
                                const void *member);
enum bark_code bark_facets_write(const struct bark_value_call *call, const void *member,
                                 bark_value_writer *write);

#endif
