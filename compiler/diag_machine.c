/* compiler/diag_machine.c - the compiler's messages for programs: JSON lines, and SARIF.
 *
 * JSON: one object a line, the order of the text form, then a summary. SARIF: one log of one run [SARIF], for
 * the tools that show findings beside a change. Lines and columns count from 1; columns are bytes in JSON, as
 * in the text form, and Unicode code points in SARIF, which has no bytes. Texts may come from anywhere, so
 * what is no UTF-8 becomes U+FFFD.
 */
#include "diag.h"

#include "base/percent.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at s, 0 when there is none. [RFC3629 4] */
static size_t utf8_length(const unsigned char *s)
{
    const unsigned char c = s[0];
    const size_t len = c < 0x80                ? 1
                       : c >= 0xc2 && c < 0xe0 ? 2
                       : c >= 0xe0 && c < 0xf0 ? 3
                       : c >= 0xf0 && c < 0xf5 ? 4
                                               : 0;
    for (size_t i = 1; i < len; i++) /* a NUL is no continuation: this stays inside */
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f) || (c == 0xf0 && s[1] < 0x90) ||
        (c == 0xf4 && s[1] > 0x8f))
        return 0;
    return len;
}

static void text_write(struct bark_out *out, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *s = (const unsigned char *)text;
    bark_out_byte(out, '"');
    while (*s) {
        const size_t len = utf8_length(s);
        if (len == 0) {
            bark_out_text(out, "\\ufffd");
            s++;
            continue;
        }
        if (*s == '"' || *s == '\\') {
            bark_out_byte(out, '\\');
            bark_out_byte(out, *s);
        } else if (*s < ' ' || *s == 0x7f) {
            bark_out_text(out, "\\u00");
            bark_out_byte(out, (uint8_t)hex[*s >> 4]);
            bark_out_byte(out, (uint8_t)hex[*s & 15]);
        } else {
            bark_out_put(out, s, len);
        }
        s += len;
    }
    bark_out_byte(out, '"');
}

/* "name": ready for its value; the comma before it when it is not the first. */
static void member_begin(struct bark_out *out, const char *name, bool first)
{
    if (!first)
        bark_out_byte(out, ',');
    text_write(out, name);
    bark_out_byte(out, ':');
}

static void member_text(struct bark_out *out, const char *name, const char *text, bool first)
{
    member_begin(out, name, first);
    text_write(out, text);
}

static void member_number(struct bark_out *out, const char *name, uint64_t number, bool first)
{
    member_begin(out, name, first);
    bark_out_u64(out, number);
}

static const char *severity_word(enum soapc_severity severity)
{
    return severity == SOAPC_ERROR ? "error" : severity == SOAPC_WARNING ? "warning" : "note";
}

/* How the file of a place came to be read: the place of its import. False at the first file. */
static bool chain_next(const struct soapc_diag *d, struct soapc_place *place)
{
    if (place->file >= d->source_count || d->sources[place->file].from.file >= place->file)
        return false;
    *place = d->sources[place->file].from;
    return true;
}

/* ---- JSON lines ---- */

static void json_place(const struct soapc_diag *d, struct soapc_place place, struct bark_out *out, bool first)
{
    uint32_t line, column;
    if (place.file >= d->source_count)
        return;
    soapc_diag_locate(d, place, &line, &column);
    member_text(out, "file", d->sources[place.file].path, first);
    member_number(out, "line", line, false);
    member_number(out, "column", column, false);
    member_number(out, "offset", place.at, false);
}

static void json_message(const struct soapc_diag *d, const struct soapc_message *m, struct bark_out *out)
{
    char code[SOAPC_CODE_TEXT];
    struct soapc_place place = m->place;
    soapc_code_print(m->code, code);
    bark_out_byte(out, '{');
    member_text(out, "severity", severity_word(m->severity), true);
    member_text(out, "code", code, false);
    member_text(out, "message", m->text, false);
    json_place(d, m->place, out, false);
    member_begin(out, "notes", false);
    bark_out_byte(out, '[');
    for (size_t n = m->leader + 1; n < d->message_count && d->messages[n].leader == m->leader; n++) {
        bark_out_text(out, n > m->leader + 1 ? ",{" : "{");
        member_text(out, "message", d->messages[n].text, true);
        json_place(d, d->messages[n].place, out, false);
        bark_out_byte(out, '}');
    }
    bark_out_byte(out, ']');
    member_begin(out, "imported", false);
    bark_out_byte(out, '[');
    for (bool first = true; chain_next(d, &place); first = false) {
        bark_out_text(out, first ? "{" : ",{");
        json_place(d, place, out, true);
        bark_out_byte(out, '}');
    }
    bark_out_text(out, "]}\n");
}

void soapc_diag_print_json(const struct soapc_diag *d, struct bark_out *out)
{
    size_t count;
    const struct soapc_message **sorted = soapc_diag_sorted(d, &count);
    for (size_t i = 0; sorted && i < count; i++)
        json_message(d, sorted[i], out);
    if (!sorted || d->out_of_memory)
        bark_out_text(out,
                      "{\"severity\":\"error\",\"code\":\"E0702\",\"message\":\"out of memory\",\"notes\":[],"
                      "\"imported\":[]}\n");
    bark_out_byte(out, '{');
    member_text(out, "severity", "summary", true);
    member_number(out, "errors", d->error_count, false);
    member_number(out, "shown", d->error_count < d->error_max ? d->error_count : d->error_max, false);
    bark_out_text(out, "}\n");
    free((void *)sorted);
}

/* ---- SARIF ---- */

/* A path as a URI reference: what may not stand in one is escaped [RFC3986 2.1]. */
static void uri_write(struct bark_out *out, const char *path)
{
    const bool url = strstr(path, "://") != NULL || strncmp(path, "catalog:", 8) == 0;
    bark_out_byte(out, '"');
    if (path[0] == '/')
        bark_out_text(out, "file://");
    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        const bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                           strchr("-._~/!$&'()*+,;=@", *p) != NULL || (url && strchr(":?%#[]", *p) != NULL);
        if (plain) {
            bark_out_byte(out, *p);
            continue;
        }
        char escape[BARK_PERCENT_BYTES];
        (void)bark_percent_put(escape, *p);
        bark_out_put(out, escape, sizeof escape);
    }
    bark_out_byte(out, '"');
}

/* [SARIF 3.29, 3.30] */
static void sarif_place(const struct soapc_diag *d, struct soapc_place place, struct bark_out *out)
{
    const struct soapc_source *s = &d->sources[place.file];
    uint32_t line, column, points = 1;
    soapc_diag_locate(d, place, &line, &column);
    const size_t at = place.at > s->size ? s->size : place.at;
    for (size_t i = at - (column - 1); i < at; i++)
        points += ((unsigned char)s->text[i] & 0xc0) != 0x80;
    bark_out_text(out, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    uri_write(out, s->path);
    bark_out_text(out, "},\"region\":{");
    member_number(out, "startLine", line, true);
    member_number(out, "startColumn", points, false);
    bark_out_text(out, "}}");
}

/* [SARIF 3.27.22] Notes and imports; the first comma is written by the first of them. */
static void sarif_related(const struct soapc_diag *d, struct soapc_place place, const char *text,
                          size_t *count, struct bark_out *out)
{
    bark_out_text(out, *count == 0 ? ",\"relatedLocations\":[{" : ",{");
    member_number(out, "id", ++*count, true);
    bark_out_text(out, ",\"message\":{\"text\":");
    text_write(out, text);
    bark_out_byte(out, '}');
    if (place.file < d->source_count) {
        bark_out_byte(out, ',');
        sarif_place(d, place, out);
    }
    bark_out_byte(out, '}');
}

/* Where a code stands among the rules of the log: the table of codes is its list. */
static size_t rule_index(enum soapc_code code)
{
    const struct soapc_code_info *info;
    for (size_t i = 0; (info = soapc_code_at(i)) != NULL; i++)
        if (info->code == code)
            return i;
    return 0;
}

static void sarif_result(const struct soapc_diag *d, const struct soapc_message *m, struct bark_out *out)
{
    char code[SOAPC_CODE_TEXT];
    struct soapc_place place = m->place;
    size_t related = 0;
    soapc_code_print(m->code, code);
    bark_out_text(out, "\n    {");
    member_text(out, "ruleId", code, true);
    member_number(out, "ruleIndex", rule_index(m->code), false);
    member_text(out, "level", severity_word(m->severity), false);
    bark_out_text(out, ",\"message\":{\"text\":");
    text_write(out, m->text);
    bark_out_byte(out, '}');
    if (m->place.file < d->source_count) {
        bark_out_text(out, ",\"locations\":[{");
        sarif_place(d, m->place, out);
        bark_out_text(out, "}]");
    }
    for (size_t n = m->leader + 1; n < d->message_count && d->messages[n].leader == m->leader; n++)
        sarif_related(d, d->messages[n].place, d->messages[n].text, &related, out);
    while (chain_next(d, &place))
        sarif_related(d, place, "imported here", &related, out);
    bark_out_text(out, related > 0 ? "]}" : "}");
}

static void sarif_rules(struct bark_out *out)
{
    const struct soapc_code_info *info;
    char code[SOAPC_CODE_TEXT];
    for (size_t i = 0; (info = soapc_code_at(i)) != NULL; i++) {
        soapc_code_print(info->code, code);
        bark_out_text(out, i > 0 ? ",\n      {" : "\n      {");
        member_text(out, "id", code, true);
        bark_out_text(out, ",\"shortDescription\":{\"text\":");
        text_write(out, info->title);
        bark_out_text(out, "},\"fullDescription\":{\"text\":");
        text_write(out, info->text);
        bark_out_text(out, "},\"defaultConfiguration\":{\"level\":");
        text_write(out, info->warning ? "warning" : "error");
        bark_out_text(out, "}}");
    }
}

void soapc_diag_print_sarif(const struct soapc_diag *d, const char *version, struct bark_out *out)
{
    size_t count;
    const struct soapc_message **sorted = soapc_diag_sorted(d, &count);
    bark_out_text(
        out,
        "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
        "  \"tool\":{\"driver\":{\"name\":\"soapbark\",\"version\":");
    text_write(out, version);
    bark_out_text(out, ",\"rules\":[");
    sarif_rules(out);
    bark_out_text(out, "]}},\n  \"columnKind\":\"unicodeCodePoints\",\n"
                       "  \"invocations\":[{\"executionSuccessful\":");
    bark_out_text(out, d->error_count == 0 && !d->out_of_memory && sorted ? "true" : "false");
    bark_out_text(out, "}],\n  \"results\":[");
    for (size_t i = 0; sorted && i < count; i++) {
        if (i > 0)
            bark_out_byte(out, ',');
        sarif_result(d, sorted[i], out);
    }
    bark_out_text(out, "]}]}\n");
    free((void *)sorted);
}
