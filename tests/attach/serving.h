/* attach/serving.h - runs a server of a test on a port of 127.0.0.1, until SIGTERM.
 */
#ifndef ATTACH_SERVING_H
#define ATTACH_SERVING_H

#include "soapbark/server.h"

#include <signal.h>
#include <stdio.h>

static struct bark_server *serving; /* for the signal handler */

static void serving_stop(int signal_number)
{
    (void)signal_number;
    bark_server_stop(serving);
}

static int failure(const char *name, const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "%s_server: %s\n", name, text);
    return 1;
}

/* Says that NAME_server serves /NAME at which port. The exit status. */
static int serve(const char *name, const struct bark_server_options *options)
{
    struct bark_error err = { 0 };
    serving = bark_server_new(options, &err);
    if (!serving)
        return failure(name, &err);
    (void)signal(SIGTERM, serving_stop);
    printf("%s_server: http://127.0.0.1:%u/%s\n", name, (unsigned)bark_server_port(serving), name);
    fflush(stdout);
    const int status = bark_server_run(serving, &err) == BARK_OK ? 0 : failure(name, &err);
    (void)signal(SIGTERM, SIG_IGN); /* a second one would stop a server that is gone */
    bark_server_free(serving);
    return status;
}

#endif
