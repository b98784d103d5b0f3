/* engine/hostile_test.c - endless constructs: 64 MiB of one thing, with limits at their maximum; more than 4
 * GiB of it at night (SOAPBARK_NIGHTLY), past every counter of 32 bits.
 *
 * What matters is that memory does not grow with the input (the arena here is small, and its peak is compared
 * with that of a tiny document) and that limits left at a profile stop the same input where they are met.
 *
 * A document takes addresses and no memory: a block of fillers is mapped again and again, between a page that
 * ends with the head and a page that begins with the tail.
 */
#define _GNU_SOURCE
#include "engine/engine.h"
#include "testkit.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 65536, BLOCK_PAGES = 16, LONG = 2 * 1024 * 1024 };

/* Builds with sanitizers are ten times slower and look at a part: a whole night is for the others. */
static size_t endless = (SANITIZED ? 8 : 64) * 1024 * 1024;

static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];

/* As much as a uint32_t can say where that costs no memory, the profile's number where it does. */
static struct bark_limits widest(void)
{
    struct bark_limits limits = bark_limits_server;
    limits.body_bytes = UINT64_MAX;
    limits.elements = UINT32_MAX;
    limits.text_bytes = UINT32_MAX;
    limits.name_bytes = UINT32_MAX;
    limits.items = UINT32_MAX;
    return limits;
}

struct document {
    uint8_t *map;
    size_t map_len;
    struct bark_slice text;
};

/* Blocks of fillers between head and tail, size bytes or a block more; no text when the system cannot map
 * them. */
static struct document document_make(size_t size, const char *head, const char *filler, const char *tail)
{
    const size_t unit = strlen(filler), block = unit * PAGE * BLOCK_PAGES, count = size / block + 1;
    struct document d = { .map_len = count * block + 2 * (size_t)PAGE };
    const int fd = memfd_create("fillers", MFD_CLOEXEC);
    uint8_t *fillers;
    size_t i;
    d.map = mmap(NULL, d.map_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fd < 0 || d.map == MAP_FAILED || ftruncate(fd, (off_t)block) != 0)
        return (struct document){ 0 };
    for (i = 0; i < count; i++)
        if (mmap(d.map + PAGE + i * block, block, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
            MAP_FAILED)
            return (struct document){ 0 };
    close(fd);
    fillers = d.map + PAGE;
    for (i = 0; i < block; i += unit)
        memcpy(fillers + i, filler, unit);
    memcpy(fillers - strlen(head), head, strlen(head));
    memcpy(fillers + count * block, tail, strlen(tail));
    d.text = (struct bark_slice){ fillers - strlen(head), strlen(head) + count * block + strlen(tail) };
    return d;
}

static enum bark_code check(struct bark_slice in, const struct bark_limits *limits, struct bark_error *err,
                            size_t *peak)
{
    struct bark_arena arena;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_check_xml(in, limits, &arena, err);
    *peak = arena.peak;
    return code;
}

static const struct {
    const char *name, *head, *filler, *tail;
    enum bark_code code; /* with limits at their widest */
    size_t offset_max; /* where a refusal must have come; 0: at the end of the input */
    size_t device_max; /* the same with the device profile; 0: it reads all of it and answers the same */
} cases[] = {
    { "processing instruction", "<?", "x", "", BARK_ERR_XML, 1, 1 },
    { "processing instruction inside", "<a><?p ", "x", "", BARK_ERR_XML, 4, 4 },
    { "DOCTYPE", "<!DOCTYPE a [", "<!ENTITY b 'c'>", "", BARK_ERR_XML, 1, 1 },
    { "XML declaration", "<?xml version='1.", "0", "'?><a/>", BARK_ERR_XML, 64, 64 },
    { "white space in the XML declaration", "<?xml ", " ", "?><a/>", BARK_ERR_XML, 0, 0 },
    { "comment without end", "<!--", "- ", "", BARK_ERR_XML, 0, 0 },
    { "comment", "<a><!--", "x", "--></a>", BARK_OK, 0, 0 },
    { "comments", "<a>", "<!-- -->", "</a>", BARK_OK, 0, 0 },
    { "white space outside", "", " \r\n", "<a/>", BARK_OK, 0, 0 },
    { "white space in a tag", "<a", " ", "/>", BARK_OK, 0, 0 },
    { "element name", "<", "x", "/>", BARK_OK, 0, 1024 },
    { "element name without end", "<", "\xc3\xa9", "", BARK_ERR_XML, 0, 1024 },
    { "attribute name", "<a ", "x", "=''/>", BARK_OK, 0, 1024 },
    { "attribute value", "<a b='", "x", "'/>", BARK_OK, 0, 70000 },
    { "attribute value without end", "<a b='", "&lt;", "", BARK_ERR_XML, 0, 300000 },
    { "text", "<a>", "x", "</a>", BARK_OK, 0, 70000 },
    { "text without end", "<a>", "]] >", "", BARK_ERR_XML, 0, 70000 },
    { "CDATA without end", "<a><![CDATA[", "]", "", BARK_ERR_XML, 0, 70000 },
    { "CDATA sections", "<a>", "<![CDATA[x]]>", "</a>", BARK_OK, 0, 1000000 },
    { "reference", "<a>&#", "0", "65;</a>", BARK_OK, 0, 0 },
    { "reference without end", "<a>&#x", "0", "", BARK_ERR_XML, 8, 8 },
    { "siblings", "<a>", "<b/>", "</a>", BARK_OK, 0, 70000 },
    { "depth", "", "<a>", "", BARK_ERR_LIMIT, 1000, 1000 },
    { "attributes", "<a ", "x='' ", "/>", BARK_ERR_LIMIT, 1000, 1000 },
    { "namespaces", "<a ", "xmlns='' ", "/>", BARK_ERR_LIMIT, 1000, 1000 },
    { "end tag", "<a></a", " ", ">", BARK_OK, 0, 0 },
};

TEST(endless_constructs_cost_constant_memory)
{
    const struct bark_limits limits = widest();
    struct bark_error err;
    size_t i, base, peak;
    CHECK(check((struct bark_slice){ (const uint8_t *)"<a/>", 4 }, &limits, &err, &base) == BARK_OK);
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document d = document_make(endless, cases[i].head, cases[i].filler, cases[i].tail);
        enum bark_code code;
        CHECK_IN(cases[i].name, d.text.ptr != NULL);
        if (!d.text.ptr)
            return;
        code = check(d.text, &limits, &err, &peak);
        /* Past 4 GiB even the widest limit is met. */
        CHECK_IN(cases[i].name, code == cases[i].code || (endless > UINT32_MAX && code == BARK_ERR_LIMIT));
        CHECK_IN(cases[i].name, peak == base);
        if (code != BARK_OK)
            CHECK_IN(cases[i].name, err.offset <= (cases[i].offset_max ? cases[i].offset_max : d.text.len));
        munmap(d.map, d.map_len);
    }
}

TEST(profiles_stop_endless_constructs_where_the_limit_is)
{
    struct bark_error err;
    size_t i, peak;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document d = document_make(LONG, cases[i].head, cases[i].filler, cases[i].tail);
        enum bark_code code;
        CHECK_IN(cases[i].name, d.text.ptr != NULL);
        if (!d.text.ptr)
            return;
        code = check(d.text, &bark_limits_device, &err, &peak);
        munmap(d.map, d.map_len);
        if (cases[i].device_max == 0) {
            CHECK_IN(cases[i].name, code == cases[i].code);
            continue;
        }
        CHECK_IN(cases[i].name, code == BARK_ERR_LIMIT || code == cases[i].code);
        CHECK_IN(cases[i].name, code != BARK_OK && err.offset <= cases[i].device_max);
    }
}

TEST_MAIN(if (getenv("SOAPBARK_NIGHTLY")) endless = SANITIZED ? 256u << 20
                                                              : ((size_t)UINT32_MAX + 1) / 64 * 65;
          RUN(endless_constructs_cost_constant_memory)
              RUN(profiles_stop_endless_constructs_where_the_limit_is))
