/* server/log_test.c - log lines stay lines, whatever is put into them (row 40). */
#define _GNU_SOURCE
#include "base/utf8.h"
#include "soapbark/server.h"
#include "testkit.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static char line[16384];

/* The line that an entry becomes, NUL-terminated. */
static size_t line_of(const struct bark_request_log *entry)
{
    int ends[2];
    ssize_t n = 0;
    line[0] = '\0';
    if (pipe(ends) != 0)
        return 0;
    bark_log_json_line(&(struct bark_log_file){ .fd = ends[1] }, entry);
    close(ends[1]);
    n = read(ends[0], line, sizeof line - 1);
    close(ends[0]);
    line[n > 0 ? n : 0] = '\0';
    return n > 0 ? (size_t)n : 0;
}

TEST(an_entry_as_a_line)
{
    struct bark_error err = { .code = BARK_ERR_MISSING,
                              .offset = 7,
                              .line = 2,
                              .column = 3,
                              .rule = "[XSD1 3.8.4] x",
                              .path = "/Envelope/Body",
                              .expected = "one of: A, B",
                              .found = "the password" };
    struct bark_request_log entry = { .request = 9,
                                      .now_ns = UINT64_C(1700000000123456789),
                                      .peer = { "127.0.0.1:5", 11 },
                                      .method = { "POST", 4 },
                                      .path = { "/s", 2 },
                                      .operation = { "GetUsers", 8 },
                                      .status = 400,
                                      .bytes_in = 1,
                                      .bytes_out = 2,
                                      .arena_peak = 3,
                                      .duration_ns = 4567,
                                      .error = &err };
    CHECK(line_of(&entry) > 0);
    CHECK_TEXT(line,
               "{\"time_ms\":1700000000123,\"request\":9,\"peer\":\"127.0.0.1:5\",\"method\":\"POST\","
               "\"path\":\"/s\","
               "\"operation\":\"GetUsers\",\"status\":400,\"bytes_in\":1,\"bytes_out\":2,\"arena_peak\":3,"
               "\"duration_us\":4,\"error\":{\"offset\":7,\"line\":2,\"column\":3,"
               "\"code\":\"a required element or attribute is missing\",\"rule\":\"[XSD1 3.8.4] x\","
               "\"path\":\"/Envelope/Body\",\"expected\":\"one of: A, B\"}}\n");
    CHECK(strstr(line, "password") == NULL);
}

TEST(what_happened_as_a_line)
{
    struct bark_request_log entry = { .event = BARK_LOG_LOGIN_FAILED,
                                      .request = 2,
                                      .id = { "a-1", 3 },
                                      .secure = true,
                                      .peer = { "p", 1 },
                                      .method = { "POST", 4 },
                                      .path = { "/", 1 },
                                      .operation = { "", 0 },
                                      .status = 401 };
    CHECK(line_of(&entry) > 0);
    CHECK_TEXT(line, "{\"time_ms\":0,\"event\":\"login_failed\",\"request\":2,\"id\":\"a-1\",\"tls\":true,"
                     "\"peer\":\"p\",\"method\":\"POST\",\"path\":\"/\",\"operation\":\"\",\"status\":401,"
                     "\"bytes_in\":0,\"bytes_out\":0,\"arena_peak\":0,\"duration_us\":0}\n");
    entry = (struct bark_request_log){ .event = BARK_LOG_SHED, .suppressed = 12 };
    CHECK(line_of(&entry) > 0);
    CHECK_TEXT(line, "{\"time_ms\":0,\"event\":\"shed\",\"suppressed\":12}\n");
}

static const struct {
    const char *text, *escaped;
} texts[] = {
    { "a\"b\\c", "a\\\"b\\\\c" },
    { "a\r\nb", "a\\u000d\\u000ab" },
    { "\x7f\x1b[2J", "\\u007f\\u001b[2J" },
    { "\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac" }, /* UTF-8 stays as it is */
    { "\xff\xc3", "\\u00ff\\u00c3" },
    { "\xc2\x85\xe2\x80\xa8\xe2\x80\xa9", "\\u0085\\u2028\\u2029" }, /* line ends of Unicode */
};

TEST(texts_are_escaped)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bark_request_log entry = { .peer = { "", 0 }, .method = { "", 0 }, .operation = { "", 0 } };
        char want[128];
        entry.path = (struct bark_text){ texts[i].text, strlen(texts[i].text) };
        snprintf(want, sizeof want, "\"path\":\"%s\",", texts[i].escaped);
        CHECK(line_of(&entry) > 0);
        CHECK_IN(texts[i].text, strstr(line, want) != NULL);
    }
}

/* Any bytes in any member: one line end, at the end; no control byte; valid UTF-8. */
TEST(any_bytes_give_one_line)
{
    uint32_t state = 1;
    for (unsigned round = 0; round < 2000; round++) {
        char bytes[256];
        struct bark_error err = { .code = BARK_ERR_HTTP };
        struct bark_request_log entry = { .error = &err };
        size_t n;
        for (size_t i = 0; i < sizeof bytes; i++) {
            state = state * 1664525u + 1013904223u;
            bytes[i] = (char)(state >> 24);
        }
        entry.peer = (struct bark_text){ bytes, 64 };
        entry.method = (struct bark_text){ bytes + 64, 32 };
        entry.path = (struct bark_text){ bytes, sizeof bytes };
        entry.operation = (struct bark_text){ bytes + 96, 64 };
        memcpy(err.path, bytes, sizeof err.path - 1);
        memcpy(err.expected, bytes + 32, sizeof err.expected - 1);
        entry.id = (struct bark_text){ bytes + 32, 64 };
        entry.user = (struct bark_text){ bytes + 128, 64 };
        entry.event = (enum bark_log_event)(round % (BARK_LOG_EVENT_COUNT + 1));
        n = line_of(&entry);
        CHECK(n > 0 && strlen(line) == n && line[n - 1] == '\n');
        for (size_t i = 0; i + 1 < n; i++)
            CHECK((uint8_t)line[i] >= 0x20 && line[i] != 0x7f);
        for (const uint8_t *at = (const uint8_t *)line, *end = at + n; at < end;) {
            uint32_t point;
            size_t taken = bark_utf8_take(at, end, &point);
            CHECK(taken > 0);
            at += taken ? taken : 1;
        }
    }
}

/* The server's one thread must outlive a log that nobody reads: the alarm ends a test that waits. */
TEST(a_pipe_that_nobody_reads_costs_lines_and_no_time)
{
    static const char told[] = "{\"time_ms\":0,\"lost\":2,\"request\":1,";
    const struct bark_request_log entry = { .request = 1, .peer = { "", 0 }, .method = { "", 0 } };
    struct bark_log_file file = { 0 };
    unsigned written = 0;
    int ends[2];
    ssize_t n;
    alarm(20);
    if (pipe(ends) != 0 || fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0)
        SKIP("no small pipe");
    file.fd = ends[1];
    for (; written < 1000 && file.lost == 0; written++)
        bark_log_json_line(&file, &entry);
    CHECK(written > 1 && written < 1000 && file.lost == 1);
    bark_log_json_line(&file, &entry);
    CHECK(file.lost == 2);
    n = read(ends[0], line, sizeof line - 1);
    CHECK(n > 0 && line[n - 1] == '\n'); /* whole lines only */
    bark_log_json_line(&file, &entry);
    CHECK(file.lost == 0);
    n = read(ends[0], line, sizeof line - 1);
    line[n > 0 ? n : 0] = '\0';
    CHECK(strncmp(line, told, sizeof told - 1) == 0);
    close(ends[0]);
    bark_log_json_line(&file, &entry); /* nobody will ever read: no SIGPIPE */
    CHECK(file.lost == 1);
    close(ends[1]);
    bark_log_json_line(&file, &entry);
    CHECK(file.lost == 2);
    alarm(0);
}

/* A path and an error of which every byte is escaped: the line drops the error's texts and keeps its place.
 */
TEST(the_longest_line_fits_a_pipe)
{
    struct bark_error err = { .code = BARK_ERR_XML, .offset = 7, .line = 2, .column = 3, .rule = "r" };
    char path[256];
    struct bark_request_log entry = { .path = { path, sizeof path }, .error = &err };
    size_t n;
    memset(path, 1, sizeof path);
    memset(err.path, 1, sizeof err.path - 1);
    memset(err.expected, 1, sizeof err.expected - 1);
    n = line_of(&entry);
    CHECK(n > sizeof path * 6 && n <= 4096 && line[n - 1] == '\n');
    CHECK(strstr(line, "\"offset\":7") != NULL);
}

TEST_MAIN(RUN(an_entry_as_a_line) RUN(what_happened_as_a_line) RUN(texts_are_escaped)
              RUN(any_bytes_give_one_line) RUN(a_pipe_that_nobody_reads_costs_lines_and_no_time)
                  RUN(the_longest_line_fits_a_pipe))
