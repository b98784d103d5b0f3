/* cli/validate.c - soapbark validate: is this document what its schema says?
 *
 * The schema becomes a table image in memory and the engine decodes the document by it: what decodes is
 * valid.
 * --lines keeps the process and the last schema for the next case, for suites with many thousands of cases.
 */
#include "cli.h"

#include "judge/judge.h"
#include "soapbark/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_SCHEMA,
    CLI_SOURCE_NUMBERS,
    OPTION_WELL_FORMED,
    OPTION_MESSAGE,
    OPTION_LINES,
    OPTION_DEVICE,
    OPTION_STRICT,
    OPTION_UNKNOWN,
    OPTION_QUIET
};

static const struct cli_option options[] = {
    [OPTION_SCHEMA] = { "schema", "FILE", "the XSD or WSDL to validate against" },
    CLI_SOURCE_ROWS,
    [OPTION_WELL_FORMED] = { "well-formed", NULL, "check well-formedness and namespaces only" },
    [OPTION_MESSAGE] = { "message", NULL,
                         "with --well-formed: UTF-8 only, no processing instructions, as in SOAP" },
    [OPTION_LINES] = { "lines", NULL, "cases from standard input, one a line" },
    [OPTION_DEVICE] = { "device-limits", NULL,
                        "the limits of small devices instead of ones that grow with the file" },
    [OPTION_STRICT] = { "strict", NULL, "refuse a schema whose content models are ambiguous [XSD1 3.8.6]" },
    [OPTION_UNKNOWN] = { "unknown", "POLICY",
                         "refuse (default), collect or ignore elements and attributes that no type "
                         "declares" },
    [OPTION_QUIET] = { "quiet", NULL, "only the exit status" },
};

static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] =
    "The document is valid when the engine accepts it by the schema's tables. A document type declaration "
    "is\n"
    "refused, as everywhere here. So are processing instructions and encodings other than UTF-8, which no "
    "message\n"
    "may have; --well-formed alone takes them. Limits grow with the file; one that is hit all "
    "the\n"
    "same is no verdict: exit status 2.\n\n"
    "With --lines each line of standard input is SCHEMA, or SCHEMA, a tab and a FILE. Each is answered by a "
    "line:\n"
    "0 (valid, or a usable schema), 1 (invalid) or 2 (schema error, or unsupported).\n\n"
    "Examples:\n"
    "  soapbark validate message.xml --schema thermostat.wsdl\n"
    "  soapbark validate --well-formed message.xml\n"
    "  printf 'a.xsd\\ta.xml\\n' | soapbark validate --strict --lines\n";

enum { FILE_BYTES_MAX = 1024 * 1024 * 1024 };

/* What stays from one document to the next. */
struct bench {
    enum cli_format format;
    struct cli_room room;
    bool device_limits, quiet;
    enum bark_unknown_policy policy;
    struct bark_unknown unknown; /* in the document just read; its texts are gone when the next is */
    bool message; /* --well-formed is about a message, not any document */
};

/* A limit of ours says nothing about the document. */
static bool is_limit(enum bark_code code)
{
    return code == BARK_ERR_LIMIT;
}

/* One document in memory, by the schema or for well-formedness. */
static enum bark_code text_check(struct bench *b, const struct cli_schema *schema, const char *path,
                                 struct bark_slice in, const struct bark_limits *limits,
                                 struct bark_error *err)
{
    const struct bark_decode_options forgive = { .unknown = &b->unknown };
    enum bark_code code;
    void *message;
    b->unknown = (struct bark_unknown){ .policy = b->policy };
    if (!schema && b->message)
        return bark_check_xml(in, limits, &b->room.arena, err);
    if (!schema)
        return bark_check_document(in, limits, &b->room.arena, err);
    code = bark_decode_with(&schema->image, BARK_NONE, in, &forgive, limits, &b->room.arena, &message, NULL,
                            err);
    if (code != BARK_OK)
        return code;
    if (!b->quiet && b->format == CLI_FORMAT_TEXT)
        cli_unknown_report(path, &b->unknown);
    bark_arena_reset(&b->room.arena);
    return soapc_judge(schema->model, in, limits, &b->room.arena, err);
}

/* schema NULL: well-formedness only. */
static enum cli_status document_check(struct bench *b, const struct cli_schema *schema, const char *path)
{
    size_t size;
    struct bark_error err = { 0 };
    struct bark_limits limits;
    struct bark_slice in;
    enum bark_code code;
    enum cli_status status = CLI_TROUBLE;
    char *bytes = schema || b->message ? cli_file_read(path, FILE_BYTES_MAX, &size)
                                       : cli_document_read(path, FILE_BYTES_MAX, &size, &status);
    if (!bytes)
        return status;
    in = (struct bark_slice){ (const uint8_t *)bytes, size };
    limits = b->device_limits ? bark_limits_device : cli_room_limits(size);
    if (!cli_room_get(&b->room, &limits)) {
        free(bytes);
        return CLI_TROUBLE;
    }
    code = text_check(b, schema, path, in, &limits, &err);
    if (code != BARK_OK && !b->quiet) {
        cli_report(b->format, path, in, &err);
        if (is_limit(code) && b->format == CLI_FORMAT_TEXT)
            cli_error("%s: a limit ended the check; whether the document is valid is not known", path);
    }
    free(bytes);
    return code == BARK_OK ? CLI_YES : is_limit(code) ? CLI_USAGE : CLI_NO;
}

/* The schema that stays loaded between lines. */
struct kept {
    struct cli_schema schema;
    char *path; /* NULL: none yet */
    enum cli_status status;
};

static enum cli_status kept_load(struct kept *k, const char *path, const struct cli_schema_options *o)
{
    if (k->path && strcmp(k->path, path) == 0)
        return k->status;
    cli_schema_free(&k->schema);
    free(k->path);
    k->path = strdup(path);
    k->status = cli_schema_load(path, o, true, &k->schema);
    return k->status;
}

/* One line's answer: 0, 1 or 2. What cannot be read is not a verdict about it: 2. */
static enum cli_status line_check(struct bench *b, struct kept *k, char *line,
                                  const struct cli_schema_options *o, bool well_formed)
{
    char *tab = strchr(line, '\t');
    const char *file = tab ? tab + 1 : NULL;
    enum cli_status status;
    if (tab)
        *tab = '\0';
    if (well_formed)
        status = document_check(b, NULL, file ? file : line);
    else {
        status = kept_load(k, line, o);
        if (status == CLI_YES && file)
            status = document_check(b, &k->schema, file);
    }
    return status == CLI_TROUBLE ? CLI_USAGE : status;
}

static enum cli_status lines_run(struct bench *b, const struct cli_schema_options *o, bool well_formed)
{
    struct kept kept = { 0 };
    char *line = NULL;
    size_t cap = 0;
    ssize_t got;
    while ((got = getline(&line, &cap, stdin)) > 0) {
        if (line[got - 1] == '\n')
            line[--got] = '\0';
        printf("%d\n", (int)line_check(b, &kept, line, o, well_formed));
        fflush(stdout);
    }
    free(line);
    free(kept.path);
    cli_schema_free(&kept.schema);
    return CLI_YES;
}

static enum cli_status file_run(struct bench *b, const struct cli_args *args,
                                const struct cli_schema_options *o)
{
    const char *path = args->words[0];
    const char *schema_path = cli_setting(args, OPTION_SCHEMA);
    struct cli_schema schema = { 0 };
    enum cli_status status;
    if (cli_setting(args, OPTION_WELL_FORMED))
        status = document_check(b, NULL, path);
    else {
        status = cli_schema_load(schema_path, o, b->quiet, &schema);
        if (status == CLI_YES)
            status = document_check(b, &schema, path);
        cli_schema_free(&schema);
    }
    if (status == CLI_YES && !cli_diag_print_none(b->format))
        status = CLI_TROUBLE;
    if (!b->quiet && status == CLI_YES)
        printf("%s: %s\n", path, schema_path ? "valid" : "well-formed");
    return status;
}

static bool usage_is_right(const struct cli_args *args)
{
    const bool lines = cli_setting(args, OPTION_LINES);
    if (args->word_count != (lines ? 0 : 1)) {
        cli_error(lines ? "--lines takes its files from standard input" : "soapbark validate wants one FILE");
        return false;
    }
    if (!lines && !cli_setting(args, OPTION_SCHEMA) == !cli_setting(args, OPTION_WELL_FORMED)) {
        cli_error("give either --schema FILE or --well-formed");
        return false;
    }
    return true;
}

static enum cli_status run(const struct cli_args *args)
{
    struct bench bench = { .format = args->format,
                           .device_limits = cli_setting(args, OPTION_DEVICE),
                           .message = cli_setting(args, OPTION_MESSAGE),
                           .quiet = cli_setting(args, OPTION_QUIET) || cli_setting(args, OPTION_LINES) };
    struct cli_schema_options o = { 0 };
    enum cli_status status;
    if (!usage_is_right(args) || !cli_unknown_read(cli_setting(args, OPTION_UNKNOWN), &bench.policy))
        return CLI_USAGE;
    status = cli_sources_get(args, &source_options, &o.sources);
    if (status != CLI_YES)
        return status;
    o.operation = NULL;
    o.every_type = true;
    o.assess = true;
    o.strict = cli_setting(args, OPTION_STRICT);
    status = cli_setting(args, OPTION_LINES) ? lines_run(&bench, &o, cli_setting(args, OPTION_WELL_FORMED))
                                             : file_run(&bench, args, &o);
    cli_room_free(&bench.room);
    cli_sources_free(&o.sources);
    return status;
}

const struct cli_verb cli_verb_validate = {
    .name = "validate",
    .words = "FILE --schema FILE",
    .summary = "check a document against a schema",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
