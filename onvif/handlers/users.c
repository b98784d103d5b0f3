/* handlers/users.c - GetUsers and CreateUsers.
 *
 * Either all users of a request are created or none. Passwords go in and never come out. There is no user
 * from the factory, so no default password either.
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

static enum bark_code user_check(struct bark_call *call, const struct onvif_state *draft,
                                 const struct tt_User *user)
{
    for (size_t i = 0; i < draft->user_count; i++)
        if (bark_text_equal(user->Username, draft->users[i].name))
            return prohibit(call, &onvif_username_clash, "The user name exists already");
    if (user->Username.len == 0)
        return prohibit(call, &onvif_username_too_short, "The user name is too short");
    if (user->Username.len > ONVIF_USERNAME_MAX)
        return prohibit(call, &onvif_username_too_long, "The user name is too long");
    if (user->Password.len > ONVIF_PASSWORD_MAX)
        return prohibit(call, &onvif_password_too_long, "The password is too long");
    if (password_weak(user))
        return prohibit(call, &onvif_password, "The password is too weak");
    if (user->UserLevel == tt_UserLevel_Anonymous)
        return prohibit(call, &onvif_anonymous_not_allowed, "The user level Anonymous is not allowed");
    if (user->UserLevel == tt_UserLevel_Extended || user->Extension)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, NULL,
                               "User roles are not supported");
    if (draft->user_count == ONVIF_USERS)
        return bark_call_fault(call, BARK_FAULT_RECEIVER, &onvif_action, &onvif_too_many_users,
                               "The device holds %d users", ONVIF_USERS);
    return BARK_OK;
}

enum bark_code onvif_CreateUsers(const struct tds_CreateUsers *in, struct tds_CreateUsersResponse *out,
                                 struct bark_call *call)
{
    (void)out;
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
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
    return onvif_commit(call, draft);
}
