/* cli/header.h - header blocks of `soapbark call`: NAME=JSON in, JSON out.
 */
#ifndef CLI_HEADER_H
#define CLI_HEADER_H

#include "cli.h"

/* The header struct of an operation's input, in the arena, from arguments NAME=JSON; a '!' before the NAME
 * makes the block mandatory. *headers is NULL when there are none. Prints what is wrong and gives false. */
BARK_MUST_CHECK bool cli_headers_read(const struct bark_image *image, uint16_t operation,
                                      const char *const *arguments, size_t count, struct bark_arena *arena,
                                      void **headers);

/* Writes {"NAME": ..., ...} of the blocks that came. False after an error was printed. */
BARK_MUST_CHECK bool cli_headers_write(const struct bark_image *image, uint16_t operation,
                                       const void *headers, struct bark_arena *arena, struct bark_out *out);

#endif
