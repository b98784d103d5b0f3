/* own_loop/uv_loop.c - a SOAP server inside a libuv loop.
 *
 *     own-loop-uv 127.0.0.1:8080
 *
 * One uv_poll_t watches the server's descriptor, one uv_timer_t its next deadline; both only call step(). The
 * other timer is the program's own work.
 */
#define _GNU_SOURCE
#include "room.h"

#include <signal.h>
#include <stdio.h>
#include <uv.h>

enum { TICK_MS = 50 };

struct program {
    struct room room;
    struct bark_server *server;
    uv_poll_t readable;
    uv_timer_t due, tick;
    uv_signal_t ends[2];
    int status;
};

static void program_end(struct program *p)
{
    uv_close((uv_handle_t *)&p->readable, NULL);
    uv_close((uv_handle_t *)&p->due, NULL);
    uv_close((uv_handle_t *)&p->tick, NULL);
    uv_close((uv_handle_t *)&p->ends[0], NULL);
    uv_close((uv_handle_t *)&p->ends[1], NULL);
}

static void on_due(uv_timer_t *timer);

static void step(struct program *p)
{
    struct bark_error err = { 0 };
    int due_ms;
    if (uv_is_closing((uv_handle_t *)&p->readable))
        return;
    if (bark_server_step(p->server, &err) != BARK_OK) {
        p->status = room_failed(&err);
        program_end(p);
        return;
    }
    if (bark_server_done(p->server)) {
        program_end(p); /* the loop ends when its last handle has */
        return;
    }
    due_ms = bark_server_due_ms(p->server);
    if (due_ms >= 0)
        uv_timer_start(&p->due, on_due, (uint64_t)due_ms, 0);
    else
        uv_timer_stop(&p->due);
}

static void on_due(uv_timer_t *timer)
{
    step(timer->data);
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
    (void)status;
    (void)events;
    step(handle->data);
}

static void on_tick(uv_timer_t *timer)
{
    struct program *p = timer->data;
    p->room.ticks++; /* the program's own work would be here */
}

static void on_signal(uv_signal_t *handle, int which)
{
    struct program *p = handle->data;
    (void)which;
    bark_server_stop(p->server); /* makes the descriptor readable */
}

int main(int count, char **words)
{
    static const int signals[] = { SIGINT, SIGTERM };
    struct program p = { .status = 0 };
    uv_loop_t loop;
    if (count != 2) {
        fprintf(stderr, "usage: own-loop-uv HOST:PORT\n");
        return 2;
    }
    uv_loop_init(&loop);
    p.readable.data = p.due.data = p.tick.data = &p;
    for (int i = 0; i < 2; i++) {
        p.ends[i].data = &p;
        uv_signal_init(&loop, &p.ends[i]);
        uv_signal_start(&p.ends[i], on_signal, signals[i]);
    }
    p.server = room_open(&p.room, words[1]);
    if (!p.server)
        return 1;
    uv_timer_init(&loop, &p.due);
    uv_timer_init(&loop, &p.tick);
    uv_timer_start(&p.tick, on_tick, TICK_MS, TICK_MS);
    uv_poll_init(&loop, &p.readable, bark_server_fd(p.server));
    uv_poll_start(&p.readable, UV_READABLE, on_readable);
    step(&p);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    bark_server_free(p.server);
    return p.status;
}
