/* soap/client_test.c - requests written and answers read: round trips through our own server side, faults as
 * other stacks write them, answers cut at every byte and read without memory.
 */
#include "soap/test_service.h"

#include "soap/dialect.h"

#include <stdlib.h>

#define E11 "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">"
#define E12 "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\">"
#define ANSWER "<t:EchoResponse xmlns:t=\"urn:t\"><t:Text>hi</t:Text><t:Count>7</t:Count></t:EchoResponse>"

static struct exchange x;
static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static struct bark_arena arena;

static void arena_fresh(uint64_t fail_at)
{
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
}

static enum bark_code answer_read(const char *text, size_t len, void **out, struct bark_soap_fault *fault,
                                  struct bark_error *err)
{
    memset(err, 0, sizeof *err);
    return bark_soap_reply_read(&test_service.image, OP_ECHO,
                                (struct bark_slice){ (const uint8_t *)text, len }, &bark_limits_device,
                                &arena, out, fault, err);
}

TEST(requests_reach_their_operation_and_come_back)
{
    static const enum bark_soap_version versions[] = { BARK_SOAP_11, BARK_SOAP_12 };
    CHECK(test_service_build());
    for (size_t i = 0; i < 2; i++) {
        const struct bark_soap_dialect *d = bark_soap_dialect(versions[i]);
        const struct echo in = { .Text = bark_text("a < b & \"c\""), .Count = 42, .has_Count = 1 };
        char text[2048];
        struct bark_out request;
        struct bark_error err = { 0 };
        arena_fresh(0);
        bark_out_init(&request, text, sizeof text);
        CHECK(bark_soap_request_write(&test_service.image, OP_ECHO, versions[i], &in, &bark_limits_device,
                                      &arena, &request, &err) == BARK_OK);
        exchange_init(&x, sizeof x.memory);
        exchange_run(&x, d->content_type, "\"urn:t/Echo\"", text, request.pos);
        CHECK(x.reply.http_status == 200);
        CHECK(x.reply.version == versions[i]);
        void *out = NULL;
        struct bark_soap_fault fault;
        CHECK(answer_read(x.text, x.out.pos, &out, &fault, &err) == BARK_OK);
        const struct echo *echo = out;
        CHECK(echo && bark_text_equal(echo->Text, "a < b & \"c\"") && echo->Count == 42 && echo->has_Count);
    }
}

TEST(requests_that_cannot_be_written_are_errors)
{
    const struct echo empty = { 0 };
    char text[2048];
    struct bark_out out;
    struct bark_error err = { 0 };
    CHECK(test_service_build());
    arena_fresh(0);
    bark_out_init(&out, text, sizeof text);
    CHECK(bark_soap_request_write(&test_service.image, OP_ECHO, BARK_SOAP_12, &empty, &bark_limits_device,
                                  &arena, &out, &err) == BARK_ERR_MISSING);
    CHECK(strstr(err.path, "Text") != NULL);
    memset(&err, 0, sizeof err);
    CHECK(bark_soap_request_write(&test_service.image, OP_ECHO, BARK_SOAP_12, NULL, &bark_limits_device,
                                  &arena, &out, &err) == BARK_ERR_USE);
    const struct echo in = { .Text = bark_text("x") };
    size_t needed = 0;
    enum bark_code code;
    do { /* every room that is too small */
        memset(&err, 0, sizeof err);
        bark_out_init(&out, text, needed++);
        code = bark_soap_request_write(&test_service.image, OP_ECHO, BARK_SOAP_12, &in, &bark_limits_device,
                                       &arena, &out, &err);
        CHECK(code == BARK_OK || (code == BARK_ERR_LIMIT && err.code == code));
    } while (code && needed < sizeof text);
    CHECK(code == BARK_OK && out.pos == out.cap);
}

static const struct {
    const char *name, *text;
    enum bark_code code;
    const char *fault_code, *sub, *subsub, *reason, *actor, *detail;
} answers[] = {
    { "answer_11", E11 "<e:Body>" ANSWER "</e:Body></e:Envelope>", BARK_OK, 0, 0, 0, 0, 0, 0 },
    { "answer_12", E12 "<e:Header/><e:Body>" ANSWER "</e:Body></e:Envelope>", BARK_OK, 0, 0, 0, 0, 0, 0 },
    { "answer_of_another_operation", E12 "<e:Body><Echo xmlns=\"urn:t\"><Text/></Echo></e:Body></e:Envelope>",
      BARK_ERR_UNEXPECTED, 0, 0, 0, 0, 0, 0 },
    { "answer_empty", E12 "<e:Body/></e:Envelope>", BARK_ERR_UNEXPECTED, 0, 0, 0, 0, 0, 0 },
    { "answer_twice", E12 "<e:Body>" ANSWER ANSWER "</e:Body></e:Envelope>", BARK_ERR_SOAP, 0, 0, 0, 0, 0,
      0 },
    { "answer_is_html", "<html><body/></html>", BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "answer_with_mandatory_header",
      E12 "<e:Header><h xmlns=\"urn:h\" e:mustUnderstand=\"1\"/></e:Header><e:Body>" ANSWER
          "</e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "fault_11",
      E11 "<e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring><faultactor>urn:a"
          "</faultactor><detail><a xmlns=\"urn:a\">1</a> <b/></detail></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_FAULT, "{http://schemas.xmlsoap.org/soap/envelope/}Client", "", "", "no", "urn:a",
      "<a xmlns=\"urn:a\">1</a><b xmlns=\"\"/>" },
    { "fault_11_other_order_and_unbound_code",
      E11 "<e:Body><e:Fault><faultstring>no</faultstring><faultcode>Client</faultcode></e:Fault></e:Body>"
          "</e:Envelope>",
      BARK_ERR_FAULT, "{}Client", "", "", "no", "", "" },
    { "fault_12",
      E12
      "<e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value xmlns:q=\"urn:q\"> q:A "
      "</e:Value><e:Subcode><e:Value xmlns:q=\"urn:r\">q:B</e:Value></e:Subcode></e:Subcode></e:Code>"
      "<e:Reason><e:Text xml:lang=\"en\">a &lt; b</e:Text><e:Text xml:lang=\"de\">nein</e:Text></e:Reason>"
      "<e:Node>urn:n</e:Node><e:Role>urn:role</e:Role></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_FAULT, "{http://www.w3.org/2003/05/soap-envelope}Sender", "{urn:q}A", "{urn:r}B", "a < b",
      "urn:role", "" },
    { "fault_12_detail_keeps_namespaces",
      E12
      "<e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang=\"en\">x"
      "</e:Text></e:Reason><e:Detail xmlns:d=\"urn:d\"><d:why/></e:Detail></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_FAULT, "{http://www.w3.org/2003/05/soap-envelope}Receiver", "", "", "x", "",
      "<d:why xmlns:d=\"urn:d\"*>" },
    { "fault_12_without_value",
      E12 "<e:Body><e:Fault><e:Code/><e:Reason><e:Text>x</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "fault_12_without_reason",
      E12 "<e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "fault_12_code_twice",
      E12 "<e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Code><e:Value>e:Sender</e:Value>"
          "</e:Code><e:Reason><e:Text>x</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "fault_12_code_with_unbound_prefix",
      E12 "<e:Body><e:Fault><e:Code><e:Value>zz:Sender</e:Value></e:Code><e:Reason><e:Text>x</e:Text>"
          "</e:Reason></e:Fault></e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
    { "fault_then_more",
      E11 "<e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault>" ANSWER
          "</e:Body></e:Envelope>",
      BARK_ERR_SOAP, 0, 0, 0, 0, 0, 0 },
};
enum { ANSWERS = sizeof answers / sizeof *answers };

static void qname_check(const char *label, struct bark_qname name, const char *want)
{
    char got[256] = "";
    if (name.local.ptr)
        snprintf(got, sizeof got, "{%s}%s", name.ns.ptr, name.local.ptr);
    if (strcmp(got, want) != 0)
        testkit_fail(__FILE__, __LINE__, "%s: got %s, want %s", label, got, want);
}

static void text_check(const char *label, struct bark_text got, const char *want)
{
    const char *text = got.ptr ? got.ptr : "", *star = strchr(want, '*');
    bool same = star ? strncmp(text, want, (size_t)(star - want)) == 0 : strcmp(text, want) == 0;
    if (!same)
        testkit_fail(__FILE__, __LINE__, "%s: got %s, want %s", label, text, want);
}

TEST(answers_and_faults)
{
    CHECK(test_service_build());
    for (size_t i = 0; i < ANSWERS; i++) {
        const char *name = answers[i].name;
        struct bark_soap_fault fault;
        struct bark_error err;
        void *out;
        arena_fresh(0);
        enum bark_code code = answer_read(answers[i].text, strlen(answers[i].text), &out, &fault, &err);
        if (code != answers[i].code)
            testkit_fail(__FILE__, __LINE__, "%s: %s: %s", name, bark_code_text(code),
                         err.rule ? err.rule : "");
        CHECK_IN(name, (out != NULL) == (answers[i].code == BARK_OK));
        if (answers[i].code != BARK_ERR_FAULT) {
            CHECK_IN(name, !fault.code.local.ptr && !fault.reason.ptr && !fault.detail.ptr);
            continue;
        }
        qname_check(name, fault.code, answers[i].fault_code);
        qname_check(name, fault.subcodes[0], answers[i].sub);
        qname_check(name, fault.subcodes[1], answers[i].subsub);
        text_check(name, fault.reason, answers[i].reason);
        text_check(name, fault.actor, answers[i].actor);
        text_check(name, fault.detail, answers[i].detail);
    }
}

TEST(answers_cut_at_every_byte_are_refused_and_give_nothing)
{
    CHECK(test_service_build());
    for (size_t i = 0; i < ANSWERS; i++)
        for (size_t n = 0; n < strlen(answers[i].text); n++) {
            struct bark_soap_fault fault;
            struct bark_error err;
            void *out;
            char *cut = malloc(n ? n : 1); /* of its own, so that a sanitizer sees a read past the cut */
            memcpy(cut, answers[i].text, n);
            arena_fresh(0);
            enum bark_code code = answer_read(cut, n, &out, &fault, &err);
            CHECK_IN(answers[i].name, code != BARK_OK && code != BARK_ERR_FAULT && code == err.code);
            CHECK_IN(answers[i].name, out == NULL && !fault.code.local.ptr && !fault.reason.ptr);
            free(cut);
        }
}

TEST(answers_without_memory_say_so)
{
    CHECK(test_service_build());
    for (size_t i = 0; i < ANSWERS; i++) {
        uint64_t n = 0;
        enum bark_code code;
        do {
            struct bark_soap_fault fault;
            struct bark_error err;
            void *out;
            arena_fresh(++n);
            code = answer_read(answers[i].text, strlen(answers[i].text), &out, &fault, &err);
            if (arena.allocs >= n)
                CHECK_IN(answers[i].name, code == BARK_ERR_MEMORY && out == NULL && !fault.reason.ptr);
        } while (arena.allocs >= n && n < 1000);
        CHECK_IN(answers[i].name, n > 1 && n < 1000);
        CHECK_IN(answers[i].name, code == answers[i].code);
    }
}

TEST_MAIN(RUN(requests_reach_their_operation_and_come_back) RUN(requests_that_cannot_be_written_are_errors)
              RUN(answers_and_faults) RUN(answers_cut_at_every_byte_are_refused_and_give_nothing)
                  RUN(answers_without_memory_say_so))
