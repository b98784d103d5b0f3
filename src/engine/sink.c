/* engine/sink.c - sinks of the XML decoder: which element has one, its text, and errors in the reader.
 */
#include "engine/sink.h"

#include "engine/decode.h"
#include "xml/parts.h"

const char bark_sink_rule[] = "the sink of this value refused it";

static enum bark_code told(struct bark_decoder *d, enum bark_code code, size_t offset)
{
    return code == BARK_OK ? BARK_OK : bark_xml_fail(d->r, code, offset, bark_sink_rule);
}

static enum bark_code sink_begin(struct bark_decoder *d, uint16_t type)
{
    char path[BARK_ERROR_PATH] = "";
    d->sinks->open = bark_sink_find(d);
    if (!d->sinks->open)
        return BARK_OK;
    bark_xml_path(d->r, path, sizeof path, (struct bark_slice){ NULL, 0 });
    return told(d, bark_sink_value_begin(d->sinks, d->image, type, path), bark_xml_offset(d->r));
}

static enum bark_code sink_piece(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    const size_t len = ev->text_len;
    if (len == 0)
        return BARK_OK;
    return told(d, bark_sink_value_text(d->sinks, bark_xml_window_flat(d->r, ev), len), d->r->window->offset);
}

static enum bark_code sink_end(struct bark_decoder *d, size_t offset, void *member)
{
    const struct bark_sink_value *v = &d->sinks->value;
    const enum bark_code code = bark_sink_value_judge(d->sinks, &d->scope, &d->error);
    if (code == BARK_OK)
        return told(d, bark_sink_value_end(d->sinks, member), offset);
    return bark_value_fail(d, &d->error, code, (struct bark_slice){ v->head, v->head_len }, offset);
}

static enum bark_code sink_whole(struct bark_decoder *d, void *member)
{
    if (told(d, bark_sink_value_whole(d->sinks, member), d->r->window->offset) != BARK_OK)
        return d->r->failed;
    return told(d, bark_sink_value_end(d->sinks, member), bark_xml_offset(d->r));
}

const struct bark_sink_ops bark_sink_ops = { sink_begin, sink_piece, sink_end, sink_whole };
