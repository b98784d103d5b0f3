/* soapbark/values.h - the C types of XSD values, as they appear in generated structs.
 *
 * Everything a decoder fills points into the call's arena. A handler may point anywhere that lives until the
 * answer is written. All zero means "absent" for every type that can say so by itself (text, bytes, qname,
 * any, enum).
 */
#ifndef SOAPBARK_VALUES_H
#define SOAPBARK_VALUES_H

#include "soapbark/base.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Text: UTF-8, NUL-terminated, and its length without the NUL. Absent: ptr is NULL; empty: ptr is "". Also
 * the C type of decimal and integer of any length (the lexical form, checked) and of anyURI. */
struct bark_text {
    const char *ptr;
    size_t len;
};

/** Octets of base64Binary and hexBinary. Absent: ptr is NULL. */
struct bark_bytes {
    const uint8_t *ptr;
    size_t len;
};

/** A name resolved to its namespace. ns is empty for no namespace. Absent: local.ptr is NULL. */
struct bark_qname {
    struct bark_text ns;
    struct bark_text local;
};

/** dateTime, date, time, gYear, gYearMonth, gMonth, gMonthDay, gDay: parts that the type lacks are 0.
 * [XSD2 3.2.7] A year may have more than four digits and be negative. */
struct bark_time {
    int64_t year;
    uint32_t nanosecond;
    int16_t zone_minutes; /* east of UTC; read only when has_zone */
    uint8_t month, day, hour, minute, second;
    bool has_zone;
};

/** duration [XSD2 3.2.6]: the parts as written, so that P12M and P1Y survive a round trip. */
struct bark_duration {
    uint32_t years, months, days, hours, minutes, seconds, nanoseconds;
    bool negative;
};

/** A value of a union type: its text, and which member type accepted it (from 0, in schema order). */
struct bark_union {
    struct bark_text text;
    uint16_t member;
};

/** One element captured by a wildcard: a well-formed fragment that declares every prefix it uses, so that it
 * can be written anywhere. */
struct bark_any {
    struct bark_text xml;
};

/** One attribute captured by anyAttribute. */
struct bark_any_attribute {
    struct bark_qname name;
    struct bark_text value;
};

/** What every repeated member looks like in memory: generated structs spell the item type. nil is NULL unless
 * the element is nillable and an item was nil; then it holds one byte an item. */
struct bark_array {
    void *items;
    size_t count;
    uint8_t *nil;
};

/** State of an optional scalar or nillable member: its `has_` byte. */
enum bark_presence { BARK_ABSENT = 0, BARK_PRESENT = 1, BARK_NIL = 2 };

/** The dateTime of a point in time, in UTC: seconds since 1970-01-01T00:00:00Z (may be negative) and the
 * nanoseconds after it. Gregorian, also before 1582 [XSD2 D]. */
struct bark_time bark_time_of_unix(int64_t seconds, uint32_t nanosecond);

/** Seconds since 1970-01-01T00:00:00Z of a dateTime; its zone is taken into account, none counts as UTC. A
 * second of 60 counts as the next minute's first. False when a part is outside its range (the day of a month
 * included) or the year is not within -9999 to 9999. */
bool bark_time_to_unix(const struct bark_time *time, int64_t *seconds);

/* In C++ a function may share a struct's name, but -Wshadow minds. */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/** Text from a literal or another NUL-terminated string that outlives the message. NULL gives absent. */
static inline struct bark_text bark_text(const char *s)
{
    struct bark_text t = { s, s ? strlen(s) : 0 };
    return t;
}

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

static inline bool bark_text_equal(struct bark_text t, const char *s)
{
    return t.ptr && strlen(s) == t.len && memcmp(t.ptr, s, t.len) == 0;
}

#ifdef __cplusplus
}
#endif
#endif
