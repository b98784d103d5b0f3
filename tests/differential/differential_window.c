/* tests/differential/differential_window.c - a schema, then messages: decoded as a whole and through windows,
 * as they are and damaged, with everything that a caller sees compared.
 *
 * usage: differential_window SCHEMA [PATH ...]
 *
 * Standard input holds messages: the length in decimal, a line feed, that many bytes. Each is read by the
 * image that decodes and by the one that validates. The answer is one line,
 *
 *     messages N comparisons N accepted N refused N small N sunk N differ N
 *
 * where small counts those that a window had no room for, which the whole message does not know, and sunk the
 * values that went to a sink and were those of the whole message; before it, a line for each difference.
 */
#include "emit/image.h"
#include "engine/sink_testing.h"
#include "load/load.h"
#include "lower/plan.h"
#include "model/model.h"

#include <stdio.h>

enum { MESSAGE_BYTES = 1 << 20, ARENA_BYTES = 16 << 20, DAMAGED = 8 };

struct bench {
    struct twice t;
    struct bark_image images[2];
    uint8_t *in;
    struct sunk sunk;
    uint32_t random;
    unsigned long messages, comparisons, accepted, refused, small, differ;
};

static bool schema_load(struct bark_image *image, int argc, char **argv, bool assess)
{
    const struct soapc_load_options load = { .paths = (const char *const *)(argv + 2),
                                             .path_count = (size_t)argc - 2 };
    const struct soapc_lower_options lower = { .all_elements = true,
                                               .assess = assess,
                                               .polymorphic = SOAPC_POLYMORPHIC_ALL };
    static struct soapc_image bytes[2]; /* to the end of the program */
    struct bark_error err = { 0 };
    struct soapc_diag *diag = soapc_diag_new();
    struct soapc_documents *docs = diag ? soapc_load(argv[1], &load, diag) : NULL;
    struct soapc_model *model = docs ? soapc_model_new(docs) : NULL;
    const bool ok = model && diag->error_count == 0 &&
                    soapc_image_build(model, &lower, diag, &bytes[assess]) &&
                    bark_image_open(image, bytes[assess].bytes, &err) == BARK_OK;
    if (!ok)
        fprintf(stderr, "differential_window: %s is no schema for us\n", argv[1]);
    soapc_model_free(model);
    soapc_documents_free(docs);
    soapc_diag_free(diag);
    return ok;
}

static uint32_t random_next(struct bench *b, uint32_t below)
{
    b->random = b->random * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)b->random * below) >> 32);
}

static void window_compare(struct bench *b, struct bark_slice in, const struct outcome *whole,
                           struct cuts cuts, bool sinks)
{
    static const char small_rule[] = "longer than the window";
    struct outcome window;
    uint64_t allocs;
    const char *what;
    b->comparisons++;
    if (sinks) {
        what = sunk_check(&b->t, in, whole, cuts, &b->sunk, &window);
    } else {
        decode_window(&b->t, in, cuts, 0, &allocs, &window);
        what = outcomes_differ(&b->t, whole, &window);
    }
    if (what && window.code == BARK_ERR_LIMIT && window.err.rule && strstr(window.err.rule, small_rule)) {
        b->small++;
        return;
    }
    if (!what)
        return;
    b->differ++;
    printf("window %zu, cuts %zu+%zu, %zu sinks: %s: %d at %u:%u %s (%s; %s) not %d at %u:%u %s (%s; %s): "
           "%.*s\n",
           b->t.window_size, cuts.first, cuts.then, sinks ? b->sunk.count : 0, what, (int)window.code,
           (unsigned)window.err.line, (unsigned)window.err.column, window.err.path,
           window.err.rule ? window.err.rule : "", window.err.found, (int)whole->code,
           (unsigned)whole->err.line, (unsigned)whole->err.column, whole->err.path,
           whole->err.rule ? whole->err.rule : "", whole->err.found, (int)in.len, (const char *)in.ptr);
}

static struct cuts drawn(struct bench *b, size_t len)
{
    return (struct cuts){ 1 + random_next(b, (uint32_t)len), 1 + random_next(b, 40) };
}

static void message_compare(struct bench *b, struct bark_slice in)
{
    static const size_t sizes[] = { 256, 1024, 2048 };
    for (size_t image = 0; image < 2; image++) {
        struct outcome whole;
        b->t.image = &b->images[image];
        b->t.policy = (enum bark_unknown_policy)random_next(b, 3);
        decode_whole(&b->t, in, &whole);
        *(whole.code == BARK_OK ? &b->accepted : &b->refused) += 1;
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            b->t.window_size = sizes[i];
            window_compare(b, in, &whole, (struct cuts){ in.len, 1 }, false);
            window_compare(b, in, &whole, (struct cuts){ 1, 1 }, false);
            window_compare(b, in, &whole, drawn(b, in.len), false);
        }
        if (image == 0)
            sunk_paths(&b->t, in, &b->sunk);
        for (size_t i = 0; i < 2 && image == 0 && b->sunk.count; i++) {
            b->t.window_size = sizes[i];
            window_compare(b, in, &whole, (struct cuts){ 1, 1 }, true);
            window_compare(b, in, &whole, drawn(b, in.len), true);
        }
    }
}

/* Changes, doubles or removes a byte. */
static size_t damage(struct bench *b, uint8_t *text, size_t len)
{
    static const char bytes[] = "<>&;'\"/!?-[]= \n\r:xo1\xc3\x01";
    const size_t at = random_next(b, (uint32_t)len);
    switch (random_next(b, 4)) {
    case 0:
        memmove(text + at, text + at + 1, len - at - 1);
        return len - 1;
    case 1:
        memmove(text + at + 1, text + at, len - at);
        return len + 1;
    case 2:
        return at + 1;
    default:
        text[at] = (uint8_t)bytes[random_next(b, sizeof bytes - 1)];
        return len;
    }
}

static void message_answer(struct bench *b, size_t len)
{
    uint8_t *changed = malloc(len + 1);
    if (!changed)
        exit(2);
    b->messages++;
    message_compare(b, (struct bark_slice){ b->in, len });
    for (unsigned i = 0; i < DAMAGED; i++) {
        memcpy(changed, b->in, len);
        message_compare(b, (struct bark_slice){ changed, damage(b, changed, len) });
    }
    free(changed);
}

int main(int argc, char **argv)
{
    static struct bench b;
    static uint8_t window[2048];
    char line[32];
    b.t = (struct twice){ .limits = &bark_limits_server,
                          .root = BARK_NONE,
                          .memory = malloc(ARENA_BYTES),
                          .room = ARENA_BYTES,
                          .text = { malloc(MESSAGE_BYTES), malloc(MESSAGE_BYTES) },
                          .text_room = MESSAGE_BYTES,
                          .window = window };
    b.in = malloc(MESSAGE_BYTES);
    sunk_init(&b.sunk);
    if (argc < 2 || !b.in || !b.t.memory || !b.t.text[0] || !b.t.text[1] ||
        !schema_load(&b.images[0], argc, argv, false) || !schema_load(&b.images[1], argc, argv, true))
        return 2;
    while (fgets(line, sizeof line, stdin)) {
        const size_t len = strtoul(line, NULL, 10);
        if (len == 0 || len > MESSAGE_BYTES || fread(b.in, 1, len, stdin) != len)
            return 2;
        message_answer(&b, len);
    }
    printf("messages %lu comparisons %lu accepted %lu refused %lu small %lu sunk %lu differ %lu\n",
           b.messages, b.comparisons, b.accepted, b.refused, b.small, b.sunk.total, b.differ);
    return fflush(stdout) == 0 ? b.differ != 0 : 2;
}
