/* bench/codec/libxml2.c - libxml2's SAX2 interface with handlers that do nothing. */
#include "clock.h"

#include <libxml/parser.h>

static void on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **declared, int attributes, int defaulted,
                     const xmlChar **values)
{
    (void)user, (void)local, (void)prefix, (void)uri, (void)namespaces, (void)declared, (void)attributes,
        (void)defaulted, (void)values;
}

static void on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)user, (void)local, (void)prefix, (void)uri;
}

static void on_text(void *user, const xmlChar *text, int len)
{
    (void)user, (void)text, (void)len;
}

static void parse(void *context)
{
    const struct bench_document *doc = context;
    xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
                              .startElementNs = on_start,
                              .endElementNs = on_end,
                              .characters = on_text };
    if (xmlSAXUserParseMemory(&handler, context, doc->text, (int)doc->len) != 0)
        bench_die("libxml2 refused the document");
}

int main(int argc, char **argv)
{
    struct bench_document doc;
    if (argc != 4 || strcmp(argv[2], "decode") != 0)
        bench_die("usage: libxml2 FILE decode SECONDS");
    doc = bench_read(argv[1]);
    bench_loop(parse, &doc, doc.len, atof(argv[3]));
    return 0;
}
