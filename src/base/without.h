/* base/without.h - parts of the engine that a build leaves out to be smaller (SOAPBARK_WITHOUT,
 * docs/size.md).
 *
 * A part that is left out is a constant 0 here: the compiler then sees that its calls never happen, and the
 * linker drops what only they reached. An image whose tables need the part is refused when it is opened
 * [T12], so no message ever comes to where it is missing. Values that are left out are in
 * table/kind_layout.h.
 */
#ifndef BARK_BASE_WITHOUT_H
#define BARK_BASE_WITHOUT_H

#ifdef BARK_WITHOUT_DEFAULT
#define BARK_HAS_DEFAULT 0 /* default and fixed values */
#else
#define BARK_HAS_DEFAULT 1
#endif

#ifdef BARK_WITHOUT_GROUP
#define BARK_HAS_GROUP 0 /* choices, `all`, and groups inside structs */
#else
#define BARK_HAS_GROUP 1
#endif

#ifdef BARK_WITHOUT_HTTP
#define BARK_HAS_HTTP 0 /* operations that are plain HTTP requests (rows of HTTP) */
#else
#define BARK_HAS_HTTP 1
#endif

#ifdef BARK_WITHOUT_LIST
#define BARK_HAS_LIST 0 /* list types and unions */
#else
#define BARK_HAS_LIST 1
#endif

#ifdef BARK_WITHOUT_NIL
#define BARK_HAS_NIL 0 /* elements that xsi:nil may empty */
#else
#define BARK_HAS_NIL 1
#endif

#ifdef BARK_WITHOUT_REPORT
#define BARK_HAS_REPORT 0 /* texts of errors: path, expected, found; code, offset and line stay */
#else
#define BARK_HAS_REPORT 1
#endif

#ifdef BARK_WITHOUT_TYPED
#define BARK_HAS_TYPED 0 /* elements of several types, told by xsi:type */
#else
#define BARK_HAS_TYPED 1
#endif

#ifdef BARK_WITHOUT_UNKNOWN
#define BARK_HAS_UNKNOWN 0 /* policies that pass over, or collect, what a schema does not know */
#else
#define BARK_HAS_UNKNOWN 1
#endif

#ifdef BARK_WITHOUT_VALIDATION
#define BARK_HAS_VALIDATION 0 /* images that validate: row DECLARED, MIXED types */
#else
#define BARK_HAS_VALIDATION 1
#endif

#ifdef BARK_WITHOUT_WILDCARD
#define BARK_HAS_WILDCARD 0 /* any, anyAttribute, mixed content and anyType */
#else
#define BARK_HAS_WILDCARD 1
#endif

#ifdef BARK_WITHOUT_WINDOW
#define BARK_HAS_WINDOW 0 /* messages in pieces, soapbark/stream.h */
#else
#define BARK_HAS_WINDOW 1
#endif

#ifdef BARK_WITHOUT_XOP
#define BARK_HAS_XOP 0 /* octets beside the message, MTOM */
#else
#define BARK_HAS_XOP 1
#endif

#define BARK_HAS_CAPTURE (BARK_HAS_WILDCARD || BARK_HAS_UNKNOWN) /* elements kept as text */

#endif
