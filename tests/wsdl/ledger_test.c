/* wsdl/ledger_test.c - SOAP encoding: what old clients send, what they get, and what an attacker makes of it
 * [row 9].
 */
#include "ledger_service.h"

#include "testkit.h"

#include <stdlib.h>
#include <string.h>

#define ENVELOPE \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' " \
    "xmlns:x='http://www.w3.org/2001/XMLSchema' " \
    "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' " \
    "xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' " \
    "xmlns:l='urn:ledger' e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'><e:Body>"
#define END "</e:Body></e:Envelope>"
#define POST(entries) ENVELOPE "<l:Post><account xsi:type='x:string'>a</account>" entries "</l:Post>"
#define ENTRY(text, cents) \
    "<text xsi:type='x:string'>" text "</text><cents xsi:type='x:int'>" cents "</cents>"

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[1024 * 1024];
static struct bark_arena arena;
static char reply_bytes[65536];
static struct bark_out answer;
static struct bark_soap_reply reply;

static bool ready(void)
{
    struct bark_error err = { 0 };
    bool fine = bark_image_open(&image, ledger_tables(), &err) == BARK_OK;
    image.encoding = &bark_soap_encoding;
    bark_arena_init(&arena, memory, sizeof memory);
    return fine;
}

static void serve_as(const char *type, const void *body, size_t len, uint64_t fail_at)
{
    const struct bark_service service = ledger_service(&image);
    struct bark_soap_request r = { .content_type = { (const uint8_t *)type, strlen(type) },
                                   .body = { body, len } };
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_serve(&service, &bark_limits_server, &r, &arena, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
}

static void serve(const void *body, size_t len, uint64_t fail_at)
{
    serve_as("text/xml; charset=utf-8", body, len, fail_at);
}

static const struct {
    const char *name, *body;
    unsigned status;
    const char *part;
} said[] = {
    { "array",
      POST("<entries xsi:type='c:Array' c:arrayType='l:Entry[2]'><e1 xsi:type='l:Entry'>" ENTRY(
          "a", "3") "</e1><anything>" ENTRY("b", "4") "</anything></entries>") END,
      200, "<sum xsi:type=\"xsd:int\">7</sum>" },
    { "no encoding at all",
      POST("<entries c:arrayType='l:Entry[1]'><i>" ENTRY("a", "3") "</i></entries>") END, 200,
      "<text xsi:type=\"xsd:string\">a</text>" },
    { "announced size is a hint",
      POST("<entries c:arrayType='l:Entry[2147483647]'><i>" ENTRY("a", "3") "</i></entries>") END, 200,
      ">3<" },
    { "parts by reference",
      POST("<entries href='#r1'/>") "<c:Array id='r1' c:arrayType='l:Entry[2]'><i href='#r2'/><i "
                                    "href='#r2'/></c:Array>"
                                    "<l:Entry id='r2' xsi:type='l:Entry'>" ENTRY("m", "5") "</l:Entry>" END,
      200, ">10<" },
    { "value by reference",
      POST(
          "<entries c:arrayType='l:Entry[1]'><i><text href='#t'/><cents>1</cents></i></entries>") "<multiRef "
                                                                                                  "id='t' "
                                                                                                  "xsi:type='"
                                                                                                  "x:string'>"
                                                                                                  "far</"
                                                                                                  "multiRef"
                                                                                                  ">" END,
      200, ">far<" },
    { "reference to a reference",
      POST("<entries href='#r1'/>") "<a id='r1' href='#r2'/><b id='r2' "
                                    "c:arrayType='l:Entry[1]'><i>" ENTRY("z", "6") "</i></b>" END,
      200, ">z<" },
    { "a type of nobody's",
      POST("<entries c:arrayType='l:Entry[1]'><i xmlns:p='urn:p' xsi:type='p:Map'>" ENTRY(
          "a", "3") "</i></entries>") END,
      200, ">3<" },
    { "array of arrays",
      ENVELOPE "<l:Total><table c:arrayType='x:int[][2]'><r c:arrayType='x:int[2]'><v>1</v><v>2</v>"
               "</r><r c:arrayType='x:int[1]'><v>4</v></r></table></l:Total>" END,
      200, ">7<" },
    { "positions in order",
      POST("<entries c:arrayType='l:Entry[2]'><i c:position='[0]'>" ENTRY(
          "a", "3") "</i><i c:position='[1]'>" ENTRY("b", "4") "</i></entries>") END,
      200, ">7<" },
    { "an item left out",
      POST("<entries c:arrayType='l:Entry[2]'><i c:position='[1]'>" ENTRY("a", "3") "</i></entries>") END,
      500, "not each in its place" },
    { "the first items left out",
      POST("<entries c:arrayType='l:Entry[2]' c:offset='[1]'><i>" ENTRY("a", "3") "</i></entries>") END, 500,
      "left out" },
    { "nothing left out",
      POST("<entries c:arrayType='l:Entry[1]' c:offset='[0]'><i>" ENTRY("a", "3") "</i></entries>") END, 200,
      ">3<" },
    { "two dimensions", POST("<entries c:arrayType='l:Entry[1,1]'><i>" ENTRY("a", "3") "</i></entries>") END,
      500, "more than one dimension" },
    { "nil where it may be",
      POST("<entries c:arrayType='l:Entry[1]'><i>" ENTRY(
          "a", "3") "<kind>credit</kind><note xsi:nil='true'/></i></entries>") END,
      200, "xsi:nil" },
    { "inside, and before",
      POST("<entries c:arrayType='l:Entry[3]'><i id='r1'>" ENTRY(
          "a", "3") "</i><i href='#r1'/>"
                    "<i><text id='t'>far</text><cents>1</cents></i></entries>") END,
      200, ">7<" },
    { "inside, twice removed",
      POST("<entries c:arrayType='l:Entry[2]'><i id='r1'>" ENTRY(
          "a", "3") "</i><i href='#r2'/></entries>") "<x id='r2' href='#r1'/>" END,
      200, ">6<" },
    { "inside, and later",
      POST("<entries c:arrayType='l:Entry[2]'><i href='#r1'/><i id='r1'>" ENTRY("a", "3") "</i></entries>")
          END,
      500, "nor one before it" },
    { "inside, around it",
      POST("<entries c:arrayType='l:Entry[1]'><i id='r1'><text href='#r1'/><cents>1</cents></i>"
           "</entries>") END,
      500, "has no end" },
    { "circle", POST("<entries href='#r1'/>") "<a id='r1' c:arrayType='l:Entry[1]'><i href='#r1'/></a>" END,
      500, "has no end" },
    { "circle of two", POST("<entries href='#r1'/>") "<a id='r1' href='#r2'/><b id='r2' href='#r1'/>" END,
      500, "has no end" },
    { "to the operation itself", ENVELOPE "<l:Post id='p'><account href='#p'/></l:Post>" END, 500,
      "has no end" },
    { "to nothing", POST("<entries href='#none'/>") END, 500, "no independent element" },
    { "to another message", POST("<entries href='http://127.0.0.1/x'/>") END, 500, "of the same message" },
    { "one id twice", POST("<entries href='#r'/>") "<a id='r'/><b id='r'/>" END, 500, "one id" },
    { "wrong value", POST("<entries c:arrayType='l:Entry[1]'><i>" ENTRY("a", "x") "</i></entries>") END, 500,
      "cents" },
    { "missing member", POST("<entries c:arrayType='l:Entry[1]'><i><text>a</text></i></entries>") END, 500,
      "cents" },
    { "parts in another order",
      ENVELOPE
      "<l:Post><entries c:arrayType='l:Entry[1]'><i>" ENTRY("a", "3") "</i></entries>"
                                                                      "<account>b</account></l:Post>" END,
      200, ">3<" },
    { "a part twice", POST("<entries c:arrayType='l:Entry[0]'/><account>b</account>") END, 500,
      "more often than" },
    { "a member of nobody's",
      POST("<entries c:arrayType='l:Entry[1]'><i>" ENTRY("a", "3") "<sum>3</sum></i></entries>") END, 500,
      "no such member" },
    { "text between", POST("<entries href='#r1'/>") "text" END, 500, "white space" },
    { "empty array", POST("<entries c:arrayType='l:Entry[0]'/>") END, 500, "no entries" },
};

TEST(encoded_messages)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        serve(said[i].body, strlen(said[i].body), 0);
        if (reply.http_status != said[i].status || !strstr(reply_bytes, said[i].part))
            testkit_fail(__FILE__, __LINE__, "%s: %u %s", said[i].name, reply.http_status, reply_bytes);
    }
}

enum { MEMBERS = 4 };

/* An entry whose members come as `order` says, four numbers from 1; the lesser digit comes first. */
static size_t entry_write(char *to, unsigned order, unsigned count)
{
    static const char *const members[MEMBERS + 1] = { "", "<text>a</text>", "<cents>3</cents>",
                                                      "<kind>credit</kind>", "<note xsi:nil='1'/>" };
    char *at = to;
    at += sprintf(at, "%s<l:Post><account>a</account><entries c:arrayType='l:Entry[1]'><i>", ENVELOPE);
    for (; count > 0; count--, order /= 10)
        at += sprintf(at, "%s", members[order % 10]);
    at += sprintf(at, "</i></entries></l:Post>%s", END);
    return (size_t)(at - to);
}

/* Four different numbers from 1 to 4. */
static bool is_permutation(unsigned order)
{
    unsigned seen = 0;
    for (; order > 0; order /= 10)
        seen |= 1U << order % 10;
    return seen == 0x1e;
}

/* [SOAP11 5.1] The name alone tells the members of a struct apart: each order is the same entry, none may
 * come twice in any order, and the two that must come are missed in any. */
TEST(members_in_any_order)
{
    static char text[4096], first[sizeof reply_bytes];
    unsigned orders = 0;
    CHECK(ready());
    for (unsigned order = 1234; order <= 4321; order++) {
        if (!is_permutation(order))
            continue;
        serve(text, entry_write(text, order, MEMBERS), 0);
        if (orders++ == 0)
            memcpy(first, reply_bytes, sizeof first);
        if (reply.http_status != 200 || strcmp(first, reply_bytes) != 0)
            testkit_fail(__FILE__, __LINE__, "%u: %s", order, reply_bytes);
        serve(text, entry_write(text, order + 10000 * (order % MEMBERS + 1), MEMBERS + 1), 0);
        CHECK(reply.is_fault && strstr(reply_bytes, "more often than") != NULL);
        const bool needed = order / 1000 <= 2;
        serve(text, entry_write(text, order, MEMBERS - 1), 0);
        CHECK(reply.is_fault == needed);
        CHECK(!needed || strstr(reply_bytes, order / 1000 == 1 ? "expected text" : "expected cents") != NULL);
    }
    CHECK(orders == 24);
}

/* A slip of elements that stand as `order` has their letters: items of one name keep their order, and what
 * the choice's second way consists of stands together. */
static size_t slip_write(char *to, const char *order)
{
    static const char *const tags[] = { "<tag>a</tag>", "<tag xsi:nil='1'/>", "<tag>c</tag>", "<tag>d</tag>",
                                        "<tag>e</tag>" };
    char *at = to;
    size_t tag = 0;
    int stamp = 0;
    at += sprintf(at, "%s<l:File><slip>", ENVELOPE);
    for (; *order; order++) {
        if (*order == 'g')
            at += sprintf(at, "%s", tags[tag++]);
        else if (*order == 's')
            at += sprintf(at, "<stamp>%d</stamp>", ++stamp);
        else
            at += sprintf(at, "%s",
                          *order == 't'   ? "<text>slip</text>"
                          : *order == 'c' ? "<cash>5</cash>"
                          : *order == 'd' ? "<card>7</card>"
                                          : "<until>2027-03</until>");
    }
    at += sprintf(at, "</slip></l:File>%s", END);
    return (size_t)(at - to);
}

/* The next order of the letters by the alphabet; false after the last. */
static bool order_next(char *order)
{
    const size_t len = strlen(order);
    size_t i = len - 1, k = len - 1;
    while (i > 0 && order[i - 1] >= order[i])
        i--;
    if (i == 0)
        return false;
    while (order[k] <= order[i - 1])
        k--;
    const char swapped = order[k];
    order[k] = order[i - 1];
    order[i - 1] = swapped;
    for (k = len - 1; i < k; i++, k--) {
        const char last = order[k];
        order[k] = order[i];
        order[i] = last;
    }
    return true;
}

static bool slip_is(const char *order, const char *line)
{
    static char text[4096];
    serve(text, slip_write(text, order), 0);
    return strstr(reply_bytes, line) != NULL;
}

/* [SOAP11 5.4.3] Accessors of one name are told apart by their place among those of that name. */
TEST(repeated_members_and_choices_in_any_order)
{
    char order[] = "cgggsst";
    unsigned orders = 0;
    CHECK(ready());
    do {
        if (!slip_is(order, ">slip a - c cash 5 1 2<"))
            testkit_fail(__FILE__, __LINE__, "%s: %s", order, reply_bytes);
        orders++;
    } while (order_next(order));
    CHECK(orders == 420);
    CHECK(slip_is("sdutgs", ">slip a card 7 until 3 1 2<") &&
          slip_is("gtgsdu", ">slip a - card 7 until 3 1<"));
}

static const struct {
    const char *order, *part;
} slips[] = {
    { "cgsggst", ">slip a - c cash" },
    { "gcgsgtgg", "more often than" }, /* five of at most four */
    { "cgtg", "expected stamp" },
    { "tdsu", "until" },
    { "tds", "until" },
    { "tuds", "card" }, /* what the second way consists of has its order */
    { "ctsdu", "card" },
    { "tcsc", "cash" },
    { "tgs", "expected one of: cash, card" },
    { "cst", ">slip cash 5 1<" },
    { "cstt", "more often than" },
};

TEST(slips_that_are_not_whole)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (!slip_is(slips[i].order, slips[i].part))
            testkit_fail(__FILE__, __LINE__, "%s: %s", slips[i].order, reply_bytes);
}

/* What is wrong stands at the '^', which is not sent. */
static const struct {
    const char *name, *body, *path;
} wrong[] = {
    { "a value",
      POST("<entries c:arrayType='l:Entry[1]'>\n<i><text>a</text><cents>^x</cents></i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a value that is empty",
      POST("<entries c:arrayType='l:Entry[1]'>\n<i><text>a</text><cents>^</cents></i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a value after others that are written shorter, and longer",
      POST("<entries id='far' c:offset='[0]' c:arrayType='l:Entry[1]'><i xmlns:long='urn:long'>"
           "<text><![CDATA[<<<<]]>&gt;</text>\n<cents>^x</cents></i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a missing member", POST("<entries c:arrayType='l:Entry[1]'>\n<i><text>a</text>^</i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]" },
    { "a member twice",
      POST("<entries c:arrayType='l:Entry[1]'><i><text>a</text>\n^<text>a</text></i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/text" },
    { "an attribute",
      POST("<entries c:arrayType='l:Entry[1]'><i>" ENTRY("a", "3") "<kind\n ^of='x'>debit</kind></i>"
                                                                   "</entries>") END,
      "/Envelope/Body/Post/entries/item[1]/kind/@of" },
    { "an attribute with a prefix",
      POST("<entries c:arrayType='l:Entry[1]'><i l:^of='x'>" ENTRY("a", "3") "</i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/@of" },
    { "a nil", POST("<entries c:arrayType='l:Entry[1]'><i><text xsi:^nil='1'/></i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/text/@nil" },
    { "a type",
      POST("<entries c:arrayType='l:Entry[1]'><i xsi:^type='l:Kind'>" ENTRY("a", "3") "</i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]/@type" },
    { "text between members", POST("<entries c:arrayType='l:Entry[1]'><i><text>a</text>^b</i></entries>") END,
      "/Envelope/Body/Post/entries/item[1]" },
    { "a value by reference",
      POST("<entries c:arrayType='l:Entry[1]'><i><text>a</text><cents href='#c'/></i></entries>") "\n<"
                                                                                                  "multiRef "
                                                                                                  "id='c'>^x<"
                                                                                                  "/multiRef"
                                                                                                  ">" END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a member of a struct by reference",
      POST("<entries href='#r1'/>") "<c:Array id='r1' c:arrayType='l:Entry[2]'><i href='#r2'/></c:Array>"
                                    "\n<l:Entry id='r2'><text>a</text><cents>^x</cents></l:Entry>" END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a reference where none may stand",
      POST("<entries c:arrayType='l:Entry[1]'><i><text>a</text>^<sum href='#c'/></i></entries>") "<c "
                                                                                                 "id='c'>1</"
                                                                                                 "c>" END,
      "/Envelope/Body/Post/entries/item[1]/sum" },
    { "a copy: the value that was copied is right there, and wrong as what it is copied to",
      POST("<entries c:arrayType='l:Entry[1]'><i>\n<text id='t'>^a</text><cents href='#t'/></i></entries>")
          END,
      "/Envelope/Body/Post/entries/item[1]/cents" },
    { "a copy of a copy",
      POST("<entries c:arrayType='l:Entry[2]'><i>\n<text id='t'>^a</text><cents>1</cents></i>"
           "<i><note id='u' href='#t'/><text id='v' href='#t'/><cents href='#t'/></i></entries>") END,
      "/Envelope/Body/Post/entries/item[2]/cents" },
    { "what follows a copy",
      POST("<entries c:arrayType='l:Entry[3]'><i id='r'>" ENTRY("a",
                                                                "1") "</i><i href='#r'/>\n<i><text>b</text>"
                                                                     "<cents>^x</cents></i></entries>") END,
      "/Envelope/Body/Post/entries/item[3]/cents" },
    { "a reference to nothing", POST("\n<entries ^href='#none'/>") END, "/Envelope/Body/Post/entries" },
    { "a reference elsewhere", POST("\n<entries ^href='urn:x'/>") END, "/Envelope/Body/Post/entries" },
    { "a circle",
      POST("<entries href='#r1'/>") "\n<a id='r1' c:arrayType='l:Entry[1]'><i ^href='#r1'/></a>" END,
      "/Envelope/Body/a/i" },
    { "two dimensions", POST("<entries c:^arrayType='l:Entry[1,1]'/>") END, "/Envelope/Body/Post/entries" },
    { "out of its place", POST("<entries c:arrayType='l:Entry[2]'>\n<i c:^position='[1]'/></entries>") END,
      "/Envelope/Body/Post/entries/i" },
    { "one id twice", POST("<entries href='#r'/>") "<a id='r'/>\n^<b id='r'/>" END, "/Envelope/Body/b" },
    { "an unknown part", POST("\n^<entry/>") END, "/Envelope/Body/Post/entry" },
    { "no well-formed XML", POST("<entries href='#r'/>") "<a id='r'>\n</^b>" END, "/Envelope/Body/a" },
};

/* Takes the mark out of the text; where it stood. */
static size_t mark_take(char *to, const char *from)
{
    const char *mark = strchr(from, '^');
    const size_t at = (size_t)(mark - from);
    memcpy(to, from, at);
    strcpy(to + at, mark + 1);
    return at;
}

TEST(errors_stand_where_they_came)
{
    static char text[4096];
    CHECK(ready());
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const size_t at = mark_take(text, wrong[i].body);
        uint32_t line = 1, column = 1;
        for (size_t k = 0; k < at; k++) {
            column = text[k] == '\n' ? 1 : column + 1;
            line += text[k] == '\n';
        }
        serve(text, strlen(text), 0);
        const struct bark_error *e = &reply.error;
        if (!reply.is_fault || e->offset != at || e->line != line || e->column != column ||
            strcmp(e->path, wrong[i].path) != 0)
            testkit_fail(__FILE__, __LINE__, "%s: at %zu (%u:%u), not %zu (%u:%u), %s: %s", wrong[i].name,
                         (size_t)e->offset, e->line, e->column, at, line, column, e->path, e->rule);
    }
}

/* Looking for the place once more fails as the rest does where there is no memory: then it is another one. */
TEST(errors_without_memory)
{
    static char text[4096];
    CHECK(ready());
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const size_t at = mark_take(text, wrong[i].body), len = strlen(text);
        uint64_t n = 0;
        do {
            serve(text, len, ++n);
            CHECK(reply.is_fault && reply.error.offset <= len);
        } while (arena.allocs >= n && n < 1000);
        CHECK(n < 1000 && reply.error.offset == at);
    }
}

/* PHP: sizes of arrays that are empty or no numbers, and digits added up in an int (pull request 21963). What
 * is announced is never used as a number; what is no hint of one dimension is refused. */
TEST(past_2026_15353)
{
    static const char *const sizes[] = { "",   "x",   "-1",         "*",
                                         "[",  "]",   "2147483648", "18446744073709551617",
                                         "0",  "1e9", "1 ",         "99999999999999999999999999999999",
                                         "][", "[]" };
    static char text[2048];
    CHECK(ready());
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t len = (size_t)snprintf(
            text, sizeof text,
            POST("<entries c:arrayType='l:Entry[%s]'><i>" ENTRY("a", "3") "</i></entries>") END, sizes[i]);
        serve(text, len, 0);
        CHECK_IN(sizes[i], reply.http_status == 200 && strstr(reply_bytes, ">3<") != NULL);
        len = (size_t)snprintf(
            text, sizeof text,
            "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:l='urn:ledger' "
            "xmlns:c='http://www.w3.org/2003/05/soap-encoding'><e:Body><l:Post><account>a</account>"
            "<entries c:itemType='l:Entry' c:arraySize='%s'><i>"
            "<text>x</text><cents>3</cents></i>"
            "</entries></l:Post></e:Body></e:Envelope>",
            sizes[i]);
        serve_as("application/soap+xml", text, len, 0);
        CHECK_IN(sizes[i], strchr(sizes[i], ' ') ? reply.is_fault : reply.http_status == 200);
    }
}

/* Without the code that reads them, such operations are refused and nothing is guessed. */
TEST(refused_where_not_linked)
{
    CHECK(ready());
    image.encoding = NULL;
    serve(said[0].body, strlen(said[0].body), 0);
    CHECK(reply.is_fault && strstr(reply_bytes, "Server") != NULL);
    CHECK(reply.error.rule && strstr(reply.error.rule, "bark_image.encoding") != NULL);
}

TEST(answers_carry_types)
{
    CHECK(ready());
    static const char names[] = ENVELOPE "<l:Names><count>2</count></l:Names>" END;
    serve(names, strlen(names), 0);
    CHECK(strstr(reply_bytes, "<names xsi:type=\"enc:Array\" enc:arrayType=\"xsd:string[2]\">") != NULL);
    CHECK(strstr(reply_bytes, "<item xsi:type=\"xsd:string\">name &lt;1&gt;</item>") != NULL);
    CHECK(strstr(reply_bytes, "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"") != NULL);
}

/* [SOAP12-2 3] id and ref have a namespace there, and an array says itemType and arraySize. */
TEST(soap_12_has_other_attributes)
{
    static const char body[] =
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:l='urn:ledger' "
        "xmlns:c='http://www.w3.org/2003/05/soap-encoding'><e:Body><l:Post "
        "e:encodingStyle='http://www.w3.org/2003/05/soap-encoding'><account>a</account><entries "
        "c:itemType='l:Entry' c:arraySize='2'><i c:id='r'><text>x</text><cents>3</cents></i><i "
        "c:ref='r'/></entries>"
        "</l:Post></e:Body></e:Envelope>";
    static const char names[] =
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><n:Names "
        "xmlns:n='urn:ledger'><count>1</count></n:Names></e:Body></e:Envelope>";
    CHECK(ready());
    serve_as("application/soap+xml", body, sizeof body - 1, 0);
    CHECK(reply.http_status == 200 && strstr(reply_bytes, ">6<") != NULL);
    serve_as("application/soap+xml", names, sizeof names - 1, 0);
    CHECK(strstr(reply_bytes, "enc:itemType=\"xsd:string\" enc:arraySize=\"1\"") != NULL);
    CHECK(strstr(reply_bytes, "xmlns:enc=\"http://www.w3.org/2003/05/soap-encoding\"") != NULL);
}

/* Doubling at each of 20 steps: a small message that would be a million elements [row 9]. */
TEST(references_that_multiply)
{
    static char text[16384];
    char *at = text;
    CHECK(ready());
    at += sprintf(at, "%s", POST("<entries href='#r0'/>"));
    for (int i = 0; i < 20; i++)
        at += sprintf(at, "<a id='r%d' c:arrayType='l:Entry[2]'><i href='#r%d'/><i href='#r%d'/></a>", i,
                      i + 1, i + 1);
    at += sprintf(at, "<a id='r20'/>%s", END);
    serve(text, (size_t)(at - text), 0);
    CHECK(reply.is_fault &&
          (strstr(reply_bytes, "16 references") != NULL || strstr(reply_bytes, "4096") != NULL));
    CHECK(arena.peak <= sizeof memory);
}

TEST(cut_and_without_memory)
{
    CHECK(ready());
    const char *body = said[3].body;
    const size_t len = strlen(body);
    for (size_t n = 0; n < len; n++) {
        uint8_t *cut = malloc(n ? n : 1);
        memcpy(cut, body, n);
        serve(cut, n, 0);
        CHECK(reply.is_fault);
        free(cut);
    }
    uint64_t n = 0;
    do {
        serve(body, len, ++n);
        CHECK(reply.is_fault == (arena.allocs >= n));
    } while (arena.allocs >= n && n < 1000);
    CHECK(n > 20 && n < 1000);
}

/* Our own client: writes, and reads what our server says. */
TEST(both_sides_are_ours)
{
    static char request_bytes[16384];
    struct l_Entry entries[2] = { { .text = bark_text("a"), .cents = 1, .kind = l_Kind_credit },
                                  { .text = bark_text("b<"), .cents = 2 } };
    const struct l_Post in = { .account = bark_text("x"), .entries = { .item = { entries, 2, NULL } } };
    struct bark_error err = { 0 };
    struct bark_soap_fault fault;
    struct bark_out request;
    void *out = NULL;
    CHECK(ready());
    bark_out_init(&request, request_bytes, sizeof request_bytes - 1);
    CHECK(bark_soap_request_write(&image, l_Ledger_op_Post, BARK_SOAP_11, &in, &bark_limits_server, &arena,
                                  &request, &err) == BARK_OK);
    CHECK(arena.used == 0);
    request_bytes[request.pos] = '\0';
    CHECK(strstr(request_bytes, "enc:arrayType=\"t:Entry[2]\"") != NULL);
    CHECK(strstr(request_bytes, "xsi:type=\"t:Kind\"") != NULL);
    serve(request_bytes, request.pos, 0);
    struct bark_arena own;
    static _Alignas(BARK_ALIGN) uint8_t room[512 * 1024];
    bark_arena_init(&own, room, sizeof room);
    CHECK(bark_soap_reply_read(&image, l_Ledger_op_Post, bark_out_bytes(&answer), &bark_limits_server, &own,
                               &out, &fault, &err) == BARK_OK);
    CHECK(out && ((const struct l_PostResponse *)out)->sum == 3);
    if (out)
        CHECK_TEXT(((const struct l_PostResponse *)out)->last.text.ptr, "b<");
}

TEST_MAIN(RUN(encoded_messages) RUN(members_in_any_order) RUN(repeated_members_and_choices_in_any_order)
              RUN(slips_that_are_not_whole) RUN(errors_stand_where_they_came) RUN(errors_without_memory)
                  RUN(past_2026_15353) RUN(refused_where_not_linked) RUN(answers_carry_types)
                      RUN(soap_12_has_other_attributes) RUN(references_that_multiply)
                          RUN(cut_and_without_memory) RUN(both_sides_are_ours))
