/* cli/names.c - options that more than one verb of the compiler has: lists of operations, the rule of
 * xsi:type.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

bool cli_names_get(const struct cli_args *args, size_t option, struct cli_names *names)
{
    size_t count = 0, bytes = 1, at = 0;
    const char **settings = cli_settings(args, option, &count);
    *names = (struct cli_names){ 0 };
    for (size_t i = 0; settings && i < count; i++)
        bytes += strlen(settings[i]) + 1;
    names->texts = calloc(1, bytes);
    names->items = calloc(bytes, sizeof *names->items); /* every byte could be a name */
    if (!settings || !names->texts || !names->items) {
        cli_error("out of memory");
        free(settings);
        cli_names_free(names);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        for (const char *p = settings[i]; *p;) {
            size_t len = strcspn(p, ",");
            if (len)
                names->items[names->count++] = memcpy(names->texts + at, p, len);
            at += len + 1;
            p += len + (p[len] == ',');
        }
    }
    free(settings);
    return true;
}

void cli_names_free(struct cli_names *names)
{
    free(names->items);
    free(names->texts);
    *names = (struct cli_names){ 0 };
}

bool cli_polymorphic(const char *rule, enum soapc_polymorphic *polymorphic)
{
    static const char *const rules[] = { [SOAPC_POLYMORPHIC_ABSTRACT] = "abstract",
                                         [SOAPC_POLYMORPHIC_NONE] = "none",
                                         [SOAPC_POLYMORPHIC_COMPLEX] = "complex",
                                         [SOAPC_POLYMORPHIC_ALL] = "all" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!rule || strcmp(rule, rules[i]) == 0) {
            *polymorphic = (enum soapc_polymorphic)i;
            return true;
        }
    }
    cli_error("--polymorphic is none, abstract, complex or all, not '%s'", rule);
    return false;
}
