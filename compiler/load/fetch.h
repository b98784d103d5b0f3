/* load/fetch.h - which files a WSDL or schema stands on, followed from URL to URL; the transport is the
 * caller's.
 *
 * The only part of the compiler that asks for anything from outside, and only by the function that it is
 * given. [R12]
 */
#ifndef SOAPC_FETCH_H
#define SOAPC_FETCH_H

#include "load/load.h"
#include "sha256.h"

struct soapc_fetched {
    char *url; /* as asked for */
    char *file; /* below the folder of the lock: HOST/PATH in plain letters */
    char *ns; /* target namespace, blanks escaped; "-" for none */
    char *text; /* its bytes as they came */
    size_t size;
    uint32_t depth; /* imports from the first file */
    char digest[SOAPC_SHA256_TEXT];
};

struct soapc_fetch {
    struct soapc_fetched *items; /* in the order of discovery; the first is what was asked for */
    size_t count, cap, bytes;
};

/* Bounds of one run [R4]; 0 takes the default given here. */
struct soapc_fetch_options {
    size_t file_max; /* files in all: 200 */
    size_t bytes_max; /* of all files together: 64 MiB */
    uint32_t depth_max; /* imports from the first file: 32 */
    const char *const *hosts; /* besides the first URL's: what may be asked; "*" is any */
    size_t host_count;
    /* Gets a URL whole: malloc'ed, at most size_max bytes, a NUL after them. False: it said why in `why` of
     * why_size bytes. */
    bool (*get)(void *context, const char *url, size_t size_max, char **text, size_t *size, char *why,
                size_t why_size);
    void *context;
};

/* Follows imports, includes and redefinitions. Errors go to diag, at the statement that asks for what is not
 * got; true when there was none. *fetch has what was got even then; end with soapc_fetch_free(). */
bool soapc_fetch_run(struct soapc_fetch *fetch, const char *url, const struct soapc_fetch_options *options,
                     struct soapc_diag *diag);
void soapc_fetch_free(struct soapc_fetch *fetch);

/* True when the host of a URL may be asked. */
bool soapc_fetch_allowed(const struct soapc_fetch_options *options, const char *first_url, const char *url);

/* The lock file's text. */
void soapc_fetch_lock_print(const struct soapc_fetch *fetch, struct bark_out *out);

#endif
