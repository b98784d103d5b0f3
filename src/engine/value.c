/* engine/value.c - simple values: the table of kinds, and the path that every value takes.
 *
 * Reading: white space, then the kind's own form, then facets. Writing: the kind's own checks and form, then
 * facets on the value and patterns on the form. A failure leaves the member zero and the arena as it was.
 */
#include "engine/typed.h"
#include "engine/value_kind.h"

#include <assert.h>
#include <string.h>

#ifdef BARK_COMPACT
#define READ(function, quick_function) .read = (function)
#else
#define READ(function, quick_function) .read = (function), .quick = (quick_function)
#endif

#ifdef BARK_TERSE
#define RULE(text)
#else
#define RULE(text) .rule = (text)
#endif

/* A kind that the build leaves out; no image that is open has a row of it (table/kind_layout.h). */
#define NO_ROW(c_type) \
    { \
        .size = sizeof(c_type) \
    }

#define TEXT_ROW(white_space, rule_text) \
    { \
        .read = bark_text_read, .write = bark_text_write, .order = bark_text_order, \
        .size = sizeof(struct bark_text), .white = white_space, .tells_absence = true, RULE(rule_text) \
    }
#define INT_ROW(c_type, rule_text) \
    { \
        READ(bark_int_read, bark_int_quick), .write = bark_int_write, .order = bark_int_order, \
                                             .size = sizeof(c_type), .white = BARK_WHITE_COLLAPSE, \
                                             .forms = BARK_INT_FORMS, RULE(rule_text) \
    }
#ifdef BARK_WITHOUT_DECIMAL
#define DECIMAL_ROW(rule_text) NO_ROW(struct bark_text)
#else
#define DECIMAL_ROW(rule_text) \
    { \
        .read = bark_decimal_read, .write = bark_decimal_write, .order = bark_decimal_order, \
        .size = sizeof(struct bark_text), .white = BARK_WHITE_COLLAPSE, .tells_absence = true, \
        RULE(rule_text) \
    }
#endif
#ifdef BARK_WITHOUT_FLOAT
#define FLOAT_ROW(c_type, rule_text) NO_ROW(c_type)
#else
#define FLOAT_ROW(c_type, rule_text) \
    { \
        READ(bark_float_read, bark_float_quick), .write = bark_float_write, .order = bark_float_order, \
                                                 .size = sizeof(c_type), .white = BARK_WHITE_COLLAPSE, \
                                                 .forms = BARK_FLOAT_FORMS, RULE(rule_text) \
    }
#endif
#ifdef BARK_WITHOUT_TIME
#define TIME_ROW(rule_text) NO_ROW(struct bark_time)
#else
#define TIME_ROW(rule_text) \
    { \
        READ(bark_time_read, bark_time_quick), \
            .write = bark_time_write, .order = bark_time_order, .size = sizeof(struct bark_time), \
            .white = BARK_WHITE_COLLAPSE, .forms = BARK_TIME_FORMS, RULE(rule_text) \
    }
#endif

const struct bark_kind_ops bark_kind_rows[] = {
    [BARK_KIND_STRUCT] = { .read = NULL },
    [BARK_KIND_GROUP] = { .read = NULL },
    /* The compiler adds a whiteSpace row when the base type is not plain string. */
    [BARK_KIND_ENUM] = { READ(bark_enum_read, bark_enum_quick), .write = bark_enum_write,
                         .white = BARK_WHITE_PRESERVE, .tells_absence = true },
    [BARK_KIND_LIST] = { .size = sizeof(struct bark_array), .white = BARK_WHITE_COLLAPSE },
    [BARK_KIND_UNION] = { .size = sizeof(struct bark_union),
                          .white = BARK_WHITE_PRESERVE,
                          .tells_absence = true },
    [BARK_KIND_STRING] = TEXT_ROW(BARK_WHITE_PRESERVE, "[XSD2 3.2.1] string"),
    [BARK_KIND_NORMALIZED] = TEXT_ROW(BARK_WHITE_REPLACE, "[XSD2 3.3.1] normalizedString"),
    [BARK_KIND_TOKEN] = TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.3.2] token"),
    [BARK_KIND_LANGUAGE] = TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.3.3] a language tag is like en or de-AT"),
    [BARK_KIND_NAME] = TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.3.6] a Name is an XML name"),
    [BARK_KIND_NCNAME] =
        TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.3.7] an NCName is an XML name without colons"),
    [BARK_KIND_NMTOKEN] = TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.3.4] an NMTOKEN holds only name characters"),
    [BARK_KIND_ANYURI] =
        TEXT_ROW(BARK_WHITE_COLLAPSE, "[XSD2 3.2.17] an anyURI is a URI reference after escaping"),
    [BARK_KIND_BOOLEAN] = { READ(bark_boolean_read, bark_boolean_quick), .write = bark_boolean_write,
                            .order = bark_boolean_order, .size = sizeof(bool), .white = BARK_WHITE_COLLAPSE,
                            RULE("[XSD2 3.2.2] a boolean is true, false, 1 or 0") },
    [BARK_KIND_INT8] = INT_ROW(int8_t, "[XSD2 3.3.19] a byte is an integer from -128 to 127"),
    [BARK_KIND_INT16] = INT_ROW(int16_t, "[XSD2 3.3.18] a short is an integer from -32768 to 32767"),
    [BARK_KIND_INT32] = INT_ROW(int32_t, "[XSD2 3.3.17] an int is an integer from -2147483648 to 2147483647"),
    [BARK_KIND_INT64] = INT_ROW(int64_t, "[XSD2 3.3.16] a long is an integer from -9223372036854775808 to "
                                         "9223372036854775807"),
    [BARK_KIND_UINT8] = INT_ROW(uint8_t, "[XSD2 3.3.24] an unsignedByte is an integer from 0 to 255"),
    [BARK_KIND_UINT16] = INT_ROW(uint16_t, "[XSD2 3.3.23] an unsignedShort is an integer from 0 to 65535"),
    [BARK_KIND_UINT32] = INT_ROW(uint32_t, "[XSD2 3.3.22] an unsignedInt is an integer from 0 to 4294967295"),
    [BARK_KIND_UINT64] = INT_ROW(uint64_t, "[XSD2 3.3.21] an unsignedLong is an integer from 0 to "
                                           "18446744073709551615"),
    [BARK_KIND_INTEGER] = DECIMAL_ROW("[XSD2 3.3.13] an integer is digits after an optional sign"),
    [BARK_KIND_DECIMAL] = DECIMAL_ROW("[XSD2 3.2.3] a decimal is digits, a sign and a point at most"),
    [BARK_KIND_FLOAT] =
        FLOAT_ROW(float, "[XSD2 3.2.4] a float is a decimal, with an exponent or not, INF, -INF "
                         "or NaN"),
    [BARK_KIND_DOUBLE] =
        FLOAT_ROW(double, "[XSD2 3.2.5] a double is a decimal, with an exponent or not, INF, "
                          "-INF or NaN"),
    [BARK_KIND_DATETIME] = TIME_ROW("[XSD2 3.2.7] a dateTime is like 2026-02-28T23:59:59.5Z"),
    [BARK_KIND_DATE] = TIME_ROW("[XSD2 3.2.9] a date is like 2026-02-28 or 2026-02-28+01:00"),
    [BARK_KIND_TIME] = TIME_ROW("[XSD2 3.2.8] a time is like 23:59:59 or 23:59:59.5Z"),
    [BARK_KIND_GYEAR] = TIME_ROW("[XSD2 3.2.11] a gYear is like 2026"),
    [BARK_KIND_GYEARMONTH] = TIME_ROW("[XSD2 3.2.10] a gYearMonth is like 2026-02"),
    [BARK_KIND_GMONTH] = TIME_ROW("[XSD2 3.2.14] a gMonth is like --02"),
    [BARK_KIND_GMONTHDAY] = TIME_ROW("[XSD2 3.2.12] a gMonthDay is like --02-28"),
    [BARK_KIND_GDAY] = TIME_ROW("[XSD2 3.2.13] a gDay is like ---28"),
#ifdef BARK_WITHOUT_DURATION
    [BARK_KIND_DURATION] = NO_ROW(struct bark_duration),
#else
    [BARK_KIND_DURATION] = { .read = bark_duration_read,
                             .write = bark_duration_write,
                             .order = bark_duration_order,
                             .size = sizeof(struct bark_duration),
                             .white = BARK_WHITE_COLLAPSE,
                             RULE("[XSD2 3.2.6] a duration is like P1Y2M3DT4H5M6.7S") },
#endif
#ifdef BARK_WITHOUT_BINARY
    [BARK_KIND_BASE64] = NO_ROW(struct bark_bytes),
    [BARK_KIND_HEX] = NO_ROW(struct bark_bytes),
#else
    [BARK_KIND_BASE64] = { .read = bark_base64_read,
                           .write = bark_base64_write,
                           .order = bark_bytes_order,
                           .size = sizeof(struct bark_bytes),
                           .white = BARK_WHITE_COLLAPSE,
                           .tells_absence = true,
                           RULE("[XSD2 3.2.16] base64Binary is groups of four with canonical padding") },
    [BARK_KIND_HEX] = { .read = bark_hex_read,
                        .write = bark_hex_write,
                        .order = bark_bytes_order,
                        .size = sizeof(struct bark_bytes),
                        .white = BARK_WHITE_COLLAPSE,
                        .tells_absence = true,
                        .forms = BARK_HEX_FORMS,
                        RULE("[XSD2 3.2.15] hexBinary is pairs of hexadecimal digits") },
#endif
#ifdef BARK_WITHOUT_QNAME
    [BARK_KIND_QNAME] = NO_ROW(struct bark_qname),
#else
    [BARK_KIND_QNAME] = { .read = bark_qname_read,
                          .write = bark_qname_write,
                          .size = sizeof(struct bark_qname),
                          .white = BARK_WHITE_COLLAPSE,
                          .tells_absence = true,
                          RULE("[XSD2 3.2.18] a QName is an NCName, or two joined by a colon") },
#endif
};
static_assert(sizeof bark_kind_rows / sizeof *bark_kind_rows == BARK_KIND_COUNT, "a new kind needs its row");

bool bark_type_tells_absence(const struct bark_type_row *type)
{
    return type->model == BARK_MODEL_TYPED || bark_kind_rows[type->kind].tells_absence;
}

static bool is_absent(const struct bark_type_row *type, const void *member)
{
    if (!bark_kind_rows[type->kind].tells_absence)
        return false;
    if (type->kind == BARK_KIND_ENUM)
        return bark_enum_get(type, member) == 0;
    if (type->kind == BARK_KIND_UNION)
        return ((const struct bark_union *)member)->text.ptr == NULL;
    if (type->kind == BARK_KIND_QNAME)
        return ((const struct bark_qname *)member)->local.ptr == NULL;
    if (type->kind == BARK_KIND_BASE64 || type->kind == BARK_KIND_HEX)
        return ((const struct bark_bytes *)member)->ptr == NULL;
    return ((const struct bark_text *)member)->ptr == NULL;
}

bool bark_value_absent(const struct bark_image *image, uint16_t type, const void *member)
{
    if (bark_type_is_typed(image, type))
        return bark_typed_which(image, type, member) == 0;
    return is_absent(&image->types[type], member);
}

enum bark_code bark_value_read_bare(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const enum bark_code code = bark_white_apply(call, &text);
    return code == BARK_OK ? bark_kind_rows[call->type->kind].read(call, text, member) : code;
}

static enum bark_code atom_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const struct bark_kind_ops *ops = &bark_kind_rows[call->type->kind];
    enum bark_code code;
    if (!ops->read)
        return bark_value_refuse(call, BARK_ERR_IMAGE, "[XSD2 2.5.1] lists and unions are made of atoms");
    code = bark_white_apply(call, &text);
    if (code == BARK_OK)
        code = ops->read(call, text, member);
    if (code == BARK_OK && !(call->type->flags & BARK_TYPE_PLAIN))
        code = bark_facets_read(call, text, member);
    if (code != BARK_OK && !call->error->rule)
        call->error->rule = bark_kind_rule(ops);
    return code;
}

/* What a list may hold: atoms and unions of atoms [XSD2 2.5.1.2]. An item has no white space to treat. */
static enum bark_code item_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    enum bark_code code;
    if (!BARK_HAS_LIST || call->type->kind != BARK_KIND_UNION)
        return atom_read(call, text, member);
    code = bark_union_read(call, text, member, atom_read);
    return code == BARK_OK ? bark_facets_read(call, text, member) : code;
}

/* What a union may hold: atoms and lists [XSD2 2.5.1.3]. */
static enum bark_code part_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    enum bark_code code;
    if (!BARK_HAS_LIST || call->type->kind != BARK_KIND_LIST)
        return atom_read(call, text, member);
    code = bark_list_read(call, text, member, item_read);
    if (code != BARK_OK || call->type->flags & BARK_TYPE_PLAIN)
        return code;
    code = bark_white_apply(call, &text);
    return code == BARK_OK ? bark_facets_read(call, text, member) : code;
}

static enum bark_code union_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const struct bark_union *choice = member;
    const enum bark_code code = bark_union_read(call, text, member, part_read);
    text = (struct bark_slice){ (const uint8_t *)choice->text.ptr, choice->text.len };
    return code == BARK_OK ? bark_facets_read(call, text, member) : code;
}

enum bark_code bark_value_read(const struct bark_value_scope *scope, uint16_t type, struct bark_slice text,
                               void *member, struct bark_value_error *error)
{
    const struct bark_value_call call = { scope, &scope->image->types[type], error, 0 };
    const size_t mark = scope->arena->used;
    enum bark_code code;
    bark_value_error_clear(error);
    code = BARK_HAS_LIST && call.type->kind == BARK_KIND_UNION ? union_read(&call, text, member)
                                                               : part_read(&call, text, member);
    if (code != BARK_OK) {
        scope->arena->used = mark;
        memset(member, 0, call.type->size);
    }
    return code;
}

static const char no_value[] = "[XSD1 3.3.4] there is no value to write";

/* Writes an atom, list or union by its kind's own form, or by another one that the type's patterns take. */
static enum bark_code form_write(const struct bark_value_call *call, const void *member, struct bark_out *out,
                                 bark_value_writer *write)
{
    const bool plain = call->type->flags & BARK_TYPE_PLAIN;
    struct bark_value_call own = *call;
    enum bark_code code;
    if (!write)
        return bark_value_refuse(call, BARK_ERR_IMAGE, "[XSD2 2.5.1] lists and unions are made of atoms");
    if (is_absent(call->type, member))
        return bark_value_refuse(call, BARK_ERR_MISSING, no_value);
    if (!plain && bark_kind_rows[call->type->kind].forms > 0)
        own.form = bark_facets_form(call, member, write);
    code = write(&own, member, out);
    if (code == BARK_OK && !plain)
        code = bark_facets_write(&own, member, write);
    if (code != BARK_OK && !call->error->rule)
        call->error->rule = bark_kind_rule(&bark_kind_rows[call->type->kind]);
    return code;
}

enum bark_code bark_value_text(const struct bark_value_scope *scope, uint16_t type, const void *member,
                               struct bark_slice *text, struct bark_value_error *error)
{
    const struct bark_value_call call = { scope, &scope->image->types[type], error, 0 };
    const struct bark_kind_ops *ops = &bark_kind_rows[call.type->kind];
    enum bark_code code;
    bark_value_error_clear(error);
    if (is_absent(call.type, member))
        return bark_value_refuse(&call, BARK_ERR_MISSING, no_value);
    code = call.type->kind == BARK_KIND_ENUM ? bark_enum_judge(&call, member, text)
                                             : bark_text_judge(&call, member, text);
    if (code == BARK_OK && !(call.type->flags & BARK_TYPE_PLAIN))
        code = bark_facets_write(&call, member, ops->write);
    if (code != BARK_OK && !error->rule)
        error->rule = bark_kind_rule(ops);
    return code;
}

static enum bark_code union_write(const struct bark_value_call *call, const void *member,
                                  struct bark_out *out)
{
    return bark_union_write(call, member, out, part_read);
}

static enum bark_code item_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    return form_write(call, member, out,
                      BARK_HAS_LIST && call->type->kind == BARK_KIND_UNION
                          ? union_write
                          : bark_kind_rows[call->type->kind].write);
}

static enum bark_code list_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    return bark_list_write(call, member, out, item_write);
}

enum bark_code bark_value_write(const struct bark_value_scope *scope, uint16_t type, const void *member,
                                struct bark_out *out, struct bark_value_error *error)
{
    const struct bark_value_call call = { scope, &scope->image->types[type], error, 0 };
    bark_value_error_clear(error);
    if (BARK_HAS_LIST && call.type->kind == BARK_KIND_LIST)
        return form_write(&call, member, out, list_write);
    return item_write(&call, member, out);
}
