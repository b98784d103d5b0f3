/* compiler/sha256.h - the digest of lock files. [FIPS180-4] */
#ifndef SOAPC_SHA256_H
#define SOAPC_SHA256_H

#include "soapbark/base.h"

enum { SOAPC_SHA256_TEXT = 65 }; /* 64 hexadecimal digits and a NUL */

/* The SHA-256 of the bytes, in lower-case hexadecimal. */
void soapc_sha256(const void *bytes, size_t size, char text[SOAPC_SHA256_TEXT]);

#endif
