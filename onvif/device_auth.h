/* onvif/device_auth.h - who may call the device: its authenticator, as the command line wants it. */
#ifndef ONVIF_DEVICE_AUTH_H
#define ONVIF_DEVICE_AUTH_H

#include "user_store.h"

struct onvif_auth_options {
    bool md5, md5_only, basic;
    bool certificates; /* of clients, by the backend's client keys */
    const char *token_key, *token_algorithm, *token_issuer, *token_audience; /* NULL: no tokens */
};

struct onvif_auth {
    struct bark_auth *auth; /* for bark_server_options.auth */
    struct bark_user_store store;
    struct bark_public_key *key;
    struct bark_token_key token_key;
};

/* Reads the key's file, and tells the backend what is on. */
BARK_MUST_CHECK enum bark_code onvif_auth_open(struct onvif_auth *auth,
                                               const struct onvif_auth_options *options,
                                               struct onvif_backend *backend, struct bark_error *err);
void onvif_auth_close(struct onvif_auth *auth);

#endif
