/* cli/attach.c - attachments of `soapbark call`.
 *
 * What a peer calls its parts is printed, and never becomes the name of a file.
 */
#include "attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 1024 * 1024 * 1024, NAME_MAX_BYTES = 4096 };

/* [WSDL11 5.3] The part of the operation's request that a word starts with, before its "="; or NULL. */
static const struct soapc_attachment *part_named(const struct soapc_model *model, const char *operation,
                                                 const char *word)
{
    const size_t len = strcspn(word, "=");
    for (size_t i = 0; word[len] && i < model->binding_count; i++)
        for (size_t k = 0; k < model->bindings[i]->count; k++) {
            const struct soapc_bound_operation *bound = model->bindings[i]->operations[k];
            const struct soapc_payload *request =
                bound->operation->notification ? &bound->output : &bound->input;
            for (size_t n = 0; n < request->attachment_count; n++) {
                const char *name = request->attachments[n].part->name;
                if (strcmp(bound->operation->name, operation) == 0 && strlen(name) == len &&
                    memcmp(name, word, len) == 0)
                    return &request->attachments[n];
            }
        }
    return NULL;
}

bool cli_attach(struct bark_client *client, const struct soapc_model *model, const char *operation,
                const char *const *files, size_t count, struct cli_attachments *attachments)
{
    attachments->contents = calloc(count + 1, sizeof *attachments->contents);
    attachments->parts = calloc(count + 1, sizeof *attachments->parts);
    if (!attachments->contents || !attachments->parts) {
        cli_error("no memory for the attachments");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct soapc_attachment *bound = part_named(model, operation, files[i]);
        const char *path = bound ? strchr(files[i], '=') + 1 : files[i];
        size_t size = 0;
        const char *content = attachments->contents[i] = cli_file_read(path, FILE_BYTES_MAX, &size);
        const struct bark_bytes octets = { (const uint8_t *)content, size };
        bool taken;
        if (!content)
            return false; /* cli_file_read() has said why */
        if (bound) {
            attachments->parts[i] = (struct bark_part){ bound->part->name, bound->types ? bound->types : "" };
            taken = bark_client_attach_part(client, &attachments->parts[i], (struct bark_text){ NULL, 0 },
                                            octets);
        } else {
            taken = bark_client_attach(client, bark_text("application/octet-stream"), octets) != NULL;
        }
        if (!taken) {
            cli_error("%s: a message has at most limits.mime_parts parts", path);
            return false;
        }
    }
    return true;
}

void cli_attach_free(struct cli_attachments *attachments)
{
    for (size_t i = 0; attachments->contents && attachments->contents[i]; i++)
        free(attachments->contents[i]);
    free(attachments->contents);
    free(attachments->parts);
}

static bool part_save(const char *path, struct bark_bytes content)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    size_t done = 0;
    bool fine = fd >= 0;
    while (fine && done < content.len) {
        const ssize_t n = write(fd, content.ptr + done, content.len - done);
        if (n > 0)
            done += (size_t)n;
        else
            fine = n < 0 && errno == EINTR;
    }
    if (fd >= 0 && close(fd) != 0)
        fine = false;
    if (!fine)
        cli_error("%s: %s", path, strerror(errno));
    return fine;
}

bool cli_attachments_save(const struct bark_client *client, const char *folder)
{
    size_t count;
    const struct bark_attachment *parts = bark_client_attachments(client, &count);
    for (size_t i = 0; i < count; i++) {
        char path[NAME_MAX_BYTES];
        const int len = snprintf(path, sizeof path, "%s/part-%zu", folder, i + 1);
        if (len < 0 || (size_t)len >= sizeof path) {
            cli_error("%s: the name is too long", folder);
            return false;
        }
        if (!part_save(path, parts[i].content))
            return false;
    }
    return true;
}
