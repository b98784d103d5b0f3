/* cli/cli.h - what the verbs of the soapbark command share.
 *
 * A verb is one file: a table of its options, a text for --help, and a function. main.c reads the command
 * line by the verb's table, so that every verb takes options in the same way and explains itself in the same
 * way.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "diag.h"
#include "emit/image.h"
#include "load/load.h"
#include "soapbark/codec.h"
#include "soapbark/image.h"
#include "soapbark/limits.h"
#include "soapbark/out.h"

/* Exit statuses, the same for every verb; `soapbark --help` prints them. */
enum cli_status {
    CLI_YES = 0, /* done; the answer is yes */
    CLI_NO = 1, /* done; the answer is no: invalid, or a fault */
    CLI_USAGE = 2, /* the command line or the schema is wrong, or asks for what we do not support */
    CLI_TROUBLE = 3 /* files, network, memory */
};

struct cli_option {
    const char *name; /* "schema" for --schema, "o" for -o */
    const char *argument; /* "FILE"; NULL for a switch */
    const char *help;
};

/* One option as given. */
struct cli_setting {
    size_t option; /* index into the verb's table */
    const char *value; /* NULL for a switch */
};

/* --diagnostics-format, which every verb takes. */
enum cli_format { CLI_FORMAT_TEXT, CLI_FORMAT_JSON, CLI_FORMAT_SARIF };

/* The command line, read. Texts point into argv. */
struct cli_args {
    struct cli_setting *settings; /* in the order given */
    size_t setting_count;
    const char **words; /* what is not an option */
    size_t word_count;
    enum cli_format format;
};

struct cli_verb {
    const char *name;
    const char *words; /* of the usage line: "FILE" */
    const char *summary; /* one line, for `soapbark --help` */
    const char *text; /* paragraphs and examples */
    const struct cli_option *options;
    size_t option_count;
    enum cli_status (*run)(const struct cli_args *args);
    enum cli_status usage; /* the status of a wrong command line; 0: CLI_USAGE */
    const char *exits; /* its exit statuses, for --help; NULL: those of all */
};

/* One a file; main.c lists them. */
extern const struct cli_verb cli_verb_call;
extern const struct cli_verb cli_verb_canonical;
extern const struct cli_verb cli_verb_compile;
extern const struct cli_verb cli_verb_diff;
extern const struct cli_verb cli_verb_explain;
extern const struct cli_verb cli_verb_fetch;
extern const struct cli_verb cli_verb_json;
extern const struct cli_verb cli_verb_replay;
extern const struct cli_verb cli_verb_validate;

/* The value given last for an option; NULL when it was not given. For a switch, the empty text. */
const char *cli_setting(const struct cli_args *args, size_t option);

/* All values of an option that may be repeated, in order; free(). NULL after an error was printed. */
const char **cli_settings(const struct cli_args *args, size_t option, size_t *count);

/* Reads the words after the verb by its table. Prints what is wrong and gives false. Free with
 * cli_args_free(), after a failure too. */
BARK_MUST_CHECK bool cli_args_read(const struct cli_verb *verb, int argc, char **argv, struct cli_args *args);
/* Whole seconds or with a fraction of up to three digits: "5", "0.25"; more than 0, at most a day. */
BARK_MUST_CHECK bool cli_milliseconds_read(const char *s, uint32_t *ms);
void cli_args_free(struct cli_args *args);

/* "soapbark: error: ..." on standard error. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A copy with a NUL behind it, which the text may hold too: malloc'ed. NULL when there is no memory; nothing
 * is printed. */
char *cli_text_copy(struct bark_slice text);

/* A whole file, or standard input for "-": malloc'ed, with a NUL after *size bytes. NULL after an error was
 * printed. More than size_max bytes are refused. */
char *cli_file_read(const char *path, size_t size_max, size_t *size);

/* The same for an XML document of any encoding that the compiler reads too: as UTF-8. NULL after an error was
 * printed; *status then says which kind. */
char *cli_document_read(const char *path, size_t size_max, size_t *size, enum cli_status *status);

/* A buffer that grows on the heap, as a bark_out; free with cli_buffer_free(). */
void cli_buffer_init(struct bark_out *out);
void cli_buffer_free(struct bark_out *out);
/* The same within the memory budget of a run, which cli_buffer_free() gives the room back to. */
void cli_buffer_init_within(struct bark_out *out, struct soapc_diag *diag);

/* Writes the buffer to a stream (stdout, stderr) and empties it; false, with a message, when that fails. */
BARK_MUST_CHECK bool cli_buffer_print(struct bark_out *out, bool to_stderr);

/* Prints a message's error as the compiler prints its own: place, rule, source line, caret. text stays the
 * caller's. */
void cli_report(enum cli_format format, const char *path, struct bark_slice text,
                const struct bark_error *err);

/* Reads --unknown=refuse|collect|ignore (NULL: refuse); false after an error was printed. */
BARK_MUST_CHECK bool cli_unknown_read(const char *value, enum bark_unknown_policy *policy);

/* Says on standard error what was passed over in a message: how many, and with collect each one's path and
 * name. */
void cli_unknown_report(const char *path, const struct bark_unknown *unknown);

/* Prints the compiler's messages to standard error; false when that fails. */
bool cli_diag_print(const struct soapc_diag *diag, enum cli_format format);

/* A SARIF log that says nothing, where that is the format: whoever reads logs finds one for a good run too.
 */
bool cli_diag_print_none(enum cli_format format);

/* Writes a rule for make and ninja: outputs depend on every file that diag holds. False after an error was
 * printed. The first of the two only prints it. */
BARK_MUST_CHECK bool cli_depfile_print(const char *const *outputs, size_t output_count,
                                       const struct soapc_diag *diag, struct bark_out *out);
BARK_MUST_CHECK bool cli_depfile_write(const char *path, const char *const *outputs, size_t output_count,
                                       const struct soapc_diag *diag);

/* Memory to decode one document after the other in. Starts zeroed. */
struct cli_room {
    struct bark_arena arena;
    void *memory;
    size_t size;
};

/* The limits for a file of one's own; docs/guide.md has the figures. */
struct bark_limits cli_room_limits(size_t file_bytes);
/* An empty arena for these limits; false after an error was printed. */
BARK_MUST_CHECK bool cli_room_get(struct cli_room *room, const struct bark_limits *limits);
void cli_room_free(struct cli_room *room);

/* --operations A,B --operations C: the names. Free with cli_names_free(). False after an error was printed.
 */
struct cli_names {
    const char **items;
    size_t count;
    char *texts; /* what items point into */
};
BARK_MUST_CHECK bool cli_names_get(const struct cli_args *args, size_t option, struct cli_names *names);
void cli_names_free(struct cli_names *names);

/* --polymorphic RULE; NULL is the default. False after an error was printed. */
BARK_MUST_CHECK bool cli_polymorphic(const char *rule, enum soapc_polymorphic *polymorphic);

/* Where schemas come from, and what their reader wants otherwise. Texts are of the command line. */
struct cli_sources {
    const char **paths, **catalogs, **overrides;
    size_t path_count, catalog_count, override_count;
    const char *lock; /* NULL: none */
    size_t memory; /* bytes; 0: as the compiler has it */
    enum cli_format format; /* of what is wrong with them */
};

/* The rows of these options in a verb's table. */
struct cli_source_options {
    size_t path, catalog, locked, memory, overrides;
};

/* The same of every verb that reads a schema: their numbers, their rows, and where these stand. */
#define CLI_SOURCE_NUMBERS OPTION_PATH, OPTION_CATALOG, OPTION_LOCKED, OPTION_MEMORY, OPTION_OVERRIDES
#define CLI_SOURCE_ROWS \
    [OPTION_PATH] = { "path", "FOLDER", "where imported schemas may stand; may be repeated" }, \
    [OPTION_CATALOG] = { "catalog", "FILE", "an OASIS XML catalog of schemas; may be repeated" }, \
    [OPTION_LOCKED] = { "locked", "FILE", "read only files of this soapbark.lock, as they were" }, \
    [OPTION_MEMORY] = { "memory", "MIB", \
                        "what the schema may take of memory in all: 192 to 1048576; 2048 by default" }, \
    [OPTION_OVERRIDES] = { "overrides", "FILE", \
                           "rename, drop, cap, map, relax: see docs/overrides.md; may be repeated" }
#define CLI_SOURCE_PLACES \
    { \
        CLI_SOURCE_NUMBERS \
    }

/* CLI_YES, or the exit status after an error was printed; then there is nothing to free. Free with
 * cli_sources_free(). */
BARK_MUST_CHECK enum cli_status cli_sources_get(const struct cli_args *args,
                                                const struct cli_source_options *options,
                                                struct cli_sources *sources);
void cli_sources_free(struct cli_sources *sources);
struct soapc_load_options cli_sources_load(const struct cli_sources *sources);

/* Changes the model as the overrides files say (docs/overrides.md). False after an error: printed when
 * *status becomes CLI_TROUBLE, else in diag; the model must not be used then. */
BARK_MUST_CHECK bool cli_overrides_apply(const struct cli_sources *sources, struct soapc_model *model,
                                         struct soapc_diag *diag, enum cli_status *status);

/* A WSDL or XSD, compiled in memory. */
struct cli_schema {
    struct bark_image image; /* proved */
    struct soapc_image bytes; /* its memory */
    struct soapc_model *model; /* with assess or keep_model; else NULL */
    struct soapc_diag *diag; /* what the model's places point into */
};

struct cli_schema_options {
    struct cli_sources sources;
    bool assess; /* to validate by: wildcard and mixed content is judged, not kept */
    bool keep_model;
    bool soap_encoding; /* rpc/encoded operations are taken too */
    bool strict; /* a content model that takes an element two ways is an error [XSD1 3.8.6] */
    const char *operation; /* only what this operation needs; NULL: everything */
    bool every_type; /* xsi:type may name simple types too: no struct is shown, every message is accepted */
};

/* Opens an image that the compiler made of the file at path; false after an error message. */
bool cli_image_open(const char *path, const struct soapc_image *bytes, struct bark_image *image);

/* Loads and compiles. Prints what is wrong (unless quiet) and gives CLI_USAGE or CLI_TROUBLE; CLI_YES
 * otherwise. End with cli_schema_free(), after a failure too. */
BARK_MUST_CHECK enum cli_status cli_schema_load(const char *path, const struct cli_schema_options *options,
                                                bool quiet, struct cli_schema *schema);
void cli_schema_free(struct cli_schema *schema);

#endif
