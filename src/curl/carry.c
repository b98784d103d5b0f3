/* curl/carry.c - a request on its way through libcurl, without waiting.
 *
 * libcurl may watch several sockets at once (addresses that race, its resolver's thread). They are gathered
 * in one epoll descriptor, which is readable when any of them has something to say: so whoever steps has one
 * descriptor to poll, as with the library's own driver. libcurl's one timer becomes the wait's time.
 */
#define _GNU_SOURCE
#include "curl/state.h"

#include "base/report.h"
#include "soapbark/crypto.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 8, ROUNDS = 32, CONNECTIONS = 2, WAIT_MS_MAX = 1000000 };

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static int socket_watch(CURL *easy, curl_socket_t fd, int what, void *user, void *unused)
{
    struct bark_curl_state *s = user;
    struct epoll_event event = { .data.fd = fd };
    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, &event); /* or it is closed already */
        return 0;
    }
    if (what & CURL_POLL_IN)
        event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
        event.events |= EPOLLOUT;
    if (epoll_ctl(s->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return errno == ENOENT && epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -1;
}

static int timer_set(CURLM *multi, long ms, void *user)
{
    struct bark_curl_state *s = user;
    (void)multi;
    s->timer = ms >= 0;
    if (s->timer)
        s->timer_due_ns = now_ns() + UINT64_C(1000000) * (uint64_t)ms;
    return 0;
}

void *bark_curl_state_open(const struct bark_carrier *carrier, struct bark_error *err)
{
    struct bark_curl_state *s = calloc(1, sizeof *s);
    if (s) {
        s->curl = (const struct bark_curl *)(const void *)carrier;
        s->epoll = epoll_create1(EPOLL_CLOEXEC);
        s->multi = curl_multi_init();
        s->easy = curl_easy_init();
    }
    if (s && s->epoll >= 0 && s->multi && s->easy &&
        curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, socket_watch) == CURLM_OK &&
        curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, s) == CURLM_OK &&
        curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, timer_set) == CURLM_OK &&
        curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, s) == CURLM_OK &&
        curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS) == CURLM_OK)
        return s;
    bark_curl_state_close(s);
    (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory or no descriptor for libcurl");
    return NULL;
}

/* The fields may have credentials. libcurl's own copies are its business. */
static void request_end(struct bark_curl_state *s)
{
    if (s->added)
        (void)curl_multi_remove_handle(s->multi, s->easy);
    s->added = false;
    for (struct curl_slist *one = s->fields; one; one = one->next)
        bark_secret_wipe(one->data, strlen(one->data));
    curl_slist_free_all(s->fields);
    s->fields = NULL;
    if (s->texts)
        bark_secret_wipe(s->texts, s->texts_len);
    free(s->texts);
    s->texts = NULL;
}

void bark_curl_state_close(void *state)
{
    struct bark_curl_state *s = state;
    if (!s)
        return;
    request_end(s);
    if (s->easy)
        curl_easy_cleanup(s->easy);
    if (s->multi)
        (void)curl_multi_cleanup(s->multi); /* closes its connections, which may still be watched */
    if (s->epoll >= 0)
        close(s->epoll);
    free(s);
}

void bark_curl_cancel(void *state)
{
    request_end(state);
}

static bool field_add(struct bark_curl_state *s, const char *line)
{
    struct curl_slist *longer = curl_slist_append(s->fields, line);
    if (longer)
        s->fields = longer;
    return longer != NULL;
}

/* The URL, and the fields as a list of lines. Accept and Expect are libcurl's habits. */
static bool texts_make(struct bark_curl_state *s)
{
    const struct bark_carry_request *r = &s->request;
    const size_t origin = strlen(r->origin), target = strlen(r->target), fields = strlen(r->fields);
    char *line, *end;
    s->texts_len = origin + target + 1 + fields + 1;
    s->texts = malloc(s->texts_len);
    if (!s->texts)
        return false;
    memcpy(s->texts, r->origin, origin);
    memcpy(s->texts + origin, r->target, target + 1);
    line = s->texts + origin + target + 1;
    memcpy(line, r->fields, fields + 1);
    for (; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
        *end = '\0';
        if (!field_add(s, line))
            return false;
    }
    return field_add(s, "Accept:") && field_add(s, "Expect:");
}

enum bark_code bark_curl_begin(void *state, const struct bark_carry_request *request, struct bark_error *err)
{
    struct bark_curl_state *s = state;
    request_end(s);
    s->request = *request;
    s->body_at = 0;
    s->more_over = false;
    s->part = BARK_CURL_STATUS;
    s->code = BARK_OK;
    s->own = (struct bark_error){ 0 };
    s->trouble[0] = '\0';
    if (!texts_make(s))
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for libcurl's texts");
    if (!bark_curl_configure(s))
        return bark_fail(err, BARK_ERR_USE, 0,
                         "this libcurl was built without something that is asked of it");
    s->added = curl_multi_add_handle(s->multi, s->easy) == CURLM_OK;
    return s->added ? BARK_OK : bark_fail(err, BARK_ERR_MEMORY, 0, "libcurl takes no request");
}

/* ---- the end ---- */

static enum bark_code code_of(CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_PROXY:
        return BARK_ERR_IO;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
        return BARK_ERR_TLS;
    case CURLE_OPERATION_TIMEDOUT:
        return BARK_ERR_TIMEOUT;
    case CURLE_OUT_OF_MEMORY:
        return BARK_ERR_MEMORY;
    default:
        return BARK_ERR_HTTP;
    }
}

static const char *rule_of(enum bark_code code)
{
    switch (code) {
    case BARK_ERR_IO:
        return "the server or the proxy cannot be reached, or the connection broke";
    case BARK_ERR_TLS:
        return "TLS failed";
    case BARK_ERR_TIMEOUT:
        return "the answer did not come in time";
    case BARK_ERR_MEMORY:
        return "no memory for libcurl";
    default:
        return "the answer breaks HTTP";
    }
}

static enum bark_code result_report(struct bark_curl_state *s, CURLcode result, struct bark_error *err)
{
    const char *trouble = s->trouble[0] ? s->trouble : curl_easy_strerror(result);
    enum bark_code code;
    if (s->own.code != BARK_OK && err && err->code == BARK_OK)
        *err = s->own;
    if (s->code != BARK_OK || result == CURLE_OK)
        return s->code;
    code = bark_fail(err, code_of(result), 0, rule_of(code_of(result)));
    if (err)
        bark_report_add(err->found, sizeof err->found,
                        (struct bark_slice){ (const uint8_t *)trouble, strlen(trouble) });
    return code;
}

/* True when the request has ended. */
static bool end_read(struct bark_curl_state *s, CURLcode *result)
{
    const CURLMsg *message;
    int others;
    while ((message = curl_multi_info_read(s->multi, &others)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return true;
        }
    }
    return false;
}

static bool timer_is_due(struct bark_curl_state *s)
{
    return s->timer && now_ns() >= s->timer_due_ns;
}

/* What has become ready goes to libcurl; false when nothing had. */
static bool round_run(struct bark_curl_state *s)
{
    struct epoll_event events[EVENTS];
    const int ready = epoll_wait(s->epoll, events, EVENTS, 0);
    int running;
    for (int i = 0; i < ready; i++) {
        int what = events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0;
        if (events[i].events & EPOLLOUT)
            what |= CURL_CSELECT_OUT;
        if (events[i].events & (EPOLLERR | EPOLLHUP))
            what |= CURL_CSELECT_ERR;
        (void)curl_multi_socket_action(s->multi, events[i].data.fd, what, &running);
    }
    if (!timer_is_due(s))
        return ready > 0;
    s->timer = false;
    (void)curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    return true;
}

enum bark_code bark_curl_step(void *state, struct bark_client_wait *wait, struct bark_error *err)
{
    struct bark_curl_state *s = state;
    CURLcode result = CURLE_OK;
    bool busy = true;
    for (unsigned i = 0; i < ROUNDS && busy; i++) {
        busy = round_run(s);
        if (end_read(s, &result)) {
            request_end(s);
            return result_report(s, result, err);
        }
    }
    *wait = (struct bark_client_wait){ s->epoll, POLLIN, busy ? 0 : WAIT_MS_MAX };
    if (s->timer && !busy) {
        const uint64_t now = now_ns();
        const uint64_t left_ms = s->timer_due_ns > now ? (s->timer_due_ns - now + 999999u) / 1000000u : 0;
        wait->timeout_ms = left_ms < WAIT_MS_MAX ? (int)left_ms : WAIT_MS_MAX;
    }
    return BARK_MORE;
}
