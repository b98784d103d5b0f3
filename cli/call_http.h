/* cli/call_http.h - by which binding `soapbark call` calls, and what a request by an HTTP binding would be.
 */
#ifndef CLI_CALL_HTTP_H
#define CLI_CALL_HTTP_H

#include "cli.h"
#include "soapbark/client.h"

/* The word of --by; NULL: BARK_CALL_BY_ANY. False after an error was printed. */
BARK_MUST_CHECK bool cli_by_read(const char *word, enum bark_call_by *by);

/* Whether the operation can be called so; ANY: by something. */
bool cli_by_reaches(const struct bark_image *image, uint16_t operation, enum bark_call_by by);

/* Prints method, URL and, for a POST, the body. What is wrong with the message is printed, and CLI_USAGE. */
enum cli_status cli_http_print(const struct bark_image *image, uint16_t operation, enum bark_call_by by,
                               const char *url, const void *in, struct bark_arena *arena);

#endif
