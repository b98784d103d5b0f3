/* cli/main.c - the soapbark command: one table of verbs, one file each.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_verb *const verbs[] = { &cli_verb_compile,  &cli_verb_diff,  &cli_verb_call,
                                                &cli_verb_validate, &cli_verb_json,  &cli_verb_canonical,
                                                &cli_verb_explain,  &cli_verb_fetch, &cli_verb_replay };
enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

static const char exit_text[] = "Exit status:\n"
                                "  0  done, the answer is yes\n"
                                "  1  done, the answer is no: invalid, or a fault\n"
                                "  2  wrong command line, wrong or unsupported schema\n"
                                "  3  trouble with files, network or memory\n";

static void all_help(FILE *to)
{
    fputs("soapbark - SOAP and XML web services from WSDL and XSD\n\nusage: soapbark VERB [ARGUMENT ...]\n\n",
          to);
    for (size_t i = 0; i < VERB_COUNT; i++)
        fprintf(to, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs("\n  soapbark VERB --help   explains a verb, with examples\n"
          "  soapbark --version     prints the version\n\n",
          to);
    fputs(exit_text, to);
}

static void verb_help(const struct cli_verb *verb)
{
    printf("soapbark %s - %s\n\nusage: soapbark %s %s\n\n", verb->name, verb->summary, verb->name,
           verb->words);
    for (size_t i = 0; i < verb->option_count; i++) {
        const struct cli_option *o = &verb->options[i];
        char left[64];
        (void)snprintf(left, sizeof left, "%s%s%s%s", o->name[1] ? "--" : "-", o->name,
                       o->argument ? " " : "", o->argument ? o->argument : "");
        printf("  %-22s %s\n", left, o->help);
    }
    printf("  %-22s %s\n", "--diagnostics-format F",
           "text (default), json: an object a line, or sarif; on standard error");
    printf("  %-22s %s\n\n%s\n%s", "--help", "this text", verb->text, verb->exits ? verb->exits : exit_text);
}

static const struct cli_verb *verb_find(const char *name)
{
    struct soapc_guess guess = { .wanted = name };
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
        soapc_guess_offer(&guess, verbs[i]->name);
    }
    cli_error("no verb '%s'%s%s%s", name, guess.best ? "; did you mean '" : "; soapbark --help lists them",
              guess.best ? guess.best : "", guess.best ? "'?" : "");
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static enum cli_status verb_run(const struct cli_verb *verb, int argc, char **argv)
{
    struct cli_args args;
    enum cli_status status = verb->usage ? verb->usage : CLI_USAGE;
    if (asks_for_help(argc, argv)) {
        verb_help(verb);
        return CLI_YES;
    }
    if (cli_args_read(verb, argc, argv, &args))
        status = verb->run(&args);
    cli_args_free(&args);
    return status;
}

/* What was printed may still stand in a buffer: an answer that did not arrive is not a success. */
static int output_flushed(enum cli_status status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return (int)status;
    cli_error("cannot write to standard output");
    return CLI_TROUBLE;
}

int main(int argc, char **argv)
{
    const struct cli_verb *verb;
    if (argc < 2) {
        all_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        all_help(stdout);
        return output_flushed(CLI_YES);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("soapbark " SOAPBARK_VERSION);
        return output_flushed(CLI_YES);
    }
    verb = verb_find(argv[1]);
    return verb ? output_flushed(verb_run(verb, argc - 2, argv + 2)) : CLI_USAGE;
}
