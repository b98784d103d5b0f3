/* tls/self_signed.c - a device's first start: a key of its own, and a certificate that says so.
 *
 * The key is written first. A power cut between the two files leaves a key without a certificate, which the
 * next start replaces, so the two that are used always belong together.
 */
#include "tls/tls.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 16,
    NAME_BYTES_MAX = 253,
    COMMON_NAME_BYTES_MAX = 64,
    DAYS_USUAL = 7300,
    DAYS_MAX = 36500
};

static const int64_t S_A_DAY = 86400;
static const int64_t YEAR_2020 = 1577836800, YEAR_2026 = 1767225600;

static bool name_is_fine(const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < len; i++) {
        const char c = name[i];
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == ':' || c == '_' || c == '*';
        if (!fine)
            return false;
    }
    return len > 0 && len <= NAME_BYTES_MAX;
}

static enum bark_code options_check(const struct bark_tls_self_signed_options *o, struct bark_error *err)
{
    if (!o->chain_file || !o->key_file)
        return bark_fail(err, BARK_ERR_USE, 0, "a key and a certificate need a file each");
    if (o->name_count == 0 || o->name_count > NAMES_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a certificate needs a name, and may have 16");
    if (o->days > DAYS_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a certificate is valid for a hundred years at most");
    for (size_t i = 0; i < o->name_count; i++) {
        if (!name_is_fine(o->names[i]))
            return bark_fail(err, BARK_ERR_USE, i, "[RFC5280 4.2.1.6] a name is a host name or an address");
    }
    if (o->common_name && (o->common_name[0] == '\0' || strlen(o->common_name) > COMMON_NAME_BYTES_MAX))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC5280 A.1] a common name has 1 to 64 bytes");
    return BARK_OK;
}

/* [RFC5280 4.1.2.2] positive and not zero: 126 random bits behind a one. */
static enum bark_code wish_make(const struct bark_tls_self_signed_options *o, struct bark_tls_wish *wish,
                                struct bark_error *err)
{
    const int64_t now = (int64_t)(bark_net_wall_ns() / 1000000000u);
    const uint32_t days = o->days ? o->days : DAYS_USUAL;
    const char *common_name = o->common_name ? o->common_name : o->names[0];
    *wish = (struct bark_tls_wish){ .kind = o->kind,
                                    .common_name = common_name,
                                    .names = o->names,
                                    .name_count = o->name_count,
                                    .begin_s = now < YEAR_2026 ? YEAR_2020 : now - S_A_DAY,
                                    .end_s = (now < YEAR_2026 ? YEAR_2026 : now) + days * S_A_DAY };
    if (strlen(common_name) > COMMON_NAME_BYTES_MAX)
        wish->common_name = "device"; /* the names say it all; this one is for people */
    if (bark_tls_random(wish->serial, sizeof wish->serial) != BARK_OK)
        return bark_fail(err, BARK_ERR_IO, 0, "the system gives no random bytes");
    wish->serial[0] = (uint8_t)((wish->serial[0] & 0x3f) | 0x40);
    return BARK_OK;
}

enum bark_code bark_tls_self_signed(const struct bark_tls_self_signed_options *options,
                                    struct bark_error *err)
{
    struct bark_tls_wish wish;
    struct bark_tls_made *made;
    enum bark_code code = options_check(options, err);
    if (code != BARK_OK)
        return code;
    if (bark_tls_file_exists(options->chain_file) && bark_tls_file_exists(options->key_file))
        return BARK_OK;
    code = wish_make(options, &wish, err);
    if (code != BARK_OK)
        return code;
    made = calloc(1, sizeof *made);
    if (!made)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a key");
    if (!bark_tls_make(&wish, made))
        code = bark_fail(err, BARK_ERR_USE, 0, "the TLS library made no key or certificate");
    if (code == BARK_OK)
        code = bark_tls_file_write(options->key_file,
                                   (struct bark_slice){ (const uint8_t *)made->key, strlen(made->key) }, err);
    if (code == BARK_OK)
        code = bark_tls_file_write(options->chain_file,
                                   (struct bark_slice){ (const uint8_t *)made->chain, strlen(made->chain) },
                                   err);
    bark_secret_wipe(made, sizeof *made);
    free(made);
    return code;
}
