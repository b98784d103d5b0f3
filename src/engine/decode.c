/* engine/decode.c - events and tables to structs: one loop, one stack of frames, no recursion.
 *
 * A frame is an element (or a nested group, which has no tag) whose content is being read. An element that
 * starts is first looked for where the schema goes on from here (decode_place.c); the member found there says
 * the rest: read a simple value at once, or push a frame for a struct. An END pops the frame when everything
 * required has come. Nothing is taken back: what an error leaves behind is dropped with the arena.
 */
#include "engine/decode.h"
#include "engine/division.h"

#include "base/report.h"
#include "base/scratch.h"
#include "engine/capture.h"
#include "engine/typed.h"
#include "table/root.h"

#include <assert.h>

static const struct bark_type_row *type_row(const struct bark_decoder *d, uint16_t type)
{
    return &d->image->types[type];
}

/* Whether the members come in any order. A wildcard has no name to be told by: a struct with one keeps its
 * order even where messages have none. */
static bool is_unordered(const struct bark_decoder *d, const struct bark_type_row *row)
{
    uint32_t i;
    if (!d->unordered || row->model != BARK_MODEL_SEQUENCE || row->kind != BARK_KIND_STRUCT)
        return BARK_HAS_GROUP && row->model == BARK_MODEL_ALL;
    for (i = (uint32_t)row->first + row->extra; i < (uint32_t)row->first + row->count; i++)
        if (bark_field_kind(d->image, &d->image->fields[i]) == BARK_FIELD_ANY)
            return false;
    return true;
}

/* The element is nil: no content may come. */
static bool frame_is_nil(const struct bark_decode_frame *frame)
{
    return BARK_HAS_NIL && frame->nil;
}

static struct bark_decode_frame *frame_push(struct bark_decoder *d, uint16_t type, uint8_t *base)
{
    const struct bark_type_row *row = type_row(d, type);
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_decode_frame *frame = bark_scratch_push(d->r->arena, sizeof *frame);
    if (!frame)
        goto full;
    frame->up = d->top;
    frame->base = base;
    frame->mark = mark;
    frame->type = type;
    frame->group = BARK_HAS_GROUP && row->kind == BARK_KIND_GROUP;
    frame->at = BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE
                    ? (uint16_t)BARK_NONE
                    : (uint16_t)(row->first + (frame->group ? 0 : row->extra));
    frame->secret_before = d->r->secret;
    if (is_unordered(d, row) && !(frame->seen = bark_scratch_push(d->r->arena, row->count + 1U)))
        goto full;
    d->top = frame;
    return frame;
full:
    bark_decode_full(d);
    return NULL;
}

static void frame_pop(struct bark_decoder *d)
{
    struct bark_decode_frame *frame = d->top;
    d->top = frame->up;
    d->r->secret = frame->secret_before;
    bark_scratch_pop(d->r->arena, frame->mark);
}

/* The field in turn has all its items, as the tag at offset says. */
static enum bark_code member_end(struct bark_decoder *d, struct bark_decode_frame *frame, size_t offset)
{
    const bool whole = frame->array;
    const struct bark_field_row *f = &d->image->fields[frame->at];
    struct bark_array groups;
    if (bark_member_finish(d, frame) != BARK_OK)
        return d->r->failed;
    if (!whole || !(bark_field_bits(d->image, f) & BARK_F_DIVIDES))
        return BARK_OK;
    memcpy(&groups, frame->base + f->offset, sizeof groups);
    return bark_division_holds(d->image, f, &groups)
               ? BARK_OK
               : bark_xml_fail(d->r, BARK_ERR_MISSING, offset, BARK_RULE_DIVISION);
}

/* Moves the decoder to the member that an element was found to belong to: groups that it is not part of end,
 * and fields before it are done. */
static enum bark_code place_take(struct bark_decoder *d, const struct bark_place *place, size_t offset)
{
    struct bark_decode_frame *frame;
    const struct bark_type_row *row;
    while (BARK_HAS_GROUP && d->top != place->frame) {
        if (member_end(d, d->top, offset) != BARK_OK)
            return d->r->failed;
        frame_pop(d);
    }
    frame = d->top;
    row = type_row(d, frame->type);
    if (frame->at != place->at) {
        if (member_end(d, frame, offset) != BARK_OK)
            return d->r->failed;
        frame->at = place->at;
        frame->count = place->count;
    }
    if (BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE) {
        const uint16_t which = (uint16_t)(place->at - row->first + 1);
        memcpy(frame->base + row->presence, &which, sizeof which);
    }
    if (frame->seen)
        frame->seen[place->at - row->first] = 1;
    return BARK_OK;
}

/* Content of a struct whose attributes were read. */
static enum bark_code struct_content(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                     uint8_t *base, bool nil)
{
    const struct bark_type_row *row = type_row(d, type);
    const struct bark_field_row *inner = &d->image->fields[row->first + row->extra];
    struct bark_decode_frame whole = { .base = base,
                                       .type = type,
                                       .at = (uint16_t)(row->first + row->extra) };
    struct bark_decode_frame *frame;
    switch ((enum bark_model)row->model) {
    case BARK_MODEL_VALUE:
        if (nil)
            return bark_nil_read(d);
        bark_member_mark(d, &whole, inner, base + inner->offset, false);
        return bark_content_read(
            d, inner->type, f && bark_field_bits(d->image, f) & (BARK_F_DEFAULT | BARK_F_FIXED) ? f : inner,
            base + inner->offset);
    case BARK_MODEL_RAW:
        if (!BARK_HAS_WILDCARD)
            break;
        return nil ? bark_nil_read(d)
                   : bark_leaf_capture(d, NULL, (struct bark_text *)(void *)(base + inner->offset), NULL);
    case BARK_MODEL_SEQUENCE:
    case BARK_MODEL_ALL:
        frame = frame_push(d, type, base);
        if (!frame)
            return d->r->failed;
        frame->nil = nil;
        return BARK_OK;
    case BARK_MODEL_NONE:
    case BARK_MODEL_CHOICE:
    case BARK_MODEL_TYPED:
        break;
    }
    return bark_xml_fail(d->r, BARK_ERR_IMAGE, 0, "a struct row has the model of a group");
}

/* Makes the tagged union at *room hold the type that xsi:type names, or the declared one; then *type is that
 * type and *room where its value goes. */
static enum bark_code type_choose(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t field,
                                  uint16_t *type, uint8_t **room)
{
    const struct bark_field_row *f;
    uint8_t *member = *room;
    if (field == BARK_NONE)
        field = bark_typed_declared(d->image, *type);
    if (field == BARK_NONE)
        return bark_xml_fail(
            d->r, BARK_ERR_UNEXPECTED, ev->offset,
            "[XSD1 3.4.4] the declared type is abstract: xsi:type must name one derived from it");
    f = &d->image->fields[field];
    bark_typed_choose(d->image, *type, field, member);
    *type = f->type;
    *room = member + f->offset;
    if (!(bark_field_bits(d->image, f) & BARK_F_POINTER))
        return BARK_OK;
    *room = bark_arena_alloc(d->r->arena, 1, d->image->types[f->type].size);
    memcpy(member + f->offset, room, sizeof *room);
    return *room ? BARK_OK : bark_decode_full(d);
}

/* What an element may say with xsi:nil; where no declaration stands behind it, that is nothing [XSD1 3.3.4].
 */
enum nil_word { NIL_REFUSED, NIL_TAKEN, NIL_IDLE };

static enum nil_word nil_word_of(unsigned bits)
{
    return bits & BARK_F_NILLABLE ? NIL_TAKEN : NIL_REFUSED;
}

/* The element that ev started becomes a value of the type at room; f is its field, NULL for a root. */
static enum bark_code element_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                                   const struct bark_field_row *f, enum nil_word word, uint8_t *room,
                                   bool *nil)
{
    const struct bark_type_row *row;
    struct bark_xsi xsi;
    bool is_nil;
    *nil = false;
    if (type_row(d, type)->model == BARK_MODEL_NONE && ev->attribute_count == 0)
        return bark_content_read(d, type, f, room);
    if (bark_xsi_read(d, ev, type, word != NIL_REFUSED, &xsi) != BARK_OK)
        return d->r->failed;
    is_nil = BARK_HAS_NIL && xsi.nil && word == NIL_TAKEN;
    xsi.nil = is_nil;
    if (bark_type_is_typed(d->image, type) && type_choose(d, ev, xsi.field, &type, &room) != BARK_OK)
        return d->r->failed;
    row = type_row(d, type);
    *nil = is_nil;
    if (is_nil && f && bark_field_bits(d->image, f) & BARK_F_FIXED)
        return bark_xml_fail(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                             "[XSD1 3.3.4] an element with a fixed value cannot be nil");
    if (row->kind != BARK_KIND_STRUCT) {
        if (bark_attributes_refuse(d, ev, &xsi) != BARK_OK)
            return d->r->failed;
        return is_nil ? bark_nil_read(d) : bark_content_read(d, type, f, room);
    }
    if (row->flags & BARK_TYPE_ABSTRACT)
        return bark_xml_fail(
            d->r, BARK_ERR_UNEXPECTED, ev->offset,
            "[XSD1 3.3.4, 3.4.4] an abstract element, or one of an abstract type, cannot appear");
    if (bark_attributes_read(d, ev, type, room, &xsi) != BARK_OK)
        return d->r->failed;
    return struct_content(d, type, f, room, is_nil);
}

/* An element that the schema judges where no member declares it: below a wildcard, or as the document's root
 * [XSD1 5.2]. Its value is nobody's. */
static enum bark_code assessed_read(struct bark_decoder *d, const struct bark_xml_event *ev,
                                    enum bark_process process)
{
    const struct bark_field_row *f;
    uint16_t type;
    uint8_t *room;
    bool nil;
    if (process == BARK_PROCESS_SKIP)
        return bark_leaf_skip(d);
    if (bark_assess_declared(d, ev, process, &f, &type) != BARK_OK)
        return d->r->failed;
    room = bark_arena_alloc(d->r->arena, 1, d->image->types[type].size);
    if (!room)
        return bark_decode_full(d);
    return element_read(d, ev, type, f, f ? nil_word_of(bark_field_bits(d->image, f)) : NIL_IDLE, room, &nil);
}

/* The next item of the field in turn of the top frame. */
static enum bark_code field_read(struct bark_decoder *d, const struct bark_field_row *f,
                                 const struct bark_xml_event *ev)
{
    struct bark_decode_frame *frame = d->top;
    const bool secret_before = d->r->secret;
    uint8_t *room;
    bool nil, judged;
    if (bark_field_bits(d->image, f) & BARK_F_REPEATED)
        bark_xml_number(d->r, frame->count);
    d->r->secret = secret_before || bark_field_bits(d->image, f) & BARK_F_SECRET;
    if (BARK_HAS_WILDCARD && bark_field_kind(d->image, f) == BARK_FIELD_ANY &&
        d->image->wildcards[f->name].drop)
        return bark_leaf_skip(d);
    judged =
        BARK_HAS_VALIDATION && bark_field_kind(d->image, f) == BARK_FIELD_ANY && bark_assess_is_on(d->image);
    room = judged ? NULL : bark_member_room(d, frame, f);
    if (judged) {
        if (assessed_read(d, ev, d->image->wildcards[f->name].process) != BARK_OK)
            return d->r->failed;
    } else if (!room) {
        return d->r->failed;
    } else if (BARK_HAS_WILDCARD && bark_field_kind(d->image, f) == BARK_FIELD_ANY) {
        if (bark_leaf_capture(d, ev, &((struct bark_any *)(void *)room)->xml, NULL) != BARK_OK)
            return d->r->failed;
    } else {
        if (element_read(d, ev, f->type, f, nil_word_of(bark_field_bits(d->image, f)), room, &nil) != BARK_OK)
            return d->r->failed;
        bark_member_mark(d, frame, f, room, nil);
    }
    if (d->leaf.kind != BARK_LEAF_NONE)
        d->leaf.secret_before = secret_before;
    else if (d->top == frame)
        d->r->secret = secret_before; /* read whole */
    else
        d->top->secret_before = secret_before;
    return BARK_OK;
}

/* Tells the reader which element comes next in a message that follows its schema in full. */
static void predict(struct bark_decoder *d)
{
    const struct bark_decode_frame *frame = d->top;
    const struct bark_type_row *row = type_row(d, frame->type);
    const bool again =
        frame->count == 0 || bark_field_bits(d->image, &d->image->fields[frame->at]) & BARK_F_REPEATED;
    const struct bark_field_row *f;
    uint32_t at = frame->at;
    if (at == BARK_NONE || row->model == BARK_MODEL_CHOICE)
        return;
    at += !again;
    f = &d->image->fields[at];
    if (at < (uint32_t)row->first + row->count && bark_field_kind(d->image, f) == BARK_FIELD_ELEMENT)
        bark_xml_predict(d->r, bark_field_ns(d->image, f), bark_image_name(d->image, f->name));
}

/* An element starts inside the top frame. */
static enum bark_code start_read(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    for (;;) {
        const struct bark_decode_frame *before = d->top;
        const struct bark_field_row *f;
        struct bark_place place;
        if (frame_is_nil(before) || !bark_place_find(d, &ev->name, &place))
            return BARK_HAS_UNKNOWN && bark_unknown_element_is(d, ev) ? bark_unknown_element_skip(d, ev)
                                                                      : bark_place_fail(d, ev);
        f = &d->image->fields[place.at];
        if (place.count >= d->r->limits->items)
            return bark_xml_fail(d->r, BARK_ERR_LIMIT, ev->offset,
                                 "[R4] limits.items: too many items of one repeated member");
        if (place_take(d, &place, ev->offset) != BARK_OK)
            return d->r->failed;
        d->top->count++;
        if (!BARK_HAS_GROUP || bark_field_kind(d->image, f) != BARK_FIELD_GROUP)
            return field_read(d, f, ev);
        {
            struct bark_decode_frame *frame = d->top;
            uint8_t *room = bark_member_room(d, frame, f);
            if (!room)
                return d->r->failed;
            bark_member_mark(d, frame, f, room, false);
            if (!frame_push(d, f->type, room))
                return d->r->failed;
        }
    }
}

/* The element of the top frame, or of the groups in it, ends. */
static enum bark_code end_read(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    struct bark_place place = { .frame = d->top };
    bool group;
    if (!frame_is_nil(d->top)) {
        while (bark_place_next(d, &place))
            ;
        if (place.blocked)
            return bark_place_missing(d, &place, ev->offset);
    }
    do {
        group = d->top->group;
        if (member_end(d, d->top, ev->offset) != BARK_OK)
            return d->r->failed;
        frame_pop(d);
    } while (BARK_HAS_GROUP && group);
    return BARK_OK;
}

/* Character data between elements. */
static enum bark_code text_read(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    const struct bark_decode_frame *frame = d->top;
    if (frame_is_nil(d->top) && ev->text_len > 0)
        return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                                   "[XSD1 3.3.4] a nil element has no content", ev->raw);
    if (ev->blank)
        return BARK_OK;
    while (frame->group)
        frame = frame->up;
    if (type_row(d, frame->type)->flags & BARK_TYPE_MIXED)
        return BARK_OK;
    return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                               "[XSD1 3.4.4] only elements stand here, no character data", ev->raw);
}

/* A start tag or end tag in its plain form: the element that the schema expects, or the end of the open one.
 * False when something else stands there. *ev has attributes of nothing. */
static bool plain_read(struct bark_decoder *d, struct bark_xml_event *ev, enum bark_code *code)
{
    struct bark_place place;
    if (frame_is_nil(d->top) || d->general)
        return false;
    if (bark_place_plain(d, &place, &ev->offset)) {
        ev->kind = BARK_XML_START;
        *code = place_take(d, &place, ev->offset);
        if (*code != BARK_OK)
            return true;
        d->top->count++;
        *code = field_read(d, &d->image->fields[place.at], ev);
        return true;
    }
    if (!bark_xml_plain_end(d->r, &ev->offset))
        return false;
    *code = end_read(d, ev);
    return true;
}

/* Reads until the frame that was pushed first is popped. */
enum bark_code bark_decode_go(struct bark_decoder *d)
{
    struct bark_xml_event plain = { .kind = BARK_XML_START };
    enum bark_code code = BARK_OK;
    while ((d->top || d->leaf.kind != BARK_LEAF_NONE) && code == BARK_OK) {
        struct bark_xml_event ev;
        if (d->leaf.kind != BARK_LEAF_NONE) {
            code = bark_leaf_read(d);
            continue;
        }
        bark_decode_run(d);
        if (plain_read(d, &plain, &code))
            continue;
        predict(d);
        code = bark_xml_next(d->r, &ev);
        if (code != BARK_OK)
            break;
        switch (ev.kind) {
        case BARK_XML_START:
            code = start_read(d, &ev);
            break;
        case BARK_XML_END:
            code = end_read(d, &ev);
            break;
        case BARK_XML_TEXT:
            code = text_read(d, &ev);
            break;
        case BARK_XML_PIECE: /* of a text that is judged as a whole */
            break;
        case BARK_XML_EOF:
            code = bark_xml_fail(d->r, BARK_ERR_USE, ev.offset, "the element to decode was not started");
            break;
        }
    }
    return code;
}

static bool prefix_to_uri(const void *context, struct bark_slice prefix, struct bark_slice *uri)
{
    return bark_xml_lookup(context, prefix, uri);
}

/* type BARK_NONE: the image validates, and *msg is no struct. */
static enum bark_code root_begin(struct bark_decoder *d, const struct bark_xml_event *start, uint16_t type,
                                 unsigned bits, const struct bark_decode_options *options, void **msg)
{
    struct bark_xml_reader *r = d->r;
    uint8_t *base = bark_arena_alloc(r->arena, 1, type == BARK_NONE ? 1 : d->image->types[type].size);
    bool nil;
    *msg = base;
    d->unknown = options ? options->unknown : NULL;
    d->xop = options ? options->xop : NULL;
    d->scope = (struct bark_value_scope){ .image = d->image,
                                          .limits = r->limits,
                                          .arena = r->arena,
                                          .checked = true,
                                          .prefix_to_uri = prefix_to_uri,
                                          .context = r };
    if (!base)
        return bark_decode_full(d);
    r->secret = r->secret || bits & BARK_F_SECRET;
    return BARK_HAS_VALIDATION && type == BARK_NONE
               ? assessed_read(d, start, BARK_PROCESS_STRICT)
               : element_read(d, start, type, NULL, nil_word_of(bits), base, &nil);
}

enum bark_code bark_decode_begin(struct bark_decoder *d, const struct bark_xml_event *start, uint16_t root,
                                 const struct bark_decode_options *options, void **msg)
{
    if (root == BARK_NONE)
        return root_begin(d, start, BARK_NONE, 0, options, msg);
    return root_begin(d, start, bark_root_type(d->image, root), bark_root_bits(d->image, root), options, msg);
}

enum bark_code bark_decode_element_begin(struct bark_decoder *d, const struct bark_xml_event *start,
                                         uint16_t type, const struct bark_decode_options *options, void **msg)
{
    return root_begin(d, start, type, 0, options, msg);
}

static enum bark_code decoder_read(struct bark_decoder *d, const struct bark_xml_event *start, uint16_t type,
                                   unsigned bits, const struct bark_decode_options *options, void **msg)
{
    const size_t mark = bark_scratch_mark(d->r->arena);
    const bool secret_before = d->r->secret;
    void *made = NULL;
    enum bark_code code = root_begin(d, start, type, bits, options, &made);
    if (code == BARK_OK)
        code = bark_decode_go(d);
    d->r->secret = secret_before;
    bark_scratch_pop(d->r->arena, mark);
    *msg = code == BARK_OK ? made : NULL;
    return code;
}

static enum bark_code root_read(struct bark_xml_reader *r, const struct bark_image *image,
                                const struct bark_xml_event *start, uint16_t type, unsigned bits,
                                const struct bark_decode_options *options, void **msg)
{
    if (bark_empty_is(r, image, start, type))
        return bark_empty_read(r, image, type, msg);
    struct bark_decoder d = { .r = r, .image = image };
    return decoder_read(&d, start, type, bits, options, msg);
}

enum bark_code bark_decode_element(struct bark_xml_reader *r, const struct bark_image *image,
                                   const struct bark_xml_event *start, uint16_t type, void **msg)
{
    return root_read(r, image, start, type, 0, NULL, msg);
}

enum bark_code bark_decode_element_with(struct bark_xml_reader *r, const struct bark_image *image,
                                        const struct bark_xml_event *start, uint16_t type,
                                        const struct bark_decode_options *options, void **msg)
{
    return root_read(r, image, start, type, 0, options, msg);
}

enum bark_code bark_decode_element_unordered(struct bark_xml_reader *r, const struct bark_image *image,
                                             const struct bark_xml_event *start, uint16_t type, void **msg)
{
    struct bark_decoder d = { .r = r, .image = image, .general = true, .unordered = true };
    return decoder_read(&d, start, type, 0, NULL, msg);
}

/* The root that the document's element names, or the one that was asked for. */
enum bark_code bark_decode_root_find(struct bark_xml_reader *r, const struct bark_image *image,
                                     const struct bark_xml_event *ev, uint16_t *root)
{
    const uint16_t asked = *root;
    enum bark_code code;
    uint32_t i;
    if (BARK_HAS_VALIDATION && asked == BARK_NONE && bark_assess_is_on(image))
        return BARK_OK;
    if (asked == BARK_NONE)
        *root = bark_root_named(image, ev->name.local, ev->name.ns);
    if (asked == BARK_NONE
            ? *root != BARK_NONE
            : bark_root_is(image, asked, ev->name.local) && bark_root_ns(image, asked) == ev->name.ns)
        return BARK_OK;
    code = bark_xml_fail_found(r, BARK_ERR_UNEXPECTED, ev->offset,
                               "[XSD1 3.3.4] this element is no root of the schema", ev->name.local);
    for (i = 0; i < bark_root_end(image) && r->err; i++)
        if ((asked == BARK_NONE || asked == i) && bark_root_type(image, i) != BARK_NONE) {
            const struct bark_joined name = bark_root_name(image, (uint16_t)i);
            bark_report_expect(r->err, name.head);
            bark_report_add(r->err->expected, sizeof r->err->expected, name.tail);
        }
    bark_decode_found_name(r->err, &ev->name);
    return code;
}

void bark_decode_unknown_begin(const struct bark_decode_options *options)
{
    if (options && options->unknown)
        *options->unknown = (struct bark_unknown){ .policy = options->unknown->policy };
}

enum bark_code bark_decode(const struct bark_image *image, uint16_t root, struct bark_slice in,
                           const struct bark_limits *limits, struct bark_arena *arena, void **msg,
                           uint16_t *root_out, struct bark_error *err)
{
    return bark_decode_with(image, root, in, NULL, limits, arena, msg, root_out, err);
}

enum bark_code bark_decode_with(const struct bark_image *image, uint16_t root, struct bark_slice in,
                                const struct bark_decode_options *options, const struct bark_limits *limits,
                                struct bark_arena *arena, void **msg, uint16_t *root_out,
                                struct bark_error *err)
{
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    void *made = NULL;
    enum bark_code code;
    *msg = NULL;
    if (root_out)
        *root_out = BARK_NONE;
    if (err)
        *err = (struct bark_error){ 0 };
    bark_decode_unknown_begin(options);
    code = bark_xml_open(&r, in, limits, arena, err);
    if (code != BARK_OK)
        return code;
    bark_xml_use_image(&r, image);
    code = bark_xml_next(&r, &ev); /* a document begins with a START, or fails */
    if (code == BARK_OK)
        code = bark_decode_root_find(&r, image, &ev, &root);
    if (code == BARK_OK)
        code = root == BARK_NONE ? root_read(&r, image, &ev, BARK_NONE, 0, options, &made)
                                 : root_read(&r, image, &ev, bark_root_type(image, root),
                                             bark_root_bits(image, root), options, &made);
    if (code == BARK_OK)
        code = bark_xml_next(&r, &ev);
    if (code != BARK_OK) {
        bark_decode_unknown_begin(options);
        return code;
    }
    assert(ev.kind == BARK_XML_EOF);
    *msg = made;
    if (root_out)
        *root_out = root;
    return BARK_OK;
}
