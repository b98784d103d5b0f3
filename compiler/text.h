/* compiler/text.h - text that grows on the heap. Errors are sticky: a printer checks once, at its end.
 */
#ifndef SOAPC_TEXT_H
#define SOAPC_TEXT_H

#include "budget.h"

/* All zero is empty; free with soapc_text_free(). */
struct soapc_text {
    char *bytes; /* NUL-terminated once something was printed */
    size_t len, cap;
    struct soapc_diag *diag; /* whose budget the bytes are of; NULL: none */
    bool failed; /* memory was short: bytes are incomplete */
};

void soapc_text_printf(struct soapc_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void soapc_text_put(struct soapc_text *t, const char *text, size_t len);
void soapc_text_free(struct soapc_text *t);

#endif
