/* table/check_pool.c - proves the pool: its texts, then the DFA tables of patterns behind them.
 *
 * The part before the first table is validated as UTF-8 once. A text is then proved by three looks (inside,
 * at the start of a character, NUL behind it), however many rows share it, so the sum stays linear.
 */
#include "base/utf8.h"
#include "table/check.h"

enum { CLASSES_MAX = 256, STATES_MIN = 2 };

/* The tables of one row, which are known to lie inside the pool. */
static bool tables_ok(const uint8_t *pool, const struct bark_pattern_row *row)
{
    const uint8_t *map = pool + row->classes_map, *next = pool + row->next;
    const bool wide = row->states > BARK_PATTERN_NARROW;
    const size_t entries = (size_t)row->states * row->classes;
    size_t i;
    for (i = 0; i < BARK_PATTERN_MAP; i++) {
        if (map[i] >= row->classes)
            return false;
    }
    for (i = 0; i < entries; i++) {
        const uint32_t state = next[i << wide] | (wide ? (uint32_t)next[2 * i + 1] << 8 : 0);
        if (state >= row->states || (i < row->classes && state != 0))
            return false;
    }
    return (pool[row->accept] & 1) == 0;
}

enum bark_code bark_check_patterns(struct bark_check *c)
{
    const struct bark_image *im = c->image;
    uint64_t end = 0;
    uint32_t i;
    c->texts_end = im->pattern_count ? im->patterns[0].classes_map : im->pool_size;
    for (i = 0; i < im->pattern_count; i++) {
        const struct bark_pattern_row *row = &im->patterns[i];
        const uint64_t accept_end = (uint64_t)row->accept + bark_pattern_accept_bytes(row);
        if (row->states < STATES_MIN || row->classes == 0 || row->classes > CLASSES_MAX ||
            row->classes_map < end || row->next < (uint64_t)row->classes_map + BARK_PATTERN_MAP ||
            row->accept < row->next + bark_pattern_next_bytes(row) || accept_end > im->pool_size)
            return bark_check_refuse(c, BARK_SECTION_PATTERNS, i,
                                     "T32: the tables of a pattern lie in the pool, in order");
        if (!tables_ok(im->pool, row))
            return bark_check_refuse(c, BARK_SECTION_PATTERNS, i,
                                     "T32: classes and next states exist, and state 0 is dead");
        if (row->source >= c->texts_end) /* T8 gives it a NUL */
            return bark_check_refuse(c, BARK_SECTION_PATTERNS, i, BARK_RULE_T9);
        end = accept_end;
    }
    return BARK_OK;
}

enum bark_code bark_check_pool(struct bark_check *c)
{
    static const char rule[] = "T8: the texts of the pool are UTF-8 between two NULs";
    const uint8_t *pool = c->image->pool;
    uint32_t at = 0, point;
    if (c->texts_end == 0 || pool[0] != 0 || pool[c->texts_end - 1] != 0)
        return bark_check_refuse(c, BARK_SECTION_POOL, 0, rule);
    while (at < c->texts_end) {
        const size_t len = bark_utf8_take(pool + at, pool + c->texts_end, &point);
        if (len == 0)
            return bark_check_refuse(c, BARK_SECTION_POOL, at, rule);
        at += (uint32_t)len;
    }
    return BARK_OK;
}

enum bark_code bark_check_texts(struct bark_check *c)
{
    const struct bark_image *im = c->image;
    uint32_t i;
    for (i = 0; i < im->namespace_count; i++) {
        const struct bark_namespace_row *row = &im->namespaces[i];
        if (!bark_check_text(c, row->uri, row->uri_len) || !bark_check_text(c, row->prefix, row->prefix_len))
            return bark_check_refuse(c, BARK_SECTION_NAMESPACES, i, BARK_RULE_T9);
        if ((i == 0) != (row->uri_len == 0) || (i == 0 && row->prefix_len != 0))
            return bark_check_refuse(c, BARK_SECTION_NAMESPACES, i,
                                     "T10: namespace row 0, and only it, is empty");
    }
    for (i = 0; i < im->name_count; i++) {
        if (!bark_check_name(c, (uint16_t)i))
            return bark_check_refuse(c, BARK_SECTION_NAMES, i, BARK_RULE_T9_NAME);
    }
    for (i = 0; i < im->extra_count; i++) {
        if (!bark_check_text(c, im->extras[i].text, im->extras[i].text_len))
            return bark_check_refuse(c, BARK_SECTION_EXTRAS, i, BARK_RULE_T9);
    }
    for (i = 0; i < im->pattern_count; i++) {
        if ((im->pool[im->patterns[i].source] & 0xc0) == 0x80)
            return bark_check_refuse(c, BARK_SECTION_PATTERNS, i, BARK_RULE_T9);
    }
    return BARK_OK;
}
