/* compiler/budget_test.c - taking and giving, the error that comes once.
 */
#include "budget.h"

#include "testkit.h"

#define MIB ((size_t)1 << 20)

TEST(account)
{
    struct soapc_diag *d = soapc_diag_new();
    CHECK(d != NULL);
    if (!d)
        return;
    d->memory_max = SOAPC_MEMORY_MIN * MIB;
    const size_t all = soapc_budget_left(d);
    CHECK(all > 0 && all < d->memory_max);
    CHECK(soapc_budget_take(d, all / 2) && soapc_budget_left(d) == all - all / 2);
    CHECK(!soapc_budget_take(d, all) && d->error_count == 1 && soapc_budget_left(d) == all - all / 2);
    CHECK(!soapc_budget_take(d, SIZE_MAX) && d->error_count == 1); /* said already */
    CHECK(d->message_count == 2 && d->messages[0].code == SOAPC_E_MEMORY);
    CHECK(soapc_budget_take(d, all - all / 2) && soapc_budget_left(d) == 0);
    CHECK(soapc_budget_take(d, 0) && !soapc_budget_take(d, 1));
    soapc_budget_give(d, all);
    CHECK(soapc_budget_left(d) == all);
    soapc_budget_give(d, SIZE_MAX);
    CHECK(soapc_budget_left(d) == all);
    d->memory_max = 1;
    CHECK(soapc_budget_left(d) == 0 && soapc_budget_take(d, 0));
    soapc_diag_free(d);
}

TEST_MAIN(RUN(account))
