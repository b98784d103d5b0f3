/* engine/json_sink.h - sinks of the JSON decoder.
 */
#ifndef BARK_ENGINE_JSON_SINK_H
#define BARK_ENGINE_JSON_SINK_H

#include "engine/json_decode.h"
#include "engine/sink.h"

struct bark_json_sinks {
    struct bark_sinks sinks;
    struct bark_json_taker taker;
    size_t string; /* offset of the value that comes */
    bool bad; /* it has characters that XML does not have */
};

/* Sets sinks up in *made, which must stay, after it has checked all paths. Errors go to the reader. */
BARK_MUST_CHECK enum bark_code bark_json_sinks_open(struct bark_json_decoder *d,
                                                    const struct bark_sink *sinks, size_t count,
                                                    struct bark_json_sinks *made);

#endif
