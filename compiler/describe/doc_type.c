/* describe/doc_type.c - one type of the HTML reference: what it is derived from, its members as a table, its
 * facets.
 */
#include "describe/doc.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 24 }; /* deeper groups are indented no further */

static void row_start(struct soapc_doc *d, size_t depth)
{
    char text[64];
    (void)snprintf(text, sizeof text, "<tr><td style=\"padding-left:%zu.6rem\"",
                   depth < DEPTH_MAX ? depth : DEPTH_MAX);
    soapc_doc_markup(d, text);
}

static void occurs_cell(struct soapc_doc *d, uint32_t min, uint32_t max)
{
    char text[32];
    soapc_occurs_words(min, max, text);
    soapc_doc_markup(d, "<td class=\"mono\">");
    soapc_doc_markup(d, max == 1 ? (min ? "required" : "optional") : text);
    soapc_doc_markup(d, "</td>");
}

static void preset_put(struct soapc_doc *d, const char *default_text, const char *fixed_text)
{
    if (!default_text && !fixed_text)
        return;
    soapc_doc_markup(d, fixed_text ? "<p><span class=\"dim\">always</span> <code>"
                                   : "<p><span class=\"dim\">default</span> <code>");
    soapc_doc_text(d, fixed_text ? fixed_text : default_text);
    soapc_doc_markup(d, "</code></p>");
}

static void wildcard_words(struct soapc_doc *d, const struct soapc_wildcard *w)
{
    soapc_doc_text(d, w->mode == BARK_WILDCARD_ANY   ? "any namespace"
                      : w->mode == BARK_WILDCARD_NOT ? "any namespace but "
                                                     : "of namespace ");
    for (size_t i = 0; i < w->namespace_count; i++) {
        soapc_doc_text(d, i ? ", " : "");
        soapc_doc_text(d, w->namespaces[i][0] ? w->namespaces[i] : "(none)");
    }
}

static void element_row(struct soapc_doc *d, const struct soapc_particle *p, size_t depth)
{
    const struct soapc_element *e = p->element;
    row_start(d, depth);
    soapc_doc_markup(d, "><code>");
    soapc_doc_text(d, e->name.local);
    soapc_doc_markup(d, "</code></td><td>");
    soapc_doc_type_link(d, e->type);
    soapc_doc_markup(d, "</td>");
    occurs_cell(d, p->min, p->max);
    soapc_doc_markup(d, "<td>");
    soapc_doc_about(d, p->place);
    if (p->place.at != e->place.at || p->place.file != e->place.file)
        soapc_doc_about(d, e->place);
    if (e->nillable)
        soapc_doc_markup(d, "<p><span class=\"tag\">may be nil</span></p>");
    if (e->substitute_count)
        soapc_doc_markup(d, "<p><span class=\"tag\">substitution group</span></p>");
    if (e->content_types) {
        soapc_doc_markup(d, "<p><span class=\"dim\">octets of</span> <code>");
        soapc_doc_text(d, e->content_types);
        soapc_doc_markup(d, "</code></p>");
    }
    preset_put(d, e->default_text, e->fixed_text);
    soapc_doc_markup(d, "</td></tr>\n");
}

static void wildcard_row(struct soapc_doc *d, const struct soapc_particle *p, size_t depth)
{
    row_start(d, depth);
    soapc_doc_markup(d, " class=\"group\">any element</td><td class=\"dim\">");
    wildcard_words(d, p->wildcard);
    soapc_doc_markup(d, "</td>");
    occurs_cell(d, p->min, p->max);
    soapc_doc_markup(d, "<td></td></tr>\n");
}

static void group_row(struct soapc_doc *d, const struct soapc_particle *p, size_t depth)
{
    row_start(d, depth);
    soapc_doc_markup(d, " class=\"group\">");
    soapc_doc_markup(d, p->kind == SOAPC_PARTICLE_CHOICE ? "one of"
                        : p->kind == SOAPC_PARTICLE_ALL  ? "in any order"
                                                         : "in this order");
    soapc_doc_markup(d, "</td><td></td>");
    occurs_cell(d, p->min, p->max);
    soapc_doc_markup(d, "<td></td></tr>\n");
}

/* The outermost sequence says nothing when it occurs once, nor do sequences in it that do. */
static bool is_plain(const struct soapc_particle *p)
{
    return p->kind == SOAPC_PARTICLE_SEQUENCE && p->min == 1 && p->max == 1;
}

static void content_rows(struct soapc_doc *d, const struct soapc_type *t)
{
    struct soapc_content_walk walk;
    const struct soapc_particle *p;
    size_t depth, plain = 0;
    soapc_content_start(&walk, d->plan, t->particle);
    while ((p = soapc_content_next(&walk, &depth)) != NULL) {
        plain = plain < depth ? plain : depth;
        if (is_plain(p) && plain == depth) {
            plain = depth + 1; /* its members stand at its own depth */
            continue;
        }
        depth -= plain;
        if (p->kind == SOAPC_PARTICLE_ELEMENT)
            element_row(d, p, depth);
        else if (p->kind == SOAPC_PARTICLE_ANY)
            wildcard_row(d, p, depth);
        else
            group_row(d, p, depth);
    }
}

static void attribute_rows(struct soapc_doc *d, const struct soapc_type *t)
{
    for (size_t i = 0; i < t->attributes.count; i++) {
        const struct soapc_attribute_use *use = t->attributes.items[i];
        row_start(d, 0);
        soapc_doc_markup(d, "><code>@");
        soapc_doc_text(d, use->attribute->name.local);
        soapc_doc_markup(d, "</code></td><td>");
        soapc_doc_type_link(d, use->attribute->type);
        soapc_doc_markup(d, "</td>");
        occurs_cell(d, use->required, 1);
        soapc_doc_markup(d, "<td>");
        soapc_doc_about(d, use->place);
        preset_put(d, use->default_text, use->fixed_text);
        soapc_doc_markup(d, "</td></tr>\n");
    }
    if (!t->any_attribute)
        return;
    soapc_doc_markup(d, "<tr><td class=\"group\">any attribute</td><td class=\"dim\">");
    wildcard_words(d, t->any_attribute);
    soapc_doc_markup(d, "</td><td></td><td></td></tr>\n");
}

static void members_table(struct soapc_doc *d, const struct soapc_type *t)
{
    const bool elements = t->content == SOAPC_CONTENT_ELEMENTS && t->particle;
    const bool value = t->content == SOAPC_CONTENT_SIMPLE && t->value;
    if (!elements && !value && !t->attributes.count && !t->any_attribute) {
        soapc_doc_markup(d, "<p class=\"dim\">Empty.</p>\n");
        return;
    }
    soapc_doc_markup(
        d, "<table><thead><tr><th>Member</th><th>Type</th><th>Occurs</th><th>Description</th></tr></thead>"
           "<tbody>\n");
    attribute_rows(d, t);
    if (value) {
        soapc_doc_markup(d, "<tr><td class=\"group\">value</td><td>");
        soapc_doc_type_link(d, t->value);
        soapc_doc_markup(d, "</td><td class=\"mono\">required</td><td></td></tr>\n");
    }
    if (elements)
        content_rows(d, t);
    soapc_doc_markup(d, "</tbody></table>\n");
}

static void facets_list(struct soapc_doc *d, const struct soapc_type *t)
{
    bool open = false;
    for (size_t i = 0; i < t->facets.count; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        const char *word = soapc_facet_word(f->kind);
        if (f->builtin || !word || f->kind == BARK_FACET_ENUMERATION)
            continue;
        soapc_doc_markup(d, open ? "" : "<dl>");
        open = true;
        soapc_doc_markup(d, "<dt>");
        soapc_doc_text(d, word);
        soapc_doc_markup(d, "</dt><dd><code>");
        soapc_doc_text(d, f->text);
        soapc_doc_markup(d, "</code></dd>");
    }
    soapc_doc_markup(d, open ? "</dl>\n" : "");
}

static void values_table(struct soapc_doc *d, const struct soapc_type *t)
{
    bool open = false;
    for (size_t i = 0; i < t->facets.count; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        if (f->kind != BARK_FACET_ENUMERATION)
            continue;
        soapc_doc_markup(
            d, open ? "" : "<table><thead><tr><th>Value</th><th>Description</th></tr></thead><tbody>\n");
        open = true;
        soapc_doc_markup(d, "<tr><td><code>");
        soapc_doc_text(d, f->text);
        soapc_doc_markup(d, "</code></td><td>");
        soapc_doc_about(d, f->place);
        soapc_doc_markup(d, "</td></tr>\n");
    }
    soapc_doc_markup(d, open ? "</tbody></table>\n" : "");
}

static void origin_put(struct soapc_doc *d, const struct soapc_type *t)
{
    if (t->item) {
        soapc_doc_markup(d, "<p>A list of ");
        soapc_doc_type_link(d, t->item);
        soapc_doc_markup(d, ".</p>\n");
    } else if (t->member_count) {
        soapc_doc_markup(d, "<p>One of ");
        for (size_t i = 0; i < t->member_count; i++) {
            soapc_doc_markup(d, i ? ", " : "");
            soapc_doc_type_link(d, t->members[i]);
        }
        soapc_doc_markup(d, ".</p>\n");
    } else if (t->base && !(t->complex && t->base->is_builtin && t->base->complex)) {
        soapc_doc_markup(d, t->derivation == SOAPC_BY_EXTENSION ? "<p>Extends " : "<p>Restricts ");
        soapc_doc_type_link(d, t->base);
        soapc_doc_markup(d, ".</p>\n");
    }
}

void soapc_doc_type(struct soapc_doc *d, const struct soapc_type *t)
{
    soapc_doc_markup(d, "<section id=\"");
    soapc_doc_text(d, d->plan->type_names[t->index]);
    soapc_doc_markup(d, "\"><h3>");
    soapc_doc_text(d, soapc_type_label(t));
    soapc_doc_markup(d, "<span class=\"kind\">");
    soapc_doc_text(d, t->complex ? t->abstract ? "abstract" : t->mixed ? "mixed text" : "" : "simple");
    soapc_doc_markup(d, "</span></h3>\n");
    soapc_doc_about(d, t->place);
    origin_put(d, t);
    if (t->complex) {
        members_table(d, t);
    } else {
        facets_list(d, t);
        values_table(d, t);
    }
    soapc_doc_markup(d, "</section>\n");
}
