/* soap/media_test.c - Content-Type fields that name a SOAP version, and those that must not. */
#include "soap/media.h"

#include "base/slice.h"
#include "testkit.h"

static const struct {
    const char *field;
    int version; /* 0: refused */
    const char *action;
} cases[] = {
    { "text/xml", 11, "" },
    { "text/xml; charset=utf-8", 11, "" },
    { "Text/XML;CHARSET=\"UTF-8\"", 11, "" },
    { " text/xml ;\tcharset=utf-8 ", 11, "" },
    { "text/xml;", 11, "" }, /* [RFC9110 5.6.6] an empty parameter */
    { "text/xml;; charset=utf-8", 11, "" },
    { "application/soap+xml", 12, "" },
    { "application/soap+xml; charset=utf-8; action=\"urn:t/Echo\"", 12, "urn:t/Echo" },
    { "application/soap+xml; action=urn:t/Echo", 12, "urn:t/Echo" },
    { "application/soap+xml; action=\"\"", 12, "" },
    { "application/soap+xml; unknown=\"a;b\"; action=\"x\"", 12, "x" },
    { "", 0, "" },
    { "text/plain", 0, "" },
    { "text/xmlx", 0, "" },
    { "text/xml x", 0, "" },
    { "text/xml, application/soap+xml", 0, "" },
    { "text/xml; charset=iso-8859-1", 0, "" },
    { "text/xml; charset=utf-16", 0, "" },
    { "text/xml; charset=", 0, "" },
    { "text/xml; charset", 0, "" },
    { "text/xml; charset=\"utf-8", 0, "" },
    { "text/xml; charset=utf-8; charset=latin1", 0, "" },
    { "application/soap+xml; action=\"a\\\"b\"", 0, "" }, /* a backslash would be read in two ways */
    { "application/soap+xml; action=\"a\nb\"", 0, "" },
    { "application/soap+xml; action=\"a\"; action=\"b\"", 0, "" }, /* nor may there be two actions */
    { "application/soap+xml; action=\"\"; action=\"b\"", 0, "" },
    { "multipart/related; type=\"application/xop+xml\"", 0, "" },
    { "application/xml", 0, "" },
};

TEST(content_types)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bark_slice field = { (const uint8_t *)cases[i].field, strlen(cases[i].field) };
        struct bark_soap_media media;
        bool known = bark_soap_media_read(field, &media);
        CHECK_IN(cases[i].field, known == (cases[i].version != 0));
        CHECK_IN(cases[i].field, known == (media.dialect != NULL));
        CHECK_IN(cases[i].field, !known || (int)media.dialect->version == cases[i].version);
        CHECK_IN(cases[i].field, bark_slice_is(media.action, cases[i].action));
    }
}

TEST(content_type_cut_anywhere_is_never_read_past_its_end)
{
    const char *whole = "application/soap+xml; charset=\"utf-8\"; action=\"urn:t/Echo\"";
    for (size_t n = 0; n <= strlen(whole); n++) {
        uint8_t copy[128];
        struct bark_soap_media media;
        memcpy(copy, whole, n);
        bool known = bark_soap_media_read((struct bark_slice){ copy, n }, &media);
        CHECK(known == (media.dialect != NULL));
        CHECK(media.action.len == 0 || known);
    }
}

TEST_MAIN(RUN(content_types) RUN(content_type_cut_anywhere_is_never_read_past_its_end))
