/* engine/wellformed.c - a document without a schema: well-formed with namespaces, and inside the limits.
 */
#include "engine/engine.h"

static enum bark_code check(struct bark_slice in, bool instructions, const struct bark_limits *limits,
                            struct bark_arena *arena, struct bark_error *err)
{
    struct bark_xml_reader r;
    struct bark_xml_event ev = { .kind = BARK_XML_START };
    enum bark_code code;
    if (err)
        *err = (struct bark_error){ 0 };
    code = bark_xml_open(&r, in, limits, arena, err);
    r.instructions = instructions;
    while (code == BARK_OK && ev.kind != BARK_XML_EOF)
        code = bark_xml_next(&r, &ev);
    return code;
}

enum bark_code bark_check_xml(struct bark_slice in, const struct bark_limits *limits,
                              struct bark_arena *arena, struct bark_error *err)
{
    return check(in, false, limits, arena, err);
}

enum bark_code bark_check_document(struct bark_slice in, const struct bark_limits *limits,
                                   struct bark_arena *arena, struct bark_error *err)
{
    return check(in, true, limits, arena, err);
}
