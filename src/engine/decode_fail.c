/* engine/decode_fail.c - what was expected: the error that lets a person fix a message.
 *
 * The walk that looks for a member (decode_place.c) is walked once more, and every candidate is named.
 */
#include "base/report.h"
#include "engine/decode.h"

#include <string.h>

enum bark_code bark_decode_full(struct bark_decoder *d)
{
    return bark_xml_fail(d->r, BARK_ERR_MEMORY, bark_xml_place(d->r, d->r->at),
                         "[R3] the memory budget does not hold this message");
}

void bark_decode_at_attribute(struct bark_decoder *d, struct bark_slice local)
{
    if (!d->r->err)
        return;
    bark_report_say(d->r->err->path, sizeof d->r->err->path, "/@");
    bark_report_add(d->r->err->path, sizeof d->r->err->path, local);
}

void bark_decode_found_name(struct bark_error *err, const struct bark_xml_name *name)
{
    char local[BARK_ERROR_TEXT] = "";
    if (!BARK_HAS_REPORT || !err)
        return;
    bark_report_add(local, sizeof local, name->local);
    if (strcmp(err->found, local) != 0 || !strstr(err->expected, local))
        return;
    err->found[0] = '\0';
    bark_report_say(err->found, sizeof err->found, "{");
    bark_report_add(err->found, sizeof err->found, name->uri);
    bark_report_say(err->found, sizeof err->found, "}");
    bark_report_add(err->found, sizeof err->found, name->local);
}

static void expect_text(struct bark_error *err, const char *text)
{
    bark_report_expect(err, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

static void expect_one(struct bark_error *err, const struct bark_image *image, bool any, uint16_t name)
{
    if (any)
        expect_text(err, "another element");
    else
        bark_report_expect(err, bark_image_name(image, name));
}

/* Names what may stand at a field. */
static void expect_field(struct bark_error *err, const struct bark_image *image,
                         const struct bark_field_row *f)
{
    const struct bark_type_row *group;
    uint16_t i;
    if (!BARK_HAS_REPORT)
        return;
    if (!BARK_HAS_GROUP || bark_field_kind(image, f) != BARK_FIELD_GROUP) {
        expect_one(err, image, bark_field_kind(image, f) == BARK_FIELD_ANY, f->name);
        return;
    }
    group = &image->types[f->type];
    for (i = 0; i < group->name; i++) {
        const struct bark_first_row *first = &image->firsts[group->extra + i];
        expect_one(err, image, first->kind == BARK_FIELD_ANY, first->name);
    }
}

/* Names every candidate from where the top frame stands. Returns the last place of the walk. */
static struct bark_place expect_places(struct bark_decoder *d, struct bark_error *err)
{
    struct bark_place place = { .frame = d->top };
    while (bark_place_next(d, &place))
        expect_field(err, d->image, &d->image->fields[place.at]);
    if (!place.blocked && err->expected[0] == '\0')
        expect_text(err, "the end tag");
    return place;
}

/* True when a field of the frame takes that name, in turn or not. */
static bool frame_knows(const struct bark_decoder *d, const struct bark_decode_frame *frame,
                        const struct bark_xml_name *name, uint32_t first)
{
    const struct bark_type_row *row = &d->image->types[frame->type];
    uint32_t i;
    for (i = first; i < (uint32_t)row->first + row->count; i++)
        if (bark_field_takes(d->image, &d->image->fields[i], name))
            return true;
    return false;
}

/* Which rule an element breaks that does not fit. */
static const char *place_rule(const struct bark_decoder *d, const struct bark_xml_name *name,
                              const struct bark_place *last, enum bark_code *code)
{
    const struct bark_decode_frame *frame = d->top;
    const struct bark_type_row *row = &d->image->types[frame->type];
    *code = BARK_ERR_UNEXPECTED;
    if (frame->seen && row->model != BARK_MODEL_ALL)
        return frame_knows(d, frame, name, (uint32_t)row->first + row->extra)
                   ? "[SOAP11 5.1] [XSD1 3.9.4] this member comes more often than the schema allows"
                   : "[XSD1 3.8.4] the schema has no such member in this struct";
    if (frame->seen)
        return frame_knows(d, frame, name, (uint32_t)row->first + row->extra)
                   ? "[XSD1 3.8.1] an element of an 'all' group comes at most once"
                   : "[XSD1 3.8.4] no such element in this 'all' group";
    if (frame->count > 0 && bark_field_takes(d->image, &d->image->fields[frame->at], name))
        return "[R8] [XSD1 3.9.4] this element comes more often than the schema allows";
    if (last->blocked && row->model != BARK_MODEL_CHOICE && last->frame == frame &&
        frame_knows(d, frame, name, last->at + 1U)) {
        *code = BARK_ERR_MISSING;
        return "[XSD1 3.8.4] an element that must come before this one is missing";
    }
    return "[XSD1 3.8.4] the schema wants another element here";
}

enum bark_code bark_place_fail(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    struct bark_error scrap = { 0 };
    struct bark_place last = { .frame = d->top };
    enum bark_code code;
    const char *rule;
    if (BARK_HAS_NIL && d->top->nil)
        return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                                   "[XSD1 3.3.4] a nil element has no content", ev->name.local);
    last = expect_places(d, &scrap);
    rule = place_rule(d, &ev->name, &last, &code);
    bark_xml_fail_found(d->r, code, ev->offset, rule, ev->name.local);
    if (BARK_HAS_REPORT && d->r->err)
        memcpy(d->r->err->expected, scrap.expected, sizeof scrap.expected);
    bark_decode_found_name(d->r->err, &ev->name);
    return d->r->failed;
}

enum bark_code bark_place_missing(struct bark_decoder *d, const struct bark_place *place, size_t offset)
{
    const struct bark_field_row *f = &d->image->fields[place->at];
    struct bark_error scrap = { 0 };
    const struct bark_type_row *row = &d->image->types[place->frame->type];
    if (BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE && place->frame->at == BARK_NONE) {
        uint32_t i;
        for (i = row->first; i < (uint32_t)row->first + row->count; i++)
            expect_field(&scrap, d->image, &d->image->fields[i]);
    } else {
        expect_field(&scrap, d->image, f);
    }
    bark_xml_fail(d->r, BARK_ERR_MISSING, offset, "[XSD1 3.8.4] a required element is missing");
    if (BARK_HAS_REPORT && d->r->err)
        memcpy(d->r->err->expected, scrap.expected, sizeof scrap.expected);
    return d->r->failed;
}
