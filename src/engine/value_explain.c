/* engine/value_explain.c - a value's error becomes the caller's error record. */
#include "base/report.h"
#include "engine/value.h"

void bark_value_explain(const struct bark_value_error *error, enum bark_code code, struct bark_slice text,
                        struct bark_error *err)
{
    size_t i;
    if (!err || err->code != BARK_OK || code == BARK_OK)
        return;
    err->code = code;
    err->rule = error->rule;
    for (i = 0; BARK_HAS_REPORT && i < error->expected_count; i++)
        bark_report_expect(err, error->expected[i]);
    if (error->expected_more)
        bark_report_say(err->expected, sizeof err->expected, ", ...");
    bark_report_add(err->found, sizeof err->found, text);
}
