/* handlers/users.c - GetUsers, CreateUsers, SetUser and DeleteUsers.
 *
 * Either a whole request is done or nothing of it. Passwords go in and never come out. There is no user from
 * the factory, so no default password either: whoever sets the device up makes an administrator, and the last
 * administrator stays, or the next to come could set it up again.
 */
#include "handlers.h"

#include <string.h>

enum bark_code onvif_GetUsers(const struct tds_GetUsers *in, struct tds_GetUsersResponse *out,
                              struct bark_call *call)
{
    (void)in;
    const struct onvif_state *state = &onvif_backend_of(call)->state;
    struct tt_User *items = bark_call_alloc(call, state->user_count, sizeof *items);
    if (!items)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < state->user_count; i++) {
        items[i].Username = bark_text(state->users[i].name);
        items[i].UserLevel = (enum tt_UserLevel)state->users[i].level;
    }
    out->User.items = items;
    out->User.count = state->user_count;
    return BARK_OK;
}

static enum bark_code prohibit(struct bark_call *call, const struct bark_fault_subcode *why,
                               const char *reason)
{
    return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_operation_prohibited, why, "%s", reason);
}

/* A missing password is a weak one [devicemgmt.wsdl, CreateUsers]. */
static bool password_weak(const struct tt_User *user)
{
    struct bark_text password = user->Password;
    return password.len < ONVIF_PASSWORD_MIN || bark_text_equal(password, user->Username.ptr);
}

static bool has_administrator(const struct onvif_state *state)
{
    for (size_t i = 0; i < state->user_count; i++)
        if (state->users[i].level == tt_UserLevel_Administrator)
            return true;
    return false;
}

static struct onvif_user *user_find(struct onvif_state *state, struct bark_text name)
{
    for (size_t i = 0; i < state->user_count; i++)
        if (bark_text_equal(name, state->users[i].name))
            return &state->users[i];
    return NULL;
}

static enum bark_code level_check(struct bark_call *call, const struct tt_User *user)
{
    if (user->UserLevel == tt_UserLevel_Anonymous)
        return prohibit(call, &onvif_anonymous_not_allowed, "The user level Anonymous is not allowed");
    if (user->UserLevel == tt_UserLevel_Extended || user->Extension)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, NULL,
                               "User roles are not supported");
    return BARK_OK;
}

static enum bark_code user_check(struct bark_call *call, struct onvif_state *draft,
                                 const struct tt_User *user)
{
    if (user_find(draft, user->Username))
        return prohibit(call, &onvif_username_clash, "The user name exists already");
    if (user->Username.len == 0)
        return prohibit(call, &onvif_username_too_short, "The user name is too short");
    if (user->Username.len > ONVIF_USERNAME_MAX)
        return prohibit(call, &onvif_username_too_long, "The user name is too long");
    if (user->Password.len > ONVIF_PASSWORD_MAX)
        return prohibit(call, &onvif_password_too_long, "The password is too long");
    if (password_weak(user))
        return prohibit(call, &onvif_password, "The password is too weak");
    enum bark_code code = level_check(call, user);
    if (code)
        return code;
    if (draft->user_count == ONVIF_USERS)
        return bark_call_fault(call, BARK_FAULT_RECEIVER, &onvif_action, &onvif_too_many_users,
                               "The device holds %d users", ONVIF_USERS);
    return BARK_OK;
}

enum bark_code onvif_CreateUsers(const struct tds_CreateUsers *in, struct tds_CreateUsersResponse *out,
                                 struct bark_call *call)
{
    (void)out;
    const struct onvif_backend *backend = onvif_backend_of(call);
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
    /* The server asked before the message was decoded; a worker may have made a user since. */
    if (backend->asks && !call->who && draft->user_count > 0)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_not_authorized, NULL,
                               "The device has users: say who you are");
    for (size_t i = 0; i < in->User.count; i++) {
        const struct tt_User *user = &in->User.items[i];
        enum bark_code code = user_check(call, draft, user);
        if (code)
            return code;
        struct onvif_user *added = &draft->users[draft->user_count++];
        if (!onvif_text_set(added->name, sizeof added->name, user->Username) ||
            !onvif_text_set(added->password, sizeof added->password, user->Password))
            return BARK_ERR_LIMIT;
        added->level = (uint8_t)user->UserLevel;
    }
    if (backend->asks && !call->who && !has_administrator(draft))
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_operation_prohibited, NULL,
                               "The first users of a device include an Administrator");
    return onvif_commit(call, draft);
}

/* A change of users that leaves nobody to administer them does not happen. */
static enum bark_code users_commit(struct bark_call *call, const struct onvif_state *draft)
{
    if (has_administrator(&onvif_backend_of(call)->state) && !has_administrator(draft))
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, &onvif_fixed_user,
                               "The last Administrator stays");
    return onvif_commit(call, draft);
}

static enum bark_code user_missing(struct bark_call *call)
{
    return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, &onvif_username_missing,
                           "There is no user of that name");
}

enum bark_code onvif_SetUser(const struct tds_SetUser *in, struct tds_SetUserResponse *out,
                             struct bark_call *call)
{
    (void)out;
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < in->User.count; i++) {
        const struct tt_User *user = &in->User.items[i];
        struct onvif_user *changed = user_find(draft, user->Username);
        if (!changed)
            return user_missing(call);
        if (user->Password.len > ONVIF_PASSWORD_MAX)
            return prohibit(call, &onvif_password_too_long, "The password is too long");
        if (password_weak(user)) /* a missing one would clear it [ONVIF-CORE, SetUser] */
            return prohibit(call, &onvif_password_too_weak, "The password is too weak");
        enum bark_code code = level_check(call, user);
        if (code)
            return code;
        if (!onvif_text_set(changed->password, sizeof changed->password, user->Password))
            return BARK_ERR_LIMIT;
        changed->level = (uint8_t)user->UserLevel;
    }
    return users_commit(call, draft);
}

enum bark_code onvif_DeleteUsers(const struct tds_DeleteUsers *in, struct tds_DeleteUsersResponse *out,
                                 struct bark_call *call)
{
    (void)out;
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < in->Username.count; i++) {
        struct onvif_user *gone = user_find(draft, in->Username.items[i]);
        if (!gone)
            return user_missing(call);
        *gone = draft->users[--draft->user_count];
        draft->users[draft->user_count] = (struct onvif_user){ .level = 0 };
    }
    return users_commit(call, draft);
}
