/* cli/input.c - a tree of JSON values that grows by one path and value at a time.
 *
 *     User[0].Username=a  User[0].UserLevel=User  User[1].Username=b
 *
 *     { "User": [ { "Username": "a", "UserLevel": "User" }, { "Username": "b" } ] }
 */
#include "input.h"

#include "member.h"

#include <stdlib.h>
#include <string.h>

enum node_kind { NODE_OBJECT, NODE_ARRAY, NODE_VALUE };

struct node {
    enum node_kind kind;
    struct cli_member member; /* what it is; items of an array have their array's */
    struct node *parent, *first, *last, *next;
    size_t count; /* children */
    const char *argument, *value; /* NODE_VALUE */
    size_t begin, end; /* of the value in the document, once written */
};

struct cli_input {
    const struct bark_image *image;
    struct node *root;
};

static struct node *node_new(struct node *parent, enum node_kind kind, const struct cli_member *member)
{
    struct node *n = calloc(1, sizeof *n);
    if (!n) {
        cli_error("out of memory");
        return NULL;
    }
    n->kind = kind;
    n->member = *member;
    n->parent = parent;
    if (!parent)
        return n;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    parent->count++;
    return n;
}

struct cli_input *cli_input_new(const struct bark_image *image, uint16_t type)
{
    const struct cli_member root = { .type = type };
    struct cli_input *input = calloc(1, sizeof *input);
    if (!input)
        return NULL;
    input->image = image;
    input->root = node_new(NULL, NODE_OBJECT, &root);
    if (!input->root) {
        free(input);
        return NULL;
    }
    return input;
}

/* The next node of a walk that visits parents before their children; NULL at the end. */
static struct node *node_after(struct node *n)
{
    if (n->first)
        return n->first;
    while (n && !n->next)
        n = n->parent;
    return n ? n->next : NULL;
}

void cli_input_free(struct cli_input *input)
{
    struct node *n = input ? input->root : NULL;
    while (n) { /* leaves first: a node whose children are gone goes next */
        struct node *parent = n->parent;
        if (n->first) {
            n = n->first;
            continue;
        }
        if (parent)
            parent->first = n->next;
        free(n);
        n = parent;
    }
    free(input);
}

/* ---- adding ---- */

/* A complaint about the argument at a byte of it. */
static bool argument_wrong(const char *argument, const char *at, const char *rule, const char *expected)
{
    struct bark_error err = { .code = BARK_ERR_USE, .offset = (uint64_t)(at - argument), .rule = rule };
    if (expected)
        for (size_t i = 0; expected[i] && i < sizeof err.expected - 1; i++)
            err.expected[i] = expected[i];
    cli_report(CLI_FORMAT_TEXT, "argument",
               (struct bark_slice){ (const uint8_t *)argument, strlen(argument) }, &err);
    return false;
}

static struct node *child_find(const struct node *parent, const struct cli_member *member)
{
    struct node *n = parent->first;
    while (n && !cli_member_same(&n->member, member))
        n = n->next;
    return n;
}

static enum node_kind node_kind_of(const struct cli_input *input, const struct cli_member *member)
{
    return cli_member_has_members(input->image, member) ? NODE_OBJECT : NODE_VALUE;
}

/* Reads "[N]" at *at, if it stands there. SIZE_MAX: no index. */
static bool index_read(const char *argument, const char **at, size_t *index)
{
    const char *p = *at;
    *index = SIZE_MAX;
    if (*p != '[')
        return true;
    *index = 0;
    for (p++; *p >= '0' && *p <= '9' && *index < 1000000; p++)
        *index = *index * 10 + (size_t)(*p - '0');
    if (*p != ']' || p[-1] == '[')
        return argument_wrong(argument, p, "an index is a number in brackets, counted from 0", NULL);
    *at = p + 1;
    return true;
}

/* The item of an array that the path means: the one of its index, the next one, or without index the last
 * one. A value always makes a new item. NULL after a complaint. */
static struct node *item_take(struct cli_input *input, struct node *array, const char *argument,
                              const char *at, size_t index, bool is_end)
{
    struct node *n = array->first;
    const enum node_kind kind = node_kind_of(input, &array->member);
    if (index == SIZE_MAX)
        index = is_end || array->count == 0 ? array->count : array->count - 1;
    if (index > array->count) {
        (void)argument_wrong(argument, at, "an item before this one is missing", NULL);
        return NULL;
    }
    if (index == array->count)
        return node_new(array, kind, &array->member);
    while (index-- > 0)
        n = n->next;
    return n;
}

/* The node of a member below an object; *at is just after the name. NULL after a complaint. */
static struct node *step_take(struct cli_input *input, struct node *object, const struct cli_member *member,
                              const char *argument, const char **at)
{
    const char *start = *at;
    struct node *n = child_find(object, member);
    size_t index;
    if (!index_read(argument, at, &index))
        return NULL;
    if (!member->repeated && index != SIZE_MAX) {
        (void)argument_wrong(argument, start, "this member does not repeat", NULL);
        return NULL;
    }
    if (!n)
        n = node_new(object, member->repeated ? NODE_ARRAY : node_kind_of(input, member), member);
    if (!n || !member->repeated)
        return n;
    return item_take(input, n, argument, start, index, **at == '=');
}

static bool value_set(struct node *n, const char *argument, const char *at)
{
    if (n->kind == NODE_OBJECT && at[1] == '\0')
        return true; /* NAME= makes an element without content */
    if (n->kind == NODE_OBJECT)
        return argument_wrong(argument, at, "this member has members of its own: name one of them", NULL);
    if (n->value)
        return argument_wrong(argument, at, "this member has a value already", NULL);
    n->argument = argument;
    n->value = at + 1;
    return true;
}

bool cli_input_add(struct cli_input *input, const char *argument)
{
    struct node *n = input->root;
    const char *at = argument;
    if (!strchr(argument, '='))
        return argument_wrong(argument, argument + strlen(argument), "an argument is NAME=VALUE", NULL);
    for (;;) {
        struct cli_member member;
        char near[BARK_ERROR_TEXT];
        size_t len;
        if (n->kind != NODE_OBJECT)
            return argument_wrong(argument, at, "this member is a value, it has no members", NULL);
        len = cli_member_find(input->image, n->member.type, at, &member, near, sizeof near);
        if (len == 0)
            return argument_wrong(argument, at, "no such member", near);
        at += len;
        n = step_take(input, n, &member, argument, &at);
        if (!n)
            return false;
        if (*at == '=')
            return value_set(n, argument, at);
        if (*at != '.')
            return argument_wrong(argument, at, "after a name comes '.', '[' or '='", NULL);
        at++;
    }
}

/* ---- writing ---- */

static void escaped(struct bark_out *out, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        const uint8_t c = (uint8_t)text[i];
        if (c == '"' || c == '\\')
            bark_out_byte(out, '\\');
        if (c >= 0x20)
            bark_out_byte(out, c);
        else {
            bark_out_text(out, "\\u00");
            bark_out_byte(out, (uint8_t)hex[c >> 4]);
            bark_out_byte(out, (uint8_t)hex[c & 15]);
        }
    }
}

static void node_open(struct node *n, struct bark_out *out)
{
    if (n->parent && n != n->parent->first)
        bark_out_byte(out, ',');
    if (n->parent && n->parent->kind == NODE_OBJECT) {
        bark_out_byte(out, '"');
        bark_out_text(out, n->member.mark);
        escaped(out, n->member.name, n->member.name_len);
        bark_out_text(out, "\":");
    }
    n->begin = out->pos;
    if (n->kind == NODE_VALUE) { /* the lexical form in a string is right for every type */
        bark_out_byte(out, '"');
        escaped(out, n->value, strlen(n->value));
        bark_out_byte(out, '"');
    } else
        bark_out_byte(out, n->kind == NODE_ARRAY ? '[' : '{');
    n->end = out->pos;
}

void cli_input_write(struct cli_input *input, struct bark_out *out)
{
    struct node *n = input->root;
    while (n) {
        node_open(n, out);
        if (n->first) {
            n = n->first;
            continue;
        }
        if (n->kind != NODE_VALUE)
            bark_out_byte(out, n->kind == NODE_ARRAY ? ']' : '}');
        while (n->parent && !n->next) { /* the last child closes its parent */
            n = n->parent;
            bark_out_byte(out, n->kind == NODE_ARRAY ? ']' : '}');
        }
        n = n->next;
    }
}

const char *cli_input_origin(const struct cli_input *input, size_t offset, size_t *value_at)
{
    for (struct node *n = input->root; n; n = node_after(n))
        if (n->kind == NODE_VALUE && offset >= n->begin && offset < n->end) {
            *value_at = (size_t)(n->value - n->argument);
            return n->argument;
        }
    return NULL;
}
