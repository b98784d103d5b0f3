/* xml/order.c - heap sort: n log n compares whatever the input, no recursion, no memory of its own [R6, R7].
 */
#include "xml/parts.h"

static void swap(uint32_t *a, uint32_t *b)
{
    const uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

void bark_xml_sort(uint32_t *order, uint32_t count, const void *context,
                   int (*compare)(const void *context, uint32_t a, uint32_t b))
{
    size_t start = count / 2, end = count;
    while (end > 1) {
        size_t root, child;
        if (start > 0)
            start--; /* still building the heap */
        else
            swap(&order[--end], &order[0]);
        for (root = start; (child = 2 * root + 1) < end; root = child) {
            if (end - child > 1 && compare(context, order[child], order[child + 1]) < 0)
                child++;
            if (compare(context, order[root], order[child]) >= 0)
                break;
            swap(&order[root], &order[child]);
        }
    }
}
