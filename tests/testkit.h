/* tests/testkit.h - the few macros of a test program.
 *
 * A test program prints one line a case: "ok NAME", "not ok NAME: WHY" or "skip NAME: WHY", and exits 1 when
 * a case failed. tools/run-tests adds the lines up. Scripts that test follow the same contract.
 *
 *     TEST(arena_refuses_at_ceiling)
 *     {
 *         CHECK(bark_arena_alloc(&a, 1, 64) == NULL);
 *     }
 *     TEST_MAIN(RUN(arena_refuses_at_ceiling) RUN(...))
 */
#ifndef TESTKIT_H
#define TESTKIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Is this a build whose calls are slow and whose memory is kept for a while? */
#if defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer))
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

struct testkit {
    const char *name;
    unsigned failed_checks, failed_cases;
    char skipped[128];
};

static struct testkit testkit; /* test programs may keep state */

static inline void testkit_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline void testkit_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    if (testkit.failed_checks++ > 20)
        return;
    printf("# %s:%d: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static inline void testkit_end(void)
{
    if (testkit.failed_checks) {
        printf("not ok %s: %u checks failed\n", testkit.name, testkit.failed_checks);
        testkit.failed_cases++;
    } else if (testkit.skipped[0]) {
        printf("skip %s: %s\n", testkit.name, testkit.skipped);
    } else {
        printf("ok %s\n", testkit.name);
    }
    fflush(stdout);
}

#define TEST(name) static void test_##name(void)
#define RUN(case_name) \
    testkit.name = #case_name; \
    testkit.failed_checks = 0; \
    testkit.skipped[0] = '\0'; \
    test_##case_name(); \
    testkit_end();
#define TEST_MAIN(runs) \
    int main(void) \
    { \
        runs return testkit.failed_cases ? 1 : 0; \
    }

#define CHECK(condition) \
    do { \
        if (!(condition)) \
            testkit_fail(__FILE__, __LINE__, "CHECK(%s)", #condition); \
    } while (0)
/* For what must not be reached. */
#define FAIL(why) testkit_fail(__FILE__, __LINE__, "%s", (why))
/* For loops over tables of cases: says which one. */
#define CHECK_IN(label, condition) \
    do { \
        if (!(condition)) \
            testkit_fail(__FILE__, __LINE__, "%s: CHECK(%s)", (label), #condition); \
    } while (0)
#define CHECK_TEXT(got, want) \
    do { \
        const char *got_ = (got), *want_ = (want); \
        if (strcmp(got_, want_) != 0) \
            testkit_fail(__FILE__, __LINE__, "got \"%s\", want \"%s\"", got_, want_); \
    } while (0)
#define SKIP(why) \
    do { \
        snprintf(testkit.skipped, sizeof testkit.skipped, "%s", (why)); \
        return; \
    } while (0)

#endif
