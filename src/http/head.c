/* http/head.c - the lines of a head: request line, status line, header fields.
 *
 * Each field that decides where a message ends or who it is for is a singleton here, even where the standard
 * would let a recipient merge equal copies: two readers that pick different copies are what an attacker wants
 * (row 31). Every other field is checked for its bytes and left in the head buffer, where bark_http_field()
 * finds it.
 */
#include "http/chars.h"
#include "http/reader.h"

#include "base/bytes.h"

#include <string.h>

bool bark_http_target_valid(struct bark_slice target)
{
    for (size_t i = 0; i < target.len; i++) {
        if (!bark_http_is(target.ptr[i], BARK_HTTP_TARGET))
            return false;
        if (target.ptr[i] == '%' && (target.len - i < 3 || !bark_http_is(target.ptr[i + 1], BARK_HTTP_HEX) ||
                                     !bark_http_is(target.ptr[i + 2], BARK_HTTP_HEX)))
            return false;
    }
    return true;
}

/* Takes the scheme and the authority off an absolute-form target [RFC9112 3.2.2]; what is left is the path.
 * False when it is not one. */
static bool absolute_read(struct bark_http_reader *r, struct bark_slice *rest)
{
    static const char *const schemes[] = { "http://", "https://" };
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct bark_slice scheme = { rest->ptr, strlen(schemes[i]) };
        size_t at = scheme.len;
        if (rest->len < at || !bark_slice_reads(scheme, schemes[i]))
            continue;
        while (at < rest->len && rest->ptr[at] != '/' && rest->ptr[at] != '?')
            at++;
        r->authority = (struct bark_slice){ rest->ptr + scheme.len, at - scheme.len };
        rest->ptr += at;
        rest->len -= at;
        return true;
    }
    return false;
}

/* [RFC9112 3.2] origin-form, or absolute-form whose authority Host must repeat, or "*" for OPTIONS. */
static enum bark_code target_read(struct bark_http_reader *r, struct bark_error *err)
{
    struct bark_http_message *m = &r->message;
    struct bark_slice rest = m->target;
    if (rest.len == 1 && rest.ptr[0] == '*' && bark_slice_reads(m->method, "OPTIONS")) {
        m->path = rest;
        return BARK_OK;
    }
    if (!bark_http_target_valid(rest))
        return bark_http_refuse(r, 400, rest.ptr, "[RFC3986 3.3] a byte or escape is not legal in a target",
                                err);
    if (rest.len == 0 || (rest.ptr[0] != '/' && !absolute_read(r, &rest)))
        return bark_http_refuse(r, 400, rest.ptr,
                                "[RFC9112 3.2] the target is a path, or an http URL with one", err);
    m->query = rest;
    m->path = bark_http_split(&m->query, '?');
    if (m->path.len == 0) /* [RFC9112 3.2.1] an empty path is sent as "/" */
        m->path = (struct bark_slice){ (const uint8_t *)"/", 1 };
    return BARK_OK;
}

/* "HTTP/1.0" or "HTTP/1.1" [RFC9112 2.3]. */
static enum bark_code version_read(struct bark_http_reader *r, struct bark_slice text, struct bark_error *err)
{
    if (text.len != 8 || memcmp(text.ptr, "HTTP/", 5) != 0 || !bark_http_is(text.ptr[5], BARK_HTTP_DIGIT) ||
        text.ptr[6] != '.' || !bark_http_is(text.ptr[7], BARK_HTTP_DIGIT))
        return bark_http_refuse(r, 400, text.ptr, "[RFC9112 2.3] HTTP-version is HTTP/1.1 or HTTP/1.0", err);
    if (text.ptr[5] != '1' || text.ptr[7] > '1')
        return bark_http_refuse(r, 505, text.ptr, "[RFC9110 15.6.6] only HTTP/1.1 and HTTP/1.0 are spoken",
                                err);
    r->message.minor = (uint8_t)(text.ptr[7] - '0');
    return BARK_OK;
}

/* [RFC9112 3] method SP target SP version, one space each. */
static enum bark_code request_line_read(struct bark_http_reader *r, struct bark_slice line,
                                        struct bark_error *err)
{
    struct bark_http_message *m = &r->message;
    struct bark_slice rest = line;
    m->method = bark_http_split(&rest, ' ');
    if (m->method.len == 0 || !rest.ptr ||
        (!bark_slice_is(m->method, "POST") && !bark_http_all(m->method, BARK_HTTP_TOKEN)))
        return bark_http_refuse(r, 400, line.ptr,
                                "[RFC9112 3] a request line is method, target and version, one space each",
                                err);
    m->target = bark_http_split(&rest, ' ');
    if (!rest.ptr)
        return bark_http_refuse(r, 400, line.ptr + line.len, "[RFC9112 3] the request line lacks its version",
                                err);
    if (version_read(r, rest, err) != BARK_OK)
        return BARK_ERR_HTTP;
    return target_read(r, err);
}

/* [RFC9112 4] version SP three digits SP [reason]. */
static enum bark_code status_line_read(struct bark_http_reader *r, struct bark_slice line,
                                       struct bark_error *err)
{
    struct bark_slice rest = line, digits;
    uint64_t status;
    if (version_read(r, bark_http_split(&rest, ' '), err) != BARK_OK)
        return BARK_ERR_HTTP;
    digits = bark_http_split(&rest, ' ');
    if (!rest.ptr || digits.len != 3 || !bark_http_digits(digits, &status) || status < 100 || status > 599)
        return bark_http_refuse(r, 400, line.ptr,
                                "[RFC9112 4] a status line is version, three digits and a reason", err);
    if (!bark_http_all(rest, BARK_HTTP_VALUE))
        return bark_http_refuse(r, 400, rest.ptr, "[RFC9112 4] a byte is not legal in a reason phrase", err);
    r->message.status = (uint16_t)status;
    return BARK_OK;
}

enum bark_code bark_http_start_line_read(struct bark_http_reader *r, struct bark_slice line,
                                         struct bark_error *err)
{
    return r->role == BARK_HTTP_REQUEST ? request_line_read(r, line, err) : status_line_read(r, line, err);
}

static enum bark_code length_field_read(struct bark_http_reader *r, struct bark_slice value,
                                        struct bark_error *err)
{
    r->message.has_content_length = bark_http_digits(value, &r->message.content_length);
    if (r->message.has_content_length)
        return BARK_OK;
    if (value.len == 0 || !bark_http_all(value, BARK_HTTP_DIGIT)) /* no sign, no list, no 0x [RFC9112 6.3] */
        return bark_http_refuse(r, 400, value.ptr, "[RFC9110 8.6] Content-Length is decimal digits", err);
    return bark_http_refuse(r, 413, value.ptr, "limits.body_bytes: Content-Length passes 2^64", err);
}

static enum bark_code coding_field_read(struct bark_http_reader *r, struct bark_slice value,
                                        struct bark_error *err)
{
    if (!bark_slice_reads(value, "chunked"))
        return bark_http_refuse(r, 501, value.ptr,
                                "[RFC9112 6.1] no transfer coding but one \"chunked\" is known", err);
    r->message.chunked = true;
    return BARK_OK;
}

/* [RFC9110 7.6.1] a list of tokens; "close" wins. */
static enum bark_code connection_field_read(struct bark_http_reader *r, struct bark_slice value,
                                            struct bark_error *err)
{
    while (value.ptr) {
        struct bark_slice option = bark_http_trim(bark_http_split(&value, ','));
        if (!bark_http_all(option, BARK_HTTP_TOKEN))
            return bark_http_refuse(r, 400, option.ptr, "[RFC9110 7.6.1] Connection is a list of tokens",
                                    err);
        if (bark_slice_reads(option, "close"))
            r->seen |= BARK_HTTP_SEEN_CLOSE;
    }
    return BARK_OK;
}

static enum bark_code host_field_read(struct bark_http_reader *r, struct bark_slice value,
                                      struct bark_error *err)
{
    struct bark_http_message *m = &r->message;
    uint16_t port;
    if (r->role == BARK_HTTP_REQUEST &&
        !bark_http_authority_read(value, &m->host_name, &port, &m->host_bracketed))
        return bark_http_refuse(r, 400, value.ptr, "[RFC9112 3.2] Host is a host and an optional port", err);
    m->host = value;
    return BARK_OK;
}

static enum bark_code expect_field_read(struct bark_http_reader *r, struct bark_slice value,
                                        struct bark_error *err)
{
    if (r->role == BARK_HTTP_RESPONSE)
        return BARK_OK;
    if (!bark_slice_reads(value, "100-continue"))
        return bark_http_refuse(r, 417, value.ptr,
                                "[RFC9110 10.1.1] no expectation but 100-continue is known", err);
    r->message.expect_continue = true;
    return BARK_OK;
}

static enum bark_code type_field_read(struct bark_http_reader *r, struct bark_slice value,
                                      struct bark_error *err)
{
    (void)err;
    r->message.content_type = value;
    return BARK_OK;
}

static enum bark_code action_field_read(struct bark_http_reader *r, struct bark_slice value,
                                        struct bark_error *err)
{
    (void)err;
    r->message.soap_action = value;
    return BARK_OK;
}

/* Fields that this layer acts on, as nearly everybody spells them; seen 0 marks a list, which may come in
 * several lines. */
#define KNOWN(name, seen, read) \
    { \
        name, sizeof(name) - 1, seen, read \
    }
static const struct known_field {
    const char *name;
    size_t len;
    uint16_t seen;
    enum bark_code (*read)(struct bark_http_reader *r, struct bark_slice value, struct bark_error *err);
} known_fields[] = {
    KNOWN("Host", BARK_HTTP_SEEN_HOST, host_field_read),
    KNOWN("Content-Length", BARK_HTTP_SEEN_LENGTH, length_field_read),
    KNOWN("Transfer-Encoding", BARK_HTTP_SEEN_CODING, coding_field_read),
    KNOWN("Content-Type", BARK_HTTP_SEEN_TYPE, type_field_read),
    KNOWN("SOAPAction", BARK_HTTP_SEEN_ACTION, action_field_read),
    KNOWN("Expect", BARK_HTTP_SEEN_EXPECT, expect_field_read),
    KNOWN("Connection", 0, connection_field_read),
};

/* The known field that a line begins with, up to its colon. No name has a colon in it, so it is the first
 * one. */
static const struct known_field *known_find(struct bark_slice line)
{
    for (size_t i = 0; i < sizeof known_fields / sizeof *known_fields; i++) {
        const struct known_field *known = &known_fields[i];
        if (line.len > known->len && line.ptr[known->len] == ':' &&
            (bark_bytes_equal(line.ptr, (const uint8_t *)known->name, known->len) ||
             bark_slice_reads((struct bark_slice){ line.ptr, known->len }, known->name)))
            return known;
    }
    return NULL;
}

static enum bark_code known_apply(struct bark_http_reader *r, const struct known_field *known,
                                  struct bark_slice name, struct bark_slice value, struct bark_error *err)
{
    if ((r->seen & known->seen) != 0)
        return bark_http_refuse(r, 400, name.ptr, "[RFC9110 5.3] a field that may stand once stands twice",
                                err);
    r->seen |= known->seen;
    return known->read(r, value, err);
}

/* One bit of 64 for a field name, the same for each spelling of it. A head has few fields: what is asked for
 * and did not come is mostly known by this bit alone. Peers who choose names that share bits cost what the
 * search costs anyway. */
static uint64_t name_bit(struct bark_slice name)
{
    const unsigned first = name.ptr[0] | 0x20u, last = name.ptr[name.len - 1] | 0x20u;
    const unsigned middle = name.ptr[name.len / 2] | 0x20u;
    return UINT64_C(1) << ((name.len + first * 5 + middle * 11 + last * 3) & 63);
}

/* [RFC9112 5] name ":" OWS value OWS. White space before the colon and folded lines fail as names do. */
enum bark_code bark_http_field_line_read(struct bark_http_reader *r, struct bark_slice line,
                                         struct bark_error *err)
{
    struct bark_slice rest = line, name, value;
    const struct known_field *known;
    if (r->message.field_count == r->headers_max)
        return bark_http_refuse(r, 431, line.ptr, "limits.http_headers: more header fields than that", err);
    r->message.field_count++;
    known = known_find(line);
    if (known) {
        name = (struct bark_slice){ line.ptr, known->len };
        rest = (struct bark_slice){ line.ptr + known->len + 1, line.len - known->len - 1 };
    } else {
        name = bark_http_split(&rest, ':');
    }
    if (!known && (!rest.ptr || name.len == 0 || !bark_http_all(name, BARK_HTTP_TOKEN)))
        return bark_http_refuse(r, 400, line.ptr,
                                "[RFC9112 5.1] a field is a token, a colon at once, and a value on one line",
                                err);
    r->names |= name_bit(name);
    value = bark_http_trim(rest);
    if (!bark_http_value_valid(value)) {
        while (bark_http_is(*value.ptr, BARK_HTTP_VALUE))
            value.ptr++;
        return bark_http_refuse(r, 400, value.ptr,
                                "[RFC9110 5.5] a control byte is not legal in a field value", err);
    }
    return known ? known_apply(r, known, name, value, err) : BARK_OK;
}

/* The fields of this name; the nth one into *value. */
static size_t field_find(const struct bark_http_reader *r, const char *name, size_t n,
                         struct bark_slice *value)
{
    const struct bark_slice wanted = { (const uint8_t *)name, strlen(name) };
    struct bark_slice rest = { r->head, r->head_len };
    size_t count = 0;
    *value = (struct bark_slice){ 0 };
    if (wanted.len == 0 || (r->names & name_bit(wanted)) == 0)
        return 0;
    while (rest.ptr) {
        struct bark_slice line = bark_http_split(&rest, '\n');
        struct bark_slice field = bark_http_split(&line, ':');
        if (!line.ptr || !bark_slice_alike(field, wanted))
            continue;
        line.len--; /* its CR */
        if (count++ == n)
            *value = bark_http_trim(line);
    }
    return count;
}

size_t bark_http_field(const struct bark_http_reader *r, const char *name, struct bark_slice *value)
{
    return field_find(r, name, 0, value);
}

bool bark_http_field_nth(const struct bark_http_reader *r, const char *name, size_t n,
                         struct bark_slice *value)
{
    return field_find(r, name, n, value) > n;
}
