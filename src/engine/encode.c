/* engine/encode.c - C structs to XML, by the rows of the image.
 *
 * One loop over a stack of frames: each step takes the next field of the innermost struct or group and either
 * writes it or opens a frame for it. Nothing is sized by the data but the stack, one frame a level, up to
 * limits.depth elements. The struct is judged while it is written: what a reader would refuse is refused
 * here, with the member's path, so that a handler that forgets a member learns which.
 */
#include "engine/encode.h"
#include "engine/division.h"

#include "base/report.h"
#include "base/scratch.h"
#include "engine/plan.h"
#include "engine/typed.h"

#include <string.h>

static void path_index(char *path, size_t index)
{
    uint8_t text[24];
    struct bark_out out;
    bark_out_init(&out, text, sizeof text);
    bark_out_byte(&out, '[');
    bark_out_u64(&out, index);
    bark_out_byte(&out, ']');
    bark_report_add(path, BARK_ERROR_PATH, bark_out_bytes(&out));
}

/* What a frame adds to the path. Groups have no name: the number of a repeated one goes to the member in it.
 */
static void path_frame(const struct bark_encoder *e, const struct bark_encode_frame *frame)
{
    const struct bark_field_row *field = frame->field, *holder = frame->holder;
    enum bark_field_kind kind;
    char *path = e->err->path;
    if (!field || bark_field_kind(e->image, field) == BARK_FIELD_GROUP)
        return;
    kind = bark_field_kind(e->image, field);
    if (kind == BARK_FIELD_ELEMENT || kind == BARK_FIELD_ATTRIBUTE) {
        bark_report_say(path, BARK_ERROR_PATH, kind == BARK_FIELD_ATTRIBUTE ? "/@" : "/");
        bark_report_add(path, BARK_ERROR_PATH, bark_image_name(e->image, field->name));
    } else if (kind == BARK_FIELD_ANY || kind == BARK_FIELD_ANY_ATTRIBUTE) {
        bark_report_say(path, BARK_ERROR_PATH, kind == BARK_FIELD_ANY ? "/*" : "/@*");
    }
    if (bark_field_bits(e->image, field) & BARK_F_REPEATED || kind == BARK_FIELD_ANY_ATTRIBUTE)
        path_index(path, frame->item + 1);
    else if (holder && bark_field_kind(e->image, holder) == BARK_FIELD_GROUP &&
             bark_field_bits(e->image, holder) & BARK_F_REPEATED)
        path_index(path, frame->holder_item + 1);
}

enum bark_code(bark_encode_fail)(struct bark_encoder *e, enum bark_code code, const char *rule)
{
    struct bark_encode_frame *frame = e->top, *below = NULL;
    bark_fail(e->err, code, 0, rule);
    if (!BARK_HAS_REPORT || !e->err || e->err->path[0])
        return code;
    while (frame) { /* turns the links round, to go from the root on; nobody goes up them after a failure */
        struct bark_encode_frame *up = frame->up;
        frame->up = below;
        below = frame;
        frame = up;
    }
    bark_report_say(e->err->path, BARK_ERROR_PATH, "/");
    bark_report_add(e->err->path, BARK_ERROR_PATH, e->root.head);
    bark_report_add(e->err->path, BARK_ERROR_PATH, e->root.tail);
    for (frame = below; frame; frame = frame->up)
        path_frame(e, frame);
    return code;
}

static bool is_choice(const struct bark_type_row *type)
{
    return BARK_HAS_GROUP && type->model == BARK_MODEL_CHOICE;
}

/* The has_ byte of a field; present when it has none. */
static uint8_t has_of(const struct bark_encoder *e, const struct bark_encode_frame *frame,
                      const struct bark_field_row *field)
{
    const uint8_t has = bark_field_has(e->image, field);
    const size_t has_bytes = frame->type->presence + (is_choice(frame->type) ? sizeof(uint16_t) : 0);
    return has == BARK_NO_HAS ? (uint8_t)BARK_PRESENT : frame->base[has_bytes + has];
}

enum bark_presence bark_encode_presence(const struct bark_encoder *e, const struct bark_encode_frame *frame,
                                        const struct bark_field_row *field)
{
    return bark_member_presence(e->image, frame->type, frame->base, field);
}

static struct bark_slice prefix_for(void *context, struct bark_slice uri)
{
    return bark_encode_prefix(context, uri);
}

static enum bark_code frame_push(struct bark_encoder *e, uint16_t type, const void *base,
                                 const struct bark_field_row *holder)
{
    struct bark_encode_frame *frame;
    size_t mark;
    bark_encode_locals_drop(e); /* they are above the place where the frame goes, and no longer needed */
    mark = bark_scratch_mark(e->arena);
    frame = bark_scratch_push(e->arena, sizeof *frame);
    if (!frame)
        return bark_encode_fail(e, BARK_ERR_MEMORY, "[R3] no room for another level of nesting");
    *frame = (struct bark_encode_frame){ .up = e->top,
                                         .type = &e->image->types[type],
                                         .base = base,
                                         .holder = holder,
                                         .holder_item = e->top ? e->top->item : 0,
                                         .mark = mark,
                                         .end = e->image->types[type].count,
                                         .name = BARK_NONE };
    e->top = frame;
    return BARK_OK;
}

static void frame_pop(struct bark_encoder *e)
{
    struct bark_encode_frame *frame = e->top;
    if (frame->name != BARK_NONE)
        bark_encode_end(e, frame->ns, frame->name);
    e->top = frame->up;
    bark_scratch_pop(e->arena, frame->mark);
}

/* An element that is being opened: its tag, and what its start tag says about it. */
struct element {
    const struct bark_field_row *field; /* NULL for the root */
    uint16_t type, name, named; /* named: the TYPE field that xsi:type gives, or BARK_NONE */
    uint8_t ns;
    bool nil;
};

static bool is_nil(const struct element *el)
{
    return BARK_HAS_NIL && el->nil;
}

static enum bark_code start_write(struct bark_encoder *e, const struct element *el)
{
    enum bark_code code = bark_encode_start(e, el->ns, el->name);
    if (code == BARK_OK && el->named != BARK_NONE) {
        const struct bark_field_row *f = &e->image->fields[el->named];
        code = bark_encode_xsi_type(e, bark_encode_uri(e->image, bark_field_ns(e->image, f)),
                                    bark_image_name(e->image, f->name));
    }
    return code == BARK_OK && is_nil(el) ? bark_encode_nil(e) : code;
}

/* An element of a struct type up to its attributes; its content follows from the frame that it leaves. base
 * may be NULL when it is nil. */
static enum bark_code struct_open(struct bark_encoder *e, const struct element *el, const void *base)
{
    enum bark_code code;
    if (e->image->types[el->type].flags & BARK_TYPE_ABSTRACT)
        return bark_encode_fail(e, BARK_ERR_TYPE, "[XSD1 3.4.1] an abstract type is not written itself");
    if (!base && !is_nil(el))
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.3.4] `which` says a type, its pointer is NULL");
    code = frame_push(e, el->type, base, el->field);
    if (code != BARK_OK)
        return code;
    code = start_write(e, el);
    if (code == BARK_OK)
        code = bark_encode_attributes(e);
    e->top->name = el->name;
    e->top->ns = el->ns;
    if (is_nil(el))
        e->top->end = e->top->type->extra; /* [XSD1 3.3.4] attributes, and no content */
    return code;
}

static enum bark_code value_element(struct bark_encoder *e, const struct element *el, const void *value)
{
    enum bark_code code = start_write(e, el);
    if (code == BARK_OK && !is_nil(el))
        code = bark_encode_value_declare(e, el->type, value);
    if (code == BARK_OK && !is_nil(el))
        code = bark_encode_value(e, el->field, el->type, value, BARK_XML_IN_TEXT);
    if (code == BARK_OK)
        bark_encode_end(e, el->ns, el->name);
    return code;
}

/* [XSD1 3.3.4] The member is a tagged union: the element is of the type that `which` tells, and says so when
 * that is not the declared one. A nil element need not have chosen. */
static enum bark_code type_choose(struct bark_encoder *e, struct element *el, const void **item)
{
    const uint16_t which = bark_typed_which(e->image, el->type, *item);
    const struct bark_type_row *row = &e->image->types[el->type];
    const uint16_t declared = bark_typed_declared(e->image, el->type);
    const uint16_t field = which ? (uint16_t)(row->first + which - 1) : declared;
    if (which > row->count)
        return bark_encode_fail(e, BARK_ERR_USE, "[XSD1 3.3.4] `which` is past the types of the element");
    if (field == BARK_NONE || (which == 0 && !is_nil(el)))
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.3.4] no type was chosen for the element");
    *item = which ? bark_typed_value(e->image, field, *item) : NULL;
    el->type = e->image->fields[field].type;
    el->named = field == declared ? (uint16_t)BARK_NONE : field;
    return BARK_OK;
}

static enum bark_code element_open(struct bark_encoder *e, struct element el, const void *item)
{
    enum bark_code code = BARK_OK;
    if (bark_type_is_typed(e->image, el.type))
        code = type_choose(e, &el, &item);
    if (code != BARK_OK)
        return code;
    return e->image->types[el.type].kind == BARK_KIND_STRUCT ? struct_open(e, &el, item)
                                                             : value_element(e, &el, item);
}

static enum bark_code element_write(struct bark_encoder *e, const struct bark_field_row *field,
                                    const void *item, bool nil)
{
    const struct element el = {
        field, field->type, field->name, BARK_NONE, bark_field_ns(e->image, field), BARK_HAS_NIL && nil
    };
    if (nil && !(bark_field_bits(e->image, field) & BARK_F_NILLABLE))
        return bark_encode_fail(e, BARK_ERR_TYPE, "[XSD1 3.3.4] the element is not nillable");
    return element_open(e, el, item);
}

static enum bark_code choice_missing(struct bark_encoder *e, const struct bark_type_row *type)
{
    uint16_t i;
    for (i = 0; i < type->count && e->err; i++) {
        const struct bark_field_row *field = &e->image->fields[type->first + i];
        if (bark_field_kind(e->image, field) == BARK_FIELD_ELEMENT)
            bark_report_expect(e->err, bark_image_name(e->image, field->name));
    }
    return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.8.4] no alternative of a choice was chosen");
}

/* A group has no tag: its fields are written as if they stood in its place. */
static enum bark_code group_open(struct bark_encoder *e, const struct bark_field_row *field, const void *item)
{
    const struct bark_type_row *type = &e->image->types[field->type];
    const bool may_be_absent =
        !(bark_field_bits(e->image, field) & (BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_POINTER));
    uint16_t which;
    enum bark_code code;
    if (!is_choice(type))
        return frame_push(e, field->type, item, field);
    which = *(const uint16_t *)(const void *)((const uint8_t *)item + type->presence);
    if (which > type->count)
        return bark_encode_fail(e, BARK_ERR_USE, "[XSD1 3.8.4] `which` is past the choice's alternatives");
    if (which == 0)
        return type->flags & BARK_TYPE_NULLABLE || may_be_absent ? BARK_OK : choice_missing(e, type);
    code = frame_push(e, field->type, item, field);
    if (code == BARK_OK) {
        e->top->next = (uint16_t)(which - 1);
        e->top->end = which;
    }
    return code;
}

/* A fragment's error tells a place in the fragment; the member's path says more. */
static enum bark_code fragment_fail(struct bark_encoder *e, enum bark_code code)
{
    if (e->err) {
        e->err->path[0] = '\0';
        e->err->offset = 0;
        e->err->line = 0;
        e->err->column = 0;
    }
    return bark_encode_fail(e, code, "[XML1 2.1] the fragment is not well-formed");
}

/* The namespace of the fragment's element, or false when it has none to be found. */
static bool fragment_uri(struct bark_encoder *e, struct bark_slice xml, struct bark_slice *uri)
{
    const size_t used = e->arena->used;
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    const bool found = bark_xml_open(&r, xml, e->limits, e->arena, NULL) == BARK_OK &&
                       bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_START;
    if (found)
        *uri = ev.name.uri; /* stands in xml, or is constant */
    e->arena->used = used;
    return found;
}

static enum bark_code any_write(struct bark_encoder *e, const struct bark_field_row *field,
                                const struct bark_any *any)
{
    const struct bark_wildcard_row *wildcard = &e->image->wildcards[field->name];
    const struct bark_slice xml = { (const uint8_t *)any->xml.ptr, any->xml.len };
    struct bark_slice uri;
    enum bark_code code;
    if (!xml.ptr)
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.8.4] an item of a wildcard is missing");
    if (wildcard->mode != BARK_WILDCARD_ANY && fragment_uri(e, xml, &uri) &&
        !bark_encode_allows(e->image, wildcard, uri))
        return bark_encode_fail(e, BARK_ERR_UNEXPECTED, "[XSD1 3.10.4] the wildcard excludes the namespace");
    bark_encode_content(e);
    code = bark_write_fragment(e->out, xml, e->limits, e->arena, e->err);
    return code == BARK_OK ? BARK_OK : fragment_fail(e, code);
}

static enum bark_code content_write(struct bark_encoder *e, const struct bark_text *content)
{
    enum bark_code code;
    if (content->len == 0)
        return BARK_OK;
    bark_encode_content(e);
    code = bark_write_content(e->out, (struct bark_slice){ (const uint8_t *)content->ptr, content->len },
                              e->limits, e->arena, e->err);
    return code == BARK_OK ? BARK_OK : fragment_fail(e, code);
}

static enum bark_code text_write(struct bark_encoder *e, const struct bark_field_row *field,
                                 const void *member)
{
    const enum bark_code code = bark_encode_value_declare(e, field->type, member);
    return code == BARK_OK ? bark_encode_value(e, field, field->type, member, BARK_XML_IN_TEXT) : code;
}

/* One occurrence of a content field. */
static enum bark_code item_write(struct bark_encoder *e, const struct bark_field_row *field, const void *item,
                                 bool nil)
{
    switch (bark_field_kind(e->image, field)) {
    case BARK_FIELD_ELEMENT:
        return element_write(e, field, item, nil);
    case BARK_FIELD_GROUP:
        if (BARK_HAS_GROUP)
            return group_open(e, field, item);
        break;
    case BARK_FIELD_ANY:
        if (BARK_HAS_WILDCARD)
            return any_write(e, field, item);
        break;
    case BARK_FIELD_TEXT:
        return text_write(e, field, item);
    case BARK_FIELD_CONTENT:
        if (BARK_HAS_WILDCARD)
            return content_write(e, item);
        break;
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_ANY_ATTRIBUTE:
    case BARK_FIELD_POSITION:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break; /* attributes are written with the start tag, positions never */
    }
    return BARK_OK;
}

/* A required member that is not there. Nothing but a default can stand in for it: then an empty element says
 * so [XSD1 3.3.4]. */
static enum bark_code absent_write(struct bark_encoder *e, const struct bark_field_row *field)
{
    const struct bark_field_row *holder = e->top->holder;
    enum bark_code code;
    if (bark_field_kind(e->image, field) == BARK_FIELD_TEXT) {
        if (BARK_HAS_DEFAULT && (bark_field_bits(e->image, field) & BARK_F_DEFAULT ||
                                 (holder && bark_field_bits(e->image, holder) & BARK_F_DEFAULT)))
            return BARK_OK;
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.4.4] the simple content is missing");
    }
    if (!(bark_field_bits(e->image, field) & BARK_F_REQUIRED))
        return BARK_OK;
    if (!BARK_HAS_DEFAULT || bark_field_kind(e->image, field) != BARK_FIELD_ELEMENT ||
        !(bark_field_bits(e->image, field) & BARK_F_DEFAULT))
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.8.4] a required member is missing");
    if (bark_type_is_typed(e->image, field->type) && bark_typed_declared(e->image, field->type) == BARK_NONE)
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.3.4] no type was chosen for the element");
    code = bark_encode_start(e, bark_field_ns(e->image, field), field->name);
    if (code == BARK_OK)
        bark_encode_end(e, bark_field_ns(e->image, field), field->name);
    return code;
}

static enum bark_code single_write(struct bark_encoder *e, const struct bark_field_row *field)
{
    const enum bark_presence presence = bark_encode_presence(e, e->top, field);
    const void *member = bark_encode_member(e->top, field);
    e->top->next++;
    if (presence == BARK_ABSENT && bark_field_has(e->image, field) != BARK_NO_HAS &&
        has_of(e, e->top, field) != BARK_ABSENT)
        return bark_encode_fail(e, BARK_ERR_MISSING, "[codec] a has_ byte says present and there is nothing");
    if (presence == BARK_ABSENT)
        return absent_write(e, field);
    if (bark_field_bits(e->image, field) & BARK_F_POINTER)
        member = *(const void *const *)member;
    return item_write(e, field, member, presence == BARK_NIL);
}

static enum bark_code occurs_check(struct bark_encoder *e, const struct bark_field_row *field,
                                   const struct bark_array *array)
{
    if (array->count < bark_field_least(e->image, field))
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.8.4] fewer items than minOccurs");
    if (array->count > bark_field_occurs(e->image, field).max) /* the largest number is no bound */
        return bark_encode_fail(e, BARK_ERR_UNEXPECTED, "[XSD1 3.8.4] more items than maxOccurs");
    if (BARK_HAS_GROUP && bark_field_bits(e->image, field) & BARK_F_DIVIDES &&
        !bark_division_holds(e->image, field, array))
        return bark_encode_fail(e, BARK_ERR_MISSING, BARK_RULE_DIVISION);
    return BARK_OK;
}

/* The next item of a repeated field, one a step. */
static enum bark_code repeated_write(struct bark_encoder *e, const struct bark_field_row *field)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_array *array = bark_encode_member(frame, field);
    const size_t size =
        field->type == BARK_NONE ? sizeof(struct bark_any) : e->image->types[field->type].size;
    enum bark_code code = frame->items_begun == 0 ? occurs_check(e, field, array) : BARK_OK;
    if (code != BARK_OK)
        return code;
    if (array->count > 0 && !array->items)
        return bark_encode_fail(e, BARK_ERR_USE, "[codec] a repeated member counts items and has none");
    if (frame->items_begun == array->count) {
        frame->items_begun = 0;
        frame->item = 0;
        frame->next++;
        return BARK_OK;
    }
    frame->item = frame->items_begun++;
    return item_write(e, field, (const uint8_t *)array->items + frame->item * size,
                      array->nil && array->nil[frame->item]);
}

static enum bark_code frame_step(struct bark_encoder *e)
{
    struct bark_encode_frame *frame = e->top;
    if (frame->next >= frame->end) {
        frame_pop(e);
        return BARK_OK;
    }
    frame->field = &e->image->fields[frame->type->first + frame->next];
    return bark_field_bits(e->image, frame->field) & BARK_F_REPEATED ? repeated_write(e, frame->field)
                                                                     : single_write(e, frame->field);
}

static enum bark_code root_write(struct bark_encoder *e, uint16_t root, const void *msg)
{
    const uint16_t row = (uint16_t)(root < e->image->root_count ? root : root - e->image->root_count);
    const struct element el = { NULL,      bark_root_type(e->image, root), e->image->roots[row].name,
                                BARK_NONE, bark_root_ns(e->image, root),   false };
    enum bark_code code = bark_encode_names_init(e);
    if (code != BARK_OK)
        return code;
    code = element_open(e, el, msg);
    while (code == BARK_OK && e->top && bark_out_ok(e->out)) {
        if (BARK_HAS_PLAN && e->image->plan)
            e->image->plan->encode(e, e->image->plan);
        bark_encode_run(e);
        code = frame_step(e);
    }
    return code;
}

enum bark_code bark_encode(const struct bark_image *image, uint16_t root, const void *msg,
                           const struct bark_limits *limits, struct bark_arena *arena, struct bark_out *out,
                           struct bark_error *err)
{
    return bark_encode_with(image, root, msg, NULL, limits, arena, out, err);
}

enum bark_code bark_encode_with(const struct bark_image *image, uint16_t root, const void *msg,
                                const struct bark_encode_options *options, const struct bark_limits *limits,
                                struct bark_arena *arena, struct bark_out *out, struct bark_error *err)
{
    struct bark_encoder e = { .image = image,
                              .limits = limits,
                              .arena = arena,
                              .out = out,
                              .err = err,
                              .xop = options ? options->xop : NULL };
    const size_t mark = bark_scratch_mark(arena);
    enum bark_code code;
    if (err)
        *err = (struct bark_error){ .code = BARK_OK };
    if (bark_root_type(image, root) == BARK_NONE || !msg)
        return bark_fail(err, BARK_ERR_USE, 0, "[codec] a root of the image and a message are needed");
    e.root = bark_root_name(image, root);
    e.namespaces = bark_root_namespaces(image, root);
    e.scope = (struct bark_value_scope){
        .image = image, .limits = limits, .arena = arena, .uri_to_prefix = prefix_for, .context = &e
    };
    code = root_write(&e, root, msg);
    if (code == BARK_OK && !bark_out_ok(out))
        code = bark_encode_fail(&e, BARK_ERR_LIMIT, "[R4] the message does not fit its output");
    bark_scratch_pop(arena, mark);
    return code;
}
