/* soap/test_cases.h - cases/soap/serve.txt, each case run against the service of test_service.h.
 */
#ifndef BARK_SOAP_TEST_CASES_H
#define BARK_SOAP_TEST_CASES_H

#include "soap/test_service.h"

#include "casefile.h"

static struct wire_case wire; /* the one at hand */

/* How many there are; only_good: those that are not refused. */
static unsigned cases_each(void (*run)(void), bool only_good)
{
    unsigned count = 0;
    FILE *file = fopen("cases/soap/serve.txt", "r");
    if (!file || !test_service_build()) {
        testkit_fail(__FILE__, __LINE__, "no case file here, or no test image");
        if (file)
            fclose(file);
        return 0;
    }
    for (; casefile_next(file, &wire); count++)
        if (!only_good || wire.status < 300)
            run();
    fclose(file);
    return count;
}

#endif
