/* soap/serve.h - one request being served, in steps: for whoever has the envelope before the parts beside it.
 *
 *     new --> run: envelope, headers, permission, handler --> (its parts, to the receiver) --> answer
 *        \--> refuse ------------------------------------------------------------------------^
 */
#ifndef BARK_SOAP_SERVE_H
#define BARK_SOAP_SERVE_H

#include "soap/attach.h"

struct bark_soap_serving;

/* NULL when the arena does not hold its state. What is pointed to must outlive it; *reply is begun anew. */
struct bark_soap_serving *bark_soap_serving_new(const struct bark_service *service,
                                                const struct bark_limits *limits,
                                                const struct bark_soap_request *request,
                                                struct bark_arena *arena, struct bark_soap_reply *reply);

/* Up to the handler's return. With a package its envelope is the message, and its parts are yet to come; with
 * NULL request->body is all there is. False: the answer is due. */
BARK_MUST_CHECK bool bark_soap_serving_run(struct bark_soap_serving *s,
                                           const struct bark_soap_package *package);

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
