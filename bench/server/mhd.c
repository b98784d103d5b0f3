/* bench/server/mhd.c - libmicrohttpd: reads a request, answers a body of a given size; no SOAP, no XML.
 *
 *     bench_mhd BODY_BYTES
 *
 * One internal thread with epoll, as its manual advises for many connections. Prints "port N"; ends with its
 * parent's signal.
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct MHD_Response *response;

static enum MHD_Result answer(void *user, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *body, size_t *body_len,
                              void **state)
{
    static int started;
    (void)user, (void)url, (void)method, (void)version, (void)body;
    if (!*state) {
        *state = &started; /* the head alone has come */
        return MHD_YES;
    }
    if (*body_len > 0) {
        *body_len = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int count, char **words)
{
    const size_t size = count == 2 ? strtoul(words[1], NULL, 10) : 400;
    char *body = malloc(size);
    struct MHD_Daemon *daemon;
    if (!body)
        return 1;
    memset(body, 'x', size);
    response = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/soap+xml; charset=utf-8");
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
                              MHD_OPTION_CONNECTION_LIMIT, 1100u, MHD_OPTION_END);
    if (!daemon)
        return 1;
    printf("port %u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    for (;;)
        pause();
}
