/* cli/call_tls.c - https for `soapbark call`: whom to trust is said on the command line, or by the system. */
#include "call_tls.h"

#include <stdlib.h>
#include <string.h>

#ifdef SOAPBARK_HAS_TLS

enum { PINS = 16 };

static bool error_say(const struct bark_error *err)
{
    char line[1024];
    (void)bark_error_text(err, line, sizeof line);
    cli_error("%s", line);
    return false;
}

static bool pins_read(const struct cli_args *args, size_t option, uint8_t pins[][BARK_TLS_PIN_BYTES],
                      size_t *count)
{
    const char **texts = cli_settings(args, option, count);
    struct bark_error err = { 0 };
    bool fine = texts != NULL;
    if (fine && *count > PINS) {
        cli_error("--pin may be repeated %d times", PINS);
        fine = false;
    }
    for (size_t i = 0; fine && i < *count; i++)
        fine = bark_tls_pin_read(texts[i], pins[i], &err) == BARK_OK || error_say(&err);
    free((void *)texts);
    return fine;
}

bool cli_tls_make(const struct cli_args *args, const struct cli_tls_options *options, const char *url,
                  struct bark_tls_client **tls)
{
    uint8_t pins[PINS][BARK_TLS_PIN_BYTES];
    const struct bark_tls_certificate own = { .chain_file = cli_setting(args, options->cert),
                                              .key_file = cli_setting(args, options->key) };
    struct bark_tls_client_options o = { .ca_file = cli_setting(args, options->ca) };
    struct bark_error err = { 0 };
    *tls = NULL;
    if (strncmp(url, "https://", 8) != 0)
        return true;
    if ((own.chain_file == NULL) != (own.key_file == NULL)) {
        cli_error("--cert and --key belong together");
        return false;
    }
    if (!pins_read(args, options->pin, pins, &o.pin_count))
        return false;
    o.pins = (const uint8_t(*)[BARK_TLS_PIN_BYTES])pins;
    o.certificate = own.chain_file ? &own : NULL;
    *tls = bark_tls_client_new(&o, &err);
    if (!*tls)
        return error_say(&err);
    if (cli_setting(args, options->insecure))
        bark_tls_client_insecure_skip_verification(*tls);
    return true;
}

void cli_tls_free(struct bark_tls_client *tls)
{
    bark_tls_client_free(tls);
}

#else

bool cli_tls_make(const struct cli_args *args, const struct cli_tls_options *options, const char *url,
                  struct bark_tls_client **tls)
{
    (void)args;
    (void)options;
    *tls = NULL;
    if (strncmp(url, "https://", 8) != 0)
        return true;
    cli_error("this build has no TLS library (SOAPBARK_TLS): the URL must start with http://");
    return false;
}

void cli_tls_free(struct bark_tls_client *tls)
{
    (void)tls;
}

#endif
