/* cli/call.c - soapbark call: one operation of a WSDL, called from the command line.
 *
 * No code is generated: the WSDL becomes a table image in memory, the arguments become a struct by way of
 * JSON, and the answer's struct is printed as JSON. The engine does all of it, so what is sent has been
 * checked and what is printed has been received in the form that the WSDL promises.
 */
#include "cli.h"

#include "attach.h"
#include "call_fault.h"
#include "call_find.h"
#include "call_http.h"
#include "call_tls.h"
#include "call_way.h"
#include "header.h"
#include "input.h"
#include "soapbark/client.h"
#include "soapbark/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_WSDL,
    CLI_SOURCE_NUMBERS,
    OPTION_PORT_TYPE,
    OPTION_BY,
    OPTION_OVERLOAD,
    OPTION_HEADER,
    OPTION_HEADERS,
    OPTION_SOAP_ENCODING,
    OPTION_MTOM,
    OPTION_ATTACH,
    OPTION_SAVE,
    OPTION_JSON,
    OPTION_SOAP,
    OPTION_XML,
    OPTION_TIMEOUT,
    OPTION_UNKNOWN,
    CLI_WAY_NUMBERS,
    OPTION_REDIRECTS,
    OPTION_DRY_RUN
};

static const struct cli_option options[] = {
    [OPTION_WSDL] = { "wsdl", "FILE", "the WSDL that describes the operation" },
    CLI_SOURCE_ROWS,
    [OPTION_PORT_TYPE] = { "port-type", "NAME", "when several port types have the operation" },
    [OPTION_BY] = { "by", "WAY",
                    "soap, get or post, when several bindings have the operation; else SOAP, where it has" },
    [OPTION_OVERLOAD] = { "overload", "NAME",
                          "when several operations have the name: its action or body element" },
    [OPTION_HEADER] = { "header", "NAME=JSON",
                        "a header block of the WSDL; !NAME: mandatory; may be repeated" },
    [OPTION_HEADERS] = { "headers", NULL, "print {\"headers\": ..., \"body\": ...}" },
    [OPTION_SOAP_ENCODING] = { "soap-encoding", NULL, "the operation is rpc/encoded" },
    [OPTION_MTOM] = { "mtom", NULL, "send long base64Binary values as parts of their own (MTOM)" },
    [OPTION_ATTACH] = { "attach", "[PART=]FILE",
                        "send a file beside the message, as a part that the WSDL binds; may be repeated" },
    [OPTION_SAVE] = { "save-attachments", "FOLDER",
                      "save the parts of the answer there, as part-1, part-2 ..." },
    [OPTION_JSON] = { "json", "FILE", "the message as JSON, instead of NAME=VALUE; - reads standard input" },
    [OPTION_SOAP] = { "soap", "VERSION", "1.1 or 1.2; else what the operation is bound to" },
    [OPTION_XML] = { "xml", NULL, "print the answer as it came" },
    [OPTION_TIMEOUT] = { "timeout", "SECONDS", "for the whole call; else 120" },
    [OPTION_UNKNOWN] = { "unknown", "POLICY",
                         "refuse (default), collect or ignore what an answer has and its type does not" },
    CLI_WAY_ROWS,
    [OPTION_REDIRECTS] = { "redirects", "N", "follow N redirects (307, 308) to the same host; else none" },
    [OPTION_DRY_RUN] = { "dry-run", NULL, "print the request instead of sending it" },
};

static const struct cli_tls_options tls_options = CLI_TLS_PLACES;
static const struct cli_way_options way_options = CLI_WAY_PLACES(OPTION_REDIRECTS);
static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] =
    "NAME is the path of a member: names joined by dots, [INDEX] after one that repeats. A repeated member "
    "that is\n"
    "named again without an index grows by one item. docs/json.md says how JSON and the schema match.\n\n"
    "The answer is printed as JSON. A fault, or an answer that breaks its schema, is printed to standard "
    "error and\n"
    "the exit status is 1.\n\n"
    "An operation that only an http:binding has is called by GET or POST, as is any one that has such a "
    "binding "
    "and\n"
    "is asked for --by get or post; URL is then the address of its port.\n\n"
    "Examples:\n"
    "  soapbark call http://127.0.0.1:8080/thermostat GetTemperature --wsdl thermostat.wsdl\n"
    "  soapbark call http://127.0.0.1:8080/thermostat SetTarget --wsdl thermostat.wsdl Celsius=21.5 "
    "Hold=PT2H\n"
    "  soapbark call URL CreateUsers --wsdl devicemgmt.wsdl 'User[0].Username=eve' "
    "'User[0].UserLevel=Operator'\n"
    "  soapbark call URL Take --wsdl depot.wsdl --header 'Session={\"User\": \"eve\"}' --headers Item=bolt "
    "Count=7\n"
    "  soapbark call URL SetScopes --wsdl devicemgmt.wsdl Scopes=onvif://a Scopes=onvif://b --soap 1.2 "
    "--xml\n"
    "  soapbark call http://127.0.0.1:8080/parcels GetQuote --wsdl parcels.wsdl --by get grams=100\n"
    "  soapbark call https://camera.example/onvif/device_service GetUsers --wsdl devicemgmt.wsdl --user "
    "admin\n";

enum { JSON_BYTES_MAX = 64 * 1024 * 1024 };

/* One call, as far as it is prepared. */
struct job {
    const struct cli_args *args;
    struct cli_schema schema;
    const struct bark_operation_row *operation;
    struct bark_arena arena;
    void *memory;
    void *in;
    void *headers; /* header struct, or NULL */
    enum bark_call_by by;
};

/* ---- the input ---- */

static bool input_decode(struct job *job, struct bark_slice json, struct bark_error *err)
{
    return bark_decode_json(&job->schema.image, job->operation->input, json, &bark_limits_server, &job->arena,
                            &job->in, err) == BARK_OK;
}

static enum cli_status input_from_file(struct job *job, const char *path)
{
    struct bark_error err = { 0 };
    size_t size;
    char *bytes = cli_file_read(path, JSON_BYTES_MAX, &size);
    const struct bark_slice json = { (const uint8_t *)bytes, size };
    bool fine;
    if (!bytes)
        return CLI_TROUBLE;
    fine = input_decode(job, json, &err);
    if (!fine)
        cli_report(job->args->format, path, json, &err);
    free(bytes);
    return fine ? CLI_YES : CLI_USAGE;
}

/* Shows the error where the person typed: in the argument, or else in the message that all of them made. */
static void argument_report(const struct cli_input *input, struct bark_slice json, struct bark_error *err)
{
    size_t at = 0;
    const char *argument = cli_input_origin(input, (size_t)err->offset, &at);
    if (!argument) {
        cli_report(CLI_FORMAT_TEXT, "message", json, err);
        return;
    }
    err->offset = at;
    cli_report(CLI_FORMAT_TEXT, "argument",
               (struct bark_slice){ (const uint8_t *)argument, strlen(argument) }, err);
}

static enum cli_status input_from_words(struct job *job)
{
    const struct bark_image *image = &job->schema.image;
    struct cli_input *input = cli_input_new(image, bark_root_type(image, job->operation->input));
    struct bark_error err = { 0 };
    struct bark_out json;
    bool fine = input != NULL;
    cli_buffer_init(&json);
    if (!fine)
        cli_error("out of memory");
    for (size_t i = 2; fine && i < job->args->word_count; i++)
        fine = cli_input_add(input, job->args->words[i]);
    if (fine) {
        cli_input_write(input, &json);
        fine = bark_out_ok(&json) && input_decode(job, bark_out_bytes(&json), &err);
        if (!fine)
            argument_report(input, bark_out_bytes(&json), &err);
    }
    cli_buffer_free(&json);
    cli_input_free(input);
    return fine ? CLI_YES : CLI_USAGE;
}

static enum cli_status headers_make(struct job *job)
{
    size_t count;
    const char **arguments = cli_settings(job->args, OPTION_HEADER, &count);
    if (!arguments)
        return CLI_TROUBLE;
    const uint16_t row = (uint16_t)(job->operation - job->schema.image.operations);
    bool fine = cli_headers_read(&job->schema.image, row, arguments, count, &job->arena, &job->headers);
    free((void *)arguments);
    return fine ? CLI_YES : CLI_USAGE;
}

static enum cli_status input_make(struct job *job)
{
    const char *path = cli_setting(job->args, OPTION_JSON);
    const bool words = job->args->word_count > 2;
    const size_t size = (size_t)bark_limits_server.arena_bytes;
    job->memory = malloc(size);
    if (!job->memory) {
        cli_error("out of memory");
        return CLI_TROUBLE;
    }
    bark_arena_init(&job->arena, job->memory, size);
    if (job->operation->input == BARK_NONE) {
        if (!words && !path)
            return CLI_YES;
        cli_error("operation '%s' takes no message", job->args->words[1]);
        return CLI_USAGE;
    }
    return path ? input_from_file(job, path) : input_from_words(job);
}

/* ---- the call ---- */

static bool client_options_read(const struct job *job, struct bark_client_options *o)
{
    const char *soap = cli_setting(job->args, OPTION_SOAP);
    const char *timeout = cli_setting(job->args, OPTION_TIMEOUT);
    *o = (struct bark_client_options){ .url = job->args->words[0],
                                       .image = &job->schema.image,
                                       .attachments = &bark_soap_attachments,
                                       .http = &bark_http_binding,
                                       .by = job->by,
                                       .mtom = cli_setting(job->args, OPTION_MTOM) != NULL };
    if (soap && strcmp(soap, "1.1") == 0)
        o->version = BARK_SOAP_11;
    else if (soap && strcmp(soap, "1.2") == 0)
        o->version = BARK_SOAP_12;
    else if (soap) {
        cli_error("--soap wants 1.1 or 1.2, not '%s'", soap);
        return false;
    }
    if (timeout && !cli_milliseconds_read(timeout, &o->timeout_ms)) {
        cli_error("--timeout wants seconds, like 5 or 0.5, at most a day; not '%s'", timeout);
        return false;
    }
    return cli_unknown_read(cli_setting(job->args, OPTION_UNKNOWN), &o->unknown);
}

/* The answer as JSON; with --headers one object of the blocks and the body. */
static bool answer_write(struct job *job, const void *headers, const void *message, struct bark_out *out)
{
    const struct bark_image *image = &job->schema.image;
    const uint16_t number = (uint16_t)(job->operation - image->operations);
    const bool both = cli_setting(job->args, OPTION_HEADERS) != NULL;
    struct bark_error err = { 0 };
    if (both) {
        bark_out_text(out, "{\"headers\": ");
        if (!cli_headers_write(image, number, headers, &job->arena, out))
            return false;
        bark_out_text(out, message ? ", \"body\": " : "");
    }
    if (message && bark_encode_json(image, bark_operation_output(image, number), message, BARK_JSON_PRETTY,
                                    &bark_limits_server, &job->arena, out, &err) != BARK_OK) {
        cli_error("%s", err.rule ? err.rule : "the answer cannot be printed");
        return false;
    }
    if (both)
        bark_out_byte(out, '}');
    return true;
}

static enum cli_status answer_print(struct job *job, const struct bark_client *client, const void *headers,
                                    const void *message)
{
    const struct bark_slice raw = bark_client_raw_reply(client);
    struct bark_out out;
    enum cli_status status = CLI_YES;
    cli_buffer_init(&out);
    if (cli_setting(job->args, OPTION_XML))
        bark_out_put(&out, raw.ptr, raw.len);
    else if (!answer_write(job, headers, message, &out))
        status = CLI_TROUBLE;
    if (out.pos > 0 && out.base[out.pos - 1] != '\n')
        bark_out_byte(&out, '\n');
    if (status == CLI_YES && !cli_buffer_print(&out, false))
        status = CLI_TROUBLE;
    cli_buffer_free(&out);
    return status;
}

/* What a failed call says: a fault, an answer that breaks a rule, or trouble on the way. */
static enum cli_status failure_print(struct job *job, const struct bark_client *client, enum bark_code code,
                                     const struct bark_error *err)
{
    const struct bark_slice raw = bark_client_raw_reply(client);
    char line[1024];
    if (code == BARK_ERR_FAULT) {
        if (cli_setting(job->args, OPTION_XML))
            (void)answer_print(job, client, NULL, NULL);
        cli_fault_print(bark_client_fault(client));
        return CLI_NO;
    }
    if (code == BARK_ERR_IO || code == BARK_ERR_TLS || code == BARK_ERR_TIMEOUT || code == BARK_ERR_HTTP ||
        raw.len == 0) {
        (void)bark_error_text(err, line, sizeof line);
        cli_error("%s: %s", job->args->words[0], line);
        return CLI_TROUBLE;
    }
    cli_report(job->args->format, "answer", raw, err);
    return CLI_NO;
}

static enum cli_status request_print(struct job *job, enum bark_soap_version version)
{
    const uint16_t row = (uint16_t)(job->operation - job->schema.image.operations);
    struct bark_error err = { 0 };
    struct bark_out out;
    enum cli_status status = CLI_YES;
    if (job->by > BARK_CALL_BY_SOAP || bark_operation_is_http(&job->schema.image, row))
        return cli_http_print(&job->schema.image, row, job->by, job->args->words[0], job->in, &job->arena);
    if (!version)
        version = bark_operation_flags(&job->schema.image, row) & BARK_OPERATION_SOAP12 ? BARK_SOAP_12
                                                                                        : BARK_SOAP_11;
    cli_buffer_init(&out);
    if (bark_soap_request_write_headers(&job->schema.image, row, version, job->headers, job->in,
                                        &bark_limits_server, &job->arena, &out, &err) != BARK_OK) {
        cli_error("%s%s%s", err.path, err.path[0] ? ": " : "",
                  err.rule ? err.rule : bark_code_text(err.code));
        status = CLI_USAGE;
    } else {
        bark_out_byte(&out, '\n');
        status = cli_buffer_print(&out, false) ? CLI_YES : CLI_TROUBLE;
    }
    cli_buffer_free(&out);
    return status;
}

/* The call itself, files beside the message included. */
static enum cli_status exchange_run(struct job *job, struct bark_client *client)
{
    const char *folder = cli_setting(job->args, OPTION_SAVE);
    struct bark_error err = { 0 };
    enum cli_status status = CLI_TROUBLE;
    enum bark_code code;
    struct cli_attachments attachments = { 0 };
    void *message = NULL;
    const void *headers = NULL;
    size_t count;
    const char **files = cli_settings(job->args, OPTION_ATTACH, &count);
    if (files && cli_attach(client, job->schema.model, job->args->words[1], files, count, &attachments)) {
        code = bark_client_call_headers(client, (uint16_t)(job->operation - job->schema.image.operations),
                                        job->headers, job->in, &headers, &message, &err);
        if (job->args->format == CLI_FORMAT_TEXT)
            cli_unknown_report("answer", bark_client_unknown(client));
        status = code == BARK_OK ? answer_print(job, client, headers, message)
                                 : failure_print(job, client, code, &err);
        if (status == CLI_YES && folder && !cli_attachments_save(client, folder))
            status = CLI_TROUBLE;
    }
    cli_attach_free(&attachments);
    free((void *)files);
    return status;
}

static enum cli_status call_run(struct job *job)
{
    struct bark_client_options o;
    struct bark_error err = { 0 };
    struct bark_client *client;
    enum cli_status status;
    struct cli_way way = { 0 };
    if (!client_options_read(job, &o))
        return CLI_USAGE;
    if (cli_setting(job->args, OPTION_DRY_RUN))
        return request_print(job, o.version);
    if (!cli_tls_make(job->args, &tls_options, o.url, &o.tls))
        return CLI_USAGE;
    if (!cli_way_make(job->args, &way_options, &way, &o)) {
        cli_tls_free(o.tls);
        return CLI_USAGE;
    }
    client = bark_client_new(&o, &err);
    cli_way_free(&way);
    if (!client) {
        char line[1024];
        (void)bark_error_text(&err, line, sizeof line);
        cli_error("%s: %s", o.url, line);
        cli_tls_free(o.tls);
        return err.code == BARK_ERR_USE ? CLI_USAGE : CLI_TROUBLE;
    }
    status = exchange_run(job, client);
    bark_client_free(client);
    cli_tls_free(o.tls);
    return status;
}

/* ---- the verb ---- */

static bool usage_is_right(struct job *job)
{
    const struct cli_args *args = job->args;
    if (args->word_count < 2) {
        cli_error("soapbark call wants URL and OPERATION");
        return false;
    }
    if (!cli_setting(args, OPTION_WSDL)) {
        cli_error("soapbark call wants --wsdl FILE");
        return false;
    }
    if (!cli_by_read(cli_setting(args, OPTION_BY), &job->by))
        return false;
    if (job->by > BARK_CALL_BY_SOAP && (cli_setting(args, OPTION_SOAP) || cli_setting(args, OPTION_HEADER))) {
        cli_error("--by %s has no envelope: --soap and --header mean nothing there",
                  cli_setting(args, OPTION_BY));
        return false;
    }
    if (cli_setting(args, OPTION_JSON) && args->word_count > 2) {
        cli_error("give the message either by --json or by NAME=VALUE");
        return false;
    }
    return true;
}

static bool operation_find(struct job *job)
{
    const struct cli_wanted wanted = { .name = job->args->words[1],
                                       .port_type = cli_setting(job->args, OPTION_PORT_TYPE),
                                       .overload = cli_setting(job->args, OPTION_OVERLOAD),
                                       .way = cli_setting(job->args, OPTION_BY),
                                       .by = job->by,
                                       .wsdl = cli_setting(job->args, OPTION_WSDL) };
    job->operation = cli_operation_find(&job->schema.image, &wanted);
    return job->operation != NULL;
}

static enum cli_status run(const struct cli_args *args)
{
    struct job job = { .args = args };
    struct cli_schema_options o = { 0 };
    enum cli_status status;
    if (!usage_is_right(&job))
        return CLI_USAGE;
    status = cli_sources_get(args, &source_options, &o.sources);
    if (status != CLI_YES)
        return status;
    o.operation = args->words[1];
    o.keep_model = true; /* attachments are named by its parts */
    o.soap_encoding = cli_setting(args, OPTION_SOAP_ENCODING) != NULL;
    status = cli_schema_load(cli_setting(args, OPTION_WSDL), &o, false, &job.schema);
    if (status == CLI_YES)
        status = operation_find(&job) ? CLI_YES : CLI_USAGE;
    if (status == CLI_YES)
        status = input_make(&job);
    if (status == CLI_YES)
        status = headers_make(&job);
    if (status == CLI_YES)
        status = call_run(&job);
    free(job.memory);
    cli_sources_free(&o.sources);
    cli_schema_free(&job.schema);
    return status;
}

const struct cli_verb cli_verb_call = {
    .name = "call",
    .words = "URL OPERATION --wsdl FILE [NAME=VALUE ...]",
    .summary = "call an operation and print the answer",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
