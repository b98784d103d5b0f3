/* cli/call_way.h - who calls, and by which way: the options of `soapbark call` for users, tokens and proxies.
 */
#ifndef SOAPBARK_CLI_CALL_WAY_H
#define SOAPBARK_CLI_CALL_WAY_H

#include "call_proxy.h"
#include "cli.h"
#include "soapbark/client.h"

/* Which of the verb's options say what. */
struct cli_way_options {
    size_t user, password_file, token_file, digest_md5, insecure_basic, proxy, redirects;
};

/* The texts that the client's options point to; zero at first. */
struct cli_way {
    char *user, *password, *token;
    struct cli_proxy proxy;
};

/* Fills the client's options. False when something was wrong, and said; then there is nothing to free. */
BARK_MUST_CHECK bool cli_way_make(const struct cli_args *args, const struct cli_way_options *options,
                                  struct cli_way *way, struct bark_client_options *client);
void cli_way_free(struct cli_way *way); /* wipes; the client has copies */

#endif
