/* handlers/network.c - GetHostname: under which name the device is known on its network. */
#include "handlers.h"

enum bark_code onvif_GetHostname(const struct tds_GetHostname *in, struct tds_GetHostnameResponse *out,
                                 struct bark_call *call)
{
    (void)in;
    const struct onvif_state *state = &onvif_backend_of(call)->state;
    out->HostnameInformation.FromDHCP = state->hostname_from_dhcp;
    out->HostnameInformation.Name = bark_text(state->hostname); /* "" when none is assigned */
    return BARK_OK;
}
