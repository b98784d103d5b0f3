/* tests/tls/tls_client.c - posts standard input to an https URL and prints the answer's body.
 *
 *     tls_client URL [ca=FILE] [pin=PIN] [chain=FILE key=FILE] [rsa=BITS] [insecure=1] [times=N] [ms=N]
 *
 * With times=N the request is made N times, each on a connection of its own, so that sessions are resumed. A
 * failure is "CODE NUMBER: text" on standard error.
 */
#define _GNU_SOURCE
#include "client/exchange.h"
#include "soapbark/limits.h"
#include "soapbark/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1024, BODY = 2 * 1024 * 1024 };

struct settings {
    struct bark_tls_client_options tls;
    struct bark_tls_certificate certificate;
    uint8_t pins[2][BARK_TLS_PIN_BYTES];
    unsigned long insecure, times, ms;
};

static int failure(const struct bark_error *err)
{
    char text[640];
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "%s: %s\n", bark_code_text(err->code), text);
    return 1;
}

static const char *value_of(const char *assignment, const char *name)
{
    size_t len = strlen(name);
    return strncmp(assignment, name, len) == 0 && assignment[len] == '=' ? assignment + len + 1 : NULL;
}

static bool set(struct settings *s, const char *word, struct bark_error *err)
{
    const char *value;
    if ((value = value_of(word, "ca")) != NULL)
        s->tls.ca_file = value;
    else if ((value = value_of(word, "chain")) != NULL)
        s->certificate.chain_file = value;
    else if ((value = value_of(word, "key")) != NULL)
        s->certificate.key_file = value;
    else if ((value = value_of(word, "rsa")) != NULL)
        s->tls.rsa_bits_min = (unsigned)strtoul(value, NULL, 10);
    else if ((value = value_of(word, "insecure")) != NULL)
        s->insecure = strtoul(value, NULL, 10);
    else if ((value = value_of(word, "times")) != NULL)
        s->times = strtoul(value, NULL, 10);
    else if ((value = value_of(word, "ms")) != NULL)
        s->ms = strtoul(value, NULL, 10);
    else if ((value = value_of(word, "pin")) != NULL && s->tls.pin_count < 2)
        return bark_tls_pin_read(value, s->pins[s->tls.pin_count++], err) == BARK_OK;
    else
        (void)bark_fail(err, BARK_ERR_USE, 0, "an unknown setting");
    return value != NULL;
}

static enum bark_code post_once(const char *url, struct bark_tls_client *tls, uint8_t *room, size_t body_len,
                                unsigned long ms, struct bark_error *err)
{
    struct bark_exchange x = { .stream = { .ops = &bark_net_plain, .fd = -1 } };
    struct bark_exchange_answer answer;
    enum bark_code code = bark_exchange_open(&x, url, &bark_limits_server, tls, err);
    const struct bark_exchange_request request = { .content_type = "text/xml",
                                                   .room = room,
                                                   .room_len = ROOM,
                                                   .body_len = body_len,
                                                   .deadline_ns =
                                                       bark_net_monotonic_ns() + ms * UINT64_C(1000000) };
    if (code == BARK_OK)
        code = bark_exchange_post(&x, &request, &answer, err);
    if (code == BARK_OK) {
        printf("%u ", answer.status);
        fwrite(answer.body.ptr, 1, answer.body.len, stdout);
        putchar('\n');
    }
    bark_exchange_close(&x);
    return code;
}

int main(int argc, char **argv)
{
    static struct settings s = { .times = 1, .ms = 20000 };
    struct bark_error err = { 0 };
    struct bark_tls_client *tls;
    enum bark_code code = BARK_OK;
    static uint8_t room[ROOM + BODY];
    size_t body_len = fread(room + ROOM, 1, BODY, stdin);
    if (argc < 2)
        return 2;
    for (int i = 2; i < argc; i++) {
        if (!set(&s, argv[i], &err))
            return failure(&err);
    }
    s.tls.pins = s.tls.pin_count ? (const uint8_t(*)[BARK_TLS_PIN_BYTES])s.pins : NULL;
    s.tls.certificate = s.certificate.chain_file ? &s.certificate : NULL;
    tls = bark_tls_client_new(&s.tls, &err);
    if (!tls)
        return failure(&err);
    if (s.insecure)
        bark_tls_client_insecure_skip_verification(tls);
    for (unsigned long i = 0; i < s.times && code == BARK_OK; i++)
        code = post_once(argv[1], tls, room, body_len, s.ms, &err);
    bark_tls_client_free(tls);
    return code == BARK_OK ? 0 : failure(&err);
}
