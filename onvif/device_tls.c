/* onvif/device_tls.c - the device's HTTPS out of the box.
 *
 * Nobody is there to install a certificate when a device starts for the first time, so it makes its own. An
 * owner replaces the two files later, and a signal takes them into use.
 */
#include "device_tls.h"

#include <stdio.h>
#include <string.h>

#ifdef SOAPBARK_HAS_TLS

enum { NAMES = 16 };

static void name_add(const char **all, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(all[i], name) == 0)
            return;
    }
    if (*count < NAMES)
        all[(*count)++] = name;
}

/* The host of HOST:PORT without its brackets; "0.0.0.0" and "::" are no names to be called by. */
static bool host_take(const char *listen, char *host, size_t size)
{
    const char *end = strrchr(listen, ':');
    size_t len = end ? (size_t)(end - listen) : 0;
    if (len > 2 && listen[0] == '[' && listen[len - 1] == ']') {
        listen++;
        len -= 2;
    }
    if (len == 0 || len >= size)
        return false;
    memcpy(host, listen, len);
    host[len] = '\0';
    return strcmp(host, "0.0.0.0") != 0 && strcmp(host, "::") != 0;
}

static struct bark_tls_server_options server_options(const struct onvif_tls *tls)
{
    return (struct bark_tls_server_options){ .certificates = &tls->certificate,
                                             .certificate_count = 1,
                                             .client_ca_file = tls->client_ca,
                                             .client_crl_file = tls->client_crl,
                                             .clients = !tls->client_ca         ? BARK_TLS_CLIENTS_ANONYMOUS
                                                        : tls->clients_verified ? BARK_TLS_CLIENTS_VERIFIED
                                                                                : BARK_TLS_CLIENTS_OPTIONAL };
}

enum bark_code onvif_tls_open(struct onvif_tls *tls, const char *folder, const char *listen,
                              const char *const *names, size_t name_count, struct bark_error *err)
{
    const char *all[NAMES];
    struct bark_tls_self_signed_options first = { .chain_file = tls->chain,
                                                  .key_file = tls->key,
                                                  .names = all };
    struct bark_tls_server_options options;
    char host[128];
    enum bark_code code;
    tls->server = NULL;
    if ((size_t)snprintf(tls->chain, sizeof tls->chain, "%s/device.pem", folder) >= sizeof tls->chain ||
        (size_t)snprintf(tls->key, sizeof tls->key, "%s/device.key", folder) >= sizeof tls->key)
        return bark_fail(err, BARK_ERR_USE, 0, "the name of the state folder is too long");
    for (size_t i = 0; i < name_count; i++)
        name_add(all, &first.name_count, names[i]);
    if (host_take(listen, host, sizeof host))
        name_add(all, &first.name_count, host);
    name_add(all, &first.name_count, "localhost");
    name_add(all, &first.name_count, "127.0.0.1");
    name_add(all, &first.name_count, "::1");
    code = bark_tls_self_signed(&first, err);
    if (code != BARK_OK)
        return code;
    tls->certificate = (struct bark_tls_certificate){ .chain_file = tls->chain, .key_file = tls->key };
    options = server_options(tls);
    tls->server = bark_tls_server_new(&options, err);
    return tls->server ? BARK_OK : BARK_ERR_USE;
}

enum bark_code onvif_tls_reload(struct onvif_tls *tls, struct bark_error *err)
{
    const struct bark_tls_server_options options = server_options(tls);
    return tls->server ? bark_tls_server_reload(tls->server, &options, err) : BARK_OK;
}

void onvif_tls_close(struct onvif_tls *tls)
{
    bark_tls_server_free(tls->server);
    tls->server = NULL;
}

bool onvif_pin_read(const char *text, uint8_t pin[32], struct bark_error *err)
{
    return bark_tls_pin_read(text, pin, err) == BARK_OK;
}

#else

enum bark_code onvif_tls_open(struct onvif_tls *tls, const char *folder, const char *listen,
                              const char *const *names, size_t name_count, struct bark_error *err)
{
    tls->server = NULL;
    (void)folder;
    (void)listen;
    (void)names;
    (void)name_count;
    return bark_fail(err, BARK_ERR_USE, 0, "this build has no TLS library (SOAPBARK_TLS)");
}

enum bark_code onvif_tls_reload(struct onvif_tls *tls, struct bark_error *err)
{
    (void)tls;
    (void)err;
    return BARK_OK;
}

void onvif_tls_close(struct onvif_tls *tls)
{
    (void)tls;
}

bool onvif_pin_read(const char *text, uint8_t pin[32], struct bark_error *err)
{
    memset(pin, 0, 32);
    (void)text;
    (void)err;
    return false;
}

#endif
