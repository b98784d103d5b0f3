/* soap/header.c - header entries: which are for us, which must be understood, which are [SOAP11 4.2, SOAP12-1
 * 2.4, 5.2].
 *
 * No entry is understood by this layer itself. The layers of src/ws will hand in a table of the headers that
 * they read (name, reader); entry_understood() is the one place that looks there. Until then every mandatory
 * entry for us stops the message, and every other entry is checked for well-formedness and dropped.
 */
#include "soap/envelope.h"

#include "engine/engine.h"

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
    *flag = bark_soap_is(text, "1") || (d->boolean_words && bark_soap_is(text, "true"));
    return *flag || bark_soap_is(text, "0") || (d->boolean_words && bark_soap_is(text, "false"));
}

/* The roles of a service that answers itself: next, and the ultimate receiver, who is meant by an absent or
 * empty attribute too [SOAP11 4.2.2, SOAP12-1 2.2, 5.2.2]. */
static bool role_is_ours(const struct bark_soap_dialect *d, struct bark_slice role)
{
    return role.len == 0 || bark_soap_is(role, d->role_next) || bark_soap_is(role, d->role_ultimate);
}

static void block_note(struct bark_soap_envelope *e, const struct bark_xml_name *name)
{
    e->not_understood++;
    if (e->block_count < BARK_SOAP_BLOCKS && name->uri.len <= BARK_SOAP_BLOCK_BYTES &&
        name->local.len <= BARK_SOAP_BLOCK_BYTES)
        e->blocks[e->block_count++] = (struct bark_soap_block){ name->uri, name->local };
}

enum bark_code bark_soap_header_entry_read(struct bark_soap_envelope *e, const struct bark_xml_event *ev)
{
    bool mandatory = false, relay = false, ours = true;
    if (ev->name.uri.len == 0)
        return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset,
                             "[SOAP12-1 5.2] a header entry has a namespace");
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        struct bark_slice text;
        bool *flag = NULL;
        if (!bark_soap_is(a->name.uri, e->dialect->ns))
            continue;
        enum bark_code code = bark_xml_attribute_text(&e->xml, a, &text);
        if (code)
            return code;
        text = trimmed(text);
        if (bark_soap_is(a->name.local, e->dialect->role_attribute))
            ours = role_is_ours(e->dialect, text);
        else if (bark_soap_is(a->name.local, "mustUnderstand"))
            flag = &mandatory;
        else if (e->dialect->version == BARK_SOAP_12 && bark_soap_is(a->name.local, "relay"))
            flag = &relay; /* for intermediaries; here only its form matters */
        if (flag && !flag_read(e->dialect, text, flag))
            return bark_xml_fail(&e->xml, BARK_ERR_SOAP, ev->offset,
                                 "[SOAP12-1 5.2.3] mustUnderstand and relay are 0 or 1 (1.2: true, false)");
    }
    if (mandatory && ours)
        block_note(e, &ev->name);
    return bark_skip_element(&e->xml);
}
