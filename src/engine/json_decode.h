/* engine/json_decode.h - the frames of the JSON decoder, shared by its parts.
 *
 * No part pulls an event: decode_json.c does, keeps the frames, and hands each event to the part whose turn
 * it is, so that the decoder can stop before any of them and go on when there is more input (json_stream.c).
 * decode_json_member.c finds the place of a member and opens it; decode_json_typed.c reads "#type";
 * decode_json_array.c collects items; decode_json_xml.c checks XML inside JSON; decode_json_end.c proves at
 * the end of an object that nothing is missing; json_sink.c hands strings to sinks.
 */
#ifndef BARK_ENGINE_JSON_DECODE_H
#define BARK_ENGINE_JSON_DECODE_H

#include "base/scratch.h"
#include "engine/json_object.h"
#include "engine/json_value.h"
#include "json/window.h"

enum bark_json_frame_kind {
    BARK_JSON_FRAME_OBJECT, /* a struct or group */
    BARK_JSON_FRAME_ITEMS, /* a repeated member */
    BARK_JSON_FRAME_LIST, /* the items of a list type */
    BARK_JSON_FRAME_ATTRIBUTES, /* the attributes of a wildcard */
    BARK_JSON_FRAME_VALUE /* the "#text" of a simple type that "#type" named */
};

/* One open object or array, on the scratch end of the arena. */
struct bark_json_frame {
    struct bark_json_frame *up;
    size_t mark; /* scratch height without this frame */
    uint8_t kind;
    bool in_member; /* between a name and the end of its value */
    uint16_t type; /* struct or group row; type of the items, BARK_NONE for wildcards; LIST: the list type */
    uint16_t member; /* OBJECT: the slot being read, then the guess for the next name */
    struct bark_json_object object;
    const struct bark_field_row *field; /* ITEMS, ATTRIBUTES: what repeats */
    struct bark_array *array; /* where the finished array goes */
    uint8_t *last; /* VALUE: where the value goes; else the newest item; items before it stand above it,
                      stride apart */
    size_t item_size, stride, count, offset; /* offset: of the bracket, for errors */
    bool any_nil;
};

/* An object may begin with "#type": its first name decides, and then that one's value, what it is. */
struct bark_json_look {
    bool on, named; /* named: "#type" was there, its value comes next */
    uint16_t type; /* TYPED row */
    void *member;
    size_t offset; /* of the object */
};

struct bark_json_decoder;
struct bark_json_sinks; /* json_sink.h */

/* Strings that go to sinks; a table, so that a program without sinks does not link them. */
struct bark_json_sink_ops {
    /* ev is a string, of the type, for member: *taken says whether it went to a sink. */
    enum bark_code (*value)(struct bark_json_decoder *d, const struct bark_json_event *ev, uint16_t type,
                            void *member, bool *taken);
};

struct bark_json_decoder {
    struct bark_json_reader r; /* its error record is never NULL */
    const struct bark_image *image;
    struct bark_arena *arena;
    struct bark_json_frame *frame; /* innermost; NULL outside every object and array */
    struct bark_json_look look;
    void *msg; /* room for the root's value */
    struct bark_json_sinks *sinks; /* NULL: all values stay */
    const struct bark_json_sink_ops *sink_ops;
    uint16_t root;
};

/* Reads until the end of the text, or until bark_json_next() gives something else than BARK_OK; may be called
 * again after BARK_MORE. */
BARK_MUST_CHECK enum bark_code bark_json_decode_go(struct bark_json_decoder *d);

/* The path of the member that is being read. */
void bark_json_path_report(const struct bark_json_decoder *d, struct bark_error *err);

/* Whether the value just placed is an object or array, that goes on; frame was the innermost one before. */
static inline bool bark_json_has_begun(const struct bark_json_decoder *d, const struct bark_json_frame *frame)
{
    return d->frame != frame || d->look.on;
}

/* Fails with place and path. */
enum bark_code bark_json_refuse(struct bark_json_decoder *d, enum bark_code code, size_t at,
                                const char *rule);
#ifdef BARK_TERSE
#define bark_json_refuse(d, code, at, rule) bark_json_refuse(d, code, at, BARK_RULE(rule))
#endif
/* The same for a budget that has no room. */
enum bark_code bark_json_no_memory(struct bark_json_decoder *d, size_t at);

/* Opens the struct at base. */
BARK_MUST_CHECK enum bark_code bark_json_begin_object(struct bark_json_decoder *d, size_t at, uint16_t type,
                                                      void *base);
/* Opens an array; type is that of the items, or for a LIST frame the list type. */
BARK_MUST_CHECK enum bark_code bark_json_begin_array(struct bark_json_decoder *d, size_t at,
                                                     enum bark_json_frame_kind kind, uint16_t type,
                                                     const struct bark_field_row *field,
                                                     struct bark_array *array);
/* Opens the object around a value of a simple type that was named; room is where the value goes. */
BARK_MUST_CHECK enum bark_code bark_json_begin_value(struct bark_json_decoder *d, size_t at, uint16_t type,
                                                     void *room);
void bark_json_end_frame(struct bark_json_decoder *d);

/* Reads a value that is not null into place: a scalar at once, an object or array by opening its frame. The
 * type is a STRUCT, GROUP or value row. */
BARK_MUST_CHECK enum bark_code bark_json_place(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                               uint16_t type, void *member);
/* The same for a type that is not TYPED; named: ev is an object that began with "#type". */
BARK_MUST_CHECK enum bark_code bark_json_value_place(struct bark_json_decoder *d,
                                                     const struct bark_json_event *ev, uint16_t type,
                                                     void *member, bool named);
/* decode_json_typed.c: the value is of a TYPED row. An object opens d->look, and the events after it go to
 * bark_json_look_event() until the union at member holds the type that "#type" names, or the declared one. */
BARK_MUST_CHECK enum bark_code bark_json_typed_place(struct bark_json_decoder *d,
                                                     const struct bark_json_event *ev, uint16_t type,
                                                     void *member);
BARK_MUST_CHECK enum bark_code bark_json_look_event(struct bark_json_decoder *d,
                                                    const struct bark_json_event *ev);
/* decode_json_xml.c: the string of a field without type row: one element (ANY), any content (CONTENT), or the
 * value of an attribute (ANY_ATTRIBUTE). */
BARK_MUST_CHECK enum bark_code bark_json_place_text(struct bark_json_decoder *d,
                                                    const struct bark_json_event *ev,
                                                    const struct bark_field_row *field,
                                                    struct bark_text *text);
/* [XSD1 3.10.4] Refuses a namespace that the wildcard of the field does not let in. */
BARK_MUST_CHECK enum bark_code bark_json_wildcard_check(struct bark_json_decoder *d,
                                                        const struct bark_field_row *field,
                                                        struct bark_slice uri, size_t at);

/* One event inside the innermost frame, and inside each kind. */
BARK_MUST_CHECK enum bark_code bark_json_frame_event(struct bark_json_decoder *d,
                                                     const struct bark_json_event *ev);
BARK_MUST_CHECK enum bark_code bark_json_object_event(struct bark_json_decoder *d,
                                                      const struct bark_json_event *ev);
BARK_MUST_CHECK enum bark_code bark_json_array_event(struct bark_json_decoder *d,
                                                     const struct bark_json_event *ev);
BARK_MUST_CHECK enum bark_code bark_json_attributes_event(struct bark_json_decoder *d,
                                                          const struct bark_json_event *ev);
BARK_MUST_CHECK enum bark_code bark_json_typed_event(struct bark_json_decoder *d,
                                                     const struct bark_json_event *ev);

/* The end of an object: presets filled in, required members there. */
BARK_MUST_CHECK enum bark_code bark_json_object_check(struct bark_json_decoder *d, size_t at);

/* [XSD1 3.3.4] A fixed value is compared as a value: 1 and 01 are the same integer. member is that of the
 * innermost OBJECT or VALUE frame, which must be reading it. */
BARK_MUST_CHECK enum bark_code bark_json_fixed_check(struct bark_json_decoder *d, uint16_t type,
                                                     const void *member, size_t at);

/* decode_json_array.c: "{uri}local" or "local" in its parts. */
void bark_json_name_split(struct bark_slice name, struct bark_slice *uri, struct bark_slice *local);

/* decode_json_member.c: the struct or group that the group slot stands for; NULL while it is not there. */
uint8_t *bark_json_group_at(const struct bark_json_object *o, uint16_t slot);

#endif
