/* model/identity.c - key, unique and keyref: their paths read and checked, keyrefs led to their keys.
 *
 * [XSD1 3.11.6] The paths are a small part of XPath: alternatives of child steps, at most one ".//" in front
 * of each, and for a field an attribute at the end. They are parsed into steps here; finding nodes by them is
 * the validator's business.
 */
#include "model/build.h"

struct parser {
    struct soapc_builder *b;
    const struct soapc_scope *scope;
    const struct soapc_node *node; /* selector or field */
    const char *text;
    size_t len, at;
    bool field;
};

static struct soapc_place path_place(const struct parser *p)
{
    struct soapc_place place = soapc_attribute_place(p->b->diag, p->scope->doc->file, p->node->at, "xpath");
    place.at += (uint32_t)p->at;
    return place;
}

static void spaces_skip(struct parser *p)
{
    while (p->at < p->len && strchr(" \t\n\r", p->text[p->at]))
        p->at++;
}

static bool token_take(struct parser *p, const char *token)
{
    size_t len = strlen(token);
    spaces_skip(p);
    if (p->len - p->at < len || memcmp(p->text + p->at, token, len) != 0)
        return false;
    p->at += len;
    return true;
}

/* Bytes that may be in a name: all but those that mean something in a path. */
static size_t name_length(const struct parser *p)
{
    size_t n = 0;
    while (p->at + n < p->len && !strchr(" \t\n\r/|@*:()[]'\"=$,<>+!", p->text[p->at + n]))
        n++;
    return soapc_text_is_ncname((struct bark_text){ p->text + p->at, n }) ? n : 0;
}

/* [XSD1 3.11.6] NameTest: QName, '*' or NCName ':' '*'. False without a word: the caller says what was
 * expected. */
static bool name_test(struct parser *p, struct soapc_step *step)
{
    if (token_take(p, "*")) {
        step->any_ns = step->any_local = true;
        return true;
    }
    size_t first = name_length(p), from = p->at;
    if (first == 0)
        return false;
    p->at += first;
    step->name = (struct soapc_name){ p->b->empty, soapc_pool_text(p->b->pool, p->text + from, first) };
    if (p->at == p->len || p->text[p->at] != ':')
        return true;
    struct bark_slice prefix = { (const uint8_t *)p->text + from, first };
    struct bark_slice uri = soapc_prefix_lookup(p->b->diag, p->scope->doc, p->node, prefix);
    p->at++;
    if (!uri.ptr)
        return false;
    step->name.ns = soapc_pool_text(p->b->pool, (const char *)uri.ptr, uri.len);
    step->any_local = p->at < p->len && p->text[p->at] == '*';
    size_t local = step->any_local ? 1 : name_length(p);
    step->name.local = step->any_local ? NULL : soapc_pool_text(p->b->pool, p->text + p->at, local);
    p->at += local;
    return local > 0;
}

/* An axis written out, "child::" or "attribute::", is the same as its short form. */
static bool axis_take(struct parser *p, const char *word)
{
    size_t from = p->at;
    if (token_take(p, word) && token_take(p, "::"))
        return true;
    p->at = from;
    return false;
}

/* One path; "." steps lead nowhere and are left out. */
static bool path_parse(struct parser *p, struct soapc_path *path)
{
    size_t cap = 0, from = p->at;
    if (token_take(p, ".") && token_take(p, "//"))
        path->descendant = true;
    else
        p->at = from;
    do {
        struct soapc_step step = { .attribute = false };
        if (token_take(p, "."))
            continue;
        step.attribute = p->field && (token_take(p, "@") || axis_take(p, "attribute"));
        if (!step.attribute)
            axis_take(p, "child");
        if (!name_test(p, &step))
            return false;
        struct soapc_step *slot = SOAPC_PUSH(p->b, path->steps, path->count, cap);
        *slot = step;
        if (step.attribute) /* the last step */
            break;
    } while (token_take(p, "/"));
    return true;
}

static void paths_parse(struct soapc_builder *b, const struct soapc_scope *scope,
                        const struct soapc_node *node, struct soapc_paths *paths)
{
    struct bark_text text = node->text[SOAPC_TEXT_xpath];
    struct parser p = { b, scope, node, text.ptr, text.len, 0, node->kind == SOAPC_XS_field };
    size_t cap = 0;
    bool good = true;
    paths->text = soapc_intern(b, text);
    if (!text.ptr)
        return; /* the grammar has complained */
    do {
        struct soapc_path *path = SOAPC_PUSH(b, paths->items, paths->count, cap);
        good = path_parse(&p, path);
    } while (good && token_take(&p, "|"));
    spaces_skip(&p);
    if (good && p.at == p.len)
        return;
    soapc_error(
        b->diag, SOAPC_E_IDENTITY, path_place(&p), "the path '%s' of %s is not one of steps, '/', '|'%s",
        paths->text, soapc_kind_name((enum soapc_node_kind)node->kind),
        p.field ? ", './/' and a last '@name'" : " and './/'"); /* c-selector-xpath, c-fields-xpaths */
    paths->count = 0;
}

static void identity_build(struct soapc_builder *b, const struct soapc_scope *scope,
                           const struct soapc_node *node, struct soapc_element *e)
{
    struct soapc_identity *i = SOAPC_NEW(b, struct soapc_identity);
    i->kind = node->kind == SOAPC_XS_key      ? SOAPC_IDENTITY_KEY
              : node->kind == SOAPC_XS_unique ? SOAPC_IDENTITY_UNIQUE
                                              : SOAPC_IDENTITY_KEYREF;
    i->name = (struct soapc_name){ scope->target_ns, soapc_intern(b, node->text[SOAPC_TEXT_name]) };
    i->place = soapc_node_place(scope, node);
    for (size_t c = 0; c < node->children.count; c++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[c]);
        if (child && child->kind == SOAPC_XS_selector) {
            paths_parse(b, scope, child, &i->selector);
        } else if (child && child->kind == SOAPC_XS_field) {
            struct soapc_paths *field = SOAPC_PUSH(b, i->fields, i->field_count, i->field_cap);
            paths_parse(b, scope, child, field);
        }
    }
    struct soapc_identity **slot = SOAPC_PUSH(b, e->identities, e->identity_count, e->identity_cap);
    *slot = i;
    soapc_symbol_add(b, SOAPC_SPACE_CONSTRAINT, i->name, i->place, i);
    if (i->kind != SOAPC_IDENTITY_KEYREF)
        return;
    struct soapc_keyref *ref = SOAPC_PUSH(b, b->keyrefs, b->keyref_count, b->keyref_cap);
    *ref = (struct soapc_keyref){ i, scope, node };
}

void soapc_identities_build(struct soapc_builder *b, const struct soapc_work *w)
{
    for (size_t i = 0; i < w->node->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&w->node->children.items[i]);
        if (node && node->text[SOAPC_TEXT_name].len &&
            (node->kind == SOAPC_XS_key || node->kind == SOAPC_XS_unique || node->kind == SOAPC_XS_keyref))
            identity_build(b, w->scope, node, w->object);
    }
}

/* [XSD1 3.11.6] c-props-correct 2: a keyref names a key or unique with as many fields. */
void soapc_keyrefs_settle(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->keyref_count; i++) {
        const struct soapc_keyref *ref = &b->keyrefs[i];
        struct bark_qname q = ref->node->qname[SOAPC_QNAME_refer];
        if (!q.local.ptr) {
            soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, ref->identity->place,
                        "xs:keyref needs the attribute 'refer'");
            continue;
        }
        struct soapc_identity *to = soapc_reference(b, ref->scope, ref->node, "refer", SOAPC_SPACE_CONSTRAINT,
                                                    soapc_qname(b, ref->scope, q));
        if (!to)
            continue;
        if (to->kind == SOAPC_IDENTITY_KEYREF)
            soapc_error(b->diag, SOAPC_E_WRONG_KIND, ref->identity->place,
                        "'%s' is a keyref; a keyref refers to a key or unique", to->name.local);
        else if (to->field_count != ref->identity->field_count)
            soapc_error(b->diag, SOAPC_E_IDENTITY, ref->identity->place,
                        "keyref '%s' and '%s' differ in their number of fields: %zu and %zu",
                        ref->identity->name.local, to->name.local, ref->identity->field_count,
                        to->field_count);
        else
            ref->identity->refer = to;
        if (!ref->identity->refer)
            soapc_note(b->diag, to->place, "it is declared here");
    }
}
