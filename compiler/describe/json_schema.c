/* describe/json_schema.c - a JSON Schema (2020-12) of every message: one definition for each struct,
 * enumeration and repeated group under its C name, and one for each root.
 *
 * A message is checked against the definition of its root: NAME.schema.json#/$defs/p_GetUsers_root. A type
 * that may stand by "#type" has a second definition, named like its enumerator, in which "#type" is required.
 */
#include "describe/json.h"

#include <string.h>

/* ---- writing ---- */

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

void soapc_json_name(struct soapc_json *j, const char *name)
{
    bark_json_write_start(&j->w);
    bark_json_write_piece(&j->w, slice(name ? name : ""));
    bark_json_write_name_end(&j->w);
}

void soapc_json_text(struct soapc_json *j, const char *text)
{
    bark_json_write_string(&j->w, slice(text ? text : ""));
}

void soapc_json_literal(struct soapc_json *j, const char *text)
{
    bark_json_write_literal(&j->w, slice(text));
}

void soapc_json_pair(struct soapc_json *j, const char *name, const char *text)
{
    soapc_json_name(j, name);
    soapc_json_text(j, text);
}

void soapc_json_open(struct soapc_json *j, const char *name, char bracket)
{
    if (name)
        soapc_json_name(j, name);
    bark_json_write_open(&j->w, (uint8_t)bracket);
}

void soapc_json_close(struct soapc_json *j, char bracket)
{
    bark_json_write_close(&j->w, (uint8_t)bracket);
}

void soapc_json_ref(struct soapc_json *j, const char *name)
{
    soapc_json_pair(j, "$ref", soapc_plan_printf(j->plan, "%s%s", j->refs, name));
}

/* ---- definitions ---- */

static void about_put(struct soapc_json *j, struct soapc_place place)
{
    const char *about = soapc_model_documentation(j->plan->model, place);
    if (about)
        soapc_json_pair(j, "description", about);
}

static void ref_item(struct soapc_json *j, const char *name)
{
    soapc_json_open(j, NULL, '{');
    soapc_json_ref(j, name);
    soapc_json_close(j, '}');
}

/* What may stand where a type has derived ones: each by its "#type", the declared one without too. */
static void typed_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    soapc_json_open(j, "anyOf", '[');
    for (size_t i = 0; i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        if (i == 0 && !(t->flags & BARK_TYPE_ABSTRACT)) {
            soapc_json_open(j, NULL, '{');
            soapc_json_value(j, f->type);
            soapc_json_close(j, '}');
        }
        ref_item(j, f->alternative);
    }
    soapc_json_close(j, ']');
}

/* The alternatives of a union of types, each with its "#type". */
static void alternatives_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    for (size_t i = 0; i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        const char *type = soapc_json_qname(j->plan, f->ns, f->local);
        soapc_json_open(j, f->alternative, '{');
        if (f->type->kind == BARK_KIND_STRUCT) {
            soapc_json_object(j, f->type, type);
        } else {
            soapc_json_pair(j, "type", "object");
            soapc_json_open(j, "properties", '{');
            soapc_json_open(j, "#type", '{');
            soapc_json_pair(j, "const", type);
            soapc_json_close(j, '}');
            soapc_json_open(j, "#text", '{');
            soapc_json_value(j, f->type);
            soapc_json_close(j, '}');
            soapc_json_close(j, '}');
            soapc_json_open(j, "required", '[');
            soapc_json_text(j, "#type");
            soapc_json_text(j, "#text");
            soapc_json_close(j, ']');
            soapc_json_name(j, "additionalProperties");
            soapc_json_literal(j, "false");
        }
        soapc_json_close(j, '}');
    }
}

static void type_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    soapc_json_open(j, t->c_name, '{');
    if (t->kind != BARK_KIND_GROUP)
        about_put(j, t->place);
    if (t->kind == BARK_KIND_ENUM)
        soapc_json_enumeration(j, t);
    else if (t->model == BARK_MODEL_TYPED)
        typed_put(j, t);
    else
        soapc_json_object(j, t, NULL);
    soapc_json_close(j, '}');
    if (t->model == BARK_MODEL_TYPED)
        alternatives_put(j, t);
}

/* A group that occurs once melts into the object around it. */
static bool *repeated_groups(struct soapc_plan *plan)
{
    bool *repeated = soapc_plan_alloc(plan, plan->type_count + 1, sizeof *repeated);
    for (size_t i = 0; repeated && i < plan->type_count; i++)
        for (size_t k = 0; k < plan->types[i]->field_count; k++) {
            const struct soapc_pfield *f = &plan->types[i]->fields[k];
            if (f->kind == BARK_FIELD_GROUP && (f->bits & BARK_F_REPEATED))
                repeated[f->type->row] = true;
        }
    return repeated;
}

static void root_put(struct soapc_json *j, const struct soapc_proot *root)
{
    soapc_json_open(j, root->c_name, '{');
    about_put(j, root->element->place);
    soapc_json_value(j, root->type);
    soapc_json_close(j, '}');
}

void soapc_json_definitions(struct soapc_json *j)
{
    const struct soapc_plan *plan = j->plan;
    const bool *repeated = repeated_groups(j->plan);
    for (size_t i = 0; repeated && i < plan->type_count; i++) {
        const struct soapc_ptype *t = plan->types[i];
        if (t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_ENUM ||
            (t->kind == BARK_KIND_GROUP && repeated[t->row]))
            type_put(j, t);
    }
    for (size_t i = 0; i < plan->root_count; i++)
        root_put(j, &plan->roots[i]);
}

void soapc_describe_json_schema(struct soapc_plan *plan, const struct soapc_describe_options *options,
                                struct bark_out *out)
{
    struct soapc_json j = { .plan = plan, .refs = "#/$defs/" };
    bark_json_writer_init(&j.w, out, BARK_JSON_PRETTY);
    soapc_json_open(&j, NULL, '{');
    soapc_json_pair(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    soapc_json_pair(&j, "$comment", soapc_plan_printf(plan, "generated by: %s", options->command));
    soapc_json_pair(&j, "title", options->title);
    soapc_json_open(&j, "$defs", '{');
    soapc_json_definitions(&j);
    soapc_json_close(&j, '}');
    soapc_json_close(&j, '}');
    bark_out_byte(out, '\n');
}
