/* cli/schema.c - a WSDL or XSD becomes a proved table image in memory: load, model, lower, image.
 */
#include "cli.h"

#include "emit/image.h"
#include "load/load.h"
#include "lower/plan.h"
#include "model/model.h"
#include "soapbark/soap.h"

#include <stdlib.h>

/* What the stages hand on; each is freed when the image stands. */
struct stages {
    struct soapc_diag *diag;
    struct soapc_documents *docs;
    struct soapc_model *model;
};

static void stages_end(struct stages *s, bool quiet, enum cli_format format)
{
    if (s->diag && !quiet && s->diag->error_count > 0)
        (void)cli_diag_print(s->diag, format);
    if (s->model)
        soapc_model_free(s->model);
    if (s->docs)
        soapc_documents_free(s->docs);
    soapc_diag_free(s->diag);
}

static enum cli_status stages_run(struct stages *s, const char *path,
                                  const struct cli_schema_options *options, struct soapc_image *image)
{
    struct soapc_load_options load = cli_sources_load(&options->sources);
    const struct soapc_lower_options lower = {
        .operations = &options->operation,
        .operation_count = options->operation ? 1 : 0,
        .assess = options->assess,
        .all_elements = !options->operation,
        .polymorphic = options->every_type ? SOAPC_POLYMORPHIC_ALL : SOAPC_POLYMORPHIC_COMPLEX,
    };
    load.strict = options->strict;
    load.soap_encoding = options->soap_encoding;
    s->diag = soapc_diag_new();
    if (s->diag)
        s->docs = soapc_load(path, &load, s->diag);
    if (s->docs)
        s->model = soapc_model_new(s->docs);
    enum cli_status status = CLI_YES;
    if (s->model && s->diag->error_count == 0 &&
        cli_overrides_apply(&options->sources, s->model, s->diag, &status) &&
        soapc_image_build(s->model, &lower, s->diag, image))
        return CLI_YES;
    if (status == CLI_TROUBLE)
        return status; /* and has been said */
    if (s->diag && s->diag->error_count > 0)
        return CLI_USAGE;
    cli_error("%s: out of memory", path);
    return CLI_TROUBLE;
}

bool cli_image_open(const char *path, const struct soapc_image *bytes, struct bark_image *image)
{
    struct bark_error err = { 0 };
    if (bark_image_open(image, bytes->bytes, &err) == BARK_OK)
        return true;
    cli_error("%s: the compiler made an image that the engine refuses: %s", path,
              err.rule ? err.rule : bark_code_text(err.code));
    return false;
}

enum cli_status cli_schema_load(const char *path, const struct cli_schema_options *options, bool quiet,
                                struct cli_schema *schema)
{
    struct stages stages = { 0 };
    enum cli_status status;
    *schema = (struct cli_schema){ 0 };
    status = stages_run(&stages, path, options, &schema->bytes);
    if (status == CLI_YES && (options->assess || options->keep_model)) {
        schema->model = stages.model;
        schema->diag = stages.diag;
        stages.model = NULL;
        stages.diag = NULL;
    }
    stages_end(&stages, quiet, options->sources.format);
    if (status == CLI_YES && !cli_image_open(path, &schema->bytes, &schema->image))
        status = CLI_TROUBLE;
    if (status == CLI_YES && options->soap_encoding)
        schema->image.encoding = &bark_soap_encoding;
    return status;
}

void cli_schema_free(struct cli_schema *schema)
{
    soapc_image_free(&schema->bytes);
    if (schema->model)
        soapc_model_free(schema->model);
    soapc_diag_free(schema->diag);
    *schema = (struct cli_schema){ 0 };
}
