/* soapbark/soap.h - SOAP 1.1 and 1.2: one request in, one answer out. No sockets, no clock of its own.
 *
 * A message passes one state machine: envelope, headers, verdict, dispatch, answer [R9]. Dispatch is on the
 * body's element [row 12]; a SOAPAction that names another operation is refused.
 */
#ifndef SOAPBARK_SOAP_H
#define SOAPBARK_SOAP_H

#include "soapbark/codec.h"
#include "soapbark/mime.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bark_soap_version { BARK_SOAP_11 = 11, BARK_SOAP_12 = 12 };

enum bark_fault_code {
    BARK_FAULT_SENDER, /* SOAP 1.1: Client */
    BARK_FAULT_RECEIVER, /* SOAP 1.1: Server */
    BARK_FAULT_VERSION_MISMATCH,
    BARK_FAULT_MUST_UNDERSTAND,
    BARK_FAULT_DATA_ENCODING_UNKNOWN
};

/** A fault subcode: namespace, the prefix to write it with, local name. Static strings. SOAP 1.1 has no
 * subcodes: there the innermost one becomes the faultcode, as [WSA-SOAP 6.2] does it. */
struct bark_fault_subcode {
    const char *ns, *prefix, *local;
};

enum { BARK_FAULT_SUBCODES = 3 };

struct bark_fault {
    enum bark_fault_code code;
    struct bark_fault_subcode subcodes[BARK_FAULT_SUBCODES]; /* outermost first; ends at local == NULL */
    struct bark_text reason; /* English */
    uint16_t detail_root; /* typed detail: root of the service's image, or BARK_NONE */
    const void *detail; /* struct of that root */
    struct bark_any detail_xml; /* or a fragment: one element; used when there is no typed detail */
    /* A header block that tells about the fault: the struct of root header_root, or NULL. A fault about a
     * header entry says it there and has no detail [SOAP11 4.4, WSDL11 3.7]. */
    const void *header;
    uint16_t header_root;
};

struct bark_service;
struct bark_soap_layer;
struct bark_identity; /* soapbark/auth.h */
struct bark_soap_parts;
struct bark_soap_receive;
struct bark_call;

/** A part that came beside the envelope. Absent texts have ptr == NULL. */
struct bark_attachment {
    struct bark_text content_id; /* without its angle brackets */
    struct bark_text content_type, content_location;
    struct bark_bytes content;
    bool included; /* it is the value of a member, by an xop:Include */
};

/** A part of a message that the WSDL binds beside the envelope (mime:content). Static texts, generated. */
struct bark_part {
    const char *name;
    const char *types; /* media ranges, commas between them; "": any */
};

struct bark_parts {
    const struct bark_part *items;
    size_t count;
};

/** Those of one operation, beside its request and beside its answer. */
struct bark_operation_parts {
    struct bark_parts input, output;
};

/** The attachment that is a part of a message: the one whose Content-ID names it; where none names any, and
 * there are as many as parts, the one in its place. NULL when it did not come, came twice, or is of a type
 * that the WSDL does not list. Generated code has a function for each part: OPERATION_PART_of().
 * Rule: [WSDL11 5.3, WSI-AP10 R2933]. */
const struct bark_attachment *bark_part_find(const struct bark_parts *parts, size_t index,
                                             const struct bark_attachment *attachments, size_t count);

/** A part that passes by on its way to a receiver. Texts live as long as the call; absent ones have ptr ==
 * NULL. */
struct bark_passing_part {
    struct bark_text content_id; /* without its angle brackets */
    struct bark_text content_type, content_location;
    /* The member that an xop:Include makes it the value of: `part->member.ptr == in->Picture.ptr`. ptr NULL:
     * none refers to it (bark_service.loose_attachments). */
    struct bark_bytes member;
    uint32_t index; /* from 0, the envelope's not counted */
};

/** What takes the parts of one request, one after the other, as they come. A function that is NULL does
 * nothing. What they return is the handler's verdict: anything but BARK_OK ends the call at once, with the
 * fault that bark_call_fault() has made or "the operation failed", and nothing more of the message is read.
 * They run where handlers run, and whoever waits in them keeps the other connections of the loop waiting. */
struct bark_receiver {
    enum bark_code (*begin)(void *state, struct bark_call *call, const struct bark_passing_part *part);
    /* The next octets of the part, at least one; valid during the call. */
    enum bark_code (*data)(void *state, struct bark_call *call, struct bark_slice octets);
    enum bark_code (*end)(void *state, struct bark_call *call); /* the part is complete */
    /* All parts have come, and every member that refers to one has had its octets: now the answer is made. */
    enum bark_code (*finish)(void *state, struct bark_call *call);
    /* The last word, exactly once, whatever happened; the call is over. BARK_OK: the answer is written. Else
     * why not: BARK_ERR_IO the peer is gone or the server ends, BARK_ERR_TIMEOUT it was too slow,
     * BARK_ERR_HTTP, _SOAP, _LIMIT ... the message is broken or too large, BARK_ERR_FAULT the operation said
     * so. A part that has begun and not ended is incomplete then. */
    void (*close)(void *state, enum bark_code verdict);
};

/** Which operations of a service take the parts of their requests as they come, and what such a request may
 * cost. Const while it is served. Rules: [SECURITY rows 22, 23]. */
struct bark_streaming {
    const uint16_t *operations; /* operation rows of the image; NULL: all of the service */
    size_t operation_count;
    uint64_t body_bytes; /* of the whole request; takes the place of limits.body_bytes */
    uint64_t part_bytes; /* of each part beside the envelope; 0: body_bytes */
    uint32_t message_bytes; /* of the envelope; 0: 64 KiB, at most limits.body_bytes */
    uint32_t arena_bytes; /* takes the place of limits.arena_bytes; 0: 128 KiB, at most that */
};

#define BARK_LENGTH_UNKNOWN UINT64_MAX

/** Octets of a part that goes out, read when there is room for them. */
struct bark_source {
    uint64_t
        length; /* octets; BARK_LENGTH_UNKNOWN: read() says when they end, and the message goes in chunks */
    /* The next octets into room, at most cap; *len 0: that was all. Anything but BARK_OK breaks the message
     * off: its peer sees that it is not complete. Runs on the loop of the connection (of a client: in its
     * call); whoever waits here keeps the loop waiting. */
    enum bark_code (*read)(void *state, uint8_t *room, size_t cap, size_t *len);
    /* The last word, exactly once. BARK_OK: it was read to its end; BARK_ERR_IO the peer is gone,
     * BARK_ERR_TIMEOUT it took too little, BARK_ERR_USE the source is not as long as it said, or what read()
     * said. NULL: nobody wants to know. */
    void (*close)(void *state, enum bark_code verdict);
    void *state; /* not of the call's arena: that ends when the envelope of the answer is written */
};

/** Messages of several parts (MTOM, SOAP with attachments), for bark_service.attachments and clients. See
 * docs/attachments.md. */
extern const struct bark_soap_attachments bark_soap_attachments;

/** HTTP bindings of WSDL 1.1: operations that are called with parameters in a query, a form or a path, and
 * answer without an envelope; for bark_service.http and clients. See docs/http-binding.md. */
extern const struct bark_http_binding bark_http_binding;

/** One request on its way through a handler. Lives until the answer is written. */
struct bark_call {
    const struct bark_service *service;
    struct bark_arena *arena; /* results that must outlive the handler go here */
    const struct bark_limits *limits;
    void *user; /* service->user */
    uint16_t operation; /* operation row */
    enum bark_soap_version version;
    /* The operation's generated header structs, which hold one pointer a header block, NULL when it did not
     * come: what came, and what the answer is to carry (all NULL at first). NULL when the WSDL declares none.
     * Generated code has typed accessors: OPERATION_headers_of(call). */
    const void *headers;
    void *answer_headers;
    struct bark_text host; /* the Host the request came to, for XAddr members; absent when unknown */
    struct bark_text peer; /* the peer's address as text; absent when unknown */
    struct bark_text request_id; /* what log and answer call the request; empty where nobody gave it one */
    bool secure; /* the request came over TLS */
    const struct bark_identity *who; /* the peer, when it proved who it is; else NULL */
    const struct bark_attachment *attachments; /* parts beside the envelope, in the order they came */
    size_t attachment_count;
    struct bark_soap_parts *answer_parts; /* bark_call_attach()'s own */
    const struct bark_receiver *receiver; /* bark_call_receive()'s own, and so is: */
    void *receiver_state;
    struct bark_soap_receive
        *receive; /* the library's own: parts that are yet to come; NULL: there are none */
    uint64_t now_ns; /* wall clock at arrival, nanoseconds since 1970, 0 when unknown */
    struct bark_fault fault; /* filled by bark_call_fault() */
    struct bark_error error; /* sticky: a full arena is noted here, and no answer is sent then */
};

/** SOAP encoding (section 5 of SOAP 1.1; part 2, 3 of SOAP 1.2), for bark_image.encoding. References (href,
 * ref) are followed up to 4,096 a message and 16 one inside the other, to elements beside the operation's
 * own, never in circles; an array is as long as what comes. Answers hold no references. */
extern const struct bark_soap_encoding bark_soap_encoding;

/** Generated per port type: calls the typed handler of an operation; a handler that is NULL gives
 * bark_call_not_implemented(). */
typedef enum bark_code bark_dispatch_fn(const void *handlers, uint16_t operation_in_service, const void *in,
                                        void *out, struct bark_call *call);

/** A service to serve: tables, handlers and the port type. The caller's memory; const while it is served. */
struct bark_service {
    const char *path; /* exact request path: "/onvif/device_service" */
    const struct bark_image *image;
    uint16_t service_row;
    bark_dispatch_fn *dispatch;
    const void *handlers;
    void *user;
    /* What a NULL handler answers; NULL gives Receiver "not implemented". ONVIF wants its own subcodes. */
    const struct bark_fault *not_implemented;
    /* Subcodes of the faults that the engine itself answers: BARK_CODE_COUNT of them, by enum bark_code;
     * those whose local is NULL add none. A handler that fails counts as BARK_ERR_USE. NULL: no subcodes. */
    const struct bark_fault_subcode *subcodes;
    /* Of each operation of the port type, in their order: its class (enum bark_access of soapbark/auth.h).
     * NULL, and BARK_ACCESS_NOBODY in a row: nobody may call where the server asks who calls. */
    const uint8_t *access;
    size_t access_count;
    /* Or says it for each request, given what the table says: for classes that hang on a state, as long as a
     * device has no user. From the threads that serve. NULL: as the table says. */
    uint8_t (*access_now)(const struct bark_service *service, uint16_t operation_in_service, uint8_t access);
    /* Subcode of the fault for a peer that may not call an operation; NULL: none. */
    const struct bark_fault_subcode *not_authorized;
    /* Headers that belong to no operation, as of WS-Addressing (soap/header.h); NULL: none. */
    const struct bark_soap_layer *layer;
    /* &bark_soap_attachments: requests may be multipart/related, and answers to MTOM requests are MTOM. NULL:
     * multipart requests get 415. */
    const struct bark_soap_attachments *attachments;
    /* &bark_http_binding: what the tables have HTTP bindings for is served by them too, at path and location.
     * NULL: by SOAP only. */
    const struct bark_http_binding *http;
    bool loose_attachments; /* handlers look at call->attachments; else a part that no member refers to is
                             * refused */
    uint32_t mtom_bytes; /* octets shorter than this stay in the answer's envelope; 0: 768 */
    /* Of each operation of the port type, in their order (generated: PREFIX_PORTTYPE_parts, where the WSDL
     * binds attachments): requests are refused unless they have these parts, of these types, and answers must
     * have theirs. Needs attachments. NULL: none are bound. */
    const struct bark_operation_parts *parts;
    /* Requests whose parts are not held in memory: bark_call_receive(). Needs attachments. NULL: every body
     * is read as a whole before its handler runs. */
    const struct bark_streaming *streaming;
};

/** Makes the answer a fault with up to two subcodes (either may be NULL), and returns BARK_ERR_FAULT so that
 * a handler reads `return bark_call_fault(...)`. The reason is formatted with printf rules into the call's
 * arena. */
enum bark_code bark_call_fault(struct bark_call *call, enum bark_fault_code code,
                               const struct bark_fault_subcode *sub, const struct bark_fault_subcode *subsub,
                               const char *reason, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;
enum bark_code bark_call_not_implemented(struct bark_call *call);

/** Gives the fault just made a typed detail: the struct of a root of the service's image (generated:
 * PREFIX_ELEMENT_root), which must live until the answer is written. Returns BARK_ERR_FAULT. */
enum bark_code bark_call_fault_detail(struct bark_call *call, uint16_t root, const void *detail);

/** Gives the fault just made a header block (a soap:headerfault of the WSDL): the struct of a root, which
 * must live until the answer is written. The fault then has no detail. Returns BARK_ERR_FAULT. */
enum bark_code bark_call_fault_header(struct bark_call *call, uint16_t root, const void *header);

/** Text made in the call's arena; absent when the arena is full (the call then ends in a fault, so a handler
 * need not check). */
struct bark_text bark_call_printf(struct bark_call *call, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
struct bark_text bark_call_text(struct bark_call *call, const char *text, size_t len);

/** Sends octets beside the answer's envelope, and gives their Content-ID (a member of the answer may refer to
 * it as cid:ID). content must live until the answer is written. The ID is absent, and the call ends in a
 * fault, when the service has no attachments, limits.mime_parts are there, or the arena is full. A fault is
 * sent without attachments. Rule: [SWA 3]. */
struct bark_text bark_call_attach(struct bark_call *call, struct bark_text content_type,
                                  struct bark_bytes content);

/** The same for a part that the WSDL binds beside the answer; content_type may be absent: the first that the
 * WSDL names. Generated code has a function for each part. Rule: [WSDL11 5.3, WSI-AP10 R2933]. */
void bark_call_attach_part(struct bark_call *call, const struct bark_part *part,
                           struct bark_text content_type, struct bark_bytes content);

/** bark_call_attach() with octets that nobody holds: they are read from the source while the peer takes them,
 * behind all other parts. The source is copied, and closed whatever becomes of the answer, also when this
 * fails. Over another transport than bark_server they are read at once, up to limits.reply_bytes in all. They
 * are not searched for the boundary: it is made of 16 random bytes. */
struct bark_text bark_call_attach_source(struct bark_call *call, struct bark_text content_type,
                                         const struct bark_source *source);

/** The same as the value of a base64Binary member of the output, once: a mark of length 0 to put there. The
 * answer is MTOM then, whatever the request was. A type with other facets than lengths, or lengths that
 * source->length is unknown for or breaks, cannot be answered so: the answer becomes a fault. ptr NULL when
 * it fails, as bark_call_attach(). */
struct bark_bytes bark_call_octets_source(struct bark_call *call, struct bark_text content_type,
                                          const struct bark_source *source);

/** The handler wants the parts of its request one by one: to be called in the handler, once, which then
 * returns what this does and writes its output in receiver->finish(). Parts come as they arrive when the
 * service streams the operation (docs/attachments.md says when not), else from memory: a handler sees no
 * difference. `in` and the arena stay until receiver->close(). BARK_ERR_USE the second time. */
enum bark_code bark_call_receive(struct bark_call *call, const struct bark_receiver *receiver, void *state);

/** Will a part bring the octets of this member? Then its length says nothing yet when parts are streamed (it
 * is 0), and its ptr is a mark that part->member.ptr equals. False: they stood in the envelope, and are here.
 * Cost: linear in the parts. */
bool bark_call_awaits(const struct bark_call *call, struct bark_bytes member);

/** Zeroed room in the call's arena for count objects; NULL when the arena is full. */
void *bark_call_alloc(struct bark_call *call, size_t count, size_t size);

/** May a peer call an operation? */
enum bark_soap_permission {
    BARK_SOAP_ALLOWED,
    BARK_SOAP_UNKNOWN, /* perhaps, if it says who it is: HTTP status 401 */
    BARK_SOAP_FORBIDDEN /* no: 403 */
};

/** What the transport knows about a request. Slices may be empty. */
struct bark_soap_request {
    struct bark_slice content_type;
    struct bark_slice soap_action; /* SOAPAction header value, quotes included */
    struct bark_slice body;
    struct bark_text host, peer;
    struct bark_text request_id; /* may be empty */
    bool secure;
    uint64_t now_ns;
    bool streams; /* the answer's parts may come from sources when its envelope is sent: see reply.parts */
    uint8_t random[16]; /* for the boundary of a multipart answer; unpredictable, if there is such a source */
    const struct bark_identity *who; /* NULL: the peer is anonymous */
    /* Asked once, when the operation is known (an index into those of the service) and before its message is
     * decoded. NULL: everybody may. */
    enum bark_soap_permission (*permit)(const struct bark_soap_request *request,
                                        const struct bark_service *service, uint16_t operation_in_service);
};

struct bark_soap_reply {
    unsigned http_status; /* 200, 202 (one-way), 400, 401, 403, 415, 500 */
    const char *content_type; /* static, or in the arena; of what is in out */
    uint16_t operation; /* operation row reached, or BARK_NONE */
    bool is_fault;
    enum bark_fault_code fault; /* when it is one */
    enum bark_soap_version version;
    struct bark_error error; /* why a request was refused; all zero when it was not */
    struct bark_soap_parts *parts; /* the library's own: what follows what is in out; NULL: nothing */
};

/** Serves one request: out gets the answer's envelope (nothing for a one-way operation).
 *
 *  arena  reset by the caller between requests; the whole message and its answer's values live in it.
 *  out    the answer is appended; out may grow but must not send, so that a fault can replace a half-written
 *         answer. When not even that fits, out holds nothing and reply->http_status is 500.
 *  Never fails: what goes wrong becomes a fault, and *reply says what it was. reply->error is for the log: it
 *  may hold more (the path of a member that a handler forgot) than the fault tells the peer.
 *  The whole document is read and checked before the handler runs.
 *  Threads: safe while arenas and outs differ. Rules: [SOAP11 4, 6], [SOAP12-1 2, 5], [SOAP12-2 7]. */
void bark_soap_serve(const struct bark_service *service, const struct bark_limits *limits,
                     const struct bark_soap_request *request, struct bark_arena *arena, struct bark_out *out,
                     struct bark_soap_reply *reply);

/** Client side: writes the envelope of a request to an operation. in is NULL for an empty body. The arena
 * lends the encoder's frames. Errors: as bark_encode(). */
BARK_MUST_CHECK enum bark_code bark_soap_request_write(const struct bark_image *image, uint16_t operation,
                                                       enum bark_soap_version version, const void *in,
                                                       const struct bark_limits *limits,
                                                       struct bark_arena *arena, struct bark_out *out,
                                                       struct bark_error *err);

/** The same with header blocks: headers is the operation's generated header struct, or NULL. Blocks whose bit
 * is set in its must_understand are marked so. Errors: as bark_encode(). Rule: [SOAP11 4.2, SOAP12-1 5.2]. */
BARK_MUST_CHECK enum bark_code
bark_soap_request_write_headers(const struct bark_image *image, uint16_t operation,
                                enum bark_soap_version version, const void *headers, const void *in,
                                const struct bark_limits *limits, struct bark_arena *arena,
                                struct bark_out *out, struct bark_error *err);

/** The same with options for the body's element (may be NULL). */
BARK_MUST_CHECK enum bark_code
bark_soap_request_write_with(const struct bark_image *image, uint16_t operation,
                             enum bark_soap_version version, const struct bark_encode_options *options,
                             const void *headers, const void *in, const struct bark_limits *limits,
                             struct bark_arena *arena, struct bark_out *out, struct bark_error *err);

/** What a peer's fault said; texts in the arena. detail is the whole Detail element's content as fragments.
 */
struct bark_soap_fault {
    struct bark_qname code;
    struct bark_qname subcodes[BARK_FAULT_SUBCODES];
    struct bark_text reason, actor,
        detail; /* actor: 1.1 faultactor, 1.2 Role; reason: the first of its Texts */
    const void *header; /* a header fault that the WSDL declares: struct of root header_root, or NULL */
    uint16_t header_root;
};

/** Client side: reads an answer of either version. BARK_OK gives *out (NULL when the answer is empty by
 * contract); BARK_ERR_FAULT fills *fault. Any other element in the body is BARK_ERR_UNEXPECTED. Errors: as
 * bark_decode(), and BARK_ERR_SOAP for a broken envelope. */
BARK_MUST_CHECK enum bark_code bark_soap_reply_read(const struct bark_image *image, uint16_t operation,
                                                    struct bark_slice body, const struct bark_limits *limits,
                                                    struct bark_arena *arena, void **out,
                                                    struct bark_soap_fault *fault, struct bark_error *err);

/** The same with header blocks: *headers is the operation's generated struct of answer headers; NULL when the
 * WSDL declares none. A mandatory block that it does not declare is BARK_ERR_SOAP, as without headers. */
BARK_MUST_CHECK enum bark_code
bark_soap_reply_read_headers(const struct bark_image *image, uint16_t operation, struct bark_slice body,
                             const struct bark_limits *limits, struct bark_arena *arena, const void **headers,
                             void **out, struct bark_soap_fault *fault, struct bark_error *err);

/** The same with options for decoding the answer (may be NULL): what to do with members that the schema does
 * not know. What is forgiven in a fault or a header block is nothing. */
BARK_MUST_CHECK enum bark_code
bark_soap_reply_read_with(const struct bark_image *image, uint16_t operation, struct bark_slice body,
                          const struct bark_decode_options *options, const struct bark_limits *limits,
                          struct bark_arena *arena, const void **headers, void **out,
                          struct bark_soap_fault *fault, struct bark_error *err);

#ifdef __cplusplus
}
#endif
#endif
