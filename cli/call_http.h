/* cli/call_http.h - `soapbark call --dry-run` of an operation that only HTTP bindings have.
 */
#ifndef CLI_CALL_HTTP_H
#define CLI_CALL_HTTP_H

#include "cli.h"

/* Prints method, URL and, for a POST, the body. What is wrong with the message is printed, and CLI_USAGE. */
enum cli_status cli_http_print(const struct bark_image *image, uint16_t operation, const char *url,
                               const void *in, struct bark_arena *arena);

#endif
