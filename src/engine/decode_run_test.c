/* engine/decode_run_test.c - the quick ways, by a plan and without one, and the general way say the same.
 *
 * A decoder can be told to do without its quick ways. So every message, and every change of one of its bytes,
 * is decoded all three ways: they must give the same message, or the same error in the same place.
 */
#include "engine/decode.h"
#include "engine/decode_run_testing.h"
#include "engine/decode_testing.h"
#include "sample_image.h"
#include "testkit.h"

#include <stdlib.h>

enum { TEXT_MAX = 4096, SPACES = 200 };

static _Alignas(BARK_ALIGN) uint8_t memory[2][1 << 20];

/* Which image a message is of; OF_URIS is the first one with URIs for strings. */
enum { OF_TEST, OF_SAMPLE, OF_URIS };

#define XSI " xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"

static const struct {
    int of;
    const char *text;
} messages[] = {
    { OF_TEST,
      "<o:Order xmlns:o='urn:test' id=\"5\" mode=\"green\"><o:Name>a name that is longer than sixteen "
      "bytes</o:Name>\n  <o:Count>12</o:Count><o:Tag>t1</o:Tag><o:Tag>t2</o:Tag><o:Line><o:Text>one</o:Text>"
      "<o:Line><o:Text/></o:Line></o:Line><o:Line><o:Text>d\xc3\xa4</o:Text></o:Line><o:Bank>b</o:Bank>"
      "<o:Code>4</o:Code><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Secret>s]</o:Secret>"
      "<o:Level>9</o:Level><o:Answer>42</o:Answer><o:Size>1</o:Size><o:Size>-2</o:Size></o:Order>" },
    { OF_TEST,
      "<Order xmlns='urn:test' id='1'><Name></Name><Count>-7</Count><Note>n</Note><Tag>a</Tag><Tag>b</Tag>"
      "<Tag>c</Tag>\r\n\t<Card>k</Card></Order>" },
    { OF_TEST,
      "<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf><Node></Node></Node><Leaf>4</Leaf></Node>" },
    { OF_TEST,
      "<Order xmlns='urn:test' id='1'><Name/><Tag/><Tag /><Tag></Tag\n><Line\t><Text \r\n></Text ></Line >"
      "<Bank\n/><Code\n>5</Code></Order>" },
    { OF_TEST,
      "<Order xmlns='urn:test' id='1'><Name>a&amp;b&lt;&gt;&quot;&apos;&#65;&#x1F600;</Name><Tag>\r\r\n\n]"
      "</Tag><Tag>]]&gt;\xe2\x82\xac&#xe4;&#9;\t</Tag><Tag>seventeen bytes, then &#13;\r</Tag>"
      "<Card>]&amp;</Card></Order>" },
    { OF_SAMPLE,
      "<s:Item xmlns:s='urn:sample' xmlns:o='urn:other' token='t' count='5'><s:Name>n</s:Name>"
      "<s:Color>green</s:Color><s:Level>4</s:Level><s:Flag>1</s:Flag><s:When>2017-07-18T12:00:00Z</s:When>"
      "<s:Data>AAECAwQ=</s:Data><s:Kind>s:k</s:Kind><s:Code>abc</s:Code><s:Numbers>1 2 3</s:Numbers>"
      "<s:Size>red</s:Size><s:Amount>1.5</s:Amount><s:Big>7</s:Big><s:Length unit='m'>1.5</s:Length>"
      "<s:Note lang='en'>a<b/>c</s:Note><s:Both><s:B>b</s:B><s:A>1</s:A></s:Both><s:Tag>a</s:Tag>"
      "<s:Tag>b</s:Tag><s:Number>4</s:Number><s:Key>k</s:Key><s:Val>1</s:Val><s:Key>l</s:Key>"
      "<o:Name>o</o:Name></s:Item>" },
    { OF_SAMPLE,
      "<s:Item xmlns:s='urn:sample' token=\"t\"><s:Name>n</s:Name><s:Tag>a</s:Tag><s:Tag>b</s:Tag>"
      "<s:Long unit='m'>1</s:Long>\n <s:Key>k</s:Key><s:Val>1</s:Val><s:Key>l</s:Key>"
      "<s:Child\n  count = '1' token='&lt;\"\t\r\n&#10;x'><s:Name>c</s:Name><s:Tag>a</s:Tag><s:Tag>b</s:Tag>"
      "<s:Word>w</s:Word></s:Child><s:Child count='2' token='it&apos;s'><s:Name>d</s:Name><s:Tag>a</s:Tag>"
      "<s:Tag>b</s:Tag><s:Word/></s:Child><s:Next\n  count=\"7\"\n  token=\"it's\"\n><s:Name>e</s:Name>"
      "<s:Code>abcdefgh</s:Code><s:Amount>-5</s:Amount><s:Length>2</s:Length><s:Tag>a</s:Tag><s:Tag>b</s:Tag>"
      "<s:Number>1</s:Number></s:Next></s:Item>" },
    { OF_SAMPLE,
      "<s:Item xmlns:s='urn:sample' token=\"t\" count=\"5\"><s:Name>n&amp;m</s:Name>\n  "
      "<s:Color>green</s:Color>"
      "<s:Level>4</s:Level><s:Flag>true</s:Flag><s:When>2017-07-18T12:00:00Z</s:When><s:Tag>a</"
      "s:Tag>\t<s:Tag>"
      "b</s:Tag><s:Long unit=\"m\">1</s:Long><s:Key>k</s:Key><s:Val>1</s:Val><s:Key>l</s:Key><s:Child "
      "token=\"a]b\" count=\"-12345678\"><s:Name>0123456789abcdef0123456789abcdef</s:Name><s:Flag>0</s:Flag>"
      "<s:Tag>]</s:Tag><s:Tag>b</s:Tag><s:Word>w</s:Word></s:Child><s:Child token=\"\" ><s:Name>d</s:Name>"
      "<s:Tag>a</s:Tag><s:Tag>b</s:Tag><s:Word/></s:Child></s:Item>" },
    { OF_SAMPLE,
      "<s:Tree xmlns:s='urn:sample' name='a'><s:Tree name='b'/><s:Tree name=\"c\"></s:Tree></s:Tree>" },
    { OF_SAMPLE,
      "<s:Box xmlns:s='urn:sample' xmlns:o='urn:other'" XSI "><s:One i:type='s:Tree' name='a'/><s:Many "
      "unit='m'>1</s:Many><s:Many i:type='o:int'>7</s:Many><s:Many i:nil='1'/></s:Box>" },
    { OF_TEST, "<All xmlns='urn:test'>\n  <C>3</C>\n  <A>1</A><B>b</B></All>" },
    { OF_TEST, "<t:All xmlns:t='urn:test'><t:B></t:B><t:A>7</t:A></t:All>" },
    { OF_TEST,
      "<Order xmlns='urn:test' id='1'><Name>n</Name><Bank>b</Bank><Key>1</Key><Value>v</Value><Key>2</Key>"
      "<Key>3</Key><Value>w</Value><Secret>s</Secret><u:x xmlns:u='urn:u'>y<u:z/></u:x></Order>" },
    { OF_TEST, "<Node xmlns='urn:test'><Node><Node><Leaf>1</Leaf></Node><Node/></Node><Node></Node></Node>" },
    { OF_TEST, "<Loose xmlns='urn:test'><q/><gone/></Loose>" },
    { OF_TEST, "<Price xmlns='urn:test' unit='EUR'>12</Price>" },
    { OF_SAMPLE,
      "<Tree xmlns='urn:sample' name='a long name, then the end'><Tree name='b'/><Tree name=\"c\"/></Tree>" },
    { OF_URIS,
      "<Order xmlns='urn:test' id='1'><Name>http://a</Name><Tag>https://host.example/path?q=1&amp;r=2</Tag>"
      "<Tag> http://host.example/%20x#part "
      "</Tag><Tag>http://host.example/a]b[c\xc3\xa4</Tag><Bank>urn:b</Bank>"
      "<Key>1</Key><Value>https:/x</Value><Level>+8</Level></Order>" },
};
enum { MESSAGES = sizeof messages / sizeof *messages };

static const struct bark_image *image_of(size_t message)
{
    static struct image_builder builder; /* test programs may keep state */
    static struct bark_image sample;
    static struct bark_image uris;
    static struct bark_type_row types[TYPE_COUNT];
    struct sample_rows rows;
    struct bark_error err;
    if (messages[message].of == OF_TEST)
        return test_image();
    if (messages[message].of == OF_URIS) {
        uris = *test_image();
        memcpy(types, uris.types, sizeof types);
        types[TYPE_STRING].kind = BARK_KIND_ANYURI;
        uris.types = types;
        return &uris;
    }
    if (!sample.base)
        CHECK(bark_image_open(&sample, sample_image(&builder, &rows), &err) == BARK_OK);
    return &sample;
}

/* The same image with a plan, of memory that is used again by the next one. */
static struct bark_image planned(const struct bark_image *image)
{
    static _Alignas(BARK_ALIGN) uint8_t plan[1 << 16];
    struct bark_image copy = *image;
    if (bark_plan_size(image) > 0)
        CHECK(bark_plan_make(&copy, plan, sizeof plan) == BARK_OK);
    return copy;
}

struct result {
    enum bark_code code;
    struct bark_error err;
    struct bark_out out;
    uint8_t text[TEXT_MAX];
};

static void decode(const struct bark_image *image, bool general, const char *text, size_t len,
                   struct result *result)
{
    struct bark_arena a;
    struct bark_limits limits = bark_limits_device;
    uint16_t root;
    void *msg;
    limits.items = 3;
    bark_arena_init(&a, memory[general], sizeof *memory);
    bark_out_init(&result->out, result->text, sizeof result->text);
    result->code = test_decode_as(image, general, (struct bark_slice){ (const uint8_t *)text, len }, &limits,
                                  &a, &root, &msg, &result->err);
    if (result->code == BARK_OK) {
        struct bark_error err;
        CHECK_IN(text, bark_encode(image, root, msg, &limits, &a, &result->out, &err) == BARK_OK);
    }
}

static void same(const char *text, const struct result *quick, const struct result *general)
{
    CHECK_IN(text, quick->code == general->code);
    CHECK_IN(text, quick->err.rule == general->err.rule);
    CHECK_IN(text, quick->err.offset == general->err.offset);
    CHECK_IN(text, quick->err.line == general->err.line);
    CHECK_IN(text, quick->err.column == general->err.column);
    CHECK_TEXT(quick->err.path, general->err.path);
    CHECK_TEXT(quick->err.expected, general->err.expected);
    CHECK_TEXT(quick->err.found, general->err.found);
    CHECK_IN(text, quick->out.pos == general->out.pos);
    CHECK_IN(text, memcmp(quick->text, general->text, quick->out.pos) == 0);
}

/* True when the message is accepted. */
static bool compare(const struct bark_image *image, const char *text, size_t len)
{
    static struct result quick, general;
    const struct bark_image plan = planned(image);
    decode(image, true, text, len, &general);
    decode(image, false, text, len, &quick);
    same(text, &quick, &general);
    decode(&plan, false, text, len, &quick);
    same(text, &quick, &general);
    return quick.code == BARK_OK;
}

/* The message with white space behind it, so that the quick way reads it to its end. */
static size_t padded(const char *message, char *text)
{
    const size_t len = strlen(message);
    memcpy(text, message, len);
    memset(text + len, ' ', SPACES);
    text[len + SPACES] = '\0';
    return len + SPACES;
}

TEST(messages_are_the_same)
{
    size_t i;
    char text[TEXT_MAX];
    for (i = 0; i < MESSAGES; i++)
        CHECK_IN(messages[i].text, compare(image_of(i), text, padded(messages[i].text, text)));
}

TEST(every_changed_byte)
{
    static const char others[] = "<>&;'\"/:= ]x0-!?[\xff\xc3\n\tT";
    size_t i, at, k, accepted = 0, refused = 0;
    for (i = 0; i < MESSAGES; i++)
        for (at = 0; at < strlen(messages[i].text); at++)
            for (k = 0; k < sizeof others; k++) {
                char text[TEXT_MAX];
                const size_t len = padded(messages[i].text, text);
                text[at] = others[k];
                *(compare(image_of(i), text, len) ? &accepted : &refused) += 1;
            }
    CHECK(accepted > 100);
    CHECK(refused > 1000);
}

/* Every cut, with white space behind it. */
TEST(every_cut)
{
    size_t i, cut;
    for (i = 0; i < MESSAGES; i++)
        for (cut = 0; cut < strlen(messages[i].text); cut++) {
            char message[TEXT_MAX], text[TEXT_MAX];
            strcpy(message, messages[i].text);
            message[cut] = '\0';
            CHECK_IN(message, !compare(image_of(i), text, padded(message, text)));
        }
}

/* Any number of bytes behind the message, none of which is read: the room ends with them. */
TEST(every_distance_from_the_end)
{
    size_t i, behind;
    for (i = 0; i < MESSAGES; i++)
        for (behind = 0; behind < SPACES; behind++) {
            char text[TEXT_MAX], *exact;
            const size_t len = padded(messages[i].text, text) - SPACES + behind;
            exact = malloc(len + 1);
            CHECK(exact != NULL);
            memcpy(exact, text, len);
            exact[len] = '\0'; /* for messages of failed checks */
            CHECK_IN(text, compare(image_of(i), exact, len));
            free(exact);
        }
}

/* Every element gone, and every one twice. */
TEST(every_element_left_out_or_repeated)
{
    size_t i, from, to, times;
    for (i = 0; i < MESSAGES; i++) {
        const char *const whole = messages[i].text;
        for (from = 1; from < strlen(whole); from++)
            for (to = from + 1; whole[from] == '<' && to < strlen(whole); to++)
                for (times = 0; whole[to] == '<' && times < 5; times += 2) {
                    char message[TEXT_MAX], text[TEXT_MAX];
                    size_t len = from, n;
                    if (strlen(whole) + times * (to - from) + SPACES >= TEXT_MAX)
                        continue;
                    memcpy(message, whole, from);
                    for (n = 0; n < times; n++, len += to - from)
                        memcpy(message + len, whole + from, to - from);
                    strcpy(message + len, whole + to);
                    compare(image_of(i), text, padded(message, text));
                }
    }
}

/* Every budget, and every allocation refused; the peak. */
static size_t squeeze(const struct bark_image *image, const char *message, struct bark_slice in)
{
    struct bark_error err;
    struct bark_arena a;
    uint64_t allocs;
    size_t peak, cap;
    uint16_t root;
    void *msg;
    bark_arena_init(&a, memory[0], sizeof *memory);
    CHECK(test_decode_as(image, false, in, &bark_limits_device, &a, &root, &msg, &err) == BARK_OK);
    peak = a.peak;
    allocs = a.allocs;
    for (cap = 0; cap <= peak + 64; cap += BARK_ALIGN) {
        bark_arena_init(&a, memory[0], cap);
        CHECK_IN(message, test_decode_as(image, false, in, &bark_limits_device, &a, &root, &msg, &err) ==
                              (cap < peak ? BARK_ERR_MEMORY : BARK_OK));
        CHECK(a.peak <= cap);
    }
    for (; allocs; allocs--) {
        bark_arena_init(&a, memory[0], sizeof *memory);
        a.fail_at = allocs;
        CHECK_IN(message, test_decode_as(image, false, in, &bark_limits_device, &a, &root, &msg, &err) ==
                              BARK_ERR_MEMORY);
    }
    return peak;
}

/* Where memory is refused, all ways say so; and every budget from the peak on is enough for the quick ones,
 * which never need more than the general. */
TEST(every_budget_and_every_allocation)
{
    size_t i;
    for (i = 0; i < MESSAGES; i++) {
        char text[TEXT_MAX];
        const struct bark_slice in = { (const uint8_t *)text, padded(messages[i].text, text) };
        const struct bark_image plan = planned(image_of(i));
        const size_t peak = squeeze(image_of(i), messages[i].text, in);
        struct bark_error err;
        struct bark_arena a;
        uint16_t root;
        void *msg;
        bark_arena_init(&a, memory[0], sizeof *memory);
        CHECK(test_decode_as(image_of(i), true, in, &bark_limits_device, &a, &root, &msg, &err) == BARK_OK);
        CHECK_IN(messages[i].text, a.peak >= peak);
        CHECK_IN(messages[i].text, squeeze(&plan, messages[i].text, in) <= a.peak);
    }
}

TEST_MAIN(RUN(messages_are_the_same) RUN(every_changed_byte) RUN(every_cut) RUN(every_distance_from_the_end)
              RUN(every_element_left_out_or_repeated) RUN(every_budget_and_every_allocation))
