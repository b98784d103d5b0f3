/* bench/server/gsoap.c - the camera of camera.wsdl, served by gSOAP.
 *
 *     bench_gsoap THREADS
 *
 * Set up as its guide advises for speed: keep-alive, no multi-reference scan (SOAP_XML_TREE), UTF-8 strings,
 * a pool of threads that each accept and serve a connection until it closes, -O2. Prints "port N"; ends with
 * its parent's signal.
 */
#include "CameraSoap12.nsmap"
#include "soapH.h"

#include <netinet/in.h>
#include <pthread.h>

enum { PROFILES = 10, NAME = 32, BACKLOG = 1024 };

static struct ns1__VideoSource sources[PROFILES];
static struct ns1__VideoEncoder encoders[PROFILES];
static struct ns1__PTZ ptz[PROFILES];
static struct ns1__Profile profiles[PROFILES];
static char names[PROFILES][4][NAME];

static char *named(int i, int part, const char *what)
{
    snprintf(names[i][part], NAME, "%s_%d", what, i);
    return names[i][part];
}

static void profiles_make(void)
{
    static struct ns1__Bounds bounds = { .x = 0, .y = 0, .width = 2560, .height = 1440 };
    static struct ns1__Resolution resolution = { .Width = 2560, .Height = 1440 };
    static struct ns1__RateControl rate = { .FrameRateLimit = 25,
                                            .EncodingInterval = 1,
                                            .BitrateLimit = 4096 };
    static struct ns1__Address address = { .Type = "IPv4", .IPv4Address = "239.192.0.10" };
    static struct ns1__Multicast multicast = { .Address = &address, .Port = 32002, .TTL = 5 };
    static enum xsd__boolean fixed = 1;
    static float pan = 0.5f, zoom = 0.25f;
    for (int i = 0; i < PROFILES; i++) {
        sources[i] = (struct ns1__VideoSource){ .token = named(i, 0, "VideoSourceConfig"),
                                                .Name = "Front door",
                                                .UseCount = i,
                                                .SourceToken = "VideoSource_1",
                                                .Bounds = &bounds };
        encoders[i] = (struct ns1__VideoEncoder){ .token = named(i, 1, "VideoEncoderConfig"),
                                                  .Name = "Main stream",
                                                  .UseCount = i,
                                                  .Encoding = ns1__Encoding__H264,
                                                  .Resolution = &resolution,
                                                  .Quality = 4.5f,
                                                  .RateControl = &rate,
                                                  .Multicast = &multicast,
                                                  .SessionTimeout = "PT60S" };
        ptz[i] = (struct ns1__PTZ){ .token = named(i, 2, "PTZConfig"),
                                    .Name = "Dome",
                                    .UseCount = i,
                                    .NodeToken = "PTZNode_1",
                                    .DefaultPanTiltSpace =
                                        "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace",
                                    .DefaultZoomSpace =
                                        "http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace",
                                    .PanSpeed = &pan,
                                    .ZoomSpeed = &zoom,
                                    .DefaultTimeout = "PT5S" };
        profiles[i] = (struct ns1__Profile){ .token = named(i, 3, "Profile"),
                                             .fixed = &fixed,
                                             .Name = "Profile for recording",
                                             .VideoSource = &sources[i],
                                             .VideoEncoder = &encoders[i],
                                             .PTZ = &ptz[i] };
    }
}

int __ns1__GetTime(struct soap *soap, struct _ns1__GetTime *in, struct _ns1__GetTimeResponse *out)
{
    (void)soap;
    (void)in;
    *out = (struct _ns1__GetTimeResponse){
        .Type = "NTP", .Hour = 12, .Minute = 34, .Second = 56, .Year = 2026, .Month = 11, .Day = 30
    };
    return SOAP_OK;
}

int __ns1__GetProfiles(struct soap *soap, struct _ns1__GetProfiles *in, struct _ns1__GetProfilesResponse *out)
{
    (void)soap;
    (void)in;
    out->__sizeProfile = PROFILES;
    out->Profile = profiles;
    return SOAP_OK;
}

static pthread_mutex_t accepting = PTHREAD_MUTEX_INITIALIZER;

static void *serve(void *user)
{
    struct soap *soap = soap_copy(user);
    while (soap) {
        int valid;
        pthread_mutex_lock(&accepting);
        valid = soap_valid_socket(soap_accept(soap));
        pthread_mutex_unlock(&accepting);
        if (valid)
            soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    return NULL;
}

int main(int count, char **words)
{
    const int threads = count == 2 ? atoi(words[1]) : 1;
    struct sockaddr_in bound;
    socklen_t len = sizeof bound;
    struct soap *soap = soap_new1(SOAP_XML_TREE | SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE);
    pthread_t last;
    profiles_make();
    soap->max_keep_alive = 0x7fffffff;
    soap->bind_flags = SO_REUSEADDR;
    soap->tcp_keep_alive = 1;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, BACKLOG)))
        return 1;
    if (getsockname(soap->master, (struct sockaddr *)&bound, &len) != 0)
        return 1;
    printf("port %u\n", (unsigned)ntohs(bound.sin_port));
    fflush(stdout);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&last, NULL, serve, soap) != 0)
            return 1;
    pthread_join(last, NULL);
    return 1;
}
