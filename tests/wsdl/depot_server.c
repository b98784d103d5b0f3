/* wsdl/depot_server.c - depot.wsdl on a port of 127.0.0.1, for tests/wsdl/depot_test.py.
 */
#include "depot_service.h"

#include "soapbark/server.h"

#include <stdio.h>

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "depot_server: %s\n", text);
    return 1;
}

int main(void)
{
    struct depot depot = { 0 };
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, depot_tables(), &err) != BARK_OK)
        return failure(&err);
    const struct bark_service one = depot_service(&image, &depot), two = counter_service(&image, &depot);
    const struct bark_service *services[] = { &one, &two };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 2 };
    struct bark_server *server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    printf("depot_server: http://127.0.0.1:%u/depot\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    bark_server_free(server);
    return status;
}
