/* call_find.h - the operation that a person names, among all that a WSDL binds.
 */
#ifndef CLI_CALL_FIND_H
#define CLI_CALL_FIND_H

#include "soapbark/client.h"
#include "soapbark/image.h"

struct cli_wanted {
    const char *name;
    const char *port_type; /* NULL: any that has it */
    const char *overload; /* its action or its body's element; NULL: there is one only */
    const char *way; /* how `by` was spelt */
    enum bark_call_by by;
    const char *wsdl; /* for messages */
};

/* NULL after an error was printed: there is none, or more than one. Borrowed from the image. */
const struct bark_operation_row *cli_operation_find(const struct bark_image *image,
                                                    const struct cli_wanted *wanted);

#endif
