/* base/arena_test.c - both ends of the arena, its ceiling, and its test hook. */
#include "base/scratch.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[256];

TEST(arena_refuses_at_its_ceiling_and_stays_usable)
{
    struct bark_arena a;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_arena_alloc(&a, 1, sizeof memory + 1) == NULL);
    CHECK(bark_arena_alloc(&a, SIZE_MAX / 2, 4) == NULL); /* the product would wrap [R1] */
    CHECK(bark_arena_alloc(&a, SIZE_MAX, 1) == NULL);
    CHECK(bark_arena_alloc(&a, 1, sizeof memory) == memory);
    CHECK(bark_arena_alloc(&a, 1, 1) == NULL);
    CHECK(bark_arena_alloc(&a, 0, 8) != NULL);
}

TEST(scratch_and_results_meet_in_the_middle)
{
    struct bark_arena a;
    size_t mark;
    bark_arena_init(&a, memory, sizeof memory);
    mark = bark_scratch_mark(&a);
    CHECK(bark_scratch_push(&a, 100) != NULL);
    CHECK(bark_arena_alloc(&a, 1, 152) != NULL);
    CHECK(bark_arena_alloc(&a, 1, 1) == NULL);
    CHECK(bark_scratch_push(&a, 1) == NULL);
    CHECK(a.peak == 256);
    bark_scratch_pop(&a, mark);
    CHECK(bark_arena_alloc(&a, 13, 8) != NULL);
}

TEST(arena_test_hook_refuses_one_call)
{
    struct bark_arena a;
    bark_arena_init(&a, memory, sizeof memory);
    a.fail_at = 2;
    CHECK(bark_arena_alloc(&a, 1, 8) != NULL);
    CHECK(bark_arena_text(&a, "x", 1) == NULL);
    CHECK(bark_arena_alloc(&a, 1, 8) != NULL);
}

TEST_MAIN(RUN(arena_refuses_at_its_ceiling_and_stays_usable) RUN(scratch_and_results_meet_in_the_middle)
              RUN(arena_test_hook_refuses_one_call))
