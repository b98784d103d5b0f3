/* lower/texts.c - names into the pool, where they share bytes.
 *
 * A name that starts or ends another one needs no bytes of its own: GetUsers stands in GetUsersResponse. In
 * the order of the alphabet a name is followed by one that starts with it, if there is any; read backwards,
 * the same holds for ends. So two sorts find for every name a longer one that holds it.
 *
 * The others are strung together where the end of one is the start of another: DateTime and TimeZone are
 * DateTimeZone. The longest such overlaps go first, which is the usual approximation of the shortest text
 * that has all of them. Each name is followed by one at most and follows one at most, and no chain bites its
 * own tail: so chains end, and are written one after the other. No NUL ends a name; one every few hundred
 * names lets emit/pool.c cut the pool into C literals.
 */
#include "lower/put.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNBROKEN_MAX = 2000, /* bytes without a NUL, save for a longer chain */
    CHAIN_MAX = 2000, /* bytes of a chain; two names have more than that at most */
    OVERLAP_MAX = 32 /* longer ones are not looked for: nobody's names have them, and each length is a pass */
};

struct piece {
    const char *text;
    size_t len;
    uint16_t row;
    const struct piece *holder; /* a longer name that starts or ends with this one, or NULL */
    size_t delta; /* where in it */
    uint32_t offset;
    /* Of pieces without holder: */
    struct piece *next; /* the one whose start is this one's end, or NULL */
    size_t overlap; /* bytes that it shares with the one before; 0: it starts a chain */
    struct piece *other; /* of a chain's first and last piece: its last and first */
    size_t chain; /* of a chain's first piece: bytes */
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
    qsort((void *)order, count, sizeof *order, backward_compare);
    for (size_t i = 0; i + 1 < count; i++) {
        struct piece *p = order[i];
        const struct piece *next = order[i + 1];
        if (p->len > next->len || strcmp(p->text, next->text + (next->len - p->len)) != 0)
            continue;
        p->holder = next;
        p->delta = next->len - p->len;
    }
    qsort((void *)order, count, sizeof *order, forward_compare);
    for (size_t i = 0; i + 1 < count; i++) {
        if (strncmp(order[i]->text, order[i + 1]->text, order[i]->len) != 0)
            continue;
        order[i]->holder = order[i + 1];
        order[i]->delta = 0;
    }
}

/* The first of the names, which are in the order of the alphabet, that does not stand before the text. */
static size_t lower_bound(struct piece *const *order, size_t count, const char *text, size_t len)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strncmp(order[middle]->text, text, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first from i on that starts a chain: free[i] leads there, and is led there at once. */
static size_t free_from(size_t *free, size_t i)
{
    size_t end = i;
    while (free[end] != end)
        end = free[end];
    while (free[i] != end) {
        const size_t next = free[i];
        free[i] = end;
        i = next;
    }
    return end;
}

/* A chain that the piece's chain can go on with, from the name at `at` on; or count. All of a chain is passed
 * over but for its start, so there are two tries at most: the piece's own chain has one start. */
static size_t follower_find(struct piece *const *order, size_t count, size_t *free, const struct piece *p,
                            size_t overlap)
{
    const char *const end = p->text + (p->len - overlap);
    size_t at = free_from(free, lower_bound(order, count, end, overlap));
    while (at < count && strncmp(order[at]->text, end, overlap) == 0) {
        const struct piece *start = p->other;
        if (order[at] != start && order[at]->len > overlap &&
            start->chain + order[at]->chain - overlap <= CHAIN_MAX)
            return at;
        if (order[at] != start)
            break; /* it is too long together */
        at = free_from(free, at + 1);
    }
    return count;
}

static void chains_join(struct piece *p, struct piece *next, size_t overlap)
{
    struct piece *const first = p->other, *const last = next->other;
    p->next = next;
    next->overlap = overlap;
    first->chain += next->chain - overlap;
    first->other = last;
    last->other = first;
}

/* `order` is in the order of the alphabet; those without holder move to its front. Returns how many. */
static size_t chains_make(struct piece **order, size_t count, size_t *free)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct piece *p = order[i];
        if (p->holder)
            continue;
        p->other = p;
        p->chain = p->len;
        free[kept] = kept;
        order[kept++] = p;
    }
    free[kept] = kept;
    for (size_t overlap = OVERLAP_MAX; overlap > 0; overlap--) {
        for (size_t i = 0; i < kept; i++) {
            struct piece *p = order[i];
            if (p->next || p->len <= overlap)
                continue;
            const size_t at = follower_find(order, kept, free, p, overlap);
            if (at == kept)
                continue;
            chains_join(p, order[at], overlap);
            free[at] = at + 1;
        }
    }
    return kept;
}

/* A NUL, unless the pool ends with one. */
static bool pool_break(struct soapc_put *b)
{
    uint32_t at;
    return b->rows->pool[b->rows->count[BARK_SECTION_POOL] - 1] == 0 || soapc_put_bytes(b, "", 1, &at);
}

static bool chain_put(struct soapc_put *b, struct piece *first, size_t *unbroken)
{
    if (*unbroken + first->chain > UNBROKEN_MAX) {
        *unbroken = 0;
        if (!pool_break(b))
            return false;
    }
    *unbroken += first->chain;
    for (struct piece *p = first; p; p = p->next) {
        uint32_t at;
        b->rows->name_bytes[p->row] = (uint16_t)(p->len - p->overlap);
        if (!soapc_put_bytes(b, p->text + p->overlap, p->len - p->overlap, &at))
            return false;
        p->offset = at - (uint32_t)p->overlap;
    }
    return true;
}

static bool row_fill(struct soapc_put *b, struct piece *p)
{
    if (p->holder)
        p->offset = p->holder->offset + (uint32_t)p->delta;
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
    struct piece **by_length = soapc_plan_alloc(b->plan, count + 1, sizeof(struct piece *));
    size_t *free = soapc_plan_alloc(b->plan, count + 1, sizeof *free), unbroken = 0, kept;
    b->rows->name_bytes = soapc_plan_alloc(b->plan, count + 1, sizeof *b->rows->name_bytes);
    if (!pieces || !order || !by_length || !free || !b->rows->name_bytes)
        return false;
    for (size_t i = 0; i < count; i++) {
        pieces[i] =
            (struct piece){ .text = b->name_texts[i], .len = strlen(b->name_texts[i]), .row = (uint16_t)i };
        order[i] = by_length[i] = &pieces[i];
    }
    holders_find(order, count);
    kept = chains_make(order, count, free);
    for (size_t i = 0; i < kept; i++)
        if (order[i]->overlap == 0 && !chain_put(b, order[i], &unbroken))
            return false;
    qsort((void *)by_length, count, sizeof *by_length, length_compare);
    for (size_t i = 0; i < count; i++) /* a holder before what it holds */
        if (!row_fill(b, by_length[i]))
            return false;
    return pool_break(b);
}
