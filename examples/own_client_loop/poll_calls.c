/* own_client_loop/poll_calls.c - asks several thermostats at once, from one thread, inside a loop of poll().
 *
 *     own-client-loop URL [URL ...]
 *
 * Each call is a descriptor to wait for and a time after which to look at it anyway. Whichever has something
 * to do takes a step; no step waits, so a server that is slow or gone holds nobody up. Clients share a pool,
 * and each asks twice: the second request finds the connection of the first one.
 */
#define _GNU_SOURCE
#include "thermostat.h"

#include "soapbark/client.h"

#include <poll.h>
#include <stdio.h>

enum { CALLS_MAX = 64, ROUNDS = 2, PATIENCE_MS = 2000 };

struct asked {
    const char *url;
    struct bark_client *client;
    struct bark_client_wait wait;
    bool over;
};

static void failure_print(const char *url, const struct bark_error *err)
{
    char text[640];
    (void)bark_error_text(err, text, sizeof text);
    printf("%s: %s: %s\n", url, bark_code_text(err->code), text);
}

static void call_step(struct asked *call)
{
    struct bark_error err = { 0 };
    const struct thermo_GetTemperatureResponse *out;
    const enum bark_code code = thermo_Thermostat_GetTemperature_step(call->client, &call->wait, &out, &err);
    if (code == BARK_MORE)
        return;
    call->over = true;
    if (code == BARK_OK)
        printf("%s: %.1f degrees\n", call->url, out->Celsius);
    else
        failure_print(call->url, &err);
}

static void call_begin(struct asked *call)
{
    const struct thermo_GetTemperature question = { 0 };
    struct bark_error err = { 0 };
    call->over = false;
    /* The question is written here; it need not live on. */
    if (thermo_Thermostat_GetTemperature_start(call->client, &question, &err) == BARK_OK) {
        call_step(call);
        return;
    }
    call->over = true;
    failure_print(call->url, &err);
}

/* Until all are over. The program's own descriptors would stand in the same array. */
static void calls_run(struct asked *calls, size_t count)
{
    for (;;) {
        struct pollfd waits[CALLS_MAX];
        struct asked *waiting[CALLS_MAX];
        nfds_t n = 0;
        int patience_ms = PATIENCE_MS;
        for (size_t i = 0; i < count; i++) {
            if (calls[i].over)
                continue;
            waiting[n] = &calls[i];
            waits[n++] = (struct pollfd){ .fd = calls[i].wait.fd, .events = calls[i].wait.events };
            if (calls[i].wait.timeout_ms < patience_ms)
                patience_ms = calls[i].wait.timeout_ms;
        }
        if (n == 0)
            return;
        (void)poll(waits, n, patience_ms); /* a signal or a time that has come: stepping too early is fine */
        for (nfds_t i = 0; i < n; i++)
            call_step(waiting[i]);
    }
}

int main(int count, char **words)
{
    static struct asked calls[CALLS_MAX];
    const size_t asked = (size_t)count - 1;
    struct bark_error err = { 0 };
    struct bark_image image;
    struct bark_client_pool *pool;
    if (count < 2 || asked > CALLS_MAX) {
        fprintf(stderr, "usage: own-client-loop URL [URL ...]\n");
        return 2;
    }
    pool = bark_client_pool_new(NULL, &err);
    if (!pool || bark_image_open(&image, thermostat_tables(), &err) != BARK_OK)
        return 1;
    for (size_t i = 0; i < asked; i++) {
        const struct bark_client_options options = {
            .url = words[i + 1], .image = &image, .timeout_ms = PATIENCE_MS, .pool = pool
        };
        calls[i].url = words[i + 1];
        calls[i].client = bark_client_new(&options, &err);
        /* A host name is looked up now, before the loop: that is the only thing that can block. */
        if (!calls[i].client || bark_client_resolve(calls[i].client, &err) != BARK_OK) {
            failure_print(words[i + 1], &err);
            return 1;
        }
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < asked; i++)
            call_begin(&calls[i]);
        calls_run(calls, asked);
    }
    const struct bark_pool_counts counts = bark_client_pool_counts(pool);
    printf("%u connections made, %u requests on one that was there\n", (unsigned)counts.made,
           (unsigned)counts.reused);
    for (size_t i = 0; i < asked; i++)
        bark_client_free(calls[i].client);
    bark_client_pool_free(pool);
    return 0;
}
