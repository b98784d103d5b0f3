/* cli/unknown.c - --unknown: what verbs do with elements and attributes that the schema does not know.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

bool cli_unknown_read(const char *value, enum bark_unknown_policy *policy)
{
    static const char *const names[] = {
        [BARK_UNKNOWN_REFUSE] = "refuse",
        [BARK_UNKNOWN_COLLECT] = "collect",
        [BARK_UNKNOWN_IGNORE] = "ignore",
    };
    *policy = BARK_UNKNOWN_REFUSE;
    for (size_t i = 0; value && i < sizeof names / sizeof *names; i++)
        if (strcmp(value, names[i]) == 0) {
            *policy = (enum bark_unknown_policy)i;
            return true;
        }
    if (value)
        cli_error("--unknown wants refuse, collect or ignore, not '%s'", value);
    return !value;
}

/* A stranger's name or path on a terminal: what is no printable ASCII becomes '?'. */
static void text_add(struct bark_out *out, struct bark_text t)
{
    for (size_t i = 0; i < t.len; i++) {
        const uint8_t c = (uint8_t)t.ptr[i];
        bark_out_byte(out, c >= 0x20 && c != 0x7f ? c : '?');
    }
}

void cli_unknown_report(const char *path, const struct bark_unknown *unknown)
{
    struct bark_out out;
    if (unknown->count == 0)
        return;
    cli_buffer_init(&out);
    bark_out_text(&out, path);
    bark_out_text(&out, ": ");
    bark_out_u64(&out, unknown->count);
    bark_out_text(&out, " unknown to the schema, passed over\n");
    for (const struct bark_skipped *s = unknown->first; s; s = s->next) {
        bark_out_text(&out, "  byte ");
        bark_out_u64(&out, s->offset);
        bark_out_text(&out, ": ");
        text_add(&out, s->path);
        bark_out_text(&out, " {");
        text_add(&out, s->ns);
        bark_out_text(&out, "}");
        text_add(&out, s->local);
        bark_out_byte(&out, '\n');
    }
    if (!cli_buffer_print(&out, true))
        out.pos = 0; /* a broken standard error cannot be told to anyone */
    cli_buffer_free(&out);
}
