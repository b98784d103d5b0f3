/* cli/replay_send.c - soapbark replay's way to a server.
 *
 * What a capture holds of HTTP is path, Content-Type and SOAPAction; who calls is said on the command line,
 * since no capture has it. The URL's own path stands before each exchange's.
 */
#include "replay_send.h"

#include "soapbark/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TARGET_BYTES = 1024, ROUNDS = 3 }; /* a first answer, one to a challenge, one to a newer one */

static bool error_say(const struct cli_sender *s, const char *name, const struct bark_error *err)
{
    cli_error("%s%s%s: %s", name, *name ? ": " : "", s->url,
              err->rule ? err->rule : bark_code_text(err->code));
    return false;
}

/* The value of Proxy-Authorization, or NULL where there is none to say; *fine is false when it cannot be. */
static char *proxy_authorization(const struct cli_proxy *proxy, bool *fine)
{
    struct bark_out out;
    if (!proxy->user)
        return NULL;
    cli_buffer_init(&out);
    *fine = bark_credentials_basic_write(proxy->user, proxy->password, &out);
    bark_out_byte(&out, '\0');
    *fine = *fine && bark_out_ok(&out);
    return (char *)out.base;
}

bool cli_sender_open(struct cli_sender *s, const struct cli_args *args, const struct cli_tls_options *tls,
                     const struct cli_way_options *way, const char *url, uint64_t timeout_ns)
{
    struct bark_client_options client = { .url = url };
    struct bark_exchange_options to = { .url = url, .limits = &bark_limits_server };
    struct bark_error err = { 0 };
    char *authorization = NULL;
    bool fine = true;
    *s = (struct cli_sender){ .url = url,
                              .timeout_ns = timeout_ns,
                              .http = { .stream = { .ops = &bark_net_plain, .fd = -1 } } };
    if (!cli_tls_make(args, tls, url, &s->tls) || !cli_way_make(args, way, &s->way, &client))
        return false;
    authorization = proxy_authorization(&s->way.proxy, &fine);
    to.tls = s->tls;
    to.proxy = s->way.proxy.url;
    to.proxy_authorization = authorization;
    fine = fine && bark_credentials_open(&s->credentials, &client, s->tls != NULL, &err) == BARK_OK &&
           bark_exchange_open_with(&s->http, &to, &err) == BARK_OK;
    if (authorization) {
        bark_secret_wipe(authorization, strlen(authorization));
        free(authorization);
    }
    return fine || error_say(s, "", &err);
}

void cli_sender_close(struct cli_sender *s)
{
    bark_exchange_close(&s->http);
    bark_credentials_close(&s->credentials);
    cli_way_free(&s->way);
    cli_tls_free(s->tls);
}

/* The URL's path and the exchange's. */
static bool target_make(const struct cli_sender *s, const struct cli_exchange *x, char target[TARGET_BYTES])
{
    size_t len = strlen(s->http.target);
    while (len > 0 && s->http.target[len - 1] == '/')
        len--;
    const int n = snprintf(target, TARGET_BYTES, "%.*s%s", (int)len, s->http.target, x->path);
    if (n >= 0 && n < TARGET_BYTES)
        return true;
    cli_error("%s: the URL is too long", x->name);
    return false;
}

/* One round: BARK_OK and the answer. The head goes before the body anew. */
static enum bark_code round_run(struct cli_sender *s, struct bark_exchange_request *request, uint8_t *value,
                                size_t value_room, struct bark_exchange_answer *answer,
                                struct bark_error *err)
{
    const char *target = request->target;
    struct bark_out out;
    bark_out_init(&out, value, value_room);
    enum bark_code code =
        bark_credentials_write(&s->credentials, request->content_type ? "POST" : "GET",
                               (struct bark_slice){ (const uint8_t *)target, strlen(target) }, &out, err);
    request->authorization = out.pos > 0 ? bark_out_bytes(&out) : (struct bark_slice){ 0 };
    return code == BARK_OK ? bark_exchange_post(&s->http, request, answer, err) : code;
}

bool cli_sender_post(struct cli_sender *s, const struct cli_exchange *x, struct bark_exchange_answer *answer)
{
    char target[TARGET_BYTES];
    struct bark_error err = { 0 };
    enum bark_code code = BARK_ERR_MEMORY;
    if (!target_make(s, x, target))
        return false;
    if (x->is_get && x->request.len) {
        cli_error("%s: a GET has no body", x->name);
        return false;
    }
    const size_t value_room = bark_credentials_room(&s->credentials, strlen(target)) + 1;
    const size_t room_len =
        bark_exchange_head_room(&s->http) + strlen(target) + strlen(x->type) + strlen(x->action) + value_room;
    uint8_t *room = malloc(room_len + x->request.len), *value = malloc(value_room);
    struct bark_exchange_request request = { .content_type = x->is_get ? NULL : x->type,
                                             .action = x->action[0] ? x->action : NULL,
                                             .target = target,
                                             .room = room,
                                             .room_len = room_len,
                                             .body_len = x->request.len,
                                             .lookup = true,
                                             .deadline_ns = bark_net_monotonic_ns() + s->timeout_ns };
    if (room && value) {
        bool again = true;
        if (x->request.len)
            memcpy(room + room_len, x->request.ptr, x->request.len);
        bark_credentials_begin(&s->credentials);
        for (int i = 0; i < ROUNDS && again; i++) {
            code = round_run(s, &request, value, value_room, answer, &err);
            again = code == BARK_OK && answer->status == 401 &&
                    bark_credentials_challenged(&s->credentials, &s->http.reader);
        }
        bark_secret_wipe(room, room_len);
        bark_secret_wipe(value, value_room);
    }
    free(room);
    free(value);
    if (code != BARK_OK && err.code == BARK_OK)
        (void)bark_fail(&err, code, 0, "no memory for a request");
    return code == BARK_OK || error_say(s, x->name, &err);
}
