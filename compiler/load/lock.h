/* load/lock.h - soapbark.lock: which files `soapbark fetch` wrote, from where, with what digest.
 *
 * Lines of text: "SHA256 SIZE FILE NAMESPACE URL", in the order of their URLs' discovery; '#' begins a
 * comment. FILE is relative to the lock; a field that has nothing to say is "-". Names cannot hold blanks:
 * fetch makes them so, and escapes namespaces.
 */
#ifndef SOAPC_LOCK_H
#define SOAPC_LOCK_H

#include "load/load.h"
#include "sha256.h"

struct soapc_lock_entry {
    char digest[SOAPC_SHA256_TEXT];
    size_t size;
    char *path; /* FILE as seen from where we are */
    char *url;
};

struct soapc_lock {
    struct soapc_lock_entry *items;
    size_t count, cap;
};

/* Reads options->lock. Errors go to diag, with their places. NULL when it cannot be read or memory is short.
 */
struct soapc_lock *soapc_lock_read(const struct soapc_load_options *options, struct soapc_diag *diag);
void soapc_lock_free(struct soapc_lock *lock);

/* NULL: not in the lock. */
const struct soapc_lock_entry *soapc_lock_path(const struct soapc_lock *lock, const char *path);
const struct soapc_lock_entry *soapc_lock_url(const struct soapc_lock *lock, const char *url);

/* Says what is wrong with a file that was read: not in the lock, or not what it was. Place: the import, or
 * the file itself. */
bool soapc_lock_check(const struct soapc_lock *lock, const char *path, const char *bytes, size_t size,
                      struct soapc_place place, struct soapc_diag *diag);

#endif
