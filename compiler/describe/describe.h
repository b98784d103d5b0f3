/* describe/describe.h - other outputs of the same plan and model: JSON Schema, OpenAPI, an HTML reference, a
 * text for reviews.
 *
 * The JSON outputs are made from the plan, whose fields are the members that the engine reads and writes
 * (docs/json.md); the reference and the text from the model, which still knows groups, bases and
 * documentation. The same input gives the same bytes.
 */
#ifndef SOAPC_DESCRIBE_H
#define SOAPC_DESCRIBE_H

#include "lower/plan.h"
#include "soapbark/out.h"

struct soapc_describe_options {
    const char *name; /* of the file */
    const char *title; /* for people: the file that was compiled */
    const char *command; /* that made the output */
};

/* Each appends a whole document to out; look at out->failed, and at plan->failed, afterwards. */
void soapc_describe_json_schema(struct soapc_plan *plan, const struct soapc_describe_options *options,
                                struct bark_out *out);
void soapc_describe_openapi(struct soapc_plan *plan, const struct soapc_describe_options *options,
                            struct bark_out *out);
void soapc_describe_doc(struct soapc_plan *plan, const struct soapc_describe_options *options,
                        struct bark_out *out);
void soapc_describe_model(struct soapc_plan *plan, const struct soapc_describe_options *options,
                          struct bark_out *out);

/* Escaped for HTML content and attribute values. */
void soapc_html_text(struct bark_out *out, const char *text);

#endif
