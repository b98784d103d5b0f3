/* soap/test_service.h - a service small enough to lay out by hand, for the tests of this folder.
 *
 * Three operations in urn:t: Echo(Text, Count?) answers what it was told, or misbehaves on request; Notify is
 * one-way; Nothing has an empty body both ways. The image is built row by row, so that these tests lean on
 * nothing but the table format.
 */
#ifndef BARK_SOAP_TEST_SERVICE_H
#define BARK_SOAP_TEST_SERVICE_H

#include "soapbark/soap.h"
#include "testkit.h"

#include <stdio.h>
#include <string.h>

struct echo {
    struct bark_text Text;
    int32_t Count;
    uint8_t has_Count;
};

struct too_long {
    int32_t Limit;
};

enum { OP_ECHO, OP_NOTIFY, OP_NOTHING };
enum { ROOT_ECHO, ROOT_NOTIFY, ROOT_TOO_LONG, ROOT_ROWS, ROOT_ECHO_RESPONSE = ROOT_ROWS + ROOT_ECHO };

static struct {
    _Alignas(8) uint8_t bytes[4096];
    size_t size;
    char pool[512];
    uint32_t pool_size;
    uint32_t names[16];
    uint16_t name_count;
    struct bark_image image;
    unsigned calls, notified;
} test_service;

static uint32_t pool_add(const char *text)
{
    uint32_t at = test_service.pool_size;
    memcpy(test_service.pool + at, text, strlen(text) + 1);
    test_service.pool_size += (uint32_t)strlen(text) + 1;
    return at;
}

static uint16_t name_add(const char *text)
{
    test_service.names[test_service.name_count] = BARK_NAME(pool_add(text), strlen(text));
    return test_service.name_count++;
}

static void section_add(enum bark_section which, const void *rows, size_t row, uint32_t count)
{
    struct bark_image_head *head = (struct bark_image_head *)(void *)test_service.bytes;
    test_service.size = (test_service.size + 7) & ~(size_t)7;
    head->sections[which] = (struct bark_image_section){ (uint32_t)test_service.size, count };
    memcpy(test_service.bytes + test_service.size, rows, row * count);
    test_service.size += row * count;
}

#define SECTION(which, rows) section_add((which), (rows), sizeof *(rows), sizeof(rows) / sizeof *(rows))

enum { TRAIT_REQUIRED, TRAIT_COUNT, TRAIT_ROOT };

static void operations_add(const uint16_t *names, uint16_t port)
{
    const uint16_t base = name_add("urn:t/");
    const unsigned soap = BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12;
    enum { GROUP_PLAIN = 5, GROUP_PAIR = 9, ECHO = 13, NOTIFY = 21, NOTHING = 28 };
    const uint16_t response = name_add("Response");
    const uint16_t lists[] = {
        0, /* of nobody */
        3,
        0,
        0,
        0, /* namespaces of all roots */
        TRAIT_ROOT,
        TRAIT_ROOT,
        BARK_NONE,
        BARK_NONE, /* GROUP_PLAIN */
        TRAIT_ROOT,
        TRAIT_ROOT,
        BARK_NONE,
        response, /* GROUP_PAIR */
        0,
        BARK_NONE,
        BARK_NONE,
        base,
        BARK_NONE, /* Echo's binding, with one fault */
        (uint16_t)(soap | BARK_OPERATION_ACTION_NAMED | BARK_OPERATION_PAIRED),
        1,
        ROOT_TOO_LONG,
        0,
        BARK_NONE,
        BARK_NONE,
        base,
        names[1],
        (uint16_t)(soap | BARK_OPERATION_ONE_WAY),
        0, /* Notify's */
        0,
        names[2],
        BARK_NONE,
        base,
        names[2],
        (uint16_t)soap,
        0, /* Nothing's */
    };
    const struct bark_operation_row operations[3] = {
        [OP_ECHO] = { ROOT_ECHO, ECHO },
        [OP_NOTIFY] = { ROOT_NOTIFY, NOTIFY },
        [OP_NOTHING] = { BARK_NONE, NOTHING },
    };
    const struct bark_service_row services[] = { { .name = port, .count = 3, .ns = 1 } };
    SECTION(BARK_SECTION_LISTS, lists);
    const struct bark_root_row roots[ROOT_ROWS] = {
        [ROOT_ECHO] = { names[0], GROUP_PAIR, { 2, 2 } },
        [ROOT_NOTIFY] = { names[1], GROUP_PLAIN, { 2, BARK_NONE } },
        [ROOT_TOO_LONG] = { name_add("TooLong"), GROUP_PLAIN, { 3, BARK_NONE } },
    };
    SECTION(BARK_SECTION_ROOTS, roots);
    SECTION(BARK_SECTION_OPERATIONS, operations);
    SECTION(BARK_SECTION_SERVICES, services);
}

static bool image_open(struct bark_image_head *head)
{
    head->magic = BARK_IMAGE_MAGIC;
    head->major = BARK_IMAGE_MAJOR;
    head->minor = BARK_IMAGE_MINOR;
    head->size = (uint32_t)test_service.size;
    head->pointer_bytes = sizeof(void *);
    head->size_t_bytes = sizeof(size_t);
    head->int64_align = _Alignof(int64_t);
    head->section_count = BARK_SECTION_COUNT;
    struct bark_error err = { 0 };
    struct bark_slice data = { test_service.bytes, test_service.size };
    if (bark_image_open(&test_service.image, data, &err) == BARK_OK)
        return true;
    char why[512];
    bark_error_text(&err, why, sizeof why);
    printf("# the test image is refused at byte %u: %s\n", (unsigned)err.offset, why);
    return false;
}

static void facets_add(void)
{
    const struct bark_facet_row facets[] = {
        { .kind = BARK_FACET_MIN_INCLUSIVE, .text_len = 1, .text = pool_add("0"), .value = 0 },
        { .kind = BARK_FACET_MAX_INCLUSIVE, .text_len = 2, .text = pool_add("99"), .value = 99 },
    };
    SECTION(BARK_SECTION_FACETS, facets);
}

/* Types: 0 string, 1 int from 0 to 99, 2 struct echo, 3 struct too_long. */
static bool test_service_build(void)
{
    struct bark_image_head *head = (struct bark_image_head *)(void *)test_service.bytes;
    memset(&test_service, 0, sizeof test_service);
    test_service.pool_size = 1; /* the empty text */
    test_service.size = sizeof *head;
    const struct bark_namespace_row namespaces[] = {
        { 0 }, { .uri = pool_add("urn:t"), .prefix = pool_add("t"), .uri_len = 5, .prefix_len = 1 }
    };
    const uint16_t operation_names[] = { name_add("Echo"), name_add("Notify"), name_add("Nothing") };
    uint16_t text = name_add("Text"), count = name_add("Count"), limit = name_add("Limit");
    uint16_t port = name_add("TestPort");
    const struct bark_type_row types[] = {
        { .kind = BARK_KIND_STRING,
          .flags = BARK_TYPE_PLAIN,
          .size = sizeof(struct bark_text),
          .name = BARK_NONE },
        { .kind = BARK_KIND_INT32, .size = 4, .presence = 2, .name = BARK_NONE },
        { .kind = BARK_KIND_STRUCT,
          .model = BARK_MODEL_SEQUENCE,
          .flags = BARK_TYPE_ALIGN_OF(struct echo),
          .size = sizeof(struct echo),
          .count = 2,
          .presence = offsetof(struct echo, has_Count),
          .name = BARK_NONE },
        { .kind = BARK_KIND_STRUCT,
          .model = BARK_MODEL_SEQUENCE,
          .flags = BARK_TYPE_ALIGN_OF(struct too_long),
          .size = sizeof(struct too_long),
          .first = 2,
          .count = 1,
          .name = BARK_NONE },
    };
    const struct bark_field_row fields[] = {
        { .name = text, .type = 0, .offset = offsetof(struct echo, Text), .trait = TRAIT_REQUIRED },
        { .name = count, .type = 1, .offset = offsetof(struct echo, Count), .trait = TRAIT_COUNT },
        { .name = limit, .type = 1, .offset = offsetof(struct too_long, Limit), .trait = TRAIT_REQUIRED },
    };
    const struct bark_trait_row traits[] = {
        [TRAIT_REQUIRED] = { BARK_FIELD_ELEMENT | BARK_F_REQUIRED, 1, BARK_NO_HAS, BARK_NONE },
        [TRAIT_COUNT] = { BARK_FIELD_ELEMENT, 1, 0, BARK_NONE },
        [TRAIT_ROOT] = { 0, 1, BARK_NO_HAS, 1 },
    };
    SECTION(BARK_SECTION_NAMESPACES, namespaces);
    size_t names_at = test_service.size = (test_service.size + 7) & ~(size_t)7;
    test_service.size += sizeof test_service.names; /* filled in at the end: more names come */
    SECTION(BARK_SECTION_TYPES, types);
    SECTION(BARK_SECTION_FIELDS, fields);
    SECTION(BARK_SECTION_TRAITS, traits);
    facets_add();
    operations_add(operation_names, port);
    section_add(BARK_SECTION_POOL, test_service.pool, 1, test_service.pool_size);
    memcpy(test_service.bytes + names_at, test_service.names, sizeof test_service.names);
    head->sections[BARK_SECTION_NAMES] =
        (struct bark_image_section){ (uint32_t)names_at, test_service.name_count };
    return image_open(head);
}

/* What Echo does is in its Text. */
static enum bark_code echo_handle(const struct echo *in, struct echo *out, struct bark_call *call)
{
    static const struct bark_fault_subcode outer = { "urn:e", "e", "Outer" },
                                           inner = { "urn:e", "e", "Inner" };
    test_service.calls++;
    if (bark_text_equal(in->Text, "fault"))
        return bark_call_fault(call, BARK_FAULT_SENDER, &outer, &inner, "no <%s>, please", "tags");
    if (bark_text_equal(in->Text, "typed")) {
        struct too_long *detail = bark_call_alloc(call, 1, sizeof *detail);
        if (!detail)
            return BARK_ERR_MEMORY;
        detail->Limit = 7;
        (void)bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "too long");
        return bark_call_fault_detail(call, ROOT_TOO_LONG, detail);
    }
    if (bark_text_equal(in->Text, "fragment")) {
        (void)bark_call_fault(call, BARK_FAULT_RECEIVER, &outer, NULL, "see detail");
        call->fault.detail_xml.xml = bark_text("<x xmlns=\"urn:x\">1 &lt; 2</x>");
        return BARK_ERR_FAULT;
    }
    if (bark_text_equal(in->Text, "bad fragment")) {
        (void)bark_call_fault(call, BARK_FAULT_RECEIVER, NULL, NULL, "see detail");
        call->fault.detail_xml.xml = bark_text("</s:Detail><evil>");
        return BARK_ERR_FAULT;
    }
    if (bark_text_equal(in->Text, "crash"))
        return BARK_ERR_IO;
    if (bark_text_equal(in->Text, "unset fault"))
        return BARK_ERR_FAULT;
    if (bark_text_equal(in->Text, "forget"))
        return BARK_OK;
    if (bark_text_equal(in->Text, "not implemented"))
        return bark_call_not_implemented(call);
    if (bark_text_equal(in->Text, "greedy"))
        (void)bark_call_alloc(call, 1,
                              (size_t)1 << 30); /* unchecked on purpose: the call must end in a fault */
    out->Text = bark_call_printf(call, "%s", in->Text.ptr);
    out->Count = in->Count;
    out->has_Count = in->has_Count;
    return BARK_OK;
}

static enum bark_code test_dispatch(const void *handlers, uint16_t operation, const void *in, void *out,
                                    struct bark_call *call)
{
    (void)handlers;
    switch (operation) {
    case OP_ECHO:
        return echo_handle(in, out, call);
    case OP_NOTIFY:
        test_service.notified++;
        return BARK_OK;
    default:
        return in || out ? BARK_ERR_USE : BARK_OK;
    }
}

static const struct bark_service test_port = { .path = "/t",
                                               .image = &test_service.image,
                                               .dispatch = test_dispatch };

/* One request with memory of its own. */
struct exchange {
    struct bark_arena arena;
    struct bark_out out;
    struct bark_soap_reply reply;
    _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
    char text[64 * 1024];
};

static inline void exchange_run(struct exchange *x, const char *type, const char *action, const char *body,
                                size_t len)
{
    struct bark_soap_request request = { .content_type = { (const uint8_t *)type, strlen(type) },
                                         .soap_action = { (const uint8_t *)action, strlen(action) },
                                         .body = { (const uint8_t *)body, len } };
    bark_out_init(&x->out, x->text, sizeof x->text - 1);
    bark_soap_serve(&test_port, &bark_limits_device, &request, &x->arena, &x->out, &x->reply);
    x->text[x->out.pos] = '\0';
}

static inline void exchange_init(struct exchange *x, size_t memory)
{
    bark_arena_init(&x->arena, x->memory, memory);
    x->arena.fail_at = 0;
}

#endif
