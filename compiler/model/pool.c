/* model/pool.c - blocks, interned texts, growing arrays.
 *
 * A block is 64 KiB, or as large as one request that is larger; allocation moves a counter. Texts are found
 * by a hash table with open addressing, so that the model compares names by address.
 */
#include "model/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 16, ALIGN = 16, BUCKETS_MIN = 1024 };

struct block {
    struct block *next;
    size_t used, cap;
    _Alignas(ALIGN) uint8_t bytes[];
};

struct text {
    const char *text; /* NULL: free bucket */
    size_t len;
    uint64_t hash;
};

struct soapc_pool {
    struct block *blocks; /* the newest first */
    struct text *texts; /* open addressing, a power of two of buckets, at most half full */
    size_t text_count, text_cap;
    size_t total; /* bytes taken from the budget */
    struct soapc_diag *diag;
};

struct soapc_pool *soapc_pool_new(struct soapc_diag *d)
{
    struct soapc_pool *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->diag = d;
    p->text_cap = BUCKETS_MIN;
    p->texts = calloc(p->text_cap, sizeof *p->texts);
    if (!p->texts) {
        free(p);
        return NULL;
    }
    return p;
}

void soapc_pool_free(struct soapc_pool *p)
{
    if (!p)
        return;
    for (struct block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    soapc_budget_give(p->diag, p->total);
    free(p->texts);
    free(p);
}

/* Reported, unless the budget has done so. */
static _Noreturn void pool_exhausted(const struct soapc_pool *p)
{
    struct soapc_diag *d = p->diag;
    if (!d->memory_told)
        soapc_error(d, SOAPC_E_MEMORY, SOAPC_NOWHERE,
                    "out of memory: the system gives no more to the model's %zu MiB", p->total >> 20);
    if (d->end)
        d->end(d);
    fprintf(stderr, "error[E0702]: the memory for the model is used up\n");
    exit(2);
}

static bool pool_take(struct soapc_pool *p, size_t size)
{
    if (!soapc_budget_take(p->diag, size))
        return false;
    p->total += size;
    return true;
}

void *soapc_pool_alloc(struct soapc_pool *p, size_t size)
{
    if (size > SIZE_MAX / 2)
        pool_exhausted(p);
    size_t need = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = p->blocks;
    if (!b || need > b->cap - b->used) {
        size_t cap = need > BLOCK_SIZE ? need : BLOCK_SIZE;
        b = pool_take(p, sizeof *b + cap) ? calloc(1, sizeof *b + cap) : NULL;
        if (!b)
            pool_exhausted(p);
        b->cap = cap;
        b->next = p->blocks;
        p->blocks = b;
    }
    void *mem = b->bytes + b->used;
    b->used += need;
    return mem;
}

/* FNV-1a. The keys are the owner's own schema names; a slow table harms nobody but him. */
static uint64_t text_hash(const char *text, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return h;
}

static struct text *bucket_find(struct text *texts, size_t cap, const char *text, size_t len, uint64_t hash)
{
    size_t i = (size_t)hash & (cap - 1);
    while (texts[i].text &&
           (texts[i].hash != hash || texts[i].len != len || memcmp(texts[i].text, text, len) != 0))
        i = (i + 1) & (cap - 1);
    return &texts[i];
}

static void buckets_grow(struct soapc_pool *p)
{
    size_t cap = p->text_cap * 2;
    struct text *grown = pool_take(p, p->text_cap * sizeof *grown) ? calloc(cap, sizeof *grown) : NULL;
    if (!grown)
        pool_exhausted(p);
    for (size_t i = 0; i < p->text_cap; i++)
        if (p->texts[i].text)
            *bucket_find(grown, cap, p->texts[i].text, p->texts[i].len, p->texts[i].hash) = p->texts[i];
    free(p->texts);
    p->texts = grown;
    p->text_cap = cap;
}

const char *soapc_pool_text(struct soapc_pool *p, const char *text, size_t len)
{
    uint64_t hash = text_hash(text, len);
    struct text *found = bucket_find(p->texts, p->text_cap, text, len, hash);
    if (found->text)
        return found->text;
    char *copy = soapc_pool_alloc(p, len + 1);
    memcpy(copy, text, len);
    *found = (struct text){ copy, len, hash };
    if (++p->text_count * 2 > p->text_cap)
        buckets_grow(p);
    return copy;
}

const char *soapc_pool_find(const struct soapc_pool *p, const char *text, size_t len)
{
    return bucket_find(p->texts, p->text_cap, text, len, text_hash(text, len))->text;
}

const char *soapc_pool_join(struct soapc_pool *p, const char *a, const char *b, const char *c)
{
    size_t la = strlen(a), lb = strlen(b), lc = strlen(c);
    char *both = soapc_pool_alloc(p, la + lb + lc + 1);
    memcpy(both, a, la);
    memcpy(both + la, b, lb);
    memcpy(both + la + lb, c, lc);
    return soapc_pool_text(p, both, la + lb + lc);
}

void *soapc_pool_push(struct soapc_pool *p, void *items, size_t *count, size_t *cap, size_t size)
{
    uint8_t *array;
    memcpy(&array, items,
           sizeof array); /* any object pointer has this representation on hosts we build for */
    if (*count == *cap) {
        size_t grown_cap = *cap ? *cap * 2 : 4;
        if (grown_cap > SIZE_MAX / size / 2)
            pool_exhausted(p);
        uint8_t *grown = soapc_pool_alloc(p, grown_cap * size);
        if (*count)
            memcpy(grown, array, *count * size);
        memcpy(items, &grown, sizeof grown);
        *cap = grown_cap;
        array = grown;
    }
    return array + (*count)++ * size;
}
