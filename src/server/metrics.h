/* server/metrics.h - what a loop counts. One thread writes a counter, any may read it: so adding is a load
 * and a store, without a lock, and a reader sees each number as it was at some moment.
 */
#ifndef BARK_SERVER_METRICS_H
#define BARK_SERVER_METRICS_H

#include "soapbark/server.h"

#include <stdatomic.h>

typedef atomic_uint_fast64_t bark_counter;

enum {
    BARK_METRICS_BUCKETS = 16, /* of a histogram, at most; one more is for what is beyond */
    BARK_METRICS_CLASSES = 6, /* 1xx ... 5xx; 0: handshakes that failed, and answers that got lost */
    BARK_METRICS_FAULTS = 5, /* enum bark_fault_code */
    BARK_METRICS_FAMILIES = 8
};

struct bark_histogram {
    bark_counter buckets[BARK_METRICS_BUCKETS + 1]; /* each by itself; their sum is the count */
    bark_counter sum;
};

struct bark_metrics {
    bark_counter accepted, refused; /* connections; refused for want of a slot */
    bark_counter bytes_in, bytes_out;
    bark_counter logins; /* requests of somebody who proved who it is */
    bark_counter events[BARK_LOG_EVENT_COUNT];
    bark_counter codes[BARK_CODE_COUNT], families[BARK_METRICS_FAMILIES];
    bark_counter faults[BARK_METRICS_FAULTS];
    struct bark_histogram duration, arena;
    bark_counter (*requests)[BARK_METRICS_CLASSES]; /* of each service, and of what is none */
};

static inline void bark_count(bark_counter *counter, uint64_t n)
{
    const uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + n, memory_order_relaxed);
}

#endif
