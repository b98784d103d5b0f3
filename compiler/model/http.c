/* model/http.c - what an HTTP binding makes of an operation [WSDL11 4]: where its parts travel, and what the
 * answer is.
 *
 * There is no envelope and no root element on the wire, only named parameters; so each operation gets a
 * struct of its parameters, as an rpc operation does, and its element is never written. What cannot be said
 * in parameters (parts that are not of simple types) or in one answer leaves the operation out, with the
 * reason; what contradicts the specification is an error.
 */
#include "model/build.h"

#include "table/http_lines.h"

#include <strings.h>

enum {
    LOCATION_MAX = 1000,
    TYPES_MAX = 4000 /* characters of a part's types before the last; each join copies them */
};

/* A binding of one operation under construction. */
struct http_work {
    struct soapc_builder *b;
    const struct soapc_scope *scope;
    struct soapc_bound_operation *bound;
    const struct soapc_node *operation; /* http:operation */
};

static struct soapc_place raw_place(const struct http_work *w, const struct soapc_raw *raw)
{
    return (struct soapc_place){ w->scope->doc->file, raw->at };
}

static struct soapc_place location_place(const struct http_work *w)
{
    return soapc_attribute_place(w->b->diag, w->scope->doc->file, w->operation->at, "location");
}

bool soapc_http_verb_read(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node)
{
    struct bark_text verb = node->text[SOAPC_WTEXT_verb];
    if (bark_text_equal(verb, "GET") || bark_text_equal(verb, "POST"))
        return bark_text_equal(verb, "POST");
    if (!verb.ptr)
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, soapc_node_place(s, node),
                    "http:binding needs the attribute 'verb'");
    else
        soapc_error(b->diag, SOAPC_E_HTTP_BINDING,
                    soapc_attribute_place(b->diag, s->doc->file, node->at, "verb"),
                    "the verb of an HTTP binding is GET or POST, not '%s'", verb.ptr);
    return false;
}

/* ---- parameters ---- */

/* The simple type of what an array's content repeats, or NULL: .NET's ArrayOf types and SOAP arrays. */
static struct soapc_type *array_item(struct soapc_builder *b, const struct soapc_type *t)
{
    struct soapc_type *item = soapc_encoding_item(b, t);
    const struct soapc_particle *p = t->complex && t->content == SOAPC_CONTENT_ELEMENTS ? t->particle : NULL;
    if (!item && t->attributes.count == 0 && !t->any_attribute) {
        while (p && p->kind == SOAPC_PARTICLE_SEQUENCE && p->count == 1 && p->min == 1 && p->max == 1)
            p = p->items[0];
        if (p && p->kind == SOAPC_PARTICLE_ELEMENT && p->max == SOAPC_UNBOUNDED && p->min == 0 &&
            !p->element->nillable)
            item = p->element->type;
        if (p && p->kind == SOAPC_PARTICLE_ELEMENT && p->max == SOAPC_UNBOUNDED && p->element->nillable)
            item = p->element->type; /* .NET calls the items of string[] nillable; a parameter is there */
    }
    return item && !item->complex && item->builtin != SOAPC_BUILTIN_ANY_TYPE ? item : NULL;
}

/* A part as a parameter: of its simple type, or of its items'. False: it is neither. */
static bool parameter_make(struct soapc_builder *b, const struct soapc_part *part, struct soapc_part *made)
{
    struct soapc_type *t = part->element ? part->element->type : part->type;
    struct soapc_type *item = NULL;
    if (!t || t->builtin == SOAPC_BUILTIN_ANY_TYPE) /* a complex type without a built-in below, or anyType */
        item = t && t->complex ? array_item(b, t) : NULL;
    else if (!t->complex)
        item = t;
    else if (t->content == SOAPC_CONTENT_SIMPLE && soapc_encoding_plain(b, t) != t)
        item = soapc_encoding_plain(b, t);
    *made = (struct soapc_part){ .name = part->name,
                                 .place = part->place,
                                 .type = item,
                                 .repeated = item && t->complex && t->content != SOAPC_CONTENT_SIMPLE };
    return item != NULL;
}

static const char *part_reason(struct http_work *w, const struct soapc_part *part, const char *why)
{
    return soapc_pool_join(w->b->pool, soapc_pool_join(w->b->pool, "part '", part->name, "' "), why, "");
}

/* The element of the parameters: that of rpc, if a SOAP binding of the operation has made one of the same
 * parts, so that one handler serves both; else one named as the message. */
static struct soapc_element *parameters_root(struct http_work *w, const struct soapc_wsdl_message *m,
                                             const char *suffix, const struct soapc_part **parts,
                                             size_t count)
{
    const struct soapc_operation *op = w->bound->operation;
    const char *rpc = soapc_pool_join(w->b->pool, op->name, suffix, "");
    struct soapc_element *e = soapc_wrapper_search(w->b, op->place, NULL, rpc, parts, count);
    if (!e)
        e = soapc_wrapper_search(w->b, m->place, m->name.ns, m->name.local, parts, count);
    return e ? e : soapc_wrapper_make(w->b, m->place, m->name, parts, count);
}

static const char *parameters_build(struct http_work *w, const struct soapc_wsdl_message *m)
{
    const size_t count = m->part_count;
    struct soapc_part *made = soapc_pool_alloc(w->b->pool, (count + 1) * sizeof *made);
    const struct soapc_part **parts =
        soapc_pool_alloc(w->b->pool, (count + 1) * sizeof(const struct soapc_part *));
    for (size_t i = 0; i < count; i++) {
        if (!parameter_make(w->b, &m->parts[i], &made[i]))
            return part_reason(w, &m->parts[i],
                               "is not of a simple type, nor an array of one, so it is no parameter");
        if (made[i].repeated && w->bound->http.form == SOAPC_HTTP_REPLACED)
            return part_reason(w, &m->parts[i],
                               "is an array, and [WSDL11 4.7] a path has room for one value");
        parts[i] = &made[i];
    }
    if (count)
        w->bound->input.root = parameters_root(w, m, "", parts, count);
    return NULL;
}

/* ---- the location [WSDL11 4.5, 4.7] ---- */

/* [RFC3986 3.3] What a path may hold as it is. */
static bool path_char(const char *at)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    const char c = *at;
    if (c == '%')
        return at[1] && strchr(hex, at[1]) && at[2] && strchr(hex, at[2]);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("-._~!$&'()*+,;=:@/", c);
}

static void location_read(struct http_work *w)
{
    struct bark_text location = w->operation->text[SOAPC_WTEXT_location];
    struct soapc_builder *b = w->b;
    w->bound->http.location = b->empty;
    if (!location.ptr) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, soapc_node_place(w->scope, w->operation),
                    "http:operation needs the attribute 'location'");
        return;
    }
    w->bound->http.location = soapc_intern(b, location);
    if (location.len > LOCATION_MAX)
        soapc_error(b->diag, SOAPC_E_TABLE_LIMIT, location_place(w), "a location has at most %d characters",
                    LOCATION_MAX);
    for (const char *at = w->bound->http.location; *at; at++) {
        if (path_char(at))
            continue;
        soapc_error(b->diag, SOAPC_E_HTTP_BINDING, location_place(w),
                    "the location '%s' is no relative path: it has a '%c' at %zu [RFC3986 3.3]",
                    w->bound->http.location, *at >= ' ' && *at <= '~' ? *at : '?',
                    (size_t)(at - w->bound->http.location) + 1);
        return;
    }
}

static const char *pattern_find(const char *from, const char *name)
{
    const size_t len = strlen(name);
    for (const char *at = strchr(from, '('); at; at = strchr(at + 1, '('))
        if (strncmp(at + 1, name, len) == 0 && at[1 + len] == ')')
            return at;
    return NULL;
}

/* Each part stands in the location once, or its value would be lost or said twice; and something stands
 * between two, or nobody could tell them apart. */
static void replacement_check(struct http_work *w, const struct soapc_wsdl_message *m)
{
    const char *location = w->bound->http.location;
    for (size_t i = 0; i < m->part_count; i++) {
        const char *name = m->parts[i].name, *at = pattern_find(location, name);
        const char *end = at ? at + strlen(name) + 2 : NULL;
        if (!at || pattern_find(end, name)) {
            soapc_error(w->b->diag, SOAPC_E_HTTP_BINDING, location_place(w),
                        at ? "part '%s' stands twice in the location"
                           : "the location has no '(%s)' for its part",
                        name);
            soapc_note(w->b->diag, m->parts[i].place, "the part is declared here");
            continue;
        }
        for (size_t k = 0; k < m->part_count; k++)
            if (*end == '(' && pattern_find(end, m->parts[k].name) == end)
                soapc_error(w->b->diag, SOAPC_E_HTTP_BINDING, location_place(w),
                            "nothing stands between the parts '%s' and '%s' in the location", name,
                            m->parts[k].name);
    }
}

/* ---- media types ---- */

static bool media_is(struct bark_text type, const char *word)
{
    const size_t len = strlen(word);
    return type.len >= len && strncasecmp(type.ptr, word, len) == 0 &&
           (type.len == len || type.ptr[len] == ';' || type.ptr[len] == ' ');
}

static bool media_is_xml(struct bark_text type)
{
    struct bark_text bare = type;
    for (size_t i = 0; i < type.len; i++)
        if (type.ptr[i] == ';' || type.ptr[i] == ' ') {
            bare.len = i;
            break;
        }
    return media_is(type, "text/xml") || media_is(type, "application/xml") ||
           (bare.len > 4 && strncasecmp(bare.ptr + bare.len - 4, "+xml", 4) == 0);
}

/* [RFC9110 8.3.1] A type and a subtype, no wildcard; nothing that could end a header line. */
static bool media_is_whole(struct bark_text type)
{
    const char *slash = type.ptr ? memchr(type.ptr, '/', type.len) : NULL;
    for (size_t i = 0; i < type.len; i++)
        if (type.ptr[i] < ' ' || type.ptr[i] > '~' || type.ptr[i] == '*')
            return false;
    return slash && slash > type.ptr && slash < type.ptr + type.len - 1;
}

/* ---- messages ---- */

/* The part that a mime: element names, or the message's only one [WSDL11 5.3]. NULL and *why when there are
 * several to choose from, or none of that name: Axis2 writes the operation's name there, and the SOAP
 * bindings beside it are right. */
static const struct soapc_part *content_part(struct http_work *w, const struct soapc_raw *raw,
                                             const struct soapc_wsdl_message *m, const char **why)
{
    struct bark_text name = soapc_raw_attribute(raw, "part");
    if (!name.ptr && m->part_count == 1)
        return &m->parts[0];
    for (size_t i = 0; name.ptr && i < m->part_count; i++)
        if (bark_text_equal(name, m->parts[i].name))
            return &m->parts[i];
    *why = name.ptr ? soapc_pool_join(w->b->pool, "its mime: element names the part '", name.ptr,
                                      "', which its message does not have")
                    : "its mime: element does not say which part is meant";
    return NULL;
}

/* A part that is an XML document: its element, or one that is named as the part [WSDL11 5.6]. */
static const char *xml_root(struct http_work *w, const struct soapc_raw *raw,
                            const struct soapc_wsdl_message *m, struct soapc_payload *payload)
{
    const char *why;
    const struct soapc_part *part = content_part(w, raw, m, &why);
    if (!part)
        return why;
    payload->root = soapc_part_document(w->b, part);
    return NULL;
}

/* A part that is the whole answer, as text or octets. */
static const char *content_root(struct http_work *w, const struct soapc_raw *raw,
                                const struct soapc_wsdl_message *m, struct bark_text type)
{
    const char *why;
    const struct soapc_part *part = content_part(w, raw, m, &why), *parts[1];
    struct soapc_part made;
    if (!part)
        return why;
    if (!media_is_whole(type))
        return "its mime:content does not name one media type";
    if (!parameter_make(w->b, part, &made) || made.repeated || made.type->variety != SOAPC_ATOMIC)
        return part_reason(w, part, "is not one value, so it is no text");
    parts[0] = &made;
    w->bound->http.media = soapc_intern(w->b, type);
    w->bound->output.root = parameters_root(w, m, "Response", parts, 1);
    return NULL;
}

/* ---- multipart/related [WSDL11 5.4] ---- */

/* One mime:part under construction. */
struct related_part {
    const struct soapc_part *part; /* NULL: no alternative was taken yet */
    struct soapc_part made; /* the member */
    const char *types;
    bool xml;
    bool says; /* there is a type that it can be sent as */
    bool full; /* and no more types fit */
};

/* What stands for it in a struct is one member. */
static const char *document_check(struct http_work *w, const struct soapc_part *part)
{
    const struct soapc_element *e = part->element;
    if (e && (e->abstract || e->substitute_count))
        return part_reason(w, part, "is of an element that others stand for");
    if (e && (e->nillable || e->default_text || e->fixed_text))
        return part_reason(w, part, "is of an element that may be nil, or has a default or fixed value");
    return NULL;
}

/* Somebody has to write it: as a type that is named, or as application/octet-stream or text/plain where
 * these may stand for it (bark_part_type()). */
static bool types_can_be_said(const char *types, bool first)
{
    const struct bark_text type = { types, strlen(types) };
    return media_is(type, "*/*") || media_is(type, "application/*") || (first && media_is(type, "text/*")) ||
           media_is_whole(type);
}

/* One mime:content or mime:mimeXml: how its part travels, or why it cannot so. What is of a simple type is
 * its text or octets; everything else is XML, and so is what mime:mimeXml says. */
static const char *alternative_take(struct http_work *w, const struct soapc_child *child,
                                    const struct soapc_part *part, struct related_part *r)
{
    struct bark_text type = soapc_raw_attribute(child->as.raw, "type");
    const bool any = !type.ptr || bark_text_equal(type, "*/*");
    const bool xml =
        type.ptr && bark_http_types_are_xml((struct bark_slice){ (const uint8_t *)type.ptr, type.len });
    const bool as_xml = child->kind == SOAPC_WSDL_MIME_XML || xml;
    const char *types = type.ptr && (!as_xml || xml) ? soapc_intern(w->b, type) : as_xml ? "text/xml" : "*/*";
    struct soapc_part made;
    const bool simple = parameter_make(w->b, part, &made) && !made.repeated;
    const char *why;
    if (!soapc_media_check(w->b, types,
                           soapc_attribute_place(w->b->diag, w->scope->doc->file, child->as.raw->at, "type")))
        return "a media type of it is none";
    if (as_xml && simple && !part->element && child->kind == SOAPC_WSDL_MIME_CONTENT)
        return part_reason(w, part, "has a simple type: mime:mimeXml would say that it is XML");
    if (!as_xml && !simple && !any)
        return part_reason(w, part, "is not of a simple type, so it is XML or nothing");
    why = as_xml || !simple ? document_check(w, part) : NULL;
    if (why)
        return why;
    if (r->part && r->xml != (as_xml || !simple))
        return NULL; /* the first that can be written is taken */
    if (r->part && strlen(r->types) > TYPES_MAX) {
        if (!r->full)
            soapc_error(w->b->diag, SOAPC_E_TABLE_LIMIT, raw_place(w, child->as.raw),
                        "the media types of part '%s' have about %d characters at most", part->name,
                        TYPES_MAX);
        r->full = true;
        return NULL;
    }
    if (!simple && !as_xml)
        types = "text/xml, */*";
    r->types = r->part ? soapc_pool_join(w->b->pool, r->types, ", ", types) : types;
    r->xml = as_xml || !simple;
    r->made = made;
    r->made.element = r->xml ? soapc_part_document(w->b, part) : NULL;
    r->says = r->says || r->xml || types_can_be_said(types, !r->part);
    r->part = part;
    return NULL;
}

/* Its elements are alternatives of one part. */
static const char *related_part_read(struct http_work *w, const struct soapc_node *node,
                                     const struct soapc_wsdl_message *m, struct related_part *r)
{
    const struct soapc_part *named = NULL;
    const char *why = NULL;
    *r = (struct related_part){ .part = NULL };
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_child *child = &node->children.items[i];
        if (child->kind == SOAPC_WSDL_SOAP_BODY)
            return "a mime:part has a soap:body, and the binding has no envelope";
        if (child->kind != SOAPC_WSDL_MIME_CONTENT && child->kind != SOAPC_WSDL_MIME_XML)
            continue;
        const struct soapc_part *part = content_part(w, child->as.raw, m, &why);
        if (!part)
            return why;
        if (named && named != part)
            return part_reason(w, part, "is an alternative of another part");
        named = part;
        const char *reason = alternative_take(w, child, part, r);
        why = why ? why : reason;
    }
    if (r->part && !r->says)
        return part_reason(w, r->part, "may be of many types, and none is named that it could be sent as");
    if (r->part)
        return NULL;
    return why ? why : "a mime:part says nothing of its content";
}

static const struct soapc_node *related_find(const struct soapc_node *io)
{
    for (size_t i = 0; io && i < io->children.count; i++)
        if (io->children.items[i].kind == SOAPC_WSDL_MIME_RELATED)
            return io->children.items[i].as.node;
    return NULL;
}

/* The members of a message in the order of the mime:part elements, one each; all parts of the message. */
static const char *related_build(struct http_work *w, const struct soapc_node *related,
                                 const struct soapc_wsdl_message *m, const char *suffix,
                                 struct soapc_payload *payload, struct soapc_related *list)
{
    const size_t room = m->part_count + 1;
    struct soapc_part *made = soapc_pool_alloc(w->b->pool, room * sizeof *made);
    const struct soapc_part **parts = soapc_pool_alloc(w->b->pool, room * sizeof(const struct soapc_part *));
    struct related_part r;
    list->items = soapc_pool_alloc(w->b->pool, room * sizeof *list->items);
    list->documents = soapc_pool_alloc(w->b->pool, room * sizeof(struct soapc_element *));
    list->count = 0;
    for (size_t i = 0; i < related->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&related->children.items[i]);
        if (!node || node->kind != SOAPC_WSDL_MIME_PART)
            continue;
        const char *why = related_part_read(w, node, m, &r);
        for (size_t k = 0; !why && k < list->count; k++)
            if (list->items[k].part == r.part)
                why = part_reason(w, r.part, "stands in two mime:part elements");
        if (why)
            return why;
        made[list->count] = r.made;
        parts[list->count] = &made[list->count];
        list->documents[list->count] = r.made.element;
        list->items[list->count++] = (struct soapc_attachment){ r.part, r.types };
    }
    for (size_t i = 0; i < m->part_count; i++) {
        size_t k = 0;
        while (k < list->count && list->items[k].part != &m->parts[i])
            k++;
        if (k == list->count)
            return part_reason(w, &m->parts[i], "is in no mime:part");
    }
    payload->root = parameters_root(w, m, suffix, parts, list->count);
    return NULL;
}

static const struct soapc_raw *raw_find(const struct soapc_node *io, enum soapc_node_kind kind)
{
    for (size_t i = 0; io && i < io->children.count; i++)
        if (io->children.items[i].kind == kind)
            return io->children.items[i].as.raw;
    return NULL;
}

/* How the input travels; NULL, or why that is not possible. The form is set in any case. */
static const char *form_choose(struct http_work *w, const struct soapc_node *io, bool has_parts,
                               const struct soapc_raw **xml)
{
    const struct soapc_raw *encoded = raw_find(io, SOAPC_WSDL_HTTP_ENCODED),
                           *replaced = raw_find(io, SOAPC_WSDL_HTTP_REPLACED);
    const char *why = has_parts ? "nothing says how its parts travel" : NULL;
    struct soapc_http *http = &w->bound->http;
    *xml = NULL;
    if (encoded && replaced)
        soapc_error(w->b->diag, SOAPC_E_HTTP_BINDING, raw_place(w, replaced),
                    "parts travel by http:urlEncoded or by http:urlReplacement, not by both");
    if (encoded || replaced) {
        http->form = replaced ? SOAPC_HTTP_REPLACED : SOAPC_HTTP_ENCODED;
        return NULL;
    }
    for (size_t i = 0; io && i < io->children.count; i++) {
        const struct soapc_child *child = &io->children.items[i];
        const bool related = child->kind == SOAPC_WSDL_MIME_RELATED;
        if (!related && child->kind != SOAPC_WSDL_MIME_CONTENT && child->kind != SOAPC_WSDL_MIME_XML)
            continue;
        if (!http->post) {
            soapc_error(w->b->diag, SOAPC_E_HTTP_BINDING,
                        related ? soapc_node_place(w->scope, child->as.node) : raw_place(w, child->as.raw),
                        "a GET has no body: its parts travel by http:urlEncoded or http:urlReplacement");
            return NULL;
        }
        if (related) {
            http->form = has_parts ? SOAPC_HTTP_RELATED : SOAPC_HTTP_ENCODED;
            return NULL;
        }
        struct bark_text type = soapc_raw_attribute(child->as.raw, "type");
        if (child->kind == SOAPC_WSDL_MIME_CONTENT && media_is(type, "application/x-www-form-urlencoded"))
            return NULL;
        if (child->kind == SOAPC_WSDL_MIME_CONTENT && media_is(type, "multipart/form-data")) {
            http->form = SOAPC_HTTP_PARTS;
            return NULL;
        }
        if (child->kind == SOAPC_WSDL_MIME_XML || media_is_xml(type)) {
            http->form = SOAPC_HTTP_XML;
            *xml = child->as.raw;
            return NULL;
        }
        why = "its input is of a media type that is neither XML nor a form";
    }
    return why;
}

static const char *input_bind(struct http_work *w, const struct soapc_node *io)
{
    const struct soapc_wsdl_message *m = w->bound->operation->input.message;
    const struct soapc_raw *xml;
    const char *why = form_choose(w, io, m->part_count != 0, &xml);
    if (why)
        return why;
    if (w->bound->http.form == SOAPC_HTTP_XML)
        return xml_root(w, xml, m, &w->bound->input);
    if (w->bound->http.form == SOAPC_HTTP_RELATED)
        return related_build(w, related_find(io), m, "", &w->bound->input, &w->bound->http.parts);
    why = parameters_build(w, m);
    if (!why && w->bound->http.form == SOAPC_HTTP_REPLACED)
        replacement_check(w, m);
    return why;
}

/* Alternatives may be listed [WSDL11 5.3]: the first that can be written is taken. */
static const char *output_bind(struct http_work *w, const struct soapc_node *io)
{
    const struct soapc_wsdl_message *m = w->bound->operation->output.message;
    const char *why = NULL;
    if (!m || m->part_count == 0)
        return NULL;
    for (size_t i = 0; io && i < io->children.count; i++) {
        const struct soapc_child *child = &io->children.items[i];
        const char *reason;
        if (child->kind == SOAPC_WSDL_MIME_RELATED) {
            reason =
                related_build(w, child->as.node, m, "Response", &w->bound->output, &w->bound->http.answer);
            if (!reason)
                return NULL;
            w->bound->http.answer.count = 0;
            why = why ? why : reason;
            continue;
        }
        if (child->kind != SOAPC_WSDL_MIME_CONTENT && child->kind != SOAPC_WSDL_MIME_XML)
            continue;
        struct bark_text type = soapc_raw_attribute(child->as.raw, "type");
        if (child->kind == SOAPC_WSDL_MIME_XML || media_is_xml(type))
            reason = xml_root(w, child->as.raw, m, &w->bound->output);
        else
            reason = content_root(w, child->as.raw, m, type);
        if (!reason)
            return NULL;
        why = why ? why : reason;
    }
    return why ? why : "nothing says how its answer is written";
}

void soapc_http_bind(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                     const struct soapc_binding *binding, struct soapc_bound_operation *bound)
{
    struct http_work w = { b, s, bound, soapc_io_find(node, SOAPC_WSDL_HTTP_OPERATION) };
    const struct soapc_node *input = soapc_io_find(node, SOAPC_WSDL_INPUT),
                            *output = soapc_io_find(node, SOAPC_WSDL_OUTPUT);
    bound->http = (struct soapc_http){ .post = binding->post, .location = b->empty };
    if (bound->operation->http_last)
        bound->operation->http_last->http_next = bound;
    else
        bound->operation->http_first = bound;
    bound->operation->http_last = bound;
    if (!w.operation) {
        soapc_error(b->diag, SOAPC_E_MISSING_ELEMENT, soapc_node_place(s, node),
                    "an operation of an HTTP binding needs an http:operation");
        return;
    }
    location_read(&w);
    if (bound->operation->notification)
        bound->unsupported = "an HTTP binding of an operation that the service starts";
    if (!bound->unsupported)
        bound->unsupported = input_bind(&w, input);
    if (!bound->unsupported)
        bound->unsupported = output_bind(&w, output);
}
