/* engine/cost_test.c - time per byte is flat: no document inside the limits is worth more than its bytes
 * [R7].
 *
 * Each shape repeats what costs most for its size: names that are looked up among many bindings, namespaces
 * with long URIs, tags full of attributes or declarations, captured text full of colons. Processor time is
 * compared with that of a plain document in the same run, so that a slow or busy machine changes nothing. A
 * check that compares everything with everything is hundreds of times over the plain document; the dearest
 * shape here is thirty times.
 */
#include "engine/engine.h"
#include "testkit.h"

#include <stdlib.h>
#include <time.h>

/* Sanitizers weigh calls more than loops. */
enum { SIZE = 8 * 1024 * 1024, ARENA = 16 * 1024 * 1024, TIMES_PLAIN = SANITIZED ? 200 : 64 };

static uint8_t *document, *memory;
static size_t len;

static void put(const char *text)
{
    memcpy(document + len, text, strlen(text));
    len += strlen(text);
}

static void put_many(char c, size_t count)
{
    memset(document + len, c, count);
    len += count;
}

/* "Aa", "Ab", ... */
static void put_name(unsigned i)
{
    const char name[] = { (char)('A' + i / 26), (char)('a' + i % 26), '\0' };
    put(name);
}

/* xmlns:PREFIX="uu...uPREFIX", so that the URIs differ in their last bytes alone. */
static void put_declarations(unsigned count, size_t uri_len)
{
    unsigned i;
    for (i = 0; i < count; i++) {
        put(" xmlns:");
        put_name(i);
        put("='");
        put_many('u', uri_len);
        put_name(i);
        put("'");
    }
}

static void put_attributes(void)
{
    unsigned i;
    put("<b");
    for (i = 0; i < bark_limits_server.attributes; i++) {
        put(" ");
        put_name(i);
        put("=''");
    }
    put("/>");
}

static const struct shape {
    const char *name;
    unsigned declarations; /* on the root */
    size_t uri_len;
    const char *before, *unit, *after; /* NULL unit: a tag full of attributes */
    size_t limit_every; /* so many units, then after and before again: keeps a text inside its limit */
    bool captured;
} shapes[] = {
    { "plain", 0, 0, "", "<b>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</b>", "", SIZE, false },
    { "long URIs", 2, 1024 * 1024 - 2, "", "<b Aa:a='' Ab:a=''/>", "", SIZE, false },
    { "attributes among bindings", 64, 3, "", "<b Aa:a='' Aa:b='' Aa:c='' Aa:d='' Aa:e='' Aa:f='' Aa:g=''/>",
      "", SIZE, false },
    { "elements among bindings", 64, 3, "", "<Aa:b/><Ab:b/>", "", SIZE, false },
    { "attributes", 0, 0, "", NULL, "", SIZE, false },
    { "declarations", 0, 0, "",
      "<b xmlns:a='u' xmlns:b='u' xmlns:c='u' xmlns:d='u' xmlns:e='u' xmlns:f='u'/>", "", SIZE, false },
    { "references", 0, 0, "<b>", "&#9;", "</b>", 60000, false },
    { "captured colons", 64, 3, "<b><c>", ":", "</c></b>", 60000, true },
    { "captured names", 64, 3, "<b><c>", "Zz:", "</c></b>", 20000, true },
    { "captured elements", 64, 3, "", "<b/>", "", SIZE, true },
};

static void shape_make(const struct shape *shape)
{
    size_t units = 0;
    len = 0;
    put("<a");
    put_declarations(shape->declarations, shape->uri_len);
    put(">");
    put(shape->before);
    while (len < SIZE - 1024) {
        if (shape->unit)
            put(shape->unit);
        else
            put_attributes();
        if (++units % shape->limit_every == 0) {
            put(shape->after);
            put(shape->before);
        }
    }
    put(shape->after);
    put("</a>");
}

static enum bark_code children_capture(struct bark_slice in, struct bark_arena *arena, struct bark_error *err)
{
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    struct bark_any any;
    enum bark_code code = bark_xml_open(&r, in, &bark_limits_server, arena, err);
    if (code == BARK_OK)
        code = bark_xml_next(&r, &ev);
    while (code == BARK_OK) {
        code = bark_xml_next(&r, &ev);
        if (code == BARK_OK && ev.kind == BARK_XML_END)
            break;
        if (code == BARK_OK && ev.kind == BARK_XML_START)
            code = bark_capture_element(&r, &ev, &any);
    }
    return code;
}

/* Nanoseconds of processor time for each byte that was looked at. */
static double shape_cost(const struct shape *shape)
{
    struct bark_error err = { 0 };
    struct bark_arena arena;
    const struct bark_slice in = { document, len };
    enum bark_code code;
    clock_t start;
    double ns;
    bark_arena_init(&arena, memory, ARENA);
    start = clock();
    code = shape->captured ? children_capture(in, &arena, &err)
                           : bark_check_xml(in, &bark_limits_server, &arena, &err);
    ns = (double)(clock() - start) * (1e9 / CLOCKS_PER_SEC);
    CHECK_IN(shape->name, code == BARK_OK || code == BARK_ERR_LIMIT || code == BARK_ERR_MEMORY);
    CHECK_IN(shape->name, code == BARK_OK || err.offset > SIZE / 64);
    return ns / (double)(code == BARK_OK ? len : err.offset);
}

TEST(time_per_byte_is_flat)
{
    double plain = 0;
    size_t i;
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        double cost;
        shape_make(&shapes[i]);
        cost = shape_cost(&shapes[i]);
        if (i == 0)
            plain = cost;
        CHECK(plain > 0);
        if (cost > plain * TIMES_PLAIN)
            testkit_fail(__FILE__, __LINE__, "%s: %.1f ns a byte, the plain document %.1f", shapes[i].name,
                         cost, plain);
    }
}

TEST_MAIN(document = malloc(SIZE + 4096); memory = malloc(ARENA); if (!document || !memory) return 1;
          RUN(time_per_byte_is_flat) free(memory); free(document);)
