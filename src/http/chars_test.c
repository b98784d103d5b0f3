/* http/chars_test.c - what looks at eight bytes, or at one bit, says the same as what looks at each byte. */
#include "http/chars.h"

#include "soapbark/http.h"
#include "testkit.h"

TEST(values_are_judged_alike_by_words_and_by_bytes)
{
    enum { LEN = 27 };
    uint8_t text[LEN];
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < LEN; at++) {
            for (unsigned around = 0; around < 3; around++) { /* neighbours from which a carry could come */
                memset(text, "~\x80\xff"[around], sizeof text);
                text[at] = (uint8_t)byte;
                CHECK(bark_http_value_valid((struct bark_slice){ text, LEN }) ==
                      bark_http_is((uint8_t)byte, BARK_HTTP_VALUE));
            }
        }
    }
    CHECK(bark_http_value_valid((struct bark_slice){ 0 }));
}

TEST(digits_end_where_64_bits_end)
{
    static const struct {
        const char *text;
        uint64_t value; /* 0: refused */
    } rows[] = {
        { "1", 1 },
        { "9999999999999999999", UINT64_C(9999999999999999999) },
        { "18446744073709551615", UINT64_MAX },
        { "0000000000000000000000018", 18 },
        { "18446744073709551616", 0 },
        { "99999999999999999999", 0 },
        { "184467440737095516150", 0 },
        { "", 0 },
        { "-1", 0 },
        { "1/", 0 },
        { "1:", 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct bark_slice text = { (const uint8_t *)rows[i].text, strlen(rows[i].text) };
        uint64_t value = 7;
        CHECK_IN(rows[i].text, bark_http_digits(text, &value) == (rows[i].value != 0));
        CHECK_IN(rows[i].text, value == rows[i].value);
    }
}

/* Every field of a head is found in any spelling of its name, and no other is. */
TEST(fields_are_found_by_name)
{
    static const char *const names[] = { "a",
                                         "B",
                                         "X-Request-Id",
                                         "Accept-Encoding",
                                         "!#$%&'*+-.^_`|~0",
                                         "Origin",
                                         "If-None-Match",
                                         "X-Request-Ie",
                                         "accept-encodin" };
    static const char text[] = "POST / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\nA: 1\r\nx-reQUest-ID: 2\r\n"
                               "Accept-Encoding: 3\r\nACCEPT-ENCODING:4\r\n!#$%&'*+-.^_`|~0: 5\r\n\r\n";
    static const size_t counts[] = { 1, 0, 1, 2, 1, 0, 0, 0, 0 };
    static uint8_t head[1024];
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 }, value;
    struct bark_error err = { 0 };
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &bark_limits_device, head, sizeof head);
    CHECK(bark_http_read(&r, &in, &value, &err) == BARK_HTTP_HEAD);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_IN(names[i], bark_http_field(&r, names[i], &value) == counts[i]);
        CHECK_IN(names[i], (value.len == 1) == (counts[i] > 0));
    }
    CHECK(bark_http_field_nth(&r, "accept-encoding", 1, &value) && value.ptr[0] == '4');
    CHECK(r.message.host_bracketed && r.message.host_name.len == 11);
    CHECK(bark_http_message_host_allowed(&r.message, NULL, 0));
}

TEST_MAIN(RUN(values_are_judged_alike_by_words_and_by_bytes) RUN(digits_end_where_64_bits_end)
              RUN(fields_are_found_by_name))
