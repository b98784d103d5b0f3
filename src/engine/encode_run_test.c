/* engine/encode_run_test.c - elements written whole, by a plan or without, and written piece by piece are the
 * same.
 *
 * A buffer that is emptied again and again has never room for a whole element, so there the general way
 * writes everything. What it writes, byte for byte, is what a large buffer must hold.
 */
#include "engine/decode_testing.h"
#include "sample_image.h"
#include "testkit.h"

enum { TEXT_MAX = 8192, PIECE = 44, LONG_PIECE = 80 /* texts do not fit otherwise */ };

static _Alignas(BARK_ALIGN) uint8_t memory[1 << 20];

struct pieces {
    struct bark_out all;
    uint8_t text[TEXT_MAX], piece[LONG_PIECE];
};

static bool piece_sent(struct bark_out *out, size_t need)
{
    struct pieces *pieces = out->user;
    bark_out_put(&pieces->all, out->base, out->pos);
    out->pos = 0;
    return need <= out->cap;
}

/* The message as the general way writes it. */
struct written {
    struct bark_error err;
    uint64_t allocs;
    enum bark_code code;
};

/* Writes it at once, and compares; what the arena's hook says is asked anew. */
static void whole_like(const struct bark_image *image, const char *label, uint16_t root, const void *msg,
                       const struct bark_limits *limits, struct bark_arena *a, const struct written *general,
                       const struct pieces *pieces)
{
    static uint8_t text[TEXT_MAX];
    struct bark_out whole;
    struct bark_error err;
    enum bark_code code;
    bark_out_init(&whole, text, sizeof text);
    code = bark_encode(image, root, msg, limits, a, &whole, &err);
    CHECK_IN(label, a->allocs == general->allocs);
    CHECK_IN(label, code == general->code);
    CHECK_TEXT(err.path, general->err.path);
    CHECK_IN(label, err.rule == general->err.rule);
    if (code != BARK_OK)
        return;
    CHECK_IN(label, whole.pos == pieces->all.pos);
    CHECK_IN(label, memcmp(text, pieces->text, whole.pos) == 0);
}

/* An image with a plan, of memory that is used again by the next one. */
static struct bark_image planned(const struct bark_image *image)
{
    static _Alignas(BARK_ALIGN) uint8_t room[1 << 16];
    struct bark_image copy = *image;
    const size_t size = bark_plan_size(&copy);
    CHECK(size <= sizeof room);
    if (size > 0)
        CHECK(bark_plan_make(&copy, room, size) == BARK_OK);
    return copy;
}

/* The message, encoded in all ways; piece: how much of it the general way may hold. */
static void both_in(const struct bark_image *image, const char *label, uint16_t root, const void *msg,
                    const struct bark_limits *limits, struct bark_arena *a, size_t piece)
{
    const struct bark_image quick = planned(image);
    const uint64_t allocs = a->allocs;
    static struct pieces pieces;
    struct bark_out small;
    struct written general;
    bark_out_init(&pieces.all, pieces.text, sizeof pieces.text);
    bark_out_init(&small, pieces.piece, piece);
    small.make_room = piece_sent;
    small.user = &pieces;
    general.code = bark_encode(image, root, msg, limits, a, &small, &general.err);
    general.allocs = a->allocs;
    piece_sent(&small, 0);
    a->allocs = allocs;
    whole_like(image, label, root, msg, limits, a, &general, &pieces);
    a->allocs = allocs;
    whole_like(&quick, label, root, msg, limits, a, &general, &pieces);
}

static void both_of(const struct bark_image *image, const char *label, uint16_t root, const void *msg,
                    const struct bark_limits *limits, struct bark_arena *a)
{
    both_in(image, label, root, msg, limits, a, PIECE);
}

static void both(const char *label, uint16_t root, const void *msg, struct bark_arena *a)
{
    both_of(test_image(), label, root, msg, &bark_limits_device, a);
}

static const char order_text[] =
    "<o:Order xmlns:o='urn:test' id='5' mode='green' v='1'><o:Name>a &amp; &lt;b&gt; \xc3\xa4</o:Name>"
    "<o:Count>-12</o:Count><o:Note/><o:Tag>t1</o:Tag><o:Tag/><o:Tag>a text of more than sixteen "
    "bytes]]</o:Tag>"
    "<o:Line><o:Text>one</o:Text><o:Line><o:Text>two</o:Text></o:Line></o:Line><o:Bank>b</o:Bank>"
    "<o:Code>4</o:Code><o:Key>1</o:Key><o:Value>one</o:Value><o:Key>2</o:Key><o:Secret>s</o:Secret>"
    "<o:Answer>42</o:Answer><o:Size>1</o:Size><o:Size>-2</o:Size></o:Order>";

static void *text_decode(const char *text, uint16_t root, struct bark_arena *a)
{
    const struct bark_slice in = { (const uint8_t *)text, strlen(text) };
    struct bark_error err;
    void *msg;
    bark_arena_init(a, memory, sizeof memory);
    CHECK(bark_decode(test_image(), root, in, &bark_limits_device, a, &msg, NULL, &err) == BARK_OK);
    return msg;
}

static struct order *order_decode(struct bark_arena *a)
{
    return text_decode(order_text, ROOT_ORDER, a);
}

TEST(a_whole_message)
{
    struct bark_arena a;
    both("order", ROOT_ORDER, order_decode(&a), &a);
}

/* Each byte of the struct changed in some ways: absent members, wrong presence, values out of range. Pointers
 * and counts are left alone, they are the caller's word. */
TEST(members_that_are_not_there_or_wrong)
{
    static const uint8_t values[] = { 0, 1, 2, 3, 255 };
    struct bark_arena a;
    struct order *o = order_decode(&a);
    const size_t from = offsetof(struct order, id), to = sizeof *o;
    size_t at, i;
    for (at = from; at < to; at++)
        for (i = 0; i < sizeof values; i++) {
            uint8_t *byte = (uint8_t *)o + at;
            const uint8_t before = *byte;
            *byte = values[i];
            both("changed", ROOT_ORDER, o, &a);
            *byte = before;
        }
    o->Name.ptr = NULL;
    both("Name", ROOT_ORDER, o, &a);
    o->Name = o->Tag.items[0];
    o->Tag.count = 2;
    o->Secret.ptr = NULL;
    o->Note.ptr = NULL;
    both("absent", ROOT_ORDER, o, &a);
}

/* Every byte at every place of texts around the vector's length, alone and behind a character beyond ASCII.
 */
TEST(every_byte_in_texts_of_every_length)
{
    struct bark_arena a;
    struct order *o = order_decode(&a);
    char text[64];
    size_t len, at;
    unsigned byte, lead;
    for (len = 1; len < 36; len++)
        for (at = 0; at < len; at++)
            for (byte = 1; byte < 256; byte += byte < 0x40 ? 1 : 21)
                for (lead = 0; lead < 2; lead++) {
                    memset(text, 'x', sizeof text);
                    if (lead && at >= 2)
                        memcpy(text, "\xc3\xa4", 2);
                    text[at] = (char)byte;
                    o->Name = (struct bark_text){ text, len };
                    both("text", ROOT_ORDER, o, &a);
                }
}

TEST(texts_in_attributes)
{
    static _Alignas(8) struct price price = { .value = 12 };
    struct bark_arena a;
    char text[40];
    size_t len;
    unsigned byte;
    bark_arena_init(&a, memory, sizeof memory);
    for (len = 0; len < 36; len++)
        for (byte = 1; byte < 256; byte++) {
            memset(text, 'x', sizeof text);
            text[len / 2] = (char)byte;
            price.unit = (struct bark_text){ text, len };
            both("unit", ROOT_PRICE, &price, &a);
        }
}

/* A buffer one byte too small is refused, one that is just large enough is not. */
TEST(every_size_of_the_output)
{
    static uint8_t text[TEXT_MAX];
    struct bark_arena a;
    struct bark_out out;
    struct bark_error err;
    const struct order *o = order_decode(&a);
    const struct bark_image quick = planned(test_image());
    size_t cap, need;
    bark_out_init(&out, text, sizeof text);
    CHECK(bark_encode(test_image(), ROOT_ORDER, o, &bark_limits_device, &a, &out, &err) == BARK_OK);
    need = out.pos;
    for (cap = 0; cap <= 2 * (need + 600); cap++) {
        const struct bark_image *image = cap % 2 ? &quick : test_image();
        memset(text, '#', sizeof text);
        bark_out_init(&out, text, cap / 2);
        CHECK(bark_encode(image, ROOT_ORDER, o, &bark_limits_device, &a, &out, &err) ==
              (cap / 2 < need ? BARK_ERR_LIMIT : BARK_OK));
        CHECK(text[cap / 2] == '#');
    }
}

/* Structs in groups in structs, choices of each kind; every depth that a limit allows; every allocation
 * refused once. */
TEST(depths_and_allocations)
{
    static const struct {
        const char *text;
        uint16_t root;
    } messages[] = {
        { order_text, ROOT_ORDER },
        { "<o:Order xmlns:o='urn:test' id='1'><o:Name>n</o:Name><o:Line><o:Text/></o:Line><o:Line><o:Text>t"
          "</o:Text></o:Line><o:Card>c</o:Card></o:Order>",
          ROOT_ORDER },
        { "<Node xmlns='urn:test'><Leaf>1</Leaf><Node><Leaf>2</Leaf><Node></Node><Node><Leaf>3</Leaf></Node>"
          "</Node><Leaf>4</Leaf></Node>",
          ROOT_NODE },
        { "<All xmlns='urn:test'><C>3</C><A>1</A></All>", ROOT_ALL },
    };
    struct bark_limits limits = bark_limits_device;
    struct bark_arena a;
    size_t i;
    for (i = 0; i < sizeof messages / sizeof *messages; i++) {
        const void *msg = text_decode(messages[i].text, messages[i].root, &a);
        const size_t cap = a.cap;
        for (limits.depth = 1; limits.depth < 7; limits.depth++)
            both_of(test_image(), messages[i].text, messages[i].root, msg, &limits, &a);
        for (a.fail_at = 1; a.fail_at < 20; a.fail_at++) {
            a.allocs = 0;
            both_of(test_image(), messages[i].text, messages[i].root, msg, &limits, &a);
        }
        a.fail_at = 0;
        for (a.cap = a.used; a.cap < a.used + 2000; a.cap += BARK_ALIGN)
            both_of(test_image(), messages[i].text, messages[i].root, msg, &limits, &a);
        a.cap = cap;
    }
}

/* Structs with simple content and an attribute: single, behind a pointer, and many. */
struct basket {
    struct bark_array many;
    struct price *behind;
    struct price one;
    uint8_t has_one;
};

static const struct bark_image *basket_image(void)
{
    static const struct wide_field rows[] = {
        FIELD(basket, one, NAME_A, TYPE_PRICE, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = 0),
        FIELD(basket, behind, NAME_B, TYPE_PRICE, BARK_FIELD_ELEMENT | BARK_F_POINTER, .ns = NS_TEST,
              .has = BARK_NO_HAS),
        FIELD(basket, many, NAME_Price, TYPE_PRICE, BARK_FIELD_ELEMENT | BARK_F_REPEATED, .ns = NS_TEST,
              .has = BARK_NO_HAS),
    };
    static struct bark_image image;
    static struct wide_field fields[TEST_FIELDS + 3];
    static struct bark_field_row field_rows[TEST_FIELDS + 3];
    static struct bark_trait_row traits[TEST_FIELDS + 3 + 1];
    static struct bark_type_row types[TYPE_COUNT + 1];
    static struct bark_root_row root_row;
    static uint16_t lists[TEST_LISTS + BARK_ROOT_GROUP];
    struct wide_root root;
    const size_t first = TEST_FIELDS;
    image = *test_image();
    memcpy(fields, test_fields, sizeof test_fields);
    memcpy(fields + first, rows, sizeof rows);
    memcpy(types, test_types, sizeof test_types);
    types[TYPE_COUNT] =
        (struct bark_type_row)STRUCT_ROW(basket, NAME_Tags, (uint16_t)first, 3, 0, BARK_MODEL_SEQUENCE);
    types[TYPE_COUNT].presence = offsetof(struct basket, has_one);
    root = test_roots[ROOT_PRICE];
    root.type = TYPE_COUNT;
    wide_fields_pack(fields, TEST_FIELDS + 3, field_rows, traits);
    memcpy(lists, test_lists, sizeof test_lists);
    wide_roots_pack(&root, 1, &root_row, traits, TEST_FIELDS + 3, lists + TEST_LISTS, TEST_LISTS);
    image.lists = lists;
    image.fields = field_rows;
    image.field_count = TEST_FIELDS + 3;
    image.traits = traits;
    image.types = types;
    image.type_count = TYPE_COUNT + 1;
    image.roots = &root_row;
    image.root_count = 1;
    return &image;
}

TEST(structs_with_simple_content)
{
    static char unit[] = "EUR & more";
    static struct price items[3] = { { .value = 1 }, { { unit, 3 }, -2 }, { { unit, 10 }, 3 } };
    struct basket basket = { .many = { .items = items, .count = 3 }, .behind = items + 1 };
    const struct bark_image *image = basket_image();
    struct bark_arena a;
    unsigned has, behind, count;
    bark_arena_init(&a, memory, sizeof memory);
    for (has = 0; has < 4; has++)
        for (behind = 0; behind < 4; behind++)
            for (count = 0; count < 4; count++) {
                basket.has_one = (uint8_t)has;
                basket.one = items[has % 3];
                basket.behind = behind ? items + behind - 1 : NULL;
                basket.many.count = count;
                both_of(image, "basket", 0, &basket, &bark_limits_device, &a);
            }
    basket.has_one = 1;
    unit[1] = '\1'; /* a character that XML cannot carry */
    both_of(image, "basket", 0, &basket, &bark_limits_device, &a);
}

static const char item_text[] =
    "<s:Item xmlns:s='urn:sample' xmlns:o='urn:other' token='t' count='5'><s:Name>n</s:Name>"
    "<s:Color>green</s:Color><s:Level>4</s:Level><s:Flag>1</s:Flag><s:When>2017-07-18T12:00:00Z</s:When>"
    "<s:Data>AAECAwQ=</s:Data><s:Kind>s:k</s:Kind><s:Code>abc</s:Code><s:Numbers>1 2 3</s:Numbers>"
    "<s:Size>red</s:Size><s:Amount>1.5</s:Amount><s:Big>7</s:Big><s:Length unit='m'>1.5</s:Length>"
    "<s:Note lang='en'>a<b/>c</s:Note><s:Both><s:B>b</s:B><s:A>1</s:A></s:Both><s:Tag>a</s:Tag>"
    "<s:Tag>b</s:Tag><s:Number>4</s:Number><s:Key>k</s:Key><s:Val>1</s:Val><s:Key>l</s:Key>"
    "<o:Name>o</o:Name></s:Item>";

static struct bark_text text_of(const char *text)
{
    return (struct bark_text){ text, strlen(text) };
}

/* Kinds and facets that the image above has not, each with values on both sides of what it allows. */
TEST(facets_and_other_kinds)
{
    static const char *const texts[] = { "",      "a",    "abcdefgh", "abcdefghi", "A",    "a b",
                                         " a",    "a\t",  "-5",       "-6",        "1.50", "+7",
                                         "x\xc3", "\xff", "<",        "1e3",       "-.5",  "]]>" };
    static const int64_t numbers[] = { 0,    1,      9,         10,         99,        100,      999,
                                       1000, 9999,   10000,     99999,      100000,    12345678, 99999999,
                                       -1,   -10000, 100000000, 1234567890, INT64_MIN, INT64_MAX };
    static const char *const names[][2] = {
        { "urn:sample", "k" },
        { "urn:other", "a-b.c" },
        { "", "none" },
        { "urn:nobody", "declared" },
        { "http://www.w3.org/XML/1998/namespace", "lang" },
        { "http://www.w3.org/2000/xmlns/", "x" },
        { "urn:\1", "k" },
        { "urn:sample", "" },
        { "urn:sample", "a:b" },
        { "urn:sample", "1a" },
        { "urn:sample", "\xc3\xa4" },
        { "urn:sample", "a\xc3" },
        { "urn:sample", "a b" },
    };
    static struct image_builder builder;
    struct sample_rows rows;
    struct bark_image image;
    struct bark_error err;
    struct bark_arena a;
    struct sample_item *item;
    void *msg;
    size_t i;
    const struct bark_slice in = { (const uint8_t *)item_text, sizeof item_text - 1 };
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_decode(&image, rows.item_root, in, &bark_limits_device, &a, &msg, NULL, &err) == BARK_OK);
    item = msg;
    both_of(&image, "item", rows.item_root, item, &bark_limits_device, &a);
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bark_text code = item->code, amount = item->amount;
        item->code = text_of(texts[i]);
        both_of(&image, texts[i], rows.item_root, item, &bark_limits_device, &a);
        item->code = code;
        item->amount = text_of(texts[i]);
        both_of(&image, texts[i], rows.item_root, item, &bark_limits_device, &a);
        item->amount = amount;
        item->token = text_of(texts[i]);
        both_of(&image, texts[i], rows.item_root, item, &bark_limits_device, &a);
        item->token = text_of("t");
    }
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        item->big = numbers[i];
        item->count = (int32_t)numbers[i];
        item->flag = numbers[i] & 1;
        item->color = (enum sample_color)(numbers[i] & 7);
        both_of(&image, "number", rows.item_root, item, &bark_limits_device, &a);
    }
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        item->kind = (struct bark_qname){ text_of(names[i][0]), text_of(names[i][1]) };
        both_of(&image, names[i][1], rows.item_root, item, &bark_limits_device, &a);
    }
    item->kind = (struct bark_qname){ text_of("urn:sample"), text_of("k") };
    for (item->data.len = 0; item->data.len < 60; item->data.len++) {
        item->data.ptr = (const uint8_t *)item_text;
        both_of(&image, "data", rows.item_root, item, &bark_limits_device, &a);
    }
}

/* A struct with a member of most kinds, whose texts are of a kind that the test chooses. */
struct kinds {
    struct bark_text mark, text;
    struct bark_time when;
    struct bark_duration span;
    double number;
    int64_t large;
    float small;
    uint32_t whole;
    bool truth;
};

static const struct bark_image *kinds_image(enum bark_kind kind)
{
    enum {
        TYPE_TEXT = TYPE_COUNT,
        TYPE_TIME,
        TYPE_SPAN,
        TYPE_DOUBLE,
        TYPE_LARGE,
        TYPE_FLOAT,
        TYPE_WHOLE,
        TYPE_TRUTH,
        TYPE_KINDS
    };
    static const struct wide_field rows[] = {
        FIELD(kinds, mark, NAME_unit, TYPE_TEXT, BARK_FIELD_ATTRIBUTE, .has = BARK_NO_HAS),
        FIELD(kinds, text, NAME_A, TYPE_TEXT, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, when, NAME_B, TYPE_TIME, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, span, NAME_C, TYPE_SPAN, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, number, NAME_Key, TYPE_DOUBLE, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, large, NAME_Value, TYPE_LARGE, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, small, NAME_Text, TYPE_FLOAT, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, whole, NAME_Note, TYPE_WHOLE, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
        FIELD(kinds, truth, NAME_Leaf, TYPE_TRUTH, BARK_FIELD_ELEMENT, .ns = NS_TEST, .has = BARK_NO_HAS),
    };
    static const struct {
        uint8_t kind, size;
    } values[] = { { 0, sizeof(struct bark_text) },
                   { BARK_KIND_DATETIME, sizeof(struct bark_time) },
                   { BARK_KIND_DURATION, sizeof(struct bark_duration) },
                   { BARK_KIND_DOUBLE, sizeof(double) },
                   { BARK_KIND_INT64, sizeof(int64_t) },
                   { BARK_KIND_FLOAT, sizeof(float) },
                   { BARK_KIND_UINT32, sizeof(uint32_t) },
                   { BARK_KIND_BOOLEAN, sizeof(bool) } };
    enum { FIRST = TEST_FIELDS, COUNT = sizeof rows / sizeof *rows };
    static struct bark_image image;
    static struct wide_field fields[FIRST + COUNT];
    static struct bark_field_row field_rows[FIRST + COUNT];
    static struct bark_trait_row traits[FIRST + COUNT + 1];
    static struct bark_type_row types[TYPE_KINDS + 1];
    static struct bark_root_row root_row;
    static uint16_t lists[TEST_LISTS + BARK_ROOT_GROUP];
    struct wide_root root = test_roots[ROOT_PRICE];
    size_t i;
    image = *test_image();
    memcpy(fields, test_fields, sizeof test_fields);
    memcpy(fields + FIRST, rows, sizeof rows);
    memcpy(types, test_types, sizeof test_types);
    for (i = 0; i < sizeof values / sizeof *values; i++)
        types[TYPE_TEXT + i] = (struct bark_type_row){ .kind = i ? values[i].kind : (uint8_t)kind,
                                                       .flags = BARK_TYPE_PLAIN,
                                                       .size = values[i].size,
                                                       .name = BARK_NONE };
    types[TYPE_KINDS] =
        (struct bark_type_row)STRUCT_ROW(kinds, NAME_Tags, FIRST, COUNT, 1, BARK_MODEL_SEQUENCE);
    root.type = TYPE_KINDS;
    wide_fields_pack(fields, FIRST + COUNT, field_rows, traits);
    memcpy(lists, test_lists, sizeof test_lists);
    wide_roots_pack(&root, 1, &root_row, traits, FIRST + COUNT, lists + TEST_LISTS, TEST_LISTS);
    image.lists = lists;
    image.fields = field_rows;
    image.field_count = FIRST + COUNT;
    image.traits = traits;
    image.types = types;
    image.type_count = TYPE_KINDS + 1;
    image.roots = &root_row;
    image.root_count = 1;
    return &image;
}

TEST(texts_of_every_kind)
{
    static const char *const texts[] = {
        "",
        " ",
        "a",
        "a b",
        "a  b",
        " a",
        "a ",
        "a\tb",
        "a\n",
        "a:b",
        "-a",
        "a-b",
        "en-GB",
        "1",
        "a<b",
        "a\"b",
        "http://a/b",
        "https://a",
        "http://",
        "http:/",
        "http://a b",
        "http://a%b",
        "http://a%20b",
        "http://a#b",
        "http://a#b#c",
        "1http://a",
        "urn:a",
        ":a",
        "http://a&b",
        "http://a\"b",
        "http://192.0.2.17/onvif/device_service/of/more/than/sixty-four/bytes/it/is",
        "http://192.0.2.17/onvif/device_service",
        "atextwithoutanyspacewhichislongerthansixtyfourbytesasitgoesonandon",
        "exactly_sixteen_",
        "exactly_thirty-two_bytes_of_text",
        "http://\xc3\xa4",
        "\xc3\xa4",
        "a\x01"
    };
    struct kinds kinds = { .when = { .year = 2020, .month = 1, .day = 1 } };
    struct bark_arena a;
    unsigned kind;
    size_t i, cut;
    bark_arena_init(&a, memory, sizeof memory);
    for (kind = BARK_KIND_STRING; kind <= BARK_KIND_ANYURI; kind++) {
        const struct bark_image *image = kinds_image((enum bark_kind)kind);
        for (i = 0; i < sizeof texts / sizeof *texts; i++)
            for (cut = 0; cut <= strlen(texts[i]); cut += 3) {
                kinds.text = (struct bark_text){ texts[i], strlen(texts[i]) - cut };
                kinds.mark = i % 3 ? kinds.text : (struct bark_text){ NULL, 0 };
                both_in(image, texts[i], 0, &kinds, &bark_limits_device, &a,
                        kinds.text.len < PIECE ? PIECE : LONG_PIECE);
            }
    }
}

TEST(numbers_times_and_durations)
{
    static const uint32_t parts[] = { 0, 1, 59, 100000, 99999999, 100000000, UINT32_MAX };
    struct kinds kinds = { .text = bark_text("t"), .when = { .year = 2020, .month = 1, .day = 1 } };
    const struct bark_image *image = kinds_image(BARK_KIND_STRING);
    struct bark_arena a;
    uint64_t random = 88172645463325252U, bits;
    unsigned i;
    bark_arena_init(&a, memory, sizeof memory);
    for (i = 0; i < 20000; i++) {
        random ^= random << 13; /* xorshift */
        random ^= random >> 7;
        random ^= random << 17;
        bits = i % 4 == 3 ? random & UINT64_C(0xffffff0000000000) : random;
        memcpy(&kinds.number, &bits, sizeof bits);
        memcpy(&kinds.small, &bits, sizeof kinds.small);
        if (i % 4 == 1)
            kinds.number = (double)(random % 100000000) / (double)(1U << i % 8) / (i % 3 ? 1000 : 1);
        kinds.large = (int64_t)(random >> random % 64);
        kinds.whole = (uint32_t)(random >> (32 + random % 32));
        memset(&kinds.truth, (int)(i % 256), sizeof kinds.truth); /* whatever a program left there */
        kinds.when.year = i % 50 ? (int64_t)(i % 12000) : -(int64_t)i;
        kinds.when.month = (uint8_t)(i % 14);
        kinds.when.day = (uint8_t)(i % 33);
        kinds.when.hour = (uint8_t)(i % 25);
        kinds.when.second = (uint8_t)(i % 61);
        kinds.when.nanosecond = i % 5 ? (uint32_t)(random % 1000000001) : i % 1000 * 1000000;
        kinds.when.has_zone = i % 2;
        kinds.when.zone_minutes = (int16_t)(i % 4 ? 0 : (int)(i % 2000) - 900);
        kinds.span = (struct bark_duration){ .negative = i & 1,
                                             .years = parts[i % 7] & (i & 16 ? 0 : UINT32_MAX),
                                             .months = parts[i / 7 % 7] & (i & 32 ? 0 : UINT32_MAX),
                                             .days = parts[i / 49 % 7] & (i & 64 ? 0 : UINT32_MAX),
                                             .hours = parts[i / 3 % 7] & (i & 128 ? 0 : UINT32_MAX),
                                             .minutes = parts[i / 5 % 7],
                                             .seconds = parts[i / 11 % 7],
                                             .nanoseconds = i % 8 ? 0 : i * 500 };
        both_of(image, "values", 0, &kinds, &bark_limits_device, &a);
        kinds.when = (struct bark_time){ .year = 2020, .month = 2, .day = (uint8_t)(i % 30 + 1) };
        both_of(image, "values of a good time", 0, &kinds, &bark_limits_device, &a);
    }
}

TEST_MAIN(RUN(a_whole_message) RUN(members_that_are_not_there_or_wrong)
              RUN(every_byte_in_texts_of_every_length) RUN(texts_in_attributes) RUN(every_size_of_the_output)
                  RUN(depths_and_allocations) RUN(structs_with_simple_content) RUN(facets_and_other_kinds)
                      RUN(texts_of_every_kind) RUN(numbers_times_and_durations))
