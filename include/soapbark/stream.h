/* soapbark/stream.h - decoding a message that is never in memory as a whole: the window mode of the engine.
 *
 * bark_decode() wants the whole document. A device with 16 to 64 KB of memory feeds the bytes as they come
 * instead, in pieces cut anywhere, through a window of 1 or 2 KB. The struct, and every error with its place,
 * are those of bark_decode() on the whole document (docs/window.md says what differs: three things).
 */
#ifndef SOAPBARK_STREAM_H
#define SOAPBARK_STREAM_H

#include "soapbark/codec.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    BARK_WINDOW_MIN = 256, /* bytes of the smallest window */
    BARK_SINK_PATTERNS = 4 /* patterns of one type that a sink's value can be held against */
};

/** Where the text of one kind of member goes instead of the arena: strings and octets of any length, handed
 * over in pieces while the message comes in. The member itself is then present and empty.
 *
 * What the type asks for is checked on the way: base64 and hexadecimal digits, white space, lengths,
 * patterns. A piece is only given while the value is within its greatest length; but what cannot be known
 * before the value ends (a pattern, a least length, broken padding), and whatever is wrong with the rest of
 * the message, shows after the pieces were given. So what a sink has is provisional until end(), and for the
 * whole message until bark_stream_finish() says BARK_OK. */
struct bark_sink {
    /* Which member: the local names from the root element down, "/LoadCertificates/NVTCertificate/Data". An
     * element of simple type, or of a complex type with simple content (its content goes, not its
     * attributes). All that stand at that path go to this sink. */
    const char *path;
    /* A value begins; path tells which one, with the numbers of repeated members, as in errors. May be NULL.
     */
    enum bark_code (*begin)(void *user, const char *path);
    /* A piece of it, at least one byte, at most as long as the window: UTF-8 text, cut between characters, or
     * octets. It is gone after the call. (A default value, and octets that an xop:Include means, are one.) */
    enum bark_code (*take)(void *user, struct bark_slice piece);
    /* The value was complete and valid. May be NULL. A default value of the schema comes like any other; a
     * nil element comes not at all. */
    enum bark_code (*end)(void *user);
    void *user;
};

/** A message being decoded. Set by bark_stream_open(); everything else of it is in the arena, so there is
 * nothing to free and dropping it at any time is fine. */
struct bark_stream {
    struct bark_stream_state *state; /* NULL: not open */
};

/** Begins a message. Parameters as for bark_decode_with(), and
 *
 *  window      memory of the caller for the bytes that are being read, window_size of them: at least
 *              BARK_WINDOW_MIN, and at least as long as the longest tag that is to be understood
 *  err         may be NULL; is the caller's until bark_stream_finish()
 *
 *  limits, arena, window, options and err must stay until bark_stream_finish() or until the stream is
 * dropped. Errors: BARK_ERR_USE, a window too small or a limit of 0; BARK_ERR_MEMORY, the arena cannot hold
 * the state. Threads: safe while streams have arenas and windows of their own. */
BARK_MUST_CHECK enum bark_code bark_stream_open(struct bark_stream *s, const struct bark_image *image,
                                                uint16_t root, const struct bark_decode_options *options,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                void *window, size_t window_size, struct bark_error *err);

/** Says which members go to sinks. To be called before the first bytes are fed; sinks, paths and users must
 * stay as long as the stream. A sink that returns anything but BARK_OK ends the message with that code.
 *
 *  Errors: BARK_ERR_USE, and err->found shows the path: it names no element of the root (of any root, when
 * the stream was opened without one); the element is neither string, normalizedString, token, base64Binary
 * nor hexBinary nor derived from those; its type has an enumeration or the element a fixed value, which are
 *  compared as a whole; more than BARK_SINK_PATTERNS patterns. BARK_ERR_MEMORY. */
BARK_MUST_CHECK enum bark_code bark_stream_sinks(struct bark_stream *s, const struct bark_sink *sinks,
                                                 size_t count);

/** The next bytes of the message, any number of them. They are not needed after the call.
 *
 *  BARK_MORE: all is well so far. Else the first error, which every later call repeats. The error is that of
 *  bark_decode(), as soon as the bytes that prove it are there; a tag longer than the window is a
 *  BARK_ERR_LIMIT [R4].
 *  Cost: linear in the bytes fed, however they are cut; never calls malloc, does not recurse [R6]. */
BARK_MUST_CHECK enum bark_code bark_stream_feed(struct bark_stream *s, struct bark_slice bytes);

/** The message has ended. BARK_OK: *msg is the struct and *root_out (may be NULL) its root, as
 * bark_decode() gives them; nothing in it points into the window. Else *msg is NULL. */
BARK_MUST_CHECK enum bark_code bark_stream_finish(struct bark_stream *s, void **msg, uint16_t *root_out);

/** Bytes of the arena that bark_stream_open() takes for a stream with these limits, for the bill of a device.
 */
size_t bark_stream_bytes(const struct bark_limits *limits);

#ifdef __cplusplus
}
#endif
#endif
