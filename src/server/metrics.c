/* server/metrics.c - counts what the log tells, and writes the counts as OpenMetrics text.
 *
 * Names and labels are fixed here or are paths of services: nothing that a peer sends becomes a label, so the
 * number of time series is known at start.
 */
#include "server/loop.h"

#include <stdlib.h>
#include <string.h>

/* Upper bounds, and how they are written. */
struct bound {
    uint64_t value;
    const char *text;
};
static const struct bound durations[] = {
    { 100000, "0.0001" },  { 250000, "0.00025" },  { 500000, "0.0005" },  { 1000000, "0.001" },
    { 2500000, "0.0025" }, { 5000000, "0.005" },   { 10000000, "0.01" },  { 25000000, "0.025" },
    { 50000000, "0.05" },  { 100000000, "0.1" },   { 250000000, "0.25" }, { 500000000, "0.5" },
    { 1000000000, "1.0" }, { 2500000000u, "2.5" },
};
static const struct bound arenas[] = {
    { 1024, "1024.0" },   { 4096, "4096.0" },     { 16384, "16384.0" },
    { 65536, "65536.0" }, { 262144, "262144.0" }, { 1048576, "1048576.0" },
};
enum { DURATIONS = sizeof durations / sizeof *durations, ARENAS = sizeof arenas / sizeof *arenas };

static const char *const families[BARK_METRICS_FAMILIES] = { "http",   "xml",  "schema", "soap",
                                                             "limits", "auth", "tls",    "other" };
enum { FAMILY_TLS = BARK_METRICS_FAMILIES - 2, FAMILY_OTHER };
static const struct {
    const char *begin;
    uint8_t family;
} rules[] = {
    { "[RFC9112", 0 }, { "[RFC9110", 0 }, { "[RFC3986", 0 }, { "[XML1", 1 },
    { "[XMLNS", 1 },   { "[XSD", 2 },     { "[SOAP", 3 },    { "[WSDL", 3 },
    { "[WSA", 3 },     { "[RFC3902", 3 }, { "limits.", 4 },  { "[RFC7616", 5 },
    { "[RFC7617", 5 }, { "[RFC6750", 5 }, { "[RFC7519", 5 }, { "[R11", 5 },
};

static unsigned family_of(const struct bark_error *e)
{
    if (e->code == BARK_ERR_TLS)
        return FAMILY_TLS;
    for (size_t i = 0; e->rule && i < sizeof rules / sizeof *rules; i++) {
        if (strncmp(e->rule, rules[i].begin, strlen(rules[i].begin)) == 0)
            return rules[i].family;
    }
    return FAMILY_OTHER;
}

bool bark_metrics_init(struct bark_metrics *m, uint32_t groups)
{
    m->requests = calloc((size_t)groups + 1, sizeof *m->requests);
    return m->requests != NULL;
}

void bark_metrics_free(struct bark_metrics *m)
{
    free(m->requests);
    m->requests = NULL;
}

static void histogram_add(struct bark_histogram *h, const struct bound *bounds, size_t count, uint64_t value)
{
    size_t i = 0;
    while (i < count && value > bounds[i].value)
        i++;
    bark_count(&h->buckets[i], 1);
    bark_count(&h->sum, value);
}

void bark_metrics_request(struct bark_metrics *m, const struct bark_request_log *entry, uint32_t group,
                          unsigned fault)
{
    const unsigned class = entry->status / 100;
    bark_count(&m->requests[group][class < BARK_METRICS_CLASSES ? class : 0], 1);
    bark_count(&m->events[entry->event], 1);
    bark_count(&m->bytes_in, entry->bytes_in);
    bark_count(&m->bytes_out, entry->bytes_out);
    if (entry->user.len)
        bark_count(&m->logins, 1);
    if (fault && fault <= BARK_METRICS_FAULTS)
        bark_count(&m->faults[fault - 1], 1);
    if (entry->error) {
        bark_count(&m->codes[entry->error->code < BARK_CODE_COUNT ? entry->error->code : 0], 1);
        bark_count(&m->families[family_of(entry->error)], 1);
    }
    if (entry->status == 0)
        return;
    histogram_add(&m->duration, durations, DURATIONS, entry->duration_ns);
    histogram_add(&m->arena, arenas, ARENAS, entry->arena_peak);
}

/* ---- the text ---- */

struct writing {
    struct bark_driver *d;
    struct bark_out *o;
};

/* The sum of a counter over all loops; `at` is its place in the metrics of one. */
static uint64_t total(struct bark_driver *d, size_t at)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < d->loop_count; i++)
        sum +=
            atomic_load_explicit((bark_counter *)((char *)&d->loops[i].metrics + at), memory_order_relaxed);
    return sum;
}

static void head(struct bark_out *o, const char *name, const char *type, const char *unit, const char *help)
{
    bark_out_text(o, "# TYPE soapbark_");
    bark_out_text(o, name);
    bark_out_byte(o, ' ');
    bark_out_text(o, type);
    if (unit) {
        bark_out_text(o, "\n# UNIT soapbark_");
        bark_out_text(o, name);
        bark_out_byte(o, ' ');
        bark_out_text(o, unit);
    }
    bark_out_text(o, "\n# HELP soapbark_");
    bark_out_text(o, name);
    bark_out_byte(o, ' ');
    bark_out_text(o, help);
    bark_out_byte(o, '\n');
}

/* Label values: lower stands for texts of ours in capitals. */
static void label_value(struct bark_out *o, const char *text, bool lower)
{
    for (; *text; text++) {
        const char c = *text;
        if (c == '"' || c == '\\')
            bark_out_byte(o, '\\');
        if (c == '\n')
            bark_out_text(o, "\\n");
        else
            bark_out_byte(o, (uint8_t)(lower && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
}

static void sample(struct bark_out *o, const char *name, const char *label, const char *value, uint64_t n)
{
    const bool lower = label && strcmp(label, "code") == 0;
    bark_out_text(o, "soapbark_");
    bark_out_text(o, name);
    if (label) {
        bark_out_byte(o, '{');
        bark_out_text(o, label);
        bark_out_text(o, "=\"");
        label_value(o, value, lower);
        bark_out_text(o, "\"}");
    }
    bark_out_byte(o, ' ');
    bark_out_u64(o, n);
    bark_out_byte(o, '\n');
}

static void requests_write(const struct writing *w)
{
    static const char *const classes[] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };
    const struct bark_loop_service *service = &w->d->service;
    struct bark_out *o = w->o;
    head(o, "requests", "counter", NULL, "Answers, by service and class of the status.");
    for (uint32_t group = 0; group <= service->group_count; group++) {
        const char *name = group < service->group_count ? service->group_name(service->user, group) : "";
        for (unsigned class = 0; class < BARK_METRICS_CLASSES; class ++) {
            uint64_t sum = 0;
            for (uint32_t i = 0; i < w->d->loop_count; i++)
                sum += atomic_load_explicit(&w->d->loops[i].metrics.requests[group][class],
                                            memory_order_relaxed);
            bark_out_text(o, "soapbark_requests_total{service=\"");
            label_value(o, name, false);
            bark_out_text(o, "\",status=\"");
            bark_out_text(o, classes[class]);
            bark_out_text(o, "\"} ");
            bark_out_u64(o, sum);
            bark_out_byte(o, '\n');
        }
    }
}

static void refusals_write(const struct writing *w)
{
    static const char *const codes[] = {
#define X(name, text) #name,
        BARK_CODES(X)
#undef X
    };
    static const char *const faults[] = { "sender", "receiver", "version_mismatch", "must_understand",
                                          "data_encoding_unknown" };
    struct bark_out *o = w->o;
    head(o, "events", "counter", NULL, "What the log tells, by its event, told or held back.");
    for (unsigned i = 0; i < BARK_LOG_EVENT_COUNT; i++)
        sample(o, "events_total", "event", bark_log_event_text((enum bark_log_event)i),
               total(w->d, offsetof(struct bark_metrics, events) + i * sizeof(bark_counter)));
    head(o, "faults", "counter", NULL, "SOAP faults, by code.");
    for (unsigned i = 0; i < BARK_METRICS_FAULTS; i++)
        sample(o, "faults_total", "code", faults[i],
               total(w->d, offsetof(struct bark_metrics, faults) + i * sizeof(bark_counter)));
    head(o, "errors", "counter", NULL, "What was wrong with requests that were refused, by code.");
    for (unsigned i = 1; i < BARK_CODE_COUNT; i++)
        sample(o, "errors_total", "code", codes[i],
               total(w->d, offsetof(struct bark_metrics, codes) + i * sizeof(bark_counter)));
    head(o, "broken_rules", "counter", NULL, "The same, by the family of the rule that was broken.");
    for (unsigned i = 0; i < BARK_METRICS_FAMILIES; i++)
        sample(o, "broken_rules_total", "family", families[i],
               total(w->d, offsetof(struct bark_metrics, families) + i * sizeof(bark_counter)));
    head(o, "logins", "counter", NULL, "Requests of somebody who proved who it is.");
    sample(o, "logins_total", NULL, NULL, total(w->d, offsetof(struct bark_metrics, logins)));
}

static void connections_write(const struct writing *w)
{
    struct bark_out *o = w->o;
    uint64_t open = 0;
    for (uint32_t i = 0; i < w->d->loop_count; i++)
        open += atomic_load_explicit(&w->d->loops[i].used, memory_order_relaxed);
    head(o, "connections_accepted", "counter", NULL, "Connections that got a slot.");
    sample(o, "connections_accepted_total", NULL, NULL, total(w->d, offsetof(struct bark_metrics, accepted)));
    head(o, "connections_refused", "counter", NULL, "Connections that got none.");
    sample(o, "connections_refused_total", NULL, NULL, total(w->d, offsetof(struct bark_metrics, refused)));
    head(o, "connections_open", "gauge", NULL, "Slots in use.");
    sample(o, "connections_open", NULL, NULL, open);
    head(o, "received_bytes", "counter", "bytes", "Bytes of requests.");
    sample(o, "received_bytes_total", NULL, NULL, total(w->d, offsetof(struct bark_metrics, bytes_in)));
    head(o, "sent_bytes", "counter", "bytes", "Bytes of answers.");
    sample(o, "sent_bytes_total", NULL, NULL, total(w->d, offsetof(struct bark_metrics, bytes_out)));
    head(o, "buffer_bytes", "gauge", "bytes", "Held for bodies under way and unsent answers.");
    sample(o, "buffer_bytes", NULL, NULL, atomic_load(&w->d->budget.used));
}

static void tls_write(const struct writing *w)
{
    struct bark_net_tls_counts counts;
    if (!w->d->tls || !w->d->tls->counts)
        return;
    counts = w->d->tls->counts(w->d->tls);
    head(w->o, "tls_handshakes", "counter", NULL, "TLS handshakes; resumed ones are not in full.");
    sample(w->o, "tls_handshakes_total", "result", "full", counts.handshakes - counts.resumed);
    sample(w->o, "tls_handshakes_total", "result", "resumed", counts.resumed);
    sample(w->o, "tls_handshakes_total", "result", "failed", counts.failed);
}

static void workers_write(const struct writing *w)
{
    struct bark_workers *workers = &w->d->workers;
    uint32_t busy, queued;
    if (workers->count == 0)
        return;
    (void)pthread_mutex_lock(&workers->lock);
    busy = workers->busy;
    queued = workers->queued;
    (void)pthread_mutex_unlock(&workers->lock);
    head(w->o, "workers", "gauge", NULL, "Threads for slow operations.");
    sample(w->o, "workers", NULL, NULL, workers->count);
    head(w->o, "workers_busy", "gauge", NULL, "Those that have a request.");
    sample(w->o, "workers_busy", NULL, NULL, busy);
    head(w->o, "worker_queue", "gauge", NULL, "Requests that wait for one.");
    sample(w->o, "worker_queue", NULL, NULL, queued);
}

static uint64_t buckets_write(const struct writing *w, const char *name, size_t at,
                              const struct bound *bounds, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i <= count; i++) {
        sum += total(w->d, at + offsetof(struct bark_histogram, buckets) + i * sizeof(bark_counter));
        sample(w->o, name, "le", i < count ? bounds[i].text : "+Inf", sum);
    }
    return sum;
}

static void histograms_write(const struct writing *w)
{
    struct bark_out *o = w->o;
    uint64_t count, sum;
    head(o, "request_duration_seconds", "histogram", "seconds",
         "From the first byte of a request to its answer.");
    count = buckets_write(w, "request_duration_seconds_bucket", offsetof(struct bark_metrics, duration),
                          durations, DURATIONS);
    sum = total(w->d, offsetof(struct bark_metrics, duration) + offsetof(struct bark_histogram, sum));
    sample(o, "request_duration_seconds_count", NULL, NULL, count);
    bark_out_text(o, "soapbark_request_duration_seconds_sum ");
    bark_out_u64(o, sum / 1000000000u);
    bark_out_byte(o, '.');
    for (uint64_t digit = 100000000u; digit > 0; digit /= 10)
        bark_out_byte(o, (uint8_t)('0' + sum / digit % 10));
    bark_out_byte(o, '\n');
    head(o, "arena_peak_bytes", "histogram", "bytes", "Memory that a request needed.");
    count = buckets_write(w, "arena_peak_bytes_bucket", offsetof(struct bark_metrics, arena), arenas, ARENAS);
    sum = total(w->d, offsetof(struct bark_metrics, arena) + offsetof(struct bark_histogram, sum));
    sample(o, "arena_peak_bytes_count", NULL, NULL, count);
    sample(o, "arena_peak_bytes_sum", NULL, NULL, sum);
}

void bark_metrics_write(struct bark_driver *d, struct bark_out *o)
{
    const struct writing w = { d, o };
    requests_write(&w);
    refusals_write(&w);
    connections_write(&w);
    tls_write(&w);
    workers_write(&w);
    histograms_write(&w);
    bark_out_text(o, "# EOF\n");
}
