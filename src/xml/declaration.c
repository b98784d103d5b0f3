/* xml/declaration.c - <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
 *
 * [XML1 2.8] In this order, the version always, the others or not, nothing else. The fifth edition reads
 * every version 1.x as 1.0. The encoding must be UTF-8 in any case of letters [row 28]; standalone says
 * nothing to a reader without DTD, but must be well-formed.
 */
#include "xml/parts.h"

#include "base/slice.h"

enum { VALUE_BYTES_MAX = 40 }; /* the longest legal value that we accept is far shorter */

static bool digits_only(struct bark_slice text)
{
    size_t i;
    for (i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* [XML1 2.8] VersionNum ::= '1.' [0-9]+ */
static bool version_ok(struct bark_slice text)
{
    return text.len > 2 && memcmp(text.ptr, "1.", 2) == 0 &&
           digits_only((struct bark_slice){ text.ptr + 2, text.len - 2 });
}

static bool encoding_ok(struct bark_slice text)
{
    return bark_slice_reads(text, "utf-8");
}

static bool standalone_ok(struct bark_slice text)
{
    return (text.len == 3 && memcmp(text.ptr, "yes", 3) == 0) ||
           (text.len == 2 && memcmp(text.ptr, "no", 2) == 0);
}

static const struct part {
    const char *name;
    bool (*is_ok)(struct bark_slice text);
    const char *rule;
    enum bark_code code;
} parts[] = {
    { "version", version_ok, BARK_RULE("[XML1 2.8] the version is 1.0 or another 1.x"), BARK_ERR_XML },
    { "encoding", encoding_ok, BARK_RULE("[XML1 4.3.3] the encoding must be UTF-8"), BARK_ERR_UTF8 },
    { "standalone", standalone_ok, BARK_RULE("[XML1 2.9] standalone is yes or no"), BARK_ERR_XML },
};
enum { PARTS = sizeof parts / sizeof *parts };

/* Reads ="value" or ='value'. */
static enum bark_code value_take(struct bark_xml_reader *r, struct bark_slice *value)
{
    uint8_t quote;
    bark_xml_skip_space(r);
    if (!bark_xml_at(r, "="))
        return bark_xml_fail_byte(r, "[XML1 2.8] '=' follows a name in the XML declaration");
    r->at++;
    bark_xml_skip_space(r);
    if (r->at == r->end || (*r->at != '"' && *r->at != '\''))
        return bark_xml_fail_byte(r, "[XML1 2.8] a value in the XML declaration is quoted");
    quote = *r->at++;
    value->ptr = r->at;
    while (r->at < r->end && *r->at != quote && (size_t)(r->at - value->ptr) < VALUE_BYTES_MAX)
        r->at++;
    value->len = (size_t)(r->at - value->ptr);
    if (r->at == r->end || *r->at != quote)
        return bark_xml_fail_byte(r, "[XML1 2.8] a value in the XML declaration ends with its quote");
    r->at++;
    return BARK_OK;
}

enum bark_code bark_xml_declaration(struct bark_xml_reader *r)
{
    bool spaced = false; /* since the last value */
    size_t i;
    r->at += 5;
    for (i = 0; i < PARTS; i++) {
        struct bark_slice value = { NULL, 0 };
        spaced |= bark_xml_skip_space(r);
        if (!spaced || !bark_xml_at(r, parts[i].name)) {
            if (i == 0)
                return bark_xml_fail_byte(r, "[XML1 2.8] an XML declaration begins with the version");
            if (bark_xml_at(r, "?>"))
                break;
            continue;
        }
        spaced = false;
        r->at += strlen(parts[i].name);
        if (value_take(r, &value) != BARK_OK)
            return r->failed;
        if (!parts[i].is_ok(value))
            return bark_xml_fail_found(r, parts[i].code, bark_xml_place(r, value.ptr), parts[i].rule, value);
    }
    bark_xml_skip_space(r);
    if (!bark_xml_at(r, "?>"))
        return bark_xml_fail_byte(r, "[XML1 2.8] version, encoding, standalone, '?>', in this order");
    r->at += 2;
    return BARK_OK;
}
