/* emit/c.h - the generated C: NAME.h with plain structs, NAME.c with the table image.
 *
 * Byte-identical on every run: nothing in it depends on time, path or address.
 */
#ifndef SOAPC_EMIT_C_H
#define SOAPC_EMIT_C_H

#include "lower/plan.h"
#include "text.h"

struct soapc_c_options {
    const char *name; /* of the files, and before _tables(); a C identifier */
    const char *command; /* for the first lines; folders left out */
    bool comments; /* with the documentation of the schema */
    bool async; /* with functions for calls that do not wait */
};

/* Both append to out; look at out->failed afterwards. */
void soapc_emit_header(const struct soapc_plan *plan, const struct soapc_c_options *options,
                       struct soapc_text *out);
void soapc_emit_source(const struct soapc_plan *plan, const struct soapc_c_options *options,
                       struct soapc_text *out);

/* The types of a service: handlers, dispatch, client calls; in the header and the source. */
void soapc_emit_service_header(const struct soapc_plan *plan, size_t service,
                               const struct soapc_c_options *options, struct soapc_text *out);
void soapc_emit_service_source(const struct soapc_plan *plan, size_t service, struct soapc_text *out);

/* comment.c: the documentation at a place as a comment on lines of its own; nothing without a model, or
 * without documentation. */
void soapc_emit_comment(const struct soapc_model *model, struct soapc_place place, const char *indent,
                        struct soapc_text *out);

/* The text as a part of a comment, on the same line. */
void soapc_emit_words(const char *text, struct soapc_text *out);

/* parts.c: the attachments of a service; nothing where its WSDL binds none. */
void soapc_emit_parts_header(const struct soapc_plan *plan, const struct soapc_pservice *service,
                             struct soapc_text *out);
void soapc_emit_parts_source(const struct soapc_plan *plan, const struct soapc_pservice *service,
                             struct soapc_text *out);

/* The first lines of both files. */
void soapc_emit_notice(const struct soapc_c_options *options, const char *suffix, struct soapc_text *out);

/* How C spells a value of the type: "struct tt_User", "int32_t". */
const char *soapc_c_keyword(const struct soapc_ptype *t); /* "struct ", "enum " or "" */
const char *soapc_c_type(const struct soapc_ptype *t); /* tag, or the whole name */

#endif
