/* http/smuggle_test.c - the shapes of request smuggling in cases/http/smuggle.txt (row 31), each refused or
 * read in one way only.
 *
 * A shape is what stands between a start line and the end of a request. "One way" means: the message ends
 * where the only legal reading ends it, in every delivery, and what follows is the next message.
 */
#include "http_replay.h"
#define P "POST /s HTTP/1.1\r\nHost: a\r\n"
#define NEXT "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

enum { SHAPES_MAX = 128, SHAPE_NAME = 64, SHAPE_TEXT = 512, SHAPES_MIN = 60 };

static struct shape {
    char name[SHAPE_NAME], body[SHAPE_NAME], text[SHAPE_TEXT];
    unsigned status; /* 0: unambiguous; body is what it carries and NEXT follows */
} shapes[SHAPES_MAX];
static size_t shape_count;

static void file_broken(const char *line)
{
    fprintf(stderr, "cases/http/smuggle.txt: cannot read: %s\n", line);
    exit(2);
}

/* The request of a line, its escapes resolved. */
static void request_read(char *to, const char *from)
{
    char *end = to + SHAPE_TEXT - sizeof P;
    for (; *from; from++) {
        char hex[3] = "";
        if (to >= end)
            file_broken(from);
        if (strncmp(from, "{P}", 3) == 0) {
            memcpy(to, P, sizeof P - 1);
            to += sizeof P - 1;
            from += 2;
        } else if (*from != '\\') {
            *to++ = *from;
        } else if (*++from == 'x' && from[1] && from[2]) {
            memcpy(hex, from + 1, 2);
            *to++ = (char)strtoul(hex, NULL, 16);
            from += 2;
        } else if (*from && strchr("rnt\\", *from)) {
            *to++ = *from == 'r' ? '\r' : *from == 'n' ? '\n' : *from == 't' ? '\t' : '\\';
        } else {
            file_broken(from);
        }
    }
    *to = '\0';
}

/* name | status | body | request */
static void shape_read(char *line)
{
    struct shape *shape = &shapes[shape_count];
    char *column[4] = { line }, *bar;
    for (int i = 1; i < 4; i++) {
        bar = strstr(column[i - 1], i < 3 ? " | " : "| ");
        if (!bar || shape_count == SHAPES_MAX)
            file_broken(line);
        *bar = '\0';
        column[i] = bar + (i < 3 ? 3 : 2);
    }
    column[2][strcspn(column[2], " ")] = '\0';
    if (strlen(column[0]) >= SHAPE_NAME || strlen(column[2]) >= SHAPE_NAME)
        file_broken(line);
    memcpy(shape->name, column[0], strlen(column[0]) + 1);
    memcpy(shape->body, column[2], strlen(column[2]) + 1);
    shape->status = (unsigned)strtoul(column[1], NULL, 10);
    request_read(shape->text, column[3]);
    shape_count++;
}

static void shapes_load(void)
{
    char line[2 * SHAPE_TEXT];
    FILE *file = fopen("cases/http/smuggle.txt", "r");
    if (!file)
        file_broken("the file");
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            shape_read(line);
    }
    fclose(file);
    if (shape_count < SHAPES_MIN)
        file_broken("fewer shapes than the proof of row 31 needs");
}

TEST(every_shape_is_refused_or_read_in_one_way)
{
    static struct replay got;
    static char text[1024];
    for (size_t i = 0; i < shape_count; i++) {
        const char *name = shapes[i].name;
        size_t len = strlen(shapes[i].text);
        snprintf(text, sizeof text, "%s%s", shapes[i].text, NEXT);
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, name, text, strlen(text));
        CHECK_IN(name, got.status == shapes[i].status);
        CHECK_IN(name, got.last == (shapes[i].status ? BARK_HTTP_REFUSED : BARK_HTTP_END));
        CHECK_IN(name, got.body_len == strlen(shapes[i].body) &&
                           memcmp(got.body, shapes[i].body, got.body_len) == 0);
        if (shapes[i].status == 0)
            CHECK_IN(name, got.consumed == len);
    }
}

TEST(a_nul_anywhere_in_a_head_is_refused)
{
    static struct replay got;
    static const char head[] = P "Content-Length: 0\r\nX: y\r\n\r\n";
    char text[sizeof head];
    for (size_t at = 0; at < sizeof head - 1; at++) {
        memcpy(text, head, sizeof head);
        text[at] = '\0';
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "NUL", text, sizeof head - 1);
        CHECK(got.last == BARK_HTTP_REFUSED || got.last == BARK_HTTP_MORE);
        CHECK(got.last == BARK_HTTP_REFUSED || text[sizeof head - 2] == '\0');
    }
}

static uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Bytes that decide something somewhere in a message, and so make better mutations than random ones. */
static const char telling[] = "\r\n \t:;,=0123456789abcdefABCDEF+-x\0\x7f\x80\xff/?%[]\"";

static size_t text_mutate(char *text, size_t len, uint32_t *state)
{
    for (uint32_t n = random_next(state) % 4 + 1; n > 0 && len > 1; n--) {
        size_t at = random_next(state) % len;
        char byte = telling[random_next(state) % (sizeof telling - 1)];
        switch (random_next(state) % 3) {
        case 0:
            text[at] = byte;
            break;
        case 1:
            memmove(text + at + 1, text + at, len - at);
            text[at] = byte;
            len++;
            break;
        default:
            memmove(text + at, text + at + 1, len - at - 1);
            len--;
            break;
        }
    }
    return len;
}

/* Whatever a message is turned into: one outcome in every delivery, and never more body than the limit. */
TEST(mutated_messages_are_read_in_one_way)
{
    static struct replay whole, other;
    static char text[2048];
    uint32_t state = 20171;
    for (unsigned round = 0; round < 60000; round++) {
        const char *seed = shapes[random_next(&state) % (shape_count)].text;
        size_t len = (size_t)snprintf(text, sizeof text / 2, "%s%s", seed, NEXT);
        enum bark_http_role role = round % 8 ? BARK_HTTP_REQUEST : BARK_HTTP_RESPONSE;
        if (role == BARK_HTTP_RESPONSE) /* the same fields behind a status line */
            len = (size_t)snprintf(text, sizeof text / 2, "HTTP/1.1 200 OK%s", strstr(seed, "\r\n"));
        len = text_mutate(text, len, &state);
        replay_play(&whole, role, &replay_limits, text, len, len, len);
        replay_play(&other, role, &replay_limits, text, len, 1, 1);
        CHECK_IN(text, replay_same(&whole, &other));
        replay_play(&other, role, &replay_limits, text, len, random_next(&state) % len + 1, len);
        CHECK_IN(text, replay_same(&whole, &other));
        CHECK_IN(text, whole.body_len <= replay_limits.body_bytes);
        CHECK_IN(text, (whole.last == BARK_HTTP_REFUSED) == (whole.status != 0));
    }
}

TEST_MAIN(shapes_load(); RUN(every_shape_is_refused_or_read_in_one_way)
              RUN(a_nul_anywhere_in_a_head_is_refused) RUN(mutated_messages_are_read_in_one_way))
