/* compiler/diag.h - the compiler's complaints, and the source files that they point into.
 *
 * A place is a file number and a byte offset; line, column and the text of the line are worked out only when
 * a message is printed. Messages are collected, sorted by where they stand, and printed the way a C compiler
 * does it:
 *
 *     device.wsdl:12:31: error[E0301]: no type 'tt:Scop' in namespace 'http://www.onvif.org/ver10/schema'
 *        12 | <xs:element name="S" type="tt:Scop"/>
 *           |                            ^
 *     device.wsdl:12:31: note: did you mean 'Scope'?
 *     device.wsdl:3:5: note: imported here
 */
#ifndef SOAPC_DIAG_H
#define SOAPC_DIAG_H

#include "codes.h"

#include "soapbark/out.h"

enum { SOAPC_NO_FILE = UINT32_MAX };

/* Where a component stands in its source. All components of the model carry one. */
struct soapc_place {
    uint32_t file; /* index into soapc_diag.sources; SOAPC_NO_FILE: built in, no source */
    uint32_t at; /* bytes from the start of the file, as it was read */
};

#define SOAPC_NOWHERE ((struct soapc_place){ SOAPC_NO_FILE, 0 })

/* One file that was read. Owned by the diagnostics, which outlive load, model and output. */
struct soapc_source {
    char *path; /* as shown to people */
    char *text; /* size bytes and a NUL; UTF-8 */
    size_t size;
    struct soapc_place
        from; /* the import or include that first asked for it; SOAPC_NOWHERE for the first file */
    bool catalog; /* one of the built-in statements */
};

enum soapc_severity { SOAPC_ERROR, SOAPC_WARNING, SOAPC_NOTE };

struct soapc_message {
    enum soapc_severity severity;
    enum soapc_code code; /* SOAPC_NO_CODE for a note */
    struct soapc_place place;
    size_t leader; /* index of the error or warning that a note belongs to; its own for those */
    char *text; /* owned */
};

/* Create with soapc_diag_new(), end with soapc_diag_free(). One per run, one thread. */
struct soapc_diag {
    struct soapc_source *sources;
    uint32_t source_count, source_cap;
    struct soapc_message *messages;
    size_t message_count, message_cap;
    size_t error_count; /* all of them, those over the cap too */
    size_t error_max; /* more are counted and not kept; 20 at first */
    bool dropping; /* the last error was over the cap: its notes go the same way */
    size_t memory_max, memory_used; /* bytes; budget.h */
    bool memory_told;
    /* Where a stage cannot unwind: prints the messages and ends the program with status 2. NULL: as text, to
     * standard error. */
    void (*end)(const struct soapc_diag *d);
    unsigned end_format; /* for it */
    bool out_of_memory; /* a message or source could not be kept; reported as an error of its own */
};

/* NULL when memory is short. */
struct soapc_diag *soapc_diag_new(void);
void soapc_diag_free(struct soapc_diag *d);

/* Adds a file and gives its number, or SOAPC_NO_FILE when memory is short. path is copied; text must come
 * from malloc with a NUL after size bytes and is owned from here on, also after a failure. */
uint32_t soapc_diag_source(struct soapc_diag *d, const char *path, char *text, size_t size,
                           struct soapc_place from);

/* Records a message, printf style, under its code (codes.h; a new family of rules gets a row in codes.c). A
 * note belongs to the error or warning before it. */
void soapc_error(struct soapc_diag *d, enum soapc_code code, struct soapc_place place, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));
void soapc_warning(struct soapc_diag *d, enum soapc_code code, struct soapc_place place, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));
void soapc_note(struct soapc_diag *d, struct soapc_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes all messages, sorted by file (in the order they were read) and offset, each with its source line,
 * its caret and its notes, then the include chain and a last line with the number of errors. */
void soapc_diag_print(const struct soapc_diag *d, struct bark_out *out);

/* The same for programs (diag_machine.c): an object a line and a summary; a SARIF 2.1.0 log with the version
 * of the tool. docs/compiler.md says what stands in them. */
void soapc_diag_print_json(const struct soapc_diag *d, struct bark_out *out);
void soapc_diag_print_sarif(const struct soapc_diag *d, const char *version, struct bark_out *out);

/* The errors and warnings without their notes, in the order of print; free(). NULL when memory is short. */
const struct soapc_message **soapc_diag_sorted(const struct soapc_diag *d, size_t *count);

/* Line and column of a place, both from 1, column in bytes; 0 for SOAPC_NOWHERE. */
void soapc_diag_locate(const struct soapc_diag *d, struct soapc_place place, uint32_t *line,
                       uint32_t *column);

/* For "did you mean": offer candidates one by one; the nearest within a third of the name's length stays. */
struct soapc_guess {
    const char *wanted;
    const char *best; /* NULL: nothing near enough so far */
    size_t best_len;
    size_t distance;
};
void soapc_guess_offer(struct soapc_guess *g, const char *candidate);
/* The same for a text that no NUL ends: then best is none either. */
void soapc_guess_offer_text(struct soapc_guess *g, const char *candidate, size_t len);

#endif
