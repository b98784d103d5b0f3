/* cli/replay_send.h - how soapbark replay reaches a server: one connection for all exchanges, TLS,
 * credentials. */
#ifndef SOAPBARK_CLI_REPLAY_SEND_H
#define SOAPBARK_CLI_REPLAY_SEND_H

#include "call_tls.h"
#include "call_way.h"
#include "client/credentials.h"
#include "client/exchange.h"
#include "exchange_file.h"

struct cli_sender {
    struct bark_exchange http;
    struct bark_credentials credentials;
    struct bark_tls_client *tls;
    struct cli_way way;
    const char *url;
    uint64_t timeout_ns;
};

/* False after an error was printed. Free with cli_sender_close(), after a failure too. */
BARK_MUST_CHECK bool cli_sender_open(struct cli_sender *s, const struct cli_args *args,
                                     const struct cli_tls_options *tls, const struct cli_way_options *way,
                                     const char *url, uint64_t timeout_ns);
void cli_sender_close(struct cli_sender *s);

/* Sends the exchange's request, once more when the server asks who calls; the answer lives until the next
 * one. False after an error was printed. */
BARK_MUST_CHECK bool cli_sender_post(struct cli_sender *s, const struct cli_exchange *x,
                                     struct bark_exchange_answer *answer);

#endif
