/* onvif/user_store.h - the device's users as a store that an authenticator asks. */
#ifndef ONVIF_USER_STORE_H
#define ONVIF_USER_STORE_H

#include "backend.h"
#include "soapbark/auth.h"

/* For bark_auth_options.users; the backend must outlive it, and is read on the thread that serves. */
struct bark_user_store onvif_user_store(struct onvif_backend *backend);

#endif
