/* gzip/gzip.c - gzip by zlib, whole bodies, in pieces of a small buffer.
 *
 * What comes out is bounded by the output that the caller gives, so the bomb of row 24 ends where that
 * refuses.
 */
#include "soapbark/gzip.h"

#define ZLIB_CONST
#include <zlib.h>

enum { PIECE = BARK_HTTP_CODING_PIECE, GZIP_WINDOW = 15 + 16, LEVEL = 6, MEMORY = 8 };

static const char broken_rule[] = "[RFC1952 2.2] the body is not one whole gzip member";

/* zlib counts in uInt: the next piece of the input, at most so much. */
static void input_give(z_stream *z, struct bark_slice *in)
{
    if (z->avail_in > 0)
        return;
    z->next_in = in->ptr;
    z->avail_in = in->len < PIECE ? (uInt)in->len : PIECE;
    in->ptr += z->avail_in;
    in->len -= z->avail_in;
}

static enum bark_code body_decode(struct bark_slice in, struct bark_out *out, struct bark_error *err)
{
    const size_t whole = in.len;
    uint8_t piece[PIECE];
    z_stream z = { .next_in = NULL };
    int result = Z_OK;
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory to expand a body");
    while (result == Z_OK && bark_out_ok(out)) {
        input_give(&z, &in);
        z.next_out = piece;
        z.avail_out = sizeof piece;
        result = inflate(&z, Z_NO_FLUSH);
        if (result == Z_OK || result == Z_STREAM_END)
            bark_out_put(out, piece, sizeof piece - z.avail_out);
        if (result == Z_BUF_ERROR && in.len > 0)
            result = Z_OK; /* nothing moved for want of input, and there is more */
    }
    const size_t left = in.len + z.avail_in;
    (void)inflateEnd(&z);
    if (!bark_out_ok(out))
        return bark_fail(err, BARK_ERR_LIMIT, whole - left,
                         "[SECURITY row 24] the body expands to more than its limit");
    if (result == Z_MEM_ERROR)
        return bark_fail(err, BARK_ERR_MEMORY, whole - left, "no memory to expand a body");
    if (result != Z_STREAM_END || left > 0)
        return bark_fail(err, BARK_ERR_HTTP, whole - left, broken_rule);
    return BARK_OK;
}

static bool body_encode(struct bark_slice in, struct bark_out *out)
{
    uint8_t piece[PIECE];
    z_stream z = { .next_in = NULL };
    int result = Z_OK;
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    while (result == Z_OK && bark_out_ok(out)) {
        input_give(&z, &in);
        z.next_out = piece;
        z.avail_out = sizeof piece;
        result = deflate(&z, in.len > 0 ? Z_NO_FLUSH : Z_FINISH);
        bark_out_put(out, piece, sizeof piece - z.avail_out);
    }
    (void)deflateEnd(&z);
    return result == Z_STREAM_END && bark_out_ok(out);
}

const struct bark_http_coding bark_gzip = { .name = "gzip", .decode = body_decode, .encode = body_encode };
