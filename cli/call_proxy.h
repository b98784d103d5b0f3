/* cli/call_proxy.h - the form in which people write proxies, and the list of hosts that need none. */
#ifndef SOAPBARK_CLI_CALL_PROXY_H
#define SOAPBARK_CLI_CALL_PROXY_H

#include "soapbark/base.h"

struct cli_proxy {
    char *url; /* "http://HOST:PORT"; NULL: none */
    char *user, *password; /* both or neither */
};

/* "[http://][USER[:PASSWORD]@]HOST:PORT[/]" in parts, percent escapes of the user decoded. False when it is
 * another kind of proxy, or there is no memory; cli_proxy_free() in any case. */
BARK_MUST_CHECK bool cli_proxy_read(const char *text, struct cli_proxy *proxy);
void cli_proxy_free(struct cli_proxy *proxy); /* wipes */

/* Wipes and frees; NULL is nothing. */
void cli_secret_free(char *text);

/* Is this URL's host one that no_proxy lists? "*", or names and addresses, which stand for their subdomains
 * too, with commas between; a port may follow. */
bool cli_proxy_is_bypassed(const char *url, const char *no_proxy);

#endif
