/* tests/peers/gsoap/thermostat_client.c - a client made by gSOAP calls the thermostat, in both versions.
 *
 *     thermostat_client URL 11|12
 *
 * gSOAP gives the functions of the second binding, SOAP 1.2, the same names with an underscore behind. Which
 * version is sent is decided by the table of namespaces, so there is one program for each.
 */
#include "ThermostatSoap11.nsmap"
#include "soapH.h"

#include <math.h>

static const char *url;
static int second; /* SOAP 1.2 */

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

static int get_temperature(struct soap *soap, struct _ns1__GetTemperatureResponse *out)
{
    struct _ns1__GetTemperature in;
    memset(&in, 0, sizeof in);
    memset(out, 0, sizeof *out);
    return second ? soap_call___ns1__GetTemperature_(soap, url, NULL, &in, out)
                  : soap_call___ns1__GetTemperature(soap, url, NULL, &in, out);
}

static int set_target(struct soap *soap, double celsius, double *previous)
{
    struct _ns1__SetTarget in;
    struct _ns1__SetTargetResponse out;
    int error;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    in.Celsius = celsius;
    in.Hold = (char *)"PT2H";
    error = second ? soap_call___ns1__SetTarget_(soap, url, NULL, &in, &out)
                   : soap_call___ns1__SetTarget(soap, url, NULL, &in, &out);
    *previous = out.Previous;
    return error;
}

static int set_schedule(struct soap *soap, int count, unsigned char *stored)
{
    struct ns1__Period periods[32];
    struct _ns1__SetSchedule in;
    struct _ns1__SetScheduleResponse out;
    int error;
    memset(periods, 0, sizeof periods);
    memset(&out, 0, sizeof out);
    for (int i = 0; i < count; i++) {
        periods[i].From = (char *)"06:30:00";
        periods[i].Target = 21.5;
        periods[i].Label = (char *)"Getting up";
        periods[i].day = i % 2 ? ns1__Day__Sunday : ns1__Day__Monday;
    }
    in.__sizePeriod = count;
    in.Period = periods;
    error = second ? soap_call___ns1__SetSchedule_(soap, url, NULL, &in, &out)
                   : soap_call___ns1__SetSchedule(soap, url, NULL, &in, &out);
    *stored = out.Stored;
    return error;
}

static int get_schedule(struct soap *soap, enum ns1__Day day, struct _ns1__GetScheduleResponse *out)
{
    struct _ns1__GetSchedule in;
    memset(&in, 0, sizeof in);
    memset(out, 0, sizeof *out);
    in.Day = &day;
    return second ? soap_call___ns1__GetSchedule_(soap, url, NULL, &in, out)
                  : soap_call___ns1__GetSchedule(soap, url, NULL, &in, out);
}

/* The typed detail of the fault of the last call, or NULL. */
static const struct _ns1__TargetRefused *refusal(struct soap *soap)
{
    const struct SOAP_ENV__Detail *detail = NULL;
    if (soap->fault)
        detail = soap->fault->SOAP_ENV__Detail ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
    return detail ? detail->ns1__TargetRefused : NULL;
}

static void window_changed(struct soap *soap)
{
    struct _ns1__WindowChanged in;
    int error;
    memset(&in, 0, sizeof in);
    in.Open = xsd__boolean__true_;
    error = second ? soap_send___ns1__WindowChanged_(soap, url, NULL, &in)
                   : soap_send___ns1__WindowChanged(soap, url, NULL, &in);
    if (!error)
        error = soap_recv_empty_response(soap);
    say(soap, "one_way", !error || error == 202);
}

int main(int argc, char **argv)
{
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_XML_STRICT);
    struct _ns1__GetTemperatureResponse temperature;
    struct _ns1__GetScheduleResponse schedule;
    const struct _ns1__TargetRefused *refused;
    double previous;
    unsigned char stored;
    int error;
    if (argc != 3)
        return 2;
    url = argv[1];
    second = strcmp(argv[2], "12") == 0;
    soap->connect_timeout = soap->recv_timeout = soap->send_timeout = 10;
    error = get_temperature(soap, &temperature);
    say(soap, "get_temperature",
        !error && fabs(temperature.Celsius - 20.5) < 1e-9 && temperature.HumidityPercent &&
            *temperature.HumidityPercent == 48 && labs((long)(temperature.MeasuredAt - time(NULL))) < 60);
    say(soap, "version", soap->version == (second ? 2 : 1)); /* the answer came in the version asked for */
    error = set_schedule(soap, 2, &stored);
    say(soap, "set_schedule", !error && stored == 2);
    error = get_schedule(soap, ns1__Day__Sunday, &schedule);
    say(soap, "get_schedule",
        !error && schedule.__sizePeriod == 1 && schedule.Period->day == ns1__Day__Sunday &&
            strcmp(schedule.Period->Label, "Getting up") == 0 &&
            strncmp(schedule.Period->From, "06:30:00", 8) == 0);
    say(soap, "one_period_too_many", set_schedule(soap, 29, &stored) == SOAP_FAULT || soap->error != SOAP_OK);
    error = set_target(soap, 22.5, &previous);
    say(soap, "set_target", !error && fabs(previous - 21) < 1e-9);
    error = set_target(soap, 28, &previous);
    refused = refusal(soap);
    say(soap, "typed_fault", error && refused && refused->Why == ns1__Refusal__AboveLimit && refused->Limit);
    window_changed(soap);
    soap_free(soap);
    return 0;
}
