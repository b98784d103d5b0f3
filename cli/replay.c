/* cli/replay.c - soapbark replay: sends captured exchanges to a server and compares what it answers.
 *
 * Two answers are equal when their XML says the same: names by namespace, attributes in any order, texts with
 * "*" in the captured one standing for any text. White space between elements does not count.
 *
 * With a WSDL, what its schema does not know, or marks as secret, is compared but not shown.
 */
#include "cli.h"

#include "base/slice.h"
#include "replay_send.h"
#include "soap/httpbind.h"
#include "soap/redact.h"
#include "xml/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_URL, OPTION_TO_CASE, OPTION_TIMEOUT, OPTION_WSDL, CLI_SOURCE_NUMBERS, CLI_WAY_NUMBERS };

static const struct cli_option options[] = {
    [OPTION_URL] = { "url", "URL", "the server: http[s]://HOST:PORT, to which each exchange adds its path" },
    [OPTION_TO_CASE] = { "to-case", NULL, "send nothing; print the exchanges with * for times" },
    [OPTION_TIMEOUT] = { "timeout", "SECONDS", "for each exchange; else 30" },
    [OPTION_WSDL] = { "wsdl", "FILE",
                      "say which operation it is, and show nothing that the schema does not know or marks as "
                      "secret" },
    CLI_SOURCE_ROWS,
    CLI_WAY_ROWS,
};

/* Redirects are not followed: they are what the server answers. */
enum { NO_OPTION = sizeof options / sizeof *options };
static const struct cli_tls_options tls_options = CLI_TLS_PLACES;
static const struct cli_way_options way_options = CLI_WAY_PLACES(NO_OPTION);
static const struct cli_source_options source_options = CLI_SOURCE_PLACES;

static const char text[] = "FILE holds exchanges as bark_server_options.capture and soapbark-device "
                           "--capture write them. A * in an\n"
                           "answer stands for any text. Each difference is printed with its place, and the "
                           "exit status is 1 then. With --wsdl, --to-case replaces what may be secret.\n\n"
                           "Examples:\n"
                           "  soapbark replay captured/*.txt --url http://127.0.0.1:8000\n"
                           "  soapbark replay captured/exchange-1.txt --to-case > cases/mine.txt\n";

enum { PATH_BYTES = 256, WHAT_BYTES = 96, FILE_BYTES_MAX = 16 * 1024 * 1024 };

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

/* One document being read; blank text between elements is passed over. */
struct side {
    struct bark_xml_reader reader;
    struct bark_xml_event ev;
    struct bark_slice text; /* TEXT: flat */
    const struct bark_image *image; /* of the WSDL; NULL: none */
    size_t hidden; /* open elements from the one on whose content is not shown */
};

static void side_hide(struct side *s)
{
    if (!s->image)
        return;
    if (s->ev.kind == BARK_XML_START && (s->hidden || !bark_redact_shows_element(s->image, &s->ev.name)))
        s->hidden++;
    else if (s->ev.kind == BARK_XML_END && s->hidden)
        s->hidden--;
}

static bool side_next(struct side *s)
{
    do {
        if (bark_xml_next(&s->reader, &s->ev) != BARK_OK)
            return false;
        side_hide(s);
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

static const struct bark_slice nothing = { (const uint8_t *)"nothing", 7 },
                               not_shown = { (const uint8_t *)"(not shown)", 11 };

static struct bark_slice text_shown(const struct side *s, struct bark_slice value)
{
    return s->hidden ? not_shown : value;
}

static struct bark_slice attribute_shown(const struct side *s, const struct bark_xml_attribute *a)
{
    return s->image && (s->hidden || !bark_redact_shows_attribute(s->image, &a->name)) ? not_shown : a->raw;
}

/* Every attribute of the one has its like in the other; their number is compared too. */
static bool attributes_equal(struct side *want, struct side *got, const char *name)
{
    for (size_t i = 0; i < want->ev.attribute_count; i++) {
        const struct bark_xml_attribute *w = &want->ev.attributes[i], *g = NULL;
        struct bark_slice pattern, value;
        for (size_t k = 0; k < got->ev.attribute_count; k++) {
            if (bark_slice_equal(w->name.local, got->ev.attributes[k].name.local) &&
                bark_slice_equal(w->name.uri, got->ev.attributes[k].name.uri))
                g = &got->ev.attributes[k];
        }
        if (!g) {
            differ(got, name, "an attribute", w->name.local, nothing);
            return false;
        }
        if (bark_xml_attribute_text(&want->reader, w, &pattern) != BARK_OK ||
            bark_xml_attribute_text(&got->reader, g, &value) != BARK_OK || !matches(pattern, value)) {
            differ(got, name, "an attribute's value", attribute_shown(want, w), attribute_shown(got, g));
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
    return s->ev.kind == BARK_XML_TEXT    ? text_shown(s, s->text)
           : s->ev.kind == BARK_XML_START ? s->ev.name.local
                                          : nothing;
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
        differ(got, name, "the text", text_shown(want, want->text), text_shown(got, got->text));
        return false;
    }
    if (want->ev.kind == BARK_XML_START) {
        if (!bark_slice_equal(want->ev.name.local, got->ev.name.local) ||
            !bark_slice_equal(want->ev.name.uri, got->ev.name.uri)) {
            differ(got, name, "the element", want->ev.name.local, got->ev.name.local);
            return false;
        }
        return attributes_equal(want, got, name);
    }
    return true;
}

/* CLI_YES, CLI_NO after a difference was printed, CLI_TROUBLE. */
static enum cli_status answers_compare(const struct cli_exchange *x, const struct bark_image *image,
                                       struct bark_slice got)
{
    const struct bark_limits limits = cli_room_limits(got.len > x->answer.len ? got.len : x->answer.len);
    struct cli_room rooms[2] = { { .memory = NULL }, { .memory = NULL } };
    struct bark_error err = { 0 };
    struct side w = { .image = image }, g = { .image = image };
    enum cli_status status = CLI_TROUBLE;
    const bool is_text = x->want_type[0] && !strstr(x->want_type, "xml"); /* of an HTTP binding */
    if (is_text || x->answer.len == 0 || got.len == 0 || !memchr(x->answer.ptr, '<', x->answer.len)) {
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
        if (image && status == CLI_YES) {
            bark_xml_use_image(&w.reader, image);
            bark_xml_use_image(&g.reader, image);
        }
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

/* The operation whose body element the request has; an empty text when there is none. */
static struct bark_slice operation_name(const struct bark_image *image, struct bark_slice request)
{
    const struct bark_limits limits = cli_room_limits(request.len);
    struct cli_room room = { .memory = NULL };
    struct bark_slice found = { 0 };
    struct bark_error ignored = { 0 };
    struct side s = { .image = NULL };
    bool in_body = false;
    if (!cli_room_get(&room, &limits))
        return found;
    if (bark_xml_open(&s.reader, request, &limits, &room.arena, &ignored) == BARK_OK) {
        while (side_next(&s) && s.ev.kind != BARK_XML_EOF && !(in_body && s.ev.kind == BARK_XML_START)) {
            if (s.ev.kind == BARK_XML_START &&
                bark_slice_equal(s.ev.name.local, (struct bark_slice){ (const uint8_t *)"Body", 4 }))
                in_body = true;
        }
        for (uint32_t i = 0;
             in_body && s.ev.kind == BARK_XML_START && !found.ptr && i < image->operation_count; i++) {
            if (bark_root_is(image, image->operations[i].input, s.ev.name.local))
                found = bark_operation_name(image, (uint16_t)i);
        }
    }
    cli_room_free(&room);
    return found;
}

/* The row of an HTTP binding that a request without an envelope is for, BARK_NONE when there is none. */
static uint16_t http_row(const struct bark_image *image, const struct cli_exchange *x,
                         struct bark_http_target *target)
{
    const size_t path = strcspn(x->path, "?"), len = strlen(x->path);
    *target = (struct bark_http_target){ .path = { (const uint8_t *)x->path, path } };
    if (path < len)
        target->query = (struct bark_slice){ target->path.ptr + path + 1, len - path - 1 };
    return bark_http_row_guess(image, target->path, !x->is_get, &target->base);
}

/* One replay: how the server is reached, what is known of its messages, and what came of it. */
struct replay {
    const struct cli_args *args;
    struct cli_sender sender;
    const struct bark_image *image; /* NULL: no WSDL */
    size_t sent, different;
};

static enum cli_status exchange_send(struct replay *r, const struct cli_exchange *x)
{
    struct bark_exchange_answer got;
    struct cli_exchange shown = *x;
    char label[PATH_BYTES];
    enum cli_status status;
    if (r->image) {
        struct bark_slice name = operation_name(r->image, x->request);
        struct bark_http_target target;
        const uint16_t row = name.len ? BARK_NONE : http_row(r->image, x, &target);
        if (row != BARK_NONE)
            name = bark_operation_name(r->image, r->image->https[row].operation);
        (void)snprintf(label, sizeof label, "%s: %.*s", x->name, name.len ? (int)name.len : 20,
                       name.len ? (const char *)name.ptr : "no operation of it");
        shown.name = label;
    }
    if (!cli_sender_post(&r->sender, &shown, &got))
        return CLI_TROUBLE;
    status = answers_compare(&shown, r->image, got.body);
    if (status != CLI_TROUBLE && got.status != x->status) {
        printf("%s: wanted status %u, got %u\n", shown.name, x->status, got.status);
        status = CLI_NO;
    }
    return status;
}

/* Request and answer of the exchange, and of one for an HTTP binding the target too, without what may be
 * secret. */
static bool case_show(const struct bark_image *image, const struct cli_exchange *x,
                      const struct bark_limits *limits, struct bark_arena *arena, struct bark_out out[3])
{
    struct bark_http_target target;
    const uint16_t row = operation_name(image, x->request).len ? BARK_NONE : http_row(image, x, &target);
    if (row == BARK_NONE) {
        bark_out_text(&out[2], x->path);
        return bark_redact_write(image, x->request, "REDACTED", limits, arena, &out[0]) &&
               bark_redact_write(image, x->answer, "*", limits, arena, &out[1]);
    }
    return bark_http_show_target(image, row, &target, "REDACTED", arena, &out[2]) &&
           bark_http_show_body(image, row, x->request, "REDACTED", limits, arena, &out[0]) &&
           bark_http_show_answer(image, row, x->answer, x->status >= 400, limits, arena, &out[1]);
}

/* As it is, or without what may be secret where there is a WSDL that says what that is. */
static enum cli_status case_print(const struct replay *r, const struct cli_exchange *x)
{
    const size_t len = x->request.len > x->answer.len ? x->request.len : x->answer.len;
    const struct bark_limits limits = cli_room_limits(len);
    struct cli_room room = { .memory = NULL };
    struct cli_exchange shown = *x;
    struct bark_out out[3];
    enum cli_status status = CLI_TROUBLE;
    if (!r->image) {
        cli_exchange_print(x);
        return CLI_YES;
    }
    for (size_t i = 0; i < 3; i++)
        cli_buffer_init(&out[i]);
    if (cli_room_get(&room, &limits)) {
        status = CLI_NO;
        if (case_show(r->image, x, &limits, &room.arena, out)) {
            shown.request = bark_out_bytes(&out[0]);
            shown.answer = bark_out_bytes(&out[1]);
            bark_out_byte(&out[2], '\0');
            shown.path = bark_out_ok(&out[2]) ? (const char *)out[2].base : "";
            cli_exchange_print(&shown);
            status = CLI_YES;
        } else {
            cli_error("%s: a message is no XML, so it is not known what of it may be shown", x->name);
        }
    }
    cli_room_free(&room);
    for (size_t i = 0; i < 3; i++)
        cli_buffer_free(&out[i]);
    return status;
}

static enum cli_status file_replay(struct replay *r, const char *path)
{
    struct cli_exchange_file file;
    struct cli_exchange x;
    enum cli_status worst = CLI_YES;
    if (!cli_exchange_open(&file, path, FILE_BYTES_MAX))
        return CLI_TROUBLE;
    while (cli_exchange_next(&file, &x)) {
        enum cli_status status;
        if (cli_setting(r->args, OPTION_TO_CASE)) {
            status = case_print(r, &x);
        } else {
            status = exchange_send(r, &x);
            r->sent++;
            r->different += status == CLI_NO;
        }
        worst = status > worst ? status : worst;
    }
    if (file.wrong)
        worst = CLI_USAGE;
    cli_exchange_close(&file);
    return worst;
}

static enum cli_status files_replay(struct replay *r)
{
    enum cli_status worst = CLI_YES;
    for (size_t i = 0; i < r->args->word_count; i++) {
        const enum cli_status status = file_replay(r, r->args->words[i]);
        worst = status > worst ? status : worst;
    }
    return worst;
}

/* The WSDL is read first: a wrong one sends nothing. */
static enum cli_status schema_read(const struct cli_args *args, struct cli_schema *schema)
{
    struct cli_schema_options o = { .soap_encoding = true };
    enum cli_status status = cli_sources_get(args, &source_options, &o.sources);
    if (status != CLI_YES)
        return status;
    status = cli_schema_load(cli_setting(args, OPTION_WSDL), &o, false, schema);
    cli_sources_free(&o.sources);
    return status;
}

static enum cli_status run(const struct cli_args *args)
{
    const char *seconds = cli_setting(args, OPTION_TIMEOUT), *url = cli_setting(args, OPTION_URL);
    const unsigned long timeout = seconds ? strtoul(seconds, NULL, 10) : 30;
    struct replay r = { .args = args };
    struct cli_schema schema = { .model = NULL };
    enum cli_status worst = CLI_YES;
    if (args->word_count == 0 || timeout == 0 || timeout > 3600 ||
        (!url) == (!cli_setting(args, OPTION_TO_CASE))) {
        cli_error("soapbark replay wants FILEs, and --url or --to-case");
        return CLI_USAGE;
    }
    if (cli_setting(args, OPTION_WSDL)) {
        worst = schema_read(args, &schema);
        r.image = &schema.image;
    }
    if (worst == CLI_YES && !url) {
        worst = files_replay(&r);
    } else if (worst == CLI_YES) {
        const bool open = cli_sender_open(&r.sender, args, &tls_options, &way_options, url,
                                          (uint64_t)timeout * 1000000000u);
        worst = open ? files_replay(&r) : CLI_USAGE;
        cli_sender_close(&r.sender);
        if (open)
            printf("%zu exchanges, %zu different\n", r.sent, r.different);
    }
    if (r.image)
        cli_schema_free(&schema);
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
