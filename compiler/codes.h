/* compiler/codes.h - the stable codes of what the compiler says.
 *
 * A code stands for a family of rules and keeps its meaning for ever: scripts filter by it, people search for
 * it, `soapbark explain` explains it. A new family gets a new number; the number of one that is gone is not
 * used again. SOAPC_E_ codes are errors, SOAPC_W_ codes warnings, printed as E0301 and W0106.
 */
#ifndef SOAPC_CODES_H
#define SOAPC_CODES_H

#include "soapbark/out.h"

enum soapc_code {
    SOAPC_NO_CODE = 0, /* of notes: they belong to a message with a code */
    /* files and imports */
    SOAPC_E_UNREADABLE = 101,
    SOAPC_E_TOO_BIG = 102,
    SOAPC_E_XML = 103,
    SOAPC_E_IMPORT_MISSING = 104,
    SOAPC_E_IMPORT_WRONG = 105,
    SOAPC_W_IMPORT_UNUSED = 106,
    SOAPC_E_NOT_LOCKED = 107,
    SOAPC_E_LOCK_DIFFERS = 108,
    /* the grammar of schema and WSDL documents */
    SOAPC_E_UNKNOWN_ATTRIBUTE = 201,
    SOAPC_E_MISSING_ATTRIBUTE = 202,
    SOAPC_E_ATTRIBUTE_VALUE = 203,
    SOAPC_E_MISPLACED_ELEMENT = 204,
    SOAPC_E_MISSING_ELEMENT = 205,
    SOAPC_E_EXCLUSIVE = 206,
    SOAPC_W_IGNORED_ATTRIBUTE = 207,
    SOAPC_W_EXTENSION = 208,
    /* names */
    SOAPC_E_UNKNOWN_NAME = 301,
    SOAPC_E_DUPLICATE = 302,
    SOAPC_E_NOT_IMPORTED = 303,
    SOAPC_E_WRONG_KIND = 304,
    SOAPC_E_CYCLE = 305,
    SOAPC_E_RESERVED_NAME = 306,
    /* simple types */
    SOAPC_E_FACET_MISPLACED = 401,
    SOAPC_E_FACET_WIDENS = 402,
    SOAPC_E_NO_VALUE_LEFT = 403,
    SOAPC_E_NOT_A_VALUE = 404,
    SOAPC_E_PATTERN = 405,
    SOAPC_E_LIST_OF_LISTS = 406,
    SOAPC_E_NO_DEFAULT = 407,
    /* complex types and content */
    SOAPC_E_OCCURRENCE = 501,
    SOAPC_E_ALL_LIMITED = 502,
    SOAPC_E_FINAL = 503,
    SOAPC_E_CONTENT_KIND = 504,
    SOAPC_E_ATTRIBUTE_RESTRICTION = 505,
    SOAPC_E_WILDCARD_FORM = 506,
    SOAPC_E_IDENTITY = 507,
    SOAPC_E_AMBIGUOUS = 508,
    SOAPC_W_AMBIGUOUS = 509,
    SOAPC_E_REDEFINE = 510,
    SOAPC_E_RESTRICTION = 511,
    SOAPC_E_INCONSISTENT = 512,
    SOAPC_W_COUNTS = 513,
    /* WSDL */
    SOAPC_E_NO_MESSAGES = 601,
    SOAPC_E_NO_BODY = 602,
    SOAPC_W_LEFT_OUT = 603,
    SOAPC_E_HTTP_BINDING = 604,
    SOAPC_W_HTTP_LEFT_OUT = 605,
    SOAPC_W_HTTP_SECRET = 606,
    /* bounds of the compiler and its tables */
    SOAPC_E_TABLE_LIMIT = 701,
    SOAPC_E_MEMORY = 702,
    /* documents: what validate and call say about messages */
    SOAPC_E_MESSAGE_XML = 801,
    SOAPC_E_MESSAGE_UNEXPECTED = 802,
    SOAPC_E_MESSAGE_MISSING = 803,
    SOAPC_E_MESSAGE_VALUE = 804,
    SOAPC_E_MESSAGE_JSON = 805,
    SOAPC_E_MESSAGE_LIMIT = 806,
    SOAPC_E_MESSAGE_OTHER = 807,
    /* right, but not supported */
    SOAPC_E_NOT_SUPPORTED = 901,
    SOAPC_W_NOT_CHECKED = 902,
    /* overrides files (docs/overrides.md) */
    SOAPC_E_OVERRIDE_FORM = 1001,
    SOAPC_E_OVERRIDE_NAME = 1002,
    SOAPC_E_OVERRIDE_USE = 1003,
    SOAPC_E_OVERRIDE_TAKEN = 1004
};

/* What `soapbark explain` knows about a code. All texts are static. */
struct soapc_code_info {
    enum soapc_code code;
    bool warning;
    const char *title; /* one line */
    const char *spec; /* where the rule stands: "[XSD1 3.4.6] ct-props-correct"; "-": a rule of ours */
    const char *text; /* what it means and what to do; lines of at most 80 bytes */
    const char *wrong,
        *right; /* the content of an xs:schema with targetNamespace="urn:t", bound to t; may be NULL */
};

/* NULL: no such code. */
const struct soapc_code_info *soapc_code_find(enum soapc_code code);

/* The nth by number, from 0; NULL past the end. */
const struct soapc_code_info *soapc_code_at(size_t n);

enum { SOAPC_CODE_TEXT = 16 };

/* "E0301": letter, four digits, NUL. Empty for SOAPC_NO_CODE and unknown codes. */
void soapc_code_print(enum soapc_code code, char text[SOAPC_CODE_TEXT]);

#endif
