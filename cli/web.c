/* cli/web.c - one GET over plain HTTP, by the client's own exchange: its bounds, its deadline, its
 * strictness.
 */
#include "web.h"

#include "cli.h"

#include "client/exchange.h"
#include "net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NS_PER_MS = 1000000, HEAD_BYTES = 32 * 1024 };

static bool answer_keep(const struct bark_exchange *x, const struct bark_exchange_answer *got,
                        struct cli_web_answer *answer)
{
    struct bark_slice location;
    answer->status = got->status;
    answer->size = got->body.len;
    answer->body = cli_text_copy(got->body);
    if (bark_http_field(&x->reader, "Location", &location) == 1)
        answer->location = cli_text_copy(location);
    return answer->body != NULL;
}

bool cli_web_get(const struct cli_web *web, const char *url, size_t size_max, struct cli_web_answer *answer,
                 char *why, size_t why_size)
{
    struct bark_limits limits = bark_limits_server;
    struct bark_error err = { .code = BARK_OK };
    struct bark_exchange x;
    struct bark_exchange_answer got;
    bool good = false;
    *answer = (struct cli_web_answer){ 0 };
    if (strncmp(url, "https://", 8) == 0)
        return cli_web_get_secure(web, url, size_max, answer, why, why_size);
    limits.body_bytes = size_max;
    limits.http_head_bytes = HEAD_BYTES;
    if (bark_exchange_open(&x, url, &limits, NULL, &err) == BARK_OK) {
        const size_t room_len = bark_exchange_head_room(&x);
        uint8_t *room = malloc(room_len);
        const struct bark_exchange_request request = {
            .room = room,
            .room_len = room_len,
            .deadline_ns = bark_net_monotonic_ns() + (uint64_t)web->timeout_ms * NS_PER_MS,
        };
        good =
            room && bark_exchange_post(&x, &request, &got, &err) == BARK_OK && answer_keep(&x, &got, answer);
        free(room);
    }
    if (!good)
        snprintf(why, why_size, "%s",
                 err.rule   ? err.rule
                 : err.code ? bark_code_text(err.code)
                            : "out of memory");
    bark_exchange_close(&x);
    return good;
}
