/* soap/receive.h - requests whose parts go to a receiver: as they come, or from memory.
 *
 *     begin --> collect ... --> run --> feed ... --> finish --> answer
 *                  |             |        |            |          ^
 *                  |             +--------+------------+ (refused, or the handler has said no)
 *                  +--> WHOLE: this request is to be held in memory after all
 *
 * No sockets here either: bytes of a body come in, whoever drives this decides when an answer goes out.
 */
#ifndef BARK_SOAP_RECEIVE_H
#define BARK_SOAP_RECEIVE_H

#include "soap/attach.h"

/* receiver.c: the parts of a message that is in memory. Nothing is done when the handler did not ask. */
BARK_MUST_CHECK enum bark_code bark_receiver_whole(struct bark_call *call);
/* The last word, when it was not said before. */
void bark_receiver_close(struct bark_call *call, enum bark_code verdict);

struct bark_soap_receive;

enum bark_soap_collected {
    BARK_SOAP_COLLECT_MORE,
    BARK_SOAP_COLLECT_ROOT, /* the envelope is complete */
    BARK_SOAP_COLLECT_WHOLE, /* the envelope is not the first part */
    BARK_SOAP_COLLECT_REFUSED /* the answer is due */
};

/* Behind bark_soap_attachments, so that nobody else links it. */
struct bark_soap_receiving {
    /* Everything pointed to must outlive it. Whether the Content-Type of the request promises parts that can
     * be found; request->body is not looked at. NULL: it does not, or the arena is full; to be held whole. */
    struct bark_soap_receive *(*begin)(const struct bark_service *service, const struct bark_limits *limits,
                                       const struct bark_soap_request *request, struct bark_arena *arena,
                                       struct bark_soap_reply *reply);
    /* The next bytes; those behind the envelope stay in *in. The caller keeps what is taken. */
    enum bark_soap_collected (*collect)(struct bark_soap_receive *r, struct bark_slice *in);
    /* Does the operation of the envelope stream? Else the request is to be held whole. body: all that was
     * taken by collect(); scratch lends room. */
    bool (*streams)(const struct bark_soap_receive *r, struct bark_slice body, struct bark_arena *scratch);
    /* Runs the handler. The body stays until the answer. False: that is due. */
    bool (*run)(struct bark_soap_receive *r, struct bark_slice body);
    bool (*feed)(struct bark_soap_receive *r, struct bark_slice in); /* false: the answer is due */
    void (*finish)(struct bark_soap_receive *r); /* the body is over; the answer is due */
    void (*answer)(struct bark_soap_receive *r, struct bark_out *out);
    void (*abort)(struct bark_soap_receive *r, enum bark_code why); /* no answer will be written */
    /* A client's side: begins to read an answer of this Content-Type, for a receiver. NULL with *err. Then
     * collect(), package(), feed() and finish(); code() is why one of them said no. */
    struct bark_soap_receive *(*accept)(struct bark_slice content_type,
                                        const struct bark_streaming *streaming,
                                        const struct bark_limits *limits,
                                        const struct bark_receiver *receiver, void *state,
                                        struct bark_arena *arena, struct bark_error *err);
    /* The envelope, and how the octets of its members are found, when it is complete. */
    const struct bark_soap_package *(*package)(struct bark_soap_receive *r, struct bark_slice body);
    enum bark_code (*code)(const struct bark_soap_receive *r);
    bool (*awaits)(const struct bark_soap_receive *r, struct bark_bytes member);
    bool (*awaits_any)(const struct bark_soap_receive *r);
};
extern const struct bark_soap_receiving bark_soap_receiving;

#endif
