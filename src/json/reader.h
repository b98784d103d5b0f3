/* json/reader.h - pulls events out of a JSON text, one at a time, without recursion.
 *
 * The reader holds [RFC8259] to the letter: UTF-8 without byte order mark, no comments, no trailing commas,
 * no lone surrogates. Numbers stay text, because only the type of a value knows how long a number may be.
 * Equal names in one object are for the decoder to refuse, which knows the names that may come.
 */
#ifndef BARK_JSON_READER_H
#define BARK_JSON_READER_H

#include "base/without.h"
#include "soapbark/arena.h"
#include "soapbark/limits.h"

enum bark_json_kind {
    BARK_JSON_OBJECT,
    BARK_JSON_OBJECT_END,
    BARK_JSON_ARRAY,
    BARK_JSON_ARRAY_END,
    BARK_JSON_NAME,
    BARK_JSON_STRING,
    BARK_JSON_NUMBER,
    BARK_JSON_TRUE,
    BARK_JSON_FALSE,
    BARK_JSON_NULL,
    BARK_JSON_EOF
};

struct bark_json_event {
    enum bark_json_kind kind;
    size_t offset; /* of its first byte */
    struct bark_slice raw; /* NAME, STRING: between the quotes; other scalars: all of it. In the input */
    bool plain; /* raw has no escapes */
    bool kept; /* STRING: raw has room of its own in the arena, and a NUL behind it */
    bool taken; /* STRING: its pieces went where r->window has them go; raw is empty */
};

/* What may come next. */
enum bark_json_state {
    BARK_JSON_WANT_VALUE,
    BARK_JSON_WANT_VALUE_OR_END, /* after '[' */
    BARK_JSON_WANT_NAME_OR_END, /* after '{' */
    BARK_JSON_WANT_NAME, /* after ',' */
    BARK_JSON_WANT_COLON,
    BARK_JSON_WANT_COMMA_OR_END /* after a value; at depth 0 the end of the text */
};

struct bark_json_window; /* window.h */

struct bark_json_reader {
    const uint8_t *begin, *at, *end; /* invariant: begin <= at <= end */
    size_t before; /* bytes of the text before begin */
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_error *err;
    uint8_t *open; /* limits->depth bits: 1 for an object */
    uint32_t depth, values;
    enum bark_json_state state;
    struct bark_json_window *window; /* NULL: the text is there as a whole */
    bool grows; /* more bytes may come behind end */
    bool inside; /* a string that is a value, which comes in pieces */
    bool plain; /* of the string or name that is being read */
    size_t known; /* bytes of it, or of a number, that were looked at */
    size_t string; /* offset of the string's first byte */
    struct bark_slice room; /* what the last text took from the arena; ptr NULL: nothing */
};

static inline bool bark_json_windowed(const struct bark_json_reader *r)
{
    return BARK_HAS_WINDOW && r->window;
}

/* Takes its stack from the arena. err is the caller's record and is filled on the first failure. */
BARK_MUST_CHECK enum bark_code bark_json_open(struct bark_json_reader *r, struct bark_slice in,
                                              const struct bark_limits *limits, struct bark_arena *arena,
                                              struct bark_error *err);

/* The next event. After EOF the text was complete. Errors: BARK_ERR_JSON, _UTF8, _LIMIT; of a window also
 * BARK_MORE, when bytes are needed first, and those of who takes the pieces of a string. Cost: linear. */
BARK_MUST_CHECK enum bark_code bark_json_next(struct bark_json_reader *r, struct bark_json_event *ev);

/* The text of a NAME or STRING with its escapes resolved: a slice of the input when plain, else a copy in the
 * arena. Other scalars give themselves. */
BARK_MUST_CHECK enum bark_code bark_json_text(struct bark_json_reader *r, const struct bark_json_event *ev,
                                              struct bark_slice *text);

/* After the value of a string was read: the room that bark_json_text() or the string's pieces took from the
 * arena is given back, if nothing but block stands above it. block (or NULL) is all that the value has there;
 * where it stands now. */
const void *bark_json_settle(struct bark_json_reader *r, const void *block);

/* The same of a slice of a string that was read; to may be the slice's own bytes. How many they are. */
size_t bark_json_flatten(struct bark_slice raw, uint8_t *to);

/* Line and column of an offset, to r->err. */
void bark_json_place_report(const struct bark_json_reader *r, size_t at);

/* Fails with the reader's position, line and column counted. */
enum bark_code bark_json_fail(struct bark_json_reader *r, enum bark_code code, size_t at, const char *rule);
#ifdef BARK_TERSE
#define bark_json_fail(r, code, at, rule) bark_json_fail(r, code, at, BARK_RULE(rule))
#endif

/* True when the whole text is one number [RFC8259 6]. */
bool bark_json_is_number(struct bark_slice text);

#endif
