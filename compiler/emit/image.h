/* emit/image.h - the table image as bytes in memory, for tools that need no generated code.
 */
#ifndef SOAPC_EMIT_IMAGE_H
#define SOAPC_EMIT_IMAGE_H

#include "lower/plan.h"

struct soapc_image {
    struct bark_slice bytes; /* aligned to 8; what bark_image_open() wants */
    void *memory;
};

/* Lowers a model for this machine. False after an error in diag; *image is all zero then. The image needs
 * neither model nor diag afterwards. Free with soapc_image_free(). */
BARK_MUST_CHECK bool soapc_image_build(const struct soapc_model *model,
                                       const struct soapc_lower_options *options, struct soapc_diag *diag,
                                       struct soapc_image *image);
void soapc_image_free(struct soapc_image *image);

/* The same from a plan. */
BARK_MUST_CHECK bool soapc_image_of_plan(const struct soapc_plan *plan, struct soapc_image *image);

/* Bytes of one row of a section. */
size_t soapc_row_size(enum bark_section section);

/* Bytes of the whole image. */
size_t soapc_image_size(const struct soapc_rows *rows);

/* The rows of a section; NULL when there are none. */
const void *soapc_section_rows(const struct soapc_rows *rows, enum bark_section section);

#endif
