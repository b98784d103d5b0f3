/* own_loop/room.c - the thermostat's service, with one operation, and two things to get. */
#include "room.h"

#include "thermostat.h"

#include <stdio.h>
#include <string.h>

static enum bark_code get_temperature(const struct thermo_GetTemperature *in,
                                      struct thermo_GetTemperatureResponse *out, struct bark_call *call)
{
    (void)in;
    out->Celsius = 20.5;
    out->Target = 21;
    out->MeasuredAt =
        bark_time_of_unix((int64_t)(call->now_ns / 1000000000u), (uint32_t)(call->now_ns % 1000000000u));
    return BARK_OK;
}

static const struct thermo_Thermostat_handlers handlers = { .GetTemperature = get_temperature };

static enum bark_code ticks_fill(struct bark_resource_call *call)
{
    const struct room *room = call->user;
    char *text = bark_arena_alloc(call->arena, 32, 1);
    if (!text)
        return BARK_ERR_MEMORY;
    snprintf(text, 32, "%u\n", room->ticks);
    call->bytes = (struct bark_slice){ (const uint8_t *)text, strlen(text) };
    return BARK_OK;
}

int room_failed(const struct bark_error *err)
{
    char text[640];
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "own-loop: %s\n", text);
    return 1;
}

struct bark_server *room_open(struct room *room, const char *listen)
{
    static const char about[] = "a room\n";
    struct bark_error err = { 0 };
    struct bark_server_options options = { .listen = listen,
                                           .services = room->services,
                                           .service_count = 1,
                                           .resources = room->resources,
                                           .resource_count = 2,
                                           .server_name = "own-loop" };
    struct bark_server *server = NULL;
    *room = (struct room){ .ticks = 0 };
    room->service = (struct bark_service){ .path = "/room",
                                           .image = &room->image,
                                           .service_row = thermo_Thermostat_row,
                                           .dispatch = thermo_Thermostat_dispatch,
                                           .handlers = &handlers };
    room->services[0] = &room->service;
    room->resources[0] = (struct bark_resource){ .target = "/room?about",
                                                 .content_type = "text/plain",
                                                 .bytes = { (const uint8_t *)about, sizeof about - 1 },
                                                 .etag = "\"1\"" };
    room->resources[1] = (struct bark_resource){
        .target = "/ticks", .content_type = "text/plain", .fill = ticks_fill, .user = room
    };
    if (bark_image_open(&room->image, thermostat_tables(), &err) == BARK_OK)
        server = bark_server_new(&options, &err);
    if (!server) {
        (void)room_failed(&err);
        return NULL;
    }
    printf("own-loop: http://127.0.0.1:%u/room\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    return server;
}
