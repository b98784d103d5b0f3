/* engine/value.h - simple values: text to C and back, facets checked both ways.
 *
 * One row of the image says everything: kind, facets, size. XML and JSON share these two functions, so a
 * value that one accepts the other accepts too.
 */
#ifndef BARK_ENGINE_VALUE_H
#define BARK_ENGINE_VALUE_H

#include "soapbark/arena.h"
#include "soapbark/image.h"
#include "soapbark/limits.h"
#include "soapbark/out.h"

/* What a value may need from around it. */
struct bark_value_scope {
    const struct bark_image *image;
    const struct bark_limits *limits;
    struct bark_arena *arena; /* reading: gets text, octets, list items; writing: lends room, gets it back */
    bool no_prefixes; /* a QName is spelt "{uri}local" (JSON, the image), which patterns do not see */
    bool checked; /* reading: the text came through the XML reader, whose characters XML 1.0 allows */
    /* Reading QName: the URI of a prefix (empty prefix: the default namespace); false when not bound. */
    bool (*prefix_to_uri)(const void *context, struct bark_slice prefix, struct bark_slice *uri);
    /* Writing QName: a prefix in scope for the URI; NULL ptr when there is none. */
    struct bark_slice (*uri_to_prefix)(void *context, struct bark_slice uri);
    void *context;
};

/* What was wrong with a value. Texts are static or live as long as the image. */
struct bark_value_error {
    const char *rule; /* "[XSD2 3.3.13] an int is ..." */
    struct bark_slice expected[8]; /* enumeration texts, a bound, a pattern; as many as fit */
    size_t expected_count;
    bool expected_more; /* there were more than fit */
};

static inline void bark_value_error_clear(struct bark_value_error *error)
{
    error->rule = NULL;
    error->expected_count = 0; /* members of expected at and above it are not looked at */
    error->expected_more = false;
}

/* Reads text (references already resolved, white space as it came) as a value of the type row into *member,
 * which is zero before and zero again after a failure. BARK_OK, BARK_ERR_TYPE, BARK_ERR_FACET,
 * BARK_ERR_MEMORY, BARK_ERR_LIMIT. */
BARK_MUST_CHECK enum bark_code bark_value_read(const struct bark_value_scope *scope, uint16_t type,
                                               struct bark_slice text, void *member,
                                               struct bark_value_error *error);

/* Writes the canonical lexical form of *member, unescaped (callers escape for XML or JSON), after checking
 * facets. out must be a plain buffer or any other bark_out; refusal shows in bark_out_ok(). */
BARK_MUST_CHECK enum bark_code bark_value_write(const struct bark_value_scope *scope, uint16_t type,
                                                const void *member, struct bark_out *out,
                                                struct bark_value_error *error);

/* The same for a text kind (STRING to ANYURI) or an enumeration, whose form stands in memory as it is: judges
 * it and gives it, borrowed from the member or the image. */
BARK_MUST_CHECK enum bark_code bark_value_text(const struct bark_value_scope *scope, uint16_t type,
                                               const void *member, struct bark_slice *text,
                                               struct bark_value_error *error);

/* Whether *member is the value that text spells: equal in the type's value space, so that 1.0 is 1.00 [XSD2
 * 4.2.1]. For fixed values. Texts of QNames are spelt "{namespace}local". Fails with BARK_ERR_MEMORY only. */
BARK_MUST_CHECK enum bark_code bark_value_is(const struct bark_value_scope *scope, uint16_t type,
                                             const void *member, struct bark_slice text, bool *same,
                                             struct bark_value_error *error);

/* Puts rule, expected set and the start of the refused text into the caller's record, unless that already
 * holds an error; the caller adds position and path. */
void bark_value_explain(const struct bark_value_error *error, enum bark_code code, struct bark_slice text,
                        struct bark_error *err);

/* True when the member itself says "absent": text, octets, QName, union without a pointer; enumeration 0;
 * `which` 0 of a TYPED struct. Always false for other kinds (their has_ byte tells). */
bool bark_value_absent(const struct bark_image *image, uint16_t type, const void *member);

/* True for the types whose absence bark_value_absent() can see; the others need a has_ byte when optional. */
bool bark_type_tells_absence(const struct bark_type_row *type);

#endif
