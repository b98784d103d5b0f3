/* server/download.c - an answer whose parts come from sources: the next piece of it, whenever the peer has
 * taken the one before.
 *
 * Pieces are made in the loop's reply buffer, so a connection in the middle of a download owns no more than
 * what its peer did not take of one. Without a known length they are chunks [RFC9112 7.1]; the line end
 * behind a chunk is written with the next one. HTTP/1.0 has no chunks: there the close says that it is over.
 */
#include "server/loop.h"
#include "soap/outgoing.h"

#include <stdlib.h>
#include <string.h>

enum { FRAME_ROOM = 32, PIECE_MAX = 16 * 1024 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

struct bark_download *bark_download_new(const struct bark_soap_sending *soap, struct bark_soap_parts *parts)
{
    const size_t own = (sizeof(struct bark_download) + BARK_ALIGN - 1) / BARK_ALIGN * BARK_ALIGN;
    struct bark_download *d = malloc(own + soap->bytes(parts));
    if (!d)
        return NULL;
    *d = (struct bark_download){ .soap = soap };
    d->parts = soap->init((uint8_t *)d + own, parts);
    d->length = d->parts->length;
    return d;
}

void bark_download_drop(struct bark_download *d, enum bark_code why)
{
    if (!d)
        return;
    d->soap->close(d->parts, why);
    free(d);
}

void bark_download_begin(struct bark_download *d, struct bark_answer *answer,
                         const struct bark_http_message *m, uint64_t now_ns)
{
    uint64_t length = d->length;
    d->mark_ns = now_ns;
    if (length == BARK_LENGTH_UNKNOWN || __builtin_add_overflow(length, answer->body_len, &length)) {
        d->length = BARK_LENGTH_UNKNOWN;
        d->chunked = m->minor == 1;
        answer->http.chunked = d->chunked;
        answer->http.until_close = !d->chunked;
    }
}

struct bark_slice bark_download_next(struct bark_download *d, struct bark_reply *r, enum bark_code *code)
{
    uint8_t *data = r->ptr + FRAME_ROOM;
    size_t cap = r->cap - FRAME_ROOM, len = 0;
    struct bark_out frame;
    uint8_t room[FRAME_ROOM];
    *code = d->over ? BARK_OK : d->soap->read(d->parts, data, cap < PIECE_MAX ? cap : PIECE_MAX, &len);
    if (*code != BARK_MORE && *code != BARK_OK)
        return (struct bark_slice){ NULL, 0 };
    if (!d->chunked || d->over)
        return (struct bark_slice){ data, len };
    bark_out_init(&frame, room, sizeof room);
    bark_http_chunk_write(&frame, len);
    d->over = len == 0;
    *code = BARK_MORE; /* the last chunk is there to be sent */
    memcpy(data - frame.pos, room, frame.pos);
    return (struct bark_slice){ data - frame.pos, frame.pos + len };
}

/* The rate of the last seconds, as of uploads. */
bool bark_download_slow(struct bark_download *d, const struct bark_loop *loop)
{
    const uint64_t took = loop->now_ns - d->mark_ns, bytes = d->sent - d->mark_sent;
    if (bytes < took / NS_PER_MS * loop->limits.body_bytes_per_s / 1000u)
        return true;
    d->mark_ns = loop->now_ns;
    d->mark_sent = d->sent;
    return false;
}
