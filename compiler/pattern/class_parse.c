/* pattern/class_parse.c - character classes [XSD2 F.1].
 *
 *     charClassExpr ::= '[' '^'? (range | escape)+ ('-' charClassExpr)? ']'
 *
 * A subtraction nests to the right only, so the open brackets are a small stack, and each closing one takes
 * its set away from the set below it.
 */
#include "pattern/class_parse.h"
#include "pattern/unicode.h"

#include <string.h>

enum { CLASS_DEPTH = 32 };

struct open_class {
    struct soapc_charset set;
    size_t offset; /* of its '[' */
    bool negated;
    bool started; /* it has an item */
    bool subtracted; /* only its ']' may follow */
};

struct class_reader {
    struct soapc_program *program;
    struct bark_slice text;
    size_t at;
    struct open_class open[CLASS_DEPTH];
    size_t depth;
};

static enum bark_code class_refuse(struct class_reader *r, size_t offset, const char *rule)
{
    return soapc_pattern_fail(r->program, BARK_ERR_TYPE, offset, rule);
}

static bool next_is(const struct class_reader *r, size_t ahead, uint8_t c)
{
    return ahead < r->text.len - r->at && r->text.ptr[r->at + ahead] == c;
}

/* One character as it stands, UTF-8 checked. */
static enum bark_code character_read(struct class_reader *r, uint32_t *code_point)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const uint8_t *p = r->text.ptr + r->at;
    size_t left = r->text.len - r->at;
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf8 ? 4 : 0;
    if (size == 0 || size > left)
        return class_refuse(r, r->at, "[XML1 2.2] a pattern is UTF-8 text");
    uint32_t c = size == 1 ? p[0] : p[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return class_refuse(r, r->at, "[XML1 2.2] a pattern is UTF-8 text");
        c = c << 6 | (p[i] & 0x3fu);
    }
    if (c < least[size] || c > SOAPC_CODE_POINT_LAST || (c >= 0xd800 && c < 0xe000))
        return class_refuse(r, r->at, "[XML1 2.2] a pattern is UTF-8 text");
    *code_point = c;
    r->at += size;
    return BARK_OK;
}

static enum bark_code property_read(struct class_reader *r, bool complement, struct soapc_charset *set)
{
    struct soapc_charset chars;
    size_t start = r->at + 1, end = start;
    soapc_charset_init(&chars, r->program->arena);
    if (!next_is(r, 0, '{'))
        return class_refuse(r, r->at,
                            "[XSD2 F.1.1] \\p and \\P are followed by a property in braces: \\p{Lu}");
    while (end < r->text.len && r->text.ptr[end] != '}')
        end++;
    if (end == r->text.len)
        return class_refuse(r, r->at, "[XSD2 F.1.1] a property ends with '}'");
    if (!soapc_unicode_add(&chars, (struct bark_slice){ r->text.ptr + start, end - start }))
        return class_refuse(r, start, "[XSD2 F.1.1] there is no such Unicode category or block");
    r->at = end + 1;
    if (complement)
        soapc_charset_complement(&chars);
    soapc_charset_add_set(set, &chars);
    return BARK_OK;
}

/* An escape whose '\' is at r->at. *single tells whether it stands for the one character *code_point. */
static enum bark_code escape_read(struct class_reader *r, struct soapc_charset *set, bool *single,
                                  uint32_t *code_point)
{
    static const char itself[] = "\\|.?*+(){}-[]^";
    size_t start = r->at++;
    uint8_t c = r->at < r->text.len ? r->text.ptr[r->at] : 0;
    r->at += c != 0;
    *single = true;
    *code_point = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    if (*code_point != c || (c && strchr(itself, c)))
        return BARK_OK;
    *single = false;
    if (c == 'p' || c == 'P')
        return property_read(r, c == 'P', set);
    struct soapc_charset chars;
    soapc_charset_init(&chars, r->program->arena);
    bool upper = c >= 'A' && c <= 'Z';
    if (!soapc_unicode_add_escape(&chars, upper ? (uint8_t)(c - 'A' + 'a') : c))
        return class_refuse(r, start, "[XSD2 F.1.1] there is no such escape");
    if (upper)
        soapc_charset_complement(&chars);
    soapc_charset_add_set(set, &chars);
    return BARK_OK;
}

static enum bark_code member_read(struct class_reader *r, struct soapc_charset *set, bool *single,
                                  uint32_t *code_point)
{
    if (next_is(r, 0, '\\'))
        return escape_read(r, set, single, code_point);
    *single = true;
    return character_read(r, code_point);
}

/* [XSD2 F.1] '-' stands for itself only at the beginning or the end of its group. */
static bool dash_is_last(const struct class_reader *r)
{
    return next_is(r, 1, ']') || (next_is(r, 1, '-') && next_is(r, 2, '['));
}

static enum bark_code item_read(struct class_reader *r, struct open_class *top)
{
    uint32_t first = 0, last = 0;
    bool single;
    size_t start = r->at;
    if (next_is(r, 0, '-') && top->started && !dash_is_last(r))
        return class_refuse(r, start,
                            "[XSD2 F.1] '-' inside a class is written \\-, or stands first or last");
    enum bark_code code = member_read(r, &top->set, &single, &first);
    top->started = true;
    if (code != BARK_OK || !single)
        return code;
    last = first;
    bool is_range =
        next_is(r, 0, '-') && !next_is(r, 1, '[') && !dash_is_last(r) && r->text.ptr[start] != '-';
    if (is_range && r->at + 1 < r->text.len) {
        r->at++;
        if (next_is(r, 0, '-'))
            return class_refuse(r, r->at, "[XSD2 F.1] a range that ends with '-' is written with \\-");
        code = member_read(r, &top->set, &single, &last);
        if (code == BARK_OK && !single)
            code = class_refuse(r, start, "[XSD2 F.1] a range ends with a single character");
        if (code == BARK_OK && last < first)
            code = class_refuse(r, start, "[XSD2 F.1] a range's end is not before its start");
    }
    soapc_charset_add(&top->set, first, last);
    return code;
}

static enum bark_code class_open(struct class_reader *r)
{
    if (r->depth == CLASS_DEPTH)
        return soapc_pattern_fail(r->program, BARK_ERR_LIMIT, r->at,
                                  "more than 32 nested class subtractions");
    struct open_class *top = &r->open[r->depth++];
    *top = (struct open_class){ .offset = r->at++ };
    soapc_charset_init(&top->set, r->program->arena);
    if (next_is(r, 0, '^')) {
        top->negated = true;
        r->at++;
    }
    return BARK_OK;
}

static enum bark_code class_close(struct class_reader *r)
{
    struct open_class *top = &r->open[r->depth - 1];
    if (!top->started)
        return class_refuse(r, top->offset, "[XSD2 F.1] a class has at least one member");
    if (top->negated && !top->subtracted)
        soapc_charset_complement(&top->set);
    r->at++;
    r->depth--;
    if (r->depth)
        soapc_charset_subtract(&r->open[r->depth - 1].set, &top->set);
    return BARK_OK;
}

static enum bark_code class_step(struct class_reader *r)
{
    struct open_class *top = &r->open[r->depth - 1];
    if (next_is(r, 0, ']'))
        return class_close(r);
    if (top->subtracted)
        return class_refuse(r, r->at, "[XSD2 F.1] a subtraction is the last part of its class");
    if (next_is(r, 0, '-') && next_is(r, 1, '[') && top->started) {
        if (top->negated)
            soapc_charset_complement(&top->set);
        top->subtracted = true;
        r->at++;
        return class_open(r);
    }
    if (next_is(r, 0, '['))
        return class_refuse(r, r->at, "[XSD2 F.1] '[' inside a class is written \\[");
    return item_read(r, top);
}

static enum bark_code brackets_read(struct class_reader *r, struct soapc_charset *set)
{
    enum bark_code code = class_open(r);
    while (code == BARK_OK && r->depth) {
        if (r->at == r->text.len)
            return class_refuse(r, r->open[r->depth - 1].offset, "[XSD2 F.1] '[' without ']'");
        code = class_step(r);
    }
    *set = r->open[0].set;
    return code;
}

enum bark_code soapc_class_read(struct soapc_program *program, struct bark_slice text, size_t *at,
                                struct soapc_charset *set)
{
    struct class_reader r = { .program = program, .text = text, .at = *at };
    enum bark_code code;
    uint32_t c = 0;
    bool single = false;
    soapc_charset_init(set, program->arena);
    if (text.ptr[*at] == '[') {
        code = brackets_read(&r, set);
    } else if (text.ptr[*at] == '.') { /* [XSD2 F.1.1] every character but line ends */
        r.at++;
        soapc_charset_add(set, '\n', '\n');
        soapc_charset_add(set, '\r', '\r');
        soapc_charset_complement(set);
        code = BARK_OK;
    } else {
        code = member_read(&r, set, &single, &c);
        if (single)
            soapc_charset_add(set, c, c);
    }
    soapc_charset_normalise(set);
    *at = r.at;
    if (code == BARK_OK && set->failed)
        code = soapc_pattern_fail(program, BARK_ERR_MEMORY, r.at, "out of working memory");
    return code;
}
