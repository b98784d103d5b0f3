/* soap/call_test.c - what handlers may do with a call, with memory and without. */
#include "soapbark/soap.h"

#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[4096];
static struct bark_arena arena;

static struct bark_call call_fresh(const struct bark_service *service, uint64_t fail_at)
{
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    return (struct bark_call){ .service = service, .arena = &arena, .limits = &bark_limits_device };
}

TEST(texts_and_room)
{
    struct bark_call call = call_fresh(NULL, 0);
    CHECK_TEXT(bark_call_printf(&call, "%s-%03u", "a", 7u).ptr, "a-007");
    CHECK(bark_call_printf(&call, "%s", "").ptr && bark_call_printf(&call, "%s", "").len == 0);
    struct bark_text t = bark_call_text(&call, "a\0b", 3);
    CHECK(t.len == 3 && memcmp(t.ptr, "a\0b", 4) == 0);
    const uint32_t *room = bark_call_alloc(&call, 4, sizeof *room);
    CHECK(room && room[0] == 0 && room[3] == 0);
    CHECK(call.error.code == BARK_OK);
}

TEST(a_full_arena_is_noted_once_and_for_all)
{
    struct bark_call call = call_fresh(NULL, 1);
    CHECK(bark_call_printf(&call, "%d", 1).ptr == NULL);
    CHECK(call.error.code == BARK_ERR_MEMORY);
    CHECK(bark_call_text(&call, "x", 1).ptr != NULL); /* the next one fits again ... */
    CHECK(call.error.code == BARK_ERR_MEMORY); /* ... but something is missing in the answer */
    call = call_fresh(NULL, 1);
    struct bark_text t = bark_call_text(&call, "x", 1);
    CHECK(t.ptr == NULL && t.len == 0 && call.error.code == BARK_ERR_MEMORY);
    call = call_fresh(NULL, 0);
    CHECK(bark_call_alloc(&call, SIZE_MAX, 16) == NULL && call.error.code == BARK_ERR_MEMORY);
}

TEST(faults)
{
    static const struct bark_fault_subcode outer = { "urn:e", "e", "Outer" },
                                           inner = { "urn:e", "e", "Inner" };
    for (uint64_t fail_at = 0; fail_at < 2; fail_at++) {
        struct bark_call call = call_fresh(NULL, fail_at);
        call.fault.detail = memory; /* of an earlier fault: forgotten */
        CHECK(bark_call_fault(&call, BARK_FAULT_RECEIVER, &outer, &inner, "%d bad", 3) == BARK_ERR_FAULT);
        CHECK(call.fault.code == BARK_FAULT_RECEIVER);
        CHECK_TEXT(call.fault.subcodes[0].local, "Outer");
        CHECK_TEXT(call.fault.subcodes[1].local, "Inner");
        CHECK(call.fault.subcodes[2].local == NULL);
        CHECK_TEXT(call.fault.reason.ptr, fail_at ? "the operation failed" : "3 bad");
        CHECK(call.fault.detail == NULL && call.fault.detail_root == BARK_NONE);
        (void)bark_call_fault(&call, BARK_FAULT_SENDER, NULL, &inner, "x");
        CHECK_TEXT(call.fault.subcodes[0].local, "Inner");
    }
}

TEST(operations_without_handler)
{
    static const struct bark_fault own = { .code = BARK_FAULT_SENDER, .reason = { "no", 2 } };
    struct bark_service service = { 0 };
    struct bark_call call = call_fresh(&service, 0);
    CHECK(bark_call_not_implemented(&call) == BARK_ERR_FAULT);
    CHECK(call.fault.code == BARK_FAULT_RECEIVER && call.fault.reason.len > 0);
    service.not_implemented = &own;
    CHECK(bark_call_not_implemented(&call) == BARK_ERR_FAULT);
    CHECK(call.fault.code == BARK_FAULT_SENDER && bark_text_equal(call.fault.reason, "no"));
}

TEST_MAIN(RUN(texts_and_room) RUN(a_full_arena_is_noted_once_and_for_all) RUN(faults)
              RUN(operations_without_handler))
