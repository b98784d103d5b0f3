/* describe/doc.h - the parts of the HTML reference. */
#ifndef SOAPC_DESCRIBE_DOC_H
#define SOAPC_DESCRIBE_DOC_H

#include "describe/words.h"

struct soapc_doc {
    struct soapc_plan *plan;
    struct bark_out *out;
};

/* Markup as it is; text escaped. */
void soapc_doc_markup(struct soapc_doc *d, const char *markup);
void soapc_doc_text(struct soapc_doc *d, const char *text);
/* Documentation at a place as paragraphs; nothing when there is none. */
void soapc_doc_about(struct soapc_doc *d, struct soapc_place place);
/* A type by its name, as a link when it is described. */
void soapc_doc_type_link(struct soapc_doc *d, const struct soapc_type *t);
/* doc_type.c: the section of a type. */
void soapc_doc_type(struct soapc_doc *d, const struct soapc_type *t);
/* doc_style.c: the style sheet. */
extern const char soapc_doc_style[];

#endif
