/* cli/attach.h - attachments of `soapbark call`: files that go with a request, parts of the answer saved to
 * files.
 */
#ifndef CLI_ATTACH_H
#define CLI_ATTACH_H

#include "cli.h"
#include "soapbark/client.h"

/* Reads the files and gives them to the client for its next call; *contents is to be freed with
 * cli_attach_free(). Prints what is wrong and gives false. */
BARK_MUST_CHECK bool cli_attach(struct bark_client *client, const char *const *files, size_t count,
                                char ***contents);
void cli_attach_free(char **contents);

/* Saves the parts of the last answer as FOLDER/part-1, part-2 ...: no name comes from the peer. Files that
 * exist are not overwritten. */
BARK_MUST_CHECK bool cli_attachments_save(const struct bark_client *client, const char *folder);

#endif
