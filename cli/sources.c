/* cli/sources.c - the options of every verb that say where schemas come from.
 */
#include "cli.h"

#include <stdlib.h>

bool cli_sources_get(const struct cli_args *args, const struct cli_source_options *options,
                     struct cli_sources *sources)
{
    *sources = (struct cli_sources){ 0 };
    sources->paths = cli_settings(args, options->path, &sources->path_count);
    sources->catalogs = cli_settings(args, options->catalog, &sources->catalog_count);
    sources->format = args->format;
    sources->lock = cli_setting(args, options->locked);
    return sources->paths && sources->catalogs;
}

void cli_sources_free(struct cli_sources *sources)
{
    free((void *)sources->paths);
    free((void *)sources->catalogs);
    *sources = (struct cli_sources){ 0 };
}

struct soapc_load_options cli_sources_load(const struct cli_sources *sources)
{
    return (struct soapc_load_options){ .paths = sources->paths,
                                        .path_count = sources->path_count,
                                        .catalogs = sources->catalogs,
                                        .catalog_count = sources->catalog_count,
                                        .lock = sources->lock };
}
