/* soapbark/gzip.h - compressed bodies, as an add-on: link soapbark_gzip and zlib, and give the table to a
 * server or a client.
 *
 * The default library has no compression [R15]: a body that nobody expands cannot be a bomb (row 24).
 */
#ifndef SOAPBARK_GZIP_H
#define SOAPBARK_GZIP_H

#include "soapbark/http.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Content-Encoding gzip [RFC1952], by zlib, for bark_server_options.coding and
 * bark_client_options.coding. A body is one gzip member, whole
 * and with nothing behind it. zlib takes its memory (about 45 KB for reading, 270 KB for writing) with malloc
 * and gives it back before a call returns. Threads: safe. */
extern const struct bark_http_coding bark_gzip;

#ifdef __cplusplus
}
#endif
#endif
