/* server/server.c - the public face: a listening socket, a way to stop, and one event loop behind them.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bark_server {
    struct bark_limits limits;
    struct bark_soap_host host;
    struct bark_net_address bound;
    int listen_fd, stop_fd;
    struct bark_loop loop;
};

/* With the budget's default: eight full bodies and answers, whatever the number of connections. */
static enum bark_code server_open(struct bark_server *s, const struct bark_server_options *options,
                                  struct bark_error *err)
{
    const struct bark_loop_service service = { &s->host, bark_soap_host_admit, bark_soap_host_serve };
    uint64_t buffer_bytes = options->buffer_bytes;
    enum bark_code code;
    if (!options->listen || options->service_count == 0)
        return bark_fail(err, BARK_ERR_USE, 0, "a server needs an address and a service");
    code = bark_limits_check(&s->limits, err);
    if (code != BARK_OK)
        return code;
    if (buffer_bytes == 0 &&
        __builtin_add_overflow(s->limits.body_bytes, s->limits.reply_bytes, &buffer_bytes))
        buffer_bytes = UINT64_MAX;
    if (options->buffer_bytes == 0 && __builtin_mul_overflow(buffer_bytes, 8, &buffer_bytes))
        buffer_bytes = UINT64_MAX;
    code = bark_net_listen(options->listen, &s->listen_fd, &s->bound, err);
    if (code != BARK_OK)
        return code;
    s->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->stop_fd < 0)
        return bark_fail(err, BARK_ERR_IO, 0, "the system has no descriptor left");
    code = bark_loop_init(&s->loop, &s->limits, buffer_bytes, &service, s->listen_fd, s->stop_fd, err);
    s->loop.log = options->log;
    s->loop.log_user = options->log_user;
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
                                       .host_names = options->host_names,
                                       .host_name_count = options->host_name_count };
    s->listen_fd = -1;
    s->stop_fd = -1;
    s->loop = (struct bark_loop){ .poll_fd = -1, .reserve_fd = -1 };
    if (server_open(s, options, err) != BARK_OK) {
        bark_server_free(s);
        return NULL;
    }
    return s;
}

uint16_t bark_server_port(const struct bark_server *server)
{
    bool six = server->bound.is.any.sa_family == AF_INET6;
    return ntohs(six ? server->bound.is.v6.sin6_port : server->bound.is.v4.sin_port);
}

enum bark_code bark_server_run(struct bark_server *server, struct bark_error *err)
{
    return bark_loop_run(&server->loop, err);
}

void bark_server_stop(struct bark_server *server)
{
    const uint64_t one = 1;
    ssize_t n = write(server->stop_fd, &one, sizeof one); /* fails only when it was told often before */
    (void)n;
}

void bark_server_free(struct bark_server *server)
{
    if (!server)
        return;
    bark_loop_free(&server->loop);
    if (server->listen_fd >= 0)
        close(server->listen_fd);
    if (server->stop_fd >= 0)
        close(server->stop_fd);
    free(server);
}
