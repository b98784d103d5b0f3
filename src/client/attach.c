/* client/attach.c - what travels beside the envelope of a call and of its answer.
 */
#include "client/client.h"

#include "soap/dialect.h"

#include <string.h>
#include <sys/random.h>

/* Envelope and parts; the Content-Type of them all is put behind, *type bytes from the buffer's start. */
enum bark_code bark_client_parts_write(struct bark_client *c, uint16_t operation,
                                       enum bark_soap_version version, const void *headers, const void *in,
                                       struct bark_out *out, size_t *type, struct bark_error *err)
{
    const struct bark_operation_row *row = &c->image->operations[operation];
    struct bark_soap_parts parts = { .dialect = bark_soap_dialect(version),
                                     .arena = &c->arena,
                                     .xop = c->mtom,
                                     .octets_min = c->mtom_bytes,
                                     .left = c->limits.mime_parts - 1 };
    const struct bark_encode_options options = { .xop = c->mtom ? &parts.writer : NULL };
    uint8_t seed[16] = { 0 };
    const char *content_type;
    enum bark_code code;
    (void)!getrandom(seed, sizeof seed, GRND_NONBLOCK); /* boundaries are looked for in every part anyway */
    for (uint32_t i = 0; i < c->waiting_count; i++)
        if (!c->attachments->add(&parts, c->waiting[i].name, c->waiting[i].content_type,
                                 c->waiting[i].content))
            return bark_fail(err, BARK_ERR_MEMORY, 0, "no room for the attachments");
    c->attachments->begin(&parts, seed, out);
    code = bark_soap_request_write_with(c->image, operation, version, &options, headers, in, &c->limits,
                                        &c->arena, out, err);
    if (code != BARK_OK)
        return code;
    content_type = c->attachments->end(
        &parts, (struct bark_slice){ c->image->pool + row->action, row->action_len }, out);
    if (!content_type)
        return bark_fail(err, BARK_ERR_LIMIT, 0, "the request does not fit its buffer");
    *type = out->pos;
    bark_out_put(out, content_type, strlen(content_type) + 1);
    return bark_out_ok(out) ? BARK_OK
                            : bark_fail(err, BARK_ERR_LIMIT, 0, "the request does not fit its buffer");
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
