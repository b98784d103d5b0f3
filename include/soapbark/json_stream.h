/* soapbark/json_stream.h - the window mode for JSON: bark_decode_json() of a text that is never in memory as
 * a whole.
 *
 * As soapbark/stream.h for XML: the bytes are fed as they come, in pieces cut anywhere, through a window of 1
 * or 2 KB, and the struct, and every error with its place, are those of bark_decode_json() on the whole text
 * (docs/window.md says what differs). Members may come in any order, as there.
 */
#ifndef SOAPBARK_JSON_STREAM_H
#define SOAPBARK_JSON_STREAM_H

#include "soapbark/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A text being decoded. Set by bark_json_stream_open(); everything else of it is in the arena, so there is
 * nothing to free and dropping it at any time is fine. */
struct bark_json_stream {
    struct bark_json_stream_state *state; /* NULL: not open */
};

/** Begins a text. Parameters as for bark_decode_json(), and
 *
 *  window      memory of the caller for the bytes that are being read, window_size of them: at least
 *              BARK_WINDOW_MIN, and longer than the longest name, number or literal that is to be understood
 *  err         may be NULL; is the caller's until bark_json_stream_finish()
 *
 *  limits, arena, window and err must stay until bark_json_stream_finish() or until the stream is dropped.
 *  Errors: BARK_ERR_USE, no such root, a window too small or a limit of 0; BARK_ERR_MEMORY, the arena cannot
 *  hold the state. Threads: safe while streams have arenas and windows of their own. */
BARK_MUST_CHECK enum bark_code bark_json_stream_open(struct bark_json_stream *s,
                                                     const struct bark_image *image, uint16_t root,
                                                     const struct bark_limits *limits,
                                                     struct bark_arena *arena, void *window,
                                                     size_t window_size, struct bark_error *err);

/** Says which members go to sinks, as bark_stream_sinks() does, with the same paths: local names of elements,
 * "/Order/Line/Image", without arrays, "#group" and "#text". To be called before the first bytes are fed.
 * A null goes to no sink. */
BARK_MUST_CHECK enum bark_code bark_json_stream_sinks(struct bark_json_stream *s,
                                                      const struct bark_sink *sinks, size_t count);

/** The next bytes of the text, any number of them. They are not needed after the call.
 *
 *  BARK_MORE: all is well so far. Else the first error, which every later call repeats; a name or number
 * longer than the window is a BARK_ERR_LIMIT [R4]. Cost: linear in the bytes fed, however they are cut; never
 * calls malloc, does not recurse [R6]. */
BARK_MUST_CHECK enum bark_code bark_json_stream_feed(struct bark_json_stream *s, struct bark_slice bytes);

/** The text has ended. BARK_OK: *msg is the struct, as bark_decode_json() gives it; nothing in it points into
 * the window. Else *msg is NULL. */
BARK_MUST_CHECK enum bark_code bark_json_stream_finish(struct bark_json_stream *s, void **msg);

/** Bytes of the arena that bark_json_stream_open() takes for a stream with these limits, without the root's
 * struct. */
size_t bark_json_stream_bytes(const struct bark_limits *limits);

#ifdef __cplusplus
}
#endif
#endif
