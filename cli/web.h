/* cli/web.h - gets one URL: http by our own client, https by libcurl where the build found it. */
#ifndef CLI_WEB_H
#define CLI_WEB_H

#include "soapbark/base.h"

struct cli_web {
    const char *cafile; /* https: trust these certificates; NULL: the system's */
    uint32_t timeout_ms; /* of one URL */
};

/* What came. Free body and location with free(). */
struct cli_web_answer {
    unsigned status;
    char *body; /* malloc'ed, a NUL after size bytes */
    size_t size;
    char *location; /* of a redirect, as sent; NULL: none */
};

/* False: why says so. More than size_max bytes are refused. */
BARK_MUST_CHECK bool cli_web_get(const struct cli_web *web, const char *url, size_t size_max,
                                 struct cli_web_answer *answer, char *why, size_t why_size);

/* ---- web_tls.c ---- */

BARK_MUST_CHECK bool cli_web_get_secure(const struct cli_web *web, const char *url, size_t size_max,
                                        struct cli_web_answer *answer, char *why, size_t why_size);

#endif
