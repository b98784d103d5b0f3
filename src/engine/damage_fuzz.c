/* engine/damage_fuzz.c - input as damage to the sample image: every three bytes are a place and what to put
 * there. What the checker still accepts runs messages in both forms.
 */
#include "engine/damage_testing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct image_builder builder;
    struct damage_sum sum = { 0 };
    struct sample_rows rows;
    struct bark_slice image;
    size_t i;
    image = sample_image(&builder, &rows);
    for (i = 0; i + 3 <= size && i < 48; i += 3)
        builder.image[((size_t)data[i] << 8 | data[i + 1]) % image.len] = data[i + 2];
    image_run(&sum, image);
    return 0;
}
