/* bench/codec/pugixml.cpp - pugixml in situ, then a walk over every node and attribute: no values read, no
 * UTF-8 checked, no namespaces. The copy that in-situ parsing needs is part of the work: a message comes
 * once. */
#include "clock.h"

#include <pugixml.hpp>

struct job {
    bench_document doc;
    char *copy;
    size_t sum;
};

struct walker : pugi::xml_tree_walker {
    size_t sum = 0;
    bool for_each(pugi::xml_node &node) override
    {
        sum += static_cast<unsigned char>(*node.name()) + static_cast<unsigned char>(*node.value());
        for (pugi::xml_attribute a : node.attributes())
            sum += static_cast<unsigned char>(*a.value());
        return true;
    }
};

static void parse(void *context)
{
    job *j = static_cast<job *>(context);
    pugi::xml_document tree;
    walker walk;
    memcpy(j->copy, j->doc.text, j->doc.len);
    if (!tree.load_buffer_inplace(j->copy, j->doc.len, pugi::parse_default, pugi::encoding_utf8))
        bench_die("pugixml refused the document");
    tree.traverse(walk);
    j->sum += walk.sum;
}

int main(int argc, char **argv)
{
    if (argc != 4 || strcmp(argv[2], "decode") != 0)
        bench_die("usage: pugixml FILE decode SECONDS");
    job j = { bench_read(argv[1]), nullptr, 0 };
    j.copy = static_cast<char *>(malloc(j.doc.len));
    if (!j.copy)
        bench_die("out of memory");
    bench_loop(parse, &j, j.doc.len, atof(argv[3]));
    return j.sum == 0;
}
