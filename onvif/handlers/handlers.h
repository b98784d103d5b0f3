/* handlers/handlers.h - the operations of the device service that this device implements, one file an area.
 *
 * Each handler is a plain function from a typed request to a typed answer. Everything it allocates lives in
 * the call's arena; everything it keeps goes through onvif_commit().
 */
#ifndef ONVIF_HANDLERS_H
#define ONVIF_HANDLERS_H

#include "backend.h"
#include "faults.h"
#include "generated/devicemgmt.h"
#include "soapbark/auth.h"

#define ONVIF_DEVICE_PATH "/onvif/device_service"

/* The release of the schema that the tables were made from: devicemgmt.wsdl, version="26.06". */
enum { ONVIF_DEVICE_VERSION_MAJOR = 26, ONVIF_DEVICE_VERSION_MINOR = 6 };

#define ONVIF_HANDLER(operation) \
    enum bark_code onvif_##operation(const struct tds_##operation *in, \
                                     struct tds_##operation##Response *out, struct bark_call *call)

/* time.c */
ONVIF_HANDLER(GetSystemDateAndTime);
ONVIF_HANDLER(SetSystemDateAndTime);
/* information.c */
ONVIF_HANDLER(GetDeviceInformation);
/* services.c */
ONVIF_HANDLER(GetServices);
ONVIF_HANDLER(GetServiceCapabilities);
ONVIF_HANDLER(GetCapabilities);
/* scopes.c */
ONVIF_HANDLER(GetScopes);
ONVIF_HANDLER(SetScopes);
/* network.c */
ONVIF_HANDLER(GetHostname);
/* users.c */
ONVIF_HANDLER(GetUsers);
ONVIF_HANDLER(CreateUsers);
ONVIF_HANDLER(SetUser);
ONVIF_HANDLER(DeleteUsers);

/* access.c: enum bark_access of each operation, and what bark_service.access_now makes of it. */
extern const uint8_t onvif_device_access[];
extern const size_t onvif_device_access_count;
uint8_t onvif_access_now(const struct bark_service *service, uint16_t operation, uint8_t access);

/* The service to serve, bound to a backend. (device_service.c) Errors: BARK_ERR_IMAGE when the committed
 * tables do not fit this machine. */
BARK_MUST_CHECK enum bark_code onvif_device_service(struct bark_service *service, struct bark_image *image,
                                                    struct onvif_backend *backend, struct bark_error *err);

#endif
