/* bench/codec/clock.h - what every codec program of the benchmark shares: the document, the loop, the figure.
 *
 * A program is called as PROGRAM FILE decode|encode SECONDS and prints one line: megabytes (10^6) of XML a
 * second of CPU time. Before the loop it does the work once, unmeasured, and checks the result.
 */
#ifndef BENCH_CODEC_CLOCK_H
#define BENCH_CODEC_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bench_document {
    char *text; /* NUL-terminated, 64 readable bytes behind */
    size_t len;
    const char *name; /* of the root element, without prefix */
};

static inline void bench_die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static inline struct bench_document bench_read(const char *path)
{
    struct bench_document d = { 0 };
    FILE *f = fopen(path, "rb");
    long size;
    char *colon;
    if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
        bench_die("cannot read the document");
    rewind(f);
    d.len = (size_t)size;
    d.text = (char *)calloc(d.len + 64, 1);
    if (!d.text || fread(d.text, 1, d.len, f) != d.len)
        bench_die("cannot read the document");
    fclose(f);
    colon = strchr(d.text, ':'); /* <b:records ...: every document of the generator begins like this */
    d.name = colon ? colon + 1 : d.text;
    return d;
}

static inline int bench_is(const struct bench_document *d, const char *name)
{
    const size_t len = strlen(name);
    return strncmp(d->name, name, len) == 0 && d->name[len] == ' ';
}

static inline double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs work until seconds of CPU time have gone and prints the rate; bytes is what one run handles. */
static inline void bench_loop(void (*work)(void *), void *context, size_t bytes, double seconds)
{
    double from, now;
    unsigned runs = 0;
    work(context);
    from = bench_seconds();
    do {
        work(context);
        runs++;
        now = bench_seconds();
    } while (now - from < seconds);
    printf("%.1f\n", (double)bytes * runs / (now - from) / 1e6);
}

#endif
