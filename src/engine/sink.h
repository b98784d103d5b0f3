/* engine/sink.h - values that go to a callback while they are read, instead of to the arena.
 *
 * The decoder knows nothing of sinks but four places where it asks: a value begins, a piece of its text came,
 * its text has ended, or all of it is there at once (a default value, octets that travelled beside the XML).
 * It asks through a table, so that a program without sinks does not link them.
 */
#ifndef BARK_ENGINE_SINK_H
#define BARK_ENGINE_SINK_H

#include "engine/pattern.h"
#include "engine/value_kind.h"
#include "soapbark/stream.h"

struct bark_decoder;
struct bark_xml_event;

struct bark_sink_ops {
    /* Opens the sink of the element at r->depth, when it has one. */
    enum bark_code (*begin)(struct bark_decoder *d, uint16_t type);
    enum bark_code (*piece)(struct bark_decoder *d, const struct bark_xml_event *ev);
    /* The text that began at offset is complete: judges it, and leaves the member present and empty. */
    enum bark_code (*end)(struct bark_decoder *d, size_t offset, void *member);
    /* The member holds the value, which was judged: hands it over, and leaves it present and empty. */
    enum bark_code (*whole)(struct bark_decoder *d, void *member);
};

enum { BARK_SINK_HEAD = BARK_ERROR_TEXT + 8 }; /* of a text, to show: more than an error holds */

/* One value that comes in. */
struct bark_sink_value {
    const struct bark_type_row *type;
    enum bark_white white;
    bool started; /* COLLAPSE: something else than white space was there */
    bool space; /* COLLAPSE: white space came, which counts if something follows */
    bool wrong; /* no text of the type */
    bool over; /* longer than it may be: nothing more is given */
    uint64_t length, length_max; /* characters or octets */
    uint8_t group[4], in_group, pads; /* base64 and hexadecimal digits that are no whole octets yet */
    struct bark_pattern_run patterns[BARK_SINK_PATTERNS];
    size_t pattern_count, head_len;
    uint8_t head[BARK_SINK_HEAD]; /* what its text begins with */
};

struct bark_sinks {
    const struct bark_sink_ops *ops;
    const struct bark_sink *sinks;
    size_t count;
    uint32_t depth; /* of the element that the paths begin with */
    const struct bark_sink *open; /* whose value is coming, or NULL */
    struct bark_sink_value value;
};

/* sink_path.c: why sinks cannot stand there, and *bad is the path of the first that cannot; or NULL. root
 * BARK_NONE: any. */
const char *bark_sinks_refusal(const struct bark_image *image, uint16_t root, const struct bark_sink *sinks,
                               size_t count, struct bark_slice *bad);

/* sink_path.c: fills *sinks, after it has checked all paths. The first element of a path stands at that
 * depth. Errors go to the reader. */
BARK_MUST_CHECK enum bark_code bark_sinks_open(struct bark_decoder *d, uint16_t root, uint32_t depth,
                                               const struct bark_sink *sinks, size_t count,
                                               struct bark_sinks *made);

/* sink_path.c: the sink of the innermost open element, or NULL. */
const struct bark_sink *bark_sink_find(const struct bark_decoder *d);

/* sink_octets.c: digits, to be changed at will, become octets in the same place; *own gets the octets of
 * digits that were left over before, which come first. Sets value->wrong. */
struct bark_sink_octets {
    uint8_t own[3];
    size_t own_len, len;
};
void bark_sink_octets(struct bark_sink_value *value, uint8_t *text, size_t len, struct bark_sink_octets *out);

/* sink_value.c: the value of s->open, whoever reads it. All return what the sink said.
 *
 * begin  one of the type comes        text   the next of its text, to be changed at will
 * whole  the member holds the value   end    leaves the member present and empty */
BARK_MUST_CHECK enum bark_code bark_sink_value_begin(struct bark_sinks *s, const struct bark_image *image,
                                                     uint16_t type, const char *path);
BARK_MUST_CHECK enum bark_code bark_sink_value_text(struct bark_sinks *s, uint8_t *text, size_t len);
BARK_MUST_CHECK enum bark_code bark_sink_value_whole(const struct bark_sinks *s, const void *member);
BARK_MUST_CHECK enum bark_code bark_sink_value_end(struct bark_sinks *s, void *member);
/* The text has ended: whether it was a value of the type, before end. */
BARK_MUST_CHECK enum bark_code bark_sink_value_judge(const struct bark_sinks *s,
                                                     const struct bark_value_scope *scope,
                                                     struct bark_value_error *error);

/* The four functions, and what is said when a sink refuses (sink.c). */
extern const struct bark_sink_ops bark_sink_ops;
extern const char bark_sink_rule[];

#endif
