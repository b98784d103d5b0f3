/* model/documentation.c - what people wrote in xs:documentation and wsdl:documentation, as plain text by
 * place.
 *
 * Components carry their place, and documentation stands in the element at that place: so a sorted list is
 * enough, and no component pays for it. Markup inside documentation is taken out; blanks collapse, an empty
 * line stays a paragraph.
 */
#include "model/build.h"

#include <stdlib.h>

/* Plain text while it is made: never longer than the content. */
struct plain {
    char *text;
    size_t len;
    bool blank, paragraph; /* pending, before the next character */
};

static void plain_byte(struct plain *p, char c)
{
    if (p->len && p->paragraph)
        p->text[p->len++] = '\n';
    else if (p->len && p->blank)
        p->text[p->len++] = ' ';
    p->blank = p->paragraph = false;
    p->text[p->len++] = c;
}

/* From '<' to behind '>' (or behind the end of a comment); quotes may hold '>'. */
static size_t markup_end(const char *s, size_t len, size_t at)
{
    const char *ends[][2] = { { "<!--", "-->" }, { "<?", "?>" } };
    for (size_t i = 0; i < 2; i++) {
        const size_t open = strlen(ends[i][0]), close = strlen(ends[i][1]);
        if (len - at < open || memcmp(s + at, ends[i][0], open) != 0)
            continue;
        for (at += open; at + close <= len && memcmp(s + at, ends[i][1], close) != 0;)
            at++;
        return at + close <= len ? at + close : len;
    }
    for (char quote = 0; at < len; at++) {
        if (quote) {
            quote = s[at] == quote ? 0 : quote;
        } else if (s[at] == '"' || s[at] == '\'') {
            quote = s[at];
        } else if (s[at] == '>') {
            return at + 1;
        }
    }
    return len;
}

static void point_put(struct plain *p, uint32_t c)
{
    char bytes[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = len; i > 1; i--, c >>= 6)
        bytes[i - 1] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(leads[len] | c);
    for (size_t i = 0; i < len; i++)
        plain_byte(p, bytes[i]);
}

/* A reference at '&'; gives where the text goes on. What the decoder let pass is well-formed. */
static size_t reference_put(struct plain *p, const char *s, size_t len, size_t at)
{
    static const struct {
        const char *name;
        char c;
    } names[] = { { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' }, { "quot;", '"' }, { "apos;", '\'' } };
    const size_t start = ++at;
    uint32_t c = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t n = strlen(names[i].name);
        if (len - at >= n && memcmp(s + at, names[i].name, n) == 0) {
            plain_byte(p, names[i].c);
            return at + n;
        }
    }
    if (at == len || s[at] != '#')
        return start;
    const bool hex = ++at < len && s[at] == 'x';
    for (at += hex; at < len && s[at] != ';' && c < 0x110000; at++) {
        const char d = s[at];
        c = c * (hex ? 16 : 10) + (uint32_t)(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
    }
    if (c < 0x110000 && (c >= 0x20 || c == '\t' || c == '\n'))
        point_put(p, c);
    return at < len ? at + 1 : len;
}

static void content_put(struct plain *p, const char *s, size_t len)
{
    static const char cdata[] = "<![CDATA[";
    size_t lines = 0, raw_end = 0;
    for (size_t at = 0; at < len;) {
        const char c = s[at];
        if (c == '<' && at >= raw_end && len - at > 9 && memcmp(s + at, cdata, 9) == 0) {
            at += 9;
            for (raw_end = at; raw_end + 3 <= len && memcmp(s + raw_end, "]]>", 3) != 0;)
                raw_end++;
        } else if (at == raw_end && at && len - at >= 3 && memcmp(s + at, "]]>", 3) == 0) {
            at += 3;
        } else if (c == '<' && at >= raw_end) {
            at = markup_end(s, len, at);
            p->blank = true;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            lines += c == '\n';
            p->paragraph |= lines > 1;
            p->blank = true;
            at++;
        } else {
            lines = 0;
            if (c == '&' && at >= raw_end) {
                at = reference_put(p, s, len, at);
            } else {
                plain_byte(p, c);
                at++;
            }
        }
    }
    p->paragraph = p->len > 0; /* before what comes from another element */
}

static void raw_take(struct plain *p, const struct soapc_child *child)
{
    if (child->as.raw && child->as.raw->content.ptr)
        content_put(p, child->as.raw->content.ptr, child->as.raw->content.len);
}

static size_t raw_len(const struct soapc_child *child)
{
    return child->as.raw ? child->as.raw->content.len + 1 : 0;
}

static bool is_documentation(const struct soapc_child *child)
{
    return child->kind == SOAPC_XS_documentation || child->kind == SOAPC_WSDL_DOCUMENTATION;
}

/* Once to add up the room, once to fill it. */
static size_t node_take(const struct soapc_node *node, struct plain *p)
{
    size_t room = 0;
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_child *child = &node->children.items[i];
        const struct soapc_node *inner = child->kind == SOAPC_XS_annotation ? child->as.node : NULL;
        if (is_documentation(child)) {
            room += raw_len(child);
            if (p)
                raw_take(p, child);
        }
        for (size_t k = 0; inner && k < inner->children.count; k++) {
            if (!is_documentation(&inner->children.items[k]))
                continue;
            room += raw_len(&inner->children.items[k]);
            if (p)
                raw_take(p, &inner->children.items[k]);
        }
    }
    return room;
}

static int place_compare(const void *a, const void *b)
{
    const struct soapc_place *x = &((const struct soapc_documentation *)a)->place;
    const struct soapc_place *y = &((const struct soapc_documentation *)b)->place;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void soapc_documentation_collect(struct soapc_builder *b)
{
    struct soapc_model *m = b->model;
    size_t cap = 0;
    for (size_t d = 0; d < b->docs->count; d++) {
        struct soapc_node *root = b->docs->items[d].root;
        for (struct soapc_node *node = root; node; node = soapc_node_next(node)) {
            const size_t room = node->kind == SOAPC_XS_annotation ? 0 : node_take(node, NULL);
            if (room == 0)
                continue;
            struct plain p = { .text = soapc_pool_alloc(b->pool, 2 * room + 1) };
            (void)node_take(node, &p);
            if (p.len == 0)
                continue;
            struct soapc_documentation *entry = SOAPC_PUSH(b, m->documentation, m->documentation_count, cap);
            entry->place = (struct soapc_place){ b->docs->items[d].file, node->at };
            if (node->kind == SOAPC_XS_enumeration) /* a facet's place is its value's */
                entry->place = soapc_attribute_place(b->diag, b->docs->items[d].file, node->at, "value");
            entry->text = soapc_pool_text(b->pool, p.text, p.len);
        }
    }
    if (m->documentation_count)
        qsort(m->documentation, m->documentation_count, sizeof *m->documentation, place_compare);
}

const char *soapc_model_documentation(const struct soapc_model *m, struct soapc_place place)
{
    const struct soapc_documentation wanted = { place, NULL };
    const struct soapc_documentation *found =
        m->documentation_count && place.file != SOAPC_NO_FILE
            ? bsearch(&wanted, m->documentation, m->documentation_count, sizeof wanted, place_compare)
            : NULL;
    return found ? found->text : NULL;
}
