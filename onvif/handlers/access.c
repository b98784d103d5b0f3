/* handlers/access.c - the access class of each operation [ONVIF-CORE, Device management: "access class" under
 * each], and which operations a device without users lends to everybody.
 *
 * Operations that the present Core Specification no longer has (certificates, IEEE 802.1X, discovery proxies,
 * SetHashingAlgorithm) are not classed: nobody may call them. Whoever writes a handler for one classes it.
 */
#include "handlers.h"

#define OP(name, class) [tds_Device_op_##name] = BARK_ACCESS_##class

const uint8_t onvif_device_access[] = {
    /* Capabilities */
    OP(GetWsdlUrl, PRE_AUTH),
    OP(GetServices, PRE_AUTH),
    OP(GetServiceCapabilities, PRE_AUTH),
    OP(GetCapabilities, PRE_AUTH),
    /* Network */
    OP(GetHostname, PRE_AUTH),
    OP(SetHostname, WRITE_SYSTEM),
    OP(SetHostnameFromDHCP, WRITE_SYSTEM),
    OP(GetDNS, READ_SYSTEM),
    OP(SetDNS, WRITE_SYSTEM),
    OP(GetNTP, READ_SYSTEM),
    OP(SetNTP, WRITE_SYSTEM),
    OP(GetDynamicDNS, READ_SYSTEM),
    OP(SetDynamicDNS, WRITE_SYSTEM),
    OP(GetNetworkInterfaces, READ_SYSTEM),
    OP(SetNetworkInterfaces, WRITE_SYSTEM),
    OP(GetNetworkProtocols, READ_SYSTEM),
    OP(SetNetworkProtocols, WRITE_SYSTEM),
    OP(GetNetworkDefaultGateway, READ_SYSTEM),
    OP(SetNetworkDefaultGateway, WRITE_SYSTEM),
    OP(GetZeroConfiguration, READ_SYSTEM),
    OP(SetZeroConfiguration, WRITE_SYSTEM),
    OP(GetIPAddressFilter, READ_SYSTEM),
    OP(SetIPAddressFilter, WRITE_SYSTEM),
    OP(AddIPAddressFilter, WRITE_SYSTEM),
    OP(RemoveIPAddressFilter, WRITE_SYSTEM),
    OP(GetDot11Capabilities, READ_SYSTEM),
    OP(GetDot11Status, READ_SYSTEM),
    OP(ScanAvailableDot11Networks, READ_SYSTEM),
    /* System */
    OP(GetDeviceInformation, READ_SYSTEM),
    OP(GetSystemUris, READ_SYSTEM),
    OP(GetSystemBackup, READ_SYSTEM_SECRET),
    OP(RestoreSystem, UNRECOVERABLE),
    OP(StartSystemRestore, UNRECOVERABLE),
    OP(GetSystemDateAndTime, PRE_AUTH),
    OP(SetSystemDateAndTime, WRITE_SYSTEM),
    OP(SetSystemFactoryDefault, UNRECOVERABLE),
    OP(UpgradeSystemFirmware, UNRECOVERABLE),
    OP(StartFirmwareUpgrade, UNRECOVERABLE),
    OP(UpgradeFirmware, UNRECOVERABLE),
    OP(GetSystemLog, READ_SYSTEM_SECRET),
    OP(GetSystemSupportInformation, READ_SYSTEM_SECRET),
    OP(SystemReboot, UNRECOVERABLE),
    OP(GetScopes, READ_SYSTEM),
    OP(SetScopes, WRITE_SYSTEM),
    OP(AddScopes, WRITE_SYSTEM),
    OP(RemoveScopes, WRITE_SYSTEM),
    OP(GetDiscoveryMode, READ_SYSTEM),
    OP(SetDiscoveryMode, WRITE_SYSTEM),
    OP(GetGeoLocation, READ_SYSTEM),
    OP(SetGeoLocation, WRITE_SYSTEM),
    OP(DeleteGeoLocation, WRITE_SYSTEM),
    /* Security */
    OP(GetAccessPolicy, READ_SYSTEM_SECRET),
    OP(SetAccessPolicy, WRITE_SYSTEM),
    OP(GetUsers, READ_SYSTEM_SECRET),
    OP(CreateUsers, WRITE_SYSTEM),
    OP(DeleteUsers, WRITE_SYSTEM),
    OP(SetUser, WRITE_SYSTEM),
    OP(GetRemoteUser, READ_SYSTEM),
    OP(SetRemoteUser, WRITE_SYSTEM),
    OP(GetEndpointReference, PRE_AUTH),
    OP(GetUserRoles, READ_SYSTEM),
    OP(SetUserRole, WRITE_SYSTEM),
    OP(DeleteUserRole, WRITE_SYSTEM),
    /* Security policies */
    OP(GetPasswordComplexityOptions, READ_SYSTEM),
    OP(GetPasswordComplexityConfiguration, READ_SYSTEM),
    OP(SetPasswordComplexityConfiguration, WRITE_SYSTEM),
    OP(GetPasswordHistoryConfiguration, READ_SYSTEM),
    OP(SetPasswordHistoryConfiguration, WRITE_SYSTEM),
    OP(GetAuthFailureWarningOptions, READ_SYSTEM),
    OP(GetAuthFailureWarningConfiguration, READ_SYSTEM),
    OP(SetAuthFailureWarningConfiguration, WRITE_SYSTEM),
    /* Input and output, storage */
    OP(GetRelayOutputs, READ_MEDIA),
    OP(SetRelayOutputSettings, ACTUATE),
    OP(SetRelayOutputState, ACTUATE),
    OP(SendAuxiliaryCommand, ACTUATE),
    OP(GetStorageConfigurations, READ_MEDIA),
    OP(CreateStorageConfiguration, ACTUATE),
    OP(GetStorageConfiguration, READ_MEDIA),
    OP(SetStorageConfiguration, ACTUATE),
    OP(DeleteStorageConfiguration, ACTUATE),
};

const size_t onvif_device_access_count = sizeof onvif_device_access;

/* Nobody can log in to a device without users, unless it takes tokens. It answers what everybody may know,
 * and takes its first administrator; everything else is nobody's until then. */
uint8_t onvif_access_now(const struct bark_service *service, uint16_t operation, uint8_t access)
{
    struct onvif_backend *backend = service->user;
    bool set_up;
    onvif_backend_lock(backend);
    set_up = backend->state.user_count > 0 || backend->tokens;
    onvif_backend_unlock(backend);
    if (set_up)
        return access;
    if (access == BARK_ACCESS_PRE_AUTH || operation == tds_Device_op_CreateUsers)
        return BARK_ACCESS_PRE_AUTH;
    return BARK_ACCESS_NOBODY;
}
