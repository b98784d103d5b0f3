/* auth/digest_client.c - the client's side of Digest: an answer to a challenge [RFC7616 3.4]. */
#include "auth/auth.h"

#include "http/chars.h"

#include <string.h>

enum { CNONCE_BYTES = 16, COUNT_DIGITS = 8 };

enum param { REALM, NONCE, OPAQUE, ALGORITHM, QOP, PARAMS };

static const char *const names[PARAMS] = { "realm", "nonce", "opaque", "algorithm", "qop" };

struct challenge {
    struct bark_slice value[PARAMS];
    uint8_t room[PARAMS][BARK_AUTH_PARAM_MAX];
};

static bool challenge_read(struct challenge *ch, struct bark_slice list)
{
    struct bark_auth_param param;
    uint8_t room[BARK_AUTH_PARAM_MAX];
    bool broken;
    while (bark_auth_param_next(&list, &param, room, &broken)) {
        size_t i = 0;
        while (i < PARAMS && !bark_slice_reads(param.name, names[i]))
            i++;
        if (i == PARAMS)
            continue;
        if (ch->value[i].ptr || param.value.len > BARK_AUTH_PARAM_MAX)
            return false;
        memcpy(ch->room[i], param.value.ptr, param.value.len);
        ch->value[i] = (struct bark_slice){ ch->room[i], param.value.len };
    }
    return !broken && ch->value[REALM].ptr && ch->value[NONCE].ptr;
}

/* Does the list of qop values have "auth"? */
static bool offers_auth(struct bark_slice list)
{
    while (list.ptr) {
        if (bark_slice_reads(bark_http_trim(bark_http_split(&list, ',')), "auth"))
            return true;
    }
    return false;
}

static void quoted_write(struct bark_out *out, const char *name, struct bark_slice value)
{
    bark_out_text(out, name);
    bark_out_text(out, "=\"");
    for (size_t i = 0; i < value.len; i++) {
        if (!bark_http_is(value.ptr[i], BARK_HTTP_VALUE))
            out->failed = true;
        if (value.ptr[i] == '"' || value.ptr[i] == '\\')
            bark_out_byte(out, '\\');
        bark_out_byte(out, value.ptr[i]);
    }
    bark_out_text(out, "\"");
}

static enum bark_code response_make(const struct bark_crypto *crypto, struct bark_digest_parts *parts,
                                    struct bark_slice user, struct bark_slice realm, const char *password,
                                    char *response)
{
    char ha1[2 * BARK_HASH_BYTES_MAX];
    enum bark_code code = bark_digest_ha1(crypto, parts->hash, user, realm, bark_auth_text(password), ha1);
    parts->ha1 = (struct bark_slice){ (const uint8_t *)ha1, 2 * bark_hash_bytes(parts->hash) };
    if (!code)
        code = bark_digest_response(crypto, parts, response);
    bark_secret_wipe(ha1, sizeof ha1);
    return code;
}

enum bark_code bark_digest_answer_write(const struct bark_crypto *crypto, struct bark_slice challenge,
                                        const char *user, const char *password, const char *method,
                                        struct bark_slice target, uint32_t count, bool allow_md5,
                                        struct bark_out *out, struct bark_error *err)
{
    static const char scheme[] = "Digest ";
    struct challenge ch = { 0 };
    uint8_t random[CNONCE_BYTES], counted[4];
    char cnonce[2 * CNONCE_BYTES], count_text[COUNT_DIGITS], response[2 * BARK_HASH_BYTES_MAX];
    bool md5;
    enum bark_code code;
    if (challenge.len < sizeof scheme - 1 ||
        !bark_slice_reads((struct bark_slice){ challenge.ptr, sizeof scheme - 1 }, scheme) ||
        !challenge_read(&ch, (struct bark_slice){ challenge.ptr + sizeof scheme - 1,
                                                  challenge.len - (sizeof scheme - 1) }))
        return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC7616 3.3] not a Digest challenge with realm and nonce");
    md5 = !ch.value[ALGORITHM].ptr || bark_slice_reads(ch.value[ALGORITHM], "MD5");
    if ((md5 && !allow_md5) || (!md5 && !bark_slice_reads(ch.value[ALGORITHM], "SHA-256")) ||
        !offers_auth(ch.value[QOP]))
        return bark_fail(err, BARK_ERR_HTTP, 0,
                         "[RFC7616 3.3] the challenge wants another algorithm or qop than this client has");
    for (unsigned i = 0; i < sizeof counted; i++)
        counted[i] = (uint8_t)(count >> (24 - 8 * i));
    bark_auth_hex(counted, sizeof counted, count_text);
    code = crypto->random(random, sizeof random);
    bark_auth_hex(random, sizeof random, cnonce);
    struct bark_digest_parts parts = { .hash = md5 ? BARK_HASH_MD5 : BARK_HASH_SHA256,
                                       .nonce = ch.value[NONCE],
                                       .count = { (const uint8_t *)count_text, sizeof count_text },
                                       .cnonce = { (const uint8_t *)cnonce, sizeof cnonce },
                                       .qop = bark_auth_text("auth"),
                                       .method = bark_auth_text(method),
                                       .uri = target };
    if (!code)
        code = response_make(crypto, &parts, bark_auth_text(user), ch.value[REALM], password, response);
    if (code)
        return bark_fail(err, code, 0, "the hash of a Digest answer could not be made");
    bark_out_text(out, scheme);
    quoted_write(out, "username", bark_auth_text(user));
    quoted_write(out, ", realm", ch.value[REALM]);
    quoted_write(out, ", nonce", ch.value[NONCE]);
    quoted_write(out, ", uri", target);
    bark_out_text(out, md5 ? ", algorithm=MD5" : ", algorithm=SHA-256");
    if (ch.value[OPAQUE].ptr)
        quoted_write(out, ", opaque", ch.value[OPAQUE]);
    bark_out_text(out, ", qop=auth, nc=");
    bark_out_put(out, count_text, sizeof count_text);
    quoted_write(out, ", cnonce", parts.cnonce);
    quoted_write(out, ", response", (struct bark_slice){ (const uint8_t *)response, parts.ha1.len });
    return bark_out_ok(out)
               ? BARK_OK
               : bark_fail(err, BARK_ERR_LIMIT, 0, "the Authorization field does not fit its room");
}
