/* cli/compile.c - soapbark compile: a WSDL or XSD becomes NAME.h and NAME.c, and a bill.
 *
 * Nothing is written unless everything went well, so that a build never picks up half an output.
 */
#include "cli.h"

#include "describe/describe.h"
#include "emit/bill.h"
#include "emit/c.h"
#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    OPTION_OPERATIONS,
    OPTION_EMIT,
    OPTION_NAME,
    OPTION_O,
    CLI_SOURCE_NUMBERS,
    OPTION_COMMENTS,
    OPTION_ASYNC,
    OPTION_POLYMORPHIC,
    OPTION_SOAP_ENCODING,
    OPTION_DEPFILE,
    OPTION_QUIET
};

static const struct cli_option options[] = {
    [OPTION_OPERATIONS] = { "operations", "A,B,...", "only these operations, and what they need" },
    [OPTION_EMIT] = { "emit", "KIND", "c (default), json-schema, openapi, doc, model; may be repeated" },
    [OPTION_NAME] = { "name", "NAME", "name of the files and of NAME_tables(); default: the file's own" },
    [OPTION_O] = { "o", "FOLDER", "where to write, made when missing; default: here" },
    CLI_SOURCE_ROWS,
    [OPTION_COMMENTS] = { "comments", NULL, "the schema's documentation as comments in NAME.h" },
    [OPTION_ASYNC] = { "async", NULL, "client calls that do not wait, too: CALL_start(), CALL_step()" },
    [OPTION_POLYMORPHIC] = { "polymorphic", "RULE",
                             "whose xsi:type is decoded: complex (types; default), none, abstract, all" },
    [OPTION_SOAP_ENCODING] = { "soap-encoding", NULL, "take rpc/encoded operations too [SOAP11 5]" },
    [OPTION_DEPFILE] = { "depfile", "FILE", "also write what was read, as a rule for make and ninja" },
    [OPTION_QUIET] = { "quiet", NULL, "no bill" },
};

static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] =
    "Writes NAME.h (plain structs, handlers, client calls) and NAME.c (the constant table image), and prints "
    "the\n"
    "bill: bytes of tables for each operation, and the arena that a message can need where the schema bounds "
    "it.\n"
    "Imports are looked for beside the file, in the --path folders and in the built-in catalog; nothing is "
    "fetched.\n"
    "--emit asks for other outputs of the same schema: json-schema (NAME.schema.json, draft 2020-12), "
    "openapi\n"
    "(NAME.openapi.json, 3.1: the JSON face of the service), doc (NAME.html, a reference on one page), "
    "model\n"
    "(NAME.model.txt, lines for reviews). The output is the same, byte by byte, on every run.\n\n"
    "Examples:\n"
    "  soapbark compile thermostat.wsdl -o generated\n"
    "  soapbark compile devicemgmt.wsdl --operations GetUsers,CreateUsers --name device\n"
    "  soapbark compile types.xsd --name types --polymorphic abstract\n"
    "  soapbark compile thermostat.wsdl --emit openapi --emit doc -o site\n";

typedef void describe_run(struct soapc_plan *plan, const struct soapc_describe_options *options,
                          struct bark_out *out);

/* What --emit knows. Only C comes with a bill. */
static const struct {
    const char *name, *suffix;
    describe_run *run; /* NULL: C */
} kinds[] = {
    { "c", NULL, NULL },
    { "json-schema", ".schema.json", soapc_describe_json_schema },
    { "openapi", ".openapi.json", soapc_describe_openapi },
    { "doc", ".html", soapc_describe_doc },
    { "model", ".model.txt", soapc_describe_model },
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* What one run works with; freed as a whole. */
struct run {
    struct soapc_diag *diag;
    struct soapc_model *model;
    struct soapc_plan *plan;
    struct soapc_text header, source, bill;
    struct bark_out described[KIND_COUNT];
    bool emit[KIND_COUNT];
    bool comments, async;
    struct cli_names operations;
    enum soapc_polymorphic polymorphic;
    char name[128];
    char *command;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A C identifier from --name or the file's name. */
static bool name_set(struct run *run, const struct cli_args *args)
{
    const char *wish = cli_setting(args, OPTION_NAME);
    const char *from = wish ? wish : base_name(args->words[0]);
    const char *dot = wish ? NULL : strrchr(from, '.');
    size_t len = dot && dot > from ? (size_t)(dot - from) : strlen(from);
    if (len >= sizeof run->name - 1) {
        cli_error("--name has at most %zu bytes", sizeof run->name - 2);
        return false;
    }
    size_t at = 0;
    if (from[0] >= '0' && from[0] <= '9')
        run->name[at++] = '_';
    for (size_t i = 0; i < len; i++, at++) {
        const char c = from[i];
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!plain && wish) {
            cli_error("--name is a C identifier: '%s' is none", wish);
            return false;
        }
        run->name[at] = plain ? c : '_';
    }
    return true;
}

/* --emit, which may be repeated; C when it is not given. */
static bool kinds_set(struct run *run, const struct cli_args *args)
{
    run->emit[0] = !cli_setting(args, OPTION_EMIT);
    for (size_t i = 0; i < args->setting_count; i++) {
        struct soapc_guess guess = { .wanted = args->settings[i].value };
        bool known = args->settings[i].option != OPTION_EMIT;
        for (size_t k = 0; !known && k < KIND_COUNT; k++) {
            known = strcmp(kinds[k].name, guess.wanted) == 0;
            run->emit[k] = run->emit[k] || known;
            soapc_guess_offer(&guess, kinds[k].name);
        }
        if (!known) {
            cli_error("--emit is c, json-schema, openapi, doc or model, not '%s'%s%s%s", guess.wanted,
                      guess.best ? "; did you mean '" : "", guess.best ? guess.best : "",
                      guess.best ? "'?" : "");
            return false;
        }
    }
    return true;
}

/* The command without folders, as the output's first line shows it. */
static bool command_set(struct run *run, const struct cli_args *args)
{
    struct soapc_text line = { 0 };
    soapc_text_printf(&line, "soapbark compile %s", base_name(args->words[0]));
    for (size_t i = 0; i < args->setting_count; i++)
        if (args->settings[i].option == OPTION_OPERATIONS || args->settings[i].option == OPTION_NAME ||
            args->settings[i].option == OPTION_EMIT || args->settings[i].option == OPTION_POLYMORPHIC)
            soapc_text_printf(&line, " --%s %s", options[args->settings[i].option].name,
                              args->settings[i].value);
        else if (args->settings[i].option == OPTION_COMMENTS)
            soapc_text_printf(&line, " --comments");
        else if (args->settings[i].option == OPTION_ASYNC)
            soapc_text_printf(&line, " --async");
        else if (args->settings[i].option == OPTION_OVERRIDES)
            soapc_text_printf(&line, " --overrides %s", base_name(args->settings[i].value));
    run->command = line.failed ? NULL : line.bytes;
    for (char *p = run->command; p && *p; p++)
        if (*p == '*') /* it stands in a comment */
            *p = '?';
    return run->command != NULL;
}

/* False after an error: in diag, or printed when *status becomes CLI_TROUBLE. */
static bool model_load(struct run *run, const struct cli_args *args, enum cli_status *status)
{
    struct cli_sources sources;
    if (cli_sources_get(args, &source_options, &sources) != CLI_YES)
        return false;
    struct soapc_load_options load = cli_sources_load(&sources);
    load.soap_encoding = cli_setting(args, OPTION_SOAP_ENCODING) != NULL;
    struct soapc_documents *documents = soapc_load(args->words[0], &load, run->diag);
    if (documents && run->diag->error_count == 0)
        run->model = soapc_model_new(documents);
    soapc_documents_free(documents);
    const bool good = run->model && run->diag->error_count == 0 &&
                      cli_overrides_apply(&sources, run->model, run->diag, status);
    cli_sources_free(&sources);
    return good;
}

static bool text_write(const char *folder, const char *name, const char *suffix, struct bark_slice out)
{
    struct soapc_text path = { 0 };
    soapc_text_printf(&path, "%s/%s%s", folder, name, suffix);
    FILE *to = path.failed ? NULL : fopen(path.bytes, "wb");
    bool good = to && fwrite(out.ptr, 1, out.len, to) == out.len;
    if (to && fclose(to) != 0)
        good = false;
    if (!good)
        cli_error("%s: %s", path.failed ? name : path.bytes, strerror(errno));
    soapc_text_free(&path);
    return good;
}

/* --depfile: all outputs, by the names that they were written to. */
static bool depfile_write(const struct run *run, const struct cli_args *args, const char *folder)
{
    const char *path = cli_setting(args, OPTION_DEPFILE);
    struct soapc_text names[KIND_COUNT + 1] = { { 0 } };
    const char *outputs[KIND_COUNT + 1];
    size_t count = 0;
    bool good = true;
    if (!path)
        return true;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!run->emit[i])
            continue;
        if (i == 0)
            soapc_text_printf(&names[count++], "%s%s%s.h", folder ? folder : "", folder ? "/" : "",
                              run->name);
        soapc_text_printf(&names[count++], "%s%s%s%s", folder ? folder : "", folder ? "/" : "", run->name,
                          i ? kinds[i].suffix : ".c");
    }
    for (size_t i = 0; i < count; i++) {
        good = good && !names[i].failed;
        outputs[i] = names[i].bytes;
    }
    if (!good)
        cli_error("out of memory");
    good = good && cli_depfile_write(path, outputs, count, run->diag);
    for (size_t i = 0; i < count; i++)
        soapc_text_free(&names[i]);
    return good;
}

/* Everything in memory; false when that is short. */
static bool outputs_print(struct run *run, const char *title)
{
    const struct soapc_c_options c = { run->name, run->command, run->comments, run->async };
    const struct soapc_describe_options about = { run->name, title, run->command };
    if (run->emit[0]) {
        soapc_emit_header(run->plan, &c, &run->header);
        soapc_emit_source(run->plan, &c, &run->source);
        if (run->header.failed || run->source.failed || !soapc_bill_print(run->plan, &run->bill))
            return false;
    }
    for (size_t i = 1; i < KIND_COUNT; i++) {
        cli_buffer_init_within(&run->described[i], run->diag);
        if (run->emit[i])
            kinds[i].run(run->plan, &about, &run->described[i]);
        if (!bark_out_ok(&run->described[i]) || run->plan->failed)
            return false;
    }
    return true;
}

static struct bark_slice text_slice(const struct soapc_text *from)
{
    return (struct bark_slice){ (const uint8_t *)from->bytes, from->len };
}

static bool outputs_write(const struct run *run, const char *folder)
{
    if (run->emit[0] && (!text_write(folder, run->name, ".h", text_slice(&run->header)) ||
                         !text_write(folder, run->name, ".c", text_slice(&run->source))))
        return false;
    for (size_t i = 1; i < KIND_COUNT; i++)
        if (run->emit[i] &&
            !text_write(folder, run->name, kinds[i].suffix, bark_out_bytes(&run->described[i])))
            return false;
    return true;
}

static enum cli_status output_make(struct run *run, const struct cli_args *args)
{
    run->comments = cli_setting(args, OPTION_COMMENTS);
    run->async = cli_setting(args, OPTION_ASYNC);
    const char *folder = cli_setting(args, OPTION_O);
    run->header.diag = run->source.diag = run->bill.diag = run->diag;
    if (!outputs_print(run, base_name(args->words[0]))) {
        if (run->diag->memory_told && cli_diag_print(run->diag, args->format))
            return CLI_USAGE;
        cli_error("out of memory");
        return CLI_TROUBLE;
    }
    if (folder && mkdir(folder, 0777) != 0 && errno != EEXIST) {
        cli_error("%s: %s", folder, strerror(errno));
        return CLI_TROUBLE;
    }
    if (!outputs_write(run, folder ? folder : "."))
        return CLI_TROUBLE;
    if (!depfile_write(run, args, folder))
        return CLI_TROUBLE;
    if (run->emit[0] && !cli_setting(args, OPTION_QUIET))
        fputs(run->bill.bytes, stdout);
    return CLI_YES;
}

static enum cli_status compile(struct run *run, const struct cli_args *args)
{
    enum cli_status status = CLI_USAGE;
    struct soapc_image bytes = { .memory = NULL };
    struct bark_image image;
    if (!name_set(run, args) || !cli_polymorphic(cli_setting(args, OPTION_POLYMORPHIC), &run->polymorphic) ||
        !kinds_set(run, args))
        return CLI_USAGE;
    run->diag = soapc_diag_new();
    if (!run->diag || !cli_names_get(args, OPTION_OPERATIONS, &run->operations) || !command_set(run, args)) {
        cli_error("out of memory");
        return CLI_TROUBLE;
    }
    if (model_load(run, args, &status)) {
        const struct soapc_lower_options lower = { .operations = run->operations.items,
                                                   .operation_count = run->operations.count,
                                                   .polymorphic = run->polymorphic };
        run->plan = soapc_lower(run->model, &lower, run->diag);
    }
    const bool built = run->plan && soapc_image_of_plan(run->plan, &bytes);
    const bool told = run->diag->message_count || run->diag->out_of_memory
                          ? cli_diag_print(run->diag, args->format)
                          : cli_diag_print_none(args->format);
    /* The engine proves the tables before anybody builds them into a device. */
    const bool proved = built && cli_image_open(args->words[0], &bytes, &image);
    soapc_image_free(&bytes);
    if (!told || (built && !proved))
        return CLI_TROUBLE;
    return proved ? output_make(run, args) : status;
}

static enum cli_status compile_run(const struct cli_args *args)
{
    struct run run = { .diag = NULL };
    if (args->word_count != 1) {
        cli_error("compile takes one file; soapbark compile --help explains");
        return CLI_USAGE;
    }
    enum cli_status status = compile(&run, args);
    soapc_text_free(&run.header);
    soapc_text_free(&run.source);
    soapc_text_free(&run.bill);
    for (size_t i = 0; i < KIND_COUNT; i++)
        cli_buffer_free(&run.described[i]);
    soapc_plan_free(run.plan);
    soapc_model_free(run.model);
    soapc_diag_free(run.diag);
    cli_names_free(&run.operations);
    free(run.command);
    return status;
}

const struct cli_verb cli_verb_compile = { .name = "compile",
                                           .words = "FILE",
                                           .summary = "C structs and tables from a WSDL or XSD",
                                           .text = text,
                                           .options = options,
                                           .option_count = sizeof options / sizeof *options,
                                           .run = compile_run };
