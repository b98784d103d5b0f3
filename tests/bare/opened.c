/* bare/opened.c - whether the engine takes an image: for the test of engines that were built without a part.
 *
 * The exit status is 0 when both ways of opening take it, 12 when both refuse it by rule T12, else 1.
 */
#include TABLES

#include <string.h>

int main(void)
{
    struct bark_image image;
    struct bark_error proved = { 0 }, unproved = { 0 };
    const enum bark_code first = bark_image_open(&image, NAME_tables(), &proved);
    const enum bark_code second = bark_image_open_unproved(&image, NAME_tables(), &unproved);
    if (first == BARK_OK && second == BARK_OK)
        return 0;
    if (first != BARK_ERR_IMAGE || second != BARK_ERR_IMAGE || !proved.rule || !unproved.rule)
        return 1;
    return strncmp(proved.rule, "T12:", 4) == 0 && strncmp(unproved.rule, "T12:", 4) == 0 ? 12 : 1;
}
