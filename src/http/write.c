/* http/write.c - the writers of heads.
 *
 * Header injection and response splitting (row 32) end here: a byte that the standard does not allow in a
 * field makes the whole output fail, and the output's failure is sticky, so no head that was almost right is
 * ever sent.
 */
#include "http/chars.h"
#include "soapbark/http.h"

#include "base/digits.h"

#include <string.h>

/* Code and phrase, as they stand in a status line. */
static const struct {
    uint16_t status;
    uint8_t len;
    const char *text;
} reasons[] = {
#define REASON(status, text) \
    { \
        status, sizeof(text) - 1, text \
    }
    REASON(200, "200 OK"), /* the first one asked for, mostly */
    REASON(100, "100 Continue"),
    REASON(202, "202 Accepted"),
    REASON(304, "304 Not Modified"),
    REASON(400, "400 Bad Request"),
    REASON(401, "401 Unauthorized"),
    REASON(403, "403 Forbidden"),
    REASON(404, "404 Not Found"),
    REASON(405, "405 Method Not Allowed"),
    REASON(408, "408 Request Timeout"),
    REASON(413, "413 Content Too Large"),
    REASON(414, "414 URI Too Long"),
    REASON(415, "415 Unsupported Media Type"),
    REASON(417, "417 Expectation Failed"),
    REASON(429, "429 Too Many Requests"),
    REASON(431, "431 Request Header Fields Too Large"),
    REASON(500, "500 Internal Server Error"),
    REASON(501, "501 Not Implemented"),
    REASON(503, "503 Service Unavailable"),
    REASON(505, "505 HTTP Version Not Supported"),
#undef REASON
};
enum { REASONS = sizeof reasons / sizeof *reasons, CODE_BYTES = 4 };

static size_t reason_find(unsigned status)
{
    size_t i = 0;
    while (i < REASONS && reasons[i].status != status)
        i++;
    return i;
}

const char *bark_http_reason(unsigned status)
{
    const size_t i = reason_find(status);
    return i < REASONS ? reasons[i].text + CODE_BYTES : "Unknown";
}

static struct bark_slice text_slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* A text of ours, and how long it is. */
#define LEAD(text) \
    (struct bark_slice) \
    { \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }

/* lead, value, CRLF: both known to be legal. Of a caller's text, line_write() makes sure. */
static void line_put(struct bark_out *o, struct bark_slice lead, struct bark_slice value)
{
    const size_t len = lead.len + value.len + 2;
    uint8_t *const to = bark_out_window(o, len); /* no overflow: both stand in memory, beside each other */
    if (!to) {
        bark_out_put(o, lead.ptr, lead.len);
        bark_out_put(o, value.ptr, value.len);
        bark_out_text(o, "\r\n");
        return;
    }
    memcpy(to, lead.ptr, lead.len);
    if (value.len)
        memcpy(to + lead.len, value.ptr, value.len);
    memcpy(to + len - 2, "\r\n", 2);
    bark_out_take(o, len);
}

static void line_write(struct bark_out *o, struct bark_slice lead, struct bark_slice value)
{
    if (bark_http_value_valid(value))
        line_put(o, lead, value);
    else
        o->failed = true;
}

static void line_u64_write(struct bark_out *o, struct bark_slice lead, uint64_t value)
{
    uint8_t digits[BARK_DIGITS_MAX];
    const size_t len = bark_digits(digits, value);
    line_put(o, lead, (struct bark_slice){ digits, len });
}

void bark_http_status_line_write(struct bark_out *o, unsigned status)
{
    if (status < 100 || status > 599) {
        o->failed = true;
        return;
    }
    const size_t i = reason_find(status);
    if (i < REASONS) {
        line_put(o, LEAD("HTTP/1.1 "),
                 (struct bark_slice){ (const uint8_t *)reasons[i].text, reasons[i].len });
        return;
    }
    bark_out_text(o, "HTTP/1.1 ");
    bark_out_u64(o, status);
    bark_out_text(o, " Unknown\r\n");
}

void bark_http_request_line_write(struct bark_out *o, const char *method, struct bark_slice target)
{
    struct bark_slice name = text_slice(method);
    if (name.len == 0 || !bark_http_all(name, BARK_HTTP_TOKEN) || target.len == 0 ||
        !bark_http_all(target, BARK_HTTP_TARGET)) {
        o->failed = true;
        return;
    }
    bark_out_text(o, method);
    bark_out_byte(o, ' ');
    bark_out_put(o, target.ptr, target.len);
    bark_out_text(o, " HTTP/1.1\r\n");
}

void bark_http_field_write(struct bark_out *o, const char *name, struct bark_slice value)
{
    struct bark_slice n = text_slice(name);
    if (n.len == 0 || !bark_http_all(n, BARK_HTTP_TOKEN) || !bark_http_value_valid(value)) {
        o->failed = true;
        return;
    }
    bark_out_text(o, name);
    bark_out_text(o, ": ");
    bark_out_put(o, value.ptr, value.len);
    bark_out_text(o, "\r\n");
}

void bark_http_field_u64_write(struct bark_out *o, const char *name, uint64_t value)
{
    uint8_t digits[20];
    struct bark_out text;
    bark_out_init(&text, digits, sizeof digits);
    bark_out_u64(&text, value);
    bark_http_field_write(o, name, bark_out_bytes(&text));
}

/* Decimal digits of value, ending before `end`. */
static void digits_put(char *end, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++, value /= 10)
        *--end = (char)('0' + value % 10);
}

/* [RFC9110 5.6.7] IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT". The year is counted in 400-year eras that
 * start on 1 March, so that a leap day is the last day of its year. */
void bark_http_date_write(struct bark_out *o, uint64_t now_ns)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1 January 1970 was a Thursday */
    static const char months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    uint64_t seconds = now_ns / 1000000000u, day = seconds / 86400u, of_day = seconds % 86400u;
    uint64_t shifted = day + 719468u; /* days from 1 March of year 0 to 1 January 1970 */
    uint64_t era = shifted / 146097u, of_era = shifted % 146097u;
    uint64_t year_of_era = (of_era - of_era / 1460u + of_era / 36524u - of_era / 146096u) / 365u;
    uint64_t of_year = of_era - (365u * year_of_era + year_of_era / 4u - year_of_era / 100u);
    uint64_t month = (5u * of_year + 2u) / 153u; /* 0 is March */
    char text[] = "Thu, 01 Jan 1970 00:00:00 GMT";
    memcpy(text, days + day % 7u * 3u, 3);
    digits_put(text + 7, of_year - (153u * month + 2u) / 5u + 1u, 2);
    memcpy(text + 8, months + month * 3u, 3);
    digits_put(text + 16, year_of_era + era * 400u + (month >= 10 ? 1u : 0u),
               4); /* 64-bit time ends in 2554 */
    digits_put(text + 19, of_day / 3600u, 2);
    digits_put(text + 22, of_day / 60u % 60u, 2);
    digits_put(text + 25, of_day % 60u, 2);
    bark_out_put(o, text, sizeof text - 1);
}

void bark_http_head_end_write(struct bark_out *o)
{
    bark_out_text(o, "\r\n");
}

static void date_field_write(struct bark_out *o, const struct bark_http_answer *answer)
{
    if (answer->date.ptr) {
        line_put(o, LEAD("Date: "), answer->date);
        return;
    }
    bark_out_text(o, "Date: ");
    bark_http_date_write(o, answer->now_ns);
    bark_out_text(o, "\r\n");
}

void bark_http_answer_write(struct bark_out *o, const struct bark_http_answer *answer)
{
    bark_http_status_line_write(o, answer->status);
    if (answer->now_ns)
        date_field_write(o, answer);
    if (answer->server)
        line_write(o, LEAD("Server: "), text_slice(answer->server));
    if (answer->content_type)
        line_write(o, LEAD("Content-Type: "), text_slice(answer->content_type));
    if (answer->chunked)
        bark_out_text(o, "Transfer-Encoding: chunked\r\n");
    else if (answer->status != 304 &&
             !answer->until_close) /* [RFC9110 8.6] there it would be the length of what is not sent */
        line_u64_write(o, LEAD("Content-Length: "), answer->content_length);
    if (answer->etag)
        line_write(o, LEAD("ETag: "), text_slice(answer->etag));
    if (answer->content_encoding) {
        line_write(o, LEAD("Content-Encoding: "), text_slice(answer->content_encoding));
        bark_out_text(o, "Vary: Accept-Encoding\r\n");
    }
    if (answer->accept_encoding)
        line_write(o, LEAD("Accept-Encoding: "), text_slice(answer->accept_encoding));
    if (answer->allow)
        line_write(o, LEAD("Allow: "), text_slice(answer->allow));
    if (answer->retry_after_s)
        line_u64_write(o, LEAD("Retry-After: "), answer->retry_after_s);
    if (answer->request_id)
        line_write(o, LEAD("X-Request-Id: "), text_slice(answer->request_id));
    bark_out_put(o, answer->fields.ptr, answer->fields.len);
    if (answer->close)
        bark_out_text(o, "Connection: close\r\n");
    if (!answer->chunked)
        bark_http_head_end_write(o);
}

void bark_http_chunk_write(struct bark_out *o, uint64_t len)
{
    unsigned shift = 60;
    while (shift > 0 && len >> shift == 0)
        shift -= 4;
    bark_out_text(o, "\r\n");
    for (;; shift -= 4) {
        bark_out_byte(o, bark_hex_lower[len >> shift & 15]);
        if (shift == 0)
            break;
    }
    bark_out_text(o, len ? "\r\n" : "\r\n\r\n");
}
