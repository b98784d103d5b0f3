/* client/credentials.h - what a client says about who it is, and when: never unasked (but for a token), never
 * to somebody else, and once for a nonce.
 */
#ifndef BARK_CLIENT_CREDENTIALS_H
#define BARK_CLIENT_CREDENTIALS_H

#include "soapbark/auth.h"
#include "soapbark/client.h"
#include "soapbark/http.h"

enum { BARK_CHALLENGE_MAX = 2048 }; /* bytes of a challenge that is answered */

struct bark_credentials {
    const struct bark_crypto *crypto;
    char *user, *password, *token; /* one allocation, at memory; NULL: none */
    uint8_t *memory;
    size_t memory_len;
    bool md5, basic; /* what may be used */

    uint8_t challenge[BARK_CHALLENGE_MAX]; /* the one that is answered; kept for the calls that follow */
    size_t challenge_len;
    bool challenge_basic;
    uint32_t count; /* how often it was answered */
    bool sent; /* in this call's last request */
    bool old; /* the challenge is of an earlier call */
    bool stale_taken;
};

/* Copies; secure: the URL is https. Freed by bark_credentials_close() also when this fails. */
BARK_MUST_CHECK enum bark_code bark_credentials_open(struct bark_credentials *c,
                                                     const struct bark_client_options *options, bool secure,
                                                     struct bark_error *err);
void bark_credentials_close(struct bark_credentials *c); /* wipes */

/* Bytes that the value of an Authorization field may need for a target of this length. */
size_t bark_credentials_room(const struct bark_credentials *c, size_t target_len);

void bark_credentials_begin(struct bark_credentials *c); /* a new call */

/* The value for a request of that method, when there is something to say already; *value is empty when not.
 */
BARK_MUST_CHECK enum bark_code bark_credentials_write(struct bark_credentials *c, const char *method,
                                                      struct bark_slice target, struct bark_out *out,
                                                      struct bark_error *err);

/* The answer was 401: is there a challenge that was not answered yet, and can be? Then the request is to be
 * made again. */
BARK_MUST_CHECK bool bark_credentials_challenged(struct bark_credentials *c,
                                                 const struct bark_http_reader *reader);

/* Basic [RFC7617 2] for a user and a password, into out; fails for what cannot stand in one. */
BARK_MUST_CHECK bool bark_credentials_basic_write(const char *user, const char *password,
                                                  struct bark_out *out);

/* Takes the next challenge off a WWW-Authenticate field [RFC9110 11.6.1]: a field may hold several. */
BARK_MUST_CHECK bool bark_challenge_next(struct bark_slice *list, struct bark_slice *challenge);

#endif
