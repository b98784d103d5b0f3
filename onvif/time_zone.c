/* onvif/time_zone.c - one function a rule of the grammar; each takes what it knows from the front of the text
 * or returns false. */
#include "time_zone.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool byte_take(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

/* Up to `digits` digits with a value from min to max. */
static bool number_take(const char **at, unsigned digits, unsigned min, unsigned max)
{
    unsigned value = 0, n = 0;
    while (n < digits && is_digit(**at)) {
        value = value * 10 + (unsigned)(**at - '0');
        ++*at;
        n++;
    }
    return n > 0 && value >= min && value <= max;
}

/* Three letters or more, or <...> around letters, digits, plus and minus. */
static bool name_take(const char **at)
{
    size_t n = 0;
    bool quoted = byte_take(at, '<');
    while (is_letter(**at) || (quoted && (is_digit(**at) || **at == '+' || **at == '-'))) {
        ++*at;
        n++;
    }
    return n >= 3 && (!quoted || byte_take(at, '>'));
}

/* hh[:mm[:ss]] */
static bool clock_take(const char **at)
{
    if (!number_take(at, 2, 0, 24))
        return false;
    for (unsigned part = 0; part < 2 && byte_take(at, ':'); part++)
        if (!is_digit(**at) || !is_digit((*at)[1]) || !number_take(at, 2, 0, 59))
            return false;
    return true;
}

static bool offset_take(const char **at)
{
    if (!byte_take(at, '+'))
        (void)byte_take(at, '-');
    return clock_take(at);
}

/* Jn, n or Mm.w.d, each with an optional /time. */
static bool date_take(const char **at)
{
    bool ok;
    if (byte_take(at, 'J'))
        ok = number_take(at, 3, 1, 365);
    else if (byte_take(at, 'M'))
        ok = number_take(at, 2, 1, 12) && byte_take(at, '.') && number_take(at, 1, 1, 5) &&
             byte_take(at, '.') && number_take(at, 1, 0, 6);
    else
        ok = number_take(at, 3, 0, 365);
    return ok && (!byte_take(at, '/') || clock_take(at));
}

bool onvif_time_zone_valid(struct bark_text zone)
{
    const char *at = zone.ptr;
    if (!at || !name_take(&at) || !offset_take(&at))
        return false;
    if (*at != '\0') {
        if (!name_take(&at))
            return false;
        if (*at != '\0' && *at != ',' && !offset_take(&at))
            return false;
        if (*at == ',' && !(byte_take(&at, ',') && date_take(&at) && byte_take(&at, ',') && date_take(&at)))
            return false;
    }
    /* The text's own end, and not a NUL that stands inside it. */
    return at == zone.ptr + zone.len;
}
