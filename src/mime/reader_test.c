/* mime/reader_test.c - multipart bodies, each read whole, cut at every byte, and byte by byte, with the same
 * outcome; and those that must be refused (row 23).
 */
#include "soapbark/mime.h"
#include "testkit.h"

#include <stdlib.h>

static const struct bark_limits limits = { .mime_parts = 3, .mime_head_bytes = 128 };

/* What a body says, as text: "[id|type]body;" for each part, then "." or "!" and the rule's tag. */
struct transcript {
    char text[1024];
    size_t len;
};

static void say(struct transcript *t, struct bark_slice s)
{
    for (size_t i = 0; i < s.len && t->len + 1 < sizeof t->text; i++)
        t->text[t->len++] = s.ptr[i] == '\r' ? '~' : (char)s.ptr[i];
    t->text[t->len] = '\0';
}

static void say_text(struct transcript *t, const char *text)
{
    say(t, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

static bool piece_feed(struct bark_mime_reader *r, struct bark_slice in, struct transcript *t,
                       struct bark_error *err)
{
    struct bark_slice span;
    for (;;) {
        switch (bark_mime_read(r, &in, &span, err)) {
        case BARK_MIME_MORE:
            CHECK(in.len == 0);
            return true;
        case BARK_MIME_PART:
            say_text(t, "[");
            say(t, r->part.content_id);
            say_text(t, "|");
            say(t, r->part.content_type);
            say_text(t, "]");
            break;
        case BARK_MIME_BODY:
            CHECK(span.len > 0);
            say(t, span);
            break;
        case BARK_MIME_PART_END:
            say_text(t, ";");
            break;
        case BARK_MIME_REFUSED:
            return false;
        }
    }
}

/* Reads the body cut at `cut` and then in pieces of `step`; the pieces lie in memory of their own. */
static void body_read(const char *body, size_t len, size_t cut, size_t step, struct transcript *t)
{
    uint8_t head[128];
    struct bark_mime_reader r;
    struct bark_error err = { 0 };
    bool ok =
        bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)"b", 1 }, &limits, head, sizeof head);
    *t = (struct transcript){ .len = 0 };
    for (size_t at = 0; ok && at < len;) {
        size_t n = at < cut ? cut - at : step;
        uint8_t *piece;
        n = n < len - at ? n : len - at;
        piece = malloc(n);
        if (!piece)
            abort();
        memcpy(piece, body + at, n);
        ok = piece_feed(&r, (struct bark_slice){ piece, n }, t, &err);
        free(piece);
        at += n;
    }
    if (ok)
        ok = bark_mime_read_end(&r, &err) == BARK_OK;
    CHECK(ok == (err.code == BARK_OK));
    say_text(t, ok ? "." : "!");
    if (!ok)
        say(t, (struct bark_slice){ (const uint8_t *)err.rule, strcspn(err.rule, "]") + 1 });
}

static const struct {
    const char *body, *want;
} cases[] = {
    { "--b\r\n\r\none\r\n--b--\r\n", "[|]one;." },
    { "--b\r\n\r\none\r\n--b--", "[|]one;." },
    { "--b\r\nContent-ID: <x@y>\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
      "[x@y|text/plain]one;[|]two;." },
    { "\r\n--b\r\n\r\n\r\n--b--\r\n", "[|];." },
    { "--b\r\n\r\n--b--\r\n", "[|];." }, /* a part may end where its head does */
    { "--b\r\n\r\n\r\n\r\n--b--\r\n", "[|]~\n;." },
    { "a preamble\r\n--b\r\n\r\none\r\n--b--\r\nan epilogue", "[|]one;." },
    { "--b \t\r\n\r\none\r\n--b-- \r\n", "[|]one;." }, /* transport padding */
    { "--b\r\n\r\n\r\n--\r\n-\r\r\n--a\r\n--b--\r\n", "[|]~\n--~\n-~~\n--a;." }, /* nearly a boundary */
    { "--b\r\n\r\nx--b\n--b--\r\n--b--", "[|]x--b\n--b--;." }, /* no CRLF before it: data */
    { "--b\r\nContent-Type:\r\n  text/xml;\r\n\ta=b\r\nX: y\r\n\r\n\r\n--b--", "[|text/xml;  \ta=b];." },
    { "--b\r\ncontent-id:<a>\r\nContent-Transfer-Encoding: BINARY\r\n\r\n\r\n--b--", "[a|];." },
    /* refused */
    { "", "![RFC2046 5.1.1]" },
    { "--b--\r\n", "![RFC2046 5.1.1]" },
    { "--b\r\n\r\none", "[|]one![RFC2046 5.1.1]" },
    { "--b\r\n\r\none\r\n--b\r\n", "[|]one;![RFC2046 5.1.1]" },
    { "--b\r\n\r\none\r\n--b-", "[|]one;![RFC2046 5.1.1]" },
    { "--b\r\n\r\none\r\n--bc--\r\n", "[|]one;![RFC2046 5.1.1]" }, /* boundary that goes on */
    { "--b\r\n\r\none\r\n--b--x", "[|]one;![RFC2046 5.1.1]" },
    { "--b\r\n\r\none\r\n--b\n\r\n", "[|]one;![RFC2046 5.1.1]" },
    { "--b\r\nContent-ID: <a>\r\nContent-ID: <b>\r\n\r\n\r\n--b--", "![RFC2045 3]" },
    { "--b\r\nContent-ID: a\r\n\r\n\r\n--b--", "![RFC2392 2]" },
    { "--b\r\nContent-ID: <a b>\r\n\r\n\r\n--b--", "![RFC2392 2]" },
    { "--b\r\nContent-ID: <>\r\n\r\n\r\n--b--", "![RFC2392 2]" },
    { "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--b--", "![RFC2045 6]" },
    { "--b\r\nX: y\n\r\n\r\n--b--", "![RFC2046 5.1]" },
    { "--b\r\nX y\r\n\r\n\r\n--b--", "![RFC5322 2.2]" },
    { "--b\r\n X: y\r\n\r\n\r\n--b--", "![RFC5322 2.2]" },
    { "--b\r\nX: \x01y\r\n\r\n\r\n--b--", "![RFC5322 2.2]" },
    { "--b\r\nX: a\ry\r\n\r\n\r\n--b--", "![RFC5322 2.2]" },
    { "--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--", "[|];[|];[|];![SECURITY row 23]" },
};

TEST(every_piece_size_gives_the_same)
{
    struct transcript t;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *body = cases[i].body;
        const size_t len = strlen(body);
        for (size_t cut = 0; cut <= len; cut++) {
            body_read(body, len, cut, SIZE_MAX, &t);
            if (strcmp(t.text, cases[i].want) != 0)
                testkit_fail(__FILE__, __LINE__, "case %zu, cut %zu: %s", i, cut, t.text);
        }
        for (size_t step = 1; step < 4; step++) {
            body_read(body, len, 0, step, &t);
            CHECK_TEXT(t.text, cases[i].want);
        }
    }
}

/* A head, a preamble and an epilogue of limit - 1, limit and limit + 1 bytes. */
TEST(limits_of_heads_and_of_what_is_skipped)
{
    for (size_t n = 120; n < 136; n++) {
        char fill[200], body[600];
        struct transcript t;
        memset(fill, 'x', sizeof fill);
        fill[n] = '\0';
        snprintf(body, sizeof body, "--b\r\nX: %s\r\n\r\n\r\n--b--", fill);
        body_read(body, strlen(body), 0, SIZE_MAX, &t);
        CHECK_TEXT(t.text, n + 7 <= 128 ? "[|];." : "![SECURITY row 23]");
        snprintf(body, sizeof body, "%s\r\n--b\r\n\r\n\r\n--b--", fill);
        body_read(body, strlen(body), 0, 1, &t);
        CHECK_TEXT(t.text, n <= 128 ? "[|];." : "![SECURITY row 23]");
        snprintf(body, sizeof body, "--b\r\n\r\n\r\n--b--\r\n%s", fill);
        body_read(body, strlen(body), 0, 7, &t);
        CHECK_TEXT(t.text, n <= 128 ? "[|];." : "[|];![SECURITY row 23]");
    }
}

/* past_cxf: headers of attachments without end, and attachments without number, cost a fixed room. */
TEST(past_cxf_attachment_floods)
{
    static const char flood[] = "--b\r\n\r\n\r\n";
    struct bark_limits server = bark_limits_server;
    uint8_t head[4096];
    struct bark_mime_reader r;
    struct bark_error err = { 0 };
    struct bark_slice in, span;
    enum bark_mime_event event = BARK_MIME_MORE;
    unsigned parts = 0;
    CHECK(bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)"b", 1 }, &server, head,
                                sizeof head));
    for (size_t i = 0; i < 1000000 && event != BARK_MIME_REFUSED; i++) {
        in = (struct bark_slice){ (const uint8_t *)flood, sizeof flood - 1 };
        while ((event = bark_mime_read(&r, &in, &span, &err)) != BARK_MIME_MORE && event != BARK_MIME_REFUSED)
            parts += event == BARK_MIME_PART;
    }
    CHECK(event == BARK_MIME_REFUSED && err.code == BARK_ERR_LIMIT && parts == server.mime_parts);
    CHECK(bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)"b", 1 }, &server, head,
                                sizeof head));
    in = (struct bark_slice){ (const uint8_t *)flood, 5 };
    err = (struct bark_error){ 0 };
    CHECK(bark_mime_read(&r, &in, &span, &err) == BARK_MIME_MORE);
    event = BARK_MIME_MORE;
    for (size_t i = 0; i < 1000000 && event == BARK_MIME_MORE; i++) {
        in = (struct bark_slice){ (const uint8_t *)"X-Fill: y\r\n", 11 };
        event = bark_mime_read(&r, &in, &span, &err);
    }
    CHECK(event == BARK_MIME_REFUSED && err.code == BARK_ERR_LIMIT && r.offset < 2 * 4096);
}

TEST(boundaries)
{
    static const struct {
        const char *boundary;
        bool good;
    } boundaries[] = {
        { "b", true },
        { "=_Part_1.2'()+,-./:=?", true },
        { "a b", true },
        { "a ", false },
        { "", false },
        { "a\"b", false },
        { "a\rb", false },
        { "1234567890123456789012345678901234567890123456789012345678901234567890", true },
        { "12345678901234567890123456789012345678901234567890123456789012345678901", false },
    };
    for (size_t i = 0; i < sizeof boundaries / sizeof *boundaries; i++) {
        const char *b = boundaries[i].boundary;
        struct bark_mime_reader r;
        uint8_t head[8];
        CHECK_IN(b, bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)b, strlen(b) }, &limits,
                                          head, sizeof head) == boundaries[i].good);
    }
}

TEST(types)
{
    static const struct {
        const char *text, *want; /* media|boundary|type|start|action, or NULL: refused */
    } types[] = {
        { "multipart/related; boundary=b", "multipart/related|b|||" },
        { " Multipart/Related;boundary=\"a b\";TYPE=\"application/xop+xml\"; start=\"<r@x>\"",
          "Multipart/Related|a b|application/xop+xml|<r@x>|" },
        { "multipart/related; boundary=b; start-info=\"application/soap+xml; action=\\\"urn:x\\\"\"; "
          "action=u:y",
          "multipart/related|b|||u:y" },
        { "text/xml;", "text/xml||||" },
        { "multipart/related; boundary=b; boundary=c", NULL },
        { "multipart/related; boundary=\"a\\b\"", NULL },
        { "multipart/related; boundary=\"ab", NULL },
        { "multipart/related; boundary", NULL },
        { "multipart/related boundary=b", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct bark_mime_type t;
        struct transcript got = { .len = 0 };
        if (bark_mime_type_read((struct bark_slice){ (const uint8_t *)types[i].text, strlen(types[i].text) },
                                &t)) {
            const struct bark_slice shown[] = { t.media_type, t.boundary, t.type, t.start, t.action };
            for (size_t k = 0; k < 5; k++) {
                say_text(&got, k ? "|" : "");
                say(&got, shown[k]);
            }
            CHECK_TEXT(got.text, types[i].want ? types[i].want : "(refused)");
        } else {
            CHECK_IN(types[i].text, !types[i].want);
        }
    }
}

/* [RFC7578 4.2] The names of a form's parts. */
TEST(dispositions)
{
    static const struct {
        const char *text, *want; /* NULL: refused */
    } heads[] = {
        { "form-data; name=\"a b\"", "a b" },
        { " Form-Data ;Name=a ; filename=x", "a" },
        { "form-data; filename=\"x\\\"; name=y\"; name=\"a\"", "a" },
        { "form-data; name=\"a\"; filename*=UTF-8''x%20y", "a" },
        { "form-data; name=\"\"", "" },
        { "form-data; name=a; name=b", NULL },
        { "form-data; name=a; NAME=a", NULL },
        { "form-data; name*=UTF-8''a", NULL },
        { "form-data; name=\"a\\b\"", NULL },
        { "form-data; name=\"a", NULL },
        { "form-data; name=\"a\" b", NULL },
        { "form-data; name", NULL },
        { "form-data; name=a;", NULL },
        { "form-data", NULL },
        { "attachment; name=a", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct bark_slice name;
        struct transcript got = { .len = 0 };
        const bool taken = bark_mime_form_name(
            (struct bark_slice){ (const uint8_t *)heads[i].text, strlen(heads[i].text) }, &name);
        CHECK_IN(heads[i].text, taken == (heads[i].want != NULL));
        if (!taken || !heads[i].want)
            continue;
        say_text(&got, "");
        say(&got, name);
        CHECK_TEXT(got.text, heads[i].want);
    }
}

TEST(what_is_written_is_read)
{
    static const uint8_t random[16] = { 1, 2, 0xff };
    const struct bark_slice type = { (const uint8_t *)"text/xml", 8 }, id = { (const uint8_t *)"a@b", 3 };
    char boundary[BARK_MIME_BOUNDARY_TEXT];
    uint8_t room[600], head[128];
    struct bark_mime_reader r;
    struct bark_error err = { 0 };
    struct transcript t = { .len = 0 };
    struct bark_out o;
    bark_out_init(&o, room, sizeof room);
    bark_mime_boundary_make(random, boundary);
    CHECK_TEXT(boundary, "bark_0102ff00000000000000000000000000");
    bark_mime_part_write(&o, boundary, true, type, id);
    bark_out_text(&o, "<a/>");
    bark_mime_part_write(&o, boundary, false, (struct bark_slice){ NULL, 0 }, (struct bark_slice){ NULL, 0 });
    bark_mime_end_write(&o, boundary);
    CHECK(bark_out_ok(&o));
    CHECK(bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)boundary, strlen(boundary) },
                                &limits, head, sizeof head));
    CHECK(piece_feed(&r, bark_out_bytes(&o), &t, &err) && bark_mime_read_end(&r, &err) == BARK_OK);
    CHECK_TEXT(t.text, "[a@b|text/xml]<a/>;[|];");
    CHECK(bark_mime_boundary_occurs(bark_out_bytes(&o), boundary));
    CHECK(!bark_mime_boundary_occurs((struct bark_slice){ room, o.pos - 6 - 37 }, "bark_x"));
    bark_mime_part_write(&o, boundary, false, (struct bark_slice){ (const uint8_t *)"a\r\nb", 4 }, id);
    CHECK(!bark_out_ok(&o)); /* [SECURITY row 32] */
}

TEST_MAIN(RUN(every_piece_size_gives_the_same) RUN(limits_of_heads_and_of_what_is_skipped)
              RUN(past_cxf_attachment_floods) RUN(boundaries) RUN(types) RUN(dispositions)
                  RUN(what_is_written_is_read))
