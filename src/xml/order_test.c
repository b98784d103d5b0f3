/* xml/order_test.c - the sort: right for every short order, and n log n for the orders that hurt other sorts.
 */
#include "testkit.h"
#include "xml/parts.h"

enum { MANY = 4096 };

static uint32_t keys[MANY], order[MANY];
static size_t compares;

static int key_compare(const void *context, uint32_t a, uint32_t b)
{
    const uint32_t *k = context;
    compares++;
    return k[a] < k[b] ? -1 : k[a] > k[b];
}

/* Sorts count keys; true when the order is right and complete. */
static bool sort(uint32_t count)
{
    uint32_t i;
    uint64_t sum = 0;
    for (i = 0; i < count; i++)
        order[i] = i;
    compares = 0;
    bark_xml_sort(order, count, keys, key_compare);
    for (i = 0; i < count; i++) {
        sum += order[i];
        if (order[i] >= count || (i > 0 && keys[order[i - 1]] > keys[order[i]]))
            return false;
    }
    return sum == (uint64_t)count * (count ? count - 1 : 0) / 2;
}

TEST(every_arrangement_of_up_to_seven_is_sorted)
{
    uint32_t count, n, power, i;
    for (count = 0, power = 1; count <= 7; count++, power *= 6)
        for (n = 0; n < power; n++) { /* keys are the digits of n to the base 6: equal ones, too */
            uint32_t rest = n;
            for (i = 0; i < count; i++, rest /= 6)
                keys[i] = rest % 6;
            CHECK(sort(count));
        }
}

TEST(no_arrangement_costs_more_than_n_log_n)
{
    uint32_t shape, i;
    for (shape = 0; shape < 6; shape++) {
        for (i = 0; i < MANY; i++)
            keys[i] = shape == 0   ? i
                      : shape == 1 ? MANY - i
                      : shape == 2 ? 7
                      : shape == 3 ? i * 2654435761U
                      : shape == 4 ? i % 2
                                   : (i < MANY / 2 ? i : MANY - i);
        CHECK(sort(MANY));
        CHECK(compares < 2 * 12 * MANY);
    }
}

TEST_MAIN(RUN(every_arrangement_of_up_to_seven_is_sorted) RUN(no_arrangement_costs_more_than_n_log_n))
