/* engine/stream_fuzz.c - any bytes, cut anywhere, through a window, without and with sinks: what the whole
 * message gives, and nothing else.
 *
 * The first byte picks the window and the policy, the second the cuts; the rest is the message.
 */
#include "engine/decode_testing.h"
#include "engine/sink_testing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 128 * 1024 };

static bool window_too_small(const struct outcome *window)
{
    return window->code == BARK_ERR_LIMIT && window->err.rule &&
           strstr(window->err.rule, "longer than the window");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[ROOM];
    static uint8_t texts[2][ROOM];
    struct twice t = { .image = test_image(),
                       .limits = &bark_limits_device,
                       .root = BARK_NONE,
                       .memory = memory,
                       .room = ROOM,
                       .text = { texts[0], texts[1] },
                       .text_room = ROOM };
    static struct sunk sunk;
    struct outcome whole, window, sunk_outcome;
    struct bark_slice in;
    struct cuts cuts;
    uint64_t allocs;
    const char *window_differs, *sunk_differ;
    if (size < 2)
        return 0;
    in = (struct bark_slice){ data + 2, size - 2 };
    t.window_size = (size_t)BARK_WINDOW_MIN << (data[0] & 3);
    t.policy = (enum bark_unknown_policy)((data[0] >> 2) % 3);
    cuts = (struct cuts){ 1U + (data[1] & 15), 1U + (data[1] >> 4) };
    t.window = malloc(t.window_size); /* so that a sanitizer sees its ends */
    if (!t.window)
        return 0;
    decode_whole(&t, in, &whole);
    decode_window(&t, in, cuts, 0, &allocs, &window);
    window_differs = outcomes_differ(&t, &whole, &window);
    if (!sunk.values[0].bytes)
        sunk_init(&sunk);
    sunk_paths(&t, in, &sunk);
    sunk_differ = sunk_check(&t, in, &whole, cuts, &sunk, &sunk_outcome);
    free(t.window);
    /* The two modes need memory at different times, and a window is a limit of its own. */
    if (whole.code == BARK_ERR_MEMORY || window.code == BARK_ERR_MEMORY || window_too_small(&window))
        return 0;
    if (window_differs ||
        (sunk_differ && sunk_outcome.code != BARK_ERR_MEMORY && !window_too_small(&sunk_outcome)))
        abort();
    return 0;
}
