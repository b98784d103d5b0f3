/* soapbark/base.h - what every other header leans on: slices, checked results, and the error record.
 *
 * Sizes and offsets are size_t, never int [R1]. A function that can fail returns enum bark_code, is
 * BARK_MUST_CHECK, and leaves its outputs all zero when it fails. Errors are values: there is no errno and no
 * thread-local state.
 */
#ifndef SOAPBARK_BASE_H
#define SOAPBARK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define BARK_MUST_CHECK __attribute__((warn_unused_result))
#else
#define BARK_MUST_CHECK
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes someone else owns. Not NUL-terminated. ptr may be NULL only when len is 0. */
struct bark_slice {
    const uint8_t *ptr;
    size_t len;
};

/* One list makes the enumerators and their texts (bark_code_text). */
#define BARK_CODES(X) \
    X(OK, "no error") \
    X(MORE, "more input is needed") \
    X(ERR_LIMIT, "a limit was reached") \
    X(ERR_MEMORY, "the memory budget is used up") \
    X(ERR_XML, "not well-formed XML") \
    X(ERR_NAMESPACE, "an XML namespace rule was broken") \
    X(ERR_UTF8, "not valid UTF-8") \
    X(ERR_UNEXPECTED, "an element or attribute is not expected here") \
    X(ERR_MISSING, "a required element or attribute is missing") \
    X(ERR_TYPE, "a value does not have its type's form") \
    X(ERR_FACET, "a value is outside its type's facets") \
    X(ERR_JSON, "not valid JSON") \
    X(ERR_HTTP, "an HTTP framing rule was broken") \
    X(ERR_SOAP, "a SOAP rule was broken") \
    X(ERR_FAULT, "the operation answered with a fault") \
    X(ERR_IMAGE, "a table image is damaged or of another layout") \
    X(ERR_USE, "the function was called out of order or with a wrong argument") \
    X(ERR_IO, "an input or output operation failed") \
    X(ERR_TIMEOUT, "a deadline passed") \
    X(ERR_TLS, "TLS was refused by one of its two sides, or broken")

enum bark_code {
#define X(name, text) BARK_##name,
    BARK_CODES(X)
#undef X
        BARK_CODE_COUNT
};

/** English text of a code, static. Unknown values give "unknown code". */
const char *bark_code_text(enum bark_code code);

enum { BARK_ERROR_PATH = 192, BARK_ERROR_TEXT = 192 };

/** What broke, where, and whose rule it was. All zero means no error. The texts are NUL-terminated, valid
 * UTF-8, control characters replaced, cut with "..." when they do not fit. */
struct bark_error {
    enum bark_code code;
    uint64_t offset; /* bytes from the start of the message; the first byte is 0 */
    uint32_t line; /* from 1; 0 where no line is known */
    uint32_t column; /* in bytes, from 1 */
    const char
        *rule; /* NULL, or static text with its source: "[XSD1 3.8.4] the sequence wants another element" */
    char path[BARK_ERROR_PATH]; /* /Envelope/Body/CreateUsers/User[3]/UserLevel */
    char expected[BARK_ERROR_TEXT]; /* "one of: Administrator, Operator, User" */
    char found[BARK_ERROR_TEXT]; /* shortened text of what was there instead */
};

/* A terse library (built with SOAPBARK_TERSE) leaves the texts of rules out: rule is NULL, everything else of
 * an error stays. A function that takes a rule is then also a macro of the same name, which drops the text
 * before the compiler stores it; [C11 7.1.4] its definition has its name in parentheses. */
#ifdef BARK_TERSE
#define BARK_RULE(text) (0 ? (text) : NULL)
#else
#define BARK_RULE(text) (text)
#endif

/** Records the first error only (later ones are echoes) and returns its code, so that `return bark_fail(...)`
 * reads as one thought. err may be NULL. */
enum bark_code bark_fail(struct bark_error *err, enum bark_code code, size_t at, const char *rule);
#ifdef BARK_TERSE
#define bark_fail(err, code, at, rule) bark_fail(err, code, at, BARK_RULE(rule))
#endif

/** Writes "line:column: path: rule (expected ..., found ...)" into text, always NUL-terminated when size > 0.
 * Returns the length it would have had. */
size_t bark_error_text(const struct bark_error *err, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
