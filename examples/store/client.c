/* store/client.c - sends a file of any size to the store, without holding it in memory.
 *
 *     store-client http://127.0.0.1:8080/store put NAME FILE
 *     store-client http://127.0.0.1:8080/store get NAME FILE
 *     store-client http://127.0.0.1:8080/store remove NAME
 *
 * For https the variable STORE_CA names the certificates to trust; without it those of the system are.
 *
 * The file is the value of the member Content. What stands there is a mark; the octets are read from the file
 * while they are sent, as fast as the server takes them. FILE "-" is standard input, whose length nobody
 * knows. The other way a receiver writes the octets of the answer's part where they belong, as they come ("-"
 * is standard output).
 */
#define _GNU_SOURCE
#include "store.h"
#include "sum.h"

#include "soapbark/client.h"
#include "soapbark/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
    int fd;
    uint64_t bytes;
    struct sum sum;
};

static enum bark_code file_read(void *state, uint8_t *room, size_t cap, size_t *len)
{
    struct file *f = state;
    ssize_t n;
    do
        n = read(f->fd, room, cap);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return BARK_ERR_IO;
    *len = (size_t)n;
    f->bytes += *len;
    sum_add(&f->sum, room, *len);
    return BARK_OK;
}

static void file_close(void *state, enum bark_code verdict)
{
    struct file *f = state;
    if (verdict != BARK_OK)
        fprintf(stderr, "store-client: the file was not sent: %s\n", bark_code_text(verdict));
    (void)close(f->fd);
}

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "store-client: %s\n", text);
    return 1;
}

static int put(struct bark_client *client, const char *name, const char *path)
{
    struct file file = { .fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC),
                         .sum = { 1, 0 } };
    struct bark_source source = { .read = file_read, .close = file_close, .state = &file };
    struct store_Put in = { .Name = bark_text(name) };
    const struct store_PutResponse *out;
    struct bark_error err = { 0 };
    struct stat status;
    if (file.fd < 0 || fstat(file.fd, &status) != 0) {
        perror(path);
        return 1;
    }
    source.length = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : BARK_LENGTH_UNKNOWN;
    in.Content = bark_client_octets_source(client, bark_text("application/octet-stream"), &source);
    if (store_Store_Put(client, &in, &out, &err) != BARK_OK)
        return failure(&err);
    printf("%lld bytes\n", (long long)out->Bytes);
    if ((uint64_t)out->Bytes == file.bytes && out->Adler32 == sum_value(&file.sum))
        return 0;
    fprintf(stderr, "store-client: the server has another file\n");
    return 1;
}

static enum bark_code octets_write(void *state, struct bark_call *call, struct bark_slice octets)
{
    struct file *f = state;
    (void)call;
    f->bytes += octets.len;
    while (octets.len > 0) {
        const ssize_t n = write(f->fd, octets.ptr, octets.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return BARK_ERR_IO;
        octets.ptr += n;
        octets.len -= (size_t)n;
    }
    return BARK_OK;
}

static void octets_close(void *state, enum bark_code verdict)
{
    struct file *f = state;
    if (close(f->fd) != 0 || verdict != BARK_OK)
        fprintf(stderr, "store-client: the file did not come: %s\n", bark_code_text(verdict));
}

static int get(struct bark_client *client, const char *name, const char *path)
{
    static const struct bark_receiver receiver = { .data = octets_write, .close = octets_close };
    struct file file = { .fd = strcmp(path, "-") == 0
                                   ? dup(1)
                                   : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) };
    const struct store_Get in = { .Name = bark_text(name) };
    const struct store_GetResponse *out;
    struct bark_error err = { 0 };
    if (file.fd < 0) {
        perror(path);
        return 1;
    }
    if (bark_client_receive(client, NULL, &receiver, &file, &err) != BARK_OK ||
        store_Store_Get(client, &in, &out, &err) != BARK_OK)
        return failure(&err);
    fprintf(stderr, "%llu bytes\n", (unsigned long long)file.bytes);
    return 0;
}

int main(int argc, char **argv)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    const struct store_RemoveResponse *removed;
    int status = 2;
    (void)signal(SIGPIPE, SIG_IGN);
    if (bark_image_open(&image, store_tables(), &err) != BARK_OK)
        return failure(&err);
    struct bark_client_options options = { .url = argc > 1 ? argv[1] : "",
                                           .image = &image,
                                           .limits = &bark_limits_device,
                                           .attachments = &bark_soap_attachments };
    if (argc < 4) {
        fprintf(stderr, "store-client URL put NAME FILE | get NAME FILE | remove NAME\n");
        return status;
    }
#ifdef HAS_TLS
    const struct bark_tls_client_options tls = { .ca_file = getenv("STORE_CA") };
    if (strncmp(argv[1], "https:", 6) == 0 && !(options.tls = bark_tls_client_new(&tls, &err)))
        return failure(&err);
#endif
    struct bark_client *client = bark_client_new(&options, &err);
    if (!client)
        return failure(&err);
    if (argc == 5 && strcmp(argv[2], "put") == 0) {
        status = put(client, argv[3], argv[4]);
    } else if (argc == 5 && strcmp(argv[2], "get") == 0) {
        status = get(client, argv[3], argv[4]);
    } else if (argc == 4 && strcmp(argv[2], "remove") == 0) {
        const struct store_Remove in = { .Name = bark_text(argv[3]) };
        status = store_Store_Remove(client, &in, &removed, &err) == BARK_OK ? 0 : failure(&err);
    }
    bark_client_free(client);
#ifdef HAS_TLS
    bark_tls_client_free(options.tls);
#endif
    return status;
}
