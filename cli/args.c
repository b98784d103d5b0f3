/* cli/args.c - the command line by a verb's table: --name VALUE, --name=VALUE, -n VALUE, --switch, words, and
 * "--" before words that start with a dash.
 */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_error(const char *format, ...)
{
    va_list rest;
    fflush(stdout);
    fputs("soapbark: error: ", stderr);
    va_start(rest, format);
    vfprintf(stderr, format, rest);
    va_end(rest);
    fputc('\n', stderr);
}

const char *cli_setting(const struct cli_args *args, size_t option)
{
    const char *value = NULL;
    for (size_t i = 0; i < args->setting_count; i++)
        if (args->settings[i].option == option)
            value = args->settings[i].value ? args->settings[i].value : "";
    return value;
}

const char **cli_settings(const struct cli_args *args, size_t option, size_t *count)
{
    const char **values = calloc(args->setting_count + 1, sizeof *values);
    *count = 0;
    if (!values) {
        cli_error("out of memory");
        return NULL;
    }
    for (size_t i = 0; i < args->setting_count; i++)
        if (args->settings[i].option == option)
            values[(*count)++] = args->settings[i].value;
    return values;
}

/* The option of a name that ends at its NUL or '='. */
static bool option_find(const struct cli_verb *verb, const char *name, size_t *option)
{
    const size_t len = strcspn(name, "=");
    struct soapc_guess guess = { 0 };
    char wanted[32];
    (void)snprintf(wanted, sizeof wanted, "%.*s", len < sizeof wanted ? (int)len : 0, name);
    guess.wanted = wanted;
    for (*option = 0; *option < verb->option_count; ++*option) {
        const char *known = verb->options[*option].name;
        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return true;
        soapc_guess_offer(&guess, known);
    }
    cli_error("no option '--%.*s' in soapbark %s%s%s%s", len < 64 ? (int)len : 64, name, verb->name,
              guess.best ? "; did you mean '--" : "", guess.best ? guess.best : "", guess.best ? "'?" : "");
    return false;
}

/* Reads the option at argv[0] and its value, at most argc words; gives how many it took, 0 after an error. */
static int option_read(const struct cli_verb *verb, int argc, char **argv, struct cli_setting *setting)
{
    const char *name = argv[0] + strspn(argv[0], "-");
    const char *equals = strchr(name, '=');
    const struct cli_option *o;
    if (!option_find(verb, name, &setting->option))
        return 0;
    o = &verb->options[setting->option];
    setting->value = NULL;
    if (!o->argument) {
        if (equals)
            cli_error("option '--%s' takes no value", o->name);
        return equals ? 0 : 1;
    }
    if (equals) {
        setting->value = equals + 1;
        return 1;
    }
    if (argc < 2) {
        cli_error("option '--%s' wants a value: --%s %s", o->name, o->name, o->argument);
        return 0;
    }
    setting->value = argv[1];
    return 2;
}

/* "--diagnostics-format FORMAT" is every verb's: how many words it took, 0 when it stands not here, -1 after
 * an error. */
static int format_read(int argc, char **argv, enum cli_format *format)
{
    static const char *const words[] = {
        [CLI_FORMAT_TEXT] = "text", [CLI_FORMAT_JSON] = "json", [CLI_FORMAT_SARIF] = "sarif"
    };
    static const char name[] = "--diagnostics-format";
    const size_t len = sizeof name - 1;
    if (strncmp(argv[0], name, len) != 0 || (argv[0][len] != '\0' && argv[0][len] != '='))
        return 0;
    const char *value = argv[0][len] == '=' ? argv[0] + len + 1 : argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(value, words[i]) == 0) {
            *format = (enum cli_format)i;
            return argv[0][len] == '=' ? 1 : 2;
        }
    }
    cli_error("%s is text, json or sarif, not '%s'", name, value);
    return -1;
}

bool cli_args_read(const struct cli_verb *verb, int argc, char **argv, struct cli_args *args)
{
    const size_t room = argc > 0 ? (size_t)argc : 1;
    bool only_words = false;
    *args = (struct cli_args){ 0 };
    args->settings = calloc(room, sizeof *args->settings);
    args->words = calloc(room, sizeof *args->words);
    if (!args->settings || !args->words) {
        cli_error("out of memory");
        return false;
    }
    for (int i = 0; i < argc;) {
        int took;
        if (only_words || strncmp(argv[i], "-", 1) != 0 || strcmp(argv[i], "-") == 0) {
            args->words[args->word_count++] = argv[i++];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_words = true;
            i++;
            continue;
        }
        took = format_read(argc - i, argv + i, &args->format);
        if (took < 0)
            return false;
        if (took > 0) {
            i += took;
            continue;
        }
        took = option_read(verb, argc - i, argv + i, &args->settings[args->setting_count]);
        if (took == 0)
            return false;
        args->setting_count++;
        i += took;
    }
    return true;
}

void cli_args_free(struct cli_args *args)
{
    free(args->settings);
    free((void *)args->words);
    *args = (struct cli_args){ 0 };
}

bool cli_milliseconds_read(const char *s, uint32_t *ms)
{
    uint32_t value = 0, scale = 1000;
    bool fraction = false;
    if (*s == '\0')
        return false;
    for (; *s; s++) {
        if (*s == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (*s < '0' || *s > '9' || value > 86400000 || scale == 1)
            return false;
        value = value * 10 + (uint32_t)(*s - '0');
        scale = fraction ? scale / 10 : scale;
    }
    if (value > 86400000 / scale)
        return false;
    *ms = value * scale;
    return *ms > 0;
}
