/* compare/compare.h - two versions of a service or schema: what differs, and whom it breaks.
 *
 * Both are lowered, and the plans compared: their fields are what the engine accepts, and what C code sees.
 * Every difference is said to widen what is accepted (the new version takes more), to narrow it, or both. Who
 * is broken then follows from the direction of the message and from the side that moves to the new version:
 *
 *     the service moves   requests must not narrow (old clients write them), answers must not widen (old
 * clients read) the client moves    the other way round
 */
#ifndef SOAPC_COMPARE_H
#define SOAPC_COMPARE_H

#include "lower/plan.h"
#include "soapbark/out.h"

enum soapc_effect {
    SOAPC_EFFECT_NONE = 0,
    SOAPC_WIDENS = 1,
    SOAPC_NARROWS = 2,
    SOAPC_WIDENS_AND_NARROWS = 3
};
enum soapc_direction { SOAPC_REQUEST = 1, SOAPC_REPLY = 2 }; /* bits */
enum soapc_class { SOAPC_COMPATIBLE, SOAPC_SOURCE_BREAKING, SOAPC_WIRE_BREAKING };

struct soapc_change {
    enum soapc_class class_of;
    uint8_t directions; /* SOAPC_REQUEST | SOAPC_REPLY; those that break, when it is wire-breaking */
    const char *component, *text;
    struct soapc_place before, after; /* in the sources of their version; SOAPC_NOWHERE: not there */
};

struct soapc_comparison {
    struct soapc_plan *before, *after;
    const char *const *operations; /* only these; none: all */
    size_t operation_count;
    bool client_moves;
    struct soapc_change *changes; /* in the order of the new version's operations and types */
    size_t change_count, change_cap;
    struct soapc_pair *pairs; /* types that stand for each other */
    size_t pair_count, pair_cap;
    size_t *slots, slot_cap; /* hash of a pair -> its number + 1 */
};

/* Fills c->changes; memory is that of c->after. False when it is used up. */
BARK_MUST_CHECK bool soapc_compare(struct soapc_comparison *c);
/* The worst class of all changes. */
enum soapc_class soapc_comparison_worst(const struct soapc_comparison *c);
/* A line for each change; or a JSON array. */
void soapc_comparison_print(const struct soapc_comparison *c, struct bark_out *out);
void soapc_comparison_json(const struct soapc_comparison *c, struct bark_out *out);

/* ---- what the files of this folder share ---- */

/* A type of the old version and the one of the new that stands in its place. */
struct soapc_pair {
    const struct soapc_ptype *before, *after;
    const char *label; /* of the component, for people */
    struct soapc_place was, is; /* where a difference is shown */
    uint8_t directions; /* in which messages go */
};

/* Notes that two types stand for each other. Structs and enumerations are compared once, later, in all
 * directions that they turn out to travel; simple types (which share rows) at once, when report is set. */
void soapc_pair_add(struct soapc_comparison *c, const struct soapc_pair *pair, bool report);
/* A difference; source: C code that uses the old names may not compile. */
void soapc_change_add(struct soapc_comparison *c, uint8_t directions, enum soapc_effect effect, bool source,
                      const char *component, struct soapc_place before, struct soapc_place after,
                      const char *text);

/* fields.c: the members of two structs or groups. Without report only their types are paired. */
void soapc_fields_compare(struct soapc_comparison *c, const struct soapc_pair *pair, bool report);
/* values.c: two simple types, or a simple and a complex one. */
void soapc_values_compare(struct soapc_comparison *c, const struct soapc_pair *pair);

#endif
