/* cli/fetch.c - soapbark fetch: a WSDL and everything it stands on, into a folder, with a lock file.
 *
 * Nothing else in this project opens a connection for a schema. What is fetched is bounded, and nothing is
 * written unless all of it came.
 */
#include "cli.h"
#include "web.h"

#include "load/fetch.h"
#include "load/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    OPTION_O,
    OPTION_HOST,
    OPTION_REDIRECTS,
    OPTION_MAX_FILES,
    OPTION_MAX_BYTES,
    OPTION_CAFILE,
    OPTION_TIMEOUT,
    OPTION_QUIET
};

static const struct cli_option options[] = {
    [OPTION_O] = { "o", "FOLDER", "where to write, made when missing; default: here" },
    [OPTION_HOST] = { "host", "HOST", "another host (and :port) that may be asked, or '*'; may be repeated" },
    [OPTION_REDIRECTS] = { "redirects", "N", "follow so many redirects for a file; default: none" },
    [OPTION_MAX_FILES] = { "max-files", "N", "files in all; default: 200" },
    [OPTION_MAX_BYTES] = { "max-bytes", "N", "bytes of all files together; default: 64 MiB" },
    [OPTION_CAFILE] = { "cafile", "FILE", "https: certificates to trust; default: the system's" },
    [OPTION_TIMEOUT] = { "timeout", "MS", "for one file; default: 30000" },
    [OPTION_QUIET] = { "quiet", NULL, "do not list the files" },
};

static const char text[] =
    "Gets a WSDL or schema and what it imports, includes and redefines, and writes the files as HOST/PATH "
    "below\n"
    "the folder, with soapbark.lock: SHA-256, size, file, namespace and URL of each. This is the only verb "
    "that\n"
    "fetches schemas. Namespaces of the built-in catalog are not asked for. Hosts other than the first URL's "
    "are\n"
    "asked when --host names them. Nothing is written unless everything came.\n\n"
    "Compile with --locked FOLDER/soapbark.lock: only these files are read, and only as they were.\n\n"
    "Examples:\n"
    "  soapbark fetch http://device.example/wsdl/service.wsdl -o vendor\n"
    "  soapbark compile vendor/device.example/wsdl/service.wsdl --locked vendor/soapbark.lock\n";

enum { NUMBER_MAX = 1000000000, REDIRECTS_MAX = 20, TIMEOUT_MS = 30000 };

struct fetch_run {
    struct cli_web web;
    struct soapc_fetch_options options;
    const char *first;
    size_t redirects;
    bool network_failed;
};

/* The value of a numeric option, or what stands in it already. */
static bool number_read(const struct cli_args *args, size_t option, size_t max, size_t *number)
{
    const char *value = cli_setting(args, option);
    size_t n = 0;
    if (!value)
        return true;
    for (const char *p = value; *p; p++) {
        if (*p < '0' || *p > '9' || (n = n * 10 + (size_t)(*p - '0')) > max) {
            n = 0;
            break;
        }
    }
    if (n == 0) {
        cli_error("--%s is a number from 1 to %zu, not '%s'", options[option].name, max, value);
        return false;
    }
    *number = n;
    return true;
}

static bool is_redirect(unsigned status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where a redirect leads, when it may be followed; NULL with a reason otherwise. */
static char *redirect_follow(const struct fetch_run *run, const char *url,
                             const struct cli_web_answer *answer, size_t followed, char *why, size_t why_size)
{
    char *next = answer->location ? soapc_url_join(url, answer->location) : NULL;
    if (next && followed < run->redirects && soapc_fetch_allowed(&run->options, run->first, next))
        return next;
    snprintf(why, why_size, "status %u, a redirect to '%.150s': %s", answer->status, next ? next : "",
             followed >= run->redirects ? "--redirects N would follow it" : "--host would allow it");
    free(next);
    return NULL;
}

static bool url_get(void *context, const char *url, size_t size_max, char **bytes, size_t *size, char *why,
                    size_t why_size)
{
    struct fetch_run *run = context;
    struct cli_web_answer answer;
    char *at = strdup(url);
    bool good = false;
    for (size_t followed = 0; at && !good; followed++) {
        if (!cli_web_get(&run->web, at, size_max, &answer, why, why_size))
            break;
        if (answer.status == 200) {
            *bytes = answer.body;
            *size = answer.size;
            answer.body = NULL;
            good = true;
        } else if (is_redirect(answer.status)) {
            char *next = redirect_follow(run, at, &answer, followed, why, why_size);
            free(at);
            at = next;
        } else {
            snprintf(why, why_size, "status %u", answer.status);
            free(at);
            at = NULL;
        }
        free(answer.body);
        free(answer.location);
    }
    free(at);
    run->network_failed = run->network_failed || !good;
    return good;
}

/* Makes the folders of a path that stand before its last part. */
static bool folders_make(char *path)
{
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        const bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made)
            cli_error("%s: %s", path, strerror(errno));
        *p = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool file_write(const char *folder, const char *name, const void *bytes, size_t size)
{
    const size_t len = strlen(folder) + strlen(name) + 2;
    char *path = malloc(len);
    bool good = path != NULL;
    if (good) {
        (void)snprintf(path, len, "%s/%s", folder, name);
        good = folders_make(path);
    }
    FILE *to = good ? fopen(path, "wb") : NULL;
    const bool written = to && (size == 0 || fwrite(bytes, 1, size, to) == size);
    const bool closed = to && fclose(to) == 0;
    if (good && !(written && closed))
        cli_error("%s: %s", path, strerror(errno));
    free(path);
    return written && closed;
}

static enum cli_status result_write(const struct soapc_fetch *fetch, const char *folder, bool quiet)
{
    struct bark_out lock;
    bool good = true;
    for (size_t i = 0; good && i < fetch->count; i++) {
        good = file_write(folder, fetch->items[i].file, fetch->items[i].text, fetch->items[i].size);
        if (good && !quiet)
            printf("%10zu  %s/%s\n", fetch->items[i].size, folder, fetch->items[i].file);
    }
    cli_buffer_init(&lock);
    soapc_fetch_lock_print(fetch, &lock);
    if (good && !bark_out_ok(&lock))
        cli_error("out of memory");
    good = good && bark_out_ok(&lock) && file_write(folder, "soapbark.lock", lock.base, lock.pos);
    cli_buffer_free(&lock);
    return good ? CLI_YES : CLI_TROUBLE;
}

static bool options_read(const struct cli_args *args, struct fetch_run *run)
{
    size_t timeout = TIMEOUT_MS;
    if (args->word_count != 1) {
        cli_error("fetch takes one URL; soapbark fetch --help explains");
        return false;
    }
    run->first = args->words[0];
    run->web.cafile = cli_setting(args, OPTION_CAFILE);
    if (!number_read(args, OPTION_REDIRECTS, REDIRECTS_MAX, &run->redirects) ||
        !number_read(args, OPTION_MAX_FILES, NUMBER_MAX, &run->options.file_max) ||
        !number_read(args, OPTION_MAX_BYTES, NUMBER_MAX, &run->options.bytes_max) ||
        !number_read(args, OPTION_TIMEOUT, NUMBER_MAX, &timeout))
        return false;
    run->web.timeout_ms = (uint32_t)timeout;
    return true;
}

static enum cli_status fetch_run(const struct cli_args *args)
{
    struct fetch_run run = { .options = { .get = url_get } };
    struct soapc_fetch fetch = { .items = NULL };
    enum cli_status status = CLI_TROUBLE;
    if (!options_read(args, &run))
        return CLI_USAGE;
    const char *folder = cli_setting(args, OPTION_O);
    const char **hosts = cli_settings(args, OPTION_HOST, &run.options.host_count);
    struct soapc_diag *diag = soapc_diag_new();
    run.options.hosts = hosts;
    run.options.context = &run;
    if (!hosts || !diag)
        cli_error("out of memory");
    else if (soapc_fetch_run(&fetch, run.first, &run.options, diag) && cli_diag_print_none(args->format))
        status = result_write(&fetch, folder ? folder : ".", cli_setting(args, OPTION_QUIET));
    else if (cli_diag_print(diag, args->format) && !run.network_failed)
        status = CLI_USAGE;
    soapc_fetch_free(&fetch);
    soapc_diag_free(diag);
    free((void *)hosts);
    return status;
}

const struct cli_verb cli_verb_fetch = { .name = "fetch",
                                         .words = "URL",
                                         .summary = "get a WSDL and what it imports, with a lock file",
                                         .text = text,
                                         .options = options,
                                         .option_count = sizeof options / sizeof *options,
                                         .run = fetch_run };
