/* engine/facet.c - the facets that judge a value. [XSD2 4.3]
 *
 * Rows of the image are walked in order; consecutive enumeration rows are alternatives, everything else must
 * hold by itself. Bounds and enumerations are compared in the value space: their texts are read as the kind
 * and ordered, so "1.0" meets the enumeration "1.00" and a dateTime its bound in another zone. Where order is
 * partial, incomparable means violated.
 */
#include "base/slice.h"
#include "base/utf8.h"
#include "engine/pattern.h"
#include "engine/value_kind.h"

#include <string.h>

static const char *const rules[BARK_FACET_COUNT] = {
    [BARK_FACET_LENGTH] = BARK_RULE("[XSD2 4.3.1] the value does not have the length its type asks for"),
    [BARK_FACET_MIN_LENGTH] = BARK_RULE("[XSD2 4.3.2] the value is shorter than its type allows"),
    [BARK_FACET_MAX_LENGTH] = BARK_RULE("[XSD2 4.3.3] the value is longer than its type allows"),
    [BARK_FACET_PATTERN] = BARK_RULE("[XSD2 4.3.4] the value does not match its type's pattern"),
    [BARK_FACET_ENUMERATION] = BARK_RULE("[XSD2 4.3.5] the value is not one of the enumeration"),
    [BARK_FACET_MIN_INCLUSIVE] = BARK_RULE("[XSD2 4.3.10] the value is below its type's minimum"),
    [BARK_FACET_MAX_INCLUSIVE] = BARK_RULE("[XSD2 4.3.7] the value is above its type's maximum"),
    [BARK_FACET_MIN_EXCLUSIVE] =
        BARK_RULE("[XSD2 4.3.9] the value is not above its type's exclusive minimum"),
    [BARK_FACET_MAX_EXCLUSIVE] =
        BARK_RULE("[XSD2 4.3.8] the value is not below its type's exclusive maximum"),
    [BARK_FACET_TOTAL_DIGITS] = BARK_RULE("[XSD2 4.3.11] the value has more digits than its type allows"),
    [BARK_FACET_FRACTION_DIGITS] =
        BARK_RULE("[XSD2 4.3.12] the value has more fraction digits than its type allows"),
};

static struct bark_slice facet_text(const struct bark_value_call *call, const struct bark_facet_row *facet)
{
    const struct bark_slice s = { call->scope->image->pool + facet->text, facet->text_len };
    return s;
}

/* What a diagnostic shows of a facet: a pattern's source, else the row's text, if it has one. */
static struct bark_slice facet_shown(const struct bark_value_call *call, const struct bark_facet_row *facet)
{
    const struct bark_image *image = call->scope->image;
    struct bark_slice s = facet_text(call, facet);
    if (facet->kind == BARK_FACET_PATTERN) {
        s.ptr = image->pool + image->patterns[facet->value].source;
        s.len = strlen((const char *)s.ptr); /* pool texts are NUL-terminated */
    }
    return s;
}

enum bark_code bark_facet_refuse(const struct bark_value_call *call, const struct bark_facet_row *facet)
{
    struct bark_value_error *error = call->error;
    const size_t room = sizeof error->expected / sizeof *error->expected;
    struct bark_slice shown = { NULL, 0 };
    if (BARK_HAS_REPORT)
        shown = facet_shown(call, facet);
    if (shown.len > 0 && error->expected_count < room)
        error->expected[error->expected_count++] = shown;
    else if (shown.len > 0)
        error->expected_more = true;
    return bark_value_refuse(call, BARK_ERR_FACET, rules[facet->kind]);
}

/* Whether the kind has a length, and which: octets, items or characters [XSD2 4.3.1]. QName and NOTATION have
 * none that means anything, so theirs is not judged. */
static bool length_of(const struct bark_type_row *type, const void *member, uint64_t *length)
{
    const struct bark_text *text = member;
    if (type->kind == BARK_KIND_BASE64 || type->kind == BARK_KIND_HEX)
        *length = ((const struct bark_bytes *)member)->len;
    else if (type->kind == BARK_KIND_LIST)
        *length = ((const struct bark_array *)member)->count;
    else if (type->kind >= BARK_KIND_STRING && type->kind <= BARK_KIND_ANYURI)
        *length = bark_utf8_count((struct bark_slice){ (const uint8_t *)text->ptr, text->len });
    else
        return false;
    return true;
}

bool bark_facet_length_ok(const struct bark_facet_row *facet, uint64_t length)
{
    const uint64_t bound = (uint64_t)facet->value;
    if (facet->kind == BARK_FACET_MIN_LENGTH)
        return length >= bound;
    if (facet->kind == BARK_FACET_MAX_LENGTH)
        return length <= bound;
    return length == bound;
}

static bool length_ok(const struct bark_type_row *type, const struct bark_facet_row *facet,
                      const void *member)
{
    uint64_t length;
#ifndef BARK_COMPACT
    if (facet->kind == BARK_FACET_MAX_LENGTH && type->kind >= BARK_KIND_STRING &&
        type->kind <= BARK_KIND_ANYURI && ((const struct bark_text *)member)->len <= (uint64_t)facet->value)
        return true; /* no text has more characters than bytes */
#endif
    return !length_of(type, member, &length) || bark_facet_length_ok(facet, length);
}

static bool digits_ok(const struct bark_type_row *type, const struct bark_facet_row *facet,
                      const void *member)
{
    size_t total, fraction;
    bark_number_digits((enum bark_kind)type->kind, member, &total, &fraction);
    return (facet->kind == BARK_FACET_TOTAL_DIGITS ? total : fraction) <= (uint64_t)facet->value;
}

/* Order of the value against the text of a facet row, read as the value's own kind. A text that is no value
 * of the kind is not ordered; running out of memory is no answer at all. */
static enum bark_code text_order(const struct bark_value_call *call, const void *member,
                                 struct bark_slice text, enum bark_order *order)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    struct bark_value_error ignored = { .rule = NULL };
    const struct bark_value_call other = { call->scope, call->type, &ignored, 0 };
    struct bark_arena *arena = call->scope->arena;
    const size_t mark = arena->used;
    union bark_value_room room;
    enum bark_code code;
    memset(&room, 0, sizeof room);
    *order = BARK_ORDER_NONE;
    code = bark_value_read_bare(&other, text, &room);
    if (code == BARK_OK)
        *order = bark_kind_row(kind)->order(kind, member, &room);
    arena->used = mark;
    return code == BARK_ERR_MEMORY ? bark_value_refuse(call, code, ignored.rule) : BARK_OK;
}

static enum bark_code bound_check(const struct bark_value_call *call, const struct bark_facet_row *facet,
                                  const void *member, bool *ok)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    enum bark_order order;
    enum bark_code code = BARK_OK;
    if (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_UINT64)
        order = bark_int_order_bound(kind, member, facet->value);
    else
        code = text_order(call, member, facet_text(call, facet), &order);
    if (facet->kind == BARK_FACET_MIN_EXCLUSIVE)
        *ok = order == BARK_ORDER_GREATER;
    else if (facet->kind == BARK_FACET_MAX_EXCLUSIVE)
        *ok = order == BARK_ORDER_LESS;
    else if (facet->kind == BARK_FACET_MIN_INCLUSIVE)
        *ok = order == BARK_ORDER_EQUAL || order == BARK_ORDER_GREATER;
    else
        *ok = order == BARK_ORDER_EQUAL || order == BARK_ORDER_LESS;
    return code;
}

static struct bark_slice slice_of(const struct bark_text *text)
{
    const struct bark_slice s = { (const uint8_t *)text->ptr, text->len };
    return s;
}

/* A QName's facet text is "{namespace}local", because a table has no prefixes in scope. */
static bool qname_is(const struct bark_qname *name, struct bark_slice text)
{
    const struct bark_slice ns = slice_of(&name->ns), local = slice_of(&name->local);
    if (text.len != ns.len + local.len + 2 || text.ptr[0] != '{' || text.ptr[ns.len + 1] != '}')
        return false;
    return bark_slice_equal(ns, (struct bark_slice){ text.ptr + 1, ns.len }) &&
           bark_slice_equal(local, (struct bark_slice){ text.ptr + ns.len + 2, local.len });
}

/* A union's value is one of the member type that took it: "01" of an int is the enumeration's 1. */
static enum bark_code union_is(const struct bark_value_call *call, const struct bark_union *choice,
                               struct bark_slice text, bool *same)
{
    struct bark_arena *arena = call->scope->arena;
    const size_t mark = arena->used;
    union bark_value_room room;
    enum bark_order order = BARK_ORDER_NONE;
    enum bark_code code;
    *same = bark_slice_equal(slice_of(&choice->text), text);
    if (*same || choice->member >= call->type->count)
        return BARK_OK;
    const uint16_t row = call->scope->image->lists[call->type->first + choice->member];
    const struct bark_value_call part = { call->scope, bark_value_type(call, row), call->error, 0 };
    memset(&room, 0, sizeof room);
    if (bark_kind_row((enum bark_kind)part.type->kind)->order) {
        code = bark_value_read_bare(&part, slice_of(&choice->text), &room);
        if (code == BARK_OK)
            code = text_order(&part, &room, text, &order);
        *same = order == BARK_ORDER_EQUAL;
    } else {
        code = bark_white_apply(&part, &text);
        *same = code == BARK_OK && bark_slice_equal(slice_of(&choice->text), text);
    }
    arena->used = mark;
    return code;
}

/* Atomic values by their value; enumerations and names by their texts. */
static enum bark_code atom_is(const struct bark_value_call *call, const void *member, struct bark_slice text,
                              bool *same)
{
    enum bark_order order;
    enum bark_code code = BARK_OK;
    if (call->type->kind == BARK_KIND_UNION) {
        code = union_is(call, member, text, same);
    } else if (call->type->kind == BARK_KIND_QNAME) {
        *same = qname_is(member, text);
    } else if (call->type->kind == BARK_KIND_ENUM) {
        *same = bark_slice_equal(bark_enum_text(call, member), text);
    } else {
        code = text_order(call, member, text, &order);
        *same = order == BARK_ORDER_EQUAL;
    }
    return code;
}

static enum bark_code value_is(const struct bark_value_call *call, const void *member, struct bark_slice text,
                               bool *same)
{
    struct bark_value_call item_call = *call;
    const struct bark_array *list = member;
    struct bark_slice item;
    enum bark_code code = BARK_OK;
    size_t i;
    if (call->type->kind != BARK_KIND_LIST)
        return atom_is(call, member, text, same);
    item_call.type = bark_value_type(call, call->type->first);
    *same = true;
    for (i = 0; i < list->count && *same && code == BARK_OK; i++) {
        *same = bark_white_item(&text, &item);
        if (*same)
            code = atom_is(&item_call, (const uint8_t *)list->items + i * item_call.type->size, item, same);
    }
    *same = *same && !bark_white_item(&text, &item);
    return code;
}

/* What is fixed is a text of the declared type, and the value may be of one that xsi:type names [XSD1 3.3.4].
 * Where that is a decimal and an integer of it, the fixed 1.0 is 1: a fraction of zeros is left out. Strings
 * keep the white space that the declared type left them; other kinds read the texts of those that they are
 * derived from. */
static struct bark_slice fixed_text(enum bark_kind kind, struct bark_slice text)
{
    const bool integer = kind >= BARK_KIND_INT8 && kind <= BARK_KIND_INTEGER;
    const uint8_t *point = integer && text.len ? memchr(text.ptr, '.', text.len) : NULL;
    const size_t whole = point ? (size_t)(point - text.ptr) : text.len;
    size_t len = text.len;
    while (len > whole && text.ptr[len - 1] == '0')
        len--;
    if (!point || len != whole + 1)
        return text;
    if (whole == 0 || text.ptr[whole - 1] < '0')
        return (struct bark_slice){ (const uint8_t *)"0", 1 };
    return (struct bark_slice){ text.ptr, whole };
}

enum bark_code bark_value_is(const struct bark_value_scope *scope, uint16_t type, const void *member,
                             struct bark_slice text, bool *same, struct bark_value_error *error)
{
    const struct bark_value_call call = { scope, &scope->image->types[type], error, 0 };
    *error = (struct bark_value_error){ .rule = NULL };
    if (call.type->kind >= BARK_KIND_STRING && call.type->kind <= BARK_KIND_ANYURI) {
        *same = bark_slice_equal(slice_of(member), text);
        return BARK_OK;
    }
    return value_is(&call, member, fixed_text((enum bark_kind)call.type->kind, text), same);
}

/* The enumeration rows from first on; *after is the row behind them. */
static enum bark_code enumeration_check(const struct bark_value_call *call, uint16_t first, uint16_t *after,
                                        const void *member)
{
    const struct bark_facet_row *facets = call->scope->image->facets + call->type->extra;
    enum bark_code code = BARK_OK;
    uint16_t i, last = first;
    bool found = false;
    while (last < call->type->presence && facets[last].kind == BARK_FACET_ENUMERATION)
        last++;
    *after = last;
    for (i = first; i < last && !found && code == BARK_OK; i++)
        code = value_is(call, member, facet_text(call, &facets[i]), &found);
    if (code != BARK_OK || found)
        return code;
    for (i = first; i < last; i++)
        code = bark_facet_refuse(call, &facets[i]);
    return code;
}

/* Judges one row that is neither enumeration, pattern nor white space. */
static enum bark_code facet_check(const struct bark_value_call *call, const struct bark_facet_row *facet,
                                  const void *member)
{
    enum bark_code code = BARK_OK;
    bool ok = true;
    switch ((enum bark_facet_kind)facet->kind) {
    case BARK_FACET_LENGTH:
    case BARK_FACET_MIN_LENGTH:
    case BARK_FACET_MAX_LENGTH:
        ok = length_ok(call->type, facet, member);
        break;
    case BARK_FACET_MIN_INCLUSIVE:
    case BARK_FACET_MAX_INCLUSIVE:
    case BARK_FACET_MIN_EXCLUSIVE:
    case BARK_FACET_MAX_EXCLUSIVE:
        code = bound_check(call, facet, member, &ok);
        break;
    case BARK_FACET_TOTAL_DIGITS:
    case BARK_FACET_FRACTION_DIGITS:
        ok = digits_ok(call->type, facet, member);
        break;
    case BARK_FACET_PATTERN:
    case BARK_FACET_ENUMERATION:
    case BARK_FACET_WHITESPACE:
    case BARK_FACET_MEDIA:
    case BARK_FACET_COUNT:
        break;
    }
    if (code != BARK_OK)
        return code;
    return ok ? BARK_OK : bark_facet_refuse(call, facet);
}

static enum bark_code value_check(const struct bark_value_call *call, const void *member)
{
    const struct bark_facet_row *facets = call->scope->image->facets + call->type->extra;
    enum bark_code code = BARK_OK;
    uint16_t i = 0;
    while (i < call->type->presence && code == BARK_OK) {
        if (facets[i].kind == BARK_FACET_ENUMERATION)
            code = enumeration_check(call, i, &i, member);
        else
            code = facet_check(call, &facets[i++], member);
    }
    return code;
}

/* [XSD2 4.3.4] A pattern judges the lexical form, which a QName has where there are prefixes. */
static bool has_no_form(const struct bark_value_call *call)
{
    return call->type->kind == BARK_KIND_QNAME && call->scope->no_prefixes;
}

enum bark_code bark_facets_read(const struct bark_value_call *call, struct bark_slice text,
                                const void *member)
{
    const struct bark_image *image = call->scope->image;
    uint16_t i;
    for (i = 0; i < call->type->presence; i++) {
        const struct bark_facet_row *facet = &image->facets[call->type->extra + i];
        struct bark_pattern_run run;
        if (facet->kind != BARK_FACET_PATTERN || has_no_form(call))
            continue;
        run = bark_pattern_start(image, &image->patterns[facet->value]);
        bark_pattern_feed(&run, text);
        if (!bark_pattern_accepts(&run))
            return bark_facet_refuse(call, facet);
    }
    return value_check(call, member);
}

/* make_room of a small buffer that ends in a pattern instead of a message. */
static bool pattern_drain(struct bark_out *out, size_t need)
{
    bark_pattern_feed(out->user, bark_out_bytes(out));
    out->pos = 0;
    return need <= out->cap;
}

/* [XSD2 4.3.4] A pattern judges the lexical form: the one that goes out. */
static enum bark_code pattern_check(const struct bark_value_call *call, const struct bark_facet_row *facet,
                                    const void *member, bark_value_writer *write)
{
    const struct bark_image *image = call->scope->image;
    struct bark_pattern_run run = bark_pattern_start(image, &image->patterns[facet->value]);
    uint8_t buffer[128];
    struct bark_out out;
    enum bark_code code;
    bark_out_init(&out, buffer, sizeof buffer);
    out.make_room = pattern_drain;
    out.user = &run;
    code = write(call, member, &out);
    if (code != BARK_OK)
        return code;
    bark_pattern_feed(&run, bark_out_bytes(&out));
    return bark_out_ok(&out) && bark_pattern_accepts(&run) ? BARK_OK : bark_facet_refuse(call, facet);
}

uint8_t bark_facets_form(const struct bark_value_call *call, const void *member, bark_value_writer *write)
{
    const struct bark_facet_row *facets = call->scope->image->facets + call->type->extra;
    struct bark_value_error ignored = { 0 };
    struct bark_value_call tried = { call->scope, call->type, &ignored, 0 };
    const unsigned forms = bark_kind_rows[call->type->kind].forms;
    unsigned form;
    for (form = 0; form <= forms; form++) {
        uint16_t i = 0;
        tried.form = (uint8_t)form;
        while (i < call->type->presence && (facets[i].kind != BARK_FACET_PATTERN ||
                                            pattern_check(&tried, &facets[i], member, write) == BARK_OK))
            i++;
        if (i == call->type->presence)
            return tried.form;
    }
    return 0;
}

enum bark_code bark_facets_write(const struct bark_value_call *call, const void *member,
                                 bark_value_writer *write)
{
    uint16_t i;
    for (i = 0; i < call->type->presence; i++) {
        const struct bark_facet_row *facet = &call->scope->image->facets[call->type->extra + i];
        if (facet->kind == BARK_FACET_PATTERN && !has_no_form(call)) {
            const enum bark_code code = pattern_check(call, facet, member, write);
            if (code != BARK_OK)
                return code;
        }
    }
    return value_check(call, member);
}
