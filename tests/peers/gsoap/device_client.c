/* tests/peers/gsoap/device_client.c - a client made by gSOAP from ONVIF's device WSDL calls the device
 * service.
 *
 *     device_client URL
 */
#include "DeviceBinding.nsmap"
#include "soapH.h"

static void say(struct soap *soap, const char *name, int good)
{
    const char *why = soap->error ? soap_fault_string(soap) : NULL;
    if (good)
        printf("ok %s\n", name);
    else
        printf("not ok %s: error %d %s\n", name, soap->error, why ? why : "");
    soap_destroy(soap);
    soap_end(soap);
}

static void date_and_time(struct soap *soap, const char *url)
{
    struct _tds__GetSystemDateAndTime in;
    struct _tds__GetSystemDateAndTimeResponse out;
    int error;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    error = soap_call___tds__GetSystemDateAndTime(soap, url, NULL, &in, &out);
    say(soap, "date_and_time",
        !error && out.SystemDateAndTime && out.SystemDateAndTime->UTCDateTime &&
            out.SystemDateAndTime->UTCDateTime->Date->Year >= 2024);
}

static void device_information(struct soap *soap, const char *url)
{
    struct _tds__GetDeviceInformation in;
    struct _tds__GetDeviceInformationResponse out;
    int error;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    error = soap_call___tds__GetDeviceInformation(soap, url, NULL, &in, &out);
    say(soap, "device_information", !error && out.Manufacturer && out.Manufacturer[0] && out.SerialNumber);
}

static void services(struct soap *soap, const char *url)
{
    struct _tds__GetServices in;
    struct _tds__GetServicesResponse out;
    int error;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    error = soap_call___tds__GetServices(soap, url, NULL, &in, &out);
    say(soap, "services",
        !error && out.__sizeService > 0 &&
            strcmp(out.Service[0].Namespace, "http://www.onvif.org/ver10/device/wsdl") == 0);
}

static void not_supported(struct soap *soap, const char *url)
{
    struct _tds__SystemReboot in;
    struct _tds__SystemRebootResponse out;
    const char *code;
    int error;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    error = soap_call___tds__SystemReboot(soap, url, NULL, &in, &out);
    code = error ? soap_fault_subcode(soap) : NULL;
    say(soap, "not_supported", code && strstr(code, "ActionNotSupported"));
}

int main(int argc, char **argv)
{
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_XML_STRICT);
    if (argc != 2)
        return 2;
    soap->connect_timeout = soap->recv_timeout = soap->send_timeout = 10;
    date_and_time(soap, argv[1]);
    device_information(soap, argv[1]);
    services(soap, argv[1]);
    not_supported(soap, argv[1]);
    soap_free(soap);
    return 0;
}
