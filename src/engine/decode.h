/* engine/decode.h - what the parts of the decoder share.
 *
 *   decode.c            the loop over events; frames of elements and groups
 *   decode_place.c      which member an element belongs to: order, choice, occurrence
 *   decode_run*.c       whole elements in their usual form, quickly
 *   decode_plain.c      the same for the element that nearly always comes
 *   decode_member.c     where a member's value goes: embedded, pointer, array, presence
 *   decode_attribute.c  attributes, defaults, wildcards
 *   decode_unknown.c    what the schema does not know, when that is forgiven
 *   decode_xsi.c        xsi:nil, xsi:type and their like
 *   decode_assess.c     what wildcards take, judged by the schema
 *   decode_value.c      values: their texts, default and fixed ones
 *   decode_leaf.c       elements without frames: simple content, nil, passed over, captured
 *   decode_builtin.c    names of XSD's own types, for xsi:type
 *   decode_fail.c       errors that say what was expected
 *   sink.c              values that go to a callback in pieces; sink_path.c which ones
 */
#ifndef BARK_ENGINE_DECODE_H
#define BARK_ENGINE_DECODE_H

#include "engine/capture.h"
#include "engine/engine.h"
#include "engine/value.h"

/* One element or group whose content is being read. Frames live on the scratch end of the arena: above a
 * frame lie the items of its open array, above those the frames of what it contains. So depth costs memory
 * only where it is, and the limits of depth and budget bound it [R3, R6]. */
struct bark_decode_frame {
    struct bark_decode_frame *up;
    uint8_t *base; /* the struct being filled */
    uint8_t *seen; /* members come in any order: one byte a field */
    size_t mark; /* scratch height below this frame */
    size_t array_mark; /* scratch height below the items of the open array */
    uint32_t count; /* items seen of the field in turn, also those before another field's */
    uint16_t type; /* type row: STRUCT or GROUP */
    uint16_t at; /* field row in turn; BARK_NONE: a choice that has not been made */
    bool group; /* no element of its own: it ends where an element does not fit */
    bool array; /* the field in turn has an open array */
    bool nil; /* xsi:nil: no content may come */
    bool secret_before; /* r->secret, to be put back */
};

/* An element that has no frame, because it has no members: what is done with its events. At most one is
 * open, above all frames. */
enum bark_leaf_kind { BARK_LEAF_NONE, BARK_LEAF_VALUE, BARK_LEAF_NIL, BARK_LEAF_SKIP, BARK_LEAF_CAPTURE };

struct bark_leaf {
    enum bark_leaf_kind kind;
    bool read; /* VALUE: its text has come, only the END may follow */
    bool xop; /* VALUE: an xop:Include stands for it, only ENDs may follow */
    bool secret_before; /* r->secret, to be put back */
    uint16_t type; /* VALUE */
    const struct bark_field_row *f; /* VALUE: tells default, fixed; or NULL */
    void *room; /* VALUE */
    uint32_t depth; /* SKIP: of the element */
    struct bark_capture capture;
    struct bark_text *text; /* CAPTURE: where it goes */
    struct bark_skipped *skipped; /* CAPTURE: the record that it completes, or NULL */
};

struct bark_sinks; /* sink.h */

struct bark_decoder {
    struct bark_xml_reader *r;
    const struct bark_image *image;
    struct bark_decode_frame *top;
    struct bark_leaf leaf;
    struct bark_unknown *unknown; /* the caller's, or NULL: nothing is forgiven */
    const struct bark_xop_reader *xop; /* the caller's, or NULL: all octets are in line */
    struct bark_sinks *sinks; /* NULL: all values stay */
    struct bark_value_scope scope;
    struct bark_value_error error; /* of the last value that was read */
    bool general; /* no quick ways: for who compares them with the general one, and for `unordered` */
    bool unordered; /* members of a sequence come in any order, as SOAP encoding has them */
};

/* decode.c: the parts of a decoding, for who holds it between calls. begin takes the START of a root
 * (BARK_NONE: of whatever the image declares) with d->r and d->image set, element_begin that of an element of
 * the type, as bark_decode_element() does; go reads until all of it is read,
 * or until bark_xml_next() gives something else than BARK_OK, and may be called again after BARK_MORE. */
enum bark_code bark_decode_root_find(struct bark_xml_reader *r, const struct bark_image *image,
                                     const struct bark_xml_event *ev, uint16_t *root);
enum bark_code bark_decode_begin(struct bark_decoder *d, const struct bark_xml_event *start, uint16_t root,
                                 const struct bark_decode_options *options, void **msg);
enum bark_code bark_decode_element_begin(struct bark_decoder *d, const struct bark_xml_event *start,
                                         uint16_t type, const struct bark_decode_options *options,
                                         void **msg);
enum bark_code bark_decode_go(struct bark_decoder *d);
void bark_decode_unknown_begin(const struct bark_decode_options *options);

/* How often a field must and may come where it stands. */
struct bark_occurs bark_decode_occurs(const struct bark_image *image, const struct bark_field_row *f);

/* A member that the next element could belong to. Starts as { .frame = d->top }. */
struct bark_place {
    struct bark_decode_frame *frame;
    uint16_t at;
    uint32_t count; /* items already there */
    bool started;
    bool blocked; /* the walk ended because the field at `at` needs more items first */
};

/* decode_place.c: moves on to the next candidate in schema order; false when there is none: see blocked. */
bool bark_place_next(const struct bark_decoder *d, struct bark_place *place);

/* The first candidate that takes an element of that name, one by name before one by wildcard; false when none
 * does. */
bool bark_place_find(const struct bark_decoder *d, const struct bark_xml_name *name,
                     struct bark_place *place);

/* decode_plain.c: enters the element that the schema expects next, when its tag has no attributes and nothing
 * else is special about it; place tells its member, offset its tag. False: nothing was entered. */
#ifdef BARK_COMPACT
static inline bool bark_place_plain(const struct bark_decoder *d, struct bark_place *place, size_t *offset)
{
    (void)d, (void)place, (void)offset;
    return false; /* the general way enters everything */
}
#else
bool bark_place_plain(const struct bark_decoder *d, struct bark_place *place, size_t *offset);
#endif

/* decode_run.c: takes the elements that stand here in their usual form, as many as do; none is left half
 * taken. The outermost frame's end is left to the caller. */
#ifdef BARK_COMPACT
static inline void bark_decode_run(struct bark_decoder *d)
{
    (void)d; /* the general way reads everything */
}
#else
void bark_decode_run(struct bark_decoder *d);
#endif

bool bark_name_is(const struct bark_image *image, const struct bark_xml_name *name, uint16_t name_row,
                  uint8_t ns);
enum bark_takes { BARK_TAKES_NOT, BARK_TAKES_ANY, BARK_TAKES_NAME };
enum bark_takes bark_field_takes(const struct bark_image *image, const struct bark_field_row *f,
                                 const struct bark_xml_name *name);
bool bark_wildcard_takes(const struct bark_image *image, uint16_t wildcard, const struct bark_xml_name *name);

/* decode_member.c: room for the next value of the field, zeroed, inside the struct, behind its pointer, or as
 * the next item of its array; NULL after a failure. */
uint8_t *bark_member_room(struct bark_decoder *d, struct bark_decode_frame *frame,
                          const struct bark_field_row *f);
/* Records that the member is there, or nil, where the struct has a place for that. */
void bark_member_mark(const struct bark_decoder *d, struct bark_decode_frame *frame,
                      const struct bark_field_row *f, uint8_t *room, bool nil);
/* The field in turn gets no more items: its array moves to its final place. */
enum bark_code bark_member_finish(struct bark_decoder *d, struct bark_decode_frame *frame);
size_t bark_field_size(const struct bark_image *image, const struct bark_field_row *f);

/* decode_xsi.c: what the xsi: attributes of an element say. */
struct bark_xsi {
    size_t count; /* of them */
    bool nil;
    uint16_t field; /* the TYPE field that xsi:type names, or BARK_NONE */
    const struct bark_xml_attribute *type; /* xsi:type of an anyType: any name, which is kept; or NULL */
};
enum bark_code bark_xsi_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                             bool nillable, struct bark_xsi *xsi);
/* Keeps xsi:type among the attributes of an anyType, its value as {uri}local: prefixes mean nothing later. */
enum bark_code bark_xsi_type_keep(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                  struct bark_any_attribute *kept);
/* decode_attribute.c: fails with the attribute's place and path. */
enum bark_code bark_attribute_fail(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                   enum bark_code code, const char *rule, struct bark_slice found);
#ifdef BARK_TERSE
#define bark_attribute_fail(d, a, code, rule, ...) \
    bark_attribute_fail(d, a, code, BARK_RULE(rule), __VA_ARGS__)
#endif
/* The attributes of a struct, from its start tag. */
enum bark_code bark_attributes_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                                    uint8_t *base, const struct bark_xsi *xsi);
/* An element of a simple type has no attributes of its own. */
enum bark_code bark_attributes_refuse(struct bark_decoder *d, const struct bark_xml_event *ev,
                                      const struct bark_xsi *xsi);

/* The value of an attribute, to room for one of its type; fixed values heeded. */
enum bark_code bark_attribute_read(struct bark_decoder *d, const struct bark_field_row *f,
                                   const struct bark_xml_attribute *a, uint8_t *room);

/* decode_unknown.c: whether an element that fits nowhere, or an attribute that nothing declares, is unknown
 * and forgiven; then it is passed over. */
bool bark_unknown_element_is(const struct bark_decoder *d, const struct bark_xml_event *ev);
bool bark_unknown_attribute_is(const struct bark_decoder *d, const struct bark_xml_attribute *a);
void bark_unknown_add(struct bark_decoder *d, struct bark_skipped *s);
enum bark_code bark_unknown_element_skip(struct bark_decoder *d, const struct bark_xml_event *ev);
enum bark_code bark_unknown_attribute_skip(struct bark_decoder *d, const struct bark_xml_attribute *a);

/* decode_assess.c: whether the image is for validation: wildcard content is judged, and not kept. */
bool bark_assess_is_on(const struct bark_image *image);
/* The declaration (NULL: none, and none is needed) and type of an element that is judged in that way. */
enum bark_code bark_assess_declared(struct bark_decoder *d, const struct bark_xml_event *ev,
                                    enum bark_process process, const struct bark_field_row **f,
                                    uint16_t *type);
/* An attribute that a wildcard takes. */
enum bark_code bark_assess_attribute(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                     enum bark_process process);

/* decode_builtin.c: the name is that of a built-in type which the row is, facets and all. */
bool bark_type_is_builtin(const struct bark_type_row *row, struct bark_slice uri, struct bark_slice local);

/* decode_leaf.c: the element just started has no frame. Its content is read at once where it is plain, else
 * the leaf is open until bark_leaf_read() has seen its END.
 *
 * bark_content_read  character content, as a value of the type. f tells default, fixed; NULL for a root.
 * bark_nil_read      none: the element is nil
 * bark_leaf_skip     any, checked and dropped
 * bark_leaf_capture  any, kept as text: of the element when start is given, else of its content; skipped,
 * when it is not NULL, joins the list of what was forgiven once its text is there */
enum bark_code bark_content_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 void *room);
enum bark_code bark_nil_read(struct bark_decoder *d);
enum bark_code bark_leaf_skip(struct bark_decoder *d);
enum bark_code bark_leaf_capture(struct bark_decoder *d, const struct bark_xml_event *start,
                                 struct bark_text *text, struct bark_skipped *skipped);
enum bark_code bark_leaf_read(struct bark_decoder *d);
/* decode_value.c: one value: text from the input at that offset, or a default. */
enum bark_code bark_text_read_value(struct bark_decoder *d, uint16_t type, struct bark_slice text,
                                    size_t offset, void *room);
/* Fails with what is wrong with a value: the reader's place and path, the value's rule and expected set. */
enum bark_code bark_value_fail(struct bark_decoder *d, const struct bark_value_error *error,
                               enum bark_code code, struct bark_slice text, size_t offset);
/* The default or fixed value of a field that has one. */
enum bark_code bark_default_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 size_t offset, void *room);
/* Checks that the text means the same value as the field's fixed one. */
enum bark_code bark_fixed_check(struct bark_decoder *d, const struct bark_field_row *f, uint16_t type,
                                struct bark_slice text, size_t offset, const void *room);
/* The default or fixed value's text of a field that has one. */
struct bark_slice bark_extra_text(const struct bark_image *image, const struct bark_field_row *f);
/* A text with references resolved, on the scratch end when that needs a copy: pop it after use. */
enum bark_code bark_text_flat(struct bark_decoder *d, struct bark_slice raw, bool plain, size_t text_len,
                              bool attribute, struct bark_slice *text);

/* decode_fail.c: the memory budget is used up; an element does not fit; content is missing at an END. */
enum bark_code bark_decode_full(struct bark_decoder *d);
enum bark_code bark_place_fail(struct bark_decoder *d, const struct bark_xml_event *ev);
enum bark_code bark_place_missing(struct bark_decoder *d, const struct bark_place *place, size_t offset);
/* Where what was found has the name that was expected, only its namespace is wrong: shows {namespace}name. */
void bark_decode_found_name(struct bark_error *err, const struct bark_xml_name *name);
/* An attribute's error: "/@name" is added to the path. */
void bark_decode_at_attribute(struct bark_decoder *d, struct bark_slice local);

/* decode_empty.c: has this element, just started, nothing that a decoder would look at? Then read() takes it.
 */
bool bark_empty_is(const struct bark_xml_reader *r, const struct bark_image *image,
                   const struct bark_xml_event *start, uint16_t type);
BARK_MUST_CHECK enum bark_code bark_empty_read(struct bark_xml_reader *r, const struct bark_image *image,
                                               uint16_t type, void **msg);

#endif
