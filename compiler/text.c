/* compiler/text.c - text that grows on the heap.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool text_reserve(struct soapc_text *t, size_t more)
{
    if (!t->failed && more < t->cap - t->len)
        return true;
    size_t cap = 2 * (t->cap + more) + 4096;
    if (!t->failed && t->diag && !soapc_budget_take(t->diag, cap - t->cap)) {
        t->failed = true;
        return false;
    }
    char *grown = t->failed ? NULL : realloc(t->bytes, cap);
    if (!grown) {
        t->failed = true;
        return false;
    }
    t->bytes = grown;
    t->cap = cap;
    return true;
}

void soapc_text_put(struct soapc_text *t, const char *text, size_t len)
{
    if (!text_reserve(t, len))
        return;
    memcpy(t->bytes + t->len, text, len);
    t->len += len;
    t->bytes[t->len] = '\0';
}

void soapc_text_printf(struct soapc_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || !text_reserve(t, (size_t)size))
        return;
    va_start(args, format);
    vsnprintf(t->bytes + t->len, (size_t)size + 1, format, args);
    va_end(args);
    t->len += (size_t)size;
}

void soapc_text_free(struct soapc_text *t)
{
    free(t->bytes);
    if (t->diag)
        soapc_budget_give(t->diag, t->cap);
    *t = (struct soapc_text){ 0 };
}
