/* wsdl/ledger_server.c - ledger.wsdl, rpc/encoded, on a port of 127.0.0.1, for tests/wsdl/ledger_test.py.
 */
#include "ledger_service.h"

#include "soapbark/server.h"

#include <stdio.h>

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "ledger_server: %s\n", text);
    return 1;
}

int main(void)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, ledger_tables(), &err) != BARK_OK)
        return failure(&err);
    image.encoding = &bark_soap_encoding;
    const struct bark_service service = ledger_service(&image);
    const struct bark_service *services[] = { &service };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 1 };
    struct bark_server *server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    printf("ledger_server: http://127.0.0.1:%u/ledger\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    bark_server_free(server);
    return status;
}
