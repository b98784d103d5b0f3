/* cli/explain.c - soapbark explain: what a diagnostic code means, and how the mistake looks and is mended.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_LIST };

static const struct cli_option options[] = {
    [OPTION_LIST] = { "list", NULL, "all codes, one a line" },
};

static const char text[] =
    "Every error and warning about a schema, a WSDL or a document carries a code, as in error[E0301].\n"
    "Codes keep their meaning from version to version.\n\n"
    "Examples:\n"
    "  soapbark explain E0301\n"
    "  soapbark explain --list\n";

/* "E0301", "e0301", "W0106" or the number alone. NULL: no such code. */
static const struct soapc_code_info *code_read(const char *word)
{
    const bool letter = *word && strchr("EeWw", *word);
    const char *digits = word + letter;
    const size_t len = strlen(digits);
    unsigned number = 0;
    if (len == 0 || len > 4 || strspn(digits, "0123456789") != len)
        return NULL;
    for (; *digits; digits++)
        number = number * 10 + (unsigned)(*digits - '0');
    return soapc_code_find((enum soapc_code)number);
}

static void example_print(const char *title, const char *example)
{
    if (!example)
        return;
    printf("\n%s\n\n", title);
    for (size_t len; *example; example += len + 1) {
        len = strcspn(example, "\n");
        printf("    %.*s\n", (int)len, example);
    }
}

static void list_print(void)
{
    const struct soapc_code_info *info;
    char code[SOAPC_CODE_TEXT];
    for (size_t i = 0; (info = soapc_code_at(i)) != NULL; i++) {
        soapc_code_print(info->code, code);
        printf("%s  %s\n", code, info->title);
    }
}

static enum cli_status run(const struct cli_args *args)
{
    const struct soapc_code_info *info;
    char code[SOAPC_CODE_TEXT];
    const bool list = cli_setting(args, OPTION_LIST) != NULL;
    if (args->word_count != (list ? 0 : 1)) {
        cli_error("soapbark explain wants one CODE, or --list");
        return CLI_USAGE;
    }
    if (list) {
        list_print();
        return CLI_YES;
    }
    info = code_read(args->words[0]);
    if (!info) {
        cli_error("no code '%.32s'; soapbark explain --list lists them", args->words[0]);
        return CLI_USAGE;
    }
    soapc_code_print(info->code, code);
    printf("%s: %s\nRule: %s\n\n%s", code, info->title, info->spec[0] == '-' ? "of soapbark" : info->spec,
           info->text);
    example_print("Wrong:", info->wrong);
    example_print("Right:", info->right);
    return CLI_YES;
}

const struct cli_verb cli_verb_explain = {
    .name = "explain",
    .words = "CODE",
    .summary = "what a diagnostic code means, with an example",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
