/* load/url.h - what a location means where it stands: relative references [RFC3986 5]. */
#ifndef SOAPC_URL_H
#define SOAPC_URL_H

#include "soapbark/base.h"

/* The target of `reference` seen from `base`, malloc'ed, without fragment; NULL when memory is short. When
 * base is no URL and the reference neither, it is the path that soapc_path_join() gives. */
char *soapc_url_join(const char *base, const char *reference);

/* The same, and a final '/' stays where a path would lose it: for the base of other references. */
char *soapc_url_base(const char *base, const char *reference);

/* The length of "scheme://authority" of a URL; 0 when it has no such beginning. */
size_t soapc_url_authority(const char *url);

#endif
