/* soap/encoded_place.c - where in the message stands what is wrong with its literal form.
 *
 * The literal form (encoded_read.c) is written piece by piece: a name, an attribute, a text, an end tag.
 * Nobody remembers where each piece came from. When the decoder refuses a byte of the form, the form is
 * written once more, which needs no more memory than the first time, and stops behind that byte: the piece
 * that was written last is the one, and its source is known then. A byte that was copied from an earlier part
 * of the form is first led back to the byte it was copied from; so there are two more writings at most [R7].
 */
#include "soap/encoded_read.h"

#include "base/report.h"
#include "base/scratch.h"

#include <string.h>

/* The declarations that a fragment was given are not in the message; they stand for the end of the name. */
static size_t source_place(const struct bark_soap_source *s, size_t at)
{
    const struct bark_soap_independent *from = s->from;
    if (at <= from->name_end)
        return from->from + at;
    return from->from + (at < from->name_end + from->declared ? from->name_end : at - from->declared);
}

void bark_soap_piece(struct bark_soap_rewriting *w, const struct bark_soap_source *s, size_t at)
{
    if (w->out.pos <= w->sought)
        w->place = source_place(s, at);
}

/* The path of the Body before the one that was reported, as far as there is room. */
static void path_mend(const struct bark_xml_reader *xml, char *path)
{
    char whole[BARK_ERROR_PATH] = "";
    bark_xml_path(xml, whole, sizeof whole, (struct bark_slice){ 0 });
    if (strlen(whole) + strlen(path) >= sizeof whole)
        return;
    bark_report_say(whole, sizeof whole, path);
    memcpy(path, whole, sizeof whole);
}

static void report(struct bark_soap_rewriting *w, size_t at)
{
    struct bark_error *err = w->e->xml.err;
    err->offset = at;
    bark_report_place(err, w->e->xml.begin, at);
    path_mend(&w->e->xml, err->path);
}

void bark_soap_place_refusal(struct bark_soap_rewriting *w)
{
    const struct bark_soap_source *s = w->source_count ? w->sources[w->source_count - 1] : NULL;
    if (w->e->xml.err && s && s->xml.failed)
        report(w, source_place(s, (size_t)w->e->xml.err->offset));
}

/* Copies are made of what is complete, so each is of bytes before it. The newest comes first in the list. */
static size_t copies_undo(const struct bark_soap_copy *copy, size_t at)
{
    for (; copy; copy = copy->next)
        if (at >= copy->at && at - copy->at < copy->len)
            at = copy->from + (at - copy->at);
    return at;
}

void bark_soap_place_error(struct bark_soap_rewriting *w)
{
    if (!w->e->xml.err)
        return;
    w->sought = (size_t)w->e->xml.err->offset;
    enum bark_code code = bark_soap_literal_write(w);
    const size_t origin = copies_undo(w->copies, w->sought);
    if (!code && origin != w->sought) {
        w->sought = origin;
        code = bark_soap_literal_write(w);
    }
    bark_scratch_pop(w->e->xml.arena, w->scratch);
    report(w, code ? w->own->from : w->place);
}
