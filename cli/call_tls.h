/* cli/call_tls.h - the TLS side of `soapbark call`, in a build that has it. */
#ifndef SOAPBARK_CLI_CALL_TLS_H
#define SOAPBARK_CLI_CALL_TLS_H

#include "cli.h"
#include "soapbark/tls.h"

/* Which of the verb's options say what. */
struct cli_tls_options {
    size_t ca, cert, key, pin, insecure;
};

/* For an https URL: *tls is to be given to cli_tls_free(). NULL for others. False when something was wrong,
 * and said. */
BARK_MUST_CHECK bool cli_tls_make(const struct cli_args *args, const struct cli_tls_options *options,
                                  const char *url, struct bark_tls_client **tls);
void cli_tls_free(struct bark_tls_client *tls);

#endif
