/* table/print.h - an image as text, one line a row.
 *
 * For golden files, reviews and the compiler's reports. The text is stable: the same image gives the same
 * lines, in the order of the rows.
 */
#ifndef BARK_TABLE_PRINT_H
#define BARK_TABLE_PRINT_H

#include "soapbark/out.h"
#include "table/kind_name.h"

/* Prints an image that bark_image_open() has proved. Refusal shows in bark_out_ok(). */
void bark_image_print(const struct bark_image *image, struct bark_out *out);

#endif
