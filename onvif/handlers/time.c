/* handlers/time.c - GetSystemDateAndTime and SetSystemDateAndTime.
 *
 * The device keeps an offset to the host's clock, so that a client can set the time of the device without
 * touching the machine it runs on.
 */
#include "handlers.h"

#include "time_zone.h"

/* The schema gives the ranges in words only; a second of 60 or 61 is a leap second. */
static bool date_time_read(const struct tt_DateTime *t, int64_t *seconds)
{
    const struct tt_Date *d = &t->Date;
    const struct tt_Time *c = &t->Time;
    if (d->Year < 1970 || d->Year > 9999 || d->Month < 1 || d->Month > 12 || d->Day < 1 || d->Day > 31)
        return false;
    if (c->Hour < 0 || c->Hour > 23 || c->Minute < 0 || c->Minute > 59 || c->Second < 0 || c->Second > 61)
        return false;
    struct bark_time minute = { .year = d->Year,
                                .month = (uint8_t)d->Month,
                                .day = (uint8_t)d->Day,
                                .hour = (uint8_t)c->Hour,
                                .minute = (uint8_t)c->Minute };
    if (!bark_time_to_unix(&minute, seconds))
        return false;
    *seconds += c->Second;
    return true;
}

static int64_t host_seconds(const struct bark_call *call)
{
    return (int64_t)(call->now_ns / 1000000000u);
}

enum bark_code onvif_GetSystemDateAndTime(const struct tds_GetSystemDateAndTime *in,
                                          struct tds_GetSystemDateAndTimeResponse *out,
                                          struct bark_call *call)
{
    (void)in;
    const struct onvif_state *state = &onvif_backend_of(call)->state;
    struct tt_TimeZone *zone = bark_call_alloc(call, 1, sizeof *zone);
    struct tt_DateTime *utc = bark_call_alloc(call, 1, sizeof *utc);
    if (!zone || !utc)
        return BARK_ERR_MEMORY;
    struct bark_time now = bark_time_of_unix(host_seconds(call) + state->clock_offset_s, 0);
    utc->Date = (struct tt_Date){ .Year = (int32_t)now.year, .Month = now.month, .Day = now.day };
    utc->Time = (struct tt_Time){ .Hour = now.hour, .Minute = now.minute, .Second = now.second };
    zone->TZ = bark_text(state->time_zone);
    out->SystemDateAndTime.DateTimeType = tt_SetDateTimeType_Manual;
    out->SystemDateAndTime.DaylightSavings = state->daylight_savings;
    out->SystemDateAndTime.TimeZone = zone;
    out->SystemDateAndTime.UTCDateTime = utc;
    return BARK_OK;
}

enum bark_code onvif_SetSystemDateAndTime(const struct tds_SetSystemDateAndTime *in,
                                          struct tds_SetSystemDateAndTimeResponse *out,
                                          struct bark_call *call)
{
    int64_t wanted = 0;
    (void)out;
    if (in->DateTimeType == tt_SetDateTimeType_NTP)
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, &onvif_ntp_server_undefined,
                               "No NTP server is defined");
    if (in->TimeZone && (in->TimeZone->TZ.len >= ONVIF_TEXT || !onvif_time_zone_valid(in->TimeZone->TZ)))
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, &onvif_invalid_time_zone,
                               "The time zone is not one of POSIX 1003.1 section 8.3");
    if (in->UTCDateTime && !date_time_read(in->UTCDateTime, &wanted))
        return bark_call_fault(call, BARK_FAULT_SENDER, &onvif_invalid_arg_val, &onvif_invalid_date_time,
                               "There is no such date or time between 1970 and 9999");
    struct onvif_state *draft = onvif_draft(call);
    if (!draft)
        return BARK_ERR_MEMORY;
    draft->daylight_savings = in->DaylightSavings;
    if (in->TimeZone && !onvif_text_set(draft->time_zone, sizeof draft->time_zone, in->TimeZone->TZ))
        return BARK_ERR_LIMIT;
    /* [ONVIF-CORE, Operations] An optional member that is absent leaves the setting as it is. */
    if (in->UTCDateTime)
        draft->clock_offset_s = wanted - host_seconds(call);
    return onvif_commit(call, draft);
}
