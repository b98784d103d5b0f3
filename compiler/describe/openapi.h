/* describe/openapi.h - what the two files of the OpenAPI output share.
 */
#ifndef SOAPC_DESCRIBE_OPENAPI_H
#define SOAPC_DESCRIBE_OPENAPI_H

#include "describe/json.h"

/* openapi_http.c: the paths of all HTTP bindings, as members of the object "paths". */
void soapc_openapi_https(struct soapc_json *j);
/* openapi.c: whether a client could use an address; braces would be variables [OpenAPI 3.1]. */
bool soapc_openapi_is_address(const char *address);

#endif
