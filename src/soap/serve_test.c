/* soap/serve_test.c - requests of cases/soap/serve.txt, whole, cut at every byte, and with each allocation
 * refused in turn; and every order of the parts of an envelope.
 */
#include "soap/test_cases.h"

#include "soap/dialect.h"

static struct exchange x;

static void fault_check(const char *label)
{
    CHECK_IN(label, x.reply.is_fault);
    CHECK_IN(label, x.reply.http_status >= 400);
    CHECK_IN(label, x.reply.error.code != BARK_OK);
    CHECK_IN(label, x.reply.error.code < BARK_CODE_COUNT);
    CHECK_IN(label, strstr(x.text, "<s:Fault>") != NULL);
}

/* A fault in either version, read back by our own client side: it is a whole and correct envelope. */
static void fault_reads_back(const char *label)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[128 * 1024];
    struct bark_arena arena;
    struct bark_soap_fault fault;
    struct bark_error err = { 0 };
    void *out;
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = 0;
    enum bark_code code = bark_soap_reply_read(&test_service.image, OP_ECHO, bark_out_bytes(&x.out),
                                               &bark_limits_device, &arena, &out, &fault, &err);
    CHECK_IN(label, code == BARK_ERR_FAULT);
    CHECK_IN(label, fault.reason.len > 0);
    CHECK_IN(label, fault.code.local.len > 0);
}

static void case_run(void)
{
    exchange_init(&x, sizeof x.memory);
    exchange_run(&x, wire.type, wire.action, wire.request, wire.request_len);
    CHECK_IN(wire.name, x.reply.http_status == wire.status);
    CHECK_IN(wire.name, strcmp(x.reply.content_type, wire.want_type) == 0 || wire.status == 202);
    if (!casefile_match(wire.reply, x.text))
        testkit_fail(__FILE__, __LINE__, "%s: got %u %s\n#   want %s", wire.name, x.reply.http_status, x.text,
                     wire.reply);
    CHECK_IN(wire.name, x.reply.is_fault == (wire.status >= 400));
    if (x.reply.is_fault)
        fault_reads_back(wire.name);
}

/* Every proper beginning of a good request is refused, and no handler sees it. */
static void case_cut(void)
{
    unsigned calls = test_service.calls + test_service.notified;
    size_t end = wire.request_len;
    while (end > 0 && wire.request[end - 1] != '>')
        end--; /* white space after the envelope may be missing */
    for (size_t n = 0; n < end; n++) {
        /* A copy of its own, so that a sanitizer sees a read past the cut. */
        uint8_t *cut = malloc(n ? n : 1);
        memcpy(cut, wire.request, n);
        exchange_init(&x, sizeof x.memory);
        exchange_run(&x, wire.type, wire.action, (const char *)cut, n);
        fault_check(wire.name);
        free(cut);
    }
    CHECK_IN(wire.name, calls == test_service.calls + test_service.notified);
}

/* Allocation number n fails, for every n: a whole fault, and the next request is served as if nothing was. */
static void case_without_memory(void)
{
    uint64_t n = 0;
    unsigned status;
    do {
        exchange_init(&x, sizeof x.memory);
        x.arena.fail_at = ++n;
        exchange_run(&x, wire.type, wire.action, wire.request, wire.request_len);
        status = x.reply.http_status;
        if (x.arena.allocs < n)
            break;
        fault_check(wire.name);
        CHECK_IN(wire.name, status == 500);
        fault_reads_back(wire.name);
    } while (n < 10000);
    CHECK_IN(wire.name, n > 3 && n < 10000);
    CHECK_IN(wire.name, status == wire.status);
}

TEST(cases_whole)
{
    CHECK(cases_each(case_run, false) > 60);
}

TEST(cases_cut_at_every_byte)
{
    CHECK(cases_each(case_cut, true) > 60);
}

TEST(cases_with_each_allocation_refused)
{
    CHECK(cases_each(case_without_memory, true) > 60);
}

/* The parts of an envelope in every order up to four: what is legal is said here in another way than in the
 * state machine. */
static bool order_is_legal(const char *parts, bool v11)
{
    if (*parts == 'H')
        parts++;
    if (*parts++ != 'B')
        return false;
    while (v11 && *parts == 'X')
        parts++;
    return *parts == '\0';
}

static void order_run(const char *parts, const struct bark_soap_dialect *d)
{
    static char text[1024];
    size_t n = (size_t)snprintf(text, sizeof text, "<s:Envelope xmlns:s=\"%s\">", d->ns);
    for (const char *p = parts; *p; p++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s",
                              *p == 'H'   ? "<s:Header/>"
                              : *p == 'B' ? "<s:Body><Echo xmlns=\"urn:t\"><Text>a</Text></Echo></s:Body>"
                              : *p == 'X' ? "<x xmlns=\"urn:x\"/>"
                              : *p == 'U' ? "<u/>"
                                          : "text");
    n += (size_t)snprintf(text + n, sizeof text - n, "</s:Envelope>");
    unsigned calls = test_service.calls;
    bool legal = order_is_legal(parts, d->version == BARK_SOAP_11);
    exchange_init(&x, sizeof x.memory);
    exchange_run(&x, d->content_type, "", text, n);
    CHECK_IN(parts, x.reply.http_status == (legal ? 200 : d->sender_status));
    CHECK_IN(parts, test_service.calls == calls + legal);
}

TEST(every_order_of_the_parts_of_an_envelope)
{
    static const char alphabet[] = "HBXUT";
    CHECK(test_service_build());
    for (unsigned length = 0; length <= 4; length++) {
        unsigned count = 1;
        for (unsigned i = 0; i < length; i++)
            count *= 5;
        for (unsigned code = 0; code < count; code++) {
            char parts[8] = "";
            for (unsigned i = 0, rest = code; i < length; i++, rest /= 5)
                parts[i] = alphabet[rest % 5];
            order_run(parts, bark_soap_dialect(BARK_SOAP_11));
            order_run(parts, bark_soap_dialect(BARK_SOAP_12));
        }
    }
}

/* Header blocks of WS-Security and WS-Addressing without the parts that they should have. */
static const struct {
    const char *tag, *rest;
} headers[] = {
    { "<w:Security", "/>" },
    { "<w:Security", "><w:UsernameToken/></w:Security>" },
    { "<w:Security",
      "><w:UsernameToken><w:Username/><w:Password/><w:Nonce/></w:UsernameToken></w:Security>" },
    { "<w:Security", "><d:Signature/></w:Security>" },
    { "<w:Security",
      "><d:Signature><d:SignedInfo/><d:SignatureValue/><d:KeyInfo/></d:Signature></w:Security>" },
    { "<w:Security", "><d:Signature><d:SignedInfo><d:Reference URI='#none'/></d:SignedInfo></d:Signature>"
                     "</w:Security>" },
    { "<a:To", "/>" },
    { "<a:ReplyTo", "/>" },
    { "<a:ReplyTo", "><a:Address/></a:ReplyTo>" },
    { "<a:FaultTo", "><a:Address>http://127.0.0.1:1/</a:Address></a:FaultTo>" },
    { "<a:RelatesTo", " RelationshipType=''/>" },
    { "<a:MessageID", "/>" },
    { "<a:Action", "/>" },
};

static void header_run(const char *tag, const char *mandatory, const char *rest, size_t text, unsigned status)
{
    static char request[256 * 1024];
    size_t n = (size_t)snprintf(
        request, sizeof request,
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' "
        "xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd' "
        "xmlns:d='http://www.w3.org/2000/09/xmldsig#' "
        "xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header>%s%s%s<a:To>",
        tag, mandatory, rest);
    memset(request + n, 'x', text);
    n += text;
    n += (size_t)snprintf(
        request + n, sizeof request - n,
        "</a:To></s:Header><s:Body><Echo xmlns='urn:t'><Text>a</Text></Echo></s:Body></s:Envelope>");
    const unsigned calls = test_service.calls;
    exchange_init(&x, sizeof x.memory);
    exchange_run(&x, "text/xml", "", request, n);
    CHECK_IN(rest, x.reply.http_status == status);
    CHECK_IN(rest, test_service.calls == calls + (status == 200));
}

/* gSOAP: the add-ons for these headers followed pointers to parts that had not come (also -13575, -13577,
 * -13578). Who does not speak them passes over them, or says that it does not understand. */
TEST(past_2020_13574)
{
    CHECK(test_service_build());
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        header_run(headers[i].tag, "", headers[i].rest, 1, 200);
        header_run(headers[i].tag, " s:mustUnderstand='1'", headers[i].rest, 1, 500);
        CHECK_IN(headers[i].rest, strstr(x.text, "MustUnderstand") != NULL);
    }
}

/* gSOAP: the size of a header's text, added up in an int (also CVE-2021-21783). */
TEST(past_2020_13576)
{
    static const size_t sizes[] = { 0, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 65537, 131072 };
    CHECK(test_service_build());
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        header_run("", "", "", sizes[i], sizes[i] <= bark_limits_device.text_bytes ? 200 : 500);
}

/* G5: budgets from nothing to enough. Success only from some size on, and never a torn answer below. */
TEST(every_budget_gives_an_answer_or_a_fault)
{
    static const char request[] = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
                                  "<Echo xmlns=\"urn:t\"><Text>hello</Text></Echo></s:Body></s:Envelope>";
    bool served = false;
    CHECK(test_service_build());
    for (size_t budget = 0; budget <= 64 * 1024; budget += 64) {
        exchange_init(&x, budget);
        exchange_run(&x, "application/soap+xml", "", request, sizeof request - 1);
        CHECK(x.arena.peak <= budget);
        if (served)
            CHECK(x.reply.http_status == 200);
        else if (x.reply.http_status == 200)
            served = true;
        else
            CHECK(x.reply.http_status == 500 && strstr(x.text, "</s:Envelope>"));
    }
    CHECK(served);
}

/* The answer's room from nothing to enough: an answer, a fault, or nothing at all with status 500. */
TEST(every_room_for_the_answer)
{
    static const char request[] = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                                  "<Echo xmlns=\"urn:t\"><Text>%s</Text></Echo></s:Body></s:Envelope>";
    static char text[1024], filler[400];
    memset(filler, 'a', sizeof filler - 1);
    int n = snprintf(text, sizeof text, request, filler);
    struct bark_soap_request r = { .content_type = { (const uint8_t *)"text/xml", 8 },
                                   .body = { (const uint8_t *)text, (size_t)n } };
    CHECK(test_service_build());
    for (size_t room = 0; room < 800; room++) {
        exchange_init(&x, sizeof x.memory);
        bark_out_init(&x.out, x.text, room);
        bark_soap_serve(&test_port, &bark_limits_device, &r, &x.arena, &x.out, &x.reply);
        x.text[x.out.pos] = '\0';
        if (x.reply.http_status == 200)
            CHECK(strstr(x.text, "EchoResponse") != NULL);
        else
            CHECK(x.reply.http_status == 500 && x.reply.is_fault && x.reply.error.code == BARK_ERR_LIMIT);
        CHECK(x.out.pos == 0 || strcmp(x.text + x.out.pos - 13, "</s:Envelope>") == 0);
    }
    CHECK(x.reply.http_status == 200);
}

/* A service may have its own words for what the engine refuses; version and header faults stay as they are.
 */
TEST(subcodes_of_the_service)
{
    static const struct bark_fault_subcode subcodes[BARK_CODE_COUNT] = {
        [BARK_ERR_MISSING] = { "urn:e", "e", "Missing" },
        [BARK_ERR_SOAP] = { "urn:e", "e", "Never" },
        [BARK_ERR_USE] = { "urn:e", "e", "Failed" },
    };
    static const struct {
        const char *text, *want;
    } tries[] = {
        { "<e:Body><Echo xmlns=\"urn:t\"/></e:Body>", "<s:Value xmlns:e=\"urn:e\">e:Missing</s:Value>" },
        { "<e:Body><Echo xmlns=\"urn:t\"><Text>crash</Text></Echo></e:Body>", ">e:Failed</s:Value>" },
        { "<e:Body><Echo xmlns=\"urn:u\"/></e:Body>", "<s:Value>s:Sender</s:Value></s:Code>" },
        { "<e:Header><h xmlns=\"urn:h\" e:mustUnderstand=\"1\"/></e:Header><e:Body/>",
          "<s:Value>s:MustUnderstand</s:Value></s:Code>" },
    };
    CHECK(test_service_build());
    struct bark_service service = test_port;
    service.subcodes = subcodes;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        char text[512];
        int n = snprintf(text, sizeof text,
                         "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\">%s"
                         "</e:Envelope>",
                         tries[i].text);
        struct bark_soap_request r = { .content_type = { (const uint8_t *)"application/soap+xml", 20 },
                                       .body = { (const uint8_t *)text, (size_t)n } };
        exchange_init(&x, sizeof x.memory);
        bark_out_init(&x.out, x.text, sizeof x.text - 1);
        bark_soap_serve(&service, &bark_limits_device, &r, &x.arena, &x.out, &x.reply);
        x.text[x.out.pos] = '\0';
        CHECK_IN(x.text, strstr(x.text, tries[i].want) != NULL);
    }
}

static enum bark_soap_permission permission;
static unsigned asked;

static enum bark_soap_permission permit(const struct bark_soap_request *request,
                                        const struct bark_service *service, uint16_t operation)
{
    (void)request;
    (void)service;
    CHECK(operation == OP_ECHO);
    asked++;
    return permission;
}

/* A caller who may not: no handler, no decoding (the message is wrong behind its first tag), one question. */
TEST(callers_are_asked_before_their_message_is_read)
{
    static const char good[] = "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
                               "<Echo xmlns=\"urn:t\"><Text>a</Text></Echo></e:Body></e:Envelope>";
    static const char wrong[] = "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
                                "<Echo xmlns=\"urn:t\"><Nothing/></Echo></e:Body></e:Envelope>";
    static const unsigned status[] = { 200, 401, 403 };
    static const struct bark_fault_subcode not_authorized = { "urn:e", "e", "NotAuthorized" };
    CHECK(test_service_build());
    struct bark_service service = test_port;
    service.not_authorized = &not_authorized;
    for (unsigned i = 0; i < 6; i++) {
        const char *text = i < 3 ? good : wrong;
        const unsigned calls = test_service.calls;
        struct bark_soap_request r = { .content_type = { (const uint8_t *)"application/soap+xml", 20 },
                                       .body = { (const uint8_t *)text, strlen(text) },
                                       .permit = permit };
        permission = (enum bark_soap_permission)(i % 3);
        asked = 0;
        exchange_init(&x, sizeof x.memory);
        bark_out_init(&x.out, x.text, sizeof x.text - 1);
        bark_soap_serve(&service, &bark_limits_device, &r, &x.arena, &x.out, &x.reply);
        x.text[x.out.pos] = '\0';
        CHECK(asked == 1);
        CHECK(x.reply.http_status == (i == 3 ? 400 : status[i % 3]));
        CHECK(test_service.calls == calls + (i == 0));
        CHECK((strstr(x.text, "e:NotAuthorized") != NULL) == (i % 3 != 0));
        CHECK((strstr(x.text, "Nothing") != NULL) == (i == 3)); /* nothing of a stranger's message is told */
    }
}

TEST_MAIN(RUN(cases_whole) RUN(cases_cut_at_every_byte) RUN(cases_with_each_allocation_refused)
              RUN(every_order_of_the_parts_of_an_envelope) RUN(past_2020_13574) RUN(past_2020_13576)
                  RUN(every_budget_gives_an_answer_or_a_fault) RUN(every_room_for_the_answer)
                      RUN(subcodes_of_the_service) RUN(callers_are_asked_before_their_message_is_read))
