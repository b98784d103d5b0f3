/* lower/lower.c - runs the stages of plan.h in one block of memory.
 */
#include "lower/plan.h"

#include "budget.h"
#include "reserve.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Untouched pages cost nothing; the ceiling is what a hostile schema can make us use. A quarter of what the
 * budget has left is for what comes after: the image and the text of C. */
enum { PLAN_BYTES = 512 << 20, GROW_FIRST = 8 };

struct plan_block {
    struct soapc_plan plan;
    struct bark_arena arena;
    size_t size; /* taken from the budget */
    uint64_t memory[];
};

void *soapc_plan_alloc(struct soapc_plan *plan, size_t count, size_t size)
{
    void *memory = plan->failed ? NULL : bark_arena_alloc(plan->arena, count, size);
    plan->failed = plan->failed || !memory;
    return memory;
}

void *soapc_plan_grow(struct soapc_plan *plan, void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    size_t more = *cap ? 2 * *cap : GROW_FIRST;
    void *grown = soapc_plan_alloc(plan, more, size);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, items, count * size);
    *cap = more;
    return grown;
}

const char *soapc_plan_printf(struct soapc_plan *plan, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = size < 0 ? NULL : soapc_plan_alloc(plan, (size_t)size + 1, 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return text;
}

static bool stages_run(struct soapc_plan *plan, const struct soapc_lower_options *options)
{
    return soapc_plan_check(plan) && soapc_names_assign(plan) && soapc_plan_select(plan, options) &&
           soapc_plan_shape(plan) && soapc_plan_order(plan) && soapc_plan_layout(plan) &&
           soapc_plan_share(plan) && soapc_rows_build(plan);
}

struct soapc_plan *soapc_lower(const struct soapc_model *model, const struct soapc_lower_options *options,
                               struct soapc_diag *diag)
{
    const size_t errors = diag->error_count;
    const size_t left = soapc_budget_left(diag) / 4 * 3;
    const size_t size = left < PLAN_BYTES ? left : PLAN_BYTES;
    struct plan_block *block = size > sizeof *block ? soapc_reserve(size) : NULL;
    if (size <= sizeof *block) {
        soapc_budget_report(diag, SOAPC_NOWHERE);
        return NULL;
    }
    if (!block) {
        soapc_error(diag, SOAPC_E_MEMORY, SOAPC_NOWHERE, "out of memory");
        return NULL;
    }
    block->plan = (struct soapc_plan){
        .arena = &block->arena, .model = model, .diag = diag, .assess = options->assess
    };
    block->size = size;
    if (!soapc_budget_take(diag, size)) {
        soapc_reserve_free(block, size);
        return NULL;
    }
    bark_arena_init(&block->arena, block->memory, size - sizeof *block);
    if (stages_run(&block->plan, options) && diag->error_count == errors)
        return &block->plan;
    if (diag->error_count == errors && size < PLAN_BYTES) /* a stage stops without a word: no memory */
        soapc_budget_report(diag, SOAPC_NOWHERE);
    else if (diag->error_count == errors)
        soapc_error(diag, SOAPC_E_MEMORY, SOAPC_NOWHERE,
                    "the schema needs more than %d MiB of working memory", PLAN_BYTES >> 20);
    soapc_plan_free(&block->plan);
    return NULL;
}

void soapc_plan_free(struct soapc_plan *plan)
{
    struct plan_block *block = (struct plan_block *)(void *)plan; /* its first member */
    if (!block)
        return;
    soapc_budget_give(plan->diag, block->size);
    soapc_reserve_free(block, block->size);
}
