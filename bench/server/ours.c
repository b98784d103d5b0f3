/* bench/server/ours.c - the camera of camera.wsdl, served by this library on one thread.
 *
 *     bench_camera
 *
 * The profiles stand ready in the structs that the answer is encoded from, as they would in a device. Prints
 * "port N"; ends with its parent's signal.
 */
#include "camera.h"
#include "soapbark/server.h"

#include <stdio.h>
#include <string.h>

enum { PROFILES = 10, NAME = 32 };

static struct cam_VideoSource sources[PROFILES];
static struct cam_VideoEncoder encoders[PROFILES];
static struct cam_PTZ ptz[PROFILES];
static struct cam_RateControl rates[PROFILES];
static struct cam_Profile profiles[PROFILES];
static char names[PROFILES][4][NAME];

static struct bark_text named(int i, int part, const char *what)
{
    int len = snprintf(names[i][part], NAME, "%s_%d", what, i);
    return (struct bark_text){ names[i][part], (size_t)len };
}

static void profiles_make(void)
{
    for (int i = 0; i < PROFILES; i++) {
        rates[i] = (struct cam_RateControl){ 25, 1, 4096 + i };
        sources[i] = (struct cam_VideoSource){ .token = named(i, 0, "VideoSourceConfig"),
                                               .Name = bark_text("Front door"),
                                               .UseCount = i,
                                               .SourceToken = bark_text("VideoSource_1"),
                                               .Bounds = { 0, 0, 2560, 1440 } };
        encoders[i] = (struct cam_VideoEncoder){
            .token = named(i, 1, "VideoEncoderConfig"),
            .Name = bark_text("Main stream"),
            .UseCount = i,
            .Encoding = cam_Encoding_H264,
            .Resolution = { 2560, 1440 },
            .Quality = 4.5f,
            .RateControl = &rates[i],
            .Multicast = { { bark_text("IPv4"), bark_text("239.192.0.10") }, 32002, 5, false },
            .SessionTimeout = bark_text("PT60S")
        };
        ptz[i] = (struct cam_PTZ){
            .token = named(i, 2, "PTZConfig"),
            .Name = bark_text("Dome"),
            .UseCount = i,
            .NodeToken = bark_text("PTZNode_1"),
            .DefaultPanTiltSpace =
                bark_text("http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"),
            .DefaultZoomSpace = bark_text("http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace"),
            .PanSpeed = 0.5f,
            .has_PanSpeed = true,
            .ZoomSpeed = 0.25f,
            .has_ZoomSpeed = true,
            .DefaultTimeout = bark_text("PT5S")
        };
        profiles[i] = (struct cam_Profile){ .token = named(i, 3, "Profile"),
                                            .fixed = true,
                                            .has_fixed = true,
                                            .Name = bark_text("Profile for recording"),
                                            .VideoSource = &sources[i],
                                            .VideoEncoder = &encoders[i],
                                            .PTZ = &ptz[i] };
    }
}

static enum bark_code get_time(const struct cam_GetTime *in, struct cam_GetTimeResponse *out,
                               struct bark_call *call)
{
    (void)in;
    (void)call;
    *out = (struct cam_GetTimeResponse){ bark_text("NTP"), 12, 34, 56, 2026, 11, 30, false };
    return BARK_OK;
}

static enum bark_code get_profiles(const struct cam_GetProfiles *in, struct cam_GetProfilesResponse *out,
                                   struct bark_call *call)
{
    (void)in;
    (void)call;
    out->Profile.items = profiles;
    out->Profile.count = PROFILES;
    return BARK_OK;
}

int main(void)
{
    static const struct cam_Camera_handlers handlers = { .GetTime = get_time, .GetProfiles = get_profiles };
    struct bark_limits limits = bark_limits_server;
    struct bark_image image;
    struct bark_error err = { 0 };
    static _Alignas(8) unsigned char plan[1 << 14];
    if (bark_image_open(&image, camera_tables(), &err) != BARK_OK)
        return 1;
    if (bark_plan_make(&image, plan, sizeof plan) != BARK_OK)
        return 1;
    const struct bark_service service = { .path = "/camera",
                                          .image = &image,
                                          .service_row = cam_Camera_row,
                                          .dispatch = cam_Camera_dispatch,
                                          .handlers = &handlers };
    const struct bark_service *services[] = { &service };
    limits.connections = limits.connections_per_peer = 1100;
    limits.requests_per_connection = UINT32_MAX;
    struct bark_server_options options = {
        .listen = "127.0.0.1:0", .limits = &limits, .services = services, .service_count = 1
    };
    struct bark_server *server;
    profiles_make();
    server = bark_server_new(&options, &err);
    if (!server)
        return 1;
    printf("port %u\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    int status = bark_server_run(server, &err) == BARK_OK ? 0 : 1;
    bark_server_free(server);
    return status;
}
