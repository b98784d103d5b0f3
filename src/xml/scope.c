/* xml/scope.c - namespaces: which prefix means which URI, here.
 *
 * Bindings in scope are a stack; an element remembers its height and leaving it cuts the stack back. A name
 * looks from the top down, so an inner declaration hides an outer one. The stack holds limits.namespaces
 * entries and the built-in xml, so a search is bounded [R4, R7]; runs of elements with the same prefix do not
 * even search, they find the last binding still hot.
 */
#include "base/scratch.h"
#include "base/slice.h"
#include "xml/parts.h"

static const char xml_uri[] = "http://www.w3.org/XML/1998/namespace";
static const char xmlns_uri[] = "http://www.w3.org/2000/xmlns/";
static const char xsi_uri[] = "http://www.w3.org/2001/XMLSchema-instance";

/* The namespace id of a URI for the image that is in use. */
static uint16_t namespace_id(const struct bark_image *image, struct bark_slice uri)
{
    uint32_t i;
    if (uri.len == 0)
        return 0;
    if (bark_slice_is(uri, xsi_uri))
        return BARK_NS_XSI;
    for (i = 1; image && i < image->namespace_count; i++) {
        const struct bark_namespace_row *row = &image->namespaces[i];
        if (row->uri_len == uri.len && memcmp(image->pool + row->uri, uri.ptr, uri.len) == 0)
            return (uint16_t)i;
    }
    return BARK_NS_UNKNOWN;
}

void bark_xml_scope_init(struct bark_xml_reader *r)
{
    /* [XMLNS 3] The prefix xml is bound without a declaration. */
    static const char xml[] = "xml";
    r->bindings[0] = (struct bark_xml_binding){ .prefix = { (const uint8_t *)xml, sizeof xml - 1 },
                                                .uri = { (const uint8_t *)xml_uri, sizeof xml_uri - 1 },
                                                .ns = BARK_NS_UNKNOWN };
    r->binding_count = 1;
}

void bark_xml_use_image(struct bark_xml_reader *r, const struct bark_image *image)
{
    uint32_t i;
    r->image = image;
    for (i = 0; i < r->binding_count; i++)
        r->bindings[i].ns = namespace_id(image, r->bindings[i].uri);
}

uint32_t bark_xml_binding_find(const struct bark_xml_reader *r, struct bark_slice prefix)
{
    uint32_t i = r->binding_count;
    while (i-- > 0)
        if (bark_slice_equal(r->bindings[i].prefix, prefix))
            return i;
    return BARK_XML_COLD;
}

bool bark_xml_lookup(const struct bark_xml_reader *r, struct bark_slice prefix, struct bark_slice *uri)
{
    const uint32_t i = bark_xml_binding_find(r, prefix);
    *uri = (struct bark_slice){ 0 };
    if (i == BARK_XML_COLD)
        return prefix.len == 0; /* no default namespace: names without prefix are in none */
    *uri = r->bindings[i].uri;
    return true;
}

static enum bark_code binding_refuse(struct bark_xml_reader *r, const struct bark_xml_attribute *declaration,
                                     const char *rule)
{
    const struct bark_slice local = declaration->name.local;
    return bark_xml_fail_found(r, BARK_ERR_NAMESPACE, bark_xml_place(r, local.ptr), rule, local);
}

/* [XMLNS 3] Reserved prefixes and names; [XMLNS 2.2] only the default may be undeclared. */
static enum bark_code binding_check(struct bark_xml_reader *r, const struct bark_xml_attribute *declaration,
                                    struct bark_slice prefix, struct bark_slice uri)
{
    const bool is_xml = bark_slice_is(prefix, "xml");
    if (bark_slice_is(prefix, "xmlns"))
        return binding_refuse(r, declaration, "[XMLNS 3] the prefix xmlns must not be declared");
    if (is_xml != bark_slice_is(uri, xml_uri))
        return binding_refuse(r, declaration,
                              "[XMLNS 3] the prefix xml and its namespace belong to each other alone");
    if (bark_slice_is(uri, xmlns_uri))
        return binding_refuse(r, declaration, "[XMLNS 3] no prefix may be bound to the xmlns namespace");
    if (prefix.len && uri.len == 0)
        return binding_refuse(r, declaration, "[XMLNS 2.2] a prefix cannot be undeclared");
    return BARK_OK;
}

/* A URI that another binding in scope has already is taken from there: so two names are in one namespace
 * exactly when their URIs stand at one address, and no tag compares long URIs again [R7]. */
static struct bark_slice uri_shared(const struct bark_xml_reader *r, struct bark_slice uri)
{
    uint32_t i;
    for (i = 0; i < r->binding_count; i++)
        if (bark_slice_equal(r->bindings[i].uri, uri))
            return r->bindings[i].uri;
    return uri;
}

/* The URI of a declaration. With a window it lives until the tag is read. */
static enum bark_code uri_text(struct bark_xml_reader *r, const struct bark_xml_attribute *declaration,
                               struct bark_slice *uri)
{
    uint8_t *copy;
    if (!bark_xml_windowed(r) || declaration->plain)
        return bark_xml_attribute_text(r, declaration, uri);
    copy = bark_scratch_push(r->arena, declaration->text_len + 1);
    if (!copy || (bark_xml_windowed(r)->collecting && !bark_xml_collect_fits(r)))
        return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_place(r, declaration->raw.ptr),
                             "[R3] the memory budget does not hold this text");
    bark_xml_flatten(declaration->raw, BARK_XML_FLATTEN_VALUE, copy);
    *uri = (struct bark_slice){ copy, declaration->text_len };
    return BARK_OK;
}

enum bark_code bark_xml_bind(struct bark_xml_reader *r, const struct bark_xml_attribute *declaration)
{
    struct bark_slice prefix = { 0 }, uri = { 0 };
    if (declaration->name.prefix.len)
        prefix = declaration->name.local;
    if (r->binding_count - 1 >= r->limits->namespaces)
        return bark_xml_fail_found(r, BARK_ERR_LIMIT, bark_xml_place(r, declaration->name.local.ptr),
                                   "[R4] limits.namespaces: too many namespace declarations in scope",
                                   declaration->name.local);
    if (uri_text(r, declaration, &uri) != BARK_OK || binding_check(r, declaration, prefix, uri) != BARK_OK)
        return r->failed;
    uri = uri_shared(r, uri); /* looks at the bindings, so before there is one more */
    r->bindings[r->binding_count++] =
        (struct bark_xml_binding){ .prefix = prefix,
                                   .uri = uri,
                                   .quoted = { declaration->raw.ptr - 1, declaration->raw.len + 2 },
                                   .ns = namespace_id(r->image, uri) };
    r->hot = BARK_XML_COLD;
    return BARK_OK;
}

void bark_xml_unbind(struct bark_xml_reader *r, uint32_t count)
{
    if (count == r->binding_count)
        return;
    r->binding_count = count;
    r->hot = BARK_XML_COLD;
}

static int prefix_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct bark_xml_binding *bindings = context;
    const struct bark_slice x = bindings[a].prefix, y = bindings[b].prefix;
    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    return x.len ? memcmp(x.ptr, y.ptr, x.len) : 0;
}

/* Whether no two prefixes fall into one of 256 slots, as few rarely do; else they have to be compared. */
static bool fall_apart(const struct bark_xml_binding *bindings, uint32_t count)
{
    uint64_t seen[4] = { 0 };
    uint32_t i;
    for (i = 0; i < count; i++) {
        const struct bark_slice prefix = bindings[i].prefix;
        const size_t slot =
            prefix.len ? prefix.ptr[0] * 5U + prefix.ptr[prefix.len - 1] * 3U + prefix.len * 67 : 0;
        const uint64_t bit = UINT64_C(1) << (slot & 63);
        if (seen[slot >> 6 & 3] & bit)
            return false;
        seen[slot >> 6 & 3] |= bit;
    }
    return true;
}

enum bark_code bark_xml_bindings_unique(struct bark_xml_reader *r, uint32_t first)
{
    const uint32_t count = r->binding_count - first;
    uint32_t i;
    if (count < 2 || fall_apart(&r->bindings[first], count))
        return BARK_OK;
    for (i = 0; i < count; i++)
        r->order[i] = first + i;
    bark_xml_sort(r->order, count, r->bindings, prefix_compare);
    for (i = 1; i < count; i++)
        if (prefix_compare(r->bindings, r->order[i - 1], r->order[i]) == 0) {
            const uint32_t later = r->order[i] > r->order[i - 1] ? r->order[i] : r->order[i - 1];
            const struct bark_xml_binding *b = &r->bindings[later];
            const uint8_t *at = b->prefix.len ? b->prefix.ptr : b->quoted.ptr;
            return bark_xml_fail_found(r, BARK_ERR_XML, bark_xml_place(r, at),
                                       "[XML1 3.1] one attribute name twice in a tag", b->prefix);
        }
    return BARK_OK;
}

static enum bark_code unbound(struct bark_xml_reader *r, const struct bark_xml_name *name)
{
    return bark_xml_fail_found(r, BARK_ERR_NAMESPACE, bark_xml_place(r, name->prefix.ptr),
                               "[XMLNS 5] a prefix must be declared", name->prefix);
}

enum bark_code bark_xml_resolve_element(struct bark_xml_reader *r, struct bark_xml_name *name,
                                        uint32_t *binding)
{
    const bool hot = r->hot < r->binding_count && bark_slice_equal(r->bindings[r->hot].prefix, name->prefix);
    *binding = hot ? r->hot : bark_xml_binding_find(r, name->prefix);
    r->hot = *binding;
    if (*binding == BARK_XML_COLD) {
        r->bare = true;
        return name->prefix.len ? unbound(r, name) : BARK_OK;
    }
    name->uri = r->bindings[*binding].uri;
    name->ns = r->bindings[*binding].ns;
    r->bindings[*binding].used = true;
    return BARK_OK;
}

/* [XMLNS 6.2] The default namespace does not apply to attributes. */
enum bark_code bark_xml_resolve_attribute(struct bark_xml_reader *r, struct bark_xml_name *name)
{
    uint32_t i;
    if (name->prefix.len == 0)
        return BARK_OK;
    i = bark_xml_binding_find(r, name->prefix);
    if (i == BARK_XML_COLD)
        return unbound(r, name);
    name->uri = r->bindings[i].uri;
    name->ns = r->bindings[i].ns;
    r->bindings[i].used = true;
    return BARK_OK;
}

struct bark_xml_name bark_xml_open_name(const struct bark_xml_reader *r, const struct bark_xml_open *open)
{
    const size_t skip = open->prefix_len ? open->prefix_len + 1 : 0;
    struct bark_xml_name name = { .prefix = { open->name, open->prefix_len },
                                  .local = { open->name + skip, open->len - skip } };
    if (open->binding != BARK_XML_COLD) {
        name.uri = r->bindings[open->binding].uri;
        name.ns = r->bindings[open->binding].ns;
    }
    return name;
}
