/* curl/state.h - the carrier by libcurl from inside, and in which file what is.
 *
 *     curl.c     options of the program; what each request sets in libcurl
 *     carry.c    a request on its way: libcurl's sockets in one epoll descriptor, its timer, its end
 *     answer.c   what libcurl hands over, line by line, as an HTTP/1.1 message without framing
 */
#ifndef BARK_CURL_STATE_H
#define BARK_CURL_STATE_H

#include "soapbark/curl.h"

#include <curl/curl.h>

struct bark_curl {
    struct bark_carrier carrier; /* first: that pointer is this one */
    struct bark_curl_options options; /* texts in memory */
    char *memory;
    size_t memory_len;
};

/* Where an answer is. */
enum bark_curl_part { BARK_CURL_STATUS, BARK_CURL_FIELDS, BARK_CURL_BODY };

struct bark_curl_state {
    const struct bark_curl *curl;
    CURLM *multi;
    CURL *easy;
    int epoll;
    bool timer, added;
    uint64_t timer_due_ns;

    struct bark_carry_request request;
    struct curl_slist *fields;
    char *texts; /* the URL, then a copy of the fields */
    size_t texts_len;
    size_t body_at; /* of request.body, where more follows */
    bool more_over;

    enum bark_curl_part part;
    bool length, chunked; /* fields of framing in the head under way */
    unsigned status;
    enum bark_code code; /* why the request was stopped by us; BARK_OK: it was not */
    struct bark_error own; /* the same, where it was found here */
    char trouble[CURL_ERROR_SIZE];
};

/* curl.c: everything that libcurl has to know for the request. */
BARK_MUST_CHECK bool bark_curl_configure(struct bark_curl_state *s);

/* answer.c: what libcurl calls. */
size_t bark_curl_line_take(char *line, size_t size, size_t count, void *user);
size_t bark_curl_body_take(char *bytes, size_t size, size_t count, void *user);
size_t bark_curl_body_give(char *room, size_t size, size_t count, void *user);

/* carry.c */
void *bark_curl_state_open(const struct bark_carrier *carrier, struct bark_error *err);
void bark_curl_state_close(void *state);
enum bark_code bark_curl_begin(void *state, const struct bark_carry_request *request, struct bark_error *err);
enum bark_code bark_curl_step(void *state, struct bark_client_wait *wait, struct bark_error *err);
void bark_curl_cancel(void *state);

#endif
