/* server/authenticate_test.c - who may call an operation: every level by every class, and what has no class.
 */
#include "server/loop.h"
#include "testkit.h"

static const uint8_t access[] = { BARK_ACCESS_NOBODY,        BARK_ACCESS_PRE_AUTH,
                                  BARK_ACCESS_READ_SYSTEM,   BARK_ACCESS_READ_SYSTEM_SENSITIVE,
                                  BARK_ACCESS_WRITE_SYSTEM,  BARK_ACCESS_READ_SYSTEM_SECRET,
                                  BARK_ACCESS_UNRECOVERABLE, BARK_ACCESS_READ_MEDIA,
                                  BARK_ACCESS_ACTUATE,       BARK_ACCESS_COUNT };

TEST(every_level_by_every_class)
{
    const struct bark_service service = { .access = access, .access_count = sizeof access };
    for (unsigned level = 0; level <= BARK_LEVEL_ADMINISTRATOR; level++) {
        const struct bark_identity who = { .level = (enum bark_level)level };
        const struct bark_soap_request request = { .who = level ? &who : NULL };
        for (uint16_t i = 0; i < sizeof access; i++) {
            const bool may = bark_access_allowed((enum bark_access)access[i], (enum bark_level)level);
            CHECK(bark_caller_permit(&request, &service, i) == (may     ? BARK_SOAP_ALLOWED
                                                                : level ? BARK_SOAP_FORBIDDEN
                                                                        : BARK_SOAP_UNKNOWN));
        }
    }
}

TEST(past_2025_65856)
{
    const struct bark_identity admin = { .level = BARK_LEVEL_ADMINISTRATOR };
    const struct bark_soap_request anonymous = { .who = NULL }, known = { .who = &admin };
    const struct bark_service no_table = { .access = NULL, .access_count = 9 };
    const struct bark_service short_table = { .access = access, .access_count = 2 };
    CHECK(bark_caller_permit(&anonymous, &no_table, 1) == BARK_SOAP_UNKNOWN);
    CHECK(bark_caller_permit(&known, &no_table, 1) == BARK_SOAP_FORBIDDEN);
    CHECK(bark_caller_permit(&known, &short_table, 1) == BARK_SOAP_ALLOWED);
    CHECK(bark_caller_permit(&known, &short_table, 2) == BARK_SOAP_FORBIDDEN);
    CHECK(bark_caller_permit(&known, &short_table, UINT16_MAX) == BARK_SOAP_FORBIDDEN);
}

/* A function has the last word, and gets what the table says: NOBODY where it says nothing. */
static uint8_t closed_but_for_one(const struct bark_service *service, uint16_t operation, uint8_t class)
{
    CHECK(class == (operation < service->access_count ? access[operation] : BARK_ACCESS_NOBODY));
    return operation == 4 ? BARK_ACCESS_PRE_AUTH : BARK_ACCESS_NOBODY;
}

TEST(a_function_decides_last)
{
    const struct bark_identity admin = { .level = BARK_LEVEL_ADMINISTRATOR };
    const struct bark_soap_request anonymous = { .who = NULL }, known = { .who = &admin };
    const struct bark_service service = { .access = access,
                                          .access_count = sizeof access,
                                          .access_now = closed_but_for_one };
    for (uint16_t i = 0; i < sizeof access + 3; i++) {
        CHECK(bark_caller_permit(&anonymous, &service, i) ==
              (i == 4 ? BARK_SOAP_ALLOWED : BARK_SOAP_UNKNOWN));
        CHECK(bark_caller_permit(&known, &service, i) == (i == 4 ? BARK_SOAP_ALLOWED : BARK_SOAP_FORBIDDEN));
    }
}

TEST_MAIN(RUN(every_level_by_every_class) RUN(past_2025_65856) RUN(a_function_decides_last))
