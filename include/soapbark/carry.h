/* soapbark/carry.h - how requests reach a server when the library's own HTTP driver does not carry them: the
 * table that another driver fills. soapbark/curl.h is one; a proxy of a program's own could be another.
 *
 * A carrier moves bytes, and nothing else is its business: credentials, redirects, limits, deadlines, codings
 * and SOAP stay with the client, whoever carries. It gives an answer back as the bytes of an HTTP/1.1 message
 * that ends with its connection, so that the client's own reader judges every head.
 */
#ifndef SOAPBARK_CARRY_H
#define SOAPBARK_CARRY_H

#include "soapbark/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What has to happen before a step can go on. */
struct bark_client_wait {
    int fd; /* may be another one after each step, and is not the caller's; -1: only the time counts */
    short events; /* POLLIN or POLLOUT [poll(2)] */
    int timeout_ms; /* step again after this time at the latest */
};

/** One POST. Everything but the functions' state stays as it is until the step that ends it, or cancel(). */
struct bark_carry_request {
    const char *origin; /* "http://host:port" or "https://host:port", IPv6 in brackets; proved */
    const char *target; /* path and query, proved */
    const char
        *fields; /* lines "Name: value\r\n", proved [RFC9110 5.5]; Host and framing are the carrier's */
    struct bark_slice body;
    /* What follows the body, a piece at a time: BARK_MORE, or BARK_OK with the last piece, or why there is no
     * more. NULL: nothing. more_length is UINT64_MAX when it is not known before. */
    enum bark_code (*more)(void *user, uint8_t *room, size_t cap, size_t *len);
    uint64_t more_length;
    bool once; /* not sent again on any account, also not when a kept connection turns out to be closed */
    /* Takes the next bytes of the answer: heads (interim ones too) as HTTP/1.1 without fields of framing,
     * then the body without it. BARK_MORE: go on; BARK_OK: no more can come; else the request is over, and
     * step() gives this code. */
    enum bark_code (*take)(void *user, struct bark_slice bytes);
    void *user;
};

/** Functions get what open() gave. One request at a time. */
struct bark_carrier {
    /** A connection's worth of state for one client, or NULL with *err. Threads: any, at once. */
    void *(*open)(const struct bark_carrier *carrier, struct bark_error *err);
    void (*close)(void *state); /* gives up what is under way */
    enum bark_code (*begin)(void *state, const struct bark_carry_request *request, struct bark_error *err);
    /** Goes on without waiting: BARK_MORE with *wait, BARK_OK when the answer is complete, or an error. */
    enum bark_code (*step)(void *state, struct bark_client_wait *wait, struct bark_error *err);
    void (*cancel)(void *state);
};

#ifdef __cplusplus
}
#endif
#endif
