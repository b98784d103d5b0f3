/* engine/decode_json.c - JSON text to a C struct, by the rows that decode XML (docs/json.md has the mapping).
 *
 * The same discipline as for XML: one pass, frames instead of recursion [R6], frames and growing arrays on
 * the scratch end of the arena, results on its permanent end at their exact size [R3].
 */
#include "engine/json_decode.h"

#include "base/report.h"
#include "engine/typed.h"

/* The path of the member being read: "/Item/Child[2]/Name". Frames are linked from the inside out, so the
 * outermost is found anew for each part; there are at most limits.depth of them. */
void bark_json_path_report(const struct bark_json_decoder *d, struct bark_error *err)
{
    const struct bark_json_frame *f;
    size_t depth = 0, n;
    bark_report_say(err->path, sizeof err->path, "/");
    bark_report_add(err->path, sizeof err->path, bark_root_name(d->image, d->root).head);
    bark_report_add(err->path, sizeof err->path, bark_root_name(d->image, d->root).tail);
    for (f = d->frame; f; f = f->up)
        depth++;
    while (depth-- > 0) {
        for (f = d->frame, n = 0; n < depth; n++)
            f = f->up;
        if (f->kind == BARK_JSON_FRAME_OBJECT && f->in_member) {
            const struct bark_json_name name = bark_json_slot_name(&f->object, f->member);
            bark_report_say(err->path, sizeof err->path, "/");
            bark_json_name_report(&name, err->path, sizeof err->path);
        } else if (f->kind != BARK_JSON_FRAME_OBJECT && f->kind != BARK_JSON_FRAME_VALUE && f->count > 0) {
            uint8_t digits[20];
            struct bark_out out;
            bark_out_init(&out, digits, sizeof digits);
            bark_out_u64(&out, f->count);
            bark_report_say(err->path, sizeof err->path, "[");
            bark_report_add(err->path, sizeof err->path, bark_out_bytes(&out));
            bark_report_say(err->path, sizeof err->path, "]");
        }
    }
}

enum bark_code(bark_json_refuse)(struct bark_json_decoder *d, enum bark_code code, size_t at,
                                 const char *rule)
{
    return bark_json_fail(&d->r, code, at, rule);
}

enum bark_code bark_json_no_memory(struct bark_json_decoder *d, size_t at)
{
    return bark_json_refuse(d, BARK_ERR_MEMORY, at, "[R3] the message does not fit the memory budget");
}

/* Pushes a frame, which becomes the innermost. */
static struct bark_json_frame *frame_push(struct bark_json_decoder *d, enum bark_json_frame_kind kind,
                                          uint16_t type, size_t at)
{
    const size_t mark = bark_scratch_mark(d->arena);
    struct bark_json_frame *f = bark_scratch_push(d->arena, sizeof *f);
    if (f) {
        f->up = d->frame;
        f->mark = mark;
        f->kind = (uint8_t)kind;
        f->type = type;
        f->offset = at;
        d->frame = f;
    }
    return f;
}

void bark_json_end_frame(struct bark_json_decoder *d)
{
    struct bark_json_frame *up = d->frame->up;
    bark_scratch_pop(d->arena, d->frame->mark);
    d->frame = up;
    if (up)
        up->in_member = false;
}

enum bark_code bark_json_begin_object(struct bark_json_decoder *d, size_t at, uint16_t type, void *base)
{
    struct bark_json_frame *f;
    enum bark_code code;
    if (d->image->types[type].flags & BARK_TYPE_ABSTRACT && d->image->types[type].kind == BARK_KIND_STRUCT)
        return bark_json_refuse(d, BARK_ERR_TYPE, at,
                                "[XSD1 3.4.2] an abstract type has no values of its own");
    f = frame_push(d, BARK_JSON_FRAME_OBJECT, type, at);
    if (!f)
        return bark_json_no_memory(d, at);
    code = bark_json_object_push(d->arena, d->image, type, base, &f->object);
    if (code == BARK_ERR_LIMIT)
        return bark_json_refuse(d, code, at, "docs/json.md: an object has at most 65534 members");
    return code == BARK_OK ? BARK_OK : bark_json_no_memory(d, at);
}

enum bark_code bark_json_begin_value(struct bark_json_decoder *d, size_t at, uint16_t type, void *room)
{
    struct bark_json_frame *f = frame_push(d, BARK_JSON_FRAME_VALUE, type, at);
    if (!f)
        return bark_json_no_memory(d, at);
    f->last = room;
    return BARK_OK;
}

enum bark_code bark_json_begin_array(struct bark_json_decoder *d, size_t at, enum bark_json_frame_kind kind,
                                     uint16_t type, const struct bark_field_row *field,
                                     struct bark_array *array)
{
    struct bark_json_frame *f = frame_push(d, kind, type, at);
    if (!f)
        return bark_json_no_memory(d, at);
    f->field = field;
    f->array = array;
    if (kind == BARK_JSON_FRAME_LIST) /* its end may be refused there */
        bark_json_keep(&d->r, at);
    if (kind == BARK_JSON_FRAME_ATTRIBUTES)
        f->item_size = sizeof(struct bark_any_attribute);
    else if (type == BARK_NONE)
        f->item_size = sizeof(struct bark_any);
    else
        f->item_size =
            d->image->types[kind == BARK_JSON_FRAME_LIST ? d->image->types[type].first : type].size;
    /* One byte more than the item: whether it is nil. */
    f->stride = (f->item_size + 1 + (BARK_ALIGN - 1)) & ~(size_t)(BARK_ALIGN - 1);
    return BARK_OK;
}

enum bark_code bark_json_place(struct bark_json_decoder *d, const struct bark_json_event *ev, uint16_t type,
                               void *member)
{
    if (bark_type_is_typed(d->image, type))
        return bark_json_typed_place(d, ev, type, member);
    return bark_json_value_place(d, ev, type, member, false);
}

enum bark_code bark_json_value_place(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                     uint16_t type, void *member, bool named)
{
    const struct bark_type_row *row = &d->image->types[type];
    bool taken = false;
    if (row->kind == BARK_KIND_STRUCT || row->kind == BARK_KIND_GROUP) {
        if (ev->kind != BARK_JSON_OBJECT)
            return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset, "docs/json.md: an object is wanted here");
        return bark_json_begin_object(d, ev->offset, type, member);
    }
    if (named)
        return bark_json_begin_value(d, ev->offset, type, member);
    if (row->kind == BARK_KIND_LIST && ev->kind == BARK_JSON_ARRAY)
        return bark_json_begin_array(d, ev->offset, BARK_JSON_FRAME_LIST, type, NULL, member);
    if (BARK_HAS_WINDOW && d->sinks && ev->kind == BARK_JSON_STRING) {
        const enum bark_code code = d->sink_ops->value(d, ev, type, member, &taken);
        if (code != BARK_OK || taken)
            return code;
    }
    return bark_json_value_read(&d->r, d->image, ev, type, member);
}

enum bark_code bark_json_frame_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    switch (d->frame->kind) {
    case BARK_JSON_FRAME_OBJECT:
        return bark_json_object_event(d, ev);
    case BARK_JSON_FRAME_ATTRIBUTES:
        return bark_json_attributes_event(d, ev);
    case BARK_JSON_FRAME_VALUE:
        return bark_json_typed_event(d, ev);
    default:
        return bark_json_array_event(d, ev);
    }
}

enum bark_code bark_json_decode_go(struct bark_json_decoder *d)
{
    struct bark_json_event ev;
    enum bark_code code = bark_json_next(&d->r, &ev);
    while (code == BARK_OK && ev.kind != BARK_JSON_EOF) {
        if (d->look.on)
            code = bark_json_look_event(d, &ev);
        else if (d->frame)
            code = bark_json_frame_event(d, &ev);
        else /* the reader lets only one value stand here */
            code = bark_json_place(d, &ev, bark_root_type(d->image, d->root), d->msg);
        if (code == BARK_OK)
            code = bark_json_next(&d->r, &ev);
    }
    return code;
}

enum bark_code bark_decode_json(const struct bark_image *image, uint16_t root, struct bark_slice in,
                                const struct bark_limits *limits, struct bark_arena *arena, void **msg,
                                struct bark_error *err)
{
    struct bark_json_decoder d = { .image = image, .arena = arena, .root = root };
    const size_t mark = bark_scratch_mark(arena);
    struct bark_error own = { 0 };
    enum bark_code code;
    void *value;
    *msg = NULL;
    if (err)
        *err = (struct bark_error){ 0 };
    if (bark_root_type(image, root) == BARK_NONE)
        return bark_fail(err, BARK_ERR_USE, 0, "bark_decode_json: the image has no such root");
    code = bark_limits_check(limits, err);
    if (code != BARK_OK)
        return code;
    code = bark_json_open(&d.r, in, limits, arena, &own);
    value =
        code == BARK_OK ? bark_arena_alloc(arena, 1, image->types[bark_root_type(image, root)].size) : NULL;
    d.msg = value;
    if (code == BARK_OK)
        code = value ? bark_json_decode_go(&d) : bark_json_no_memory(&d, 0);
    if (code == BARK_OK) {
        *msg = value;
    } else if (err) {
        bark_json_path_report(&d, &own);
        *err = own;
    }
    bark_scratch_pop(arena, mark);
    return code;
}
