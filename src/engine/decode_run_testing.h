/* engine/decode_run_testing.h - a decoder with its quick ways or without them, for the test and the fuzzer
 * that compare the two.
 */
#ifndef BARK_ENGINE_DECODE_RUN_TESTING_H
#define BARK_ENGINE_DECODE_RUN_TESTING_H

#include "base/scratch.h"
#include "engine/decode.h"

/* What bark_decode() does, with one way or with both. */
static inline enum bark_code test_decode_as(const struct bark_image *image, bool general,
                                            struct bark_slice in, const struct bark_limits *limits,
                                            struct bark_arena *a, uint16_t *root, void **msg,
                                            struct bark_error *err)
{
    struct bark_xml_reader r;
    struct bark_decoder d = { .r = &r, .image = image, .general = general };
    struct bark_xml_event ev;
    enum bark_code code;
    size_t mark;
    *err = (struct bark_error){ 0 };
    *root = BARK_NONE;
    code = bark_xml_open(&r, in, limits, a, err);
    if (code == BARK_OK) {
        bark_xml_use_image(&r, image);
        code = bark_xml_next(&r, &ev);
    }
    if (code == BARK_OK)
        code = bark_decode_root_find(&r, image, &ev, root);
    mark = bark_scratch_mark(a);
    if (code == BARK_OK)
        code = bark_decode_begin(&d, &ev, *root, NULL, msg);
    if (code == BARK_OK)
        code = bark_decode_go(&d);
    if (code == BARK_OK)
        bark_scratch_pop(a, mark);
    r.secret = r.secret && code != BARK_OK;
    return code == BARK_OK ? bark_xml_next(&r, &ev) : code;
}

#endif
