/* compare/report.c - changes as lines for people, and as JSON for programs.
 */
#include "compare/compare.h"
#include "json/writer.h"

#include <string.h>

static const char *const classes[] = { [SOAPC_COMPATIBLE] = "compatible",
                                       [SOAPC_SOURCE_BREAKING] = "source-breaking",
                                       [SOAPC_WIRE_BREAKING] = "wire-breaking" };
static const char *const directions[] = { "", "request", "reply", "request and reply" };

static const char *path_of(const struct soapc_diag *diag, struct soapc_place place)
{
    return place.file < diag->source_count ? diag->sources[place.file].path : "";
}

static void place_print(const struct soapc_diag *diag, struct soapc_place place, struct bark_out *out)
{
    uint32_t line = 0, column = 0;
    if (place.file == SOAPC_NO_FILE) {
        bark_out_text(out, "-");
        return;
    }
    soapc_diag_locate(diag, place, &line, &column);
    bark_out_text(out, path_of(diag, place));
    bark_out_byte(out, ':');
    bark_out_u64(out, line);
    bark_out_byte(out, ':');
    bark_out_u64(out, column);
}

void soapc_comparison_print(const struct soapc_comparison *c, struct bark_out *out)
{
    for (size_t i = 0; i < c->change_count; i++) {
        const struct soapc_change *change = &c->changes[i];
        bark_out_text(out, classes[change->class_of]);
        bark_out_text(out, " (");
        bark_out_text(out, directions[change->directions]);
        bark_out_text(out, "): ");
        bark_out_text(out, change->component);
        bark_out_text(out, ": ");
        bark_out_text(out, change->text);
        bark_out_text(out, " [");
        place_print(c->before->diag, change->before, out);
        bark_out_text(out, " -> ");
        place_print(c->after->diag, change->after, out);
        bark_out_text(out, "]\n");
    }
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void name_write(struct bark_json_writer *w, const char *name)
{
    bark_json_write_start(w);
    bark_json_write_piece(w, slice(name));
    bark_json_write_name_end(w);
}

static void text_write(struct bark_json_writer *w, const char *name, const char *text)
{
    name_write(w, name);
    bark_json_write_string(w, slice(text));
}

static void number_write(struct bark_json_writer *w, const char *name, uint32_t number)
{
    uint8_t bytes[20];
    struct bark_out digits;
    bark_out_init(&digits, bytes, sizeof bytes);
    bark_out_u64(&digits, number);
    name_write(w, name);
    bark_json_write_literal(w, bark_out_bytes(&digits));
}

static void place_write(struct bark_json_writer *w, const char *name, const struct soapc_diag *diag,
                        struct soapc_place place)
{
    uint32_t line = 0, column = 0;
    name_write(w, name);
    if (place.file == SOAPC_NO_FILE) {
        bark_json_write_literal(w, slice("null"));
        return;
    }
    soapc_diag_locate(diag, place, &line, &column);
    bark_json_write_open(w, '{');
    text_write(w, "file", path_of(diag, place));
    number_write(w, "line", line);
    number_write(w, "column", column);
    bark_json_write_close(w, '}');
}

void soapc_comparison_json(const struct soapc_comparison *c, struct bark_out *out)
{
    struct bark_json_writer w;
    bark_json_writer_init(&w, out, BARK_JSON_PRETTY);
    bark_json_write_open(&w, '[');
    for (size_t i = 0; i < c->change_count; i++) {
        const struct soapc_change *change = &c->changes[i];
        bark_json_write_open(&w, '{');
        text_write(&w, "class", classes[change->class_of]);
        text_write(&w, "direction", directions[change->directions]);
        text_write(&w, "component", change->component);
        text_write(&w, "text", change->text);
        place_write(&w, "old", c->before->diag, change->before);
        place_write(&w, "new", c->after->diag, change->after);
        bark_json_write_close(&w, '}');
    }
    bark_json_write_close(&w, ']');
    bark_out_byte(out, '\n');
}
