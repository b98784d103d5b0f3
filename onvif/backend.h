/* onvif/backend.h - what the device knows about itself: the state that outlives every message and the engine.
 *
 * Handlers read `state` and change it in one way only: they copy it, change the copy, and hand it to
 * onvif_commit(). The save hook sees the whole new state before it takes effect and may refuse it, so a
 * change happens wholly or not at all and is on disk before the client hears that it happened. Tables are of
 * fixed size: a full one is an answer of the protocol (ter:TooManyUsers), never an allocation.
 *
 * With a lock, handlers run one at a time, each on a copy of its own that lives as long as its answer; so
 * several threads, and a second process that takes over, may serve. Without one: one thread.
 */
#ifndef ONVIF_BACKEND_H
#define ONVIF_BACKEND_H

#include "soapbark/soap.h"

#include <pthread.h>

enum {
    ONVIF_TEXT = 64, /* bytes of a short text, NUL included */
    ONVIF_SCOPES = 32,
    ONVIF_SCOPE_TEXT = 160,
    ONVIF_USERS = 16,
    ONVIF_USERNAME_MAX = 32, /* bytes without the NUL */
    ONVIF_PASSWORD_MIN = 8,
    ONVIF_PASSWORD_MAX = 64 /* the specification asks for 28 at least */
};

struct onvif_scope {
    char item[ONVIF_SCOPE_TEXT];
    bool fixed; /* set by the maker; no client may remove or replace it */
};

struct onvif_user {
    char name[ONVIF_USERNAME_MAX + 1];
    char password[ONVIF_PASSWORD_MAX + 1]; /* as given, for the digest schemes; never part of an answer */
    uint8_t level; /* enum value of tt:UserLevel */
};

struct onvif_state {
    char manufacturer[ONVIF_TEXT], model[ONVIF_TEXT], firmware_version[ONVIF_TEXT], serial_number[ONVIF_TEXT],
        hardware_id[ONVIF_TEXT];
    char hostname[ONVIF_TEXT]; /* empty: none assigned */
    bool hostname_from_dhcp;
    char time_zone[ONVIF_TEXT]; /* POSIX TZ */
    bool daylight_savings;
    int64_t clock_offset_s; /* device time = the host's clock plus this; the host's clock is left alone */
    struct onvif_scope scopes[ONVIF_SCOPES];
    size_t scope_count;
    struct onvif_user users[ONVIF_USERS];
    size_t user_count;
};

/* A client that its certificate vouches for: the SHA-256 of its public key, and which user it is. */
struct onvif_client_key {
    uint8_t spki[32];
    const char *user;
};

struct onvif_backend {
    struct onvif_state state;
    const char *address; /* "host:port" for XAddr members when a request names no Host */
    bool asks; /* the server asks who calls: then the first user is an administrator */
    bool tls; /* it serves HTTPS too */
    bool tokens; /* it takes bearer tokens */
    /* Makes the new state last; false refuses the change. NULL: nothing is kept over a restart. */
    bool (*save)(void *context, const struct onvif_state *next);
    /* Takes over what another process has saved. NULL: there is none. */
    void (*refresh)(void *context, struct onvif_state *state);
    void *context;
    const struct onvif_client_key *client_keys;
    size_t client_key_count;
    pthread_mutex_t *lock; /* of state; NULL: one thread serves */
    struct onvif_backend *original; /* of a call's own copy; else NULL */
};

/* Around everything that reads or changes the state of a backend that threads share. */
void onvif_backend_lock(struct onvif_backend *backend);
void onvif_backend_unlock(struct onvif_backend *backend);

/* A copy in the call's arena, for what its answer borrows; NULL when the arena is full. Locked. */
struct onvif_backend *onvif_backend_copy(struct bark_call *call, struct onvif_backend *backend);

/* A device straight from the factory: its fixed scopes, no users, UTC. */
void onvif_backend_init(struct onvif_backend *backend);

/* A copy of the state in the call's arena, to be changed; NULL when the arena is full. */
struct onvif_state *onvif_draft(struct bark_call *call);

/* Saves the draft and makes it the state. BARK_OK, or a fault (ter:Action) when it cannot be saved. */
enum bark_code onvif_commit(struct bark_call *call, const struct onvif_state *draft);

/* The backend of a call. */
const struct onvif_backend *onvif_backend_of(const struct bark_call *call);

/* Copies a NUL-terminated text into a field; false, and nothing copied, when it does not fit. */
bool onvif_text_set(char *field, size_t size, struct bark_text text);

#endif
