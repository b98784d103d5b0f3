/* cli/diff.c - soapbark diff: what changed between two versions of a WSDL or XSD, and whom it breaks.
 *
 * Exit statuses are a gate for CI: 0 and 1 may pass, 2 breaks somebody's messages, and 3 or more is no
 * verdict.
 */
#include "cli.h"

#include "compare/compare.h"
#include "load/load.h"

#include <stdlib.h>
#include <string.h>

enum { OPTION_OPERATIONS, OPTION_SIDE, OPTION_POLYMORPHIC, CLI_SOURCE_NUMBERS, OPTION_JSON };

enum { DIFF_TROUBLE = 3, DIFF_USAGE = 4 };

static const struct cli_option options[] = {
    [OPTION_OPERATIONS] = { "operations", "A,B,...", "only these operations, and what they need" },
    [OPTION_SIDE] = { "side", "SIDE", "who moves to the new version: service (default) or client" },
    [OPTION_POLYMORPHIC] = { "polymorphic", "RULE", "as in soapbark compile; default: complex" },
    CLI_SOURCE_ROWS,
    [OPTION_JSON] = { "json", NULL, "a JSON array instead of lines" },
};

static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] =
    "Compares two versions of a service (or of a schema) and prints a line for each difference:\n\n"
    "  wire-breaking (reply): User: optional element 'Age' added [old.wsdl:9:5 -> new.wsdl:12:7]\n\n"
    "wire-breaking: the side that stays with the old version writes messages that the new one refuses, or\n"
    "cannot read what it gets. source-breaking: C code written for the old header may not compile with the "
    "new\n"
    "one. Everything else is compatible. Which of these an addition is depends on the direction: an "
    "optional\n"
    "element more is fine in a request to a new service, and refused by an old client in an answer. Schemas\n"
    "without a service are judged as documents that the old version wrote and the new one reads. "
    "docs/diff.md\n"
    "has the rules. --overrides is for both versions: the C code is the one that they lead to.\n\n"
    "Examples:\n"
    "  soapbark diff v1/users.wsdl v2/users.wsdl\n"
    "  soapbark diff old.xsd new.xsd --json\n"
    "  soapbark diff v1.wsdl v2.wsdl --side client --operations GetUsers\n";

static const char exits[] = "Exit status:\n"
                            "  0  no difference, or compatible ones only\n"
                            "  1  source-breaking\n"
                            "  2  wire-breaking\n"
                            "  3  trouble with memory or output\n"
                            "  4  wrong command line, wrong or unsupported schema\n";

/* One of the two versions. */
struct version {
    struct soapc_diag *diag;
    struct soapc_model *model;
    struct soapc_plan *plan;
};

static bool version_load(struct version *v, const char *path, const struct cli_sources *sources,
                         const struct soapc_lower_options *lower, enum cli_status *status)
{
    const struct soapc_load_options load = cli_sources_load(sources);
    v->diag = soapc_diag_new();
    struct soapc_documents *docs = v->diag ? soapc_load(path, &load, v->diag) : NULL;
    if (docs && v->diag->error_count == 0)
        v->model = soapc_model_new(docs);
    soapc_documents_free(docs);
    if (v->model && v->diag->error_count == 0 && cli_overrides_apply(sources, v->model, v->diag, status))
        v->plan = soapc_lower(v->model, lower, v->diag);
    if (v->diag && v->diag->error_count && !cli_diag_print(v->diag, sources->format))
        return false;
    return v->plan != NULL;
}

static void version_free(struct version *v)
{
    soapc_plan_free(v->plan);
    soapc_model_free(v->model);
    soapc_diag_free(v->diag);
}

/* An operation that neither version has is a slip of the pen. */
static bool operations_known(const struct soapc_comparison *c)
{
    const struct soapc_plan *plans[] = { c->before, c->after };
    for (size_t i = 0; i < c->operation_count; i++) {
        struct soapc_guess guess = { .wanted = c->operations[i] };
        bool known = false;
        for (size_t p = 0; p < 2; p++)
            for (size_t k = 0; k < plans[p]->operation_count; k++) {
                known |= strcmp(plans[p]->operations[k].operation->name, guess.wanted) == 0;
                soapc_guess_offer(&guess, plans[p]->operations[k].operation->name);
            }
        if (known)
            continue;
        cli_error("neither version has an operation '%s'%s%s%s", guess.wanted,
                  guess.best ? "; did you mean '" : "", guess.best ? guess.best : "", guess.best ? "'?" : "");
        return false;
    }
    return true;
}

static enum cli_status verdict_print(struct soapc_comparison *c, bool json)
{
    struct bark_out out;
    bool good;
    cli_buffer_init(&out);
    good = soapc_compare(c);
    if (!good)
        cli_error("out of memory");
    else if (json)
        soapc_comparison_json(c, &out);
    else
        soapc_comparison_print(c, &out);
    good = good && cli_buffer_print(&out, false);
    cli_buffer_free(&out);
    return good ? (enum cli_status)soapc_comparison_worst(c) : (enum cli_status)DIFF_TROUBLE;
}

static bool side_set(const struct cli_args *args, bool *client)
{
    const char *side = cli_setting(args, OPTION_SIDE);
    *client = side && strcmp(side, "client") == 0;
    if (!side || *client || strcmp(side, "service") == 0)
        return true;
    cli_error("--side is service or client, not '%s'", side);
    return false;
}

static enum cli_status diff(const struct cli_args *args, const struct cli_sources *sources,
                            const struct cli_names *operations, struct version versions[2])
{
    struct soapc_lower_options lower = { .operation_count = 0 };
    enum cli_status status = (enum cli_status)DIFF_USAGE;
    struct soapc_comparison c = { .operations = operations->items, .operation_count = operations->count };
    if (!side_set(args, &c.client_moves) ||
        !cli_polymorphic(cli_setting(args, OPTION_POLYMORPHIC), &lower.polymorphic))
        return (enum cli_status)DIFF_USAGE;
    const bool before = version_load(&versions[0], args->words[0], sources, &lower, &status);
    const bool after = version_load(&versions[1], args->words[1], sources, &lower, &status);
    if (!before || !after)
        return status == CLI_TROUBLE ? (enum cli_status)DIFF_TROUBLE : status;
    c.before = versions[0].plan;
    c.after = versions[1].plan;
    if (!operations_known(&c))
        return (enum cli_status)DIFF_USAGE;
    return verdict_print(&c, cli_setting(args, OPTION_JSON));
}

static enum cli_status run(const struct cli_args *args)
{
    struct version versions[2] = { { .diag = NULL } };
    struct cli_sources sources;
    struct cli_names operations;
    enum cli_status status = (enum cli_status)DIFF_USAGE;
    if (args->word_count != 2) {
        cli_error("diff takes two files, OLD and NEW; soapbark diff --help explains");
        return status;
    }
    if (cli_sources_get(args, &source_options, &sources) != CLI_YES)
        return status;
    if (cli_names_get(args, OPTION_OPERATIONS, &operations)) {
        status = diff(args, &sources, &operations, versions);
        cli_names_free(&operations);
    }
    cli_sources_free(&sources);
    version_free(&versions[0]);
    version_free(&versions[1]);
    return status;
}

const struct cli_verb cli_verb_diff = { .name = "diff",
                                        .words = "OLD NEW",
                                        .summary = "what changed between two versions, and whom it breaks",
                                        .text = text,
                                        .options = options,
                                        .option_count = sizeof options / sizeof *options,
                                        .run = run,
                                        .usage = (enum cli_status)DIFF_USAGE,
                                        .exits = exits };
