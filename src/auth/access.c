/* auth/access.c - which level may call operations of which class [ONVIF-CORE, Default access policy].
 *
 * The lowest level that may; nobody may call what has no class.
 */
#include "soapbark/auth.h"

static const uint8_t lowest[BARK_ACCESS_COUNT] = {
    [BARK_ACCESS_NOBODY] = UINT8_MAX,
    [BARK_ACCESS_PRE_AUTH] = BARK_LEVEL_ANONYMOUS,
    [BARK_ACCESS_READ_SYSTEM] = BARK_LEVEL_USER,
    [BARK_ACCESS_READ_SYSTEM_SENSITIVE] = BARK_LEVEL_OPERATOR,
    [BARK_ACCESS_READ_SYSTEM_SECRET] = BARK_LEVEL_ADMINISTRATOR,
    [BARK_ACCESS_WRITE_SYSTEM] = BARK_LEVEL_ADMINISTRATOR,
    [BARK_ACCESS_UNRECOVERABLE] = BARK_LEVEL_ADMINISTRATOR,
    [BARK_ACCESS_READ_MEDIA] = BARK_LEVEL_USER,
    [BARK_ACCESS_ACTUATE] = BARK_LEVEL_OPERATOR,
};

bool bark_access_allowed(enum bark_access access, enum bark_level level)
{
    const unsigned row = (unsigned)access, rank = (unsigned)level;
    return row < BARK_ACCESS_COUNT && rank <= BARK_LEVEL_ADMINISTRATOR && rank >= lowest[row];
}
