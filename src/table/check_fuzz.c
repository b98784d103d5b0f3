/* table/check_fuzz.c - any bytes as a table image: refused with a rule, or an image that can be printed.
 */
#include "table/print.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[1 << 16];
    void *copy = malloc(size ? size : 1); /* aligned, and ends where the sanitizer looks */
    struct bark_image image;
    struct bark_error err;
    struct bark_out out;
    enum bark_code code;
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    code = bark_image_open(&image, (struct bark_slice){ copy, size }, &err);
    expect(code == err.code);
    expect(code == BARK_OK || (code == BARK_ERR_IMAGE && err.rule && err.rule[0] == 'T' && !image.base));
    if (code == BARK_OK) {
        bark_out_init(&out, text, sizeof text);
        bark_image_print(&image, &out);
    }
    free(copy);
    return 0;
}
