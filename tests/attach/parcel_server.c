/* attach/parcel_server.c - parcel.wsdl on a port of 127.0.0.1, for tests/attach/parcel_test.py.
 */
#include "parcel_service.h"
#include "serving.h"

int main(void)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    if (bark_image_open(&image, parcel_tables(), &err) != BARK_OK)
        return failure("parcel", &err);
    struct bark_service service = parcel_service(&image, "/parcel");
    const struct bark_service *services[] = { &service };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .services = services,
                                           .service_count = 1 };
    return serve("parcel", &options);
}
