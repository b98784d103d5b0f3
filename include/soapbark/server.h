/* soapbark/server.h - serves SOAP services over HTTP on one thread (epoll).
 */
#ifndef SOAPBARK_SERVER_H
#define SOAPBARK_SERVER_H

#include "soapbark/soap.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One finished request, for the log. Texts are valid during the call only; secrets are already redacted. */
struct bark_request_log {
    uint64_t request; /* number of the request in this process, from 1 */
    uint64_t now_ns; /* wall clock */
    struct bark_text peer; /* "127.0.0.1:40312" */
    struct bark_text method, path;
    struct bark_text operation; /* empty when none was reached */
    unsigned status;
    uint64_t bytes_in, bytes_out, arena_peak, duration_ns;
    const struct bark_error *error; /* NULL when all went well */
};

struct bark_server_options {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0"; port 0 takes a free one */
    const struct bark_limits *limits; /* NULL: bark_limits_server */
    const struct bark_service *const *services; /* must outlive the server */
    size_t service_count;
    void (*log)(void *user, const struct bark_request_log *entry); /* NULL: no log */
    void *log_user;
};

struct bark_server;

/** Listens, or NULL with *err. */
struct bark_server *bark_server_new(const struct bark_server_options *options, struct bark_error *err);
uint16_t bark_server_port(const struct bark_server *server);

/** Serves until bark_server_stop(). */
BARK_MUST_CHECK enum bark_code bark_server_run(struct bark_server *server, struct bark_error *err);

/** Ends bark_server_run() after the requests under way. Safe from a signal handler and from another thread.
 */
void bark_server_stop(struct bark_server *server);
void bark_server_free(struct bark_server *server);

/** Writes a log entry as one JSON line to a file descriptor (user points to an int). Control characters and
 * bytes that are not UTF-8 are escaped [row 40]. */
void bark_log_json_line(void *user, const struct bark_request_log *entry);

#ifdef __cplusplus
}
#endif
#endif
