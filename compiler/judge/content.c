/* judge/content.c - content models whose counters only a look ahead can divide rightly.
 *
 * Where a group repeats and so does a part of it, as in (a{1,2} b?){2}, one child may be another "a" or the
 * first of another group. The tables take what comes first and read such types without counters
 * (model/elastic.c says which); here their children are counted, in all ways that are left [XSD1 3.8.4,
 * 3.9.4].
 *
 * A way is the particle that took the last child, and how often each particle around it has begun. Unique
 * attribution keeps the particle the same in all ways, so they differ in their counts alone and are few. Of
 * more than WAYS_MAX the last found are dropped, the tables' own way being the first: one of those kept may
 * still show that the content is right; when none does, nothing can be said.
 */
#include "judge/walk.h"

enum { WAYS_MAX = 256 };

struct node {
    const struct soapc_particle *p;
    uint32_t parent, first, count; /* children are consecutive */
    uint32_t depth;
    bool empty_body, may_be_empty;
};

struct judge_tree {
    struct judge_list nodes; /* struct node; the root first */
    uint32_t cells; /* of a way */
};

/* A way's cells: the node that took the last child, then the counts from the root to it. */
struct judge_content {
    const struct judge_tree *tree;
    struct judge_list now, next;
    bool started, cut; /* cut: some ways were dropped */
};

static struct node *nodes(const struct judge_tree *tree)
{
    return tree->nodes.items;
}

static bool is_leaf(const struct soapc_particle *p)
{
    return p->kind == SOAPC_PARTICLE_ELEMENT || p->kind == SOAPC_PARTICLE_ANY;
}

static bool node_add(struct judge *j, struct judge_tree *tree, const struct soapc_particle *p,
                     uint32_t parent)
{
    const uint32_t depth = tree->nodes.count ? nodes(tree)[parent].depth + 1 : 0;
    struct node *n = soapc_judge_grow(j, &tree->nodes, sizeof *n);
    if (n)
        *n = (struct node){ .p = p, .parent = parent, .depth = depth };
    if (tree->cells < depth + 2)
        tree->cells = depth + 2;
    return n != NULL;
}

static void emptiness_find(struct judge_tree *tree, struct node *n)
{
    size_t empty = 0;
    for (uint32_t i = 0; i < n->count; i++)
        empty += nodes(tree)[n->first + i].may_be_empty;
    n->empty_body = !is_leaf(n->p) && (n->p->kind == SOAPC_PARTICLE_CHOICE ? empty > 0 : empty == n->count);
    n->may_be_empty = n->p->min == 0 || n->empty_body;
}

/* Breadth first, so that children come after their parents. */
static const struct judge_tree *tree_of(struct judge *j, const struct soapc_type *type)
{
    struct judge_tree *tree;
    if (!j->trees)
        j->trees = bark_arena_alloc(j->arena, j->model->type_count, sizeof(struct judge_tree *));
    if (!j->trees || j->trees[type->index])
        return j->trees ? j->trees[type->index] : NULL;
    tree = bark_arena_alloc(j->arena, 1, sizeof *tree);
    if (!tree || !node_add(j, tree, type->particle, 0))
        return NULL;
    for (uint32_t i = 0; i < tree->nodes.count; i++) {
        const struct soapc_particle *p = nodes(tree)[i].p;
        nodes(tree)[i].first = (uint32_t)tree->nodes.count;
        for (size_t c = 0; c < p->count; c++) {
            if (p->items[c]->max == 0)
                continue;
            if (!node_add(j, tree, p->items[c], i))
                return NULL;
            nodes(tree)[i].count++;
        }
    }
    for (size_t i = tree->nodes.count; i-- > 0;)
        emptiness_find(tree, &nodes(tree)[i]);
    j->trees[type->index] = tree;
    return tree;
}

/* The child as its declaration, which may stand in for the particle's, or by its name. */
static bool leaf_takes(const struct soapc_particle *p, const struct judge_frame *child)
{
    const struct soapc_element *e = child->declaration;
    if (p->kind == SOAPC_PARTICLE_ANY)
        return soapc_judge_wildcard_takes(p->wildcard, child->uri);
    while (e && e != p->element)
        e = e->head;
    return e ||
           (judge_same(child->uri, p->element->name.ns) && judge_same(child->local, p->element->name.local));
}

static bool ways_equal(const uint32_t *x, const uint32_t *y, uint32_t cells)
{
    return memcmp(x, y, cells * sizeof *x) == 0;
}

/* Keeps the way in which a leaf below a node took the child. from: the counts around the node. */
static bool way_add(struct judge *j, struct judge_content *c, const uint32_t *from, const struct node *under,
                    uint32_t times, uint32_t leaf)
{
    const uint32_t cells = c->tree->cells;
    uint32_t *way, i;
    if (c->next.count == WAYS_MAX) {
        c->cut = true;
        return true;
    }
    way = soapc_judge_grow(j, &c->next, cells * sizeof *way);
    if (!way)
        return false;
    memset(way, 0, cells * sizeof *way);
    way[0] = leaf;
    for (i = 0; i < under->depth; i++)
        way[1 + i] = from[1 + i];
    way[1 + under->depth] = times;
    for (i = under->depth + 1; i <= nodes(c->tree)[leaf].depth; i++)
        way[1 + i] = 1;
    for (size_t k = 0; k + 1 < c->next.count; k++)
        if (ways_equal((const uint32_t *)c->next.items + k * cells, way, cells)) {
            c->next.count--;
            break;
        }
    return true;
}

/* Begins an occurrence of a node with the child: each leaf that may come first in it. */
static bool occurrence_begin(struct judge *j, struct judge_content *c, const uint32_t *from, uint32_t at,
                             uint32_t times, const struct judge_frame *child)
{
    j->walk.count = 0;
    uint32_t *open = soapc_judge_grow(j, &j->walk, sizeof *open);
    if (!open)
        return false;
    *open = at;
    while (j->walk.count) {
        const uint32_t i = ((const uint32_t *)j->walk.items)[--j->walk.count];
        const struct node *n = &nodes(c->tree)[i];
        if (is_leaf(n->p)) {
            if (leaf_takes(n->p, child) && !way_add(j, c, from, &nodes(c->tree)[at], times, i))
                return false;
            continue;
        }
        for (uint32_t k = 0; k < n->count; k++) {
            open = soapc_judge_grow(j, &j->walk, sizeof *open);
            if (!open)
                return false;
            *open = n->first + k;
            if (n->p->kind == SOAPC_PARTICLE_SEQUENCE && !nodes(c->tree)[n->first + k].may_be_empty)
                break;
        }
    }
    return true;
}

/* One occurrence more; where there is no highest number, those beyond the lowest are all alike. */
static uint32_t once_more(const struct soapc_particle *p, uint32_t times)
{
    return p->max == SOAPC_UNBOUNDED && times >= p->min ? times : times + 1;
}

/* Whether a way may leave a node for what is behind it. */
static bool may_leave(const struct node *n, const uint32_t *way)
{
    return way[1 + n->depth] >= n->p->min || n->empty_body;
}

/* From one way to all ways of the next child. child NULL: whether the content may end here. */
static bool way_follow(struct judge *j, struct judge_content *c, const uint32_t *way,
                       const struct judge_frame *child, bool *ends)
{
    const struct node *all = nodes(c->tree);
    uint32_t at = way[0];
    *ends = false;
    for (;;) {
        const struct node *n = &all[at], *up = &all[n->parent];
        bool open = true;
        if (child && way[1 + n->depth] < n->p->max &&
            !occurrence_begin(j, c, way, at, once_more(n->p, way[1 + n->depth]), child))
            return false;
        if (!may_leave(n, way))
            return true;
        if (at == 0) {
            *ends = true;
            return true;
        }
        for (uint32_t s = at + 1; up->p->kind == SOAPC_PARTICLE_SEQUENCE && s < up->first + up->count && open;
             s++) {
            if (child && !occurrence_begin(j, c, way, s, 1, child))
                return false;
            open = all[s].may_be_empty;
        }
        if (!open)
            return true;
        at = n->parent;
    }
}

static enum bark_code ways_refuse(struct judge *j, const struct judge_content *c, enum bark_code code,
                                  size_t offset, const char *rule)
{
    if (c->cut)
        return bark_xml_fail(&j->r, BARK_ERR_LIMIT, offset,
                             "[XSD1 3.8.4] the counters of this content can be divided in too many ways");
    return bark_xml_fail(&j->r, code, offset, rule);
}

bool soapc_ways_start(struct judge *j, struct judge_frame *frame)
{
    if (frame->skip || frame->nil || !frame->type->elastic)
        return true;
    frame->content = bark_arena_alloc(j->arena, 1, sizeof *frame->content);
    if (frame->content)
        frame->content->tree = tree_of(j, frame->type);
    return frame->content && frame->content->tree;
}

enum bark_code soapc_ways_child(struct judge *j, const struct judge_frame *parent,
                                const struct judge_frame *child)
{
    struct judge_content *c = parent->content;
    const uint32_t none = 0;
    bool ends;
    if (!c)
        return BARK_OK;
    c->next.count = 0;
    if (!c->started && !occurrence_begin(j, c, &none, 0, 1, child))
        return j->r.failed;
    for (size_t i = 0; c->started && i < c->now.count; i++)
        if (!way_follow(j, c, (const uint32_t *)c->now.items + i * c->tree->cells, child, &ends))
            return j->r.failed;
    const struct judge_list swap = c->now;
    c->now = c->next;
    c->next = swap;
    c->started = true;
    return c->now.count ? BARK_OK
                        : ways_refuse(j, c, BARK_ERR_UNEXPECTED, child->offset,
                                      "[XSD1 3.8.4] the counters of the content leave no place for this");
}

enum bark_code soapc_ways_end(struct judge *j, const struct judge_frame *frame)
{
    struct judge_content *c = frame->content;
    bool ends = c && !c->started && nodes(c->tree)[0].may_be_empty;
    if (!c)
        return BARK_OK;
    for (size_t i = 0; i < c->now.count && !ends; i++)
        if (!way_follow(j, c, (const uint32_t *)c->now.items + i * c->tree->cells, NULL, &ends))
            return j->r.failed;
    return ends ? BARK_OK
                : ways_refuse(j, c, BARK_ERR_MISSING, frame->offset,
                              "[XSD1 3.8.4] elements of this content come more often");
}
