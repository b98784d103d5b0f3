/* load/doctype.h - the document type declaration of a schema document, made superfluous.
 *
 * A message must not have one, and the engine refuses it at its first bytes [R5]. Schema documents that were
 * published long ago do: those of XML Signature, of xml:lang, of XML Schema itself. So the compiler, and
 * nothing that a device runs, turns such a document into one that says the same without it
 * (docs/decisions/0012).
 *
 * Taken: entities whose text is in the declaration and has no markup, and values of attributes that are not
 * given. Passed over: what elements may hold, notations, parameter entities, and the DTD that is named, which
 * is never read. [XML1 5.1] allows that to a processor that does not validate.
 */
#ifndef SOAPC_LOAD_DOCTYPE_H
#define SOAPC_LOAD_DOCTYPE_H

#include "diag.h"

enum {
    SOAPC_DECLARED_MAX = 1000, /* entities of a document, and values for absent attributes */
    SOAPC_ENTITY_DEPTH = 16, /* entities within entities */
    SOAPC_ENTITY_REFERENCES = 100000, /* references in all, those within entities too */
    SOAPC_ENTITY_GROWTH = 1 << 20, /* bytes that a document may grow by */
    SOAPC_DEFAULT_WORK = 1 << 26 /* defaults compared and bytes of tags looked at for them */
};

struct soapc_entity {
    struct bark_slice name;
    char *text; /* with character references replaced [XML1 4.5]; NULL: not in the declaration */
    size_t len;
    bool open; /* being written */
};

/* The value of an attribute that is absent: the literal, references and all, its quote before and behind. */
struct soapc_default {
    struct bark_slice element, attribute, value;
};

struct soapc_doctype {
    struct soapc_diag *diag;
    uint32_t file;
    const char *text; /* the source */
    size_t size, at;
    bool elsewhere; /* declarations may stand where we do not look: in a DTD or a parameter entity */
    bool blind; /* behind a parameter entity: what follows is passed over [XML1 5.1] */
    size_t references, work;
    size_t entity_count, default_count;
    struct soapc_entity entities[SOAPC_DECLARED_MAX];
    struct soapc_default defaults[SOAPC_DECLARED_MAX];
};

/* Replaces the text of a source that has a document type declaration. Lines stay where they are. False after
 * an error, which stands in diag; the text is the old one then. */
bool soapc_doctype_take(struct soapc_diag *diag, uint32_t file);

/* doctype_read.c: reads the declaration at d->at, "<!DOCTYPE", and leaves d->at behind it. */
bool soapc_doctype_read(struct soapc_doctype *d);

/* True when `mark` stands at d->at, which is behind it then. */
bool soapc_doctype_at(struct soapc_doctype *d, const char *mark);

#endif
