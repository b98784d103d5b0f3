/* tls/file.c - PEM files: read whole and wiped afterwards, written so that a power cut leaves old or new. */
#define _GNU_SOURCE
#include "base/report.h"
#include "tls/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum bark_code path_fail(struct bark_error *err, const char *rule, const char *path)
{
    const bool first = err && err->code == BARK_OK;
    (void)bark_fail(err, BARK_ERR_IO, 0, rule);
    if (first)
        bark_report_say(err->found, sizeof err->found, path);
    return BARK_ERR_IO;
}

/* Reads up to size bytes; a file that has more is too long. */
static bool bytes_read(int fd, uint8_t *bytes, size_t size, size_t *len)
{
    for (*len = 0; *len < size;) {
        ssize_t n = read(fd, bytes + *len, size - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            return true;
        *len += (size_t)n;
    }
    return false;
}

uint8_t *bark_tls_file_read(const char *path, size_t *len, struct bark_error *err)
{
    const size_t size = BARK_TLS_PEM_BYTES_MAX;
    uint8_t *bytes = calloc(1, size + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool fine = bytes && fd >= 0 && bytes_read(fd, bytes, size, len);
    if (fd >= 0)
        close(fd);
    if (fine)
        return bytes;
    *len = 0;
    bark_tls_file_drop(bytes, bytes ? size : 0);
    (void)path_fail(err, "the file cannot be read, or is longer than a megabyte", path);
    return NULL;
}

void bark_tls_file_drop(uint8_t *bytes, size_t len)
{
    if (bytes)
        bark_secret_wipe(bytes, len);
    free(bytes);
}

uint8_t *bark_tls_pem_take(const char *path, struct bark_slice memory, size_t *len, struct bark_error *err)
{
    uint8_t *bytes;
    if (path)
        return bark_tls_file_read(path, len, err);
    *len = 0;
    if (memory.len == 0 || memory.len > BARK_TLS_PEM_BYTES_MAX) {
        (void)bark_fail(err, BARK_ERR_USE, 0, "a PEM text is needed, of a megabyte at most");
        return NULL;
    }
    bytes = calloc(1, memory.len + 1);
    if (!bytes) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a certificate");
        return NULL;
    }
    memcpy(bytes, memory.ptr, memory.len);
    *len = memory.len;
    return bytes;
}

bool bark_tls_file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static bool bytes_write(int fd, struct bark_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* The folder is synced too, or the rename may not outlive a power cut. */
static bool folder_sync(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    free(folder);
    return fine;
}

enum bark_code bark_tls_file_write(const char *path, struct bark_slice bytes, struct bark_error *err)
{
    static const char ending[] = ".XXXXXX";
    const size_t len = strlen(path);
    char *other = malloc(len + sizeof ending);
    bool fine = false;
    int fd = -1;
    if (!other)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a file's name");
    memcpy(other, path, len);
    memcpy(other + len, ending, sizeof ending);
    fd = mkostemp(other, O_CLOEXEC); /* mode 0600 [mkstemp(3)] */
    if (fd >= 0) {
        fine = bytes_write(fd, bytes) && fsync(fd) == 0;
        fine = close(fd) == 0 && fine;
        fine = fine && rename(other, path) == 0;
        if (!fine)
            (void)unlink(other);
        fine = fine && folder_sync(path);
    }
    free(other);
    return fine ? BARK_OK : path_fail(err, "the file cannot be written", path);
}
