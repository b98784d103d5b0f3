/* lower/texts.c - names into the pool, where they share bytes.
 *
 * A name that starts or ends another one needs no bytes of its own: GetUsers stands in GetUsersResponse. In
 * the order of the alphabet a name is followed by one that starts with it, if there is any; read backwards,
 * the same holds for ends. So two sorts find for every name a longer one that holds it. Then the longest go
 * first, and each name stands either where its holder does or behind all others. No NUL ends a name; one
 * every few hundred names lets emit/pool.c cut the pool into C literals.
 */
#include "lower/put.h"

#include <stdlib.h>
#include <string.h>

enum { UNBROKEN_MAX = 2000 };

struct piece {
    const char *text;
    size_t len;
    uint16_t row;
    const struct piece *holder; /* a longer name that starts or ends with this one, or NULL */
    size_t delta; /* where in it */
    uint32_t offset;
};

static const struct piece *piece_of(const void *p)
{
    return *(const struct piece *const *)p;
}

static int forward_compare(const void *a, const void *b)
{
    return strcmp(piece_of(a)->text, piece_of(b)->text);
}

static int backward_compare(const void *a, const void *b)
{
    const struct piece *x = piece_of(a), *y = piece_of(b);
    size_t i = x->len, k = y->len;
    while (i && k) {
        const unsigned char c = (unsigned char)x->text[--i], d = (unsigned char)y->text[--k];
        if (c != d)
            return c < d ? -1 : 1;
    }
    return i ? 1 : k ? -1 : 0;
}

/* The longest first; all are different, so rows decide. */
static int length_compare(const void *a, const void *b)
{
    const struct piece *x = piece_of(a), *y = piece_of(b);
    if (x->len != y->len)
        return x->len > y->len ? -1 : 1;
    return x->row < y->row ? -1 : 1;
}

static void holders_find(struct piece **order, size_t count)
{
    qsort((void *)order, count, sizeof *order, forward_compare);
    for (size_t i = 0; i + 1 < count; i++)
        if (strncmp(order[i]->text, order[i + 1]->text, order[i]->len) == 0)
            order[i]->holder = order[i + 1];
    qsort((void *)order, count, sizeof *order, backward_compare);
    for (size_t i = 0; i + 1 < count; i++) {
        struct piece *p = order[i];
        const struct piece *next = order[i + 1];
        if (p->holder || p->len > next->len || strcmp(p->text, next->text + (next->len - p->len)) != 0)
            continue;
        p->holder = next;
        p->delta = next->len - p->len;
    }
    qsort((void *)order, count, sizeof *order, length_compare);
}

/* A NUL, unless the pool ends with one. */
static bool pool_break(struct soapc_put *b)
{
    uint32_t at;
    return b->rows->pool[b->rows->count[BARK_SECTION_POOL] - 1] == 0 || soapc_put_bytes(b, "", 1, &at);
}

static bool piece_put(struct soapc_put *b, struct piece *p, size_t *unbroken)
{
    if (p->holder) {
        p->offset = p->holder->offset + (uint32_t)p->delta;
    } else {
        if (*unbroken + p->len > UNBROKEN_MAX) {
            *unbroken = 0;
            if (!pool_break(b))
                return false;
        }
        *unbroken += p->len;
        b->rows->name_bytes[p->row] = (uint16_t)p->len;
        if (!soapc_put_bytes(b, p->text, p->len, &p->offset))
            return false;
    }
    if (p->offset > BARK_NAME_OFFSET_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, SOAPC_NOWHERE,
                    "name '%.40s...' does not fit: all texts have at most %u bytes", p->text,
                    (unsigned)BARK_NAME_OFFSET_MAX);
        return false;
    }
    b->rows->names[p->row] = BARK_NAME(p->offset, p->len);
    return true;
}

bool soapc_put_names_place(struct soapc_put *b)
{
    const size_t count = b->rows->count[BARK_SECTION_NAMES];
    struct piece *pieces = soapc_plan_alloc(b->plan, count + 1, sizeof *pieces);
    struct piece **order = soapc_plan_alloc(b->plan, count + 1, sizeof(struct piece *));
    size_t unbroken = 0;
    b->rows->name_bytes = soapc_plan_alloc(b->plan, count + 1, sizeof *b->rows->name_bytes);
    if (!pieces || !order || !b->rows->name_bytes)
        return false;
    for (size_t i = 0; i < count; i++) {
        pieces[i] =
            (struct piece){ .text = b->name_texts[i], .len = strlen(b->name_texts[i]), .row = (uint16_t)i };
        order[i] = &pieces[i];
    }
    holders_find(order, count);
    for (size_t i = 0; i < count; i++)
        if (!piece_put(b, order[i], &unbroken))
            return false;
    return pool_break(b);
}
