/* server/event_test.c - a flood of refusals costs a ration of lines and a number; ids of strangers. */
#include "server/loop.h"
#include "testkit.h"

static struct {
    unsigned told[BARK_LOG_EVENT_COUNT], counts;
    uint64_t suppressed;
} seen;

static void note(void *user, const struct bark_request_log *entry)
{
    (void)user;
    if (entry->suppressed)
        seen.counts++;
    else
        seen.told[entry->event]++;
    seen.suppressed += entry->suppressed;
}

static struct bark_driver driver = { .log = note, .log_events_per_s = 5 };
static const uint64_t S = UINT64_C(1000000000);

static uint64_t put(enum bark_log_event event, uint64_t now_ns)
{
    const struct bark_request_log entry = { .event = event };
    return bark_event_log(&driver, &entry, now_ns);
}

/* Whatever the kinds and the times: every entry is told or counted, and no kind is told more than its ration
 * in a second of its own. */
TEST(nothing_is_lost_and_nothing_floods)
{
    uint64_t now = 77 * S, sent = 0, told = 0;
    uint32_t state = 1;
    seen = (__typeof__(seen)){ 0 };
    CHECK(pthread_mutex_init(&driver.log_lock, NULL) == 0);
    for (unsigned i = 0; i < 20000; i++, sent++) {
        state = state * 1664525u + 1013904223u;
        now += (state >> 8) % (S / 200);
        const enum bark_log_event event = (enum bark_log_event)((state >> 5) % BARK_LOG_EVENT_COUNT);
        const uint64_t due = put(event, now);
        CHECK(due == 0 || (due > now && due <= now + S && event != BARK_LOG_REQUEST));
    }
    CHECK(bark_events_flush(&driver, now, true) == 0);
    for (unsigned i = 0; i < BARK_LOG_EVENT_COUNT; i++) {
        told += seen.told[i];
        if (i != BARK_LOG_REQUEST)
            CHECK(seen.told[i] > 0 && seen.told[i] <= ((now - 77 * S) / S + 2) * 5);
    }
    CHECK(told + seen.suppressed == sent && seen.suppressed > 0 && seen.counts > 0);
}

TEST(the_count_is_told_when_the_second_is_over)
{
    seen = (__typeof__(seen)){ 0 };
    driver.rations[BARK_LOG_SHED] = (struct bark_log_ration){ 0 };
    for (unsigned i = 0; i < 12; i++)
        CHECK(put(BARK_LOG_SHED, 100 * S + i) == (i < 5 ? 0 : 101 * S));
    CHECK(seen.told[BARK_LOG_SHED] == 5 && seen.counts == 0);
    CHECK(put(BARK_LOG_LATE, 1000 * S) == 0); /* other kinds have rations of their own */
    CHECK(bark_events_flush(&driver, 100 * S + 99, false) == 101 * S && seen.counts == 0);
    CHECK(bark_events_flush(&driver, 101 * S, false) == 0);
    CHECK(seen.counts == 1 && seen.suppressed == 7);
    CHECK(bark_events_flush(&driver, 200 * S, true) == 0 && seen.counts == 1);
}

/* Whoever tells the count of one kind learns when that of another is due. */
TEST(a_count_that_is_due_later_is_not_forgotten)
{
    seen = (__typeof__(seen)){ 0 };
    for (unsigned i = 0; i < 6; i++)
        CHECK(put(BARK_LOG_SHED, 300 * S) == (i < 5 ? 0 : 301 * S));
    for (unsigned i = 0; i < 6; i++)
        CHECK(put(BARK_LOG_DENIED, 300 * S + S / 2) == (i < 5 ? 0 : 301 * S + S / 2));
    CHECK(bark_events_flush(&driver, 301 * S, false) == 301 * S + S / 2 && seen.counts == 1);
    CHECK(bark_events_flush(&driver, 301 * S + S / 2, false) == 0 && seen.counts == 2);
}

TEST(ids_that_are_taken)
{
    static const struct {
        const char *id;
        bool valid;
    } ids[] = {
        { "a", true },
        { "0f-A_z.9", true },
        { "", false },
        { "a b", false },
        { "a\tb", false },
        { "a\"b", false },
        { "\xc3\xa4", false },
        { "a,b", false },
        { "0123456789012345678901234567890123456789012345678901234567890123", true },
        { "01234567890123456789012345678901234567890123456789012345678901234", false },
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        CHECK_IN(ids[i].id, bark_request_id_valid((struct bark_slice){ (const uint8_t *)ids[i].id,
                                                                       strlen(ids[i].id) }) == ids[i].valid);
}

TEST_MAIN(RUN(nothing_is_lost_and_nothing_floods) RUN(the_count_is_told_when_the_second_is_over)
              RUN(a_count_that_is_due_later_is_not_forgotten) RUN(ids_that_are_taken))
