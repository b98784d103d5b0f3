/* curl/curl.c - options of the program, and what libcurl is told for each request.
 *
 * libcurl is a program of many protocols and habits. It gets no chance to use them: two schemes, no
 * redirects, no variables of the environment, no files, no cookies, no codings; TLS from 1.2 on, verified. A
 * setting that libcurl was built without ends the request before it begins.
 */
#include "curl/state.h"

#include "soapbark/crypto.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS = 8, PIN_LEN = 8 + 44 };

static const char *const proxy_schemes[] = { "http://",    "https://",  "socks4://",
                                             "socks4a://", "socks5://", "socks5h://" };

static bool proxy_is_fine(const char *proxy)
{
    bool known = false;
    for (size_t i = 0; i < sizeof proxy_schemes / sizeof *proxy_schemes; i++)
        known = known || strncmp(proxy, proxy_schemes[i], strlen(proxy_schemes[i])) == 0;
    for (size_t i = 0; proxy[i]; i++) { /* one word, without user and password: those have options */
        if (proxy[i] <= ' ' || proxy[i] == 0x7F || proxy[i] == '@')
            return false;
    }
    return known;
}

/* libcurl would take anything else for the name of a file. */
static bool pins_are_fine(const char *pins)
{
    for (;; pins += PIN_LEN + 1) {
        if (strncmp(pins, "sha256//", 8) != 0)
            return false;
        for (size_t i = 8; i < PIN_LEN; i++) {
            const char c = pins[i];
            const bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                               c == '+' || c == '/';
            if (i + 1 < PIN_LEN ? !digit : c != '=')
                return false;
        }
        if (pins[PIN_LEN] != ';')
            return pins[PIN_LEN] == '\0';
    }
}

static enum bark_code options_check(const struct bark_curl_options *o, struct bark_error *err)
{
    if ((o->certificate_file == NULL) != (o->key_file == NULL))
        return bark_fail(err, BARK_ERR_USE, 0, "certificate_file and key_file belong together");
    if ((o->proxy_user == NULL) != (o->proxy_password == NULL) || (o->proxy_user && !o->proxy))
        return bark_fail(err, BARK_ERR_USE, 0, "a proxy's user and password belong to a proxy, and together");
    if (o->proxy && !proxy_is_fine(o->proxy))
        return bark_fail(
            err, BARK_ERR_USE, 0,
            "a proxy is named as SCHEME://host:port: http, https, socks4, socks4a, socks5, socks5h");
    if (o->pins && !pins_are_fine(o->pins))
        return bark_fail(err, BARK_ERR_USE, 0,
                         "a pin is sha256// and the key's digest in base64; several have ';' between");
    if ((unsigned)o->http > BARK_CURL_HTTP_2_UNASKED)
        return bark_fail(err, BARK_ERR_USE, 0, "there is no such version of HTTP");
    return BARK_OK;
}

/* Copies of all texts in one block. */
static bool texts_copy(struct bark_curl *curl)
{
    struct bark_curl_options *o = &curl->options;
    const char **const texts[TEXTS] = { &o->ca_file,    &o->certificate_file, &o->key_file,      &o->proxy,
                                        &o->proxy_user, &o->proxy_password,   &o->proxy_ca_file, &o->pins };
    size_t at = 0;
    for (size_t i = 0; i < TEXTS; i++)
        curl->memory_len += *texts[i] ? strlen(*texts[i]) + 1 : 0;
    curl->memory = malloc(curl->memory_len + 1);
    if (!curl->memory)
        return false;
    for (size_t i = 0; i < TEXTS; i++) {
        const size_t len = *texts[i] ? strlen(*texts[i]) + 1 : 0;
        if (len == 0)
            continue;
        memcpy(curl->memory + at, *texts[i], len);
        *texts[i] = curl->memory + at;
        at += len;
    }
    return true;
}

struct bark_curl *bark_curl_new(const struct bark_curl_options *options, struct bark_error *err)
{
    const struct bark_curl_options none = { 0 };
    struct bark_curl *curl;
    if (!options)
        options = &none;
    if (options_check(options, err) != BARK_OK)
        return NULL;
    curl = calloc(1, sizeof *curl);
    if (curl)
        curl->options = *options;
    if (!curl || !texts_copy(curl) || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        if (curl)
            free(curl->memory);
        free(curl);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for libcurl");
        return NULL;
    }
    curl->carrier = (struct bark_carrier){ bark_curl_state_open, bark_curl_state_close, bark_curl_begin,
                                           bark_curl_step, bark_curl_cancel };
    return curl;
}

void bark_curl_free(struct bark_curl *curl)
{
    if (!curl)
        return;
    bark_secret_wipe(curl->memory, curl->memory_len);
    free(curl->memory);
    free(curl);
    curl_global_cleanup(); /* counts */
}

const struct bark_carrier *bark_curl_carrier(const struct bark_curl *curl)
{
    return &curl->carrier;
}

const char *bark_curl_version(void)
{
    return curl_version();
}

/* ---- for each request ---- */

static bool is_unasked(const struct bark_curl_state *s)
{
    return s->curl->options.http == BARK_CURL_HTTP_2_UNASKED && strncmp(s->texts, "http:", 5) == 0;
}

static long http_version(const struct bark_curl_state *s)
{
    if (s->curl->options.http == BARK_CURL_HTTP_1)
        return CURL_HTTP_VERSION_1_1;
    return is_unasked(s) ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS;
}

static bool numbers_set(struct bark_curl_state *s)
{
    const struct bark_curl_options *o = &s->curl->options;
    const bool trusts_all = o->insecure_skip_verification;
    const struct {
        CURLoption option;
        long value;
    } numbers[] = { { CURLOPT_NOSIGNAL, 1 },
                    { CURLOPT_FOLLOWLOCATION, 0 },
                    { CURLOPT_HTTP09_ALLOWED, 0 },
                    { CURLOPT_PATH_AS_IS, 1 },
                    { CURLOPT_NETRC, CURL_NETRC_IGNORED },
                    { CURLOPT_HEADEROPT, CURLHEADER_SEPARATE }, /* a proxy is told nothing of ours */
                    { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
                    { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
                    { CURLOPT_SSL_VERIFYPEER, trusts_all ? 0 : 1 },
                    { CURLOPT_SSL_VERIFYHOST, trusts_all ? 0 : 2 },
                    { CURLOPT_HTTP_VERSION, http_version(s) },
                    { CURLOPT_FORBID_REUSE, is_unasked(s) ? 1 : 0 },
                    { CURLOPT_FRESH_CONNECT, s->request.once ? 1 : 0 } };
    bool fine = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        fine = fine && curl_easy_setopt(s->easy, numbers[i].option, numbers[i].value) == CURLE_OK;
    if (o->proxy)
        fine = fine && curl_easy_setopt(s->easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC) == CURLE_OK;
    return fine;
}

static bool texts_set(struct bark_curl_state *s)
{
    const struct bark_curl_options *o = &s->curl->options;
    const struct {
        CURLoption option;
        const char *value; /* NULL: as libcurl has it */
    } texts[] = { { CURLOPT_URL, s->texts },
                  { CURLOPT_PROXY, o->proxy ? o->proxy : "" }, /* "": and none of the environment */
                  { CURLOPT_NOPROXY, "" },
                  { CURLOPT_CAINFO, o->ca_file },
                  { CURLOPT_PINNEDPUBLICKEY, o->pins },
                  { CURLOPT_SSLCERT, o->certificate_file },
                  { CURLOPT_SSLKEY, o->key_file },
                  { CURLOPT_PROXYUSERNAME, o->proxy_user },
                  { CURLOPT_PROXYPASSWORD, o->proxy_password },
                  { CURLOPT_PROXY_CAINFO, o->proxy_ca_file } };
    bool fine = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        fine = fine &&
               (!texts[i].value || curl_easy_setopt(s->easy, texts[i].option, texts[i].value) == CURLE_OK);
#if LIBCURL_VERSION_NUM >= 0x075500
    return fine && curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
    return fine &&
           curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) == CURLE_OK;
#endif
}

/* A body in memory can be sent again where libcurl has to; one with a source cannot. */
static bool body_set(struct bark_curl_state *s)
{
    const struct bark_carry_request *r = &s->request;
    curl_off_t length = -1;
    if (!r->more)
        return curl_easy_setopt(s->easy, CURLOPT_POST, 1L) == CURLE_OK &&
               curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len) == CURLE_OK &&
               curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, (const char *)r->body.ptr) == CURLE_OK;
    if (r->more_length <= INT64_MAX - r->body.len)
        length = (curl_off_t)(r->body.len + r->more_length);
    return curl_easy_setopt(s->easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, "POST") == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, length) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_READFUNCTION, bark_curl_body_give) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_READDATA, s) == CURLE_OK;
}

bool bark_curl_configure(struct bark_curl_state *s)
{
    curl_easy_reset(s->easy);
    return numbers_set(s) && texts_set(s) && body_set(s) &&
           curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->fields) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->trouble) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, bark_curl_line_take) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, bark_curl_body_take) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s) == CURLE_OK;
}
