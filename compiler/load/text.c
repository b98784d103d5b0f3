/* load/text.c - the text of a schema document before and beside the decoder.
 *
 * Three things that a message must not have and a schema document may: an encoding other than UTF-8,
 * processing instructions, and prefixes inside values (an enumeration of QNames). And the place of an
 * attribute, which the decoder does not keep because only messages to people need it.
 */
#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "load/node.h"
#include "xml/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- encodings ---- */

/* Lone surrogates, and a lone byte at the end, come out as U+FFFE, which no XML document may hold: the reader
 * refuses them with their place. */
static size_t utf16_convert(const uint8_t *from, size_t size, bool little, char *to)
{
    size_t len = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t c = little ? from[i] | (uint32_t)from[i + 1] << 8 : from[i + 1] | (uint32_t)from[i] << 8;
        if (c >= 0xd800 && c < 0xe000) {
            uint32_t low = 0;
            if (c < 0xdc00 && i + 3 < size)
                low = little ? from[i + 2] | (uint32_t)from[i + 3] << 8
                             : from[i + 3] | (uint32_t)from[i + 2] << 8;
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            } else {
                c = 0xfffe;
            }
        }
        len += bark_xml_utf8_put(c, (uint8_t *)to + len);
    }
    return size % 2 ? len + bark_xml_utf8_put(0xfffe, (uint8_t *)to + len) : len;
}

/* Code points of windows-1252 where it differs from ISO-8859-1: 0x80 to 0x9f. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

static size_t latin_convert(const uint8_t *from, size_t size, bool windows, char *to)
{
    size_t len = 0;
    for (size_t i = 0; i < size; i++) {
        uint32_t c = from[i];
        if (windows && c >= 0x80 && c < 0xa0)
            c = windows_1252[c - 0x80];
        len += bark_xml_utf8_put(c, (uint8_t *)to + len);
    }
    return len;
}

/* The encoding that the XML declaration names [XML1 4.3.3], or an empty slice; *end is the byte after "?>".
 */
static struct bark_slice declaration_encoding(const char *text, size_t size, size_t *end)
{
    struct bark_slice none = { NULL, 0 };
    *end = 0;
    if (size < 6 || memcmp(text, "<?xml", 5) != 0 || !is_blank(text[5]))
        return none;
    for (size_t i = 5; i + 1 < size && *end == 0; i++)
        if (text[i] == '?' && text[i + 1] == '>')
            *end = i + 2;
    for (size_t i = 5; i + 9 < *end; i++) {
        if (memcmp(text + i, "encoding", 8) != 0)
            continue;
        i += 8;
        while (i < *end && (is_blank(text[i]) || text[i] == '='))
            i++;
        char quote = text[i];
        size_t from = i + 1, to = from;
        while (to < *end && text[to] != quote)
            to++;
        if (to < *end)
            return (struct bark_slice){ (const uint8_t *)text + from, to - from };
    }
    return none;
}

static bool encoding_is(struct bark_slice name, const char *known)
{
    return name.len == strlen(known) && strncasecmp((const char *)name.ptr, known, name.len) == 0;
}

/* The declaration would now lie about the encoding: it names UTF-8, and spaces keep what follows in its
 * place. */
static void declaration_rename(char *text, size_t size)
{
    static const char name[] = "UTF-8";
    size_t end = 0;
    const struct bark_slice old = declaration_encoding(text, size, &end);
    char *at = old.len ? text + ((const char *)old.ptr - text) : NULL;
    if (old.len < sizeof name - 1) /* none, or one that nobody calls an encoding: the reader refuses it */
        return;
    memcpy(at, name, sizeof name - 1);
    at[sizeof name - 1] = at[old.len]; /* the quote */
    memset(at + sizeof name, ' ', old.len - (sizeof name - 1));
}

bool soapc_text_to_utf8(char **text, size_t *size, char *encoding, size_t encoding_size)
{
    const uint8_t *in = (const uint8_t *)*text;
    size_t n = *size, end;
    bool little = n >= 2 && ((in[0] == 0xff && in[1] == 0xfe) || (in[0] == '<' && in[1] == 0));
    bool big = n >= 2 && ((in[0] == 0xfe && in[1] == 0xff) || (in[0] == 0 && in[1] == '<'));
    size_t mark = (little || big) && in[0] >= 0xfe ? 2 : 0;
    struct bark_slice name = declaration_encoding(*text, n, &end);
    bool latin = encoding_is(name, "iso-8859-1") || encoding_is(name, "latin1");
    bool windows = encoding_is(name, "windows-1252") || encoding_is(name, "cp1252");
    if (!little && !big && !latin && !windows) {
        if (name.len == 0 || encoding_is(name, "utf-8") || encoding_is(name, "utf8"))
            return true;
        if (encoding_is(name, "us-ascii") || encoding_is(name, "ascii")) {
            declaration_rename(*text, n);
            return true;
        }
        snprintf(encoding, encoding_size, "%.*s", (int)(name.len > 40 ? 40 : name.len),
                 (const char *)name.ptr);
        return false;
    }
    if (n > SIZE_MAX / 3 - 1)
        return false;
    char *out = malloc(n * 3 + 1);
    if (!out)
        return false;
    if (latin || windows)
        n = latin_convert(in, n, windows, out);
    else
        n = utf16_convert(in + mark, n - mark, little, out);
    out[n] = '\0';
    name = declaration_encoding(out, n, &end);
    if (!latin && !windows && name.len > 0 && strncasecmp((const char *)name.ptr, "utf-16", 6) != 0 &&
        !encoding_is(name, "iso-10646-ucs-2")) { /* [XML1 4.3.3] it contradicts the bytes */
        snprintf(encoding, encoding_size, "%.*s", (int)(name.len > 40 ? 40 : name.len),
                 (const char *)name.ptr);
        free(out);
        return false;
    }
    declaration_rename(out, n);
    free(*text);
    *text = out;
    *size = n;
    return true;
}

/* ---- processing instructions and namespace declarations ---- */

size_t soapc_text_behind(const char *text, size_t size, size_t from, const char *mark)
{
    size_t len = strlen(mark);
    for (size_t i = from; i + len <= size; i++) {
        const char *hit = memchr(text + i, mark[0], size - i);
        if (!hit)
            return size;
        i = (size_t)(hit - text);
        if (i + len <= size && memcmp(hit, mark, len) == 0)
            return i + len;
    }
    return size;
}

bool soapc_text_at(const char *text, size_t size, size_t at, const char *mark)
{
    size_t len = strlen(mark);
    return size - at >= len && memcmp(text + at, mark, len) == 0;
}

static void prefix_add(struct soapc_document *doc, struct bark_slice prefix, struct bark_slice uri, size_t at)
{
    if (doc->prefix_count == doc->prefix_cap) {
        size_t cap = doc->prefix_cap ? doc->prefix_cap * 2 : 16;
        struct soapc_prefix *grown = realloc(doc->prefixes, cap * sizeof *grown);
        if (!grown)
            return; /* a prefix less to choose from */
        doc->prefixes = grown;
        doc->prefix_cap = cap;
    }
    doc->prefixes[doc->prefix_count++] = (struct soapc_prefix){ prefix, uri, (uint32_t)at };
}

size_t soapc_tag_attribute(const char *text, size_t size, size_t at, struct bark_slice *name,
                           struct bark_slice *value)
{
    while (at < size && is_blank(text[at]))
        at++;
    size_t from = at;
    while (at < size && text[at] != '=' && text[at] != '>' && text[at] != '<' && !is_blank(text[at]))
        at++;
    *name = (struct bark_slice){ (const uint8_t *)text + from, at - from };
    while (at < size && is_blank(text[at]))
        at++;
    if (at >= size || text[at] != '=')
        return size;
    at++;
    while (at < size && is_blank(text[at]))
        at++;
    if (at >= size || (text[at] != '"' && text[at] != '\''))
        return size;
    const char *close = memchr(text + at + 1, text[at], size - at - 1);
    if (!close)
        return size;
    *value = (struct bark_slice){ (const uint8_t *)text + at + 1, (size_t)(close - text) - at - 1 };
    return (size_t)(close - text) + 1;
}

size_t soapc_tag_name_end(const char *text, size_t size, size_t at)
{
    while (at < size && !is_blank(text[at]) && text[at] != '>')
        at++;
    return at;
}

static void tag_prefixes(const char *text, size_t size, size_t tag, struct soapc_document *doc)
{
    struct bark_slice name, value = { NULL, 0 };
    size_t at = soapc_tag_name_end(text, size, tag);
    while ((at = soapc_tag_attribute(text, size, at, &name, &value)) < size) {
        if (name.len < 5 || memcmp(name.ptr, "xmlns", 5) != 0 || (name.len > 5 && name.ptr[5] != ':'))
            continue;
        size_t skip = name.len > 5 ? 6 : 5;
        prefix_add(doc, (struct bark_slice){ name.ptr + skip, name.len - skip }, value,
                   (size_t)((const char *)value.ptr - text));
    }
}

char *soapc_text_prepare(const char *text, size_t size, struct soapc_document *doc)
{
    char *copy = malloc(size + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    copy[size] = '\0';
    for (size_t at = 0; at < size;) {
        const char *open = memchr(text + at, '<', size - at);
        if (!open)
            break;
        at = (size_t)(open - text);
        if (soapc_text_at(text, size, at, "<!--")) {
            at = soapc_text_behind(text, size, at + 4, "-->");
        } else if (soapc_text_at(text, size, at, "<![CDATA[")) {
            at = soapc_text_behind(text, size, at + 9, "]]>");
        } else if (soapc_text_at(text, size, at, "<?")) {
            size_t end = soapc_text_behind(text, size, at + 2, "?>");
            bool declaration =
                size - at > 5 && strncasecmp(text + at + 2, "xml", 3) == 0 && is_blank(text[at + 5]);
            bool closed = end >= 2 && text[end - 1] == '>' && text[end - 2] == '?' && end - at >= 4;
            for (size_t i = at; i < end && !declaration && closed; i++)
                if (copy[i] != '\n')
                    copy[i] = ' ';
            at = end;
        } else {
            tag_prefixes(text, size, at, doc);
            at++;
        }
    }
    return copy;
}

/* The first declaration behind a place; they stand in the order of the text. */
static size_t prefix_after(const struct soapc_document *doc, size_t at)
{
    size_t low = 0, high = doc->prefix_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (doc->prefixes[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct bark_slice soapc_prefix_lookup(const struct soapc_diag *diag, const struct soapc_document *doc,
                                      const struct soapc_node *node, struct bark_slice prefix)
{
    static const char xml[] =
        "http://www.w3.org/XML/1998/namespace"; /* bound without a declaration [XMLNS 3] */
    struct bark_slice none = { NULL, 0 };
    if (doc->file >= diag->source_count)
        return none;
    if (prefix.len == 3 && memcmp(prefix.ptr, "xml", 3) == 0)
        return (struct bark_slice){ (const uint8_t *)xml, sizeof xml - 1 };
    const struct soapc_source *source = &diag->sources[doc->file];
    for (; node; node = node->parent) {
        struct bark_slice name, value;
        size_t begin = node->at, end = soapc_tag_name_end(source->text, source->size, begin), next;
        while ((next = soapc_tag_attribute(source->text, source->size, end, &name, &value)) < source->size)
            end = next;
        for (size_t i = prefix_after(doc, begin); i < doc->prefix_count && doc->prefixes[i].at < end; i++) {
            const struct soapc_prefix *p = &doc->prefixes[i];
            if (p->prefix.len == prefix.len &&
                (prefix.len == 0 || memcmp(p->prefix.ptr, prefix.ptr, prefix.len) == 0))
                return p->uri;
        }
    }
    return none;
}

struct soapc_place soapc_attribute_place(const struct soapc_diag *diag, uint32_t file, uint32_t element,
                                         const char *wanted)
{
    struct soapc_place place = { file, element };
    if (file >= diag->source_count || element >= diag->sources[file].size)
        return place;
    const struct soapc_source *s = &diag->sources[file];
    struct bark_slice name, value;
    size_t at = soapc_tag_name_end(s->text, s->size, element);
    while ((at = soapc_tag_attribute(s->text, s->size, at, &name, &value)) < s->size)
        if (name.len == strlen(wanted) && memcmp(name.ptr, wanted, name.len) == 0)
            return (struct soapc_place){ file, (uint32_t)((const char *)value.ptr - s->text) };
    return place;
}
