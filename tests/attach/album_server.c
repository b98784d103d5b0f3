/* attach/album_server.c - album.wsdl on a port of 127.0.0.1, for tests/attach/album_test.py: /album refuses
 * parts that no member refers to, /loose lists them, /plain takes no attachments.
 */
#include "album_service.h"

#include "soapbark/gzip.h"
#include "soapbark/server.h"

#include <signal.h>
#include <stdio.h>

static struct bark_server *server; /* for the signal handler */

static void stop(int signal_number)
{
    (void)signal_number;
    bark_server_stop(server);
}

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "album_server: %s\n", text);
    return 1;
}

int main(int argc, char **argv)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, album_tables(), &err) != BARK_OK)
        return failure(&err);
    struct bark_service strict = album_service(&image, "/album", false),
                        loose = album_service(&image, "/loose", true),
                        plain = album_service(&image, "/plain", false);
    plain.attachments = NULL;
    const struct bark_service *services[] = { &strict, &loose, &plain };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 3 };
    if (argc > 1 && strcmp(argv[1], "gzip") == 0) {
#ifdef SOAPBARK_HAS_GZIP
        options.coding = &bark_gzip;
        options.compress_bytes = 1000;
#else
        return 3;
#endif
    }
    server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    (void)signal(SIGTERM, stop);
    printf("album_server: http://127.0.0.1:%u/album\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    bark_server_free(server);
    return status;
}
