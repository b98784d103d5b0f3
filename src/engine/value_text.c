/* engine/value_text.c - the string family and boolean.
 *
 * A string may hold any character of XML 1.0, and only those: JSON can spell others, and a handler can put
 * anything into a struct, so both directions check. The types derived from string add a form for the whole
 * text.
 */
#include "base/slice.h"
#include "engine/pattern.h"
#include "engine/value_kind.h"
#include "xml/chars.h"

#include <string.h>

static bool is_alpha(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* [XSD2 3.3.3] [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})* */
static bool language_ok(struct bark_slice s)
{
    size_t i, run = 0;
    bool first = true;
    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '-' && run > 0) {
            run = 0;
            first = false;
        } else if ((is_alpha(s.ptr[i]) || (!first && is_digit(s.ptr[i]))) && run < 8) {
            run++;
        } else {
            return false;
        }
    }
    return run > 0;
}

/* [XSD2 3.2.17] Any text that becomes a URI reference when the characters a URI cannot hold are escaped
 * [XLINK 5.4]. Escaping mends all but three things [RFC2396 2.4.1, 3.1, 4]: a "%" without its two digits, a
 * second "#", and an ill-formed scheme before a ":" that stands in front of any path. */
static bool uri_ok(struct bark_slice s)
{
    const uint8_t *const end = s.ptr + s.len, *at = s.ptr, *mark;
    bool scheme_ok = true;
    while (at < end && *at != ':' && *at != '/' && *at != '?' && *at != '#') {
        scheme_ok &=
            is_alpha(*at) || (at > s.ptr && (is_digit(*at) || *at == '+' || *at == '-' || *at == '.'));
        at++;
    }
    if (at < end && *at == ':' && (at == s.ptr || !scheme_ok))
        return false;
    mark = s.len ? memchr(s.ptr, '#', s.len) : NULL;
    if (mark && memchr(mark + 1, '#', (size_t)(end - mark) - 1))
        return false;
    for (at = s.ptr; at < end && (mark = memchr(at, '%', (size_t)(end - at))); at = mark + 3)
        if (end - mark < 3 || !is_hex(mark[1]) || !is_hex(mark[2]))
            return false;
    return true;
}

bool bark_text_form_is(enum bark_kind kind, struct bark_slice text)
{
    if (kind == BARK_KIND_LANGUAGE)
        return language_ok(text);
    if (kind == BARK_KIND_NAME)
        return bark_xml_is_name(text, BARK_XML_NAME);
    if (kind == BARK_KIND_NCNAME)
        return bark_xml_is_name(text, BARK_XML_NCNAME);
    if (kind == BARK_KIND_NMTOKEN)
        return bark_xml_is_name(text, BARK_XML_NMTOKEN);
    return kind != BARK_KIND_ANYURI || uri_ok(text);
}

static enum bark_code text_check(const struct bark_value_call *call, struct bark_slice text)
{
    if (bark_xml_chars_span(text) != text.len)
        return bark_value_refuse(call, BARK_ERR_TYPE,
                                 "[XSD2 3.2.1] a string holds only UTF-8 characters that XML 1.0 allows");
    return bark_text_form_is((enum bark_kind)call->type->kind, text) ? BARK_OK : BARK_ERR_TYPE;
}

enum bark_code bark_text_keep(const struct bark_value_call *call, struct bark_slice text,
                              struct bark_text *kept)
{
    kept->ptr = bark_arena_text(call->scope->arena, text.ptr, text.len);
    if (!kept->ptr)
        return bark_value_refuse(call, BARK_ERR_MEMORY, "[R3] the text does not fit the memory budget");
    kept->len = text.len;
    return BARK_OK;
}

enum bark_code bark_text_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    enum bark_code code;
    if (call->scope->checked && call->type->kind <= BARK_KIND_TOKEN)
        return bark_text_keep(call, text, member);
    code = text_check(call, text);
    return code == BARK_OK ? bark_text_keep(call, text, member) : code;
}

void bark_text_put(struct bark_out *out, struct bark_slice text)
{
    while (out->make_room && text.len > out->cap && out->cap > 0 && bark_out_ok(out)) {
        bark_out_put(out, text.ptr, out->cap);
        text.ptr += out->cap;
        text.len -= out->cap;
    }
    bark_out_put(out, text.ptr, text.len);
}

enum bark_code bark_text_judge(const struct bark_value_call *call, const void *member,
                               struct bark_slice *text)
{
    const struct bark_text *held = member;
    enum bark_code code;
    *text = (struct bark_slice){ (const uint8_t *)held->ptr, held->len };
    code = text_check(call, *text);
    if (code != BARK_OK)
        return code;
    if (!bark_white_done(bark_white_of(call->scope->image, call->type), *text))
        return bark_value_refuse(call, BARK_ERR_TYPE,
                                 "[XSD2 4.3.6] the text holds white space that a reader would drop");
    return BARK_OK;
}

enum bark_code bark_text_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    struct bark_slice text;
    const enum bark_code code = bark_text_judge(call, member, &text);
    if (code == BARK_OK)
        bark_text_put(out, text);
    return code;
}

enum bark_order bark_text_order(enum bark_kind kind, const void *a, const void *b)
{
    const struct bark_text *x = a, *y = b;
    (void)kind;
    return x->len == y->len && memcmp(x->ptr, y->ptr, x->len) == 0 ? BARK_ORDER_EQUAL : BARK_ORDER_NONE;
}

enum bark_code bark_boolean_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const bool truth = bark_slice_is(text, "true") || bark_slice_is(text, "1");
    (void)call;
    *(bool *)member = truth;
    return truth || bark_slice_is(text, "false") || bark_slice_is(text, "0") ? BARK_OK : BARK_ERR_TYPE;
}

#ifndef BARK_COMPACT

const uint8_t *bark_boolean_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                                  void *member)
{
    size_t len = 1;
    (void)call;
    if (memcmp(at, "true", 4) == 0)
        len = 4;
    else if (memcmp(at, "false", 5) == 0)
        len = 5;
    else if (*at != '0' && *at != '1')
        return NULL;
    *(bool *)member = *at == 't' || *at == '1';
    return at[len] == stop ? at + len : NULL;
}

#endif

/* Whether all patterns of the type take the form. */
static bool patterns_take(const struct bark_image *image, const struct bark_type_row *type, const char *form)
{
    uint16_t i;
    for (i = 0; i < type->presence; i++) {
        const struct bark_facet_row *facet = &image->facets[type->extra + i];
        struct bark_pattern_run run;
        if (facet->kind != BARK_FACET_PATTERN)
            continue;
        run = bark_pattern_start(image, &image->patterns[facet->value]);
        bark_pattern_feed(&run, (struct bark_slice){ (const uint8_t *)form, strlen(form) });
        if (!bark_pattern_accepts(&run))
            return false;
    }
    return true;
}

const char *bark_boolean_form(const struct bark_image *image, const struct bark_type_row *type, bool truth)
{
    const char *const form = truth ? "true" : "false", *const other = truth ? "1" : "0";
    const bool plain = type->flags & BARK_TYPE_PLAIN;
    return plain || patterns_take(image, type, form) || !patterns_take(image, type, other) ? form : other;
}

enum bark_code bark_boolean_write(const struct bark_value_call *call, const void *member,
                                  struct bark_out *out)
{
    bark_out_text(out, bark_boolean_form(call->scope->image, call->type, bark_boolean_get(member)));
    return BARK_OK;
}

enum bark_order bark_boolean_order(enum bark_kind kind, const void *a, const void *b)
{
    (void)kind;
    return bark_boolean_get(a) == bark_boolean_get(b) ? BARK_ORDER_EQUAL : BARK_ORDER_NONE;
}
