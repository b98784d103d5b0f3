/* wsdl/depot_test.c - depot.wsdl: what the generated client writes, the generated handlers get, and back.
 */
#include "depot_service.h"

#include "engine/engine.h"
#include "soap/header.h"
#include "soapbark/soap_stream.h"
#include "testkit.h"

#include <stdlib.h>

static struct bark_image image;
static struct depot depot;
static struct bark_arena arena;
static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static char request_bytes[16384], reply_bytes[16384];
static struct bark_out request, answer;
static struct bark_soap_reply reply;
static const struct bark_soap_layer *layer;

static const char *content_type(enum bark_soap_version version)
{
    return bark_soap_dialect(version)->content_type;
}

static bool ready(void)
{
    struct bark_error err = { 0 };
    depot = (struct depot){ 0 };
    layer = NULL;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&request, request_bytes, sizeof request_bytes - 1);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    return bark_image_open(&image, depot_tables(), &err) == BARK_OK;
}

/* The same request through a window: the same answer, from the same state to the same state. */
static void window_serve(struct bark_service *service, const struct bark_soap_request *r,
                         const struct depot *before)
{
    static _Alignas(BARK_ALIGN) uint8_t room[64 * 1024];
    static char bytes[sizeof reply_bytes];
    static uint8_t window[512];
    struct depot state = *before;
    struct bark_arena own;
    struct bark_out out;
    struct bark_soap_stream stream;
    struct bark_soap_reply said;
    enum bark_code code;
    service->user = &state;
    bark_arena_init(&own, room, sizeof room);
    bark_out_init(&out, bytes, sizeof bytes - 1);
    code = bark_soap_stream_open(&stream, service, &bark_limits_device, r, NULL, 0, &own, window,
                                 sizeof window, &said);
    for (size_t at = 0; at < r->body.len && code == BARK_MORE; at++)
        code = bark_soap_stream_feed(&stream, (struct bark_slice){ r->body.ptr + at, 1 });
    bark_soap_stream_finish(&stream, &out);
    bytes[out.pos] = '\0';
    CHECK_IN(bytes, said.http_status == reply.http_status && said.operation == reply.operation);
    CHECK_IN(bytes, strcmp(bytes, reply_bytes) == 0);
    CHECK_IN(bytes, memcmp(&state, &depot, sizeof state) == 0);
}

/* Serves what stands in `request`. */
static void serve(bool counter, enum bark_soap_version version, const char *action)
{
    static _Alignas(BARK_ALIGN) uint8_t room[256 * 1024];
    struct bark_arena own;
    struct bark_service service = counter ? counter_service(&image, &depot) : depot_service(&image, &depot);
    const char *type = content_type(version);
    struct bark_soap_request r = { .content_type = { (const uint8_t *)type, strlen(type) },
                                   .soap_action = { (const uint8_t *)action, strlen(action) },
                                   .body = bark_out_bytes(&request) };
    const struct depot before = depot;
    service.layer = layer;
    bark_arena_init(&own, room, sizeof room);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_serve(&service, &bark_limits_device, &r, &own, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
    if (!layer)
        window_serve(&service, &r, &before);
}

/* A request by hand: Header content, Body content. */
static void say(enum bark_soap_version version, const char *header, const char *body)
{
    bark_out_init(&request, request_bytes, sizeof request_bytes - 1);
    bark_out_text(&request, "<e:Envelope xmlns:e=\"");
    bark_out_text(&request, bark_soap_dialect(version)->ns);
    bark_out_text(&request, "\" xmlns:d=\"urn:depot\"><e:Header>");
    bark_out_text(&request, header);
    bark_out_text(&request, "</e:Header><e:Body>");
    bark_out_text(&request, body);
    bark_out_text(&request, "</e:Body></e:Envelope>");
    request_bytes[request.pos] = '\0';
}

#define TAKE "<d:Take><d:Item>bolt</d:Item><d:Count>7</d:Count></d:Take>"
#define SESSION(attributes, user) "<d:Session" attributes "><d:User>" user "</d:User></d:Session>"

static enum bark_code take(enum bark_soap_version version, const struct d_Depot_Take_headers *headers,
                           const struct d_Depot_Take_answer_headers **got, const struct d_TakeResponse **out,
                           struct bark_soap_fault *fault)
{
    const struct d_Take in = { .Item = bark_text("bolt"), .Count = 7 };
    struct bark_error err = { 0 };
    const void *blocks = NULL;
    void *message = NULL;
    CHECK(bark_soap_request_write_headers(&image, d_Depot_op_Take, version, headers, &in, &bark_limits_device,
                                          &arena, &request, &err) == BARK_OK);
    request_bytes[request.pos] = '\0';
    serve(false, version, "");
    enum bark_code code =
        bark_soap_reply_read_headers(&image, d_Depot_op_Take, bark_out_bytes(&answer), &bark_limits_device,
                                     &arena, &blocks, &message, fault, &err);
    *got = blocks;
    *out = message;
    return code;
}

static void headers_travel(enum bark_soap_version version)
{
    const struct d_Session session = { .User = bark_text("eve") };
    const struct bark_text locale = bark_text("de-AT");
    struct d_Depot_Take_headers headers = { .Session = &session, .Locale = &locale, .must_understand = 1 };
    const struct d_Depot_Take_answer_headers *got;
    const struct d_TakeResponse *out;
    struct bark_soap_fault fault;
    CHECK(ready());
    CHECK(take(version, &headers, &got, &out, &fault) == BARK_OK);
    CHECK(strstr(request_bytes, ":mustUnderstand=\"1\"") != NULL);
    CHECK(out && got);
    if (!out || !got)
        return;
    CHECK_TEXT(out->By.ptr, "eve/de-AT/1");
    CHECK(got->Quota && got->Quota->Left == 93 && got->must_understand == 1);
}

TEST(headers_travel_both_ways)
{
    headers_travel(BARK_SOAP_11);
    headers_travel(BARK_SOAP_12);
}

TEST(absent_headers_are_null)
{
    const struct d_Session session = { .User = bark_text("eve") };
    struct d_Depot_Take_headers headers = { .Session = &session };
    const struct d_Depot_Take_answer_headers *got;
    const struct d_TakeResponse *out;
    struct bark_soap_fault fault;
    CHECK(ready());
    CHECK(take(BARK_SOAP_12, &headers, &got, &out, &fault) == BARK_OK && out);
    CHECK_TEXT(out ? out->By.ptr : "", "eve/-/0");
    CHECK(ready());
    CHECK(take(BARK_SOAP_12, NULL, &got, &out, &fault) == BARK_ERR_FAULT);
    CHECK(strstr(request_bytes, "Header") == NULL);
    CHECK_TEXT(fault.reason.ptr, "no session");
}

/* [SOAP11 4.4] What a fault says about a header stands in the Header, and there is no detail. */
TEST(header_faults_stand_in_the_header)
{
    const struct d_Session session = { .User = bark_text("late") };
    struct d_Depot_Take_headers headers = { .Session = &session };
    static const enum bark_soap_version versions[] = { BARK_SOAP_11, BARK_SOAP_12 };
    for (size_t i = 0; i < 2; i++) {
        const struct d_Depot_Take_answer_headers *got;
        const struct d_TakeResponse *out;
        struct bark_soap_fault fault;
        CHECK(ready());
        CHECK(take(versions[i], &headers, &got, &out, &fault) == BARK_ERR_FAULT);
        CHECK(got == NULL && out == NULL);
        CHECK(strstr(reply_bytes, "etail") == NULL);
        CHECK(fault.header && fault.header_root == d_SessionExpired_root);
        if (fault.header)
            CHECK_TEXT(((const struct d_SessionExpired *)fault.header)->User.ptr, "late");
    }
}

/* (case, Header, Body, status, part of the answer) */
static const struct {
    const char *name, *header, *body;
    unsigned status;
    const char *part;
} said[] = {
    { "declared is understood", SESSION(" e:mustUnderstand='1'", "eve"), TAKE, 200, "eve/-/1" },
    { "any order", "<d:Locale>fr</d:Locale>" SESSION("", "eve"), TAKE, 200, "eve/fr/0" },
    { "among others", "<x xmlns='urn:x'/>" SESSION("", "eve") "<y xmlns='urn:x'/>", TAKE, 200, "eve/-/0" },
    { "twice", SESSION("", "eve") SESSION("", "eve"), TAKE, 400, "comes once" },
    { "for another role", SESSION(" e:mustUnderstand='1' e:role='urn:else'", "adam") SESSION("", "eve"), TAKE,
      200, "eve/-/0" },
    { "of another operation", "<d:Quota e:mustUnderstand='1'><d:Left>1</d:Left></d:Quota>", TAKE, 500,
      "MustUnderstand" },
    { "mandatory where not declared", SESSION(" e:mustUnderstand='true'", "eve"),
      "<d:FindByCode><d:Code>1</d:Code></d:FindByCode>", 500, "MustUnderstand" },
    { "dropped where not declared", SESSION("", "eve"), "<d:FindByCode><d:Code>1</d:Code></d:FindByCode>",
      200, "code 1" },
    { "breaks its schema", "<d:Session><d:Name/></d:Session>", TAKE, 400, "Session" },
    { "breaks its facet", "<d:Locale>not a language</d:Locale>" SESSION("", "eve"), TAKE, 400, "Locale" },
    { "unknown mandatory", SESSION("", "eve") "<x xmlns='urn:x' e:mustUnderstand='1'/>", TAKE, 500,
      "NotUnderstood" },
    { "other attribute", SESSION(" e:odd='1'", "eve"), TAKE, 400, "odd" },
    { "literal encoding",
      SESSION(" e:encodingStyle='http://www.w3.org/2003/05/soap-envelope/encoding/none'", "eve"), TAKE, 200,
      "eve/-/0" },
    { "encoded", SESSION(" e:encodingStyle='http://www.w3.org/2003/05/soap-encoding'", "eve"), TAKE, 500,
      "DataEncodingUnknown" },
    { "broken off", SESSION("", "eve") "<d:Locale>", TAKE, 400, "Sender" },
};

TEST(headers_from_a_stranger)
{
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        CHECK(ready());
        say(BARK_SOAP_12, said[i].header, said[i].body);
        serve(false, BARK_SOAP_12, "");
        if (reply.http_status != said[i].status || !strstr(reply_bytes, said[i].part))
            testkit_fail(__FILE__, __LINE__, "%s: %u %s", said[i].name, reply.http_status, reply_bytes);
    }
}

/* Every beginning of a message with headers is refused, and every refused allocation ends in a whole fault.
 */
TEST(headers_cut_and_without_memory)
{
    CHECK(ready());
    say(BARK_SOAP_12, SESSION(" e:mustUnderstand='1'", "eve") "<d:Locale>fr</d:Locale>", TAKE);
    const struct bark_service service = depot_service(&image, &depot);
    const char *type = content_type(BARK_SOAP_12);
    struct bark_soap_request r = { .content_type = { (const uint8_t *)type, strlen(type) } };
    for (size_t n = 0; n < request.pos; n++) {
        uint8_t *cut = malloc(n ? n : 1);
        memcpy(cut, request_bytes, n);
        r.body = (struct bark_slice){ cut, n };
        bark_arena_reset(&arena);
        bark_out_init(&answer, reply_bytes, sizeof reply_bytes);
        bark_soap_serve(&service, &bark_limits_device, &r, &arena, &answer, &reply);
        CHECK(reply.is_fault);
        free(cut);
    }
    r.body = bark_out_bytes(&request);
    uint64_t n = 0;
    do {
        bark_arena_init(&arena, memory, sizeof memory);
        arena.fail_at = ++n;
        bark_out_init(&answer, reply_bytes, sizeof reply_bytes);
        bark_soap_serve(&service, &bark_limits_device, &r, &arena, &answer, &reply);
        CHECK(reply.is_fault == (arena.allocs >= n));
    } while (arena.allocs >= n && n < 1000);
    CHECK(n > 8 && n < 1000);
}

TEST(overloads_are_told_apart_by_their_body)
{
    CHECK(ready());
    say(BARK_SOAP_11, "", "<d:FindByCode><d:Code>4</d:Code></d:FindByCode>");
    serve(false, BARK_SOAP_11, "\"urn:depot/FindByCode\"");
    CHECK(strstr(reply_bytes, "code 4") != NULL);
    say(BARK_SOAP_11, "", "<d:FindByName><d:Name>nut</d:Name></d:FindByName>");
    serve(false, BARK_SOAP_11, "");
    CHECK(strstr(reply_bytes, "name nut") != NULL);
    serve(false, BARK_SOAP_11, "\"urn:depot/FindByCode\""); /* [row 12] */
    CHECK(reply.is_fault);
}

/* rpc: both are called Add in the body. */
TEST(overloads_with_one_body_element_are_told_apart_by_action)
{
    CHECK(ready());
    say(BARK_SOAP_11, "", "<d:Add><a>1</a><b>2</b></d:Add>");
    serve(true, BARK_SOAP_11, "\"urn:depot/AddTwo\"");
    CHECK(strstr(reply_bytes, "<sum>3</sum>") != NULL);
    say(BARK_SOAP_11, "", "<d:Add><a>1</a><b>2</b><c>3</c></d:Add>");
    serve(true, BARK_SOAP_11, "\"urn:depot/AddThree\"");
    CHECK(strstr(reply_bytes, "<sum>6</sum>") != NULL);
    serve(true, BARK_SOAP_11, "\"urn:depot/AddTwo\"");
    CHECK(reply.is_fault);
    serve(true, BARK_SOAP_11, "\"urn:depot/Jot\"");
    CHECK(reply.is_fault);
    serve(true, BARK_SOAP_11, "");
    CHECK(reply.is_fault); /* without an action it is the first one's, which has no c */
}

TEST(rpc_part_that_names_an_element)
{
    CHECK(ready());
    say(BARK_SOAP_11, "", "<d:Jot><d:Note>remember</d:Note><line>12</line></d:Jot>");
    serve(true, BARK_SOAP_11, "");
    CHECK(reply.http_status == 202 && answer.pos == 0);
    CHECK(depot.jotted == 1 && depot.line == 12);
}

/* The service's own calls: a notification has no answer, a solicit-response has one. */
TEST(operations_that_the_service_starts)
{
    const struct d_Low low = { .Item = bark_text("bolt") };
    const struct d_Ask ask = { .Order = bark_text("small") };
    struct bark_error err = { 0 };
    struct bark_soap_fault fault;
    void *out = NULL;
    CHECK(ready());
    CHECK(bark_operation_flags(&image, d_Depot_op_LowStock) & BARK_OPERATION_OUTBOUND);
    CHECK(bark_operation_flags(&image, d_Depot_op_LowStock) & BARK_OPERATION_ONE_WAY);
    CHECK(bark_soap_request_write(&image, d_Depot_op_LowStock, BARK_SOAP_11, &low, &bark_limits_device,
                                  &arena, &request, &err) == BARK_OK);
    serve(false, BARK_SOAP_11, "\"urn:depot/LowStock\"");
    CHECK(reply.http_status == 202 && depot.low == 1);
    bark_out_init(&request, request_bytes, sizeof request_bytes);
    CHECK(bark_soap_request_write(&image, d_Depot_op_Confirm, BARK_SOAP_11, &ask, &bark_limits_device, &arena,
                                  &request, &err) == BARK_OK);
    serve(false, BARK_SOAP_11, "");
    CHECK(bark_soap_reply_read(&image, d_Depot_op_Confirm, bark_out_bytes(&answer), &bark_limits_device,
                               &arena, &out, &fault, &err) == BARK_OK);
    CHECK(out && ((const struct d_AskResponse *)out)->Yes);
}

/* A layer as src/ws plugs it in: it understands one block, and answers with one. */
static unsigned marks_read, marks_checked;

static enum bark_code mark_read(struct bark_soap_envelope *e, const struct bark_xml_event *start,
                                void **value)
{
    struct bark_any *any = bark_arena_alloc(e->xml.arena, 1, sizeof *any);
    if (!any)
        return BARK_ERR_MEMORY;
    marks_read++;
    *value = any;
    return bark_capture_element(&e->xml, start, any);
}

static const struct bark_soap_header_reader mark_readers[] = { { "urn:mark", "Mark", mark_read } };

static enum bark_code mark_check(struct bark_soap_envelope *e)
{
    const struct bark_soap_entry *entry = bark_soap_header_find(e, &mark_readers[0]);
    marks_checked++;
    if (!entry)
        return bark_xml_fail(&e->xml, BARK_ERR_SOAP, 0, "a Mark is wanted");
    return BARK_OK;
}

static bool mark_write(const struct bark_soap_envelope *e, struct bark_out *out)
{
    const struct bark_soap_entry *entry = bark_soap_header_find(e, &mark_readers[0]);
    if (!entry || !entry->value)
        return false;
    bark_out_text(out, ((const struct bark_any *)entry->value)->xml.ptr);
    return true;
}

TEST(a_layer_reads_and_writes_headers)
{
    static const struct bark_soap_layer marks = { mark_readers, 1, mark_check, mark_write };
    CHECK(ready());
    layer = &marks;
    marks_read = marks_checked = 0;
    say(BARK_SOAP_12, "<Mark xmlns='urn:mark' e:mustUnderstand='1'>x</Mark>" SESSION("", "eve"), TAKE);
    serve(false, BARK_SOAP_12, "");
    CHECK(reply.http_status == 200 && marks_read == 1 && marks_checked == 1);
    CHECK(strstr(reply_bytes, "urn:mark") && strstr(reply_bytes, ">x</Mark>") &&
          strstr(reply_bytes, "Quota"));
    say(BARK_SOAP_12, SESSION("", "eve"), TAKE);
    serve(false, BARK_SOAP_12, "");
    CHECK(reply.is_fault && strstr(reply_bytes, "a Mark is wanted") != NULL &&
          !strstr(reply_bytes, "Header>"));
}

TEST(layout_of_header_structs)
{
    /* soap/header.h: pointers, then the bits; there is nothing in the tables that says so. */
    static_assert(offsetof(struct d_Depot_Take_headers, Locale) == sizeof(void *), "pointers in a row");
    static_assert(offsetof(struct d_Depot_Take_headers, must_understand) == 2 * sizeof(void *), "then bits");
    CHECK(ready());
    const struct bark_header_roots h = bark_image_headers(&image, d_Depot_op_Take);
    CHECK(h.input_count == 2 && h.output_count == 1 && h.fault_count == 1);
    CHECK(h.input[0] == d_Session_root && h.input[1] == d_Locale_root &&
          h.faults[0] == d_SessionExpired_root);
    CHECK(bark_image_headers(&image, d_Depot_op_Find).input_count == 0);
}

TEST_MAIN(RUN(headers_travel_both_ways) RUN(absent_headers_are_null) RUN(header_faults_stand_in_the_header)
              RUN(headers_from_a_stranger) RUN(headers_cut_and_without_memory)
                  RUN(overloads_are_told_apart_by_their_body)
                      RUN(overloads_with_one_body_element_are_told_apart_by_action)
                          RUN(rpc_part_that_names_an_element) RUN(operations_that_the_service_starts)
                              RUN(a_layer_reads_and_writes_headers) RUN(layout_of_header_structs))
