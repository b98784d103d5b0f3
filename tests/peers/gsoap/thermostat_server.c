/* tests/peers/gsoap/thermostat_server.c - the thermostat as a server made by gSOAP, for our client to call.
 *
 * Prints its URL; serves one connection after the other until it is stopped by a signal.
 */
#include "ThermostatSoap11.nsmap"
#include "soapH.h"

static struct ns1__Period periods[28];
static char labels[28][32], from[28][32];
static int period_count;
static double target = 21;

int __ns1__GetTemperature(struct soap *soap, struct _ns1__GetTemperature *in,
                          struct _ns1__GetTemperatureResponse *out)
{
    static unsigned char humidity = 48;
    (void)soap;
    (void)in;
    out->Celsius = 20.5;
    out->MeasuredAt = time(NULL);
    out->Target = target;
    out->HumidityPercent = &humidity;
    return SOAP_OK;
}

int __ns1__SetTarget(struct soap *soap, struct _ns1__SetTarget *in, struct _ns1__SetTargetResponse *out)
{
    if (in->Celsius > 26)
        return soap_sender_fault(soap, "the installer set a lower limit", NULL);
    out->Previous = target;
    target = in->Celsius;
    return SOAP_OK;
}

int __ns1__GetSchedule(struct soap *soap, struct _ns1__GetSchedule *in, struct _ns1__GetScheduleResponse *out)
{
    out->Period = soap_malloc(soap, sizeof periods);
    out->__sizePeriod = 0;
    for (int i = 0; i < period_count; i++) {
        if (!in->Day || *in->Day == periods[i].day)
            out->Period[out->__sizePeriod++] = periods[i];
    }
    return SOAP_OK;
}

int __ns1__SetSchedule(struct soap *soap, struct _ns1__SetSchedule *in, struct _ns1__SetScheduleResponse *out)
{
    (void)soap;
    for (period_count = 0; period_count < in->__sizePeriod && period_count < 28; period_count++) {
        struct ns1__Period *p = &periods[period_count];
        *p = in->Period[period_count];
        snprintf(from[period_count], sizeof from[0], "%s", p->From);
        p->From = from[period_count];
        if (p->Label) {
            snprintf(labels[period_count], sizeof labels[0], "%s", p->Label);
            p->Label = labels[period_count];
        }
    }
    out->Stored = (unsigned char)period_count;
    return SOAP_OK;
}

int __ns1__WindowChanged(struct soap *soap, struct _ns1__WindowChanged *in)
{
    (void)in;
    return soap_send_empty_response(soap, SOAP_OK);
}

int __ns1__GetTemperature_(struct soap *soap, struct _ns1__GetTemperature *in,
                           struct _ns1__GetTemperatureResponse *out)
{
    return __ns1__GetTemperature(soap, in, out);
}

int __ns1__SetTarget_(struct soap *soap, struct _ns1__SetTarget *in, struct _ns1__SetTargetResponse *out)
{
    return __ns1__SetTarget(soap, in, out);
}

int __ns1__GetSchedule_(struct soap *soap, struct _ns1__GetSchedule *in,
                        struct _ns1__GetScheduleResponse *out)
{
    return __ns1__GetSchedule(soap, in, out);
}

int __ns1__SetSchedule_(struct soap *soap, struct _ns1__SetSchedule *in,
                        struct _ns1__SetScheduleResponse *out)
{
    return __ns1__SetSchedule(soap, in, out);
}

int __ns1__WindowChanged_(struct soap *soap, struct _ns1__WindowChanged *in)
{
    return __ns1__WindowChanged(soap, in);
}

int main(void)
{
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_XML_STRICT);
    SOAP_SOCKET listener = soap_bind(soap, "127.0.0.1", 0, 16);
    struct sockaddr_in bound;
    socklen_t len = sizeof bound;
    soap->recv_timeout = soap->send_timeout = 2;
    if (!soap_valid_socket(listener) || getsockname(listener, (struct sockaddr *)&bound, &len) != 0)
        return 1;
    printf("http://127.0.0.1:%d/thermostat\n", ntohs(bound.sin_port));
    fflush(stdout);
    while (soap_valid_socket(soap_accept(soap))) {
        soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    return 0;
}
