/* load/lock.c - reads a lock file and holds files to it.
 */
#define _POSIX_C_SOURCE 200809L /* strndup */
#include "load/lock.h"

#include "load/node.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 10000, FIELDS = 5 };

static bool digest_is_right(struct bark_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f')))
            return false;
    return s.len == SOAPC_SHA256_TEXT - 1;
}

static bool size_read(struct bark_slice s, size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || *size > (SIZE_MAX - 9) / 10)
            return false;
        *size = *size * 10 + (size_t)(s.ptr[i] - '0');
    }
    return s.len > 0;
}

/* Splits at single blanks; false unless there are exactly FIELDS. */
static bool line_split(const char *line, size_t len, struct bark_slice fields[FIELDS])
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && line[i] != ' ')
            continue;
        if (count == FIELDS || i == from)
            return false;
        fields[count++] = (struct bark_slice){ (const uint8_t *)line + from, i - from };
        from = i + 1;
    }
    return count == FIELDS;
}

static bool entry_add(struct soapc_lock *lock, const char *lock_path, const struct bark_slice fields[FIELDS],
                      size_t size)
{
    struct soapc_lock_entry entry = { .size = size };
    if (lock->count == lock->cap) {
        const size_t cap = lock->cap ? lock->cap * 2 : 32;
        struct soapc_lock_entry *grown = realloc(lock->items, cap * sizeof *grown);
        if (!grown)
            return false;
        lock->items = grown;
        lock->cap = cap;
    }
    char *file = strndup((const char *)fields[2].ptr, fields[2].len);
    memcpy(entry.digest, fields[0].ptr, SOAPC_SHA256_TEXT - 1);
    entry.path = file ? soapc_path_join(lock_path, file) : NULL;
    entry.url = strndup((const char *)fields[4].ptr, fields[4].len);
    free(file);
    lock->items[lock->count++] = entry;
    return entry.path && entry.url;
}

static bool lines_read(struct soapc_lock *lock, const char *path, uint32_t source, struct soapc_diag *diag)
{
    const char *text = diag->sources[source].text;
    const size_t size = diag->sources[source].size;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        const size_t len = end ? (size_t)(end - text) - at : size - at;
        const struct soapc_place place = { source, (uint32_t)at };
        struct bark_slice fields[FIELDS];
        size_t bytes = 0;
        if (len > 0 && text[at] != '#') {
            if (!line_split(text + at, len, fields) || !digest_is_right(fields[0]) ||
                !size_read(fields[1], &bytes)) {
                soapc_error(diag, SOAPC_E_NOT_LOCKED, place,
                            "a line of a lock is: SHA256 SIZE FILE NAMESPACE URL, by one blank each");
                return false;
            }
            if (lock->count == ENTRIES_MAX) {
                soapc_error(diag, SOAPC_E_TOO_BIG, place, "a lock has more than %d lines", ENTRIES_MAX);
                return false;
            }
            if (!entry_add(lock, path, fields, bytes)) {
                diag->out_of_memory = true;
                return false;
            }
        }
        at += len + 1;
    }
    return true;
}

struct soapc_lock *soapc_lock_read(const struct soapc_load_options *options, struct soapc_diag *diag)
{
    char *text = NULL;
    size_t size = 0;
    struct soapc_lock *lock = calloc(1, sizeof *lock);
    if (!lock) {
        diag->out_of_memory = true;
        return NULL;
    }
    if (!options->read(options->context, options->lock, &text, &size)) {
        soapc_error(diag, SOAPC_E_UNREADABLE, SOAPC_NOWHERE, "cannot read the lock '%s'", options->lock);
    } else if (size > UINT32_MAX / 2) {
        soapc_error(diag, SOAPC_E_TOO_BIG, SOAPC_NOWHERE, "the lock '%s' has %zu bytes", options->lock, size);
        free(text);
    } else {
        const uint32_t source = soapc_diag_source(diag, options->lock, text, size, SOAPC_NOWHERE);
        if (source != SOAPC_NO_FILE && lines_read(lock, options->lock, source, diag))
            return lock;
    }
    soapc_lock_free(lock);
    return NULL;
}

void soapc_lock_free(struct soapc_lock *lock)
{
    if (!lock)
        return;
    for (size_t i = 0; i < lock->count; i++) {
        free(lock->items[i].path);
        free(lock->items[i].url);
    }
    free(lock->items);
    free(lock);
}

const struct soapc_lock_entry *soapc_lock_path(const struct soapc_lock *lock, const char *path)
{
    for (size_t i = 0; i < lock->count; i++)
        if (strcmp(lock->items[i].path, path) == 0)
            return &lock->items[i];
    return NULL;
}

const struct soapc_lock_entry *soapc_lock_url(const struct soapc_lock *lock, const char *url)
{
    for (size_t i = 0; i < lock->count; i++)
        if (strcmp(lock->items[i].url, url) == 0)
            return &lock->items[i];
    return NULL;
}

bool soapc_lock_check(const struct soapc_lock *lock, const char *path, const char *bytes, size_t size,
                      struct soapc_place place, struct soapc_diag *diag)
{
    const struct soapc_lock_entry *entry = soapc_lock_path(lock, path);
    char digest[SOAPC_SHA256_TEXT];
    if (!entry) {
        soapc_error(diag, SOAPC_E_NOT_LOCKED, place, "the file '%s' is not in the lock", path);
        return false;
    }
    soapc_sha256(bytes, size, digest);
    if (entry->size == size && strcmp(entry->digest, digest) == 0)
        return true;
    soapc_error(diag, SOAPC_E_LOCK_DIFFERS, place, "the file '%s' is not the one of the lock", path);
    soapc_note(diag, place, "its SHA-256 is %s, locked is %s", digest, entry->digest);
    return false;
}
