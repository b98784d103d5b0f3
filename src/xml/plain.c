/* xml/plain.c - tags and texts with nothing special in them, in one step each.
 *
 * Nearly all of a message is "<p:name>text</p:name>" with a prefix that was met before. This file takes such
 * a form when it stands there byte for byte, and takes nothing otherwise: it never fails, so that every error
 * is found by the full reader and nowhere else. What is taken here obeys the same limits and leaves the
 * reader as bark_xml_next() would have left it. With a window nothing is taken.
 */
#ifndef BARK_COMPACT

#include "base/bytes.h"
#include "xml/chars.h"
#include "xml/parts.h"
#include "xml/scan.h"

#include <assert.h>

enum { PREFIX_LOOK = 16 }; /* a longer prefix is not searched for here */

/* Ready for what comes next; false when something else is owed. */
static bool ready(struct bark_xml_reader *r)
{
    if (r->failed != BARK_OK || r->pending_end || bark_xml_windowed(r))
        return false;
    if (r->leaving)
        bark_xml_leave(r);
    return r->depth > 0;
}

/* The '<' behind white space, where one stands and the white space is a text within the limits; else NULL. */
static const uint8_t *tag_behind_space(const struct bark_xml_reader *r)
{
    const uint8_t *at = r->at;
    while (at < r->end && bark_xml_byte_is(*at, BARK_XML_SPACE_BYTE))
        at++;
    if (r->end - at < 2 || *at != '<' || (size_t)(at - r->at) > r->limits->text_bytes)
        return NULL;
    return at;
}

/* True when a name with the prefix of this binding may begin at `at`, which *local is then behind. */
static bool prefix_is(const struct bark_xml_reader *r, const struct bark_xml_binding *binding,
                      const uint8_t *at, const uint8_t **local)
{
    const size_t len = binding->prefix.len;
    if (len >= (size_t)(r->end - at) || at[len] != ':' || !bark_bytes_equal(at, binding->prefix.ptr, len))
        return false;
    *local = at + len + 1;
    return true;
}

/* The binding of the prefix at `at`, or of names without one. */
static uint32_t binding_look(const struct bark_xml_reader *r, const uint8_t *at, const uint8_t **local)
{
    struct bark_slice prefix = { at, 0 };
    while (prefix.len < PREFIX_LOOK && prefix.len < (size_t)(r->end - at) &&
           bark_xml_byte_is(at[prefix.len], BARK_XML_NAME_BYTE))
        prefix.len++;
    if (prefix.len == (size_t)(r->end - at) || at[prefix.len] != ':')
        prefix.len = 0; /* or a name that does not end here: then it is not the one that is expected */
    *local = prefix.len ? at + prefix.len + 1 : at;
    return bark_xml_binding_find(r, prefix);
}

bool bark_xml_plain_tag(struct bark_xml_reader *r, struct bark_xml_plain *plain)
{
    const struct bark_xml_binding *hot;
    const uint8_t *at;
    if (!ready(r) || !(at = tag_behind_space(r)) || at[1] == '!')
        return false;
    r->at = at;
    if (at[1] == '/')
        return false;
    plain->tag = at++;
    hot = r->hot < r->binding_count ? &r->bindings[r->hot] : NULL;
    if (hot && hot->prefix.len && prefix_is(r, hot, at, &plain->local))
        plain->binding = r->hot;
    else
        plain->binding = binding_look(r, at, &plain->local);
    plain->ns = plain->local == at ? 0 : BARK_NS_UNKNOWN; /* an unbound prefix is for the full reader */
    if (plain->binding != BARK_XML_COLD) {
        assert(plain->binding < r->binding_count);
        assert(r->bindings);
        plain->ns = r->bindings[plain->binding].ns;
    }
    return true;
}

bool bark_xml_plain_enter(struct bark_xml_reader *r, const struct bark_xml_plain *plain,
                          struct bark_slice local)
{
    const uint8_t *const name = plain->tag + 1;
    const size_t lead = (size_t)(plain->local - name);
    if (local.len >= (size_t)(r->end - plain->local) || plain->local[local.len] != '>' ||
        !bark_bytes_equal(plain->local, local.ptr, local.len))
        return false;
    if (r->depth == r->limits->depth || r->elements == r->limits->elements ||
        lead + local.len > r->limits->name_bytes)
        return false;
    r->elements++;
    r->open[r->depth++] = (struct bark_xml_open){ .name = name,
                                                  .len = (uint32_t)(lead + local.len),
                                                  .prefix_len = (uint32_t)(lead ? lead - 1 : 0),
                                                  .binding = plain->binding,
                                                  .bindings = r->binding_count };
    r->at = plain->local + local.len + 1;
    r->hot = plain->binding;
    if (plain->binding == BARK_XML_COLD)
        r->bare = true;
    else
        r->bindings[plain->binding].used = true;
    return true;
}

bool bark_xml_plain_enter_beside(struct bark_xml_reader *r, struct bark_slice local)
{
    const struct bark_xml_open *open;
    struct bark_xml_plain plain;
    size_t lead;
    if (!ready(r) || !(plain.tag = tag_behind_space(r)))
        return false;
    open = &r->open[r->depth - 1];
    lead = open->prefix_len ? open->prefix_len + 1U : 0;
    if (lead >= (size_t)(r->end - plain.tag) || !bark_bytes_equal(plain.tag + 1, open->name, lead))
        return false;
    plain.local = plain.tag + 1 + lead;
    plain.binding = open->binding;
    return bark_xml_plain_enter(r, &plain, local);
}

bool bark_xml_plain_text(struct bark_xml_reader *r, struct bark_slice *text)
{
    const uint8_t *stop;
    if (!ready(r))
        return false;
    stop = bark_scan_text(r->at, r->end);
    *text = (struct bark_slice){ r->at, (size_t)(stop - r->at) };
    if (r->end - stop < 2 || *stop != '<' || stop[1] == '!' || text->len == 0 ||
        text->len > r->limits->text_bytes)
        return false;
    r->at = stop;
    return true;
}

bool bark_xml_plain_end(struct bark_xml_reader *r, size_t *offset)
{
    const struct bark_xml_open *open;
    const uint8_t *at;
    if (!ready(r) || !(at = tag_behind_space(r)))
        return false;
    open = &r->open[r->depth - 1];
    if (open->len == 0 || (size_t)(r->end - at) < open->len + 3U || at[1] != '/' ||
        at[open->len + 2] != '>' || !bark_bytes_equal(at + 2, open->name, open->len))
        return false;
    *offset = bark_xml_place(r, at);
    r->at = at + open->len + 3;
    r->leaving = true;
    return true;
}

#endif
