/* soap/serve.h - one request being served, in steps: for whoever has the envelope before the parts beside it.
 *
 *     new --> run: envelope, headers, permission, handler --> (its parts, to the receiver) --> answer
 *        \--> refuse ------------------------------------------------------------------------^
 */
#ifndef BARK_SOAP_SERVE_H
#define BARK_SOAP_SERVE_H

#include "soap/attach.h"

#include "engine/decode.h"
#include "engine/sink.h"
#include "xml/window.h"

struct bark_soap_serving;

/* Nothing is known yet. Most of a reply is room for the texts of an error, which is not cleared. */
void bark_soap_reply_begin(struct bark_soap_reply *reply);

/* NULL when the arena does not hold its state. What is pointed to must outlive it; *reply is begun anew. */
struct bark_soap_serving *bark_soap_serving_new(const struct bark_service *service,
                                                const struct bark_limits *limits,
                                                const struct bark_soap_request *request,
                                                struct bark_arena *arena, struct bark_soap_reply *reply);

/* Up to the handler's return. With a package its envelope is the message, and its parts are yet to come; with
 * NULL request->body is all there is. False: the answer is due. */
BARK_MUST_CHECK bool bark_soap_serving_run(struct bark_soap_serving *s,
                                           const struct bark_soap_package *package);

/* ---- a message that comes through a window (soap/stream.c) ---- */

struct bark_soap_windowed {
    struct bark_xml_window w; /* memory and size set */
    struct bark_decoder decoder; /* of a header entry, then of the body's child */
    struct bark_sinks sinks; /* of the body's child */
    size_t mark; /* scratch height below the decoder's frames */
};

/* Instead of run(): the message is yet to come, into the window of the reader. False: the answer is due. */
BARK_MUST_CHECK bool bark_soap_serving_open(struct bark_soap_serving *s, struct bark_soap_windowed *window);
struct bark_xml_reader *bark_soap_serving_reader(struct bark_soap_serving *s);
/* Reads what is in the window; after its last byte, up to the handler's return. False: the answer is due. */
BARK_MUST_CHECK bool bark_soap_serving_read(struct bark_soap_serving *s);
/* The service is set up wrongly; reply->error says how. */
void bark_soap_serving_fail(struct bark_soap_serving *s, enum bark_code code);
/* new() gave NULL: a constant fault, in the version that was announced. */
void bark_soap_serving_unmade(const struct bark_soap_request *request, struct bark_out *out,
                              struct bark_soap_reply *reply);

/* The message turns out to be broken; reply->error says how. status: of HTTP, 0: as the fault's code says. */
void bark_soap_serving_refuse(struct bark_soap_serving *s, enum bark_code code, unsigned status);

/* What the handler, or its receiver, said of the call. False: the answer is due. */
BARK_MUST_CHECK bool bark_soap_serving_judge(struct bark_soap_serving *s, enum bark_code said);

struct bark_call *bark_soap_serving_call(struct bark_soap_serving *s);

/* Writes the answer, and tells the receiver that all is over. */
void bark_soap_serving_answer(struct bark_soap_serving *s, struct bark_out *out);

/* No answer will be written: the receiver is told why. */
void bark_soap_serving_abort(struct bark_soap_serving *s, enum bark_code why);

#endif
