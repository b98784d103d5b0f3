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

static enum bark_code server_open(struct bark_server *s, const struct bark_server_options *options,
                                  struct bark_error *err)
{
    struct bark_driver_options driver = { .limits = &s->limits,
                                          .service = { &s->host, bark_soap_host_admit, bark_soap_host_serve,
                                                       bark_soap_host_slow, bark_soap_host_judge,
                                                       bark_soap_host_group, bark_soap_host_group_name,
                                                       (uint32_t)options->service_count },
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
