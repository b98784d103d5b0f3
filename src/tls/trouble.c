/* tls/trouble.c - why TLS failed, as text. */
#include "base/report.h"
#include "tls/tls.h"

void bark_tls_explain(enum bark_tls_trouble trouble, const char *detail, struct bark_error *err)
{
    static const char *const rules[BARK_TLS_TROUBLE_COUNT] = {
        [BARK_TLS_FINE] = "TLS failed",
        [BARK_TLS_NAME] = "[RFC9525 6.1] the certificate is for another host name",
        [BARK_TLS_EXPIRED] = "[RFC5280 4.1.2.5] a certificate has expired",
        [BARK_TLS_EARLY] = "[RFC5280 4.1.2.5] a certificate is not valid yet",
        [BARK_TLS_UNTRUSTED] = "[RFC5280 6.1] the certificate does not lead to one that is trusted",
        [BARK_TLS_WEAK] = "a certificate has a weak key, or a weak signature (RSA, SHA-1, or the curve)",
        [BARK_TLS_PURPOSE] = "[RFC5280 4.2.1.12] a certificate is not meant for this purpose",
        [BARK_TLS_PIN] = "[RFC7469 2.6] no certificate of the chain has a pinned key",
        [BARK_TLS_CERTIFICATE] = "[RFC5280 6.1] the certificate cannot be accepted",
        [BARK_TLS_NO_CERTIFICATE] = "[RFC8446 4.4.2.4] the client shows no certificate",
        [BARK_TLS_ALERT] = "[RFC8446 6.2] the other side ended TLS with an alert",
        [BARK_TLS_PROTOCOL] = "[RFC8446 4] no TLS 1.2 or 1.3 by the algorithms that are allowed",
        [BARK_TLS_TRUNCATED] = "[RFC8446 6.1] the connection was cut: it ended without a close_notify",
        [BARK_TLS_CLOSED] = "the connection was closed within the TLS handshake",
    };
    if (!err || err->code != BARK_OK)
        return;
    (void)bark_fail(err, BARK_ERR_TLS, 0, rules[trouble]);
    if (detail)
        bark_report_say(err->found, sizeof err->found, detail);
}
