/* handlers/information.c - GetDeviceInformation: who made it, what it is, what it runs. */
#include "handlers.h"

enum bark_code onvif_GetDeviceInformation(const struct tds_GetDeviceInformation *in,
                                          struct tds_GetDeviceInformationResponse *out,
                                          struct bark_call *call)
{
    (void)in;
    const struct onvif_state *state = &onvif_backend_of(call)->state;
    out->Manufacturer = bark_text(state->manufacturer);
    out->Model = bark_text(state->model);
    out->FirmwareVersion = bark_text(state->firmware_version);
    out->SerialNumber = bark_text(state->serial_number);
    out->HardwareId = bark_text(state->hardware_id);
    return BARK_OK;
}
