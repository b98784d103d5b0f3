/* cli/attach.h - attachments of `soapbark call`: files that go with a request, parts of the answer saved to
 * files.
 */
#ifndef CLI_ATTACH_H
#define CLI_ATTACH_H

#include "cli.h"
#include "model/model.h"
#include "soapbark/client.h"

/* Files for one call: "FILE", or "PART=FILE" for a part that the WSDL binds beside the operation's request.
 */
struct cli_attachments {
    char **contents; /* NULL at the end */
    struct bark_part *parts; /* whose names and types are the model's */
};

/* Reads the files and gives them to the client for its next call; end with cli_attach_free(), after a failure
 * too. Prints what is wrong and gives false. */
BARK_MUST_CHECK bool cli_attach(struct bark_client *client, const struct soapc_model *model,
                                const char *operation, const char *const *files, size_t count,
                                struct cli_attachments *attachments);
void cli_attach_free(struct cli_attachments *attachments);

/* Saves the parts of the last answer as FOLDER/part-1, part-2 ...: no name comes from the peer. Files that
 * exist are not overwritten. */
BARK_MUST_CHECK bool cli_attachments_save(const struct bark_client *client, const char *folder);

#endif
