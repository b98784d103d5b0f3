/* own_loop/poll_loop.c - a SOAP server inside a loop of poll(), beside the program's own descriptors and
 * timer.
 *
 *     own-loop-poll 127.0.0.1:8080
 *
 * The loop waits for the server, for the signal that ends the program, and for its own ticks; whichever comes
 * first.
 */
#define _GNU_SOURCE
#include "room.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { TICK_MS = 50 };

static int signals_open(void)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int count, char **words)
{
    struct room room;
    struct bark_error err = { 0 };
    struct bark_server *server;
    int signals = signals_open(), status = 0;
    if (count != 2) {
        fprintf(stderr, "usage: own-loop-poll HOST:PORT\n");
        return 2;
    }
    server = room_open(&room, words[1]);
    if (!server || signals < 0)
        return 1;
    while (!bark_server_done(server)) {
        struct pollfd wait[] = { { .fd = bark_server_fd(server), .events = POLLIN },
                                 { .fd = signals, .events = POLLIN } };
        int due_ms = bark_server_due_ms(server);
        (void)poll(wait, 2, due_ms >= 0 && due_ms < TICK_MS ? due_ms : TICK_MS);
        if (wait[1].revents) {
            bark_server_stop(server);
            signals = -1; /* poll() leaves out what is negative: once is enough */
        }
        if (bark_server_step(server, &err) != BARK_OK) {
            status = room_failed(&err);
            break;
        }
        room.ticks++; /* the program's own work would be here */
    }
    bark_server_free(server);
    return status;
}
