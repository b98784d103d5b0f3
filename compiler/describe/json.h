/* describe/json.h - the pieces that JSON Schema and OpenAPI share.
 */
#ifndef SOAPC_DESCRIBE_JSON_H
#define SOAPC_DESCRIBE_JSON_H

#include "describe/describe.h"
#include "json/writer.h"

struct soapc_json {
    struct soapc_plan *plan;
    struct bark_json_writer w;
    const char *refs; /* what a $ref starts with: "#/$defs/" */
};

void soapc_json_name(struct soapc_json *j, const char *name); /* "name": */
void soapc_json_text(struct soapc_json *j, const char *text); /* a string value */
void soapc_json_literal(struct soapc_json *j, const char *text); /* a number, true, false */
void soapc_json_pair(struct soapc_json *j, const char *name, const char *text);
void soapc_json_open(struct soapc_json *j, const char *name, char bracket); /* name NULL: without */
void soapc_json_close(struct soapc_json *j, char bracket);
void soapc_json_ref(struct soapc_json *j, const char *name); /* "$ref": refs + name */

/* All schemas by name, as members of an object that is open: structs, repeated groups, enumerations, roots.
 */
void soapc_json_definitions(struct soapc_json *j);
/* The members of the schema of a value, in an object that is open: a reference, or type and facets. */
void soapc_json_value(struct soapc_json *j, const struct soapc_ptype *t);
/* The same for what a reference to an enumeration means. */
void soapc_json_enumeration(struct soapc_json *j, const struct soapc_ptype *t);
/* json_object.c: the members of the schema of a struct or repeated group. type NULL, or the name that "#type"
 * has. */
void soapc_json_object(struct soapc_json *j, const struct soapc_ptype *t, const char *type);
/* json_value.c: an XSD pattern in the dialect of JSON Schema, in the plan's memory; NULL: it cannot be said
 * there. */
const char *soapc_json_pattern(struct soapc_plan *plan, const char *pattern);
/* json_value.c: "{uri}local". */
const char *soapc_json_qname(struct soapc_plan *plan, const char *ns, const char *local);
/* json_value.c: "default" or "const" of a field. */
void soapc_json_preset(struct soapc_json *j, const struct soapc_pfield *field);

#endif
