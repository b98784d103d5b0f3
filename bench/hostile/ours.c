/* bench/hostile/ours.c - Soapbark's side of the hostile documents: decodes, and does not mind a refusal.
 *
 * Prints megabytes (10^6) of the document's bytes a second of CPU time, and what the decoder said. The limits
 * are a server's; those that count bytes, elements and items are out of the way, so that long documents are
 * read.
 */
#include "clock.h"

#include "bench.h"
#include "soapbark/codec.h"

struct job {
    struct bark_image image;
    struct bark_limits limits;
    struct bark_arena arena;
    struct bark_slice in;
    struct bark_error err;
};

static void decode(void *context)
{
    struct job *job = context;
    void *message;
    uint16_t root;
    bark_arena_reset(&job->arena);
    if (bark_decode(&job->image, BARK_NONE, job->in, &job->limits, &job->arena, &message, &root, &job->err) ==
        BARK_OK)
        job->err.code = BARK_OK;
}

int main(int argc, char **argv)
{
    struct job job = { .limits = bark_limits_server };
    struct bench_document doc;
    char text[1024] = "accepted";
    void *memory;
    size_t room;
    if (argc != 4)
        bench_die("usage: ours FILE decode SECONDS");
    doc = bench_read(argv[1]);
    job.in = (struct bark_slice){ (const uint8_t *)doc.text, doc.len };
    job.limits.items = job.limits.elements = 100 * 1000 * 1000;
    job.limits.body_bytes = job.limits.text_bytes = doc.len * 2 + 4096;
    if (bark_image_open(&job.image, bench_tables(), &job.err) != BARK_OK)
        bench_die("the tables are refused");
    room = (doc.len * 16 + (1 << 20)) & ~(size_t)7;
    memory = aligned_alloc(BARK_ALIGN, room);
    if (!memory)
        bench_die("out of memory");
    memset(memory, 1, room);
    bark_arena_init(&job.arena, memory, room);
    bench_loop(decode, &job, doc.len, atof(argv[3]));
    if (job.err.code != BARK_OK)
        bark_error_text(&job.err, text, sizeof text);
    printf("%s\n", text);
    free(memory);
    free(doc.text);
    return 0;
}
