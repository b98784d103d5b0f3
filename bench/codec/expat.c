/* bench/codec/expat.c - expat with namespaces and handlers that do nothing: it builds nothing, reads no
 * value. */
#include "clock.h"

#include <expat.h>

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    (void)user, (void)name, (void)attributes;
}

static void on_end(void *user, const XML_Char *name)
{
    (void)user, (void)name;
}

static void on_text(void *user, const XML_Char *text, int len)
{
    (void)user, (void)text, (void)len;
}

static void parse(void *context)
{
    const struct bench_document *doc = context;
    XML_Parser parser = XML_ParserCreateNS(NULL, '|');
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    if (XML_Parse(parser, doc->text, (int)doc->len, 1) != XML_STATUS_OK)
        bench_die("expat refused the document");
    XML_ParserFree(parser);
}

int main(int argc, char **argv)
{
    struct bench_document doc;
    if (argc != 4 || strcmp(argv[2], "decode") != 0)
        bench_die("usage: expat FILE decode SECONDS");
    doc = bench_read(argv[1]);
    bench_loop(parse, &doc, doc.len, atof(argv[3]));
    return 0;
}
