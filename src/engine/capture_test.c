/* engine/capture_test.c - fragments: what a captured element declares, and what may be written as one.
 */
#include "engine/capture.h"
#include "engine/decode_testing.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[128 * 1024];
static struct bark_arena arena;
static struct bark_error err;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* Captures the first child of the document's root; its content instead when content is true. */
static struct bark_text capture(const char *document, bool content)
{
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    struct bark_any any = { 0 };
    enum bark_code code;
    int starts = 0;
    err = (struct bark_error){ 0 };
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_xml_open(&r, slice(document), &bark_limits_device, &arena, &err);
    while (code == BARK_OK && starts < 2) {
        code = bark_xml_next(&r, &ev);
        starts += ev.kind == BARK_XML_START;
    }
    if (code == BARK_OK)
        code = content ? bark_capture_content(&r, &any.xml) : bark_capture_element(&r, &ev, &any);
    CHECK_IN(document, arena.scratch == 0);
    while (code == BARK_OK && ev.kind != BARK_XML_EOF)
        code = bark_xml_next(&r, &ev);
    CHECK_IN(document, code == BARK_OK);
    return any.xml;
}

static const struct {
    const char *document, *fragment;
} elements[] = {
    { "<r><a/></r>", "<a xmlns=\"\"/>" },
    { "<r> <a >x</a ></r>", "<a xmlns=\"\" >x</a >" },
    { "<r xmlns='u'><a/></r>", "<a xmlns='u'/>" },
    { "<r xmlns='u'><a xmlns='v'/></r>", "<a xmlns='v'/>" },
    { "<r xmlns='u'><a xmlns=''/></r>", "<a xmlns=''/>" },
    { "<p:r xmlns:p='u' xmlns:q='v'><p:a/></p:r>", "<p:a xmlns:p='u'/>" },
    { "<p:r xmlns:p='u' xmlns:q='v'><p:a q:b='1'/></p:r>", "<p:a xmlns:p='u' xmlns:q='v' q:b='1'/>" },
    { "<p:r xmlns:p='u'><a><p:b/></a></p:r>", "<a xmlns:p='u' xmlns=\"\"><p:b/></a>" },
    { "<p:r xmlns:p='u'><p:a xmlns:p='v'/></p:r>", "<p:a xmlns:p='v'/>" },
    { "<p:r xmlns:p='u'><p:a><p:b xmlns:p='v'/></p:a></p:r>", "<p:a xmlns:p='u'><p:b xmlns:p='v'/></p:a>" },
    { "<r xmlns:p='u'><p:a xmlns:q='w'><q:b p:c=''/></p:a></r>",
      "<p:a xmlns:p='u' xmlns:q='w'><q:b p:c=''/></p:a>" },
    { "<r xmlns:p=\"u'&amp;\"><p:a/></r>", "<p:a xmlns:p=\"u'&amp;\"/>" },
    { "<r xmlns:t='u' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><t:a i:type='t:b'/></r>",
      "<t:a xmlns:t='u' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='t:b'/>" },
    { "<r xmlns:t='u' xmlns:n='v'><n:a>t:b|t:c</n:a></r>", "<n:a xmlns:t='u' xmlns:n='v'>t:b|t:c</n:a>" },
    { "<r xmlns:t='u'><a xml:lang='en'/></r>", "<a xmlns=\"\" xml:lang='en'/>" },
    { "<r xmlns='u'><p:a xmlns:p='v'><b/></p:a></r>", "<p:a xmlns='u' xmlns:p='v'><b/></p:a>" },
    { "<r><a><!-- c --><![CDATA[<]]>&gt;</a></r>", "<a xmlns=\"\"><!-- c --><![CDATA[<]]>&gt;</a>" },
};

TEST(an_element_takes_along_what_it_needs)
{
    size_t i;
    for (i = 0; i < sizeof elements / sizeof *elements; i++) {
        const struct bark_text got = capture(elements[i].document, false);
        static uint8_t copy[1024];
        struct bark_out out;
        CHECK(got.ptr != NULL);
        if (!got.ptr)
            continue;
        CHECK_TEXT(got.ptr, elements[i].fragment);
        CHECK_IN(elements[i].document, strlen(got.ptr) == got.len);
        bark_out_init(&out, copy, sizeof copy);
        CHECK_IN(elements[i].document,
                 bark_write_fragment(&out, slice(got.ptr), &bark_limits_device, &arena, &err) == BARK_OK);
        CHECK_IN(elements[i].document, out.pos == got.len && memcmp(copy, got.ptr, got.len) == 0);
    }
}

static const struct {
    const char *document, *fragment;
} contents[] = {
    { "<r><m/></r>", "" },
    { "<r><m></m></r>", "" },
    { "<r><m>x &lt; y</m></r>", "x &lt; y" },
    { "<r xmlns='u'><m>x<a/>y<a b=''/></m></r>", "x<a xmlns='u'/>y<a xmlns='u' b=''/>" },
    { "<r xmlns:p='u'><m xmlns:q='v'><p:a/><q:a><p:b/></q:a><c xmlns='w'/></m></r>",
      "<p:a xmlns:p='u'/><q:a xmlns:p='u' xmlns:q='v'><p:b/></q:a><c xmlns='w'/>" },
    { "<r><m><!-- a --></m></r>", "<!-- a -->" },
};

TEST(content_is_kept_node_by_node)
{
    size_t i;
    for (i = 0; i < sizeof contents / sizeof *contents; i++) {
        const struct bark_text got = capture(contents[i].document, true);
        static uint8_t copy[1024];
        struct bark_out out;
        CHECK(got.ptr != NULL);
        if (!got.ptr)
            continue;
        CHECK_TEXT(got.ptr, contents[i].fragment);
        bark_out_init(&out, copy, sizeof copy);
        CHECK_IN(contents[i].document,
                 bark_write_content(&out, slice(got.ptr), &bark_limits_device, &arena, &err) == BARK_OK);
    }
}

static const struct {
    const char *xml;
    enum bark_code as_fragment, as_content;
} fragments[] = {
    { "<a/>", BARK_OK, BARK_OK },
    { "<a><b/>x</a>", BARK_OK, BARK_OK },
    { "", BARK_ERR_XML, BARK_OK },
    { "x", BARK_ERR_XML, BARK_OK },
    { "<a/> ", BARK_ERR_XML, BARK_OK },
    { "<a/><b/>", BARK_ERR_XML, BARK_OK },
    { "<!-- --><a/>", BARK_ERR_XML, BARK_OK },
    { "</a>", BARK_ERR_XML, BARK_ERR_XML },
    { "<a/></b><b>", BARK_ERR_XML, BARK_ERR_XML }, /* would close what is around it */
    { "<a", BARK_ERR_XML, BARK_ERR_XML },
    { "<a>", BARK_ERR_XML, BARK_ERR_XML },
    { "<a></a", BARK_ERR_XML, BARK_ERR_XML },
    { "<![CDATA[", BARK_ERR_XML, BARK_ERR_XML },
    { "<!--", BARK_ERR_XML, BARK_ERR_XML },
    { "&a;", BARK_ERR_XML, BARK_ERR_XML },
    { "]]>", BARK_ERR_XML, BARK_ERR_XML },
    { "<p:a/>", BARK_ERR_NAMESPACE, BARK_ERR_NAMESPACE },
    { "<?p?>", BARK_ERR_XML, BARK_ERR_XML },
    { "<?xml version='1.0'?><a/>", BARK_ERR_XML, BARK_ERR_XML },
    { "<!DOCTYPE a><a/>", BARK_ERR_XML, BARK_ERR_XML },
    { "<a>\xff</a>", BARK_ERR_UTF8, BARK_ERR_UTF8 },
    { "\xef\xbb\xbf<a/>", BARK_ERR_XML, BARK_OK }, /* U+FEFF is a character here, no mark */
};

TEST(only_whole_fragments_are_written)
{
    size_t i;
    for (i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        uint8_t copy[256];
        struct bark_out out;
        bark_arena_init(&arena, memory, sizeof memory);
        bark_out_init(&out, copy, sizeof copy);
        err = (struct bark_error){ 0 };
        CHECK_IN(fragments[i].xml, bark_write_fragment(&out, slice(fragments[i].xml), &bark_limits_device,
                                                       &arena, &err) == fragments[i].as_fragment);
        CHECK_IN(fragments[i].xml, err.code == fragments[i].as_fragment && arena.used == 0);
        CHECK_IN(fragments[i].xml, out.pos == (err.code ? 0 : strlen(fragments[i].xml)));
        err = (struct bark_error){ 0 };
        CHECK_IN(fragments[i].xml, bark_write_content(&out, slice(fragments[i].xml), &bark_limits_device,
                                                      &arena, &err) == fragments[i].as_content);
    }
}

TEST(a_fragment_needs_room_to_be_checked_and_to_be_written)
{
    uint8_t copy[4];
    struct bark_out out;
    uint64_t n;
    bark_out_init(&out, copy, sizeof copy);
    bark_arena_init(&arena, memory, sizeof memory);
    err = (struct bark_error){ 0 };
    CHECK(bark_write_fragment(&out, slice("<abc/>"), &bark_limits_device, &arena, &err) == BARK_ERR_LIMIT);
    for (n = 1; n <= 4; n++) {
        bark_arena_reset(&arena);
        arena.fail_at = n;
        bark_out_init(&out, copy, sizeof copy);
        err = (struct bark_error){ 0 };
        CHECK(bark_write_fragment(&out, slice("<a/>"), &bark_limits_device, &arena, &err) == BARK_ERR_MEMORY);
        CHECK(out.pos == 0 && arena.used == 0);
    }
    arena.fail_at = 0;
}

TEST_MAIN(RUN(an_element_takes_along_what_it_needs) RUN(content_is_kept_node_by_node)
              RUN(only_whole_fragments_are_written)
                  RUN(a_fragment_needs_room_to_be_checked_and_to_be_written))
