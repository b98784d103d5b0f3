/* onvif/time_zone.h - is a text a time zone as POSIX writes it?
 */
#ifndef ONVIF_TIME_ZONE_H
#define ONVIF_TIME_ZONE_H

#include "soapbark/values.h"

/* POSIX 1003.1 section 8.3: std offset [dst [offset] [,start[/time],end[/time]]], for example
 * CET-1CEST,M3.5.0,M10.5.0/3. The ":implementation" form is refused: no two devices agree on its meaning. */
bool onvif_time_zone_valid(struct bark_text zone);

#endif
