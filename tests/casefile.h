/* tests/casefile.h - reads cases/AREA/NAME.txt: what goes over the wire, as plain text that people can read.
 *
 *     # Comments stand between cases.
 *     case echo_in_12
 *     type application/soap+xml; charset=utf-8       the Content-Type, "" when there is no such line
 *     action "urn:t/Echo"                            the SOAPAction, quotes included
 *     send
 *     <s:Envelope ...>                               lines up to "want", sent as they stand, last newline
 * dropped want 200 application/soap+xml; charset=utf-8 <s:Envelope ...>                               lines
 * up to "end", joined without their indentation; <s:Body>...</s:Body>                         "*" stands for
 * any text
 *     </s:Envelope>
 *     end
 */
#ifndef CASEFILE_H
#define CASEFILE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASE_TEXT = 64 * 1024, CASE_WORD = 256 };

struct wire_case {
    char name[CASE_WORD], type[CASE_WORD], action[CASE_WORD], want_type[CASE_WORD];
    unsigned status;
    char request[CASE_TEXT], reply[CASE_TEXT];
    size_t request_len, reply_len;
};

static inline void casefile_add(char *to, size_t *len, const char *text, size_t n)
{
    if (*len + n + 1 > CASE_TEXT) {
        fprintf(stderr, "casefile: a case is longer than %d bytes\n", CASE_TEXT);
        exit(2);
    }
    memcpy(to + *len, text, n);
    *len += n;
    to[*len] = '\0';
}

static inline void casefile_word(char *to, const char *from)
{
    while (*from == ' ')
        from++;
    if (strlen(from) >= CASE_WORD) {
        fprintf(stderr, "casefile: a word is longer than %d bytes: %s\n", CASE_WORD - 1, from);
        exit(2);
    }
    memcpy(to, from, strlen(from) + 1);
}

/* The next case; false at the end of the file. Anything that is not of the form above ends the test. */
static inline bool casefile_next(FILE *file, struct wire_case *c)
{
    static char line[CASE_TEXT];
    enum { HEAD, REQUEST, REPLY } where = HEAD;
    memset(c, 0, sizeof *c);
    while (fgets(line, sizeof line, file)) {
        size_t n = strlen(line);
        if (n && line[n - 1] == '\n')
            line[--n] = '\0';
        if (where == REQUEST && strncmp(line, "want ", 5) != 0) {
            if (c->request_len)
                casefile_add(c->request, &c->request_len, "\n", 1);
            casefile_add(c->request, &c->request_len, line, n);
        } else if (where == REPLY && strcmp(line, "end") != 0) {
            const char *text = line + strspn(line, " ");
            casefile_add(c->reply, &c->reply_len, text, strlen(text));
        } else if (where == REPLY) {
            return true;
        } else if (where == REQUEST) {
            where = REPLY;
            c->status = (unsigned)strtoul(line + 5, NULL, 10);
            casefile_word(c->want_type, line + 5 + strspn(line + 5, "0123456789"));
        } else if (strncmp(line, "case ", 5) == 0) {
            casefile_word(c->name, line + 5);
        } else if (strncmp(line, "type ", 5) == 0) {
            casefile_word(c->type, line + 5);
        } else if (strncmp(line, "path ", 5) == 0) {
            continue; /* for soapbark replay; tests know their service */
        } else if (strncmp(line, "action ", 7) == 0) {
            casefile_word(c->action, line + 7);
        } else if (strcmp(line, "send") == 0) {
            where = REQUEST;
        } else if (n && line[0] != '#') {
            fprintf(stderr, "casefile: not understood: %s\n", line);
            exit(2);
        }
    }
    if (c->name[0]) {
        fprintf(stderr, "casefile: case %s has no end\n", c->name);
        exit(2);
    }
    return false;
}

/* True when text matches a pattern in which "*" stands for any text. */
static inline bool casefile_match(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

#endif
