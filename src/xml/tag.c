/* xml/tag.c - start tags: names, attributes, declarations, uniqueness.
 *
 * A tag is read in one pass over its bytes; then names are resolved, because a declaration may follow the
 * prefix that needs it; then attributes are compared with each other. Few attributes are compared pair by
 * pair, many are sorted first, so that a tag with n attributes never costs n * n [R7].
 */
#include "base/scratch.h"
#include "base/utf8.h"
#include "xml/chars.h"
#include "xml/parts.h"

enum { PAIRWISE_MAX = 8 };

static const char name_rule[] =
    "[XML1 2.3] [XMLNS 3] a name begins with a letter or '_', and has at most one ':'";

bool bark_xml_ncname_skip(struct bark_xml_reader *r, const uint8_t *stop)
{
    bool first = true;
    while (r->at < stop) {
        uint32_t point;
        size_t size;
        if (*r->at < 0x80) {
            if (!bark_xml_byte_is(*r->at, first ? BARK_XML_START_BYTE : BARK_XML_NAME_BYTE))
                return !first;
            r->at++;
            first = false;
            continue;
        }
        size = bark_utf8_take(r->at, r->end, &point);
        if (size == 0)
            return false;
        if (!(first ? bark_xml_is_name_start(point) : bark_xml_is_name_char(point)))
            return !first; /* what follows the name refuses the character */
        r->at += size;
        first = false;
    }
    return !first;
}

/* The end of a name of ASCII alone, or `at` where none begins. */
static inline const uint8_t *plain_end(const uint8_t *at, const uint8_t *stop)
{
    if (at < stop && bark_xml_byte_is(*at, BARK_XML_START_BYTE))
        do
            at++;
        while (at < stop && bark_xml_byte_is(*at, BARK_XML_NAME_BYTE));
    return at;
}

/* A name of ASCII that ends before stop, as nearly all do. Nothing is taken when it is another one, or none.
 */
static inline bool name_plain(struct bark_xml_reader *r, const uint8_t *stop, struct bark_xml_name *name)
{
    const uint8_t *local = r->at, *end = plain_end(local, stop);
    struct bark_slice prefix = { 0 };
    if (end == local || end == stop)
        return false;
    if (*end == ':') {
        prefix = (struct bark_slice){ local, (size_t)(end - local) };
        local = end + 1;
        end = plain_end(local, stop);
    }
    if (end == local || end == stop || *end >= 0x80)
        return false;
    *name = (struct bark_xml_name){ .prefix = prefix, .local = { local, (size_t)(end - local) } };
    r->at = end;
    return true;
}

/* [XMLNS 4] QName ::= (NCName ':')? NCName */
static enum bark_code name_take(struct bark_xml_reader *r, struct bark_xml_name *name)
{
    const uint8_t *from = r->at;
    const size_t room = (size_t)r->limits->name_bytes + 1; /* one more, to see that it is too long */
    const uint8_t *stop = bark_xml_left(r) > room ? r->at + room : r->end;
    bool ok;
    if (name_plain(r, stop, name))
        return BARK_OK;
    ok = bark_xml_ncname_skip(r, stop);
    *name = (struct bark_xml_name){ .local = { from, (size_t)(r->at - from) } };
    if (ok && r->at < stop && *r->at == ':') {
        const uint8_t *local = ++r->at;
        name->prefix = name->local;
        ok = bark_xml_ncname_skip(r, stop);
        name->local = (struct bark_slice){ local, (size_t)(r->at - local) };
    }
    if ((size_t)(r->at - from) > r->limits->name_bytes)
        return bark_xml_fail(r, BARK_ERR_LIMIT, bark_xml_place(r, from),
                             "[R4] limits.name_bytes: a name is too long");
    return ok ? BARK_OK : bark_xml_fail_byte(r, name_rule);
}

#ifdef BARK_COMPACT

static bool name_predicted(const struct bark_xml_reader *r, const struct bark_xml_name *name)
{
    (void)r, (void)name;
    return false; /* no name is guessed */
}

#else

/* The guess of bark_xml_predict(): the prefix of the last element, if it means the namespace that is wanted,
 * then the name, then a byte that ends it. Nothing is taken when it does not come true. */
static bool name_predicted(struct bark_xml_reader *r, struct bark_xml_name *name)
{
    const struct bark_xml_binding *binding;
    const uint8_t *local;
    size_t lead;
    if (r->predicted.len == 0 || r->hot >= r->binding_count)
        return false;
    binding = &r->bindings[r->hot];
    lead = binding->prefix.len ? binding->prefix.len + 1 : 0;
    if (binding->ns != r->predicted_ns || lead + r->predicted.len >= bark_xml_left(r) ||
        lead + r->predicted.len > r->limits->name_bytes)
        return false;
    local = r->at + lead;
    if (memcmp(local, r->predicted.ptr, r->predicted.len) != 0)
        return false;
    switch (local[r->predicted.len]) {
    case '>':
    case '/':
    case ' ':
        break;
    default:
        return false;
    }
    if (lead && (r->at[lead - 1] != ':' || memcmp(r->at, binding->prefix.ptr, lead - 1) != 0))
        return false;
    *name = (struct bark_xml_name){ .prefix = { r->at, lead ? lead - 1 : 0 },
                                    .local = { local, r->predicted.len } };
    r->at = local + r->predicted.len;
    return true;
}

#endif

static bool is_declaration(const struct bark_xml_name *name)
{
    const struct bark_slice *s = name->prefix.len ? &name->prefix : &name->local;
    return s->len == 5 && memcmp(s->ptr, "xmlns", 5) == 0;
}

/* Reads Name="value" at r->at into *attribute. */
static enum bark_code attribute_take(struct bark_xml_reader *r, struct bark_xml_attribute *attribute)
{
    uint8_t quote;
    if (name_take(r, &attribute->name) != BARK_OK)
        return r->failed;
    bark_xml_skip_space(r);
    if (r->at == r->end || *r->at != '=')
        return bark_xml_fail_byte(r, "[XML1 3.1] '=' follows an attribute's name");
    r->at++;
    bark_xml_skip_space(r);
    if (r->at == r->end || (*r->at != '"' && *r->at != '\''))
        return bark_xml_fail_byte(r, "[XML1 3.1] an attribute value is quoted");
    quote = *r->at++;
    if (bark_xml_value_run(r, quote, attribute) != BARK_OK)
        return r->failed;
    r->at++;
    return BARK_OK;
}

/* Everything between the name and the end of the tag. */
static enum bark_code attributes_take(struct bark_xml_reader *r, size_t *count)
{
    *count = 0;
    for (;;) {
        const bool spaced = bark_xml_skip_space(r);
        struct bark_xml_attribute attribute;
        if (r->at < r->end && *r->at == '>') {
            r->at++;
            return BARK_OK;
        }
        if (bark_xml_at(r, "/>")) {
            r->at += 2;
            r->pending_end = true;
            return BARK_OK;
        }
        if (!spaced || r->at == r->end)
            return bark_xml_fail_byte(
                r, "[XML1 3.1] a tag goes on with white space and an attribute, '>' or '/>'");
        if (attribute_take(r, &attribute) != BARK_OK)
            return r->failed;
        if (is_declaration(&attribute.name)) {
            if (bark_xml_bind(r, &attribute) != BARK_OK)
                return r->failed;
            continue;
        }
        if (*count == r->limits->attributes)
            return bark_xml_fail_found(r, BARK_ERR_LIMIT, bark_xml_place(r, attribute.name.local.ptr),
                                       "[R4] limits.attributes: too many attributes in one tag",
                                       attribute.name.local);
        r->attributes[(*count)++] = attribute;
    }
}

/* Equal URIs in scope stand at one address (scope.c), so a long one costs no more than a short one [R7]. */
static int attribute_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct bark_xml_name *x = &((const struct bark_xml_attribute *)context)[a].name;
    const struct bark_xml_name *y = &((const struct bark_xml_attribute *)context)[b].name;
    const uintptr_t x_uri = (uintptr_t)x->uri.ptr, y_uri = (uintptr_t)y->uri.ptr;
    int order;
    if (x->local.len != y->local.len)
        return x->local.len < y->local.len ? -1 : 1;
    order = memcmp(x->local.ptr, y->local.ptr, x->local.len);
    return order != 0 ? order : (x_uri > y_uri) - (x_uri < y_uri);
}

static enum bark_code attribute_twice(struct bark_xml_reader *r, uint32_t a, uint32_t b)
{
    const struct bark_slice local = r->attributes[a > b ? a : b].name.local;
    return bark_xml_fail_found(r, BARK_ERR_XML, bark_xml_place(r, local.ptr),
                               "[XML1 3.1] [XMLNS 6.3] one attribute name twice in a tag", local);
}

/* [XML1 3.1 WFC: Unique Att Spec] [XMLNS 6.3] Two prefixes of one namespace make the same name. */
static enum bark_code attributes_unique(struct bark_xml_reader *r, uint32_t count)
{
    uint32_t i, j;
    if (count <= PAIRWISE_MAX) {
        for (i = 1; i < count; i++)
            for (j = 0; j < i; j++)
                if (r->attributes[i].name.local.len == r->attributes[j].name.local.len &&
                    attribute_compare(r->attributes, i, j) == 0)
                    return attribute_twice(r, i, j);
        return BARK_OK;
    }
    for (i = 0; i < count; i++)
        r->order[i] = i;
    bark_xml_sort(r->order, count, r->attributes, attribute_compare);
    for (i = 1; i < count; i++)
        if (attribute_compare(r->attributes, r->order[i - 1], r->order[i]) == 0)
            return attribute_twice(r, r->order[i - 1], r->order[i]);
    return BARK_OK;
}

/* Puts the element on the stack of open ones, before its attributes are read, so that their errors show its
 * name in the path. */
static enum bark_code element_enter(struct bark_xml_reader *r, const struct bark_xml_name *name,
                                    size_t offset)
{
    const size_t lead = name->prefix.len ? name->prefix.len + 1 : 0;
    if (r->depth == r->limits->depth)
        return bark_xml_fail(r, BARK_ERR_LIMIT, offset, "[R4] limits.depth: elements are nested too deep");
    if (r->elements == r->limits->elements)
        return bark_xml_fail(r, BARK_ERR_LIMIT, offset,
                             "[R4] limits.elements: too many elements in one message");
    r->elements++;
    r->open[r->depth++] = (struct bark_xml_open){ .name = lead ? name->prefix.ptr : name->local.ptr,
                                                  .len = (uint32_t)(lead + name->local.len),
                                                  .prefix_len = (uint32_t)name->prefix.len,
                                                  .binding = BARK_XML_COLD,
                                                  .bindings = r->binding_count };
    r->seen_root = true;
    return bark_xml_windowed(r) ? bark_xml_window_keep_name(r) : BARK_OK;
}

enum bark_code bark_xml_start_tag(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    const size_t mark = bark_scratch_mark(r->arena);
    struct bark_xml_open *open;
    size_t count, i;
    ev->kind = BARK_XML_START;
    r->at++;
    ev->predicted = name_predicted(r, &ev->name);
    if (!ev->predicted && name_take(r, &ev->name) != BARK_OK)
        return r->failed;
    if (element_enter(r, &ev->name, ev->offset) != BARK_OK || attributes_take(r, &count) != BARK_OK)
        return r->failed;
    open = &r->open[r->depth - 1];
    if (bark_xml_bindings_unique(r, open->bindings) != BARK_OK ||
        (bark_xml_windowed(r) && bark_xml_window_keep_bindings(r, open->bindings) != BARK_OK) ||
        bark_xml_resolve_element(r, &ev->name, &open->binding) != BARK_OK)
        return r->failed;
    for (i = 0; i < count; i++)
        if (bark_xml_resolve_attribute(r, &r->attributes[i].name) != BARK_OK)
            return r->failed;
    if (attributes_unique(r, (uint32_t)count) != BARK_OK)
        return r->failed;
    bark_scratch_pop(r->arena, mark);
    /* A declaration in the tag itself may have given the guessed prefix another meaning. */
    ev->predicted = ev->predicted && ev->name.ns == r->predicted_ns;
    ev->attributes = r->attributes;
    ev->attribute_count = count;
    return BARK_OK;
}
