/* lower/secret.c - which elements hold secrets, by name: logs and diagnostics show *** for them.
 *
 * XSD has no word for "secret", so a short list of endings serves; docs/table-format.md repeats it.
 */
#include "lower/plan.h"

#include <string.h>

static const char *const endings[] = { "password", "passwd", "passphrase", "psk", "secret", "privatekey" };

bool soapc_name_is_secret(const char *local)
{
    const size_t len = strlen(local);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t size = strlen(endings[i]);
        size_t k = 0;
        while (len >= size && k < size && (local[len - size + k] | 0x20) == endings[i][k])
            k++;
        if (len >= size && k == size)
            return true;
    }
    return false;
}
