/* bench/codec/ours.c - Soapbark's side: decode into structs with every check, encode with every check. */
#include "clock.h"

#include "bench.h"
#include "soapbark/codec.h"

struct job {
    struct bark_image image;
    struct bark_limits limits;
    struct bark_arena arena, scratch; /* scratch: the encoder's frames */
    struct bark_slice in;
    struct bark_out out;
    void *message;
    uint16_t root;
};

static void *memory(size_t size)
{
    void *block = aligned_alloc(BARK_ALIGN, size);
    if (!block)
        bench_die("out of memory");
    memset(block, 1, size); /* page faults belong to nobody's figure */
    return block;
}

static void stop_on(enum bark_code code, const struct bark_error *err)
{
    char text[1024];
    if (code == BARK_OK)
        return;
    bark_error_text(err, text, sizeof text);
    bench_die(text);
}

static void decode(void *context)
{
    struct job *job = context;
    struct bark_error err = { 0 };
    bark_arena_reset(&job->arena);
    stop_on(bark_decode(&job->image, BARK_NONE, job->in, &job->limits, &job->arena, &job->message, &job->root,
                        &err),
            &err);
}

static void encode(void *context)
{
    struct job *job = context;
    struct bark_error err = { 0 };
    bark_arena_reset(&job->scratch);
    job->out.pos = 0;
    stop_on(bark_encode(&job->image, job->root, job->message, &job->limits, &job->scratch, &job->out, &err),
            &err);
}

int main(int argc, char **argv)
{
    struct bark_error err = { 0 };
    struct bench_document doc;
    size_t room;
    struct job job = { .limits = bark_limits_server };
    if (argc != 4)
        bench_die("usage: ours FILE decode|encode SECONDS");
    doc = bench_read(argv[1]);
    job.in = (struct bark_slice){ (const uint8_t *)doc.text, doc.len };
    job.limits.items = job.limits.elements = 100 * 1000 * 1000;
    job.limits.body_bytes = job.limits.reply_bytes = doc.len * 2 + 4096;
    stop_on(bark_image_open(&job.image, bench_tables(), &err), &err);
    room = (doc.len * 4 + (1 << 20)) & ~(size_t)7; /* and the frames that the limits ask for */
    bark_arena_init(&job.arena, memory(room), room);
    bark_arena_init(&job.scratch, memory(1 << 20), 1 << 20);
    room = (doc.len * 2 + 4096) & ~(size_t)7;
    bark_out_init(&job.out, memory(room), room);
    room = bark_plan_size(&job.image);
    if (room && bark_plan_make(&job.image, memory(room), room) != BARK_OK)
        bench_die("no plan");
    decode(&job);
    if (strcmp(argv[2], "encode") == 0) {
        encode(&job);
        bench_loop(encode, &job, job.out.pos, atof(argv[3]));
    } else {
        bench_loop(decode, &job, doc.len, atof(argv[3]));
    }
    return 0;
}
