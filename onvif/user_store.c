/* onvif/user_store.c - the device's users as a store that an authenticator asks.
 *
 * Every place of the table is compared whole, and something is copied in any case, so that the time tells
 * neither which names exist nor where they stand [R11].
 */
#include "user_store.h"

#include "generated/devicemgmt.h"

#include <string.h>

static enum bark_level level_of(uint8_t level)
{
    switch (level) {
    case tt_UserLevel_Administrator:
        return BARK_LEVEL_ADMINISTRATOR;
    case tt_UserLevel_Operator:
        return BARK_LEVEL_OPERATOR;
    case tt_UserLevel_User:
        return BARK_LEVEL_USER;
    default:
        return BARK_LEVEL_ANONYMOUS; /* which may not log in */
    }
}

static bool state_find(const struct onvif_state *state, struct bark_slice name, struct bark_user *user)
{
    char padded[ONVIF_USERNAME_MAX + 1] = "";
    const struct bark_slice wanted = { (const uint8_t *)padded, sizeof padded };
    size_t which = 0;
    bool found = false;
    const bool fits = name.len > 0 && name.len <= ONVIF_USERNAME_MAX;
    if (fits)
        memcpy(padded, name.ptr, name.len);
    for (size_t i = 0; i < ONVIF_USERS; i++) {
        const struct bark_slice here = { (const uint8_t *)state->users[i].name, sizeof padded };
        const bool same = bark_secret_equal(here, wanted);
        if (same && i < state->user_count && fits && !memchr(name.ptr, '\0', name.len)) {
            which = i;
            found = true;
        }
    }
    memcpy(user->password, state->users[which].password, sizeof state->users[which].password);
    user->level = found ? level_of(state->users[which].level) : BARK_LEVEL_ANONYMOUS;
    return found;
}

static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    struct onvif_backend *backend = context;
    bool found;
    onvif_backend_lock(backend);
    found = state_find(&backend->state, name, user);
    onvif_backend_unlock(backend);
    return found;
}

/* The key names a user, and the user's level is what counts: a user who is deleted takes the key along. */
static bool certificate_find(void *context, struct bark_slice spki, char *name, enum bark_level *level)
{
    struct onvif_backend *backend = context;
    const char *whose = NULL;
    for (size_t i = 0; i < backend->client_key_count; i++) {
        const struct onvif_client_key *key = &backend->client_keys[i];
        if (bark_secret_equal(spki, (struct bark_slice){ key->spki, sizeof key->spki }))
            whose = key->user;
    }
    if (!whose)
        return false;
    onvif_backend_lock(backend);
    for (size_t i = 0; i < backend->state.user_count; i++) {
        const struct onvif_user *user = &backend->state.users[i];
        if (strcmp(user->name, whose) == 0) {
            memcpy(name, user->name, sizeof user->name);
            *level = level_of(user->level);
        }
    }
    onvif_backend_unlock(backend);
    return name[0] != '\0';
}

_Static_assert(sizeof((struct onvif_user *)0)->name <= BARK_USER_NAME_MAX + 1, "a name fits");
_Static_assert(sizeof((struct onvif_user *)0)->password <= sizeof((struct bark_user *)0)->password,
               "a password fits");

struct bark_user_store onvif_user_store(struct onvif_backend *backend)
{
    return (struct bark_user_store){ .context = backend,
                                     .find = user_find,
                                     .find_certificate = certificate_find };
}
