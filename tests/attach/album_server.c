/* attach/album_server.c - album.wsdl on a port of 127.0.0.1, for tests/attach/album_test.py: /album refuses
 * parts that no member refers to, /loose lists them, /plain takes no attachments,
 * /streams takes them as they come.
 *
 *     album_server [gzip [auth] | slow]
 *
 * With slow, Fetch at /album runs on a worker and waits there until there was a Store; requests have ids.
 * With auth it asks who calls (anna, an operator; passw0rd): Store is for operators, Fetch for everybody;
 * /loose has nothing for anybody but operators, /plain nothing for operators.
 */
#include "album_service.h"
#include "serving.h"

#include "soapbark/auth.h"
#include "soapbark/gzip.h"

#ifdef SOAPBARK_HAS_TLS
static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    static const char password[] = "passw0rd";
    (void)context;
    if (name.len != 4 || memcmp(name.ptr, "anna", 4) != 0)
        return false;
    user->level = BARK_LEVEL_OPERATOR;
    memcpy(user->password, password, sizeof password);
    return true;
}

static struct bark_auth *auth_new(struct bark_error *err)
{
    static const struct bark_user_store users = { .find = user_find };
    const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                               .users = &users,
                                               .realm = "Album",
                                               .schemes = BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_BASIC,
                                               .insecure_basic_without_tls = true,
                                               .tries = 1000 };
    return bark_auth_new(&options, err);
}
#else
static struct bark_auth *auth_new(struct bark_error *err)
{
    (void)bark_fail(err, BARK_ERR_USE, 0, "no TLS library in this build");
    return NULL;
}
#endif

/* Store with a part that passes by: its octets are counted. */
static enum bark_code passing_data(void *state, struct bark_call *call, struct bark_slice octets)
{
    struct tns_StoreResponse *out = state;
    (void)call;
    out->Bytes += (int64_t)octets.len;
    return BARK_OK;
}

static enum bark_code passing_store(const struct tns_Store *in, struct tns_StoreResponse *out,
                                    struct bark_call *call)
{
    static const struct bark_receiver receiver = { .data = passing_data };
    (void)in;
    out->Attachments = bark_text("passed");
    return bark_call_receive(call, &receiver, out);
}

static void access_set(struct bark_service *service, const uint8_t access[2])
{
    service->access = access;
    service->access_count = 2;
}

int main(int argc, char **argv)
{
    struct bark_log_file log_to = { .fd = 1 };
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, album_tables(), &err) != BARK_OK)
        return failure("album", &err);
    struct bark_service strict = album_service(&image, "/album", false),
                        loose = album_service(&image, "/loose", true),
                        plain = album_service(&image, "/plain", false);
    static const struct tns_Album_handlers passing = { .Store = passing_store, .Fetch = album_fetch };
    static const struct bark_streaming streaming = { .body_bytes = 1 << 30 };
    struct bark_service streams = album_service(&image, "/streams", false);
    plain.attachments = NULL;
    streams.handlers = &passing;
    streams.streaming = &streaming;
    const struct bark_service *services[] = { &strict, &loose, &plain, &streams };
    static const uint8_t mixed[] = { BARK_ACCESS_ACTUATE, BARK_ACCESS_PRE_AUTH }, /* Store, Fetch */
        operators[] = { BARK_ACCESS_ACTUATE, BARK_ACCESS_ACTUATE },
                         administrators[] = { BARK_ACCESS_UNRECOVERABLE, BARK_ACCESS_UNRECOVERABLE };
    access_set(&strict, mixed);
    access_set(&loose, operators);
    access_set(&plain, administrators);
    access_set(&streams, mixed);
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 4 };
    if (argc > 1 && strcmp(argv[1], "gzip") == 0) {
#ifdef SOAPBARK_HAS_GZIP
        options.coding = &bark_gzip;
        options.compress_bytes = 1000;
#else
        return 3;
#endif
    }
    if (argc > 2 && strcmp(argv[2], "auth") == 0 && (options.auth = auth_new(&err)) == NULL)
        return failure("album", &err);
    options.metrics_path = "/metrics";
    options.log = bark_log_json_line;
    options.log_user = &log_to;
    struct album_gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
    const uint16_t fetch = (uint16_t)(image.services[tns_Album_row].first + tns_Album_op_Fetch);
    const struct bark_slow_service slow = { .service = &strict, .operations = &fetch, .operation_count = 1 };
    if (argc > 1 && strcmp(argv[1], "slow") == 0) {
        strict.handlers = &album_gate_handlers;
        strict.user = &gate;
        options.workers = 2;
        options.slow = &slow;
        options.slow_count = 1;
        options.request_ids = true;
    }
    const int status = serve("album", &options);
    bark_auth_free(options.auth);
    return status;
}
