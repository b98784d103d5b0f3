/* soap/dispatch_test.c - the first look at a message: which operation is it for? */
#include "soap/dispatch.h"
#include "soap/test_service.h"

#define S12 "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'>"
#define S11 "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"

static const struct {
    const char *message;
    uint16_t operation;
} cases[] = {
    { S12 "<s:Body><Notify xmlns='urn:t'><Text>a</Text></Notify></s:Body></s:Envelope>", OP_NOTIFY },
    { S11 "<s:Body><t:Echo xmlns:t='urn:t'/></s:Body></s:Envelope>", OP_ECHO },
    { S12 "<s:Header><x xmlns='urn:x'><Notify xmlns='urn:t'/></x></s:Header>"
          "<s:Body><Echo xmlns='urn:t'/></s:Body></s:Envelope>",
      OP_ECHO }, /* a name in a header is no operation */
    { S12 "<s:Body><Echo xmlns='urn:t'><unfinished", OP_ECHO }, /* what follows is not read */
    { S12 "<s:Body><Echo xmlns='urn:other'/></s:Body></s:Envelope>", BARK_NONE },
    { S12 "<s:Body><EchoResponse xmlns='urn:t'/></s:Body></s:Envelope>", BARK_NONE },
    { S12 "<s:Body/></s:Envelope>", BARK_NONE },
    { S12 "<s:Body><Echo xmlns='urn:t'", BARK_NONE },
    { "<Echo xmlns='urn:t'/>", BARK_NONE },
    { "--boundary\r\n", BARK_NONE },
    { "", BARK_NONE },
};

TEST(an_operation_is_found_without_reading_the_message)
{
    static _Alignas(16) uint8_t memory[1 << 20];
    struct bark_arena arena;
    CHECK(test_service_build());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_slice message = { (const uint8_t *)cases[i].message, strlen(cases[i].message) };
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK_IN(cases[i].message,
                 bark_soap_operation_peek(&test_service.image, 0, message, (struct bark_slice){ 0 },
                                          &bark_limits_server, &arena) == cases[i].operation);
    }
    bark_arena_init(&arena, memory, 64); /* too little memory for a look: no operation, no harm */
    CHECK(bark_soap_operation_peek(
              &test_service.image, 0,
              (struct bark_slice){ (const uint8_t *)cases[0].message, strlen(cases[0].message) },
              (struct bark_slice){ 0 }, &bark_limits_server, &arena) == BARK_NONE);
}

TEST_MAIN(RUN(an_operation_is_found_without_reading_the_message))
