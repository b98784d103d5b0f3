/* json/window.h - reading a JSON text that is never in memory as a whole.
 *
 * The reader's input is then a window: a block of the caller's memory with the next bytes of the text. Names,
 * numbers and literals are read when they are whole in it. A string that is a value and is not whole when it
 * begins comes in pieces: to the arena, from where it is given as one event, or to whoever wants it.
 *
 * Errors are at the first byte of the token just read, with two exceptions, and of what has left the window
 * only the places are known that were noted: where such a string began, and one that the decoder asks to
 * keep.
 */
#ifndef BARK_JSON_WINDOW_H
#define BARK_JSON_WINDOW_H

#include "base/lines.h"
#include "json/reader.h"

struct bark_json_mark {
    size_t offset, line, column;
};

/* What reader.c needs of this; a table, so that a program without windows does not link it. */
struct bark_json_window_ops {
    void (*place)(const struct bark_json_reader *r, size_t at);
    /* ev->raw is the next piece of the string at ev->offset. Makes ev the whole event when it is the last. */
    enum bark_code (*piece)(struct bark_json_reader *r, struct bark_json_event *ev, bool last);
    void (*keep)(struct bark_json_reader *r, size_t at);
};

/* Who wants the pieces of a string. begin says in *wanted whether this one; take gets text with its escapes
 * resolved, cut between characters, that it may change. Both return BARK_OK or the failure they noted. */
struct bark_json_taker {
    enum bark_code (*begin)(void *user, size_t offset, bool *wanted);
    enum bark_code (*take)(void *user, uint8_t *text, size_t len);
    void *user;
};

struct bark_json_window {
    const struct bark_json_window_ops *ops;
    uint8_t *memory;
    size_t size;
    const struct bark_json_taker *taker; /* or NULL */
    struct bark_lines lines; /* never beyond r->at */
    struct bark_json_mark string, kept;
    bool wanted; /* by the taker: the string that is coming */
    size_t collected; /* bytes of it above arena->used */
};

/* An error may be told later of the token that begins at that offset and was read last. */
static inline void bark_json_keep(struct bark_json_reader *r, size_t at)
{
    if (bark_json_windowed(r))
        r->window->ops->keep(r, at);
}

/* Resolves the escapes of ev's raw, which is in the window, where it stands; *len bytes, to be changed at
 * will. ev is the token just read, or the piece of it. */
uint8_t *bark_json_window_flat(struct bark_json_reader *r, const struct bark_json_event *ev, size_t *len);

/* As bark_json_open(), of a text whose bytes are put into w->memory by bark_json_window_add(). memory and
 * size must be set; everything else is. */
BARK_MUST_CHECK enum bark_code bark_json_open_window(struct bark_json_reader *r, struct bark_json_window *w,
                                                     const struct bark_limits *limits,
                                                     struct bark_arena *arena, struct bark_error *err);

/* Moves what is not yet read to the front and adds as many of the bytes as fit in; how many. */
size_t bark_json_window_add(struct bark_json_reader *r, struct bark_slice bytes);

/* No byte fits into the window, and the reader wants more: the token is longer. Fails with that. */
enum bark_code bark_json_window_full(struct bark_json_reader *r);

#endif
