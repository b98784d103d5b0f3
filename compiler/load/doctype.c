/* load/doctype.c - writes a document again as if its document type declaration had been applied to it.
 *
 * The declaration becomes white space, references to its entities become their text, and absent attributes
 * with a declared value are written into their tags. Whatever else stands there is copied, well-formed or
 * not: the reader judges it. An entity's text is escaped where it could be taken for markup's own quotes, and
 * its line ends become spaces or references, so every line keeps its number.
 */
#include "load/doctype.h"
#include "budget.h"
#include "load/node.h"
#include "text.h"
#include "xml/parts.h"

#include <stdlib.h>
#include <string.h>

struct writing {
    struct soapc_doctype *d;
    struct soapc_text out;
    bool attribute; /* within the value of one */
    size_t at; /* the reference of the document that is being written */
    size_t depth;
    struct {
        struct soapc_entity *entity;
        size_t at;
    } frames[SOAPC_ENTITY_DEPTH]; /* the entity that it names, and those within */
};

/* An error at the reference, about the entity of a name. */
static bool refuse(const struct writing *w, enum soapc_code code, const char *begin, struct bark_slice name,
                   const char *end)
{
    soapc_error(w->d->diag, code, (struct soapc_place){ w->d->file, (uint32_t)w->at }, "%s '%.*s'%s", begin,
                (int)(name.len > 60 ? 60 : name.len), (const char *)name.ptr, end);
    return false;
}

/* The length of "&name;", whose name is then in *name; 0 when it is a character reference, one of XML's five,
 * or no reference at all: those are for the reader. */
static size_t reference_length(const char *text, size_t size, struct bark_slice *name)
{
    static const char *const own[] = { "lt", "gt", "amp", "quot", "apos" };
    size_t end = 1;
    while (end < size && !strchr(" \t\r\n<>&;'\"#%=/", text[end]))
        end++;
    *name = (struct bark_slice){ (const uint8_t *)text + 1, end - 1 };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (name->len == strlen(own[i]) && memcmp(name->ptr, own[i], name->len) == 0)
            return 0;
    return end < size && text[end] == ';' && name->len ? end + 1 : 0;
}

static struct soapc_entity *entity_find(struct soapc_doctype *d, struct bark_slice name)
{
    for (size_t i = 0; i < d->entity_count; i++)
        if (d->entities[i].name.len == name.len && memcmp(d->entities[i].name.ptr, name.ptr, name.len) == 0)
            return &d->entities[i];
    return NULL;
}

/* Goes on with the text of an entity. */
static bool entity_enter(struct writing *w, struct bark_slice name)
{
    struct soapc_doctype *d = w->d;
    struct soapc_entity *entity = entity_find(d, name);
    if (++d->references > SOAPC_ENTITY_REFERENCES)
        return refuse(w, SOAPC_E_TOO_BIG, "too many references to entities, with that to", name, "");
    if (!entity) {
        refuse(w, SOAPC_E_XML, "[XML1 4.1] there is no entity", name, "");
        if (d->elsewhere)
            soapc_note(d->diag, (struct soapc_place){ d->file, (uint32_t)w->at },
                       "only the document itself is read for declarations, never a DTD that it names");
        return false;
    }
    if (!entity->text)
        return refuse(w, SOAPC_E_NOT_SUPPORTED, "not supported: the text of entity", name,
                      " is in another file, which is never read");
    if (entity->open)
        return refuse(w, SOAPC_E_XML, "[XML1 4.1] entity", name, " is part of itself");
    if (w->depth == SOAPC_ENTITY_DEPTH)
        return refuse(w, SOAPC_E_TOO_BIG, "entity", name, " lies too deep in others");
    entity->open = true;
    w->frames[w->depth].entity = entity;
    w->frames[w->depth++].at = 0;
    return true;
}

/* One character of an entity's text. */
static void character_put(struct writing *w, char c)
{
    if (c == '"' || c == '\'')
        soapc_text_put(&w->out, c == '"' ? "&quot;" : "&apos;", 6);
    else if (c == '\n' && !w->attribute)
        soapc_text_put(&w->out, "&#10;", 5);
    else
        soapc_text_put(&w->out, c == '\n' ? " " : &c, 1);
}

/* The next character of the innermost entity, or the entity that begins there, or its end. */
static bool entity_step(struct writing *w)
{
    struct soapc_entity *entity = w->frames[w->depth - 1].entity;
    size_t *at = &w->frames[w->depth - 1].at;
    struct bark_slice name;
    if (*at == entity->len) {
        entity->open = false;
        w->depth--;
        return true;
    }
    const char c = entity->text[*at];
    const size_t length = c == '&' ? reference_length(entity->text + *at, entity->len - *at, &name) : 0;
    *at += length ? length : 1;
    if (length)
        return entity_enter(w, name);
    if (c == '<')
        return refuse(w, SOAPC_E_NOT_SUPPORTED, "not supported: entity", entity->name, " has markup in it");
    character_put(w, c);
    return w->out.len <= w->d->size + SOAPC_ENTITY_GROWTH ||
           refuse(w, SOAPC_E_TOO_BIG, "the document grows too much by entity", entity->name, "");
}

/* Copies from *at, an '&', what is no reference to an entity, and else writes its text; *at is behind it. */
static bool reference_write(struct writing *w, size_t *at)
{
    struct bark_slice name;
    const size_t length = reference_length(w->d->text + *at, w->d->size - *at, &name);
    w->at = *at;
    *at += length ? length : 1;
    if (!length)
        soapc_text_put(&w->out, "&", 1);
    bool good = !length || entity_enter(w, name);
    while (good && w->depth > 0)
        good = entity_step(w);
    return good;
}

/* Copies [from, to) with its references replaced. */
static bool text_write(struct writing *w, size_t from, size_t to)
{
    const char *text = w->d->text;
    for (size_t at = from; at < to;) {
        const char *reference = memchr(text + at, '&', to - at);
        const size_t end = reference ? (size_t)(reference - text) : to;
        soapc_text_put(&w->out, text + at, end - at);
        at = end;
        if (reference && !reference_write(w, &at))
            return false;
    }
    return true;
}

/* A declared value, into a tag that has it not. */
static bool default_write(struct writing *w, const struct soapc_default *given)
{
    const char *quote = (const char *)given->value.ptr - 1;
    const size_t from = (size_t)(quote + 1 - w->d->text), before = w->out.len;
    soapc_text_printf(&w->out, " %.*s=%c", (int)given->attribute.len, (const char *)given->attribute.ptr,
                      *quote);
    if (!text_write(w, from, from + given->value.len))
        return false;
    for (size_t i = before; i < w->out.len && !w->out.failed; i++)
        if (w->out.bytes[i] == '\n')
            w->out.bytes[i] = ' ';
    soapc_text_put(&w->out, quote, 1);
    return true;
}

static bool tag_has(struct soapc_doctype *d, size_t at, struct bark_slice attribute)
{
    struct bark_slice name, value;
    size_t next;
    while ((next = soapc_tag_attribute(d->text, d->size, at, &name, &value)) < d->size) {
        if (name.len == attribute.len && memcmp(name.ptr, attribute.ptr, name.len) == 0)
            return true;
        d->work += next - at;
        at = next;
    }
    return false;
}

/* What the tag whose name ends there has not, and a declaration gives. */
static bool defaults_write(struct writing *w, struct bark_slice element, size_t name_end)
{
    struct soapc_doctype *d = w->d;
    for (size_t i = 0; i < d->default_count; i++) {
        const struct soapc_default *given = &d->defaults[i];
        if (++d->work > SOAPC_DEFAULT_WORK) {
            soapc_error(d->diag, SOAPC_E_TOO_BIG, (struct soapc_place){ d->file, (uint32_t)name_end },
                        "too many tags and attributes for so many declared values");
            return false;
        }
        if (given->element.len == element.len && memcmp(given->element.ptr, element.ptr, element.len) == 0 &&
            !tag_has(d, name_end, given->attribute) && !default_write(w, given))
            return false;
    }
    return true;
}

/* Writes a start tag from its '<' to its last attribute; *at is behind that. */
static bool tag_write(struct writing *w, size_t *at)
{
    const struct soapc_doctype *d = w->d;
    const size_t tag_end = soapc_tag_name_end(d->text, d->size, *at);
    const size_t name_end = tag_end - (d->text[tag_end - 1] == '/'); /* <name/> */
    const struct bark_slice element = { (const uint8_t *)d->text + *at + 1, name_end - *at - 1 };
    struct bark_slice name, value;
    size_t done = name_end, next = name_end;
    soapc_text_put(&w->out, d->text + *at, name_end - *at);
    w->attribute = true;
    if (!defaults_write(w, element, name_end))
        return false;
    while ((next = soapc_tag_attribute(d->text, d->size, next, &name, &value)) < d->size) {
        if (!text_write(w, done, next))
            return false;
        done = next;
    }
    w->attribute = false;
    *at = done;
    return true;
}

/* The byte behind the comment, section or instruction that begins at `at`; `at` when none does. */
static size_t copied_end(const struct soapc_doctype *d, size_t at)
{
    static const char *const marks[][2] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (soapc_text_at(d->text, d->size, at, marks[i][0]))
            return soapc_text_behind(d->text, d->size, at + strlen(marks[i][0]), marks[i][1]);
    return at;
}

static bool document_write(struct writing *w, size_t at)
{
    const struct soapc_doctype *d = w->d;
    while (at < d->size) {
        const char *open = memchr(d->text + at, '<', d->size - at);
        const size_t end = open ? (size_t)(open - d->text) : d->size;
        if (!text_write(w, at, end))
            return false;
        at = copied_end(d, end);
        soapc_text_put(&w->out, d->text + end, at - end);
        if (at == end && open && !tag_write(w, &at))
            return false;
    }
    return true;
}

/* Where the document type declaration may stand [XML1 2.8]: behind comments and instructions. */
static size_t prolog_end(const struct soapc_doctype *d)
{
    size_t at = soapc_text_at(d->text, d->size, 0, "\xef\xbb\xbf") ? 3 : 0;
    for (;;) {
        while (at < d->size && bark_xml_byte_is((uint8_t)d->text[at], BARK_XML_SPACE_BYTE))
            at++;
        const size_t end = copied_end(d, at);
        if (end == at)
            return at;
        at = end;
    }
}

/* The new text takes the place of the old one. */
static bool source_replace(struct soapc_diag *diag, uint32_t file, const struct soapc_text *out)
{
    struct soapc_source *source = &diag->sources[file];
    if (out->failed) {
        diag->out_of_memory = true;
        return false;
    }
    if (out->len > source->size && !soapc_budget_take(diag, out->len - source->size))
        return false;
    free(source->text);
    source->text = out->bytes;
    source->size = out->len;
    return true;
}

bool soapc_doctype_take(struct soapc_diag *diag, uint32_t file)
{
    const struct soapc_source *source = &diag->sources[file];
    const struct soapc_doctype look = { .text = source->text, .size = source->size };
    const size_t from = prolog_end(&look);
    if (!soapc_text_at(source->text, source->size, from, "<!DOCTYPE"))
        return true;
    struct soapc_doctype *d = calloc(1, sizeof *d);
    struct writing w = { .d = d };
    bool good = d != NULL;
    if (d) {
        *d = (struct soapc_doctype){
            .diag = diag, .file = file, .text = look.text, .size = look.size, .at = from
        };
        good = soapc_doctype_read(d);
        soapc_text_put(&w.out, d->text, d->at);
        for (size_t i = from; i < d->at && !w.out.failed; i++)
            if (w.out.bytes[i] != '\n')
                w.out.bytes[i] = ' ';
        good = good && document_write(&w, d->at) && source_replace(diag, file, &w.out);
        for (size_t i = 0; i < d->entity_count; i++)
            free(d->entities[i].text);
        free(d);
    } else {
        diag->out_of_memory = true;
    }
    if (!good)
        free(w.out.bytes);
    return good;
}
