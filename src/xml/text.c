/* xml/text.c - character data and attribute values: one scan that checks and counts, one copy that flattens.
 *
 * The scan goes over each byte once, knows by a table which bytes stand for themselves, and counts how many
 * bytes the text will have when references, CDATA sections and line ends are resolved. So a text that needs
 * no resolving is used where it stands, and another one is copied once into room of exactly its size.
 * limits.text_bytes counts those bytes; comments count for nothing but the size of the message.
 */
#include "base/utf8.h"
#include "xml/chars.h"
#include "xml/parts.h"
#include "xml/scan.h"

static const char too_long[] = "[R4] limits.text_bytes: the text of one element or attribute is too long";
static const char no_text[] = "[XML1 2.2] this character is not allowed here";

/* Where a scan must stop: one byte after the limit, so that an endless text is refused where it breaks it. */
static const uint8_t *scan_end(const struct bark_xml_reader *r, size_t len)
{
    const size_t left = r->limits->text_bytes - len;
    return bark_xml_left(r) > left ? r->at + left + 1 : r->end;
}

enum bark_code bark_xml_char_take(struct bark_xml_reader *r, size_t *len)
{
    uint32_t point;
    const size_t size = bark_utf8_take(r->at, r->end, &point);
    if (size == 0 || !bark_xml_is_char(point))
        return bark_xml_fail_byte(r, no_text);
    r->at += size;
    *len += size;
    return BARK_OK;
}

static size_t utf8_size(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

size_t bark_xml_utf8_put(uint32_t point, uint8_t *out)
{
    const size_t size = utf8_size(point);
    size_t i;
    if (size == 1) {
        out[0] = (uint8_t)point;
        return 1;
    }
    for (i = size; i-- > 1; point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
    out[0] = (uint8_t)((0xf00u >> size & 0xf0u) | point);
    return size;
}

/* [XML1 4.1] &#10; &#xA; - digits at `at` up to ';'. Bytes taken with the ';', 0 when it is none. The value
 * stops growing at the end of Unicode, so that no count of digits can make it wrap [R1]. */
static size_t number_take(const uint8_t *at, const uint8_t *end, uint32_t *point)
{
    const uint8_t *from = at;
    const bool hex = at < end && *at == 'x';
    const uint32_t base = hex ? 16 : 10;
    const uint8_t *first;
    uint32_t value = 0;
    at += hex;
    for (first = at; at < end && *at != ';'; at++) {
        const uint8_t c = *at | 0x20;
        const uint32_t digit = *at >= '0' && *at <= '9'      ? *at - (uint32_t)'0'
                               : hex && c >= 'a' && c <= 'f' ? c - (uint32_t)'a' + 10
                                                             : 16;
        if (digit >= base)
            return 0;
        value = value > 0x10ffff ? value : value * base + digit;
    }
    if (at == end || at == first)
        return 0;
    *point = value;
    return (size_t)(at - from) + 1;
}

/* [XML1 4.1, 4.6] The reference at `at`, which is a '&'. Bytes taken, 0 when it is none of those that a
 * document without DTD knows. */
size_t bark_xml_reference_take(const uint8_t *at, const uint8_t *end, uint32_t *point)
{
    static const struct {
        const char *text;
        uint32_t point;
    } known[] = { { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' }, { "quot;", '"' }, { "apos;", '\'' } };
    size_t i;
    at++;
    if (at < end && *at == '#') {
        const size_t taken = number_take(at + 1, end, point);
        return taken ? taken + 2 : 0;
    }
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t len = strlen(known[i].text);
        if (len <= (size_t)(end - at) && memcmp(at, known[i].text, len) == 0) {
            *point = known[i].point;
            return len + 1;
        }
    }
    return 0;
}

/* The reference at r->at: checks it, counts it. */
static enum bark_code reference_scan(struct bark_xml_reader *r, uint32_t *point, size_t *len)
{
    const size_t taken = bark_xml_reference_take(r->at, r->end, point);
    if (taken == 0)
        return bark_xml_fail_here(
            r, BARK_ERR_XML,
            "[R5] [XML1 4.1] '&' begins a character reference or one of &lt; &gt; &amp; "
            "&quot; &apos;, and ends with ';'");
    /* [XML1 4.1 WFC: Legal Character] */
    if (*point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff) || !bark_xml_is_char(*point))
        return bark_xml_fail_here(r, BARK_ERR_XML,
                                  "[XML1 4.1] a reference to a character that XML does not know");
    r->at += taken;
    *len += utf8_size(*point);
    return BARK_OK;
}

/* The section that the text was in has ended. */
static void section_end(struct bark_xml_reader *r)
{
    r->at += 3;
    if (bark_xml_windowed(r))
        bark_xml_windowed(r)->section = BARK_SECTION_NONE;
}

enum bark_code bark_xml_skip_comment(struct bark_xml_reader *r)
{
    r->at += 4;
    if (bark_xml_windowed(r))
        bark_xml_windowed(r)->section = BARK_SECTION_COMMENT;
    return bark_xml_comment_rest(r);
}

enum bark_code bark_xml_comment_rest(struct bark_xml_reader *r)
{
    size_t ignored = 0;
    while (r->at < r->end) {
        if (bark_xml_byte_is(*r->at, BARK_XML_SPACE_BYTE) ||
            (*r->at != '-' && *r->at >= 0x20 && *r->at < 0x80)) {
            r->at++;
        } else if (bark_xml_windowed(r) && bark_xml_window_short(r)) {
            return BARK_OK;
        } else if (*r->at == '-') {
            if (bark_xml_at(r, "-->")) {
                section_end(r);
                return BARK_OK;
            }
            if (bark_xml_at(r, "--"))
                return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.5] '--' inside a comment");
            r->at++;
        } else if (bark_xml_char_take(r, &ignored) != BARK_OK) {
            return r->failed;
        }
    }
    if (bark_xml_windowed(r) && !bark_xml_windowed(r)->final)
        return BARK_OK;
    return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.5] a comment ends with '-->'");
}

/* [XML1 2.7] A CDATA section from behind its "<![CDATA[". */
enum bark_code bark_xml_cdata_rest(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    ev->raw.ptr = r->at;
    while (r->at < r->end && ev->text_len <= r->limits->text_bytes) {
        const uint8_t c = *r->at;
        const bool special = c == ']' || c >= 0x80 || c < 0x20;
        ev->raw.len = (size_t)(r->at - ev->raw.ptr);
        if (special && bark_xml_windowed(r) && bark_xml_window_short(r))
            return BARK_OK;
        if (c == ']' && bark_xml_at(r, "]]>")) {
            section_end(r);
            return BARK_OK;
        }
        ev->blank = ev->blank && bark_xml_byte_is(c, BARK_XML_SPACE_BYTE);
        if (special && c != ']' && !bark_xml_byte_is(c, BARK_XML_SPACE_BYTE)) {
            if (bark_xml_char_take(r, &ev->text_len) != BARK_OK)
                return r->failed;
            continue;
        }
        /* [XML1 2.11] A carriage return before a line feed disappears. */
        ev->text_len += !(c == '\r' && bark_xml_at(r, "\r\n"));
        r->at++;
    }
    ev->raw.len = (size_t)(r->at - ev->raw.ptr);
    if (r->at < r->end || (bark_xml_windowed(r) && !bark_xml_windowed(r)->final))
        return BARK_OK; /* too long, which the caller says, or not yet all there */
    return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.7] a CDATA section ends with ']]>'");
}

/* What stops the fast loop of a text. Sets *done at the tag that ends it. */
static enum bark_code text_special(struct bark_xml_reader *r, struct bark_xml_event *ev, bool *done)
{
    uint32_t point = 0;
    switch (*r->at) {
    case '<':
        *done = bark_xml_at_tag(r);
        if (*done)
            return BARK_OK;
        ev->plain = false;
        if (r->at[1] == '?')
            return bark_xml_skip_instruction(r);
        if (r->at[2] == '-')
            return bark_xml_skip_comment(r);
        r->at += 9;
        return bark_xml_cdata_rest(r, ev);
    case '&':
        ev->plain = false;
        if (reference_scan(r, &point, &ev->text_len) != BARK_OK)
            return r->failed;
        ev->blank = ev->blank && bark_xml_is_space(point);
        return BARK_OK;
    case '\r':
        ev->plain = false;
        ev->text_len += !bark_xml_at(r, "\r\n");
        r->at++;
        return BARK_OK;
    case ']':
        if (bark_xml_at(r, "]]>"))
            return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.4] ']]>' in character data");
        ev->blank = false;
        ev->text_len++;
        r->at++;
        return BARK_OK;
    default:
        ev->blank = false;
        return bark_xml_char_take(r, &ev->text_len);
    }
}

enum bark_code bark_xml_text_check(struct bark_xml_reader *r, size_t len)
{
    return len > r->limits->text_bytes ? bark_xml_fail(r, BARK_ERR_LIMIT, bark_xml_offset(r), too_long)
                                       : BARK_OK;
}

enum bark_code bark_xml_text_run(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    const uint8_t *from = r->at;
    bool done = false;
    while (r->at < r->end && !done) {
        const uint8_t *run = r->at, *plain, *const stop = scan_end(r, ev->text_len);
        while (r->at < stop && bark_xml_byte_is(*r->at, BARK_XML_SPACE_BYTE) && *r->at != '\r')
            r->at++;
        plain = r->at;
        r->at = bark_scan_text(plain, stop);
        ev->blank = ev->blank && r->at == plain;
        ev->text_len += (size_t)(r->at - run);
        if (r->at < stop && bark_xml_windowed(r) && bark_xml_window_holds(r))
            break;
        if (r->at < stop && text_special(r, ev, &done) != BARK_OK)
            return r->failed;
        if (bark_xml_text_check(r, ev->text_len) != BARK_OK)
            return r->failed;
    }
    ev->raw = (struct bark_slice){ from, (size_t)(r->at - from) };
    return BARK_OK;
}

/* What stops the fast loop of a value, its closing quote aside. */
static enum bark_code value_special(struct bark_xml_reader *r, struct bark_xml_attribute *attribute)
{
    uint32_t point;
    switch (*r->at) {
    case '<':
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 3.1] no '<' in attribute values");
    case '&':
        attribute->plain = false;
        return reference_scan(r, &point, &attribute->text_len);
    case '\r':
    case '\n':
    case '\t': /* [XML1 3.3.3] each becomes a space, CR LF one of them */
        attribute->plain = false;
        attribute->text_len += !bark_xml_at(r, "\r\n");
        r->at++;
        return BARK_OK;
    case '"':
    case '\'': /* the other quote */
        attribute->text_len++;
        r->at++;
        return BARK_OK;
    default:
        return bark_xml_char_take(r, &attribute->text_len);
    }
}

enum bark_code bark_xml_value_run(struct bark_xml_reader *r, uint8_t quote,
                                  struct bark_xml_attribute *attribute)
{
    const uint8_t *from = r->at;
    attribute->plain = true;
    attribute->text_len = 0;
    while (r->at < r->end && *r->at != quote) {
        const uint8_t *run = r->at, *const stop = scan_end(r, attribute->text_len);
        r->at = bark_scan_value(run, stop);
        attribute->text_len += (size_t)(r->at - run);
        if (r->at < stop && *r->at != quote && value_special(r, attribute) != BARK_OK)
            return r->failed;
        if (attribute->text_len > r->limits->text_bytes)
            return bark_xml_fail(r, BARK_ERR_LIMIT, bark_xml_offset(r), too_long);
    }
    if (r->at == r->end)
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 3.1] an attribute value ends with its quote");
    attribute->raw = (struct bark_slice){ from, (size_t)(r->at - from) };
    return BARK_OK;
}

/* Length of the comment that begins at `at`; the scan has seen its end. */
static size_t comment_len(const uint8_t *at)
{
    size_t i = 4;
    while (memcmp(at + i, "-->", 3) != 0)
        i++;
    return i + 3;
}

static size_t instruction_len(const uint8_t *at)
{
    size_t i = 2;
    while (memcmp(at + i, "?>", 2) != 0)
        i++;
    return i + 2;
}

/* Copies the inside of the CDATA section at `at`; returns its length with both delimiters. */
static size_t cdata_copy(const uint8_t *at, uint8_t **out)
{
    size_t i;
    for (i = 9; memcmp(at + i, "]]>", 3) != 0; i++) {
        if (at[i] == '\r' && at[i + 1] == '\n')
            continue;
        *(*out)++ = at[i] == '\r' ? '\n' : at[i];
    }
    return i + 3;
}

/* The end of what is copied as it is, from a byte that is. The scan has checked it all, and may stop early.
 */
static const uint8_t *run_end(const uint8_t *at, const uint8_t *end, enum bark_xml_flatten how)
{
    const uint8_t *to = how == BARK_XML_FLATTEN_VALUE ? bark_scan_value(at, end) : bark_scan_text(at, end);
    return to > at ? to : at + 1; /* at a bracket or a quote */
}

void bark_xml_flatten(struct bark_slice raw, enum bark_xml_flatten how, uint8_t *out)
{
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    while (at < end) {
        uint32_t point = 0;
        if (how == BARK_XML_FLATTEN_CDATA && *at != '\r') {
            *out++ = *at++;
        } else if (*at == '&') {
            at += bark_xml_reference_take(at, end, &point);
            out += bark_xml_utf8_put(point, out);
        } else if (*at == '<' && at[1] == '?') {
            at += instruction_len(at);
        } else if (*at == '<' && at[2] == '-') {
            at += comment_len(at);
        } else if (*at == '<') {
            at += cdata_copy(at, &out);
        } else if (*at == '\r' && end - at > 1 && at[1] == '\n') {
            at++;
        } else if (!bark_xml_byte_is(*at, BARK_XML_SPACE_BYTE)) {
            const uint8_t *const plain = run_end(at, end, how);
            memmove(out, at, (size_t)(plain - at)); /* they may be the same place */
            out += plain - at;
            at = plain;
        } else {
            *out++ = how == BARK_XML_FLATTEN_VALUE ? ' ' : *at == '\r' ? '\n' : *at;
            at++;
        }
    }
}

static enum bark_code text_give(struct bark_xml_reader *r, struct bark_slice raw, size_t text_len,
                                enum bark_xml_flatten how, struct bark_slice *text)
{
    uint8_t *copy = bark_arena_alloc(r->arena, text_len, 1);
    if (!copy) {
        *text = (struct bark_slice){ 0 };
        return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_place(r, raw.ptr),
                             "[R3] the memory budget does not hold this text");
    }
    bark_xml_flatten(raw, how, copy);
    *text = (struct bark_slice){ copy, text_len };
    return BARK_OK;
}

enum bark_code bark_xml_text(struct bark_xml_reader *r, const struct bark_xml_event *ev,
                             struct bark_slice *text)
{
    *text = ev->raw;
    return ev->plain ? BARK_OK : text_give(r, ev->raw, ev->text_len, BARK_XML_FLATTEN_TEXT, text);
}

enum bark_code bark_xml_attribute_text(struct bark_xml_reader *r, const struct bark_xml_attribute *attribute,
                                       struct bark_slice *text)
{
    *text = attribute->raw;
    return attribute->plain ? BARK_OK
                            : text_give(r, attribute->raw, attribute->text_len, BARK_XML_FLATTEN_VALUE, text);
}
