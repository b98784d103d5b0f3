/* wsdl/gate_test.c - headers of WS-Addressing and WS-Security that a WSDL declares, whole and through a
 * window.
 *
 * The handler says what it got of each header, so that equal answers mean equal headers. Every request is
 * served whole, and through a window in pieces of every length, cut in two at every byte, ended at every byte
 * and with every byte damaged: status and answer must be the same to the byte.
 */
#include "gate.h"

#include "soapbark/soap_stream.h"
#include "testkit.h"

#include <string.h>

#define WSA "http://www.w3.org/2005/08/addressing"
#define WSSE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define WSU "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define TOKEN_TYPE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#"
#define ENVELOPE(header) \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" WSA "\"><s:Header>" header \
    "</s:Header><s:Body><Open xmlns=\"urn:gate\"><Side>north &amp; " \
    "south</Side></Open></s:Body></s:Envelope>"
#define ACTION "<a:Action s:mustUnderstand=\"1\">urn:gate:Open</a:Action>"
#define ID "<a:MessageID>urn:uuid:7</a:MessageID>"
#define REPLY \
    "<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</" \
    "a:Address><a:ReferenceParameters>" \
    "<k:Key xmlns:k=\"urn:k\">a&lt;b</k:Key></a:ReferenceParameters></a:ReplyTo>"
#define TO "<a:To s:mustUnderstand=\"1\">http://gate/</a:To>"
#define PASSWORD "<w:Password Type=\"" TOKEN_TYPE "PasswordDigest\">tuOSpGlFlIXsozq4HFNeeGeFLEI=</w:Password>"
#define TOKEN \
    "<w:UsernameToken><w:Username>eve</w:Username>" PASSWORD "<w:Nonce>LKqI6G/AikKCQrN0zqZFlg==</w:Nonce>" \
    "<u:Created>2010-09-16T07:50:45Z</u:Created></w:UsernameToken>"
#define SECURITY(inside) \
    "<w:Security s:mustUnderstand=\"1\" xmlns:w=\"" WSSE "\" xmlns:u=\"" WSU "\">" inside "</w:Security>"

enum { WINDOW = 512, ANSWER_BYTES = 8192 };

struct exchange {
    _Alignas(BARK_ALIGN) uint8_t memory[64 * 1024];
    char text[ANSWER_BYTES];
    struct bark_soap_reply reply;
};

static struct exchange whole, windowed; /* a test program may keep state */
static struct bark_image image;
static unsigned calls;

static const char *uri_of(const struct wsa_AttributedURIType *uri)
{
    return uri ? uri->value.ptr : "-";
}

static enum bark_code gate_open(const struct g_Open *in, struct g_OpenResponse *out, struct bark_call *call)
{
    const struct g_Gate_Open_headers *h = g_Gate_Open_headers_of(call);
    const struct wsa_EndpointReferenceType *reply = h->ReplyTo;
    const bool keyed = reply && reply->ReferenceParameters && reply->ReferenceParameters->any.count == 1;
    calls++;
    out->Said =
        bark_call_printf(call, "%s, %s, %s, %s, %s, %s, %u, %s", uri_of(h->Action), uri_of(h->MessageID),
                         uri_of(h->To), reply ? reply->Address.value.ptr : "-",
                         keyed ? reply->ReferenceParameters->any.items[0].xml.ptr : "-",
                         h->Security && h->Security->any.count ? h->Security->any.items[0].xml.ptr : "-",
                         h->must_understand, in->Side.ptr);
    if (h->MessageID) {
        struct wsa_RelatesToType *relates = bark_call_alloc(call, 1, sizeof *relates);
        if (!relates)
            return BARK_ERR_MEMORY;
        relates->value = h->MessageID->value;
        g_Gate_Open_answer_headers_of(call)->RelatesTo = relates;
    }
    return BARK_OK;
}

static const struct g_Gate_handlers handlers = { .Open = gate_open };

static struct bark_service service_make(void)
{
    return (struct bark_service){ .path = "/gate",
                                  .image = &image,
                                  .service_row = g_Gate_row,
                                  .dispatch = g_Gate_dispatch,
                                  .handlers = &handlers };
}

static struct bark_soap_request request_of(struct bark_slice body)
{
    static const char type[] = "application/soap+xml; charset=utf-8; action=\"urn:gate:Open\"";
    return (struct bark_soap_request){ .content_type = { (const uint8_t *)type, sizeof type - 1 },
                                       .body = body };
}

static void serve_whole(struct bark_slice text)
{
    const struct bark_service service = service_make();
    const struct bark_soap_request request = request_of(text);
    struct bark_arena arena;
    struct bark_out out;
    bark_arena_init(&arena, whole.memory, sizeof whole.memory);
    bark_out_init(&out, whole.text, sizeof whole.text - 1);
    bark_soap_serve(&service, &bark_limits_device, &request, &arena, &out, &whole.reply);
    whole.text[out.pos] = '\0';
}

/* In pieces; the first one may have another length. */
static void serve_windowed(struct bark_slice text, size_t first, size_t piece)
{
    static uint8_t window[WINDOW];
    const struct bark_service service = service_make();
    const struct bark_soap_request request = request_of((struct bark_slice){ 0 });
    struct bark_soap_stream stream;
    struct bark_arena arena;
    struct bark_out out;
    size_t at = 0, step = first;
    bark_arena_init(&arena, windowed.memory, sizeof windowed.memory);
    bark_out_init(&out, windowed.text, sizeof windowed.text - 1);
    enum bark_code code = bark_soap_stream_open(&stream, &service, &bark_limits_device, &request, NULL, 0,
                                                &arena, window, sizeof window, &windowed.reply);
    while (code == BARK_MORE && at < text.len) {
        const size_t count = step < text.len - at ? step : text.len - at;
        code = bark_soap_stream_feed(&stream, (struct bark_slice){ text.ptr + at, count });
        at += count;
        step = piece;
    }
    bark_soap_stream_finish(&stream, &out);
    windowed.text[out.pos] = '\0';
}

static bool same(void)
{
    return windowed.reply.http_status == whole.reply.http_status && strcmp(windowed.text, whole.text) == 0;
}

static const struct {
    const char *label, *text, *want; /* want stands in the answer */
} cases[] = {
    { "no headers", ENVELOPE(""), ">-, -, -, -, -, -, 0, north &amp; south<" },
    { "addressing", ENVELOPE(ACTION ID TO),
      ">urn:gate:Open, urn:uuid:7, http://gate/, -, -, -, 5, north &amp; south<" },
    { "relates", ENVELOPE(ID), ":RelatesTo" },
    { "all of them", ENVELOPE(SECURITY(TOKEN) REPLY TO ID ACTION), "anonymous, &lt;k:Key xmlns:k=" },
    { "the token", ENVELOPE(ACTION SECURITY(TOKEN)), "PasswordDigest\"&gt;tuOSpGlFlIXsozq4HFNeeGeFLEI=" },
    { "an empty one", ENVELOPE(SECURITY("") ID), ">-, urn:uuid:7, -, -, -, -, 16, " },
    { "twice", ENVELOPE(ID ID), "Fault" },
    { "no address", ENVELOPE("<a:ReplyTo><a:Metadata/></a:ReplyTo>"), "Fault" },
    { "not declared", ENVELOPE("<a:From s:mustUnderstand=\"1\"><a:Address>urn:x</a:Address></a:From>" ID),
      "MustUnderstand" },
    { "not for us", ENVELOPE("<a:From><a:Address>urn:x</a:Address></a:From>" ID), "urn:uuid:7" },
};

enum { CASES = sizeof cases / sizeof *cases };

static struct bark_slice slice_at(size_t i)
{
    return (struct bark_slice){ (const uint8_t *)cases[i].text, strlen(cases[i].text) };
}

static bool ready(void)
{
    struct bark_error err = { 0 };
    return bark_image_open(&image, gate_tables(), &err) == BARK_OK;
}

TEST(declared_headers_reach_the_handler)
{
    CHECK(ready());
    for (size_t i = 0; i < CASES; i++) {
        serve_whole(slice_at(i));
        CHECK_IN(cases[i].label, strstr(whole.text, cases[i].want) != NULL);
        if (!strstr(whole.text, cases[i].want))
            printf("# %s\n", whole.text);
    }
}

TEST(a_window_answers_the_same_in_all_pieces)
{
    CHECK(ready());
    for (size_t i = 0; i < CASES; i++) {
        const struct bark_slice text = slice_at(i);
        bool good = true;
        serve_whole(text);
        for (size_t piece = 1; piece <= text.len && good; piece++) {
            serve_windowed(text, piece, piece);
            good = same();
            serve_windowed(text, piece, text.len);
            good = good && same();
        }
        CHECK_IN(cases[i].label, good);
    }
}

TEST(a_window_answers_the_same_to_what_is_cut_off_or_damaged)
{
    static uint8_t bytes[4096];
    CHECK(ready());
    for (size_t i = 0; i < CASES; i++) {
        const struct bark_slice text = slice_at(i);
        bool good = text.len < sizeof bytes;
        for (size_t at = 0; at < text.len && good; at++) {
            const unsigned before = calls;
            const struct bark_slice cut = { text.ptr, at };
            serve_whole(cut);
            serve_windowed(cut, 7, 7);
            good = same() && calls == before;
            memcpy(bytes, text.ptr, text.len);
            bytes[at] = bytes[at] == '<' ? '>' : '<';
            serve_whole((struct bark_slice){ bytes, text.len });
            serve_windowed((struct bark_slice){ bytes, text.len }, 64, 64);
            good = good && same();
            if (!good)
                printf("# %s, byte %zu\n# %s\n# %s\n", cases[i].label, at, whole.text, windowed.text);
        }
        CHECK_IN(cases[i].label, good);
    }
}

TEST_MAIN(RUN(declared_headers_reach_the_handler) RUN(a_window_answers_the_same_in_all_pieces)
              RUN(a_window_answers_the_same_to_what_is_cut_off_or_damaged))
