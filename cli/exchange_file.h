/* cli/exchange_file.h - reads exchanges as text, in the form of tests/casefile.h. */
#ifndef CLI_EXCHANGE_FILE_H
#define CLI_EXCHANGE_FILE_H

#include "soapbark/base.h"

struct cli_exchange_file {
    char *text; /* malloc'ed; lines are cut in place */
    char *at;
    const char *path;
    size_t line;
    bool wrong; /* an error was printed */
};

/* Texts live in the file. */
struct cli_exchange {
    const char *name, *path, *type, *action, *want_type;
    bool is_get;
    unsigned status;
    struct bark_slice request, answer;
};

BARK_MUST_CHECK bool cli_exchange_open(struct cli_exchange_file *file, const char *path, size_t size_max);
void cli_exchange_close(struct cli_exchange_file *file);
/* False at the end, and after an error was printed. */
BARK_MUST_CHECK bool cli_exchange_next(struct cli_exchange_file *file, struct cli_exchange *x);
/* To standard output as a case; times in the answer become "*". */
void cli_exchange_print(const struct cli_exchange *x);

#endif
