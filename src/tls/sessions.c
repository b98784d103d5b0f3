/* tls/sessions.c - which session belongs to which server, in a table of fixed size.
 *
 * The name is the key, and a session is only made after that name was verified; so a session of one server is
 * never shown to another one.
 */
#include "tls/tls.h"

#include <string.h>

struct bark_tls_session *bark_tls_session_find(struct bark_tls_session *table, const char *host,
                                               uint16_t port)
{
    for (size_t i = 0; i < BARK_TLS_SESSIONS; i++) {
        if (table[i].value && table[i].port == port && strcmp(table[i].host, host) == 0)
            return &table[i];
    }
    return NULL;
}

struct bark_tls_session *bark_tls_session_place(struct bark_tls_session *table, const char *host,
                                                uint16_t port)
{
    struct bark_tls_session *chosen = bark_tls_session_find(table, host, port);
    const size_t len = strlen(host);
    if (chosen || len >= sizeof table->host)
        return chosen;
    chosen = table;
    for (size_t i = 0; i < BARK_TLS_SESSIONS && chosen->value; i++) {
        if (!table[i].value || table[i].until_ns < chosen->until_ns)
            chosen = &table[i];
    }
    chosen->port = port;
    memcpy(chosen->host, host, len + 1);
    return chosen;
}
