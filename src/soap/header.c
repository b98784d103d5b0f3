/* soap/header.c - header entries: which are for us, which must be understood, which are [SOAP11 4.2, SOAP12-1
 * 2.4, 5.2].
 *
 * Understood is what a layer reads (WS-Addressing and the like) and what the WSDL declares for an operation
 * of the service; see soap/header.h. Every other mandatory entry for us stops the message; every other entry
 * is checked for well-formedness and dropped.
 */
#include "soap/header.h"

#include "base/scratch.h"
#include "base/slice.h"
#include "engine/decode.h"

#include <string.h>

static struct bark_slice trimmed(struct bark_slice s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t' || s.ptr[0] == '\n' || s.ptr[0] == '\r')) {
        s.ptr++;
        s.len--;
    }
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t' || s.ptr[s.len - 1] == '\n' ||
                     s.ptr[s.len - 1] == '\r'))
        s.len--;
    return s;
}

/* [SOAP11 4.2.3] "1" or "0"; [SOAP12-1 5.2.3] xs:boolean. */
static bool flag_read(const struct bark_soap_dialect *d, struct bark_slice text, bool *flag)
{
    *flag = bark_slice_is(text, "1") || (d->boolean_words && bark_slice_is(text, "true"));
    return *flag || bark_slice_is(text, "0") || (d->boolean_words && bark_slice_is(text, "false"));
}

/* The roles of a service that answers itself: next, and the ultimate receiver, who is meant by an absent or
 * empty attribute too [SOAP11 4.2.2, SOAP12-1 2.2, 5.2.2]. */
static bool role_is_ours(const struct bark_soap_dialect *d, struct bark_slice role)
{
    return role.len == 0 || bark_slice_is(role, d->role_next) || bark_slice_is(role, d->role_ultimate);
}

/* Makes a slice of the message outlive its window. */
static bool slice_keep(struct bark_soap_envelope *e, struct bark_slice *s)
{
    uint8_t *copy;
    if (!e->decoder)
        return true;
    copy = bark_arena_room(e->xml.arena, s->len, 1);
    if (!copy)
        return false;
    if (s->len)
        memcpy(copy, s->ptr, s->len);
    s->ptr = copy;
    return true;
}

static void block_note(struct bark_soap_envelope *e, const struct bark_xml_name *name)
{
    struct bark_soap_block block = { name->uri, name->local };
    e->not_understood++;
    if (e->block_count < BARK_SOAP_BLOCKS && name->uri.len <= BARK_SOAP_BLOCK_BYTES &&
        name->local.len <= BARK_SOAP_BLOCK_BYTES && slice_keep(e, &block.uri) && slice_keep(e, &block.local))
        e->blocks[e->block_count++] = block;
}

/* ---- SOAP's own attributes ---- */

struct entry_terms {
    bool mandatory, relay, ours;
};

static enum bark_code terms_read(struct bark_soap_envelope *e, const struct bark_xml_event *ev,
                                 struct entry_terms *terms)
{
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        struct bark_slice text;
        bool *flag = NULL;
        if (!bark_slice_is(a->name.uri, e->dialect->ns))
            continue;
        enum bark_code code = bark_xml_attribute_text(&e->xml, a, &text);
        if (code)
            return code;
        text = trimmed(text);
        if (bark_slice_is(a->name.local, e->dialect->role_attribute))
            terms->ours = role_is_ours(e->dialect, text);
        else if (bark_slice_is(a->name.local, "mustUnderstand"))
            flag = &terms->mandatory;
        else if (e->dialect->version == BARK_SOAP_12 && bark_slice_is(a->name.local, "relay"))
            flag = &terms->relay; /* for intermediaries; here only its form matters */
        if (flag && !flag_read(e->dialect, text, flag))
            return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset,
                                 "[SOAP12-1 5.2.3] mustUnderstand and relay are 0 or 1 (1.2: true, false)");
    }
    return BARK_OK;
}

static bool attribute_is_taken(const struct bark_soap_dialect *d, const struct bark_xml_name *name,
                               bool block)
{
    if (!bark_slice_is(name->uri, d->ns))
        return false;
    if (bark_slice_is(name->local, "encodingStyle"))
        return true;
    return block &&
           (bark_slice_is(name->local, "mustUnderstand") || bark_slice_is(name->local, d->role_attribute) ||
            (d->version == BARK_SOAP_12 && bark_slice_is(name->local, "relay")));
}

enum bark_code bark_soap_attributes_take(struct bark_soap_envelope *e, struct bark_xml_event *start,
                                         bool block)
{
    const struct bark_soap_dialect *d = e->dialect;
    struct bark_xml_attribute *own;
    struct bark_slice text;
    size_t kept = 0, i;
    for (i = 0; i < start->attribute_count && !attribute_is_taken(d, &start->attributes[i].name, block); i++)
        ;
    if (i == start->attribute_count) /* nearly always */
        return BARK_OK;
    own = bark_arena_alloc(e->xml.arena, start->attribute_count, sizeof *own);
    if (!own)
        return BARK_ERR_MEMORY;
    for (i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        if (!attribute_is_taken(d, &a->name, block)) {
            own[kept++] = *a;
            continue;
        }
        if (d->version == BARK_SOAP_11 || !bark_slice_is(a->name.local, "encodingStyle"))
            continue;
        enum bark_code code = bark_xml_attribute_text(&e->xml, a, &text);
        if (!code && !bark_slice_is(text, d->encoding_none)) {
            e->fault = BARK_FAULT_DATA_ENCODING_UNKNOWN;
            code = bark_xml_fail(&e->xml, BARK_ERR_SOAP, start->offset,
                                 "[SOAP12-1 5.4.6] this service reads literal XML, no encodingStyle");
        }
        if (code)
            return code;
    }
    start->attributes = own;
    start->attribute_count = kept;
    return BARK_OK;
}

/* ---- reading ---- */

static const struct bark_soap_header_reader *reader_find(const struct bark_soap_layer *layer,
                                                         const struct bark_xml_name *name)
{
    for (size_t i = 0; layer && i < layer->reader_count; i++) {
        const struct bark_soap_header_reader *r = &layer->readers[i];
        if (bark_slice_is(name->uri, r->ns) && (!r->local || bark_slice_is(name->local, r->local)))
            return r;
    }
    return NULL;
}

static uint16_t root_find(const struct bark_image *image, const uint16_t *roots, uint16_t count,
                          const struct bark_xml_name *name)
{
    for (uint16_t i = 0; i < count; i++) {
        if (bark_root_ns(image, roots[i]) == name->ns && bark_root_is(image, roots[i], name->local))
            return roots[i];
    }
    return BARK_NONE;
}

/* The root of a block that one of the operations in question declares. */
static uint16_t declared_find(const struct bark_soap_envelope *e, const struct bark_xml_name *name)
{
    uint16_t root = BARK_NONE;
    if (name->ns == BARK_NONE || name->ns == 0)
        return BARK_NONE;
    for (uint16_t i = 0; i < e->operation_count && root == BARK_NONE; i++) {
        const struct bark_header_roots h = bark_image_headers(e->image, (uint16_t)(e->first_operation + i));
        if (!e->is_answer) {
            root = root_find(e->image, h.input, h.input_count, name);
            continue;
        }
        root = root_find(e->image, h.output, h.output_count, name);
        if (root == BARK_NONE)
            root = root_find(e->image, h.faults, h.fault_count, name);
    }
    return root;
}

static enum bark_code entry_begin(struct bark_soap_envelope *e, const struct bark_xml_event *ev,
                                  uint16_t root, void **value)
{
    *e->decoder = (struct bark_decoder){ .r = &e->xml, .image = e->image };
    e->mark = bark_scratch_mark(e->xml.arena);
    e->decoding = true;
    return bark_decode_element_begin(e->decoder, ev, bark_root_type(e->image, root), NULL, value);
}

enum bark_code bark_soap_header_entry_go(struct bark_soap_envelope *e)
{
    enum bark_code code;
    if (!e->decoding)
        return BARK_OK;
    code = bark_decode_go(e->decoder);
    if (code)
        return code;
    bark_scratch_pop(e->xml.arena, e->mark);
    e->xml.secret = false;
    e->decoding = false;
    return BARK_OK;
}

/* Reads the block and keeps it; a declared one comes once, so what is kept is bounded by the tables. */
static enum bark_code entry_keep(struct bark_soap_envelope *e, struct bark_xml_event *ev, bool mandatory,
                                 const struct bark_soap_header_reader *reader, uint16_t root)
{
    struct bark_soap_entry *entry;
    enum bark_code code;
    for (entry = e->entries; entry && root != BARK_NONE; entry = entry->next)
        if (entry->root == root)
            return bark_xml_fail(&e->xml, BARK_ERR_UNEXPECTED, ev->offset,
                                 "[WSDL11 3.7] a header that the WSDL declares comes once");
    entry = bark_arena_alloc(e->xml.arena, 1, sizeof *entry);
    if (entry)
        *entry = (struct bark_soap_entry){
            .next = e->entries, .root = root, .mandatory = mandatory, .reader = reader, .name = ev->name
        };
    if (!entry || !slice_keep(e, &entry->name.uri) || !slice_keep(e, &entry->name.local))
        return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, ev->offset,
                             "the memory budget does not hold the headers");
    code = bark_soap_attributes_take(e, ev, true);
    if (!code && reader)
        code = reader->read(e, ev, &entry->value);
    else if (!code && e->decoder)
        code = entry_begin(e, ev, root, &entry->value);
    else if (!code)
        code = bark_decode_element(&e->xml, e->image, ev, bark_root_type(e->image, root), &entry->value);
    e->entries = entry;
    return code;
}

enum bark_code bark_soap_header_entry_read(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    struct entry_terms terms = { .ours = true };
    struct bark_xml_event start = *ev;
    if (ev->name.uri.len == 0)
        return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset,
                             "[SOAP12-1 5.2] a header entry has a namespace");
    enum bark_code code = terms_read(e, ev, &terms);
    if (code)
        return code;
    if (terms.ours) {
        const struct bark_soap_header_reader *reader = reader_find(e->layer, &ev->name);
        uint16_t root = reader ? BARK_NONE : declared_find(e, &ev->name);
        if (reader || root != BARK_NONE)
            return entry_keep(e, &start, terms.mandatory, reader, root);
        if (terms.mandatory)
            block_note(e, &ev->name);
    }
    e->skipping = e->xml.depth;
    return BARK_OK;
}

const struct bark_soap_entry *bark_soap_header_find(const struct bark_soap_envelope *e,
                                                    const struct bark_soap_header_reader *reader)
{
    const struct bark_soap_entry *found = NULL;
    for (const struct bark_soap_entry *entry = e->entries; entry; entry = entry->next)
        if (entry->reader == reader)
            found = entry; /* the list runs from the last to the first */
    return found;
}

/* ---- header structs ---- */

void *bark_soap_headers_new(struct bark_arena *arena, uint16_t count)
{
    /* count pointers and a uint32_t, rounded up to a pointer as C does */
    return bark_arena_alloc(arena, (size_t)count + (sizeof(uint32_t) + sizeof(void *) - 1) / sizeof(void *),
                            sizeof(void *));
}

static void *block_get(const void *headers, uint16_t i)
{
    void *value;
    memcpy(&value, (const uint8_t *)headers + i * sizeof value, sizeof value);
    return value;
}

static uint32_t must_understand_get(const void *headers, uint16_t count)
{
    uint32_t bits;
    memcpy(&bits, (const uint8_t *)headers + count * sizeof(void *), sizeof bits);
    return bits;
}

static void block_set(void *headers, uint16_t count, uint16_t i, const struct bark_soap_entry *entry)
{
    uint32_t bits = must_understand_get(headers, count) | (uint32_t)entry->mandatory << i;
    memcpy((uint8_t *)headers + i * sizeof entry->value, &entry->value, sizeof entry->value);
    memcpy((uint8_t *)headers + count * sizeof(void *), &bits, sizeof bits);
}

enum bark_code bark_soap_headers_settle(struct bark_soap_envelope *e, const uint16_t *roots, uint16_t count,
                                        void **headers)
{
    *headers = count ? bark_soap_headers_new(e->xml.arena, count) : NULL;
    if (count && !*headers)
        return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, 0, "the memory budget does not hold the headers");
    for (const struct bark_soap_entry *entry = e->entries; entry; entry = entry->next) {
        uint16_t i = 0;
        if (entry->reader)
            continue;
        while (i < count && roots[i] != entry->root)
            i++;
        if (i < count)
            block_set(*headers, count, i, entry);
        else if (entry->mandatory)
            block_note(e, &entry->name);
    }
    return bark_soap_headers_verdict(e, 0);
}

enum bark_code bark_soap_headers_verdict(struct bark_soap_envelope *e, size_t offset)
{
    if (e->not_understood == 0)
        return BARK_OK;
    e->fault = BARK_FAULT_MUST_UNDERSTAND;
    bark_xml_fail(&e->xml, BARK_ERR_SOAP, offset,
                  "[SOAP12-1 5.4.8] a mandatory header is not understood here");
    if (e->xml.err && e->block_count)
        bark_soap_name_report(e->xml.err, e->blocks[0].uri, e->blocks[0].local);
    return BARK_ERR_SOAP;
}

/* ---- writing ---- */

bool bark_soap_blocks_any(const struct bark_soap_blocks *b)
{
    for (uint16_t i = 0; b->headers && i < b->count; i++)
        if (block_get(b->headers, i))
            return true;
    return false;
}

static bool bytes_have(const uint8_t *bytes, size_t len, const char *word, size_t word_len)
{
    for (size_t i = 0; word_len <= len && i <= len - word_len; i++)
        if (memcmp(bytes + i, word, word_len) == 0)
            return true;
    return false;
}

/* Puts mustUnderstand="1" into the start tag that stands at `from`, under a prefix that the block itself does
 * not declare: SOAP's own prefix may mean something else in there. */
static void mandatory_mark(const struct bark_soap_dialect *d, size_t from, struct bark_out *out)
{
    enum { PREFIX_MAX = 40 };
    char declared[8 + PREFIX_MAX + 2] = " xmlns:e"; /* grows by one e at a time: " xmlns:ee=" */
    size_t len = 8, end = out->pos, at = from;
    const size_t block_len = out->pos - from;
    for (declared[len] = '=';
         len < 8 + PREFIX_MAX && bytes_have(out->base + from, block_len, declared, len + 1);) {
        declared[len++] = 'e';
        declared[len] = '=';
    }
    declared[len] = '\0';
    bark_out_text(out, declared);
    bark_out_text(out, "=\"");
    bark_out_text(out, d->ns);
    bark_out_text(out, "\" ");
    bark_out_text(out, declared + 7);
    bark_out_text(out, ":mustUnderstand=\"1\"");
    if (!bark_out_ok(out))
        return;
    while (at < end && out->base[at] != ' ' && out->base[at] != '>' && out->base[at] != '/')
        at++;
    /* Rotates what was written behind the block into its start tag, through a copy that fits by its size. */
    uint8_t mark[2 * PREFIX_MAX + 160];
    const size_t mark_len = out->pos - end;
    if (mark_len > sizeof mark) {
        out->failed = true;
        return;
    }
    memcpy(mark, out->base + end, mark_len);
    memmove(out->base + at + mark_len, out->base + at, end - at);
    memcpy(out->base + at, mark, mark_len);
}

enum bark_code bark_soap_block_write(const struct bark_soap_blocks *b, uint16_t root, const void *value,
                                     bool mandatory, struct bark_out *out, struct bark_error *err)
{
    const size_t from = out->pos;
    enum bark_code code = bark_encode(b->image, root, value, b->limits, b->arena, out, err);
    if (!code && mandatory && bark_out_ok(out))
        mandatory_mark(b->dialect, from, out);
    return code;
}

enum bark_code bark_soap_blocks_write(const struct bark_soap_blocks *b, struct bark_out *out,
                                      struct bark_error *err)
{
    const uint32_t bits = must_understand_get(b->headers, b->count);
    for (uint16_t i = 0; i < b->count; i++) {
        const void *value = block_get(b->headers, i);
        if (!value)
            continue;
        enum bark_code code = bark_soap_block_write(b, b->roots[i], value, bits >> i & 1, out, err);
        if (code)
            return code;
    }
    return BARK_OK;
}
