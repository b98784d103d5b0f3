/* soapbark/curl.h - calls by way of libcurl: HTTP/2, and proxies over https and SOCKS. An add-on: link
 * soapbark_curl and libcurl, and name the carrier in a client's options.
 *
 *     struct bark_curl *curl = bark_curl_new(&(struct bark_curl_options){ .ca_file = "ca.pem" }, &err);
 *     struct bark_client_options options = { .url = "https://...", .carrier = bark_curl_carrier(curl), ... };
 *
 * Everything else is a client's as ever: calls, deadlines, limits, credentials, attachments. TLS is what
 * libcurl was built with, not soapbark_tls, and is verified unless the one option that says so is set.
 */
#ifndef SOAPBARK_CURL_H
#define SOAPBARK_CURL_H

#include "soapbark/carry.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bark_curl_http {
    BARK_CURL_HTTP_2_OVER_TLS, /* HTTP/2 where an https server offers it, else HTTP/1.1 */
    BARK_CURL_HTTP_1, /* HTTP/1.1 always */
    /* For http URLs HTTP/2 without asking before [RFC9113 3.3], a connection for each request, since libcurl
     * 7.88 cannot use one twice then; for https URLs as the first. */
    BARK_CURL_HTTP_2_UNASKED
};

/** Texts are copied, secrets among them; these copies are overwritten at the end. libcurl makes copies of its
 * own. */
struct bark_curl_options {
    enum bark_curl_http http;
    const char *ca_file; /* PEM: whom to trust, and nobody else; NULL: what libcurl was built to trust */
    const char *certificate_file, *key_file; /* PEM: to show to servers that ask; both or neither */
    /* Public keys, one of which the server's own certificate must have, besides being verified:
     * "sha256//BASE64", several with ';' between, as curl --pinnedpubkey takes them. NULL: any. */
    const char *pins;
    /* Believes every certificate, whoever made it, for whichever name: whoever is on the path can read and
     * change everything. Pins hold all the same. */
    bool insecure_skip_verification;
    /* http://, https://, socks4://, socks4a://, socks5:// or socks5h:// (the proxy looks names up) with
     * host:port. NULL: none; variables of the environment do not count. */
    const char *proxy;
    const char *proxy_user, *proxy_password; /* both or neither; Basic to HTTP proxies */
    const char *proxy_ca_file; /* whom an https proxy is verified by; NULL: as above, not ca_file */
};

struct bark_curl; /* options for any number of clients, on any threads */

/** NULL with *err: BARK_ERR_USE, BARK_ERR_MEMORY. Files are read when the first connection is made. */
struct bark_curl *bark_curl_new(const struct bark_curl_options *options, struct bark_error *err);
void bark_curl_free(struct bark_curl *curl); /* after its clients */

/** For bark_client_options.carrier. Each client keeps connections of its own between calls, in memory that
 * libcurl takes with malloc (some 100 KB). A request that met a closed connection is made anew by libcurl, by
 * the same rule: only where the connection had been used before and no byte of an answer has come, and not
 * with send_once. Host names are looked up in a thread of libcurl's, so a step does not block. */
const struct bark_carrier *bark_curl_carrier(const struct bark_curl *curl);

/** "libcurl/7.88.1 ...": for a version line. Static. */
const char *bark_curl_version(void);

#ifdef __cplusplus
}
#endif
#endif
