/* attach/source_test.c - answers whose parts come from sources: read at once or a piece at a time, and
 * whatever becomes of them, each source is closed once.
 */
#include "album_cases.h"
#include "album_service.h"

#include "soap/attach.h"
#include "soap/outgoing.h"
#include "testkit.h"

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[512 * 1024], outgoing_memory[16 * 1024];
static struct bark_arena arena;
static char reply_bytes[64 * 1024 + 1];
static struct bark_out answer;
static struct bark_soap_reply reply;

/* Octets album_octet(0), album_octet(1) ... of a length that may differ from what was said. */
static struct octets {
    size_t len, at, fails_at;
    bool open;
    enum bark_code verdict;
} sources[8];
static unsigned opened, closed;
static size_t piece; /* that read() gives at most */

static enum bark_code octets_read(void *state, uint8_t *room, size_t cap, size_t *len)
{
    struct octets *o = state;
    CHECK(o->open && cap > 0);
    *len = o->len - o->at < cap ? o->len - o->at : cap;
    if (*len > piece)
        *len = piece;
    if (o->at >= o->fails_at)
        return BARK_ERR_IO;
    for (size_t i = 0; i < *len; i++)
        room[i] = album_octet(o->at++);
    return BARK_OK;
}

static void octets_close(void *state, enum bark_code verdict)
{
    struct octets *o = state;
    CHECK(o->open);
    o->open = false;
    o->verdict = verdict;
    closed++;
}

/* What Fetch's Pages means here. */
enum plan { KNOWN, UNKNOWN, SHORT, LONG, FAILING, TWO, MANY, REFUSED, NO_ANSWER, ICON, SEAL };

static struct bark_source source_of(struct octets *o, size_t len, enum plan plan)
{
    *o = (struct octets){ .len = len, .fails_at = SIZE_MAX, .open = true };
    opened++;
    if (plan == SHORT)
        o->len--;
    if (plan == LONG)
        o->len++;
    if (plan == FAILING)
        o->fails_at = len / 2;
    const bool unknown = plan == UNKNOWN || (plan == ICON && len == 0);
    return (struct bark_source){ unknown ? BARK_LENGTH_UNKNOWN : len, octets_read, octets_close, o };
}

static enum bark_code fetch(const struct tns_Fetch *in, struct tns_FetchResponse *out, struct bark_call *call)
{
    const enum plan plan = in->has_Pages ? (enum plan)in->Pages : KNOWN;
    const unsigned count = plan == TWO ? 2 : plan == MANY ? 8 : 1;
    struct bark_bytes *pages = bark_call_alloc(call, count, sizeof *pages);
    for (unsigned i = 0; i < count; i++) {
        const struct bark_source source = source_of(&sources[i], (size_t)in->Size + i, plan);
        if (in->has_Attach && in->Attach) {
            const struct bark_text id = bark_call_attach_source(call, bark_text("image/x-test"), &source);
            out->Href = bark_call_printf(call, "cid:%s", id.ptr ? id.ptr : "");
        } else {
            const struct bark_bytes octets =
                bark_call_octets_source(call, bark_text("image/x-test"), &source);
            if (plan == ICON)
                out->Icon = octets;
            else if (plan == SEAL)
                out->Seal = octets;
            else if (pages)
                pages[i] = octets;
        }
    }
    if (!in->has_Attach && pages && plan != ICON && plan != SEAL) {
        out->Page.items = pages;
        out->Page.count = count;
    }
    if (plan == REFUSED)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "not today");
    return plan == NO_ANSWER ? BARK_ERR_IO : BARK_OK;
}

static bool ready(void)
{
    struct bark_error err = { 0 };
    return image.pool || bark_image_open(&image, album_tables(), &err) == BARK_OK;
}

static void serve(const char *body, bool streams, size_t room)
{
    static const struct tns_Album_handlers handlers = { .Fetch = fetch };
    struct bark_service service = album_service(&image, "/", false);
    const struct bark_soap_request request = { .content_type = { (const uint8_t *)"text/xml", 8 },
                                               .body = { (const uint8_t *)body, strlen(body) },
                                               .streams = streams };
    service.handlers = &handlers;
    opened = closed = 0;
    bark_arena_init(&arena, memory, room);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_serve(&service, &bark_limits_device, &request, &arena, &answer, &reply);
}

/* What a connection does with the rest of an answer. */
static enum bark_code drain(size_t cap, uint64_t *length)
{
    uint8_t room[2048];
    struct bark_outgoing *o;
    enum bark_code code = BARK_MORE;
    CHECK(reply.parts && bark_outgoing_bytes(reply.parts) <= sizeof outgoing_memory);
    o = bark_outgoing_init(outgoing_memory, reply.parts);
    memset(memory, '#', sizeof memory); /* the arena is somebody else's now */
    *length = o->length;
    while (code == BARK_MORE) {
        size_t len = 0;
        code = bark_outgoing_read(o, room, cap, &len);
        CHECK(len <= cap && (len > 0) == (code == BARK_MORE));
        bark_out_put(&answer, room, len);
    }
    bark_outgoing_close(o, BARK_ERR_IO); /* whoever is closed stays it */
    return code;
}

/* The parts of what was answered, each with the octets it should have. */
static void answer_check(const char *name, const char *type, size_t count, size_t size, bool xop)
{
    static _Alignas(BARK_ALIGN) uint8_t room[64 * 1024];
    struct bark_arena own;
    struct bark_soap_package p;
    struct bark_error err = { 0 };
    bark_arena_init(&own, room, sizeof room);
    if (bark_soap_attachments.open(&p, (struct bark_slice){ (const uint8_t *)type, strlen(type) },
                                   bark_out_bytes(&answer), &bark_limits_server, &own, &err) != BARK_OK) {
        testkit_fail(__FILE__, __LINE__, "%s: %s", name, err.rule);
        return;
    }
    CHECK_IN(name, p.count == count && p.xop == xop);
    for (size_t i = 0; i < p.count && p.count == count; i++) {
        bool same = p.parts[i].content.len == size + i;
        for (size_t k = 0; k < p.parts[i].content.len; k++)
            same = same && p.parts[i].content.ptr[k] == album_octet(k);
        CHECK_IN(name, same && bark_text_equal(p.parts[i].content_type, "image/x-test"));
    }
}

#define FETCH(members) ENV11("<Fetch xmlns=\"urn:album\">" members "</Fetch>")

static const struct {
    const char *name, *body;
    size_t parts, size;
    bool xop, known;
    enum bark_code code;
} rows[] = {
    { "known", FETCH("<Size>3000</Size>"), 1, 3000, true, true, BARK_OK },
    { "unknown", FETCH("<Size>3000</Size><Pages>1</Pages>"), 1, 3000, true, false, BARK_OK },
    { "nothing", FETCH("<Size>0</Size>"), 1, 0, true, true, BARK_OK },
    { "two", FETCH("<Size>3000</Size><Pages>5</Pages>"), 2, 3000, true, true, BARK_OK },
    { "attached", FETCH("<Size>3000</Size><Attach>true</Attach>"), 1, 3000, false, true, BARK_OK },
    { "short", FETCH("<Size>3000</Size><Pages>2</Pages>"), 1, 0, true, true, BARK_ERR_USE },
    { "failing", FETCH("<Size>3000</Size><Pages>4</Pages>"), 1, 0, true, true, BARK_ERR_IO },
};

TEST(pieces_of_any_size_make_the_same_answer)
{
    static const size_t caps[] = { 1, 2, 3, 7, 64, 1000, 2048 };
    CHECK(ready());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof caps / sizeof *caps; k++) {
            uint64_t length;
            char type[512];
            piece = k % 2 ? 5 : SIZE_MAX;
            serve(rows[i].body, true, sizeof memory);
            CHECK_IN(rows[i].name, reply.http_status == 200 && closed == 0);
            (void)snprintf(type, sizeof type, "%s", reply.content_type);
            const size_t start = answer.pos;
            CHECK_IN(rows[i].name, drain(caps[k], &length) == rows[i].code);
            CHECK_IN(rows[i].name, closed == opened && sources[0].verdict == rows[i].code);
            CHECK_IN(rows[i].name, (length != BARK_LENGTH_UNKNOWN) == rows[i].known);
            if (rows[i].code)
                continue;
            CHECK_IN(rows[i].name, !rows[i].known || length == answer.pos - start);
            answer_check(rows[i].name, type, rows[i].parts, rows[i].size, rows[i].xop);
        }
}

TEST(another_transport_reads_them_at_once)
{
    CHECK(ready());
    piece = 100;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        serve(rows[i].body, false, sizeof memory);
        CHECK_IN(rows[i].name, !reply.parts && closed == opened && sources[0].verdict == rows[i].code);
        CHECK_IN(rows[i].name, reply.http_status == (rows[i].code ? 500u : 200u));
        if (!rows[i].code)
            answer_check(rows[i].name, reply.content_type, rows[i].parts, rows[i].size, rows[i].xop);
    }
    serve(FETCH("<Size>3000</Size><Pages>3</Pages>"), false, sizeof memory); /* longer than it said */
    CHECK(reply.http_status == 500 && closed == 1 && sources[0].verdict == BARK_ERR_USE);
    serve(FETCH("<Size>90000</Size><Pages>1</Pages>"), false, sizeof memory);
    CHECK(reply.http_status == 500 && closed == 1 && sources[0].verdict == BARK_ERR_LIMIT);
}

/* Never more octets than were announced, whatever the source has. */
TEST(a_source_that_is_longer_is_cut)
{
    uint64_t length;
    char type[512];
    CHECK(ready());
    piece = SIZE_MAX;
    serve(FETCH("<Size>3000</Size><Pages>3</Pages>"), true, sizeof memory);
    (void)snprintf(type, sizeof type, "%s", reply.content_type);
    CHECK(drain(2048, &length) == BARK_OK && closed == 1);
    answer_check("long", type, 1, 3000, true);
}

/* Of an icon's type 2 to 16 octets are values, and a seal's has a pattern. */
TEST(lengths_of_the_type_hold)
{
    static const struct {
        const char *body;
        unsigned status;
    } icons[] = {
        { FETCH("<Size>2</Size><Pages>9</Pages>"), 200 },  { FETCH("<Size>16</Size><Pages>9</Pages>"), 200 },
        { FETCH("<Size>1</Size><Pages>9</Pages>"), 500 },  { FETCH("<Size>17</Size><Pages>9</Pages>"), 500 },
        { FETCH("<Size>0</Size><Pages>9</Pages>"), 500 }, /* of unknown length */
        { FETCH("<Size>9</Size><Pages>10</Pages>"), 500 },
    };
    CHECK(ready());
    piece = SIZE_MAX;
    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++) {
        uint64_t length;
        serve(icons[i].body, true, sizeof memory);
        CHECK_IN(icons[i].body, reply.http_status == icons[i].status);
        if (reply.http_status == 200)
            CHECK_IN(icons[i].body, drain(2048, &length) == BARK_OK);
        CHECK_IN(icons[i].body, closed == 1);
    }
}

TEST(sources_without_an_answer_are_closed)
{
    static const char *const bodies[] = { FETCH("<Size>9</Size><Pages>6</Pages>"),
                                          FETCH("<Size>9</Size><Pages>7</Pages>"),
                                          FETCH("<Size>9</Size><Pages>8</Pages>") };
    CHECK(ready());
    piece = SIZE_MAX;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        for (int streams = 0; streams < 2; streams++) {
            serve(bodies[i], streams, sizeof memory);
            CHECK_IN(bodies[i], reply.http_status == 500 && !reply.parts);
            CHECK_IN(bodies[i], opened > 0 && closed == opened && sources[0].verdict != BARK_OK);
        }
    for (size_t i = 0; i < 5; i++) { /* every budget, up to what is enough */
        size_t room = 0;
        do {
            room += 64;
            serve(rows[i].body, true, room);
            CHECK_IN(rows[i].name, reply.http_status == 200 || closed == opened);
        } while (reply.http_status != 200 && room + 64 < sizeof memory);
        CHECK_IN(rows[i].name, reply.http_status == 200 && closed == 0);
    }
}

TEST_MAIN(RUN(pieces_of_any_size_make_the_same_answer) RUN(another_transport_reads_them_at_once)
              RUN(a_source_that_is_longer_is_cut) RUN(lengths_of_the_type_hold)
                  RUN(sources_without_an_answer_are_closed))
