/* server/metrics_test.c - counts add up over loops and end in the right bucket; who may see them. */
#include "server/loop.h"
#include "testkit.h"

#include <stdlib.h>

static char text[64 * 1024];

static const char *written(struct bark_driver *d)
{
    struct bark_out o;
    bark_out_init(&o, text, sizeof text - 1);
    bark_metrics_write(d, &o);
    CHECK(bark_out_ok(&o));
    text[o.pos] = '\0';
    return text;
}

static const char *group_name(void *user, uint32_t group)
{
    (void)user;
    return group == 0 ? "/a\"\\\nB" : "/b";
}

static void driver_free(struct bark_driver *d)
{
    for (uint32_t i = 0; i < d->loop_count; i++)
        bark_metrics_free(&d->loops[i].metrics);
    free(d->loops);
}

static struct bark_driver driver_new(void)
{
    struct bark_driver d = { .service = { .group_name = group_name, .group_count = 2 }, .loop_count = 2 };
    d.loops = calloc(2, sizeof *d.loops);
    for (uint32_t i = 0; i < 2; i++)
        CHECK(d.loops && bark_metrics_init(&d.loops[i].metrics, 2));
    return d;
}

TEST(requests_are_counted_once_and_add_up)
{
    struct bark_error err = { .code = BARK_ERR_LIMIT, .rule = "limits.body_bytes" };
    const struct bark_request_log good = { .status = 200,
                                           .bytes_in = 10,
                                           .bytes_out = 20,
                                           .arena_peak = 1024,
                                           .duration_ns = 100000,
                                           .user = { "u", 1 } };
    const struct bark_request_log bad = { .status = 413,
                                          .event = BARK_LOG_FRAMING_REFUSED,
                                          .error = &err,
                                          .arena_peak = 1025,
                                          .duration_ns = UINT64_C(3600000000001) };
    const struct bark_request_log handshake = { .event = BARK_LOG_HANDSHAKE_FAILED };
    struct bark_driver d = driver_new();
    bark_metrics_request(&d.loops[0].metrics, &good, 0, 0);
    bark_metrics_request(&d.loops[1].metrics, &good, 0, 1 + BARK_FAULT_MUST_UNDERSTAND);
    bark_metrics_request(&d.loops[1].metrics, &bad, 2, 0);
    bark_metrics_request(&d.loops[1].metrics, &handshake, 2, 0);
    static const char *const lines[] = {
        "\nsoapbark_requests_total{service=\"/a\\\"\\\\\\nB\",status=\"2xx\"} 2\n",
        "\nsoapbark_requests_total{service=\"/b\",status=\"2xx\"} 0\n",
        "\nsoapbark_requests_total{service=\"\",status=\"4xx\"} 1\n",
        "\nsoapbark_requests_total{service=\"\",status=\"none\"} 1\n",
        "\nsoapbark_events_total{event=\"framing_refused\"} 1\n",
        "\nsoapbark_events_total{event=\"request\"} 2\n",
        "\nsoapbark_faults_total{code=\"must_understand\"} 1\n",
        "\nsoapbark_errors_total{code=\"err_limit\"} 1\n",
        "\nsoapbark_broken_rules_total{family=\"limits\"} 1\n",
        "\nsoapbark_logins_total 2\n",
        "\nsoapbark_received_bytes_total 20\n",
        "\nsoapbark_sent_bytes_total 40\n",
        "\nsoapbark_request_duration_seconds_bucket{le=\"0.0001\"} 2\n",
        "\nsoapbark_request_duration_seconds_bucket{le=\"2.5\"} 2\n",
        "\nsoapbark_request_duration_seconds_bucket{le=\"+Inf\"} 3\n",
        "\nsoapbark_request_duration_seconds_count 3\n",
        "\nsoapbark_request_duration_seconds_sum 3600.000200001\n",
        "\nsoapbark_arena_peak_bytes_bucket{le=\"1024.0\"} 2\n",
        "\nsoapbark_arena_peak_bytes_bucket{le=\"4096.0\"} 3\n",
        "\nsoapbark_arena_peak_bytes_sum 3073\n",
    };
    written(&d);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK_IN(lines[i], strstr(text, lines[i]) != NULL);
    driver_free(&d);
}

/* From this machine, or by a level that has the right where the server asks who calls; nobody else. */
TEST(who_may_see_them)
{
    static const struct bark_identity admin = { .level = BARK_LEVEL_ADMINISTRATOR };
    struct bark_driver d = driver_new();
    for (unsigned local = 0; local < 2; local++) {
        struct bark_http_reader reader = { .message = { .method = { (const uint8_t *)"GET", 3 },
                                                        .path = { (const uint8_t *)"/metrics", 8 } } };
        struct bark_soap_host host = { .metrics_path = "/metrics", .driver = &d };
        struct bark_http_answer answer = { .status = 500 };
        struct bark_error err = { 0 };
        struct bark_refusal refusal;
        struct bark_route route;
        struct bark_out o;
        const struct bark_loop_request request = {
            .reader = &reader, .route = &route, .local = local, .answer = &answer, .error = &err
        };
        bark_soap_host_admit(&host, &reader, &route, &refusal);
        CHECK(refusal.status == 0);
        bark_out_init(&o, text, sizeof text);
        bark_soap_host_serve(&host, &request, &o);
        CHECK(answer.status == (local ? 200 : 403) && (o.pos > 0) == (local == 1));
        reader.message.query = (struct bark_slice){ (const uint8_t *)"a", 1 };
        bark_soap_host_admit(&host, &reader, &route, &refusal);
        CHECK(refusal.status == 404);
        reader.message.query = (struct bark_slice){ 0 };
        reader.message.method = (struct bark_slice){ (const uint8_t *)"POST", 4 };
        bark_soap_host_admit(&host, &reader, &route, &refusal);
        CHECK(refusal.status == 405);
        host.metrics_path = NULL;
        bark_soap_host_admit(&host, &reader, &route, &refusal);
        CHECK(refusal.status == 404);
    }
    CHECK(!bark_access_allowed(BARK_ACCESS_NOBODY, admin.level)); /* so 0 lets nobody in from elsewhere */
    driver_free(&d);
}

TEST_MAIN(RUN(requests_are_counted_once_and_add_up) RUN(who_may_see_them))
