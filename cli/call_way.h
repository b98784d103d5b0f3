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

/* The same of every verb that calls a server: the numbers of these options and of those of call_tls.h, their
 * rows, and where they stand. */
#define CLI_WAY_NUMBERS \
    OPTION_CA, OPTION_CERT, OPTION_KEY, OPTION_PIN, OPTION_INSECURE, OPTION_USER, OPTION_PASSWORD_FILE, \
        OPTION_TOKEN_FILE, OPTION_DIGEST_MD5, OPTION_INSECURE_BASIC, OPTION_PROXY
#define CLI_WAY_ROWS \
    [OPTION_CA] = { "ca", "FILE", "https: trust these certificates (PEM) instead of the system's" }, \
    [OPTION_CERT] = { "cert", "FILE", "https: show this certificate chain (PEM); with --key" }, \
    [OPTION_KEY] = { "key", "FILE", "https: its private key (PEM)" }, \
    [OPTION_PIN] = { "pin", "SHA256", "https: a key of the chain must be this one; may be repeated" }, \
    [OPTION_INSECURE] = { "insecure-no-verification", NULL, \
                          "https: believe any certificate; pins still count" }, \
    [OPTION_USER] = { "user", "NAME[:PASSWORD]", \
                      "who calls, when the server asks; without a password it is asked for" }, \
    [OPTION_PASSWORD_FILE] = { "password-file", "FILE", \
                               "the password is the first line of this file; - reads standard input" }, \
    [OPTION_TOKEN_FILE] = { "token-file", "FILE", "https: a bearer token, the first line of this file" }, \
    [OPTION_DIGEST_MD5] = { "digest-md5", NULL, "answer Digest challenges with MD5 too, for old devices" }, \
    [OPTION_INSECURE_BASIC] = { "insecure-basic", NULL, \
                                "send the password in the clear, without https, when asked for Basic" }, \
    [OPTION_PROXY] = { "proxy", "URL", \
                       "http://[USER:PASSWORD@]HOST:PORT; else http_proxy, https_proxy and no_proxy; none: " \
                       "no proxy" }
#define CLI_TLS_PLACES \
    { \
        OPTION_CA, OPTION_CERT, OPTION_KEY, OPTION_PIN, OPTION_INSECURE \
    }
#define CLI_WAY_PLACES(redirects) \
    { \
        OPTION_USER, OPTION_PASSWORD_FILE, OPTION_TOKEN_FILE, OPTION_DIGEST_MD5, OPTION_INSECURE_BASIC, \
            OPTION_PROXY, redirects \
    }

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
