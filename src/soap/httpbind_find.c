/* soap/httpbind_find.c - which HTTP row a request means: its verb, and its path behind the service's.
 *
 * Paths are compared byte by byte, as everywhere [SECURITY row 36]; a location with values in it is followed
 * as engine/form.c does. Literal locations go before those.
 */
#include "soap/httpbind.h"

#include "base/slice.h"
#include "engine/form.h"

#include <string.h>

bool bark_http_tail(const char *service_path, struct bark_slice path, struct bark_slice *tail)
{
    size_t len = strlen(service_path);
    if (bark_slice_is(path, service_path)) {
        *tail = (struct bark_slice){ path.ptr + len, 0 };
        return true;
    }
    if (len && service_path[len - 1] == '/')
        len--;
    if (path.len <= len || memcmp(path.ptr, service_path, len) != 0 || path.ptr[len] != '/')
        return false;
    *tail = (struct bark_slice){ path.ptr + len + 1, path.len - len - 1 };
    return true;
}

static bool pattern_fits(const struct bark_image *image, uint16_t row, struct bark_slice tail)
{
    struct bark_form_source s = { .image = image,
                                  .type = bark_root_type(
                                      image, image->operations[image->https[row].operation].input),
                                  .in = tail,
                                  .pattern = bark_http_location(image, row) };
    struct bark_form_pair ignored;
    while (bark_form_next(&s, &ignored))
        continue;
    return !s.broken;
}

static bool row_fits(const struct bark_image *image, uint16_t row, struct bark_slice tail, bool pattern)
{
    if (bark_http_replaces(image, row) != pattern)
        return false;
    return pattern ? pattern_fits(image, row, tail) : bark_slice_equal(bark_http_location(image, row), tail);
}

uint16_t bark_http_row_find(const struct bark_service *service, struct bark_slice path, bool post,
                            bool *other)
{
    const struct bark_image *image = service->image;
    const struct bark_service_row *s = &image->services[service->service_row];
    struct bark_slice tail;
    *other = false;
    if (!bark_http_tail(service->path, path, &tail))
        return BARK_NONE;
    for (int pattern = 0; pattern < 2; pattern++)
        for (uint32_t i = 0; i < image->http_count; i++) {
            const struct bark_http_row *row = &image->https[i];
            if (row->operation < s->first || row->operation - s->first >= s->count ||
                !row_fits(image, (uint16_t)i, tail, pattern))
                continue;
            if (((row->flags & BARK_HTTP_POST) != 0) == post)
                return (uint16_t)i;
            *other = true;
        }
    return BARK_NONE;
}

uint16_t bark_http_row_guess(const struct bark_image *image, struct bark_slice path, bool post, size_t *base)
{
    for (int pattern = 0; pattern < 2; pattern++)
        for (size_t at = path.len; at > 0; at--)
            for (uint32_t i = 0; path.ptr[at - 1] == '/' && i < image->http_count; i++) {
                const struct bark_slice tail = { path.ptr + at, path.len - at };
                if (((image->https[i].flags & BARK_HTTP_POST) != 0) != post ||
                    !row_fits(image, (uint16_t)i, tail, pattern))
                    continue;
                *base = at;
                return (uint16_t)i;
            }
    return BARK_NONE;
}
