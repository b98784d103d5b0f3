/* cli/json.c - soapbark json: a message as JSON, and JSON as a message, by a schema.
 *
 * The struct in the middle is what a program would hold: what comes out has passed every check of the schema
 * on the way in, whichever of the two syntaxes that was. docs/json.md is the mapping.
 */
#include "cli.h"

#include "soapbark/codec.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPTION_SCHEMA,
    CLI_SOURCE_NUMBERS,
    OPTION_ROOT,
    OPTION_TO_XML,
    OPTION_PRETTY,
    OPTION_COMPACT,
    OPTION_UNKNOWN
};

static const struct cli_option options[] = {
    [OPTION_SCHEMA] = { "schema", "FILE", "the XSD or WSDL that describes the message" },
    CLI_SOURCE_ROWS,
    [OPTION_ROOT] = { "root", "NAME", "the root element, NAME or {uri}NAME; XML names its own" },
    [OPTION_TO_XML] = { "to-xml", NULL, "FILE is JSON; write XML" },
    [OPTION_PRETTY] = { "pretty", NULL, "indent the JSON (default)" },
    [OPTION_COMPACT] = { "compact", NULL, "write the JSON in one line" },
    [OPTION_UNKNOWN] = { "unknown", "POLICY",
                         "refuse (default), collect or ignore what XML has and its type does not" },
};

static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] =
    "FILE is one element, no SOAP envelope; - reads standard input. Both directions check everything that "
    "the\n"
    "schema asks. docs/json.md says how names, attributes, arrays, nil, numbers and dates look.\n\n"
    "Examples:\n"
    "  soapbark json record.xml --schema records.xsd\n"
    "  soapbark json record.json --schema records.xsd --to-xml --root record\n"
    "  soapbark json - --schema thermostat.wsdl --compact < message.xml\n";

enum { FILE_BYTES_MAX = 1024 * 1024 * 1024 };

static bool slice_is(struct bark_slice s, const char *from, size_t len)
{
    return s.len == len && memcmp(s.ptr, from, len) == 0;
}

/* True when a root has the name that was given: NAME, or {uri}NAME. */
static bool root_is(const struct bark_image *image, uint16_t root, const char *name)
{
    const uint8_t number = bark_root_ns(image, root);
    const struct bark_namespace_row *ns = &image->namespaces[number];
    const char *local = name;
    if (name[0] == '{' && (local = strrchr(name, '}')) != NULL) {
        const struct bark_slice uri = { image->pool + ns->uri, number ? ns->uri_len : 0 };
        if (!slice_is(uri, name + 1, (size_t)(local - name - 1)))
            return false;
        local++;
    }
    return local && bark_root_is(image, root, (struct bark_slice){ (const uint8_t *)local, strlen(local) });
}

/* Names of roots as whole texts, for a guess: the best one so far stays where it is. */
struct offers {
    struct soapc_guess guess;
    char room[2][2 * BARK_NAME_LEN_MAX];
    bool second; /* which room is free */
};

static void root_offer(struct offers *offers, const struct bark_joined *name)
{
    char *const at = offers->room[offers->second];
    memcpy(at, name->head.ptr, name->head.len);
    memcpy(at + name->head.len, name->tail.ptr, name->tail.len);
    soapc_guess_offer_text(&offers->guess, at, name->head.len + name->tail.len);
    if (offers->guess.best == at)
        offers->second = !offers->second;
}

/* The root that is asked for; BARK_NONE with *fine: the document says. */
static uint16_t root_find(const struct bark_image *image, const char *name, bool needed, bool *fine)
{
    struct offers offers = { .guess = { .wanted = name ? name : "" } };
    const struct soapc_guess *const guess = &offers.guess;
    uint16_t found = BARK_NONE, count = 0;
    *fine = true;
    if (!name && !needed)
        return BARK_NONE;
    for (uint32_t i = 0; i < bark_root_end(image); i++) {
        const uint16_t root = (uint16_t)i;
        if (bark_root_type(image, root) == BARK_NONE)
            continue;
        const struct bark_joined own = bark_root_name(image, root);
        if (name)
            root_offer(&offers, &own);
        if (name && !root_is(image, root, name))
            continue;
        found = root;
        count++;
    }
    if (count == 1)
        return found;
    *fine = false;
    if (!name)
        cli_error("the schema has %u root elements: --root NAME says which one the JSON is", count);
    else if (count)
        cli_error("the schema has several root elements '%s': give {uri}%s", name, name);
    else
        cli_error("the schema has no root element '%s'%s%.*s%s", name, guess->best ? "; did you mean '" : "",
                  (int)guess->best_len, guess->best ? guess->best : "", guess->best ? "'?" : "");
    return BARK_NONE;
}

/* One conversion. */
struct job {
    const struct cli_args *args;
    const struct bark_image *image;
    struct bark_limits limits;
    struct cli_room room;
    uint16_t root;
    void *message;
};

static enum bark_code input_read(struct job *job, const char *path, struct bark_slice in,
                                 struct bark_error *err)
{
    struct bark_unknown unknown = { 0 };
    const struct bark_decode_options forgive = { .unknown = &unknown };
    enum bark_code code;
    if (!cli_unknown_read(cli_setting(job->args, OPTION_UNKNOWN), &unknown.policy))
        return bark_fail(err, BARK_ERR_USE, 0, NULL);
    if (cli_setting(job->args, OPTION_TO_XML))
        return bark_decode_json(job->image, job->root, in, &job->limits, &job->room.arena, &job->message,
                                err);
    code = bark_decode_with(job->image, job->root, in, &forgive, &job->limits, &job->room.arena,
                            &job->message, &job->root, err);
    if (code == BARK_OK && job->args->format == CLI_FORMAT_TEXT)
        cli_unknown_report(path, &unknown);
    return code;
}

static enum cli_status output_write(struct job *job, const char *path)
{
    const enum bark_json_style style =
        cli_setting(job->args, OPTION_COMPACT) ? BARK_JSON_COMPACT : BARK_JSON_PRETTY;
    struct bark_error err = { 0 };
    struct bark_out out;
    enum cli_status status = CLI_YES;
    enum bark_code code;
    cli_buffer_init(&out);
    if (cli_setting(job->args, OPTION_TO_XML))
        code = bark_encode(job->image, job->root, job->message, &job->limits, &job->room.arena, &out, &err);
    else
        code = bark_encode_json(job->image, job->root, job->message, style, &job->limits, &job->room.arena,
                                &out, &err);
    if (code != BARK_OK) {
        cli_error("%s: %s: %s%s%s", path, err.path, err.rule ? err.rule : bark_code_text(code),
                  err.found[0] ? "; found " : "", err.found);
        status = CLI_NO;
    } else {
        bark_out_byte(&out, '\n');
        status = cli_buffer_print(&out, false) ? CLI_YES : CLI_TROUBLE;
    }
    cli_buffer_free(&out);
    return status;
}

static enum cli_status convert(struct job *job, const char *path)
{
    struct bark_error err = { 0 };
    enum cli_status status = CLI_TROUBLE;
    size_t size;
    char *bytes = cli_file_read(path, FILE_BYTES_MAX, &size);
    const struct bark_slice in = { (const uint8_t *)bytes, size };
    if (!bytes)
        return CLI_TROUBLE;
    job->limits = cli_room_limits(size);
    job->limits.reply_bytes = UINT32_MAX;
    if (cli_room_get(&job->room, &job->limits)) {
        if (input_read(job, path, in, &err) == BARK_OK) {
            status = output_write(job, path);
        } else if (err.code == BARK_ERR_USE) {
            status = CLI_USAGE; /* said already */
        } else {
            cli_report(job->args->format, path, in, &err);
            status = err.code == BARK_ERR_LIMIT ? CLI_USAGE : CLI_NO;
        }
    }
    cli_room_free(&job->room);
    free(bytes);
    return status;
}

static bool usage_is_right(const struct cli_args *args)
{
    const bool to_xml = cli_setting(args, OPTION_TO_XML);
    if (args->word_count != 1 || !cli_setting(args, OPTION_SCHEMA)) {
        cli_error("soapbark json wants one FILE, and --schema FILE");
        return false;
    }
    if (cli_setting(args, OPTION_PRETTY) && cli_setting(args, OPTION_COMPACT)) {
        cli_error("give either --pretty or --compact");
        return false;
    }
    if (to_xml && (cli_setting(args, OPTION_PRETTY) || cli_setting(args, OPTION_COMPACT) ||
                   cli_setting(args, OPTION_UNKNOWN))) {
        cli_error("--pretty, --compact and --unknown are not for --to-xml");
        return false;
    }
    return true;
}

static enum cli_status run(const struct cli_args *args)
{
    struct cli_schema_options o = { .every_type = true };
    struct cli_schema schema = { 0 };
    enum cli_status status;
    if (!usage_is_right(args))
        return CLI_USAGE;
    status = cli_sources_get(args, &source_options, &o.sources);
    if (status != CLI_YES)
        return status;
    status = cli_schema_load(cli_setting(args, OPTION_SCHEMA), &o, false, &schema);
    if (status == CLI_YES) {
        struct job job = { .args = args, .image = &schema.image };
        bool fine;
        job.root =
            root_find(&schema.image, cli_setting(args, OPTION_ROOT), cli_setting(args, OPTION_TO_XML), &fine);
        status = fine ? convert(&job, args->words[0]) : CLI_USAGE;
    }
    cli_schema_free(&schema);
    cli_sources_free(&o.sources);
    return status;
}

const struct cli_verb cli_verb_json = {
    .name = "json",
    .words = "FILE --schema FILE",
    .summary = "turn a message into JSON, or JSON into a message",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
