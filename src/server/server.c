/* server/server.c - the public face: services and options on top of the driver. */
#define _GNU_SOURCE
#include "server/loop.h"

#include <stdlib.h>

struct bark_server {
    struct bark_limits limits;
    struct bark_soap_host host;
    struct bark_driver driver;
    bool begun; /* step by step */
};

static bool operation_is_in(const uint16_t *operations, size_t count, uint16_t operation)
{
    for (size_t i = 0; i < count; i++)
        if (operations[i] == operation)
            return true;
    return operations == NULL;
}

/* Parts pass on the loop of their connection: an operation cannot stream and be a worker's. */
static bool streaming_is_slow(const struct bark_service *service, const struct bark_slow_service *slow)
{
    const struct bark_streaming *s = service->streaming;
    const struct bark_service_row *row = &service->image->services[service->service_row];
    for (uint16_t i = 0; slow->service == service && i < row->count; i++)
        if (operation_is_in(s->operations, s->operation_count, (uint16_t)(row->first + i)) &&
            operation_is_in(slow->operations, slow->operation_count, (uint16_t)(row->first + i)))
            return true;
    return false;
}

static enum bark_code streaming_check(const struct bark_service *service,
                                      const struct bark_server_options *options,
                                      const struct bark_limits *limits, struct bark_error *err)
{
    const struct bark_streaming *s = service->streaming;
    if (!service->attachments)
        return bark_fail(err, BARK_ERR_USE, 0, "a service that streams has attachments");
    if (s->body_bytes == 0)
        return bark_fail(err, BARK_ERR_USE, 0, "bark_streaming.body_bytes: 0 is no limit");
    if (s->message_bytes > limits->body_bytes || s->message_bytes > s->body_bytes)
        return bark_fail(err, BARK_ERR_USE, 0, "bark_streaming.message_bytes: more than a body may have");
    for (size_t i = 0; i < options->slow_count; i++)
        if (streaming_is_slow(service, &options->slow[i]))
            return bark_fail(err, BARK_ERR_USE, 0,
                             "an operation that streams runs on its loop, and cannot be slow");
    return BARK_OK;
}

/* The longest body that is taken as it comes; 0: none is. */
static enum bark_code services_check(const struct bark_server_options *options,
                                     const struct bark_limits *limits, uint64_t *streamed_max,
                                     struct bark_error *err)
{
    enum bark_code code = BARK_OK;
    for (size_t i = 0; i < options->service_count && code == BARK_OK; i++) {
        const struct bark_streaming *s = options->services[i]->streaming;
        if (!s)
            continue;
        code = streaming_check(options->services[i], options, limits, err);
        if (s->body_bytes > *streamed_max)
            *streamed_max = s->body_bytes;
    }
    return code;
}

static enum bark_code server_open(struct bark_server *s, const struct bark_server_options *options,
                                  struct bark_error *err)
{
    struct bark_driver_options driver = { .limits = &s->limits,
                                          .service = { .user = &s->host,
                                                       .admit = bark_soap_host_admit,
                                                       .serve = bark_soap_host_serve,
                                                       .slow = bark_soap_host_slow,
                                                       .judge = bark_soap_host_judge,
                                                       .group_name = bark_soap_host_group_name,
                                                       .group_count = (uint32_t)options->service_count,
                                                       .streams = bark_soap_host_streams,
                                                       .uploads = &bark_soap_host_uploads },
                                          .unix_mode = options->unix_mode,
                                          .server_name = options->server_name,
                                          .handover_path = options->handover_path,
                                          .buffer_bytes = options->buffer_bytes,
                                          .buffer_bytes_per_peer = options->buffer_bytes_per_peer,
                                          .threads = options->threads,
                                          .workers = options->workers,
                                          .queue = options->worker_queue,
                                          .drain_ms = options->drain_ms,
                                          .tls = options->tls,
                                          .coding = options->coding,
                                          .compress_bytes = options->compress_bytes,
                                          .log = options->log,
                                          .log_user = options->log_user,
                                          .log_events_per_s = options->log_events_per_s,
                                          .request_ids = options->request_ids };
    const char **listen;
    enum bark_code code;
    if (!options->listen || options->service_count == 0)
        return bark_fail(err, BARK_ERR_USE, 0, "a server needs an address and a service");
    code = bark_limits_check(&s->limits, err);
    if (code == BARK_OK)
        code = bark_resources_check(options->resources, options->resource_count, options->server_name, err);
    if (code == BARK_OK)
        code = services_check(options, &s->limits, &driver.service.streamed_max, err);
    if (code == BARK_OK && options->metrics_path && options->metrics_path[0] != '/')
        code = bark_fail(err, BARK_ERR_USE, 0, "metrics_path starts with a slash");
    if (code != BARK_OK)
        return code;
    driver.listen_count = options->listen_more_count + 1;
    listen = calloc(driver.listen_count, sizeof *listen);
    if (!listen)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
    listen[0] = options->listen;
    for (size_t i = 1; i < driver.listen_count; i++)
        listen[i] = options->listen_more[i - 1];
    driver.listen = listen;
    code = bark_driver_init(&s->driver, &driver, err);
    free(listen);
    return code;
}

struct bark_server *bark_server_new(const struct bark_server_options *options, struct bark_error *err)
{
    struct bark_server *s = calloc(1, sizeof *s);
    if (!s) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
        return NULL;
    }
    s->limits = options->limits ? *options->limits : bark_limits_server;
    s->host = (struct bark_soap_host){ .limits = &s->limits,
                                       .services = options->services,
                                       .service_count = options->service_count,
                                       .auth = options->auth,
                                       .capture = options->capture,
                                       .metrics_path = options->metrics_path,
                                       .metrics_access = options->metrics_access,
                                       .driver = &s->driver,
                                       .host_names = options->host_names,
                                       .host_name_count = options->host_name_count,
                                       .slow = options->slow,
                                       .slow_count = options->slow_count,
                                       .resources = options->resources,
                                       .resource_count = options->resource_count };
    if (server_open(s, options, err) != BARK_OK) {
        bark_server_free(s);
        return NULL;
    }
    return s;
}

uint16_t bark_server_port(const struct bark_server *server)
{
    return bark_server_port_at(server, 0);
}

uint16_t bark_server_port_at(const struct bark_server *server, size_t index)
{
    if (index >= server->driver.listener_count)
        return 0;
    return bark_net_address_port(&server->driver.listeners[index].bound);
}

enum bark_code bark_server_run(struct bark_server *server, struct bark_error *err)
{
    return bark_driver_run(&server->driver, err);
}

int bark_server_fd(const struct bark_server *server)
{
    return server->driver.loops[0].poll_fd;
}

int bark_server_due_ms(const struct bark_server *server)
{
    return bark_loop_due_ms(&server->driver.loops[0]);
}

enum bark_code bark_server_step(struct bark_server *server, struct bark_error *err)
{
    if (server->driver.loop_count != 1)
        return bark_fail(err, BARK_ERR_USE, 0, "a server of several threads runs by itself");
    if (!server->begun) {
        enum bark_code code = bark_driver_begin(&server->driver, err);
        if (code != BARK_OK)
            return code;
        server->begun = true;
    }
    return bark_loop_turn(&server->driver.loops[0], 0, err);
}

bool bark_server_done(struct bark_server *server)
{
    return bark_loop_done(&server->driver.loops[0]);
}

void bark_server_stop(struct bark_server *server)
{
    bark_driver_stop(&server->driver);
}

bool bark_server_handed_over(const struct bark_server *server)
{
    return atomic_load(&server->driver.handed_over);
}

void bark_server_free(struct bark_server *server)
{
    if (!server)
        return;
    bark_driver_free(&server->driver);
    free(server);
}
