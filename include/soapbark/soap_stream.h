/* soapbark/soap_stream.h - a SOAP request that is never in memory as a whole: soap.h through the window of
 * stream.h.
 *
 * A device takes a request of any size in 16 to 32 KB: it feeds the bytes of the body as they come, what is
 * large in them goes to sinks (a firmware to flash, a certificate to its store), and the handler runs when
 * the last byte has been checked. Answers and faults are those of bark_soap_serve(). docs/window.md.
 */
#ifndef SOAPBARK_SOAP_STREAM_H
#define SOAPBARK_SOAP_STREAM_H

#include "soapbark/soap.h"
#include "soapbark/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A request being read. Set by bark_soap_stream_open(); everything of it is in the arena, so that dropping
 * it, as when the peer is gone, needs no call. */
struct bark_soap_stream {
    struct bark_soap_stream_state *state; /* NULL: the arena did not hold it */
    const struct bark_soap_request *request;
    struct bark_soap_reply *reply;
};

/** Begins a request. Parameters as for bark_soap_serve(); request->body is not looked at, and
 *
 *  sinks    members of the body's element that go to callbacks; paths begin with that element. NULL: none
 *  window   memory of the caller, as for bark_stream_open()
 *
 *  Everything pointed to must stay until bark_soap_stream_finish(). BARK_MORE: feed the body. Else an answer
 *  is due that says what is wrong, and reply->error knows: BARK_ERR_FAULT, the head of the request;
 *  BARK_ERR_USE, the set-up: a window or a path that bark_stream_open() or bark_stream_sinks() would refuse,
 * a service with a layer or an encoded operation, which read whole messages; BARK_ERR_MEMORY. Multipart
 *  requests get 415.
 *  Threads: safe while arenas, windows and outs differ. */
BARK_MUST_CHECK enum bark_code
bark_soap_stream_open(struct bark_soap_stream *s, const struct bark_service *service,
                      const struct bark_limits *limits, const struct bark_soap_request *request,
                      const struct bark_sink *sinks, size_t sink_count, struct bark_arena *arena,
                      void *window, size_t window_size, struct bark_soap_reply *reply);

/** The next bytes of the body, any number of them. BARK_MORE: all is well so far. BARK_ERR_FAULT: a fault is
 * due, and what else comes need not be fed. Sinks are called from here; what they have is provisional until
 * the handler runs. */
BARK_MUST_CHECK enum bark_code bark_soap_stream_feed(struct bark_soap_stream *s, struct bark_slice bytes);

/** The body is over, or nothing more of it is wanted: runs the handler when the message was whole and good,
 * and writes the answer, or the fault, as bark_soap_serve() does. To be called once. */
void bark_soap_stream_finish(struct bark_soap_stream *s, struct bark_out *out);

#ifdef __cplusplus
}
#endif
#endif
