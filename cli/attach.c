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

bool cli_attach(struct bark_client *client, const char *const *files, size_t count, char ***contents)
{
    *contents = calloc(count + 1, sizeof **contents);
    if (!*contents) {
        cli_error("no memory for the attachments");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        size_t size = 0;
        char *content = (*contents)[i] = cli_file_read(files[i], FILE_BYTES_MAX, &size);
        if (!content)
            return false; /* cli_file_read() has said why */
        if (!bark_client_attach(client, bark_text("application/octet-stream"),
                                (struct bark_bytes){ (const uint8_t *)content, size })) {
            cli_error("%s: a message has at most limits.mime_parts parts", files[i]);
            return false;
        }
    }
    return true;
}

void cli_attach_free(char **contents)
{
    for (size_t i = 0; contents && contents[i]; i++)
        free(contents[i]);
    free(contents);
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
