/* xml/instruction.c - processing instructions of documents of one's own: checked and passed over.
 *
 * [XML1 2.6] PI ::= '<?' PITarget (S (Char* - (Char* '?>' Char*)))? '?>'. Nothing of it is kept. A reader of
 * messages never comes here: it has refused at "<?" [R5] [SOAP11 3] [SOAP12-1 5].
 */
#include "xml/parts.h"

/* [XML1 2.6] Target names that begin with xml, in any case, are reserved; [XMLNS 7] and have no colon. */
static bool is_reserved(struct bark_slice target)
{
    return target.len == 3 && (target.ptr[0] | 0x20) == 'x' && (target.ptr[1] | 0x20) == 'm' &&
           (target.ptr[2] | 0x20) == 'l';
}

static enum bark_code target_take(struct bark_xml_reader *r)
{
    const uint8_t *from = r->at;
    const size_t room = (size_t)r->limits->name_bytes + 1;
    const uint8_t *stop = bark_xml_left(r) > room ? r->at + room : r->end;
    const bool ok = bark_xml_ncname_skip(r, stop);
    const struct bark_slice target = { from, (size_t)(r->at - from) };
    if (target.len > r->limits->name_bytes)
        return bark_xml_fail(r, BARK_ERR_LIMIT, bark_xml_place(r, from),
                             "[R4] limits.name_bytes: a name is too long");
    if (!ok)
        return bark_xml_fail_byte(r, "[XML1 2.6] [XMLNS 7] a processing instruction begins with a name");
    if (is_reserved(target))
        return bark_xml_fail_found(r, BARK_ERR_XML, bark_xml_place(r, from),
                                   "[XML1 2.6] no processing instruction is called xml; a declaration stands "
                                   "at the very beginning",
                                   target);
    return BARK_OK;
}

enum bark_code bark_xml_skip_instruction(struct bark_xml_reader *r)
{
    size_t ignored = 0;
    r->at += 2;
    if (target_take(r) != BARK_OK)
        return r->failed;
    if (!bark_xml_at(r, "?>") && !bark_xml_skip_space(r))
        return bark_xml_fail_byte(r, "[XML1 2.6] white space or '?>' follows the name of an instruction");
    while (r->at < r->end) {
        if (bark_xml_at(r, "?>")) {
            r->at += 2;
            return BARK_OK;
        }
        if (bark_xml_byte_is(*r->at, BARK_XML_SPACE_BYTE) || (*r->at >= 0x20 && *r->at < 0x80))
            r->at++;
        else if (bark_xml_char_take(r, &ignored) != BARK_OK)
            return r->failed;
    }
    return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.6] a processing instruction ends with '?>'");
}
