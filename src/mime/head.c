/* mime/head.c - the header fields of a part, and what they may say.
 *
 * Senders fold long fields, as mail does [RFC5322 2.2.3]; the line end inside becomes two spaces. A field
 * that we use and that stands twice is refused: two programs would choose differently. Bodies are taken as
 * they are, so an encoding that would have to be undone (base64, quoted-printable) is refused, not ignored.
 */
#include "mime/head.h"

#include <string.h>

static bool byte_is_token(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct bark_slice trimmed(struct bark_slice s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) {
        s.ptr++;
        s.len--;
    }
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* [RFC2392] Content-ID is an address in angle brackets; no space, no control character, no bracket inside. */
static const char *content_id_read(struct bark_slice value, struct bark_slice *id)
{
    static const char rule[] = "[RFC2392 2] a Content-ID is one identifier in angle brackets";
    if (value.len < 3 || value.ptr[0] != '<' || value.ptr[value.len - 1] != '>')
        return rule;
    *id = (struct bark_slice){ value.ptr + 1, value.len - 2 };
    for (size_t i = 0; i < id->len; i++)
        if (id->ptr[i] <= ' ' || id->ptr[i] >= 0x7f || id->ptr[i] == '<' || id->ptr[i] == '>')
            return rule;
    return NULL;
}

static const char *encoding_check(struct bark_slice value)
{
    return bark_mime_is(value, "binary") || bark_mime_is(value, "8bit") || bark_mime_is(value, "7bit")
               ? NULL
               : "[RFC2045 6] the Content-Transfer-Encoding is binary, 8bit or 7bit: HTTP needs no other";
}

enum field { CONTENT_ID, CONTENT_TYPE, ENCODING, LOCATION, DISPOSITION, FIELDS };

static const char *field_read(struct bark_slice name, struct bark_slice value, unsigned *seen,
                              struct bark_mime_part *part)
{
    static const char *const names[FIELDS] = { "content-id", "content-type", "content-transfer-encoding",
                                               "content-location", "content-disposition" };
    unsigned field = 0;
    while (field < FIELDS && !bark_mime_is(name, names[field]))
        field++;
    if (field == FIELDS)
        return NULL;
    if (*seen >> field & 1)
        return "[RFC2045 3] a part says the same field twice";
    *seen |= 1u << field;
    switch ((enum field)field) {
    case CONTENT_ID:
        return content_id_read(value, &part->content_id);
    case CONTENT_TYPE:
        part->content_type = value;
        return NULL;
    case ENCODING:
        return encoding_check(value);
    case LOCATION:
        part->content_location = value;
        return NULL;
    case DISPOSITION:
        part->content_disposition = value;
        return NULL;
    case FIELDS:
        break;
    }
    return NULL;
}

/* The next field, without its CRLF, from the front of *head; folds are undone in room. */
static const char *line_take(struct bark_slice *head, const uint8_t *begin, uint8_t *room,
                             struct bark_slice *line)
{
    size_t i = 0;
    *line = (struct bark_slice){ head->ptr, 0 };
    for (; i + 1 < head->len; i++) {
        const uint8_t c = head->ptr[i];
        if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f || (c == '\r' && head->ptr[i + 1] != '\n'))
            return "[RFC5322 2.2] a part's head holds a control character";
        if (c != '\r')
            continue;
        if (i + 2 == head->len || (head->ptr[i + 2] != ' ' && head->ptr[i + 2] != '\t'))
            break;
        room[head->ptr - begin + (ptrdiff_t)i] = ' ';
        room[head->ptr - begin + (ptrdiff_t)i + 1] = ' ';
    }
    line->len = i;
    head->ptr += i + 2;
    head->len -= i + 2;
    return NULL;
}

const char *bark_mime_head_read(struct bark_slice head, uint8_t *room, struct bark_mime_part *part)
{
    const uint8_t *begin = head.ptr;
    unsigned seen = 0;
    const char *rule = NULL;
    *part = (struct bark_mime_part){ 0 };
    while (head.len > 2 && !rule) {
        struct bark_slice line, name;
        rule = line_take(&head, begin, room, &line);
        if (rule)
            break;
        name = (struct bark_slice){ line.ptr, 0 };
        while (name.len < line.len && byte_is_token(line.ptr[name.len]))
            name.len++;
        if (name.len == 0 || name.len == line.len || line.ptr[name.len] != ':')
            rule = "[RFC5322 2.2] a line of a part's head is not `name: value`";
        else
            rule = field_read(
                name, trimmed((struct bark_slice){ line.ptr + name.len + 1, line.len - name.len - 1 }), &seen,
                part);
    }
    if (rule)
        *part = (struct bark_mime_part){ 0 };
    return rule;
}
