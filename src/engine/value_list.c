/* engine/value_list.c - list and union types: values made of values.
 *
 * A list is its items between white space [XSD2 2.5.1.2]. A union is the first member type that accepts the
 * text [XSD2 2.5.1.3]; the text is kept, because two members may give the same C type different meanings. The
 * functions for the parts are passed in: what a union takes, what a list in it, what a union in that. So
 * every chain of calls is as long as it is written in value.c, whatever the table says [R6].
 */
#include "engine/value_kind.h"

#include <string.h>

static size_t items_count(struct bark_slice text)
{
    struct bark_slice item;
    size_t count = 0;
    while (bark_white_item(&text, &item))
        count++;
    return count;
}

enum bark_code bark_list_read(const struct bark_value_call *call, struct bark_slice text, void *member,
                              bark_value_reader *item_read)
{
    struct bark_value_call item_call = *call;
    struct bark_array *list = member;
    const size_t count = items_count(text);
    struct bark_slice item;
    size_t i;
    uint8_t *items;
    item_call.type = bark_value_type(call, call->type->first);
    if (count > call->scope->limits->items)
        return bark_value_refuse(call, BARK_ERR_LIMIT, "[R4] a list has more items than limits.items");
    items = bark_arena_alloc(call->scope->arena, count, item_call.type->size);
    if (!items)
        return bark_value_refuse(call, BARK_ERR_MEMORY, "[R3] the list does not fit the memory budget");
    for (i = 0; i < count && bark_white_item(&text, &item); i++) {
        const enum bark_code code = item_read(&item_call, item, items + i * item_call.type->size);
        if (code != BARK_OK)
            return code;
    }
    list->items = items;
    list->count = count;
    return BARK_OK;
}

/* What an item is as text, when its C value is text. */
static const struct bark_text *item_text(const struct bark_type_row *type, const void *item)
{
    if (type->kind == BARK_KIND_UNION)
        return &((const struct bark_union *)item)->text;
    return type->kind >= BARK_KIND_STRING && type->kind <= BARK_KIND_ANYURI ? item : NULL;
}

/* Text that would come back as no item, or as two. */
static bool item_splits(const struct bark_text *text)
{
    struct bark_slice rest = { (const uint8_t *)text->ptr, text->len }, item;
    return !bark_white_item(&rest, &item) || item.len != text->len;
}

enum bark_code bark_list_write(const struct bark_value_call *call, const void *member, struct bark_out *out,
                               bark_value_writer *item_write)
{
    struct bark_value_call item_call = *call;
    const struct bark_array *list = member;
    const uint8_t *items = list->items;
    size_t i;
    item_call.type = bark_value_type(call, call->type->first);
    if (list->count > 0 && !list->items)
        return bark_value_refuse(call, BARK_ERR_USE, "[codec] a list counts items and has none");
    for (i = 0; i < list->count; i++) {
        const void *item = items + i * item_call.type->size;
        const struct bark_text *text = item_text(item_call.type, item);
        enum bark_code code;
        if (text && item_splits(text))
            return bark_value_refuse(
                call, BARK_ERR_TYPE,
                "[XSD2 2.5.1.2] an item of a list is not empty and holds no white space");
        if (i > 0)
            bark_out_byte(out, ' ');
        code = item_write(&item_call, item, out);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

/* Adds what one member type would have accepted. */
static void expected_join(struct bark_value_error *all, const struct bark_value_error *one)
{
    const size_t room = sizeof all->expected / sizeof *all->expected;
    size_t i;
    for (i = 0; i < one->expected_count && all->expected_count < room; i++)
        all->expected[all->expected_count++] = one->expected[i];
    all->expected_more |= i < one->expected_count || one->expected_more;
}

/* Tries one member type; what it puts into the arena is given back. */
static enum bark_code part_try(const struct bark_value_call *call, struct bark_slice text, size_t index,
                               bark_value_reader *part_read, struct bark_value_error *error)
{
    const uint16_t row = call->scope->image->lists[call->type->first + index];
    const struct bark_value_call part = { call->scope, bark_value_type(call, row), error, 0 };
    struct bark_arena *arena = call->scope->arena;
    const size_t mark = arena->used;
    union bark_value_room room;
    enum bark_code code;
    memset(&room, 0, sizeof room);
    code = part_read(&part, text, &room);
    arena->used = mark;
    return code;
}

enum bark_code bark_union_read(const struct bark_value_call *call, struct bark_slice text, void *member,
                               bark_value_reader *part_read)
{
    struct bark_union *choice = member;
    uint16_t i;
    for (i = 0; i < call->type->count; i++) {
        struct bark_value_error error = { .rule = NULL };
        const enum bark_code code = part_try(call, text, i, part_read, &error);
        if (code == BARK_ERR_MEMORY || code == BARK_ERR_LIMIT)
            return bark_value_refuse(call, code, error.rule);
        if (code == BARK_OK) {
            const uint16_t row = call->scope->image->lists[call->type->first + i];
            const struct bark_value_call part = { call->scope, bark_value_type(call, row), call->error, 0 };
            const enum bark_code white = bark_white_apply(&part, &text);
            choice->member = i;
            return white == BARK_OK ? bark_text_keep(call, text, &choice->text) : white;
        }
        expected_join(call->error, &error);
    }
    return bark_value_refuse(call, BARK_ERR_TYPE, "[XSD2 2.5.1.3] no member type of the union accepts this");
}

enum bark_code bark_union_write(const struct bark_value_call *call, const void *member, struct bark_out *out,
                                bark_value_reader *part_read)
{
    const struct bark_union *choice = member;
    const struct bark_slice text = { (const uint8_t *)choice->text.ptr, choice->text.len };
    enum bark_code code;
    if (choice->member >= call->type->count)
        return bark_value_refuse(call, BARK_ERR_TYPE, "[XSD2 2.5.1.3] the union has no such member type");
    code = part_try(call, text, choice->member, part_read, call->error);
    if (code == BARK_OK)
        bark_text_put(out, text);
    return code;
}
