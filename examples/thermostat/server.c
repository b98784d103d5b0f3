/* thermostat/server.c - a thermostat on the network: the server side of the tour.
 *
 *     thermostat-server 127.0.0.1:8080
 *
 * SIGTERM and SIGINT end it when the requests under way have their answers.
 *
 * thermostat.h and thermostat.c are made from thermostat.wsdl when this is built. What is left to write are
 * the handlers: each gets a request that was checked against the schema, down to the last facet, and fills an
 * answer. The thermostat itself outlives every message, so it is ours and not the engine's.
 */
#include "thermostat.h"

#include "soapbark/server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { PERIODS = 28, LABEL = 25 }; /* maxOccurs of Period, maxLength of Label and a NUL */

struct thermostat {
    double celsius, target, limit;
    bool window_open;
    struct thermo_Period periods[PERIODS];
    char labels[PERIODS][LABEL];
    size_t count;
};

static enum bark_code get_temperature(const struct thermo_GetTemperature *in,
                                      struct thermo_GetTemperatureResponse *out, struct bark_call *call)
{
    const struct thermostat *t = call->user;
    (void)in;
    out->Celsius = t->celsius;
    out->Target = t->target;
    out->HumidityPercent = 48;
    out->has_HumidityPercent = BARK_PRESENT;
    out->MeasuredAt =
        bark_time_of_unix((int64_t)(call->now_ns / 1000000000u), (uint32_t)(call->now_ns % 1000000000u));
    return BARK_OK;
}

/* The schema has refused everything outside 5 to 30 degrees before this runs. What only the thermostat can
 * know is a fault of its own, with a detail that the WSDL declares. */
static enum bark_code refuse(struct bark_call *call, enum thermo_Refusal why, double limit,
                             const char *reason)
{
    struct thermo_TargetRefused *detail = bark_call_alloc(call, 1, sizeof *detail);
    if (!detail)
        return BARK_ERR_MEMORY;
    detail->Why = why;
    detail->Limit = limit;
    detail->has_Limit = limit > 0;
    (void)bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "%s", reason);
    return bark_call_fault_detail(call, thermo_TargetRefused_root, detail);
}

static enum bark_code set_target(const struct thermo_SetTarget *in, struct thermo_SetTargetResponse *out,
                                 struct bark_call *call)
{
    struct thermostat *t = call->user;
    if (t->window_open)
        return refuse(call, thermo_Refusal_WindowOpen, 0, "a window is open");
    if (in->Celsius > t->limit)
        return refuse(call, thermo_Refusal_AboveLimit, t->limit, "the installer set a lower limit");
    out->Previous = t->target;
    t->target = in->Celsius;
    return BARK_OK;
}

static enum bark_code get_schedule(const struct thermo_GetSchedule *in,
                                   struct thermo_GetScheduleResponse *out, struct bark_call *call)
{
    const struct thermostat *t = call->user;
    struct thermo_Period *items = bark_call_alloc(call, t->count, sizeof *items);
    if (!items)
        return BARK_ERR_MEMORY;
    for (size_t i = 0; i < t->count; i++)
        if (in->Day == 0 || in->Day == t->periods[i].day) /* 0: the optional member is absent */
            items[out->Period.count++] = t->periods[i];
    out->Period.items = items;
    return BARK_OK;
}

static enum bark_code set_schedule(const struct thermo_SetSchedule *in,
                                   struct thermo_SetScheduleResponse *out, struct bark_call *call)
{
    struct thermostat *t = call->user;
    t->count = in->Period.count; /* at most 28: the schema said so */
    for (size_t i = 0; i < t->count; i++) {
        struct bark_text label = in->Period.items[i].Label;
        t->periods[i] = in->Period.items[i];
        if (!label.ptr)
            continue;
        memcpy(t->labels[i], label.ptr, label.len + 1); /* the request's memory ends with the call */
        t->periods[i].Label.ptr = t->labels[i];
    }
    out->Stored = (uint8_t)t->count;
    return BARK_OK;
}

static enum bark_code window_changed(const struct thermo_WindowChanged *in, struct bark_call *call)
{
    struct thermostat *t = call->user;
    t->window_open = in->Open;
    return BARK_OK;
}

static struct bark_server *server; /* for the signal handler */

static void stop(int signal_number)
{
    (void)signal_number;
    bark_server_stop(server);
}

static int failure(const struct bark_error *err)
{
    char text[640];
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "thermostat-server: %s\n", text);
    return 1;
}

int main(int count, char **words)
{
    static const struct thermo_Thermostat_handlers handlers = { .GetTemperature = get_temperature,
                                                                .SetTarget = set_target,
                                                                .GetSchedule = get_schedule,
                                                                .SetSchedule = set_schedule,
                                                                .WindowChanged = window_changed };
    struct thermostat thermostat = { .celsius = 20.5, .target = 21, .limit = 26 };
    struct bark_image image;
    struct bark_error err = { 0 };
    if (count != 2) {
        fprintf(stderr, "usage: thermostat-server HOST:PORT (port 0 takes a free one)\n");
        return 2;
    }
    if (bark_image_open(&image, thermostat_tables(), &err) != BARK_OK)
        return failure(&err);
    const struct bark_service service = { .path = "/thermostat",
                                          .image = &image,
                                          .service_row = thermo_Thermostat_row,
                                          .dispatch = thermo_Thermostat_dispatch,
                                          .handlers = &handlers,
                                          .user = &thermostat };
    const struct bark_service *services[] = { &service };
    struct bark_server_options options = { .listen = words[1], .services = services, .service_count = 1 };
    server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    (void)signal(SIGTERM, stop);
    (void)signal(SIGINT, stop);
    printf("thermostat-server: http://127.0.0.1:%u/thermostat\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    (void)signal(SIGTERM, SIG_IGN); /* a second one would stop a server that is gone */
    (void)signal(SIGINT, SIG_IGN);
    bark_server_free(server);
    return status;
}
