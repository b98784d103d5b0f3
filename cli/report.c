/* cli/report.c - an error in a message, printed like the compiler's own: place, rule, source line, caret.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

bool cli_diag_print(const struct soapc_diag *diag, enum cli_format format)
{
    struct bark_out out;
    bool printed;
    cli_buffer_init(&out);
    switch (format) {
    case CLI_FORMAT_TEXT:
        soapc_diag_print(diag, &out);
        break;
    case CLI_FORMAT_JSON:
        soapc_diag_print_json(diag, &out);
        break;
    case CLI_FORMAT_SARIF:
        soapc_diag_print_sarif(diag, SOAPBARK_VERSION, &out);
        break;
    }
    printed = cli_buffer_print(&out, true);
    cli_buffer_free(&out);
    return printed;
}

bool cli_diag_print_none(enum cli_format format)
{
    const struct soapc_diag none = { 0 };
    return format != CLI_FORMAT_SARIF || cli_diag_print(&none, format);
}

/* The family of a message's error. */
static enum soapc_code code_of(enum bark_code code)
{
    switch (code) {
    case BARK_ERR_XML:
    case BARK_ERR_NAMESPACE:
    case BARK_ERR_UTF8:
        return SOAPC_E_MESSAGE_XML;
    case BARK_ERR_UNEXPECTED:
        return SOAPC_E_MESSAGE_UNEXPECTED;
    case BARK_ERR_MISSING:
        return SOAPC_E_MESSAGE_MISSING;
    case BARK_ERR_TYPE:
    case BARK_ERR_FACET:
        return SOAPC_E_MESSAGE_VALUE;
    case BARK_ERR_JSON:
        return SOAPC_E_MESSAGE_JSON;
    case BARK_ERR_LIMIT:
    case BARK_ERR_MEMORY:
        return SOAPC_E_MESSAGE_LIMIT;
    default:
        return SOAPC_E_MESSAGE_OTHER;
    }
}

void cli_report(enum cli_format format, const char *path, struct bark_slice text,
                const struct bark_error *err)
{
    struct soapc_diag *diag = soapc_diag_new();
    char *copy = cli_text_copy(text); /* the diagnostics own what they point into */
    struct soapc_place place = SOAPC_NOWHERE;
    if (!diag || !copy) {
        free(copy);
        soapc_diag_free(diag);
        cli_error("%s: %s", path, err->rule ? err->rule : bark_code_text(err->code));
        return;
    }
    place.file = soapc_diag_source(diag, path, copy, text.len, SOAPC_NOWHERE);
    place.at = err->offset < text.len ? (uint32_t)err->offset : (uint32_t)text.len;
    soapc_error(diag, code_of(err->code), place, "%s%s%s%s%s%s",
                err->rule ? err->rule : bark_code_text(err->code), err->expected[0] ? "; expected " : "",
                err->expected, err->found[0] ? "; found \"" : "", err->found, err->found[0] ? "\"" : "");
    if (err->path[0])
        soapc_note(diag, place, "in %s", err->path);
    (void)cli_diag_print(diag, format); /* a broken standard error cannot be told to anyone */
    soapc_diag_free(diag);
}
