/* onvif/faults.c - the fault subcodes as constants. */
#include "faults.h"

#define TER(name) \
    { \
        "http://www.onvif.org/ver10/error", "ter", name \
    }

const struct bark_fault_subcode onvif_action = TER("Action");
const struct bark_fault_subcode onvif_action_not_supported = TER("ActionNotSupported");
const struct bark_fault_subcode onvif_invalid_arg_val = TER("InvalidArgVal");
const struct bark_fault_subcode onvif_not_authorized = TER("NotAuthorized");
const struct bark_fault_subcode onvif_operation_prohibited = TER("OperationProhibited");

const struct bark_fault_subcode onvif_anonymous_not_allowed = TER("AnonymousNotAllowed");
const struct bark_fault_subcode onvif_fixed_user = TER("FixedUser");
const struct bark_fault_subcode onvif_invalid_date_time = TER("InvalidDateTime");
const struct bark_fault_subcode onvif_invalid_time_zone = TER("InvalidTimeZone");
const struct bark_fault_subcode onvif_no_such_service = TER("NoSuchService");
const struct bark_fault_subcode onvif_ntp_server_undefined = TER("NtpServerUndefined");
const struct bark_fault_subcode onvif_password = TER("Password");
const struct bark_fault_subcode onvif_password_too_long = TER("PasswordTooLong");
const struct bark_fault_subcode onvif_password_too_weak = TER("PasswordTooWeak");
const struct bark_fault_subcode onvif_scope_overwrite = TER("ScopeOverwrite");
const struct bark_fault_subcode onvif_too_many_scopes = TER("TooManyScopes");
const struct bark_fault_subcode onvif_too_many_users = TER("TooManyUsers");
const struct bark_fault_subcode onvif_username_clash = TER("UsernameClash");
const struct bark_fault_subcode onvif_username_missing = TER("UsernameMissing");
const struct bark_fault_subcode onvif_username_too_long = TER("UsernameTooLong");
const struct bark_fault_subcode onvif_username_too_short = TER("UsernameTooShort");

const struct bark_fault_subcode onvif_generic[BARK_CODE_COUNT] = {
    [BARK_ERR_LIMIT] = TER("InvalidArgs"), /* "too many arguments" */
    [BARK_ERR_MEMORY] = TER("OutofMemory"),
    [BARK_ERR_XML] = TER("WellFormed"),
    [BARK_ERR_NAMESPACE] = TER("Namespace"),
    [BARK_ERR_UTF8] = TER("WellFormed"),
    [BARK_ERR_UNEXPECTED] = TER("TagMismatch"),
    [BARK_ERR_MISSING] = TER("InvalidArgs"), /* "missing argument" */
    [BARK_ERR_TYPE] = TER("InvalidArgs"), /* "of the wrong data type" */
    [BARK_ERR_FACET] = TER("InvalidArgVal"),
    [BARK_ERR_USE] = TER("Action"), /* a handler failed */
};

const struct bark_fault onvif_not_implemented = {
    .code = BARK_FAULT_RECEIVER,
    .subcodes = { TER("ActionNotSupported") },
    .reason = { "Optional Action Not Implemented", sizeof "Optional Action Not Implemented" - 1 },
    .detail_root = BARK_NONE,
};
