/* handlers/device_service.c - binds the handlers to the generated tables of devicemgmt.wsdl. */
#include "handlers.h"

static const struct tds_Device_handlers device_handlers = {
    .GetServices = onvif_GetServices,
    .GetServiceCapabilities = onvif_GetServiceCapabilities,
    .GetDeviceInformation = onvif_GetDeviceInformation,
    .SetSystemDateAndTime = onvif_SetSystemDateAndTime,
    .GetSystemDateAndTime = onvif_GetSystemDateAndTime,
    .GetScopes = onvif_GetScopes,
    .SetScopes = onvif_SetScopes,
    .GetUsers = onvif_GetUsers,
    .CreateUsers = onvif_CreateUsers,
    .SetUser = onvif_SetUser,
    .DeleteUsers = onvif_DeleteUsers,
    .GetCapabilities = onvif_GetCapabilities,
    .GetHostname = onvif_GetHostname,
}; /* every other operation answers onvif_not_implemented */

/* Handlers read the state, and answers borrow from it until they are written: where threads share it, each
 * call gets a copy, and one at a time changes the original. */
static enum bark_code device_dispatch(const void *handlers, uint16_t operation, const void *in, void *out,
                                      struct bark_call *call)
{
    struct onvif_backend *backend = call->user;
    enum bark_code code = BARK_ERR_MEMORY;
    if (!backend->lock)
        return tds_Device_dispatch(handlers, operation, in, out, call);
    onvif_backend_lock(backend);
    call->user = onvif_backend_copy(call, backend);
    if (call->user)
        code = tds_Device_dispatch(handlers, operation, in, out, call);
    onvif_backend_unlock(backend);
    return code;
}

enum bark_code onvif_device_service(struct bark_service *service, struct bark_image *image,
                                    struct onvif_backend *backend, struct bark_error *err)
{
    enum bark_code code = bark_image_open(image, devicemgmt_tables(), err);
    *service = (struct bark_service){ 0 };
    if (code)
        return code;
    *service = (struct bark_service){ .path = ONVIF_DEVICE_PATH,
                                      .image = image,
                                      .service_row = tds_Device_row,
                                      .dispatch = device_dispatch,
                                      .handlers = &device_handlers,
                                      .user = backend,
                                      .not_implemented = &onvif_not_implemented,
                                      .subcodes = onvif_generic,
                                      .access = onvif_device_access,
                                      .access_count = onvif_device_access_count,
                                      .access_now = onvif_access_now,
                                      .not_authorized = &onvif_not_authorized };
    return BARK_OK;
}
