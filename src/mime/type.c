/* mime/type.c - a Content-Type taken apart: `type/subtype; name=token; name="quoted"` [RFC2045 5.1]; and the
 * Content-Disposition of a form's part, which has the same grammar [RFC7578 4.2].
 *
 * A parameter that stands twice could be read in two ways, so it is refused; and so is a backslash in a
 * quoted value that we use, since no boundary, identifier or type needs one. start-info, which some senders
 * fill with escaped quotes, repeats what the root part says of itself and is passed over.
 */
#include "soapbark/mime.h"

#include "base/slice.h"

#include <string.h>

bool bark_mime_is(struct bark_slice s, const char *lower)
{
    return bark_slice_reads(s, lower);
}

static bool byte_is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Characters of tokens, and '/', ':', '@', '<', '>' and their like, which senders leave without quotes. */
static bool byte_is_value(uint8_t c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != ';' && c != ',' && c != '\\' && c != '=';
}

static void spaces_skip(struct bark_slice *s)
{
    while (s->len && byte_is_space(s->ptr[0])) {
        s->ptr++;
        s->len--;
    }
}

static struct bark_slice value_take(struct bark_slice *s)
{
    struct bark_slice value = { s->ptr, 0 };
    while (value.len < s->len && byte_is_value(value.ptr[value.len]))
        value.len++;
    s->ptr += value.len;
    s->len -= value.len;
    return value;
}

/* An opening quote stands at the front. */
static bool quoted_take(struct bark_slice *s, struct bark_slice *value, bool *escaped)
{
    size_t i = 1;
    while (i < s->len && s->ptr[i] != '"' && (s->ptr[i] >= ' ' || s->ptr[i] == '\t')) {
        if (s->ptr[i] == '\\') {
            *escaped = true;
            i++;
        }
        i++;
    }
    if (i >= s->len || s->ptr[i] != '"')
        return false;
    *value = (struct bark_slice){ s->ptr + 1, i - 1 };
    s->ptr += i + 1;
    s->len -= i + 1;
    return true;
}

struct parameter {
    struct bark_slice name, value;
    bool escaped; /* a backslash stands in its value */
};

static bool pair_take(struct bark_slice *s, struct parameter *p)
{
    p->escaped = false;
    p->name = value_take(s);
    if (p->name.len == 0 || s->len == 0 || s->ptr[0] != '=')
        return false;
    s->ptr++;
    s->len--;
    if (s->len && s->ptr[0] == '"')
        return quoted_take(s, &p->value, &p->escaped);
    p->value = value_take(s);
    return true;
}

static bool parameter_take(struct bark_slice *s, struct bark_mime_type *type)
{
    const struct {
        const char *name;
        struct bark_slice *value;
    } known[] = {
        { "boundary", &type->boundary }, { "type", &type->type },       { "start", &type->start },
        { "action", &type->action },     { "charset", &type->charset },
    };
    struct parameter p;
    if (!pair_take(s, &p))
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!bark_mime_is(p.name, known[i].name))
            continue;
        if (known[i].value->ptr || p.escaped)
            return false;
        *known[i].value = p.value;
    }
    return true;
}

bool bark_mime_type_read(struct bark_slice content_type, struct bark_mime_type *type)
{
    *type = (struct bark_mime_type){ 0 };
    spaces_skip(&content_type);
    type->media_type = value_take(&content_type);
    if (type->media_type.len == 0)
        return false;
    for (;;) {
        spaces_skip(&content_type);
        if (content_type.len == 0)
            return true;
        if (content_type.ptr[0] != ';')
            break;
        content_type.ptr++;
        content_type.len--;
        spaces_skip(&content_type);
        if (content_type.len && content_type.ptr[0] != ';' && !parameter_take(&content_type, type))
            break;
    }
    *type = (struct bark_mime_type){ 0 };
    return false;
}

bool bark_mime_form_name(struct bark_slice content_disposition, struct bark_slice *name)
{
    struct bark_slice s = content_disposition;
    struct parameter p;
    *name = (struct bark_slice){ NULL, 0 };
    spaces_skip(&s);
    if (!bark_mime_is(value_take(&s), "form-data"))
        return false;
    for (;;) {
        spaces_skip(&s);
        if (s.len == 0)
            return name->ptr != NULL;
        if (s.ptr[0] != ';')
            return false;
        s.ptr++;
        s.len--;
        spaces_skip(&s);
        if (!pair_take(&s, &p) || bark_mime_is(p.name, "name*"))
            return false;
        if (!bark_mime_is(p.name, "name"))
            continue;
        if (name->ptr || p.escaped)
            return false;
        *name = p.value;
    }
}
