/* handlers/services.c - GetServices, GetServiceCapabilities and GetCapabilities: what the device can do.
 *
 * It states only what it does: a capability that is false is said to be false. Addresses repeat the Host that
 * the client itself used, so they work behind port forwarding too [devicemgmt.wsdl, Service/XAddr].
 */
#include "handlers.h"

static struct bark_text device_address(struct bark_call *call)
{
    const char *scheme = call->secure ? "https" : "http";
    struct bark_text host = call->host.len ? call->host : bark_text(onvif_backend_of(call)->address);
    return bark_call_printf(call, "%s://%.*s" ONVIF_DEVICE_PATH, scheme, (int)host.len, host.ptr);
}

static void service_capabilities_fill(struct tds_DeviceServiceCapabilities *c,
                                      const struct onvif_backend *backend)
{
    struct tds_NetworkCapabilities *n = &c->Network;
    n->has_IPFilter = n->has_ZeroConfiguration = n->has_IPVersion6 = n->has_DynDNS = BARK_PRESENT;
    n->has_HostnameFromDHCP = n->has_NTP = BARK_PRESENT; /* all of them false or 0 */
    struct tds_SecurityCapabilities *s = &c->Security;
    s->has_TLS1_2 = s->has_UsernameToken = s->has_HttpDigest = s->has_DefaultAccessPolicy = BARK_PRESENT;
    s->has_MaxUsers = s->has_MaxUserNameLength = s->has_MaxPasswordLength = BARK_PRESENT;
    s->has_JsonWebToken = BARK_PRESENT;
    s->TLS1_2 = backend->tls;
    s->HttpDigest = s->DefaultAccessPolicy = backend->asks;
    s->JsonWebToken = backend->tokens;
    s->MaxUsers = ONVIF_USERS;
    s->MaxUserNameLength = ONVIF_USERNAME_MAX;
    s->MaxPasswordLength = ONVIF_PASSWORD_MAX;
    struct tds_SystemCapabilities *y = &c->System;
    y->has_DiscoveryResolve = y->has_DiscoveryBye = y->has_RemoteDiscovery = BARK_PRESENT;
    y->has_SystemBackup = y->has_SystemLogging = BARK_PRESENT;
    y->has_DiscoveryNotSupported = y->DiscoveryNotSupported = BARK_PRESENT;
}

enum bark_code onvif_GetServiceCapabilities(const struct tds_GetServiceCapabilities *in,
                                            struct tds_GetServiceCapabilitiesResponse *out,
                                            struct bark_call *call)
{
    (void)in;
    service_capabilities_fill(&out->Capabilities, onvif_backend_of(call));
    return BARK_OK;
}

/* The same once more, untyped: the element tds:Capabilities as a fragment for the wildcard of tds:Service.
 * The two must not drift apart; cases/onvif/services.txt holds both against one text. */
static struct bark_any capabilities_fragment(struct bark_call *call)
{
    static const char *const words[] = { "false", "true" };
    const struct onvif_backend *backend = onvif_backend_of(call);
    const char *asks = words[backend->asks];
    struct bark_any any = { bark_call_printf(
        call,
        "<tds:Capabilities xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\">"
        "<tds:Network IPFilter=\"false\" ZeroConfiguration=\"false\" IPVersion6=\"false\" DynDNS=\"false\" "
        "HostnameFromDHCP=\"false\" NTP=\"0\"/>"
        "<tds:Security TLS1.2=\"%s\" DefaultAccessPolicy=\"%s\" UsernameToken=\"false\" "
        "HttpDigest=\"%s\" JsonWebToken=\"%s\" MaxUsers=\"%d\" MaxUserNameLength=\"%d\" "
        "MaxPasswordLength=\"%d\"/>"
        "<tds:System DiscoveryResolve=\"false\" DiscoveryBye=\"false\" RemoteDiscovery=\"false\" "
        "SystemBackup=\"false\" SystemLogging=\"false\" DiscoveryNotSupported=\"true\"/>"
        "</tds:Capabilities>",
        words[backend->tls], asks, asks, words[backend->tokens], ONVIF_USERS, ONVIF_USERNAME_MAX,
        ONVIF_PASSWORD_MAX) };
    return any;
}

enum bark_code onvif_GetServices(const struct tds_GetServices *in, struct tds_GetServicesResponse *out,
                                 struct bark_call *call)
{
    struct tds_Service *service = bark_call_alloc(call, 1, sizeof *service);
    if (!service)
        return BARK_ERR_MEMORY;
    service->Namespace = bark_text("http://www.onvif.org/ver10/device/wsdl");
    service->XAddr = device_address(call);
    service->Version.Major = ONVIF_DEVICE_VERSION_MAJOR;
    service->Version.Minor = ONVIF_DEVICE_VERSION_MINOR;
    out->Service.items = service;
    out->Service.count = 1;
    if (!in->IncludeCapability)
        return BARK_OK;
    service->Capabilities = bark_call_alloc(call, 1, sizeof *service->Capabilities);
    if (!service->Capabilities)
        return BARK_ERR_MEMORY;
    service->Capabilities->any = capabilities_fragment(call);
    return BARK_OK;
}

/* The older form of the same, with elements where the newer one has attributes. */
static enum bark_code device_capabilities_make(struct bark_call *call, struct tt_DeviceCapabilities **made)
{
    struct tt_DeviceCapabilities *device = bark_call_alloc(call, 1, sizeof *device);
    struct tt_NetworkCapabilities *network = bark_call_alloc(call, 1, sizeof *network);
    struct tt_SystemCapabilities *system = bark_call_alloc(call, 1, sizeof *system);
    struct tt_SecurityCapabilities *security = bark_call_alloc(call, 1, sizeof *security);
    struct tt_OnvifVersion *version = bark_call_alloc(call, 1, sizeof *version);
    if (!device || !network || !system || !security || !version)
        return BARK_ERR_MEMORY;
    network->has_IPFilter = network->has_ZeroConfiguration = BARK_PRESENT;
    network->has_IPVersion6 = network->has_DynDNS = BARK_PRESENT;
    version->Major = ONVIF_DEVICE_VERSION_MAJOR;
    version->Minor = ONVIF_DEVICE_VERSION_MINOR;
    system->SupportedVersions.items = version;
    system->SupportedVersions.count = 1;
    device->XAddr = device_address(call);
    device->Network = network;
    device->System = system;
    device->Security = security; /* required booleans, all false but this one */
    security->TLS1_2 = onvif_backend_of(call)->tls;
    *made = device;
    return BARK_OK;
}

enum bark_code onvif_GetCapabilities(const struct tds_GetCapabilities *in,
                                     struct tds_GetCapabilitiesResponse *out, struct bark_call *call)
{
    bool all = in->Category.count == 0, device = false;
    for (size_t i = 0; i < in->Category.count; i++) {
        all = all || in->Category.items[i] == tt_CapabilityCategory_All;
        device = device || in->Category.items[i] == tt_CapabilityCategory_Device;
    }
    for (size_t i = 0; i < in->Category.count; i++) {
        enum tt_CapabilityCategory category = in->Category.items[i];
        if (category != tt_CapabilityCategory_All && category != tt_CapabilityCategory_Device)
            return bark_call_fault(call, BARK_FAULT_RECEIVER, &onvif_action_not_supported,
                                   &onvif_no_such_service, "The device has no service of this category");
    }
    return all || device ? device_capabilities_make(call, &out->Capabilities.Device) : BARK_OK;
}
