/* onvif/faults.h - the fault subcodes of [ONVIF-CORE, Error handling] that this device uses.
 *
 * Namespace http://www.onvif.org/ver10/error, prefix ter. The first group says what kind of trouble it is and
 * comes first in a fault; the second group says exactly what, nested in it.
 */
#ifndef ONVIF_FAULTS_H
#define ONVIF_FAULTS_H

#include "soapbark/soap.h"

extern const struct bark_fault_subcode onvif_action, onvif_action_not_supported, onvif_invalid_arg_val,
    onvif_not_authorized, onvif_operation_prohibited;

extern const struct bark_fault_subcode onvif_anonymous_not_allowed, onvif_fixed_user, onvif_invalid_date_time,
    onvif_invalid_time_zone, onvif_no_such_service, onvif_ntp_server_undefined, onvif_password,
    onvif_password_too_long, onvif_password_too_weak, onvif_scope_overwrite, onvif_too_many_scopes,
    onvif_too_many_users, onvif_username_clash, onvif_username_missing, onvif_username_too_long,
    onvif_username_too_short;

/* The generic faults, by the engine's codes: for bark_service.subcodes. */
extern const struct bark_fault_subcode onvif_generic[BARK_CODE_COUNT];

/* What an operation without a handler answers: Receiver, ter:ActionNotSupported. */
extern const struct bark_fault onvif_not_implemented;

#endif
