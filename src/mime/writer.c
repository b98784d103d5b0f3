/* mime/writer.c - the boundaries and heads of a multipart body; what stands between them is the caller's.
 */
#include "soapbark/mime.h"

#include "base/digits.h"

#include <string.h>

void bark_mime_boundary_make(const uint8_t random[16], char text[BARK_MIME_BOUNDARY_TEXT])
{
    memcpy(text, "bark_", 5);
    for (size_t i = 0; i < 16; i++) {
        text[5 + 2 * i] = (char)bark_hex_lower[random[i] >> 4];
        text[6 + 2 * i] = (char)bark_hex_lower[random[i] & 15];
    }
    text[37] = '\0';
}

/* Every other byte of a boundary differs from '-', so a run of dashes costs one comparison each. */
bool bark_mime_boundary_occurs(struct bark_slice bytes, const char *boundary)
{
    const size_t len = strlen(boundary);
    const uint8_t *at = bytes.ptr, *end = bytes.ptr + bytes.len;
    while (at && (size_t)(end - at) >= len + 2) {
        at = memchr(at, '-', (size_t)(end - at));
        if (!at || (size_t)(end - at) < len + 2)
            return false;
        if (at[1] == '-' && memcmp(at + 2, boundary, len) == 0)
            return true;
        at++;
    }
    return false;
}

static void field_write(struct bark_out *o, const char *before, struct bark_slice value, const char *after)
{
    for (size_t i = 0; i < value.len; i++)
        if ((value.ptr[i] < ' ' && value.ptr[i] != '\t') || value.ptr[i] == 0x7f)
            o->failed = true;
    bark_out_text(o, before);
    bark_out_put(o, value.ptr, value.len);
    bark_out_text(o, after);
}

void bark_mime_part_write(struct bark_out *o, const char *boundary, bool first,
                          struct bark_slice content_type, struct bark_slice content_id)
{
    bark_out_text(o, first ? "--" : "\r\n--");
    bark_out_text(o, boundary);
    if (content_type.len)
        field_write(o, "\r\nContent-Type: ", content_type, "");
    bark_out_text(o, "\r\nContent-Transfer-Encoding: binary\r\n");
    if (content_id.len)
        field_write(o, "Content-ID: <", content_id, ">\r\n");
    bark_out_text(o, "\r\n");
}

void bark_mime_end_write(struct bark_out *o, const char *boundary)
{
    bark_out_text(o, "\r\n--");
    bark_out_text(o, boundary);
    bark_out_text(o, "--\r\n");
}
