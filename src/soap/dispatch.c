/* soap/dispatch.c - the body's element names the operation; the action may only agree [row 12].
 *
 * Firewalls and access rules tend to look at SOAPAction while servers obey it or the body: that gap is the
 * SOAPAction spoofing attack. Here the body alone decides, and a message whose two names differ is refused.
 * Only among operations that have the very same body element, as overloads may, does the action choose.
 */
#include "soap/dispatch.h"

#include "base/slice.h"
#include "table/root.h"

#include <string.h>

static bool action_is(const struct bark_image *image, uint16_t operation, struct bark_slice text)
{
    const struct bark_joined action = bark_operation_action(image, operation);
    return bark_joined_is(&action, text);
}

static bool has_action(const struct bark_image *image, uint16_t operation)
{
    const struct bark_joined action = bark_operation_action(image, operation);
    return action.head.len + action.tail.len > 0;
}

uint16_t bark_soap_operation_of_element(const struct bark_image *image, uint16_t service,
                                        const struct bark_xml_name *name, struct bark_slice action)
{
    const struct bark_service_row *s = &image->services[service];
    uint16_t found = BARK_NONE;
    bool agrees = false;
    for (uint16_t i = 0; i < s->count; i++) {
        uint16_t operation = (uint16_t)(s->first + i), input = image->operations[operation].input;
        if (input == BARK_NONE || !bark_root_may_be(image, input, name->local) ||
            bark_operation_is_http(image, operation))
            continue;
        if (!bark_root_is(image, input, name->local) || bark_root_ns(image, input) != name->ns)
            continue;
        if (action.len > 0 && action_is(image, operation, action))
            return operation;
        if (found == BARK_NONE || (!agrees && bark_soap_action_agrees(image, operation, action))) {
            found = operation;
            agrees = bark_soap_action_agrees(image, operation, action);
        }
    }
    return found;
}

uint16_t bark_soap_operation_peek(const struct bark_image *image, uint16_t service, struct bark_slice message,
                                  struct bark_slice action, const struct bark_limits *limits,
                                  struct bark_arena *arena)
{
    struct bark_soap_envelope *e = bark_arena_alloc(arena, 1, sizeof *e);
    struct bark_xml_event start;
    struct bark_error ignored = { 0 };
    bool empty = true;
    if (!e || bark_soap_envelope_open(e, image, message, limits, arena, &ignored) != BARK_OK ||
        bark_soap_envelope_body(e, &start, &empty) != BARK_OK || empty)
        return BARK_NONE;
    return bark_soap_operation_of_element(image, service, &start.name, action);
}

uint16_t bark_soap_operation_of_nothing(const struct bark_image *image, uint16_t service,
                                        struct bark_slice action)
{
    const struct bark_service_row *s = &image->services[service];
    uint16_t found = BARK_NONE;
    for (uint16_t i = 0; i < s->count; i++) {
        uint16_t operation = (uint16_t)(s->first + i);
        if (image->operations[operation].input != BARK_NONE || bark_operation_is_http(image, operation))
            continue;
        if (action.len > 0 && action_is(image, operation, action))
            return operation;
        if (found != BARK_NONE && action.len == 0)
            return BARK_NONE; /* two candidates and nothing to tell them apart by */
        if (action.len == 0 || !has_action(image, operation))
            found = operation;
    }
    return found;
}

struct bark_slice bark_soap_action_bare(struct bark_slice field)
{
    while (field.len && (field.ptr[0] == ' ' || field.ptr[0] == '\t')) {
        field.ptr++;
        field.len--;
    }
    while (field.len && (field.ptr[field.len - 1] == ' ' || field.ptr[field.len - 1] == '\t'))
        field.len--;
    if (field.len >= 2 && field.ptr[0] == '"' && field.ptr[field.len - 1] == '"') {
        field.ptr++;
        field.len -= 2;
    }
    return field;
}

bool bark_soap_action_agrees(const struct bark_image *image, uint16_t operation, struct bark_slice action)
{
    if (action.len == 0)
        return true;
    if (has_action(image, operation))
        return action_is(image, operation, action);
    /* The WSDL gives this operation no action. Clients invent one then; it must not be another's. */
    for (uint32_t i = 0; i < image->operation_count; i++)
        if (action_is(image, (uint16_t)i, action))
            return false;
    return true;
}
