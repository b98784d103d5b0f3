/* cli/web_tls.c - one GET over https, by libcurl.
 *
 * The library is opened when it is needed: every other run of the command starts without the dozens of
 * libraries that it brings. Certificates and host names are checked; redirects are not followed here.
 */
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SOAPBARK_CURL
#include <curl/curl.h>
#include <dlfcn.h>

/* The functions that we call. */
struct curl_functions {
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    const char *(*text)(CURLcode);
    void (*cleanup)(CURL *);
};

/* C has no conversion from dlsym()'s pointer to a function's; POSIX says that the bytes are the same. */
static bool function_get(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void *library_open(struct curl_functions *f)
{
    static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so" };
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return NULL;
    if (function_get(library, "curl_easy_init", (void *)&f->init) &&
        function_get(library, "curl_easy_setopt", (void *)&f->setopt) &&
        function_get(library, "curl_easy_perform", (void *)&f->perform) &&
        function_get(library, "curl_easy_getinfo", (void *)&f->getinfo) &&
        function_get(library, "curl_easy_strerror", (void *)&f->text) &&
        function_get(library, "curl_easy_cleanup", (void *)&f->cleanup))
        return library;
    dlclose(library);
    return NULL;
}

struct body {
    char *bytes;
    size_t size, cap, max;
    bool over;
};

static size_t body_write(char *bytes, size_t size, size_t count, void *context)
{
    struct body *b = context;
    const size_t len = size * count; /* curl: size is 1 */
    if (len > b->max - b->size) {
        b->over = true;
        return 0;
    }
    if (len > b->cap - b->size) {
        const size_t cap = (b->size + len) * 2;
        char *grown = realloc(b->bytes, cap + 1);
        if (!grown)
            return 0;
        b->bytes = grown;
        b->cap = cap;
    }
    memcpy(b->bytes + b->size, bytes, len);
    b->size += len;
    return len;
}

static CURLcode request_run(const struct curl_functions *f, CURL *curl, const struct cli_web *web,
                            const char *url, struct body *body)
{
    CURLcode code = f->setopt(curl, CURLOPT_URL, url);
#if LIBCURL_VERSION_NUM >= 0x075500
    if (!code)
        code = f->setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
#else
    if (!code)
        code = f->setopt(curl, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
    if (!code)
        code = f->setopt(curl, CURLOPT_WRITEFUNCTION, body_write);
    if (!code)
        code = f->setopt(curl, CURLOPT_WRITEDATA, (void *)body);
    if (!code)
        code = f->setopt(curl, CURLOPT_TIMEOUT_MS, (long)web->timeout_ms);
    if (!code && web->cafile)
        code = f->setopt(curl, CURLOPT_CAINFO, web->cafile);
    return code ? code : f->perform(curl);
}

static bool answer_keep(const struct curl_functions *f, CURL *curl, struct body *body,
                        struct cli_web_answer *answer)
{
    long status = 0;
    const char *location = NULL;
    (void)f->getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    (void)f->getinfo(curl, CURLINFO_REDIRECT_URL, &location);
    if (!body->bytes && !(body->bytes = malloc(1)))
        return false;
    body->bytes[body->size] = '\0';
    answer->status = (unsigned)status;
    answer->body = body->bytes;
    answer->size = body->size;
    answer->location = location ? strdup(location) : NULL;
    body->bytes = NULL;
    return true;
}

bool cli_web_get_secure(const struct cli_web *web, const char *url, size_t size_max,
                        struct cli_web_answer *answer, char *why, size_t why_size)
{
    struct curl_functions f;
    struct body body = { .max = size_max };
    void *library = library_open(&f);
    CURL *curl = library ? f.init() : NULL;
    bool good = false;
    if (!curl) {
        snprintf(why, why_size, "https needs libcurl, which is not on this machine");
    } else {
        const CURLcode code = request_run(&f, curl, web, url, &body);
        if (code)
            snprintf(why, why_size, "%s",
                     body.over ? "the file is larger than what is allowed" : f.text(code));
        else
            good = answer_keep(&f, curl, &body, answer);
        f.cleanup(curl);
    }
    free(body.bytes);
    return good; /* the library stays open: its threads and atexit functions may run still */
}
#else

bool cli_web_get_secure(const struct cli_web *web, const char *url, size_t size_max,
                        struct cli_web_answer *answer, char *why, size_t why_size)
{
    (void)web;
    (void)url;
    (void)size_max;
    (void)answer;
    snprintf(why, why_size, "this soapbark was built without libcurl, which https needs");
    return false;
}
#endif
