/* attach/parcel_server.c - parcel.wsdl on a port of 127.0.0.1, for tests/attach/parcel_test.py.
 */
#include "parcel_service.h"

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
    fprintf(stderr, "parcel_server: %s\n", text);
    return 1;
}

int main(void)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, parcel_tables(), &err) != BARK_OK)
        return failure(&err);
    struct bark_service service = parcel_service(&image, "/parcel");
    const struct bark_service *services[] = { &service };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 1 };
    server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    (void)signal(SIGTERM, stop);
    printf("parcel_server: http://127.0.0.1:%u/parcel\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    bark_server_free(server);
    return status;
}
