/* auth/params.c - the parameters of credentials and challenges [RFC9110 11.2]: name=token or name="quoted",
 * with commas between.
 */
#include "auth/auth.h"

#include "http/chars.h"

static void blanks_skip(struct bark_slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t')) {
        s->ptr++;
        s->len--;
    }
}

static struct bark_slice token_take(struct bark_slice *s)
{
    struct bark_slice token = { s->ptr, 0 };
    while (s->len > 0 && bark_http_is(s->ptr[0], BARK_HTTP_TOKEN)) {
        s->ptr++;
        s->len--;
        token.len++;
    }
    return token;
}

/* Behind the opening quote; false when there is no closing one, or the value is too long. */
static bool quoted_take(struct bark_slice *s, uint8_t *room, struct bark_slice *value)
{
    size_t len = 0;
    while (s->len > 0) {
        uint8_t c = s->ptr[0];
        s->ptr++;
        s->len--;
        if (c == '"') {
            *value = (struct bark_slice){ room, len };
            return true;
        }
        if (c == '\\') {
            if (s->len == 0)
                return false;
            c = s->ptr[0];
            s->ptr++;
            s->len--;
        }
        if (len == BARK_AUTH_PARAM_MAX || !bark_http_is(c, BARK_HTTP_VALUE))
            return false;
        room[len++] = c;
    }
    return false;
}

bool bark_auth_param_next(struct bark_slice *list, struct bark_auth_param *param, uint8_t *room, bool *broken)
{
    *param = (struct bark_auth_param){ 0 };
    *broken = false;
    blanks_skip(list);
    while (list->len > 0 && list->ptr[0] == ',') { /* [RFC9110 5.6.1.2] empty elements are to be taken */
        list->ptr++;
        list->len--;
        blanks_skip(list);
    }
    if (list->len == 0)
        return false;
    *broken = true;
    param->name = token_take(list);
    blanks_skip(list);
    if (param->name.len == 0 || list->len == 0 || list->ptr[0] != '=')
        return false;
    list->ptr++;
    list->len--;
    blanks_skip(list);
    if (list->len > 0 && list->ptr[0] == '"') {
        list->ptr++;
        list->len--;
        param->quoted = true;
        if (!quoted_take(list, room, &param->value))
            return false;
    } else {
        param->value = token_take(list);
        if (param->value.len == 0)
            return false;
    }
    blanks_skip(list);
    *broken = list->len > 0 && list->ptr[0] != ',';
    return !*broken;
}
