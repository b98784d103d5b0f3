/* cli/call_find.c - one operation of a name: of the port type asked for, or the only one there is.
 *
 * A name may stand in several port types, and in one of them several times (overloads). SOAP goes before HTTP
 * bindings, which .NET gives port types of their own with the same operations.
 */
#include "call_find.h"

#include "base/slice.h"
#include "call_http.h"
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* What has been found so far. */
struct search {
    const struct bark_image *image;
    const struct cli_wanted *wanted;
    struct bark_slice name;
    const struct bark_operation_row *operation; /* the last one */
    bool overloaded; /* a service has several */
};

static void service_name_print(const struct bark_image *image, uint16_t service)
{
    const struct bark_slice name = bark_image_name(image, image->services[service].name);
    fprintf(stderr, "  --port-type %.*s\n", (int)name.len, (const char *)name.ptr);
}

/* One of several operations of a name is told by its action, or by its body element. */
static bool is_overload(const struct bark_image *image, const struct bark_operation_row *op,
                        const char *wanted)
{
    const struct bark_joined action = bark_operation_action(image, (uint16_t)(op - image->operations));
    const struct bark_slice text = { (const uint8_t *)wanted, wanted ? strlen(wanted) : 0 };
    return !wanted || bark_joined_is(&action, text) || bark_root_is(image, op->input, text);
}

/* How many operations of the service have the name and the way asked for, else with SOAP or without. */
static size_t overloads_count(struct search *s, uint16_t service, bool http)
{
    const struct bark_service_row *row = &s->image->services[service];
    size_t found = 0;
    for (uint16_t i = 0; i < row->count; i++) {
        const uint16_t number = (uint16_t)(row->first + i);
        const struct bark_operation_row *op = &s->image->operations[number];
        if ((s->wanted->by == BARK_CALL_BY_ANY && bark_operation_is_http(s->image, number) != http) ||
            !cli_by_reaches(s->image, number, s->wanted->by) ||
            !bark_slice_equal(bark_operation_name(s->image, number), s->name) ||
            !is_overload(s->image, op, s->wanted->overload))
            continue;
        s->operation = op;
        found++;
    }
    return found;
}

/* How many operations of the name there are in the port type asked for, or in all. */
static size_t operations_count(struct search *s, bool http)
{
    size_t found = 0;
    s->overloaded = false;
    for (uint16_t i = 0; i < s->image->service_count; i++) {
        const struct bark_slice service = bark_image_name(s->image, s->image->services[i].name);
        if (s->wanted->port_type && !bark_slice_is(service, s->wanted->port_type))
            continue;
        const size_t of_this = overloads_count(s, i, http);
        s->overloaded = s->overloaded || of_this > 1;
        found += of_this;
    }
    return found;
}

const struct bark_operation_row *cli_operation_find(const struct bark_image *image,
                                                    const struct cli_wanted *wanted)
{
    struct search s = { .image = image,
                        .wanted = wanted,
                        .name = { (const uint8_t *)wanted->name, strlen(wanted->name) } };
    size_t found = operations_count(&s, false);
    if (found == 0 && wanted->by == BARK_CALL_BY_ANY)
        found = operations_count(&s, true);
    if (found == 1)
        return s.operation;
    if (s.overloaded) {
        cli_error("the operation '%s' is overloaded; name one by --overload ACTION or BODY-ELEMENT",
                  wanted->name);
    } else if (found == 0) {
        cli_error("no operation '%s'%s%s%s%s in %s", wanted->name, wanted->port_type ? " of port type " : "",
                  wanted->port_type ? wanted->port_type : "", wanted->by ? " to call by " : "",
                  wanted->by ? wanted->way : "", wanted->wsdl);
    } else {
        cli_error("several port types have an operation '%s'; name one:", wanted->name);
        for (uint16_t i = 0; i < image->service_count; i++)
            if (bark_image_find_operation(image, i, s.name) != BARK_NONE)
                service_name_print(image, i);
    }
    return NULL;
}
