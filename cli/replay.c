/* cli/replay.c - soapbark replay: sends captured exchanges to a server and compares what it answers.
 *
 * Two answers are equal when their XML says the same: names by namespace, attributes in any order, texts with
 * "*" in the captured one standing for any text. White space between elements does not count.
 */
#include "cli.h"

#include "client/exchange.h"
#include "exchange_file.h"
#include "net/net.h"
#include "xml/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_URL, OPTION_TO_CASE, OPTION_TIMEOUT };

static const struct cli_option options[] = {
    [OPTION_URL] = { "url", "URL", "the server: http://HOST:PORT, to which each exchange adds its path" },
    [OPTION_TO_CASE] = { "to-case", NULL, "send nothing; print the exchanges with * for times" },
    [OPTION_TIMEOUT] = { "timeout", "SECONDS", "for each exchange; else 30" },
};

static const char text[] = "FILE holds exchanges as bark_server_options.capture and soapbark-device "
                           "--capture write them. A * in an\n"
                           "answer stands for any text. Each difference is printed with its place, and the "
                           "exit status is 1 then.\n\n"
                           "Examples:\n"
                           "  soapbark replay captured/*.txt --url http://127.0.0.1:8000\n"
                           "  soapbark replay captured/exchange-1.txt --to-case > cases/mine.txt\n";

enum { PATH_BYTES = 256, URL_BYTES = 1024, WHAT_BYTES = 96, FILE_BYTES_MAX = 16 * 1024 * 1024 };

static bool matches(struct bark_slice pattern, struct bark_slice s)
{
    size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;
    while (i < s.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = ++p;
            resume = i;
        } else if (p < pattern.len && pattern.ptr[p] == s.ptr[i]) {
            p++;
            i++;
        } else if (star != SIZE_MAX) {
            p = star;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

static bool slices_equal(struct bark_slice a, struct bark_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* One document being read; blank text between elements is passed over. */
struct side {
    struct bark_xml_reader reader;
    struct bark_xml_event ev;
    struct bark_slice text; /* TEXT: flat */
};

static bool side_next(struct side *s)
{
    do {
        if (bark_xml_next(&s->reader, &s->ev) != BARK_OK)
            return false;
    } while (s->ev.kind == BARK_XML_TEXT && s->ev.blank);
    return s->ev.kind != BARK_XML_TEXT || bark_xml_text(&s->reader, &s->ev, &s->text) == BARK_OK;
}

static void differ(struct side *at, const char *name, const char *what, struct bark_slice want,
                   struct bark_slice got)
{
    char path[PATH_BYTES];
    path[0] = '\0';
    bark_xml_path(&at->reader, path, sizeof path, (struct bark_slice){ 0 });
    printf("%s: %s: %s: wanted %.*s, got %.*s\n", name, path[0] ? path : "/", what,
           (int)(want.len < WHAT_BYTES ? want.len : WHAT_BYTES), want.len ? (const char *)want.ptr : "",
           (int)(got.len < WHAT_BYTES ? got.len : WHAT_BYTES), got.len ? (const char *)got.ptr : "");
}

static const struct bark_slice nothing = { (const uint8_t *)"nothing", 7 };

/* Every attribute of the one has its like in the other; their number is compared too. */
static bool attributes_equal(struct side *want, struct side *got, const char *name)
{
    for (size_t i = 0; i < want->ev.attribute_count; i++) {
        const struct bark_xml_attribute *w = &want->ev.attributes[i], *g = NULL;
        struct bark_slice pattern, value;
        for (size_t k = 0; k < got->ev.attribute_count; k++) {
            if (slices_equal(w->name.local, got->ev.attributes[k].name.local) &&
                slices_equal(w->name.uri, got->ev.attributes[k].name.uri))
                g = &got->ev.attributes[k];
        }
        if (!g) {
            differ(got, name, "an attribute", w->name.local, nothing);
            return false;
        }
        if (bark_xml_attribute_text(&want->reader, w, &pattern) != BARK_OK ||
            bark_xml_attribute_text(&got->reader, g, &value) != BARK_OK || !matches(pattern, value)) {
            differ(got, name, "an attribute's value", w->raw, g->raw);
            return false;
        }
    }
    if (got->ev.attribute_count != want->ev.attribute_count) {
        differ(got, name, "more attributes than wanted", nothing, got->ev.attributes[0].name.local);
        return false;
    }
    return true;
}

static struct bark_slice event_text(const struct side *s)
{
    return s->ev.kind == BARK_XML_TEXT ? s->text : s->ev.kind == BARK_XML_START ? s->ev.name.local : nothing;
}

static bool step_equal(struct side *want, struct side *got, const char *name)
{
    static const struct bark_slice empty = { 0 };
    /* "*" may stand for no text at all */
    if (want->ev.kind == BARK_XML_TEXT && got->ev.kind == BARK_XML_END && matches(want->text, empty) &&
        side_next(want))
        return want->ev.kind == BARK_XML_END;
    if (want->ev.kind != got->ev.kind) {
        differ(got, name, "the content", event_text(want), event_text(got));
        return false;
    }
    if (want->ev.kind == BARK_XML_TEXT && !matches(want->text, got->text)) {
        differ(got, name, "the text", want->text, got->text);
        return false;
    }
    if (want->ev.kind == BARK_XML_START) {
        if (!slices_equal(want->ev.name.local, got->ev.name.local) ||
            !slices_equal(want->ev.name.uri, got->ev.name.uri)) {
            differ(got, name, "the element", want->ev.name.local, got->ev.name.local);
            return false;
        }
        return attributes_equal(want, got, name);
    }
    return true;
}

/* CLI_YES, CLI_NO after a difference was printed, CLI_TROUBLE. */
static enum cli_status answers_compare(const struct cli_exchange *x, struct bark_slice got)
{
    const struct bark_limits limits = cli_room_limits(got.len > x->answer.len ? got.len : x->answer.len);
    struct cli_room rooms[2] = { { .memory = NULL }, { .memory = NULL } };
    struct bark_error err = { 0 };
    struct side w, g;
    enum cli_status status = CLI_TROUBLE;
    if (x->answer.len == 0 || got.len == 0 || !memchr(x->answer.ptr, '<', x->answer.len)) {
        if (matches(x->answer, got))
            return CLI_YES;
        printf("%s: /: another answer than the captured one\n", x->name);
        return CLI_NO;
    }
    if (cli_room_get(&rooms[0], &limits) && cli_room_get(&rooms[1], &limits)) {
        status = bark_xml_open(&w.reader, x->answer, &limits, &rooms[0].arena, &err) == BARK_OK &&
                         bark_xml_open(&g.reader, got, &limits, &rooms[1].arena, &err) == BARK_OK
                     ? CLI_YES
                     : CLI_NO;
        for (w.ev.kind = BARK_XML_START; status == CLI_YES && w.ev.kind != BARK_XML_EOF;) {
            if (!side_next(&w) || !side_next(&g)) {
                printf("%s: an answer is no XML: %s\n", x->name, err.rule ? err.rule : "");
                status = CLI_NO;
            } else if (!step_equal(&w, &g, x->name)) {
                status = CLI_NO;
            }
        }
    }
    cli_room_free(&rooms[0]);
    cli_room_free(&rooms[1]);
    return status;
}

static enum cli_status exchange_send(const struct cli_exchange *x, const char *base, uint64_t timeout_ns)
{
    char url[URL_BYTES];
    struct bark_error err = { 0 };
    struct bark_exchange http;
    struct bark_exchange_answer got;
    enum cli_status status = CLI_TROUBLE;
    if (snprintf(url, sizeof url, "%s%s", base, x->path) >= (int)sizeof url) {
        cli_error("%s: the URL is too long", x->name);
        return CLI_USAGE;
    }
    if (bark_exchange_open(&http, url, &bark_limits_server, NULL, &err) == BARK_OK) {
        const size_t room_len = bark_exchange_head_room(&http) + strlen(x->type) + strlen(x->action);
        uint8_t *room = malloc(room_len + x->request.len);
        const struct bark_exchange_request request = { .content_type = x->type,
                                                       .action = x->action[0] ? x->action : NULL,
                                                       .room = room,
                                                       .room_len = room_len,
                                                       .body_len = x->request.len,
                                                       .deadline_ns = bark_net_monotonic_ns() + timeout_ns };
        if (room && x->request.len)
            memcpy(room + room_len, x->request.ptr, x->request.len);
        if (room && bark_exchange_post(&http, &request, &got, &err) == BARK_OK) {
            status = answers_compare(x, got.body);
            if (got.status != x->status) {
                printf("%s: wanted status %u, got %u\n", x->name, x->status, got.status);
                status = CLI_NO;
            }
        }
        free(room);
    }
    if (err.code)
        cli_error("%s: %s: %s", x->name, url, err.rule ? err.rule : bark_code_text(err.code));
    bark_exchange_close(&http);
    return status;
}

struct totals {
    size_t sent, different;
};

static enum cli_status file_replay(const struct cli_args *args, const char *path, uint64_t timeout_ns,
                                   struct totals *totals)
{
    struct cli_exchange_file file;
    struct cli_exchange x;
    enum cli_status worst = CLI_YES;
    if (!cli_exchange_open(&file, path, FILE_BYTES_MAX))
        return CLI_TROUBLE;
    while (cli_exchange_next(&file, &x)) {
        if (cli_setting(args, OPTION_TO_CASE)) {
            cli_exchange_print(&x);
            continue;
        }
        const enum cli_status status = exchange_send(&x, cli_setting(args, OPTION_URL), timeout_ns);
        totals->sent++;
        totals->different += status == CLI_NO;
        worst = status > worst ? status : worst;
    }
    if (file.wrong)
        worst = CLI_USAGE;
    cli_exchange_close(&file);
    return worst;
}

static enum cli_status run(const struct cli_args *args)
{
    const char *seconds = cli_setting(args, OPTION_TIMEOUT);
    const unsigned long timeout = seconds ? strtoul(seconds, NULL, 10) : 30;
    struct totals totals = { 0 };
    enum cli_status worst = CLI_YES;
    if (args->word_count == 0 || timeout == 0 || timeout > 3600 ||
        (!cli_setting(args, OPTION_URL)) == (!cli_setting(args, OPTION_TO_CASE))) {
        cli_error("soapbark replay wants FILEs, and --url or --to-case");
        return CLI_USAGE;
    }
    for (size_t i = 0; i < args->word_count; i++) {
        const enum cli_status status =
            file_replay(args, args->words[i], (uint64_t)timeout * 1000000000u, &totals);
        worst = status > worst ? status : worst;
    }
    if (cli_setting(args, OPTION_URL))
        printf("%zu exchanges, %zu different\n", totals.sent, totals.different);
    return worst;
}

const struct cli_verb cli_verb_replay = {
    .name = "replay",
    .words = "FILE... --url URL",
    .summary = "send captured exchanges to a server and compare its answers",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
