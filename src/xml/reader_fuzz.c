/* xml/reader_fuzz.c - any bytes as a document and as content: clean answers, and texts of the promised
 * length.
 */
#include "base/scratch.h"
#include "base/utf8.h"
#include "soapbark/codec.h"
#include "xml/chars.h"
#include "xml/reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static void text_expect(struct bark_slice text, size_t len)
{
    expect(text.len == len);
    expect(bark_xml_chars_span(text) == text.len);
}

static void names_expect(const struct bark_xml_name *name)
{
    expect(bark_xml_is_name(name->local, BARK_XML_NCNAME));
    expect(name->prefix.len == 0 || bark_xml_is_name(name->prefix, BARK_XML_NCNAME));
    expect(name->prefix.len == 0 || name->uri.len > 0);
}

/* Reads all events of a reader that was opened. */
static enum bark_code events(struct bark_xml_reader *r, size_t *elements)
{
    struct bark_xml_event ev;
    size_t i, open = 0;
    do {
        struct bark_slice text;
        enum bark_code code = bark_xml_next(r, &ev);
        if (code == BARK_OK && ev.kind == BARK_XML_TEXT && bark_xml_text(r, &ev, &text) == BARK_OK)
            text_expect(text, ev.text_len);
        if (code == BARK_OK && ev.kind == BARK_XML_START) {
            names_expect(&ev.name);
            open++;
            ++*elements;
        }
        for (i = 0; code == BARK_OK && i < ev.attribute_count; i++) {
            names_expect(&ev.attributes[i].name);
            code = bark_xml_attribute_text(r, &ev.attributes[i], &text);
            if (code == BARK_OK)
                text_expect(text, ev.attributes[i].text_len);
        }
        if (code != BARK_OK)
            return code;
        if (ev.kind == BARK_XML_END)
            expect(open-- > 0);
    } while (ev.kind != BARK_XML_EOF);
    expect(open == 0);
    return BARK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[64 * 1024];
    const struct bark_slice in = { data, size };
    struct bark_arena arena;
    struct bark_error err = { 0 };
    struct bark_xml_reader r;
    size_t elements = 0;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_xml_open(&r, in, &bark_limits_device, &arena, &err);
    if (code == BARK_OK)
        code = events(&r, &elements);
    expect(code == err.code);
    expect(code == BARK_OK ? elements > 0 : err.rule && err.line > 0 && err.column > 0 && err.offset <= size);
    bark_arena_reset(&arena);
    err = (struct bark_error){ 0 };
    code = bark_xml_open_content(&r, in, &bark_limits_device, &arena, &err);
    if (code == BARK_OK)
        code = events(&r, &elements);
    expect(code == err.code);
    return 0;
}
