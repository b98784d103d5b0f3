/* xml/fail.c - errors with everything a person needs: offset, line and column, path, rule, and what was
 * found.
 *
 * Lines are counted here and nowhere else: a message without errors never pays for them.
 */
#include "base/report.h"
#include "base/utf8.h"
#include "soapbark/out.h"
#include "xml/chars.h"
#include "xml/parts.h"

enum { FOUND_BYTES = 60 }; /* of a found text; more does not help to recognise it */

static size_t digits(uint32_t n)
{
    size_t count = 1;
    while (n /= 10)
        count++;
    return count;
}

static struct bark_slice open_local(const struct bark_xml_open *open)
{
    const size_t skip = open->prefix_len ? open->prefix_len + 1 : 0;
    return (struct bark_slice){ open->name + skip, open->len - skip };
}

static size_t step_len(const struct bark_xml_open *open)
{
    return 1 + open_local(open).len + (open->index ? 2 + digits(open->index) : 0);
}

/* Writes the path of open elements; when it is too long, the steps nearest to the error. */
static void path_write(const struct bark_xml_reader *r, char *path, size_t size)
{
    const uint32_t bottom = r->content ? 1 : 0; /* the element around the content has no name */
    const size_t room = size / 4 * 3; /* an attribute may follow */
    uint32_t first = r->depth, i;
    size_t total = 0;
    while (first > bottom && total + step_len(&r->open[first - 1]) <= room)
        total += step_len(&r->open[--first]);
    if (first > bottom)
        bark_report_say(path, size, "/..");
    for (i = first; i < r->depth; i++) {
        uint8_t number[16];
        struct bark_out out;
        bark_report_say(path, size, "/");
        bark_report_add(path, size, open_local(&r->open[i]));
        if (r->open[i].index == 0)
            continue;
        bark_out_init(&out, number, sizeof number);
        bark_out_byte(&out, '[');
        bark_out_u64(&out, r->open[i].index);
        bark_out_byte(&out, ']');
        bark_report_add(path, size, bark_out_bytes(&out));
    }
}

void bark_xml_path(const struct bark_xml_reader *r, char *path, size_t size, struct bark_slice attribute)
{
    path_write(r, path, size);
    if (attribute.len == 0)
        return;
    bark_report_say(path, size, "/@");
    bark_report_add(path, size, attribute);
}

bool bark_xml_fail_place(struct bark_xml_reader *r, enum bark_code code, size_t at)
{
    if (r->failed != BARK_OK)
        return false;
    r->failed = code;
    if (!r->err || r->err->code != BARK_OK)
        return false;
    r->err->offset = at;
    if (bark_xml_windowed(r))
        bark_xml_window_place(r, r->err, at);
    else
        bark_report_place(r->err, r->begin, at);
    if (BARK_HAS_REPORT && r->open)
        path_write(r, r->err->path, sizeof r->err->path);
    return true;
}

enum bark_code(bark_xml_fail)(struct bark_xml_reader *r, enum bark_code code, size_t at, const char *rule)
{
    if (bark_xml_fail_place(r, code, at))
        bark_fail(r->err, code, at, rule);
    return r->failed;
}

enum bark_code(bark_xml_fail_found)(struct bark_xml_reader *r, enum bark_code code, size_t at,
                                    const char *rule, struct bark_slice found)
{
    const bool first = r->failed == BARK_OK && r->err && r->err->code == BARK_OK;
    bark_xml_fail(r, code, at, rule);
    if (!first)
        return r->failed;
    if (r->secret && found.len)
        bark_report_say(r->err->found, sizeof r->err->found, "***");
    else
        bark_report_add(r->err->found, found.len > FOUND_BYTES ? FOUND_BYTES + 4 : sizeof r->err->found,
                        found);
    return r->failed;
}

enum bark_code(bark_xml_fail_here)(struct bark_xml_reader *r, enum bark_code code, const char *rule)
{
    static const char end[] = "the end of the input";
    struct bark_slice found = { (const uint8_t *)end, sizeof end - 1 };
    if (r->at < r->end) {
        uint32_t point;
        const size_t len = bark_utf8_take(r->at, r->end, &point);
        found = (struct bark_slice){ r->at, len ? len : 1 };
    }
    return bark_xml_fail_found(r, code, bark_xml_offset(r), rule, found);
}

enum bark_code(bark_xml_fail_byte)(struct bark_xml_reader *r, const char *rule)
{
    uint32_t point;
    if (r->at == r->end)
        return bark_xml_fail_here(r, BARK_ERR_XML, rule);
    if (bark_utf8_take(r->at, r->end, &point) == 0)
        return bark_xml_fail_here(r, BARK_ERR_UTF8, "[XML1 4.3.3] [RFC3629 3] these bytes are not UTF-8");
    if (!bark_xml_is_char(point))
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.2] a character that XML does not know");
    return bark_xml_fail_here(r, BARK_ERR_XML, rule);
}
