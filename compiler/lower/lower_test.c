/* lower/lower_test.c - models made by hand: what becomes a group, a pointer, a shared row; and C names.
 */
#include "lower/model_kit.h"
#include "lower/plan.h"

#include "testkit.h"

static struct bark_arena arena;
static uint64_t memory[1 << 16];

static const struct {
    const char *prefix, *text, *want;
} name_cases[] = {
    { "tt", "User", "tt_User" },
    { "tt", "User-Level.x", "tt_User_Level_x" },
    { NULL, "class", "class_" },
    { NULL, "which", "which_" }, /* a choice has a member of that name */
    { "tt", "class", "tt_class" },
    { NULL, "_Bool", "_Bool_" },
    { NULL, "1st", "_1st" },
    { NULL, "", "_" },
    { NULL,
      "Gr\xc3\xb6\xc3\x9f"
      "e",
      "Gru00F6u00DFe" },
    { "p", "\xf0\x9f\x98\x80", "p_u1F600" },
    { "p", "+1 */", "p__1___" },
};

TEST(names_become_identifiers)
{
    bark_arena_init(&arena, memory, sizeof memory);
    for (size_t i = 0; i < sizeof name_cases / sizeof *name_cases; i++)
        CHECK_TEXT(soapc_cname(&arena, name_cases[i].prefix, name_cases[i].text), name_cases[i].want);
}

TEST(taken_names_get_numbers)
{
    static const char *const want[] = { "a", "a_2", "a_3", "a_2_2" };
    static const char *const asked[] = { "a", "a", "a", "a_2" };
    struct soapc_nameset set = { 0 };
    bark_arena_init(&arena, memory, sizeof memory);
    for (size_t i = 0; i < 4; i++)
        CHECK_TEXT(soapc_nameset_add(&set, &arena, asked[i]), want[i]);
    for (size_t i = 0; i < 1000; i++) { /* the table grows and forgets nothing */
        char name[32];
        snprintf(name, sizeof name, "n%zu", i);
        CHECK_TEXT(soapc_nameset_add(&set, &arena, bark_arena_text(&arena, name, strlen(name))), name);
    }
    CHECK_TEXT(soapc_nameset_add(&set, &arena, "n7"), "n7_2");
}

static const struct {
    const char *name;
    bool secret;
} secret_cases[] = {
    { "Password", true }, { "NewPassword", true },   { "PASSPHRASE", true }, { "clientSecret", true },
    { "PSK", true },      { "PasswordHint", false }, { "Passwor", false },   { "Username", false },
    { "", false },        { "PrivateKey", true },    { "Key", false },
};

TEST(secrets_are_known_by_name)
{
    for (size_t i = 0; i < sizeof secret_cases / sizeof *secret_cases; i++)
        CHECK_IN(secret_cases[i].name, soapc_name_is_secret(secret_cases[i].name) == secret_cases[i].secret);
}

/* ---- content */

static struct soapc_diag *diag;

static struct soapc_plan *plan_of(void)
{
    const struct soapc_lower_options options = { .operation_count = 0 };
    return soapc_lower(&kit, &options, diag);
}

static const struct soapc_ptype *type_named(const struct soapc_plan *plan, const char *c_name)
{
    for (size_t i = 0; i < plan->type_count; i++)
        if (plan->types[i]->c_name && strcmp(plan->types[i]->c_name, c_name) == 0)
            return plan->types[i];
    return NULL;
}

static const struct soapc_pfield *field_named(const struct soapc_plan *plan, const char *type,
                                              const char *member)
{
    const struct soapc_ptype *t = type_named(plan, type);
    for (size_t i = 0; t && i < t->field_count; i++)
        if (strcmp(t->fields[i].member, member) == 0)
            return &t->fields[i];
    testkit_fail(__FILE__, __LINE__, "no member %s.%s", type, member);
    return NULL;
}

enum { UNB = -1 };

/* (x{c,d}){a,b} as one field, or as a group around it. */
static const struct {
    const char *label;
    int a, b, c, d;
    int min, max; /* of the field x; min -1: a group stays */
} occurs_cases[] = {
    { "(x){1,1}", 1, 1, 1, 1, 1, 1 },
    { "(x{0,5}){1,1}", 1, 1, 0, 5, 0, 5 },
    { "(x){0,1}", 0, 1, 1, 1, 0, 1 },
    { "(x{1,3}){0,1}", 0, 1, 1, 3, 0, 3 },
    { "(x{2,3}){0,1}", 0, 1, 2, 3, -1, 0 }, /* 0, 2, 3: a gap */
    { "(x){2,5}", 2, 5, 1, 1, 2, 5 },
    { "(x{1,2}){2,10}", 2, 10, 1, 2, 2, 20 },
    { "(x{2,2}){2,3}", 2, 3, 2, 2, -1, 0 }, /* 4, 6 */
    { "(x{2,2}){3,3}", 3, 3, 2, 2, 6, 6 },
    { "(x{2,4}){1,3}", 1, 3, 2, 4, 2, 12 },
    { "(x{0,1}){0,unbounded}", 0, UNB, 0, 1, 0, UNB },
    { "(x{1,unbounded}){1,unbounded}", 1, UNB, 1, UNB, 1, UNB },
    { "(x{3,5}){0,unbounded}", 0, UNB, 3, 5, -1, 0 },
};

static uint32_t occurs(int n)
{
    return n == UNB ? SOAPC_UNBOUNDED : (uint32_t)n;
}

TEST(single_particles_melt_when_no_gap_opens)
{
    for (size_t i = 0; i < sizeof occurs_cases / sizeof *occurs_cases; i++) {
        struct soapc_particle *seq, *inner;
        kit_begin();
        diag = soapc_diag_new();
        struct soapc_type *t = kit_complex("T", SOAPC_PARTICLE_SEQUENCE, &seq);
        kit_member(seq, "first", kit_builtin(SOAPC_BUILTIN_INT), 1, 1);
        inner = kit_put(
            seq, kit_particle(SOAPC_PARTICLE_SEQUENCE, occurs(occurs_cases[i].a), occurs(occurs_cases[i].b)));
        kit_member(inner, "x", kit_builtin(SOAPC_BUILTIN_INT), occurs(occurs_cases[i].c),
                   occurs(occurs_cases[i].d));
        kit_element("T", t, true);
        struct soapc_plan *plan = plan_of();
        const struct soapc_ptype *lowered = plan ? type_named(plan, "k_T") : NULL;
        CHECK_IN(occurs_cases[i].label, lowered && lowered->field_count == 2);
        if (lowered) {
            const struct soapc_pfield *field = &lowered->fields[1];
            const bool group = occurs_cases[i].min < 0;
            CHECK_IN(occurs_cases[i].label, (field->kind == BARK_FIELD_GROUP) == group);
            CHECK_IN(occurs_cases[i].label, group || (field->min == occurs(occurs_cases[i].min) &&
                                                      field->max == occurs(occurs_cases[i].max)));
        }
        soapc_plan_free(plan);
        soapc_diag_free(diag);
    }
}

TEST(groups_know_what_opens_them)
{
    struct soapc_particle *seq, *choice, *inner;
    kit_begin();
    struct soapc_type *number = kit_builtin(SOAPC_BUILTIN_INT);
    diag = soapc_diag_new();
    struct soapc_type *t = kit_complex("T", SOAPC_PARTICLE_SEQUENCE, &seq);
    choice = kit_put(seq, kit_particle(SOAPC_PARTICLE_CHOICE, 1, 1));
    kit_member(choice, "a", number, 1, 1);
    inner = kit_put(choice, kit_particle(SOAPC_PARTICLE_SEQUENCE, 1, 1));
    kit_member(inner, "b", number, 0, 1);
    kit_member(inner, "c", number, 1, 1);
    kit_member(inner, "d", number, 1, 1); /* c is required: d opens nothing */
    inner = kit_put(choice, kit_particle(SOAPC_PARTICLE_CHOICE, 1, 1)); /* melts into the outer one */
    kit_member(inner, "e", number, 1, 1);
    kit_member(inner, "f", number, 0, 1); /* optional: the whole choice may be empty */
    kit_put(choice, kit_particle(SOAPC_PARTICLE_SEQUENCE, 1, 1)); /* empty: no field */
    kit_element("T", t, true);
    struct soapc_plan *plan = plan_of();
    const struct soapc_ptype *group = plan ? type_named(plan, "k_T_choice") : NULL;
    CHECK(group && group->model == BARK_MODEL_CHOICE && group->field_count == 4);
    CHECK(group && (group->flags & BARK_TYPE_NULLABLE));
    CHECK(group && group->first_count == 5); /* a b c e f */
    for (size_t i = 0; group && group->first_count == 5 && i < 5; i++)
        CHECK(group->firsts[i].local[0] == "abcef"[i]);
    const struct soapc_ptype *sequence = plan ? type_named(plan, "k_T_choice_sequence") : NULL;
    CHECK(sequence && !(sequence->flags & BARK_TYPE_NULLABLE) && sequence->row < group->row);
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

TEST(cycles_by_value_become_pointers)
{
    struct soapc_particle *a_seq, *b_seq, *c_seq;
    kit_begin();
    diag = soapc_diag_new();
    struct soapc_type *a = kit_complex("A", SOAPC_PARTICLE_SEQUENCE, &a_seq);
    struct soapc_type *b = kit_complex("B", SOAPC_PARTICLE_SEQUENCE, &b_seq);
    struct soapc_type *c = kit_complex("C", SOAPC_PARTICLE_SEQUENCE, &c_seq);
    kit_member(a_seq, "b", b, 1, 1);
    kit_member(a_seq, "c", c, 1, 1); /* not in the cycle: stays embedded */
    kit_member(b_seq, "a", a, 1, 1);
    kit_member(b_seq, "many", a, 0, SOAPC_UNBOUNDED); /* an array is no embedding */
    kit_member(c_seq, "n", kit_builtin(SOAPC_BUILTIN_INT), 1, 1);
    kit_element("A", a, true);
    struct soapc_plan *plan = plan_of();
    CHECK(plan != NULL);
    if (plan) {
        CHECK(field_named(plan, "k_A", "b")->bits & BARK_F_POINTER);
        CHECK(field_named(plan, "k_B", "a")->bits & BARK_F_POINTER);
        CHECK(!(field_named(plan, "k_A", "c")->bits & BARK_F_POINTER));
        CHECK(!(field_named(plan, "k_B", "many")->bits & BARK_F_POINTER));
        CHECK(type_named(plan, "k_C")->row < type_named(plan, "k_A")->row);
    }
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

static const struct {
    const char *label;
    enum soapc_builtin builtin;
    enum bark_facet_kind facets[2];
    const char *texts[2];
    uint64_t number;
    enum bark_kind want;
    bool plain;
} kind_cases[] = {
    { "int",
      SOAPC_BUILTIN_INT,
      { BARK_FACET_COUNT, BARK_FACET_COUNT },
      { "", "" },
      0,
      BARK_KIND_INT32,
      true },
    { "integer",
      SOAPC_BUILTIN_INTEGER,
      { BARK_FACET_COUNT, BARK_FACET_COUNT },
      { "", "" },
      0,
      BARK_KIND_INTEGER,
      true },
    { "bounded integer",
      SOAPC_BUILTIN_INTEGER,
      { BARK_FACET_MIN_INCLUSIVE, BARK_FACET_MAX_INCLUSIVE },
      { "0", "100" },
      0,
      BARK_KIND_INT64,
      false },
    { "integer beyond int64",
      SOAPC_BUILTIN_INTEGER,
      { BARK_FACET_MIN_INCLUSIVE, BARK_FACET_MAX_INCLUSIVE },
      { "0", "9223372036854775808" },
      0,
      BARK_KIND_INTEGER,
      false },
    { "integer of 18 digits",
      SOAPC_BUILTIN_INTEGER,
      { BARK_FACET_TOTAL_DIGITS, BARK_FACET_COUNT },
      { "18", "" },
      18,
      BARK_KIND_INT64,
      false },
    { "integer of 19 digits",
      SOAPC_BUILTIN_INTEGER,
      { BARK_FACET_TOTAL_DIGITS, BARK_FACET_COUNT },
      { "19", "" },
      19,
      BARK_KIND_INTEGER,
      false },
    { "collapsed string",
      SOAPC_BUILTIN_STRING,
      { BARK_FACET_WHITESPACE, BARK_FACET_COUNT },
      { "collapse", "" },
      2,
      BARK_KIND_TOKEN,
      true },
    { "enumerated string",
      SOAPC_BUILTIN_STRING,
      { BARK_FACET_ENUMERATION, BARK_FACET_COUNT },
      { "a", "" },
      0,
      BARK_KIND_ENUM,
      false },
    { "enumerated int",
      SOAPC_BUILTIN_INT,
      { BARK_FACET_ENUMERATION, BARK_FACET_COUNT },
      { "1", "" },
      0,
      BARK_KIND_INT32,
      false },
};

TEST(simple_types_choose_their_kind)
{
    for (size_t i = 0; i < sizeof kind_cases / sizeof *kind_cases; i++) {
        kit_begin();
        struct soapc_type *t = kit_type("V", false, kind_cases[i].builtin);
        for (size_t k = 0; k < 2; k++)
            if (kind_cases[i].facets[k] != BARK_FACET_COUNT)
                kit_facet(t, kind_cases[i].facets[k], kind_cases[i].texts[k], kind_cases[i].number);
        CHECK_IN(kind_cases[i].label, soapc_value_kind(t) == kind_cases[i].want);
        CHECK_IN(kind_cases[i].label, soapc_value_is_plain(t) == kind_cases[i].plain);
    }
}

TEST(limits_are_diagnostics_not_wraps)
{
    struct soapc_particle *seq;
    char name[16];
    kit_begin();
    diag = soapc_diag_new();
    struct soapc_type *t = kit_complex("Wide", SOAPC_PARTICLE_SEQUENCE, &seq);
    seq->items = kit_alloc(300 * sizeof(struct soapc_particle *));
    for (size_t i = 0; i < 300; i++) { /* 300 has_ bytes: one too many for a byte's number is 256 */
        snprintf(name, sizeof name, "m%zu", i);
        char *kept = kit_alloc(sizeof name);
        memcpy(kept, name, sizeof name);
        kit_member(seq, kept, kit_builtin(SOAPC_BUILTIN_BOOLEAN), 0, 1);
    }
    kit_element("Wide", t, true);
    CHECK(plan_of() == NULL);
    CHECK(diag->error_count == 1);
    soapc_diag_free(diag);

    kit_begin();
    diag = soapc_diag_new();
    t = kit_type("P", false, SOAPC_BUILTIN_STRING);
    kit_facet(t, BARK_FACET_PATTERN, "(a|b)*a(a|b){20}", 0);
    kit_element("P", t, true);
    CHECK(plan_of() == NULL);
    CHECK(diag->error_count == 1);
    soapc_diag_free(diag);
}

/* A table has no prefixes in scope. */
TEST(default_names_have_their_namespaces)
{
    struct soapc_particle *seq;
    kit_begin();
    diag = soapc_diag_new();
    struct soapc_type *t = kit_complex("T", SOAPC_PARTICLE_SEQUENCE, &seq);
    kit_member(seq, "q", kit_builtin(SOAPC_BUILTIN_QNAME), 0, 1);
    kit_element("T", t, true);
    struct soapc_plan *plan = plan_of();
    CHECK(plan != NULL);
    soapc_plan_free(plan);
    seq->items[0]->element->default_text = "k:a";
    seq->items[0]->element->value_names = "{urn:k}a";
    plan = plan_of();
    const struct soapc_ptype *type = type_named(plan, "k_T");
    CHECK(type != NULL && type->field_count == 1);
    if (type)
        CHECK_TEXT(type->fields[0].text, "{urn:k}a");
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

TEST(substitutes_heed_block_and_abstract)
{
    for (int blocked = 0; blocked < 2; blocked++) {
        struct soapc_particle *seq, *dummy;
        kit_begin();
        diag = soapc_diag_new();
        struct soapc_type *base = kit_complex("Base", SOAPC_PARTICLE_SEQUENCE, &dummy);
        struct soapc_type *derived = kit_complex("Derived", SOAPC_PARTICLE_SEQUENCE, &dummy);
        derived->base = base;
        derived->derivation = SOAPC_BY_EXTENSION;
        struct soapc_element *head = kit_element("Head", base, true), *none = kit_element("None", base, true);
        struct soapc_element *same = kit_element("Same", base, true),
                             *more = kit_element("More", derived, true);
        head->abstract = none->abstract = true;
        head->block = blocked ? SOAPC_BY_EXTENSION : 0;
        head->substitutes = kit_alloc(2 * sizeof(struct soapc_element *));
        head->substitutes[head->substitute_count++] = same;
        head->substitutes[head->substitute_count++] = more;
        struct soapc_type *t = kit_complex("T", SOAPC_PARTICLE_SEQUENCE, &seq);
        kit_use(seq, head, 1, 1);
        kit_use(seq, none, 0, 1); /* abstract, nothing stands in: no field */
        kit_element("T", t, true);
        struct soapc_plan *plan = plan_of();
        const struct soapc_ptype *lowered = plan ? type_named(plan, "k_T") : NULL;
        CHECK(lowered && lowered->field_count == 1);
        if (lowered) /* one that may come is an element, two are a choice */
            CHECK(lowered->fields[0].kind == (blocked ? BARK_FIELD_ELEMENT : BARK_FIELD_GROUP));
        soapc_plan_free(plan);
        soapc_diag_free(diag);
    }
}

TEST_MAIN(RUN(names_become_identifiers) RUN(taken_names_get_numbers) RUN(secrets_are_known_by_name)
              RUN(single_particles_melt_when_no_gap_opens) RUN(groups_know_what_opens_them)
                  RUN(cycles_by_value_become_pointers) RUN(simple_types_choose_their_kind)
                      RUN(limits_are_diagnostics_not_wraps) RUN(default_names_have_their_namespaces)
                          RUN(substitutes_heed_block_and_abstract))
