/* client/attach.c - what travels beside the envelope of a call and of its answer.
 */
#include "client/client.h"

#include "soap/dialect.h"
#include "soap/outgoing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* What was attached, in order; what is a source belongs to the parts from here on. */
static enum bark_code waiting_add(struct bark_client *c, struct bark_soap_parts *parts,
                                  struct bark_error *err)
{
    for (uint32_t i = 0; i < c->waiting_count; i++) {
        struct bark_client_part *one = &c->waiting[i];
        const bool is_source = one->is_source;
        struct bark_soap_part *part;
        one->is_source = false;
        part = is_source ? c->attachments->send(parts, one->content_type, &one->source)
                         : c->attachments->add(parts, one->name, one->content_type, one->content);
        if (!part)
            return bark_fail(err, BARK_ERR_MEMORY, 0, "no room for the attachments");
        if (is_source)
            part->content.ptr = (const uint8_t *)one->id; /* the mark that members have */
    }
    return BARK_OK;
}

static enum bark_code more_read(void *user, uint8_t *room, size_t cap, size_t *len)
{
    struct bark_client *c = user;
    return c->attachments->sending->read(c->outgoing, room, cap, len);
}

/* Sources outlive the arena, in an allocation of their own. */
static enum bark_code sources_take(struct bark_client *c, struct bark_soap_parts *parts,
                                   struct bark_error *err)
{
    const struct bark_soap_sending *sending = c->attachments->sending;
    const size_t bytes = parts->sources ? sending->bytes(parts) : 0;
    void *memory = bytes ? malloc(bytes) : NULL;
    if (bytes && !memory)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the sources of the request");
    if (memory) {
        c->outgoing = sending->init(memory, parts);
        c->more = (struct bark_exchange_more){ c->outgoing->length, more_read, c };
    }
    return BARK_OK;
}

/* Envelope and parts; the Content-Type of them all is put behind, *type bytes from the buffer's start. */
enum bark_code bark_client_parts_write(struct bark_client *c, uint16_t operation,
                                       enum bark_soap_version version, const void *headers, const void *in,
                                       struct bark_out *out, size_t *type, struct bark_error *err)
{
    const struct bark_joined action = bark_operation_action(c->image, operation);
    const bool xop = c->mtom || c->waiting_members;
    struct bark_soap_parts parts = { .streams = true,
                                     .dialect = bark_soap_dialect(version),
                                     .arena = &c->arena,
                                     .xop = xop,
                                     .octets_min = c->mtom_bytes,
                                     .left = c->limits.mime_parts - 1 };
    const struct bark_encode_options options = { .xop = xop ? &parts.writer : NULL };
    uint8_t seed[16] = { 0 };
    const char *content_type;
    enum bark_code code;
    /* Boundaries are looked for in every part that is in memory; a source has only their chance. */
    if (getrandom(seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed && c->waiting_count)
        return bark_fail(err, BARK_ERR_IO, 0, "the system has no random bytes yet");
    code = waiting_add(c, &parts, err);
    if (code == BARK_OK) {
        c->attachments->begin(&parts, seed, out);
        code = bark_soap_request_write_with(c->image, operation, version, &options, headers, in, &c->limits,
                                            &c->arena, out, err);
    }
    if (code == BARK_OK) {
        content_type = c->attachments->end(&parts, &action, out);
        *type = out->pos;
        if (content_type)
            bark_out_put(out, content_type, strlen(content_type) + 1);
        if (!content_type || !bark_out_ok(out))
            code = bark_fail(err, BARK_ERR_LIMIT, 0, "the request does not fit its buffer");
    }
    if (code == BARK_OK)
        code = sources_take(c, &parts, err);
    if (code != BARK_OK)
        c->attachments->sending->drop(&parts, code);
    return code;
}

void bark_client_sources_close(struct bark_client *c, enum bark_code verdict)
{
    if (c->outgoing) {
        c->attachments->sending->close(c->outgoing, verdict == BARK_OK ? BARK_ERR_IO : verdict);
        free(c->outgoing);
        c->outgoing = NULL;
    }
    for (uint32_t i = 0; i < c->waiting_count; i++) {
        struct bark_source *source = &c->waiting[i].source;
        if (c->waiting[i].is_source && source->close)
            source->close(source->state, verdict);
    }
    c->waiting_count = 0;
    c->waiting_members = false;
}

static struct bark_client_part *source_wait(struct bark_client *client, struct bark_text content_type,
                                            const struct bark_source *source)
{
    const char *id = bark_client_attach(client, content_type, (struct bark_bytes){ NULL, 0 });
    struct bark_client_part *part = id ? &client->waiting[client->waiting_count - 1] : NULL;
    if (!part && source->close)
        source->close(source->state, BARK_ERR_LIMIT);
    if (!part)
        return NULL;
    part->source = *source;
    part->is_source = true;
    return part;
}

const char *bark_client_attach_source(struct bark_client *client, struct bark_text content_type,
                                      const struct bark_source *source)
{
    const struct bark_client_part *part = source_wait(client, content_type, source);
    return part ? part->id : NULL;
}

struct bark_bytes bark_client_octets_source(struct bark_client *client, struct bark_text content_type,
                                            const struct bark_source *source)
{
    const struct bark_client_part *part = source_wait(client, content_type, source);
    if (!part)
        return (struct bark_bytes){ NULL, 0 };
    client->waiting_members = true;
    return (struct bark_bytes){ (const uint8_t *)part->id, 0 };
}

static struct bark_client_part *part_add(struct bark_client *client, struct bark_text content_type,
                                         struct bark_bytes content)
{
    struct bark_client_part *one;
    if (!client->attachments || client->waiting_count + 1 >= client->limits.mime_parts)
        return NULL;
    one = &client->waiting[client->waiting_count++];
    *one = (struct bark_client_part){ .content_type = content_type, .content = content };
    return one;
}

const char *bark_client_attach(struct bark_client *client, struct bark_text content_type,
                               struct bark_bytes content)
{
    struct bark_client_part *one = part_add(client, content_type, content);
    struct bark_out id;
    if (!one)
        return NULL;
    bark_out_init(&id, one->id, sizeof one->id);
    bark_out_u64(&id, client->waiting_count); /* as soap/attach_write.c counts */
    bark_out_put(&id, "@soapbark", sizeof "@soapbark");
    return one->id;
}

bool bark_client_attach_part(struct bark_client *client, const struct bark_part *part,
                             struct bark_text content_type, struct bark_bytes content)
{
    struct bark_client_part *one = part_add(client, content_type, content);
    if (!one)
        return false;
    one->content_type = client->attachments->type(part, content_type);
    one->name = part->name;
    return true;
}

const struct bark_attachment *bark_client_attachments(const struct bark_client *client, size_t *count)
{
    *count = client->package.count;
    return client->package.parts;
}
