/* cli/input.h - arguments like User[0].Username=admin as the JSON document of a message.
 *
 * The image says what a name is: a member, an attribute, something that may repeat, a number or a text. So a
 * mistake is found here, in the argument itself, and what is left for the decoder (ranges, enumerations,
 * missing members) can be traced back to the argument that it came from.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli.h"

struct cli_input;

/* An empty message of a struct type. NULL when memory is short. */
struct cli_input *cli_input_new(const struct bark_image *image, uint16_t type);
void cli_input_free(struct cli_input *input);

/* Adds PATH=VALUE. PATH is names joined by dots; a repeated member takes [INDEX], or grows by one item each
 * time that it is given a value. Prints what is wrong and gives false. argument must outlive the input. */
BARK_MUST_CHECK bool cli_input_add(struct cli_input *input, const char *argument);

/* Writes the JSON document. */
void cli_input_write(struct cli_input *input, struct bark_out *out);

/* The argument that wrote the byte of the document at offset, and where its value starts; NULL when the byte
 * belongs to none. */
const char *cli_input_origin(const struct cli_input *input, size_t offset, size_t *value_at);

#endif
