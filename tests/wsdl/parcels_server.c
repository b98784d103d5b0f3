/* wsdl/parcels_server.c - parcels.wsdl on a port of 127.0.0.1, for tests/wsdl/parcels_test.py. With the
 * argument "auth" it asks who calls: everybody may get a quote and leave a note, users may get a status and
 * order. With "capture FOLDER" it writes exchanges there; with "log" a line a request to standard error.
 */
#include "parcels_service.h"

#include "soapbark/auth.h"
#include "soapbark/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "parcels_server: %s\n", text);
    return 1;
}

#ifdef WITH_AUTH
static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    (void)context;
    const bool eve = name.len == 3 && memcmp(name.ptr, "eve", 3) == 0;
    *user =
        (struct bark_user){ .level = eve ? BARK_LEVEL_USER : BARK_LEVEL_ADMINISTRATOR, .password = "secret" };
    return eve || (name.len == 3 && memcmp(name.ptr, "ann", 3) == 0);
}

static struct bark_auth *auth_make(struct bark_error *err)
{
    static const struct bark_user_store users = { .find = user_find };
    const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                               .users = &users,
                                               .realm = "parcels",
                                               .schemes = BARK_AUTH_BASIC | BARK_AUTH_DIGEST_SHA256,
                                               .insecure_basic_without_tls = true };
    return bark_auth_new(&options, err);
}
#else
static struct bark_auth *auth_make(struct bark_error *err)
{
    (void)bark_fail(err, BARK_ERR_USE, 0, "built without cryptography");
    return NULL;
}
#endif

static void log_print(void *user, const struct bark_request_log *entry)
{
    (void)user;
    fprintf(stderr, "%.*s %.*s %u\n", (int)entry->method.len, entry->method.ptr, (int)entry->path.len,
            entry->path.ptr, entry->status);
}

int main(int argc, char **argv)
{
    /* GetQuote, GetStatus, GetLabel, Count and OpenBox; GetQuote, PutOrder, Note, OpenBox, PutPicture,
     * PutLetter and MakeSeal */
    static const uint8_t get_access[] = { BARK_ACCESS_PRE_AUTH, BARK_ACCESS_READ_MEDIA, BARK_ACCESS_ACTUATE,
                                          BARK_ACCESS_NOBODY, BARK_ACCESS_READ_MEDIA },
                         post_access[] = { BARK_ACCESS_READ_MEDIA, BARK_ACCESS_READ_MEDIA,
                                           BARK_ACCESS_PRE_AUTH,   BARK_ACCESS_ACTUATE,
                                           BARK_ACCESS_PRE_AUTH,   BARK_ACCESS_PRE_AUTH,
                                           BARK_ACCESS_PRE_AUTH };
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, parcels_tables(), &err) != BARK_OK)
        return failure(&err);
    struct bark_service get = parcels_service(&image, false), post = parcels_service(&image, true);
    const bool asks = argc > 1 && strcmp(argv[1], "auth") == 0;
    if (asks) {
        get.access = get_access;
        get.access_count = sizeof get_access;
        post.access = post_access;
        post.access_count = sizeof post_access;
    }
    struct bark_service soap = post;
    soap.path =
        "/soap"; /* by SOAP only: its tables have HTTP bindings, and the service does not ask for them */
    soap.http = NULL;
    const struct bark_service *services[] = { &get, &post, &soap };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 3 };
    if (asks && !(options.auth = auth_make(&err)))
        return failure(&err);
    const struct bark_capture_options kept = { .directory = argc > 2 && strcmp(argv[1], "capture") == 0
                                                                ? open(argv[2], O_RDONLY)
                                                                : -1,
                                               .files_per_s = 1000 };
    if (kept.directory >= 0 && !(options.capture = bark_capture_new(&kept, &err)))
        return failure(&err);
    if (argc > 1 && strcmp(argv[1], "log") == 0)
        options.log = log_print;
    struct bark_server *server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    printf("parcels_server: http://127.0.0.1:%u/parcels\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    bark_server_free(server);
    bark_capture_free(options.capture);
#ifdef WITH_AUTH
    bark_auth_free(options.auth);
#endif
    return status;
}
