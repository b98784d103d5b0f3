/* server/event.c - what is told of the things that happen, and what is only counted.
 *
 * Whoever can make a server refuse can make it write. So each kind of refusal has a ration of log entries a
 * second; what is beyond it is counted, and the count is told when that second is over, by whichever comes
 * first: the next entry of its kind, or the loop that held an entry back and has set its clock for it.
 */
#include "server/driver.h"

static const uint64_t NS_PER_S = 1000u * 1000u * 1000u;

static const char *const texts[BARK_LOG_EVENT_COUNT] = {
    [BARK_LOG_REQUEST] = "request",
    [BARK_LOG_REFUSED] = "refused",
    [BARK_LOG_FRAMING_REFUSED] = "framing_refused",
    [BARK_LOG_MESSAGE_REFUSED] = "message_refused",
    [BARK_LOG_LATE] = "late",
    [BARK_LOG_SHED] = "shed",
    [BARK_LOG_LOGIN_FAILED] = "login_failed",
    [BARK_LOG_LOCKED_OUT] = "locked_out",
    [BARK_LOG_DENIED] = "denied",
    [BARK_LOG_HANDSHAKE_FAILED] = "handshake_failed",
};

const char *bark_log_event_text(enum bark_log_event event)
{
    return (unsigned)event < BARK_LOG_EVENT_COUNT ? texts[event] : "unknown";
}

bool bark_request_id_valid(struct bark_slice id)
{
    if (id.len == 0 || id.len > 64)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        const uint8_t b = id.ptr[i];
        if (!((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '.' ||
              b == '_' || b == '-'))
            return false;
    }
    return true;
}

/* Under the lock: a new second begins, and what the last one held back is told as a number. */
static void ration_renew(struct bark_driver *d, enum bark_log_event event, uint64_t now_ns)
{
    struct bark_log_ration *r = &d->rations[event];
    const struct bark_request_log count = { .event = event,
                                            .suppressed = r->suppressed,
                                            .now_ns = bark_net_wall_ns(),
                                            .id = { "", 0 },
                                            .peer = { "", 0 },
                                            .method = { "", 0 },
                                            .path = { "", 0 },
                                            .operation = { "", 0 },
                                            .user = { "", 0 } };
    if (r->suppressed)
        d->log(d->log_user, &count);
    *r = (struct bark_log_ration){ .begin_ns = now_ns };
}

uint64_t bark_event_log(struct bark_driver *d, const struct bark_request_log *entry, uint64_t now_ns)
{
    struct bark_log_ration *r = &d->rations[entry->event];
    uint64_t due_ns = 0;
    (void)pthread_mutex_lock(&d->log_lock);
    if (entry->event != BARK_LOG_REQUEST && d->log_events_per_s != UINT32_MAX) {
        if (now_ns > r->begin_ns && now_ns - r->begin_ns >= NS_PER_S)
            ration_renew(d, entry->event, now_ns);
        if (r->told >= d->log_events_per_s) {
            r->suppressed++;
            due_ns = r->begin_ns + NS_PER_S;
        } else {
            r->told++;
        }
    }
    if (!due_ns)
        d->log(d->log_user, entry);
    (void)pthread_mutex_unlock(&d->log_lock);
    return due_ns;
}

uint64_t bark_events_flush(struct bark_driver *d, uint64_t now_ns, bool all)
{
    uint64_t due_ns = 0;
    if (!d->log)
        return 0;
    (void)pthread_mutex_lock(&d->log_lock);
    for (unsigned i = 0; i < BARK_LOG_EVENT_COUNT; i++) {
        const struct bark_log_ration *r = &d->rations[i];
        if (!r->suppressed)
            continue;
        if (all || (now_ns > r->begin_ns && now_ns - r->begin_ns >= NS_PER_S))
            ration_renew(d, (enum bark_log_event)i, now_ns);
        else if (!due_ns || r->begin_ns + NS_PER_S < due_ns)
            due_ns = r->begin_ns + NS_PER_S; /* its second began later than that of the kind just told */
    }
    (void)pthread_mutex_unlock(&d->log_lock);
    return due_ns;
}
