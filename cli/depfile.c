/* cli/depfile.c - what an output was made from, as a rule that make and ninja read.
 *
 * One line: the outputs, a colon, and every file that was read: schemas, catalogs, lock. Names are escaped as
 * GNU make takes them and as C compilers write them [GNU make, "Rule Syntax"]: white space and '#' with a
 * backslash before them, and each backslash before those doubled; '$' doubled. A name with a line end has no
 * such form and is refused.
 */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool name_put(struct bark_out *out, const char *name)
{
    size_t backslashes = 0;
    for (const char *p = name; *p; p++) {
        if (*p == '\n' || *p == '\r')
            return false;
        if (*p == ' ' || *p == '\t' || *p == '#') {
            for (size_t i = 0; i < backslashes; i++)
                bark_out_byte(out, '\\');
            bark_out_byte(out, '\\');
        } else if (*p == '$') {
            bark_out_byte(out, '$');
        }
        backslashes = *p == '\\' ? backslashes + 1 : 0;
        bark_out_byte(out, (uint8_t)*p);
    }
    return true;
}

bool cli_depfile_print(const char *const *outputs, size_t output_count, const struct soapc_diag *diag,
                       struct bark_out *out)
{
    for (size_t i = 0; i < output_count; i++) {
        if (i > 0)
            bark_out_byte(out, ' ');
        if (!name_put(out, outputs[i])) {
            cli_error("a file name with a line end cannot stand in a --depfile");
            return false;
        }
    }
    bark_out_byte(out, ':');
    for (uint32_t i = 0; i < diag->source_count; i++) {
        if (diag->sources[i].catalog)
            continue; /* inside the program */
        bark_out_text(out, " \\\n  ");
        if (!name_put(out, diag->sources[i].path)) {
            cli_error("a file name with a line end cannot stand in a --depfile");
            return false;
        }
    }
    bark_out_byte(out, '\n');
    return true;
}

bool cli_depfile_write(const char *path, const char *const *outputs, size_t output_count,
                       const struct soapc_diag *diag)
{
    struct bark_out out;
    cli_buffer_init(&out);
    bool good = cli_depfile_print(outputs, output_count, diag, &out);
    if (good && !bark_out_ok(&out)) {
        cli_error("out of memory");
        good = false;
    }
    FILE *to = good ? fopen(path, "wb") : NULL;
    const bool written = to && fwrite(out.base, 1, out.pos, to) == out.pos;
    const bool closed = to && fclose(to) == 0;
    if (good && !(written && closed)) {
        cli_error("%s: %s", path, strerror(errno));
        good = false;
    }
    cli_buffer_free(&out);
    return good;
}
