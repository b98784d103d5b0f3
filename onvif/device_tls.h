/* onvif/device_tls.h - the device's HTTPS: a key and a certificate in its state folder. */
#ifndef ONVIF_DEVICE_TLS_H
#define ONVIF_DEVICE_TLS_H

#include "soapbark/tls.h"

struct onvif_tls {
    struct bark_tls_server *server; /* NULL: not in use */
    const char *client_ca; /* who may vouch for clients, a file; NULL: no client is asked for a certificate */
    const char *client_crl; /* what they have taken back, a file; NULL: not looked at */
    bool clients_verified; /* no handshake succeeds without one */
    char chain[512], key[512];
    struct bark_tls_certificate certificate;
};

/* client_ca, client_crl and clients_verified are filled before. Makes the two files at the first start: for
 * 127.0.0.1,
 * [::1], localhost, the host of `listen`, and the names. */
BARK_MUST_CHECK enum bark_code onvif_tls_open(struct onvif_tls *tls, const char *folder, const char *listen,
                                              const char *const *names, size_t name_count,
                                              struct bark_error *err);
/* The same files again; from any thread. */
BARK_MUST_CHECK enum bark_code onvif_tls_reload(struct onvif_tls *tls, struct bark_error *err);
void onvif_tls_close(struct onvif_tls *tls);
/* bark_tls_pin_read(); false also without a TLS library. */
bool onvif_pin_read(const char *text, uint8_t pin[32], struct bark_error *err);

#endif
