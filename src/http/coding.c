/* http/coding.c - Content-Encoding and Accept-Encoding, for the one coding that a program may have.
 */
#include "http/chars.h"
#include "http/reader.h"

enum { EXPANSION_MIN = 64 * 1024 };

size_t bark_http_expansion_max(const struct bark_limits *limits, size_t len)
{
    uint64_t max = EXPANSION_MIN;
    if (len > max / limits->expansion)
        max = len <= limits->body_bytes / limits->expansion ? (uint64_t)len * limits->expansion
                                                            : limits->body_bytes;
    return (size_t)(max < limits->body_bytes ? max : limits->body_bytes);
}

/* [RFC9110 8.4.1.3] x-gzip is gzip. */
static bool coding_is(struct bark_slice s, const char *name)
{
    if (s.len > 2 && bark_slice_reads((struct bark_slice){ s.ptr, 2 }, "x-"))
        s = (struct bark_slice){ s.ptr + 2, s.len - 2 };
    return bark_slice_reads(s, name);
}

bool bark_http_content_coding(const struct bark_http_reader *r, const struct bark_http_coding *coding,
                              bool *encoded)
{
    struct bark_slice value;
    const size_t count = bark_http_field(r, "Content-Encoding", &value);
    *encoded = false;
    if (count == 0 || (count == 1 && bark_slice_reads(bark_http_trim(value), "identity")))
        return true;
    *encoded = count == 1 && coding && coding_is(bark_http_trim(value), coding->name);
    return *encoded;
}

/* "q=0", "q=0.0" ... [RFC9110 12.4.2]; anything that is no weight counts as 0 here: not compressing is safe.
 */
static bool weight_is_zero(struct bark_slice weight)
{
    weight = bark_http_trim(weight);
    if (weight.len < 3 || (weight.ptr[0] | 0x20) != 'q' || weight.ptr[1] != '=')
        return true;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.ptr[i] >= '1' && weight.ptr[i] <= '9')
            return false;
    return true;
}

bool bark_http_accepts_coding(const struct bark_http_reader *r, const char *name)
{
    struct bark_slice value;
    bool any = false;
    if (bark_http_field(r, "Accept-Encoding", &value) != 1)
        return false;
    while (value.ptr) {
        struct bark_slice weight = bark_http_split(&value, ',');
        const struct bark_slice coding = bark_http_trim(bark_http_split(&weight, ';'));
        const bool wanted = !weight.ptr || !weight_is_zero(weight);
        if (coding_is(coding, name))
            return wanted;
        if (bark_slice_reads(coding, "*"))
            any = wanted;
    }
    return any;
}
