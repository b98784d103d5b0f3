/* tests/differential/differential_verdict.c - a schema, then messages: what we say of each, and what we
 * write.
 *
 * usage: differential_verdict SCHEMA [PATH ...]
 *
 * Standard input holds messages: the length in decimal, a line feed, that many bytes. For each the answer is
 * a line
 *
 *     VERDICT ROUND JSON LENGTH      and then LENGTH bytes: the message as the encoder writes it
 *
 *   VERDICT  valid, invalid, limit: by the image that validates, wildcards and identity constraints judged
 *   ROUND    same: decoded, encoded, decoded and encoded again, both texts equal; refused: the codec's image
 * does not take the message; else what went wrong JSON     the same by way of JSON
 */
#include "emit/image.h"
#include "judge/judge.h"
#include "load/load.h"
#include "lower/plan.h"
#include "model/model.h"
#include "soapbark/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 1 << 20, ARENA_BYTES = 16 << 20 };

struct schema {
    struct soapc_diag *diag;
    struct soapc_documents *docs;
    struct soapc_model *model;
    struct soapc_image bytes;
    struct bark_image image;
};

/* Text of one encoding, in a buffer of its own. */
struct text {
    uint8_t *bytes;
    size_t len;
};

struct bench {
    struct schema judge, codec;
    struct bark_arena first, second;
    struct text in, once, twice, json;
};

static bool schema_load(struct schema *s, int argc, char **argv, bool assess)
{
    const struct soapc_load_options load = { .paths = (const char *const *)(argv + 2),
                                             .path_count = (size_t)argc - 2 };
    const struct soapc_lower_options lower = { .all_elements = true,
                                               .assess = assess,
                                               .polymorphic = SOAPC_POLYMORPHIC_ALL };
    struct bark_error err = { 0 };
    s->diag = soapc_diag_new();
    s->docs = s->diag ? soapc_load(argv[1], &load, s->diag) : NULL;
    s->model = s->docs ? soapc_model_new(s->docs) : NULL;
    if (s->model && s->diag->error_count == 0 && soapc_image_build(s->model, &lower, s->diag, &s->bytes) &&
        bark_image_open(&s->image, s->bytes.bytes, &err) == BARK_OK)
        return true;
    fprintf(stderr, "differential_verdict: %s is no schema for us\n", argv[1]);
    return false;
}

static const char *verdict(struct bench *b)
{
    const struct bark_slice in = { b->in.bytes, b->in.len };
    struct bark_error err;
    void *msg;
    enum bark_code code;
    bark_arena_reset(&b->first);
    code = bark_decode(&b->judge.image, BARK_NONE, in, &bark_limits_server, &b->first, &msg, NULL, &err);
    if (code == BARK_OK) {
        bark_arena_reset(&b->first);
        code = soapc_judge(b->judge.model, in, &bark_limits_server, &b->first, &err);
    }
    if (code != BARK_OK && getenv("DIFFERENTIAL_WHY")) {
        char why[1024];
        (void)bark_error_text(&err, why, sizeof why);
        fprintf(stderr, "%s\n", why);
    }
    return code == BARK_OK                                     ? "valid"
           : code == BARK_ERR_LIMIT || code == BARK_ERR_MEMORY ? "limit"
                                                               : "invalid";
}

static bool encode(struct bench *b, uint16_t root, const void *msg, struct text *to)
{
    struct bark_error err = { 0 };
    struct bark_out out;
    bark_out_init(&out, to->bytes, MESSAGE_BYTES);
    to->len = 0;
    if (bark_encode(&b->codec.image, root, msg, &bark_limits_server, &b->second, &out, &err) != BARK_OK) {
        if (getenv("DIFFERENTIAL_WHY"))
            fprintf(stderr, "encode: %s %s %s\n", err.path, err.rule ? err.rule : "", err.found);
        return false;
    }
    to->len = out.pos;
    return true;
}

static bool text_same(const struct text *a, const struct text *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Decodes what was encoded once, encodes it again. */
static const char *round_again(struct bench *b, uint16_t root)
{
    const struct bark_slice once = { b->once.bytes, b->once.len };
    struct bark_error err;
    void *msg;
    bark_arena_reset(&b->second);
    if (bark_decode(&b->codec.image, root, once, &bark_limits_server, &b->second, &msg, NULL, &err) !=
        BARK_OK)
        return "own-text-refused";
    if (!encode(b, root, msg, &b->twice))
        return "not-encoded-again";
    return text_same(&b->once, &b->twice) ? "same" : "differs";
}

static const char *round_json(struct bench *b, uint16_t root, const void *msg)
{
    struct bark_error err = { 0 };
    struct bark_out out;
    void *back;
    bark_arena_reset(&b->second);
    bark_out_init(&out, b->json.bytes, MESSAGE_BYTES);
    if (bark_encode_json(&b->codec.image, root, msg, BARK_JSON_COMPACT, &bark_limits_server, &b->second, &out,
                         &err) != BARK_OK)
        return "no-json";
    if (bark_decode_json(&b->codec.image, root, bark_out_bytes(&out), &bark_limits_server, &b->second, &back,
                         &err) != BARK_OK) {
        if (getenv("DIFFERENTIAL_WHY"))
            fprintf(stderr, "json: %s %s\n%.*s\n", err.path, err.rule ? err.rule : "", (int)out.pos,
                    (char *)out.base);
        return "own-json-refused";
    }
    if (!encode(b, root, back, &b->twice))
        return "not-encoded-from-json";
    return text_same(&b->once, &b->twice) ? "same" : "differs";
}

static void message_answer(struct bench *b)
{
    const struct bark_slice in = { b->in.bytes, b->in.len };
    const char *said = verdict(b), *round = "refused", *json = "refused";
    struct bark_error err;
    uint16_t root;
    void *msg;
    bark_arena_reset(&b->first);
    bark_arena_reset(&b->second);
    b->once.len = 0;
    if (bark_decode(&b->codec.image, BARK_NONE, in, &bark_limits_server, &b->first, &msg, &root, &err) ==
        BARK_OK) {
        json = "not-tried";
        round = encode(b, root, msg, &b->once) ? round_again(b, root) : "not-encoded";
        if (b->once.len)
            json = round_json(b, root, msg);
    }
    printf("%s %s %s %zu\n", said, round, json, b->once.len);
    fwrite(b->once.bytes, 1, b->once.len, stdout);
}

static bool room_get(struct bench *b)
{
    struct text *const texts[] = { &b->in, &b->once, &b->twice, &b->json };
    void *first = malloc(ARENA_BYTES), *second = malloc(ARENA_BYTES);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!(texts[i]->bytes = malloc(MESSAGE_BYTES)))
            return false;
    if (!first || !second)
        return false;
    bark_arena_init(&b->first, first, ARENA_BYTES);
    bark_arena_init(&b->second, second, ARENA_BYTES);
    return true;
}

int main(int argc, char **argv)
{
    static struct bench b;
    char line[32];
    if (argc < 2 || !room_get(&b) || !schema_load(&b.judge, argc, argv, true) ||
        !schema_load(&b.codec, argc, argv, false))
        return 2;
    while (fgets(line, sizeof line, stdin)) {
        b.in.len = strtoul(line, NULL, 10);
        if (b.in.len > MESSAGE_BYTES || fread(b.in.bytes, 1, b.in.len, stdin) != b.in.len)
            return 2;
        message_answer(&b);
    }
    return fflush(stdout) == 0 ? 0 : 2;
}
