/* soap/dispatch.h - which operation a message is for.
 */
#ifndef BARK_SOAP_DISPATCH_H
#define BARK_SOAP_DISPATCH_H

#include "soap/envelope.h"

/* The operation row of the service whose input is this element, or BARK_NONE. The name must have been
 * resolved against the image. Where several operations have it (overloads), the first whose own action is
 * this one, or else the first that the action does not rule out. */
uint16_t bark_soap_operation_of_element(const struct bark_image *image, uint16_t service,
                                        const struct bark_xml_name *name, struct bark_slice action);

/* The same for a whole message, read up to that element; BARK_NONE also when it cannot be read. A hint:
 * nothing is refused. The arena is the caller's to reset. */
uint16_t bark_soap_operation_peek(const struct bark_image *image, uint16_t service, struct bark_slice message,
                                  struct bark_slice action, const struct bark_limits *limits,
                                  struct bark_arena *arena);

/* The operation row with an empty body that the action names; without an action the only one there is. */
uint16_t bark_soap_operation_of_nothing(const struct bark_image *image, uint16_t service,
                                        struct bark_slice action);

/* The action without its quotes; an empty slice for "" and for none. */
struct bark_slice bark_soap_action_bare(struct bark_slice field);

/* True when an action of the transport agrees with the operation that the body named [row 12]. */
bool bark_soap_action_agrees(const struct bark_image *image, uint16_t operation, struct bark_slice action);

#endif
