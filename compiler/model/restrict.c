/* model/restrict.c - whether a content model accepts nothing that the one it restricts refuses: Particle
 * Valid (Restriction) [XSD1 3.9.6], for restricted types and for redefined groups.
 *
 * Both contents are laid out as trees without the groups that say nothing ("pointless" ones). A pair of
 * particles is compared by the rule that the table of [XSD1 3.9.6] has for their kinds; a rule about groups
 * compares pairs of their parts. The pairs in progress stand on a stack of our own, and what one pair found
 * is handed to the pair above it, so that nothing recurses and occurrences stay numbers.
 *
 * The work is bounded for the whole model; what lies beyond is not checked.
 */
#include "model/build.h"
#include "model/value.h"

#include <stdint.h>

enum { NODES_MAX = 100000, WORK_MAX = 20000000, NONE = UINT32_MAX };

struct node {
    const struct soapc_particle *particle; /* of a substitution group laid out as a choice: the head's */
    enum soapc_particle_kind kind;
    uint32_t min, max;
    uint32_t total_min, total_max; /* [XSD1 3.8.6] effective total range */
    uint32_t first, last, next, count; /* the parts, as a list */
    uint32_t begin, end; /* the parts as written: consecutive nodes */
    const struct soapc_element *element; /* ELEMENT */
    bool taken; /* RecurseUnordered: something of the restriction stands for it */
};

/* The rules about groups. */
enum rule {
    RECURSE, /* in order; what is left out may be absent */
    LAX, /* in order; anything may be left out */
    UNORDERED,
    SUM, /* MapAndSum: each part is one of the choice */
    EACH /* NSRecurseCheckCardinality: each part is taken by the wildcard */
};

struct pair {
    uint32_t r, b;
    enum rule rule;
    uint32_t part, against; /* where the comparison stands: parts of r and of b */
    bool alone; /* [XSD1 3.9.6] RecurseAsIfGroup: r is the only part of a group around it */
};

enum verdict { NO, YES, PENDING };

struct check {
    struct soapc_builder *b;
    struct node *nodes;
    size_t count, cap;
    struct pair *stack;
    size_t depth, stack_cap;
    const struct soapc_element **elements; /* an element and its substitutes */
    size_t element_count, element_cap;
    const struct soapc_particle *wrong; /* the part of the restriction that fitted nothing, or NULL */
    size_t work;
};

static bool is_group(enum soapc_particle_kind kind)
{
    return kind != SOAPC_PARTICLE_ELEMENT && kind != SOAPC_PARTICLE_ANY;
}

/* ---- the trees ---- */

static uint32_t node_add(struct check *c, const struct soapc_particle *p)
{
    struct node *n = SOAPC_PUSH(c->b, c->nodes, c->count, c->cap);
    *n = (struct node){ .particle = p,
                        .kind = p->kind,
                        .min = p->min,
                        .max = p->max,
                        .first = NONE,
                        .last = NONE,
                        .next = NONE,
                        .element = p->element };
    return (uint32_t)c->count - 1;
}

static uint32_t product(uint32_t x, uint32_t y)
{
    if (x == 0 || y == 0)
        return 0;
    if (x == SOAPC_UNBOUNDED || y == SOAPC_UNBOUNDED)
        return SOAPC_UNBOUNDED;
    uint64_t n = (uint64_t)x * y;
    return n < SOAPC_UNBOUNDED ? (uint32_t)n : SOAPC_UNBOUNDED - 1;
}

static uint32_t sum(uint32_t x, uint32_t y)
{
    if (x == SOAPC_UNBOUNDED || y == SOAPC_UNBOUNDED)
        return SOAPC_UNBOUNDED;
    return x < SOAPC_UNBOUNDED - 1 - y ? x + y : SOAPC_UNBOUNDED - 1;
}

static void part_append(struct check *c, struct node *group, uint32_t part)
{
    if (group->first == NONE)
        group->first = part;
    else
        c->nodes[group->last].next = part;
    group->last = part;
    group->count++;
}

/* [XSD1 3.8.6] of a group whose parts are known. */
static void total_find(struct check *c, struct node *n)
{
    uint32_t min = n->kind == SOAPC_PARTICLE_CHOICE && n->count ? SOAPC_UNBOUNDED : 0, max = 0;
    for (uint32_t i = n->first; i != NONE; i = c->nodes[i].next) {
        const struct node *part = &c->nodes[i];
        if (n->kind == SOAPC_PARTICLE_CHOICE) {
            min = part->total_min < min ? part->total_min : min;
            max = part->total_max > max ? part->total_max : max;
        } else {
            min = sum(min, part->total_min);
            max = sum(max, part->total_max);
        }
    }
    n->total_min = product(n->min, min);
    n->total_max = product(n->max, max);
}

static bool is_once(const struct node *n)
{
    return n->min == 1 && n->max == 1;
}

/* Takes the parts of a group over, pointless ones aside. The parts' own parts are known. */
static void parts_link(struct check *c, uint32_t at)
{
    struct node *n = &c->nodes[at];
    for (uint32_t i = n->begin; i < n->end; i++) {
        uint32_t part = i;
        while (is_group(c->nodes[part].kind) && is_once(&c->nodes[part]) && c->nodes[part].count == 1)
            part = c->nodes[part].first;
        struct node *p = &c->nodes[part];
        if (is_group(p->kind) && p->count == 0 && (p->kind != SOAPC_PARTICLE_CHOICE || p->min == 0))
            continue;
        if (p->kind != n->kind || !is_once(p) || p->kind == SOAPC_PARTICLE_ALL || p->count == 0) {
            part_append(c, n, part);
            continue;
        }
        if (n->first == NONE)
            n->first = p->first;
        else
            c->nodes[n->last].next = p->first;
        n->last = p->last;
        n->count += p->count;
    }
    total_find(c, n);
}

/* Lays a content model out; NONE when it is too large. Breadth first, so that parts come after their group.
 */
static uint32_t tree_build(struct check *c, const struct soapc_particle *content)
{
    uint32_t root = node_add(c, content);
    for (size_t i = root; i < c->count; i++) {
        const struct soapc_particle *p = c->nodes[i].particle;
        if (!is_group(p->kind))
            continue;
        if (p->count > NODES_MAX - c->count)
            return NONE;
        c->nodes[i].begin = (uint32_t)c->count;
        for (size_t n = 0; n < p->count; n++)
            node_add(c, p->items[n]);
        c->nodes[i].end = (uint32_t)c->count;
    }
    for (size_t i = c->count; i-- > root;) {
        struct node *n = &c->nodes[i];
        n->total_min = n->min;
        n->total_max = n->max;
        if (is_group(n->kind))
            parts_link(c, (uint32_t)i);
    }
    c->work += c->count - root;
    while (is_group(c->nodes[root].kind) && is_once(&c->nodes[root]) && c->nodes[root].count == 1)
        root = c->nodes[root].first;
    return root;
}

/* ---- substitution groups ---- */

static bool has_substitutes(const struct node *n)
{
    return n->kind == SOAPC_PARTICLE_ELEMENT && n->element->substitute_count > 0 &&
           !(n->element->block & SOAPC_BY_SUBSTITUTION);
}

static void element_offer(struct check *c, const struct soapc_element *e)
{
    const struct soapc_element **slot = SOAPC_PUSH(c->b, c->elements, c->element_count, c->element_cap);
    *slot = e;
}

/* [XSD1 3.9.6] The head of a substitution group is a choice between it and what may stand in for it. */
static void substitutes_lay_out(struct check *c, uint32_t at)
{
    c->element_count = 0;
    element_offer(c, c->nodes[at].element);
    for (size_t i = 0; i < c->element_count && c->count < NODES_MAX; i++) {
        const struct soapc_element *e = c->elements[i];
        for (size_t s = 0; s < e->substitute_count; s++)
            element_offer(c, e->substitutes[s]);
        c->work++;
        if (!soapc_substitute_is_let(c->nodes[at].element, e, &c->work))
            continue;
        uint32_t part = node_add(c, c->nodes[at].particle);
        struct node *n = &c->nodes[part];
        n->kind = SOAPC_PARTICLE_ELEMENT;
        n->element = e;
        n->min = n->max = n->total_min = n->total_max = 1;
        part_append(c, &c->nodes[at], part);
    }
    c->nodes[at].kind = SOAPC_PARTICLE_CHOICE;
    if (c->count >= NODES_MAX)
        c->work = WORK_MAX; /* not whole: nothing can be said about it */
}

/* True when r may stand in for b. Goes up, since heads are single. */
static bool is_substitute(struct check *c, const struct soapc_element *r, const struct soapc_element *b)
{
    const struct soapc_element *e = r;
    if (!b->substitute_count || (b->block & SOAPC_BY_SUBSTITUTION))
        return false;
    for (; e && e != b; e = e->head)
        c->work++;
    return e && soapc_substitute_is_let(b, r, &c->work);
}

/* ---- pairs without parts ---- */

/* [XSD1 3.9.6] Occurrence Range OK */
static bool range_fits(uint32_t min, uint32_t max, const struct node *b)
{
    return min >= b->min && (b->max == SOAPC_UNBOUNDED || (max != SOAPC_UNBOUNDED && max <= b->max));
}

static bool fixed_fits(const struct soapc_element *r, const struct soapc_element *b)
{
    const struct soapc_type *t = b->type->complex ? b->type->value : b->type;
    if (!b->fixed_text || r->fixed_text == b->fixed_text)
        return true;
    return r->fixed_text && t && soapc_values_equal(t, r->fixed_text, b->fixed_text);
}

/* rcase-NameAndTypeOK 3.2.5: what r constrains, b constrains alike. A name stands for one constraint only
 * [XSD1 3.11.2], so two with the same name are the same. */
static bool identities_fit(struct check *c, const struct soapc_element *r, const struct soapc_element *b)
{
    for (size_t i = 0; i < r->identity_count; i++) {
        const struct soapc_name *name = &r->identities[i]->name;
        size_t k = 0;
        while (k < b->identity_count &&
               (b->identities[k]->name.local != name->local || b->identities[k]->name.ns != name->ns))
            k++;
        c->work += k + 1;
        if (k == b->identity_count)
            return false;
    }
    return true;
}

/* rcase-NameAndTypeOK, occurrences aside. */
static bool declaration_fits(struct check *c, const struct soapc_element *r, const struct soapc_element *b)
{
    if (r == b || is_substitute(c, r, b))
        return true;
    if (r->name.local != b->name.local || r->name.ns != b->name.ns)
        return false;
    if ((r->nillable && !b->nillable) || !fixed_fits(r, b) || (b->block & ~r->block) ||
        !identities_fit(c, r, b))
        return false;
    for (const struct soapc_type *t = r->type; t && t != b->type; t = t->base)
        c->work++;
    return soapc_type_derives(r->type, b->type, SOAPC_BY_EXTENSION);
}

/* rcase-NSSubset; anything restricts the wildcard of anyType. */
static bool wildcard_fits(const struct check *c, const struct node *r, const struct node *b)
{
    return soapc_wildcard_subset(c->b, r->particle->wildcard, b->particle->wildcard) &&
           r->particle->wildcard->process <= b->particle->wildcard->process;
}

static void pair_push(struct check *c, uint32_t r, uint32_t b, enum rule rule, bool alone)
{
    struct pair *p = SOAPC_PUSH(c->b, c->stack, c->depth, c->stack_cap);
    *p = (struct pair){ .r = r,
                        .b = b,
                        .rule = rule,
                        .part = alone ? r : c->nodes[r].first,
                        .against = c->nodes[b].first,
                        .alone = alone };
    for (uint32_t i = c->nodes[b].first; rule == UNORDERED && i != NONE; i = c->nodes[i].next)
        c->nodes[i].taken = false;
}

/* The table of [XSD1 3.9.6]: groups against groups. */
static enum verdict groups_compare(struct check *c, uint32_t r, uint32_t b)
{
    const struct node *rn = &c->nodes[r], *bn = &c->nodes[b];
    if (rn->kind == SOAPC_PARTICLE_SEQUENCE && bn->kind == SOAPC_PARTICLE_CHOICE) {
        if (!range_fits(product(rn->min, rn->count), product(rn->max, rn->count), bn))
            return NO;
        pair_push(c, r, b, SUM, false);
        return PENDING;
    }
    if (!range_fits(rn->min, rn->max, bn))
        return NO;
    if (rn->kind == bn->kind)
        pair_push(c, r, b, rn->kind == SOAPC_PARTICLE_CHOICE ? LAX : RECURSE, false);
    else if (rn->kind == SOAPC_PARTICLE_SEQUENCE && bn->kind == SOAPC_PARTICLE_ALL)
        pair_push(c, r, b, UNORDERED, false);
    else
        return NO;
    return PENDING;
}

/* The rest of the table. counted: occurrences against a wildcard matter; for the parts of a group that it
 * takes whole, the group's total has been compared. */
static enum verdict pair_start(struct check *c, uint32_t r, uint32_t b, bool counted)
{
    const struct node *rn = &c->nodes[r], *bn = &c->nodes[b];
    c->work++;
    if (bn->kind == SOAPC_PARTICLE_ANY && is_group(rn->kind)) {
        if (counted && !range_fits(rn->total_min, rn->total_max, bn))
            return NO;
        pair_push(c, r, b, EACH, false);
        return PENDING;
    }
    if (bn->kind == SOAPC_PARTICLE_ANY) {
        if (counted && !range_fits(rn->min, rn->max, bn))
            return NO;
        return (rn->kind == SOAPC_PARTICLE_ANY
                    ? wildcard_fits(c, rn, bn)
                    : soapc_wildcard_allows(c->b, bn->particle->wildcard, rn->element->name.ns))
                   ? YES
                   : NO;
    }
    if (rn->kind == SOAPC_PARTICLE_ANY)
        return NO;
    if (rn->kind == SOAPC_PARTICLE_ELEMENT && bn->kind == SOAPC_PARTICLE_ELEMENT)
        return range_fits(rn->min, rn->max, bn) && declaration_fits(c, rn->element, bn->element) ? YES : NO;
    if (rn->kind == SOAPC_PARTICLE_ELEMENT && !has_substitutes(rn)) {
        if (!range_fits(1, 1, bn))
            return NO;
        pair_push(c, r, b, bn->kind == SOAPC_PARTICLE_CHOICE ? LAX : RECURSE, true);
        return PENDING;
    }
    if (bn->kind == SOAPC_PARTICLE_ELEMENT && !has_substitutes(bn))
        return NO;
    if (!is_group(rn->kind))
        substitutes_lay_out(c, r);
    if (!is_group(c->nodes[b].kind))
        substitutes_lay_out(c, b);
    return groups_compare(c, r, b);
}

/* ---- groups ---- */

static bool may_be_absent(const struct node *n)
{
    return n->total_min == 0;
}

/* The first part of b that the next part of r may be compared with; NONE when there is none. */
static uint32_t against_find(const struct check *c, const struct pair *p)
{
    uint32_t i = p->against;
    while (p->rule == UNORDERED && i != NONE && c->nodes[i].taken)
        i = c->nodes[i].next;
    return i;
}

/* What is left of b when all of r has found its place. */
static enum verdict rest_check(const struct check *c, const struct pair *p)
{
    uint32_t from = p->rule == UNORDERED ? c->nodes[p->b].first : p->against;
    if (p->rule != RECURSE && p->rule != UNORDERED)
        return YES;
    for (uint32_t i = from; i != NONE; i = c->nodes[i].next)
        if (!(p->rule == UNORDERED && c->nodes[i].taken) && !may_be_absent(&c->nodes[i]))
            return NO;
    return YES;
}

/* One part of r was compared with one of b. NO: the pair has failed; YES: it goes on. */
static enum verdict result_take(struct check *c, struct pair *p, enum verdict found)
{
    uint32_t against = p->rule == EACH ? NONE : against_find(c, p);
    if (found == YES) {
        p->part = p->alone ? NONE : c->nodes[p->part].next;
        if (p->rule == UNORDERED)
            c->nodes[against].taken = true;
        if (p->rule == RECURSE || p->rule == LAX)
            p->against = c->nodes[against].next;
        else
            p->against = p->rule == EACH ? NONE : c->nodes[p->b].first;
        return YES;
    }
    if (p->rule == EACH || (p->rule == RECURSE && !may_be_absent(&c->nodes[against]))) {
        c->wrong = c->nodes[p->part].particle;
        return NO;
    }
    p->against = c->nodes[against].next;
    return YES;
}

/* Goes on with the pair on top of the stack: its verdict, or PENDING when another came on top. */
static enum verdict pair_step(struct check *c)
{
    size_t at = c->depth - 1;
    for (;;) {
        struct pair *p = &c->stack[at];
        uint32_t against = p->rule == EACH ? p->b : against_find(c, p);
        if (p->part == NONE)
            return rest_check(c, p);
        if (against == NONE) {
            c->wrong = c->nodes[p->part].particle;
            return NO;
        }
        enum verdict found = pair_start(c, p->part, against, p->rule != EACH);
        if (found == PENDING)
            return PENDING;
        if (result_take(c, &c->stack[at], found) == NO)
            return NO;
    }
}

/* Whether r is a valid restriction of b; true as well when the work is used up. */
static bool restricts(struct check *c, uint32_t r, uint32_t b)
{
    enum verdict found;
    c->depth = 0;
    c->wrong = NULL;
    found = pair_start(c, r, b, true);
    while (c->depth > 0) {
        if (c->work >= WORK_MAX)
            return true;
        if (found != PENDING && result_take(c, &c->stack[c->depth - 1], found) == NO) {
            c->depth--;
            continue; /* found is NO already */
        }
        found = pair_step(c);
        if (found != PENDING)
            c->depth--;
    }
    return found != NO;
}

/* ---- what is compared ---- */

static const char *label(const struct soapc_particle *p)
{
    static const char *const words[] = { [SOAPC_PARTICLE_ANY] = "xs:any",
                                         [SOAPC_PARTICLE_SEQUENCE] = "xs:sequence",
                                         [SOAPC_PARTICLE_CHOICE] = "xs:choice",
                                         [SOAPC_PARTICLE_ALL] = "xs:all" };
    return p->kind == SOAPC_PARTICLE_ELEMENT ? p->element->name.local : words[p->kind];
}

static void wrong_report(struct check *c, const struct soapc_particle *content, struct soapc_place base,
                         const char *what, const char *name)
{
    const struct soapc_particle *at = c->wrong ? c->wrong : content;
    soapc_error(c->b->diag, SOAPC_E_RESTRICTION, at->place,
                "%s is no valid restriction of %s '%s': this '%s' does not fit it", what, what, name,
                label(at));
    if (base.file != SOAPC_NO_FILE)
        soapc_note(c->b->diag, base, "what is restricted stands here");
}

static bool contents_fit(struct check *c, const struct soapc_particle *r, const struct soapc_particle *b)
{
    c->count = 0;
    if (c->work >= WORK_MAX)
        return true;
    uint32_t base = tree_build(c, b), own = base == NONE ? NONE : tree_build(c, r);
    return own == NONE || restricts(c, own, base);
}

/* The content may be absent altogether. */
static bool may_be_empty(struct check *c, const struct soapc_particle *p)
{
    c->count = 0;
    uint32_t root = tree_build(c, p);
    return root == NONE || may_be_absent(&c->nodes[root]) ||
           (is_group(c->nodes[root].kind) && c->nodes[root].count == 0 &&
            c->nodes[root].kind != SOAPC_PARTICLE_CHOICE);
}

static const char *type_label(const struct soapc_type *t)
{
    return t->name.local ? t->name.local : t->context ? t->context : "anonymous";
}

/* [XSD1 3.4.6] derivation-ok-restriction 5 */
static void type_check(struct check *c, const struct soapc_type *t)
{
    const struct soapc_type *base = t->base;
    const bool has_content = t->content == SOAPC_CONTENT_ELEMENTS;
    const char *why =
        has_content ? "has no element content to restrict" : "has elements that may not be left out";
    if (t->content == SOAPC_CONTENT_SIMPLE) {
        /* 5.1.2 A mixed base may be narrowed to text only when all its elements may be absent. */
        if (base->content != SOAPC_CONTENT_SIMPLE &&
            (base->content != SOAPC_CONTENT_ELEMENTS || may_be_empty(c, base->particle)))
            return;
        if (base->content == SOAPC_CONTENT_SIMPLE &&
            (!t->value || soapc_type_derives(t->value, base->value, 0)))
            return;
        if (base->content == SOAPC_CONTENT_SIMPLE) /* 5.1.1 */
            why = "has a text whose type this one's does not restrict";
    } else if (base->content == SOAPC_CONTENT_SIMPLE) {
        why = "has simple content: restrict it in xs:simpleContent"; /* 5.2, 5.3 */
    } else if (!has_content) {
        if (base->content != SOAPC_CONTENT_ELEMENTS || may_be_empty(c, base->particle))
            return;
    } else if (base->content == SOAPC_CONTENT_ELEMENTS) {
        if (t->particle == base->particle)
            return;
        if (!contents_fit(c, t->particle, base->particle))
            wrong_report(c, t->particle, base->place, "the content", type_label(base));
        return;
    } else if (may_be_empty(c, t->particle) && base->content == SOAPC_CONTENT_EMPTY &&
               t->particle->count == 0) {
        return;
    }
    soapc_error(c->b->diag, SOAPC_E_RESTRICTION, t->place, "the base type '%s' %s", type_label(base), why);
}

/* [XSD1 3.3.6] cos-valid-default 2.2.2: the text stands alone, so the elements of mixed content may be
 * absent. */
static void mixed_defaults_check(struct check *c)
{
    for (size_t i = 0; i < c->b->value_use_count && c->work < WORK_MAX; i++) {
        const struct soapc_value_use *use = &c->b->value_uses[i];
        const struct soapc_type *t = use->element ? use->element->type : NULL;
        if (t && t->complex && t->mixed && !t->broken && t->content == SOAPC_CONTENT_ELEMENTS &&
            !may_be_empty(c, t->particle))
            soapc_error(c->b->diag, SOAPC_E_NO_DEFAULT, use->place,
                        "type '%s' has elements that may not be left out, so no default or fixed value",
                        type_label(t));
    }
}

void soapc_restrictions_check(struct soapc_builder *b)
{
    struct check c = { .b = b };
    mixed_defaults_check(&c);
    for (size_t i = 0; i < b->model->type_count && c.work < WORK_MAX; i++) {
        const struct soapc_type *t = b->model->types[i];
        if (t->complex && !t->is_builtin && !t->broken && t->derivation == SOAPC_BY_RESTRICTION &&
            t->base->complex && !t->base->is_builtin && !t->base->broken)
            type_check(&c, t);
    }
    for (size_t i = 0; i < b->redefined_count && c.work < WORK_MAX; i++) { /* [XSD1 4.2.2] 6.2.2 */
        const struct soapc_group *own = b->redefined[i].own, *old = b->redefined[i].old;
        if (own && !contents_fit(&c, own->particle, old->particle))
            wrong_report(&c, own->particle, old->place, "the group", own->name.local);
        if (!own)
            soapc_redefined_attributes_check(b, b->redefined[i].own_attributes,
                                             b->redefined[i].old_attributes);
    }
}
