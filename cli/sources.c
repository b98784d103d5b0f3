/* cli/sources.c - the options of every verb that say where schemas come from.
 */
#include "cli.h"

#include "budget.h"
#include "override/override.h"

#include <stdlib.h>

enum { OVERRIDES_MAX = 1 << 20 }; /* bytes of an overrides file */

static bool memory_read(const char *text, size_t *bytes)
{
    size_t mib = 0;
    if (!text)
        return true;
    for (const char *p = text; *p; p++)
        mib = *p < '0' || *p > '9' || mib > SOAPC_MEMORY_MAX ? SIZE_MAX / 32 : mib * 10 + (size_t)(*p - '0');
    if (mib < SOAPC_MEMORY_MIN || mib > SOAPC_MEMORY_MAX || mib > SIZE_MAX >> 20) {
        cli_error("--memory is a number of MiB from %d to %d, not '%s'", SOAPC_MEMORY_MIN, SOAPC_MEMORY_MAX,
                  text);
        return false;
    }
    *bytes = mib << 20;
    return true;
}

/* The end of a run whose model has no more memory. */
static void run_end(const struct soapc_diag *diag)
{
    (void)cli_diag_print(diag, (enum cli_format)diag->end_format);
    exit(CLI_USAGE);
}

enum cli_status cli_sources_get(const struct cli_args *args, const struct cli_source_options *options,
                                struct cli_sources *sources)
{
    *sources = (struct cli_sources){ 0 };
    sources->paths = cli_settings(args, options->path, &sources->path_count);
    sources->catalogs = cli_settings(args, options->catalog, &sources->catalog_count);
    sources->overrides = cli_settings(args, options->overrides, &sources->override_count);
    sources->format = args->format;
    sources->lock = cli_setting(args, options->locked);
    if (sources->paths && sources->catalogs && sources->overrides &&
        memory_read(cli_setting(args, options->memory), &sources->memory))
        return CLI_YES;
    const bool room = sources->paths && sources->catalogs && sources->overrides;
    cli_sources_free(sources);
    return room ? CLI_USAGE : CLI_TROUBLE;
}

void cli_sources_free(struct cli_sources *sources)
{
    free((void *)sources->paths);
    free((void *)sources->catalogs);
    free((void *)sources->overrides);
    *sources = (struct cli_sources){ 0 };
}

struct soapc_load_options cli_sources_load(const struct cli_sources *sources)
{
    return (struct soapc_load_options){ .paths = sources->paths,
                                        .path_count = sources->path_count,
                                        .catalogs = sources->catalogs,
                                        .catalog_count = sources->catalog_count,
                                        .lock = sources->lock,
                                        .budget = sources->memory,
                                        .end = run_end,
                                        .end_format = (unsigned)sources->format };
}

bool cli_overrides_apply(const struct cli_sources *sources, struct soapc_model *model,
                         struct soapc_diag *diag, enum cli_status *status)
{
    for (size_t i = 0; i < sources->override_count; i++) {
        size_t size = 0;
        char *bytes = cli_file_read(sources->overrides[i], OVERRIDES_MAX, &size);
        if (!bytes) {
            *status = CLI_TROUBLE;
            return false;
        }
        if (!soapc_overrides_apply(model, sources->overrides[i], bytes, size, diag))
            return false;
    }
    return true;
}
