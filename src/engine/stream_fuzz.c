/* engine/stream_fuzz.c - any bytes, cut anywhere, through a window: what the whole message gives, and nothing
 * else.
 *
 * The first byte picks the window and the policy, the second the cuts; the rest is the message.
 */
#include "engine/decode_testing.h"
#include "engine/stream_testing.h"

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
    struct outcome whole, window;
    struct bark_slice in;
    struct cuts cuts;
    uint64_t allocs;
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
    free(t.window);
    /* The two modes need memory at different times, and a window is a limit of its own. */
    if (whole.code == BARK_ERR_MEMORY || window.code == BARK_ERR_MEMORY || window_too_small(&window))
        return 0;
    if (outcomes_differ(&t, &whole, &window))
        abort();
    return 0;
}
