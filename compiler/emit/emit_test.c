/* emit/emit_test.c - models made by hand, through to bytes: the image opens, the C compiles without a warning
 * under two compilers and as C++, and both say the same to the byte.
 */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "emit/bill.h"
#include "emit/c.h"
#include "emit/image.h"
#include "lower/model_kit.h"

#include <stdio.h>
#include <stdlib.h>

#include "testkit.h"

static char folder[] = "/tmp/soapbark-emit-XXXXXX"; /* made when the first test begins */

/* A service with everything that the mapping knows. */
static void model_rich(void)
{
    struct soapc_particle *seq, *inner, *choice;
    kit_begin();
    struct soapc_type *string = kit_builtin(SOAPC_BUILTIN_STRING), *integer = kit_builtin(SOAPC_BUILTIN_INT);
    struct soapc_type *level = kit_type("User-Level", false, SOAPC_BUILTIN_STRING);
    kit_facet(level, BARK_FACET_ENUMERATION, "Administrator", 0);
    kit_facet(level, BARK_FACET_ENUMERATION, "", 0);
    kit_facet(level, BARK_FACET_ENUMERATION, "+1", 0);
    kit_facet(level, BARK_FACET_ENUMERATION, "-1", 0);
    struct soapc_type *key = kit_type("Key", false, SOAPC_BUILTIN_STRING);
    kit_facet(key, BARK_FACET_PATTERN, "[ -~]{8,63}", 0);
    kit_facet(key, BARK_FACET_MAX_LENGTH, "63", 63);
    struct soapc_type *same = kit_type("KeyToo", false, SOAPC_BUILTIN_STRING);
    kit_facet(same, BARK_FACET_PATTERN, "[ -~]{8,63}", 0);
    kit_facet(same, BARK_FACET_MAX_LENGTH, "63", 63);
    struct soapc_type *percent = kit_type("Percent", false, SOAPC_BUILTIN_INTEGER);
    kit_facet(percent, BARK_FACET_MIN_INCLUSIVE, "0", 0);
    kit_facet(percent, BARK_FACET_MAX_INCLUSIVE, "100", 0);
    struct soapc_type *list = kit_type("Numbers", false, SOAPC_BUILTIN_ANY_SIMPLE_TYPE);
    list->variety = SOAPC_LIST;
    list->item = percent;
    struct soapc_type *both = kit_type("Either", false, SOAPC_BUILTIN_ANY_SIMPLE_TYPE);
    both->variety = SOAPC_UNION;
    both->members = kit_alloc(2 * sizeof(struct soapc_type *));
    both->members[both->member_count++] = percent;
    both->members[both->member_count++] = level;
    struct soapc_type *user = kit_complex("User", SOAPC_PARTICLE_SEQUENCE, &seq);
    kit_attribute(user, "Name", string, false, "nobody");
    kit_attribute(user, "count", integer, true, NULL);
    kit_attribute(user, "flag", kit_builtin(SOAPC_BUILTIN_BOOLEAN), false, NULL);
    kit_member(seq, "Name", string, 1, 1);
    kit_member(seq, "Password", key, 0, 1);
    kit_member(seq, "Other", same, 0, 3)->element->nillable = true;
    kit_member(seq, "Level", level, 1, 1);
    kit_member(seq, "class", integer, 0, 1)->element->nillable = true;
    kit_member(seq, "Numbers", list, 0, 1);
    kit_member(seq, "Either", both, 0, 1);
    kit_member(seq, "Parent", user, 1, 1); /* contains itself by value: becomes a pointer */
    kit_member(seq, "Friends", user, 0, SOAPC_UNBOUNDED);
    kit_any(seq, 0, SOAPC_UNBOUNDED);
    choice = kit_put(seq, kit_particle(SOAPC_PARTICLE_CHOICE, 0, SOAPC_UNBOUNDED));
    kit_member(choice, "A", integer, 1, 1)->element->nillable = true;
    kit_member(choice, "B", string, 1, SOAPC_UNBOUNDED);
    inner = kit_put(choice, kit_particle(SOAPC_PARTICLE_SEQUENCE, 1, 1));
    kit_member(inner, "C", integer, 0, 1);
    kit_member(inner, "D", user, 1, 1);
    struct soapc_type *text = kit_type("Text", true, SOAPC_BUILTIN_STRING);
    text->content = SOAPC_CONTENT_SIMPLE;
    text->value = key;
    kit_attribute(text, "lang", kit_builtin(SOAPC_BUILTIN_LANGUAGE), false, NULL);
    struct soapc_type *all = kit_complex("All", SOAPC_PARTICLE_ALL, &seq);
    kit_member(seq, "When", kit_builtin(SOAPC_BUILTIN_DATE_TIME), 0, 1);
    kit_member(seq, "Text", text, 1, 1);
    kit_member(seq, "Anything", kit_builtin(SOAPC_BUILTIN_ANY_TYPE), 0, 1);
    struct soapc_type *answer = kit_complex("Answer", SOAPC_PARTICLE_CHOICE, &seq);
    kit_member(seq, "Good", all, 1, 1);
    kit_member(seq, "Bad", user, 1, 1);
    struct soapc_type *empty = kit_type("Empty", true, SOAPC_BUILTIN_ANY_TYPE);
    struct soapc_binding *b = kit_service("Port");
    kit_operation(b, "Put", kit_element("Put", user, true), kit_element("PutResponse", answer, true));
    kit_operation(b, "Get", kit_element("Get", empty, true), kit_element("GetResponse", all, true));
    kit_operation(b, "delete", kit_element("Delete", string, true), NULL);
}

static void model_substitution(void)
{
    struct soapc_particle *seq;
    kit_begin();
    struct soapc_type *string = kit_builtin(SOAPC_BUILTIN_STRING);
    struct soapc_element *head = kit_element("Shape", string, true);
    struct soapc_element *circle = kit_element("Circle", string, true);
    head->abstract = true;
    head->substitutes = kit_alloc(2 * sizeof(struct soapc_element *));
    head->substitutes[head->substitute_count++] = circle;
    head->substitutes[head->substitute_count++] = kit_element("Square", string, true);
    struct soapc_type *drawing = kit_complex("Drawing", SOAPC_PARTICLE_SEQUENCE, &seq);
    kit_use(seq, head, 1, SOAPC_UNBOUNDED);
    kit_element("Drawing", drawing, true);
}

static void model_tiny(void)
{
    kit_begin();
    kit_element("Only", kit_builtin(SOAPC_BUILTIN_INT), true);
}

static const struct {
    const char *name;
    void (*make)(void);
} models[] = { { "rich", model_rich }, { "substitution", model_substitution }, { "tiny", model_tiny } };
enum { MODEL_COUNT = sizeof models / sizeof *models };

static struct soapc_plan *plan_of(struct soapc_diag *diag, const struct soapc_lower_options *options)
{
    struct soapc_plan *plan = soapc_lower(&kit, options, diag);
    if (diag->error_count) {
        static uint8_t bytes[1 << 16];
        struct bark_out out;
        bark_out_init(&out, bytes, sizeof bytes);
        soapc_diag_print(diag, &out);
        testkit_fail(__FILE__, __LINE__, "%.*s", (int)out.pos, (const char *)bytes);
    }
    return plan;
}

static bool text_save(const char *name, const char *suffix, const struct soapc_text *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *to = fopen(path, "wb");
    bool good = to && fwrite(text->bytes, 1, text->len, to) == text->len;
    return to && fclose(to) == 0 && good;
}

/* Runs a command in the folder, where $N is the generated file's name; its output goes to a log. */
static bool run(const char *name, const char *command)
{
    char full[1200];
    snprintf(full, sizeof full, "cd %s && N=%s && ( %s ) >$N.log 2>&1", folder, name, command);
    return system(full) == 0;
}

static bool c_save(const struct soapc_plan *plan, const char *name)
{
    const struct soapc_c_options options = { name, "soapbark compile test.wsdl", false, true };
    struct soapc_text header = { 0 }, source = { 0 }, again = { 0 }, dump = { 0 };
    soapc_emit_header(plan, &options, &header);
    soapc_emit_source(plan, &options, &source);
    soapc_emit_source(plan, &options, &again);
    CHECK_IN(name, source.len == again.len && memcmp(source.bytes, again.bytes, source.len) == 0);
    soapc_text_printf(
        &dump,
        "#include \"%s.h\"\n#include \"soapbark/client.h\"\n#include <stdio.h>\n"
        "enum bark_code bark_call_not_implemented(struct bark_call *c) { (void)c; return BARK_OK; }\n"
        "enum bark_code bark_client_call(struct bark_client *c, uint16_t o, const void *i, void **m,\n"
        "    struct bark_error *e) { (void)c; (void)o; (void)i; (void)m; (void)e; return BARK_OK; }\n"
        "int main(void)\n{\n    struct bark_slice s = %s_tables();\n"
        "    return fwrite(s.ptr, 1, s.len, stdout) != s.len;\n}\n",
        name, name);
    bool good =
        text_save(name, ".h", &header) && text_save(name, ".c", &source) && text_save(name, "_dump.c", &dump);
    soapc_text_free(&header);
    soapc_text_free(&source);
    soapc_text_free(&again);
    soapc_text_free(&dump);
    return good;
}

#define WARNINGS " -Wall -Wextra -Wconversion -Wshadow -Werror -I" SOAPBARK_SOURCE_DIR "/include "

static void c_check(const char *name, const struct soapc_image *image)
{
    char path[256];
    static uint8_t bytes[1 << 20];
    CHECK_IN(name, run(name, "gcc -std=c11 -pedantic" WARNINGS
                             "$N.c ${N}_dump.c -o $N.bin && ./$N.bin > out.image"));
    snprintf(path, sizeof path, "%s/out.image", folder);
    FILE *in = fopen(path, "rb");
    size_t size = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    if (in)
        fclose(in);
    CHECK_IN(name, size == image->bytes.len);
    CHECK_IN(name, size && memcmp(bytes, image->bytes.ptr, size) == 0);
    CHECK_IN(name,
             run(name, "echo '#include \"'$N'.h\"' >$N.cc && g++ -std=c++17" WARNINGS "-c $N.cc -o $N.o"));
    if (run(name, "clang --version || clang-14 --version"))
        CHECK_IN(name, run(name, "$(command -v clang || echo clang-14) -std=c11" WARNINGS "-c $N.c -o $N.o"));
}

TEST(images_open_and_generated_c_is_the_same)
{
    CHECK(mkdtemp(folder) != NULL);
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        struct soapc_diag *diag = soapc_diag_new();
        const struct soapc_lower_options options = { .operation_count = 0 };
        struct soapc_image image;
        struct bark_image opened;
        struct bark_error err = { 0 };
        models[i].make();
        struct soapc_plan *plan = plan_of(diag, &options);
        CHECK_IN(models[i].name, plan != NULL);
        if (plan && soapc_image_of_plan(plan, &image)) {
            if (bark_image_open(&opened, image.bytes, &err) != BARK_OK)
                testkit_fail(__FILE__, __LINE__, "%s: %s at %llu", models[i].name, err.rule,
                             (unsigned long long)err.offset);
            CHECK_IN(models[i].name, c_save(plan, models[i].name));
            c_check(models[i].name, &image);
            soapc_image_free(&image);
        }
        soapc_plan_free(plan);
        soapc_diag_free(diag);
    }
    if (!testkit.failed_checks) /* else the files tell what went wrong */
        CHECK(run("x", "rm -r \"$PWD\""));
}

/* Every byte of the image stands on exactly one line of the bill. */
TEST(bills_add_up)
{
    struct soapc_diag *diag = soapc_diag_new();
    const struct soapc_lower_options options = { .operation_count = 0 };
    struct soapc_bill bill;
    model_rich();
    struct soapc_plan *plan = plan_of(diag, &options);
    CHECK(plan && soapc_bill_make(plan, &bill));
    size_t sum = bill.shared + bill.common;
    for (size_t i = 0; i < plan->operation_count; i++) {
        CHECK(bill.operations[i].exclusive <= bill.operations[i].bytes);
        sum += bill.operations[i].exclusive;
    }
    CHECK(sum == bill.total);
    CHECK(bill.common < 2000); /* the head and what little else no message needs */
    soapc_bill_free(&bill);
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

TEST(slices_keep_names_and_drop_the_rest)
{
    static const char *const wanted[] = { "Get" }, *const wrong[] = { "Gett" };
    struct soapc_diag *diag = soapc_diag_new();
    const struct soapc_lower_options all = { .operation_count = 0 },
                                     slice = { .operations = wanted, .operation_count = 1 };
    const struct soapc_lower_options unknown = { .operations = wrong, .operation_count = 1 };
    model_rich();
    struct soapc_plan *whole = plan_of(diag, &all), *part = plan_of(diag, &slice);
    CHECK(whole && part && part->operation_count == 1 && part->type_count < whole->type_count);
    for (size_t i = 0; part && i < part->type_count; i++) {
        bool found = false;
        for (size_t k = 0; k < whole->type_count; k++)
            found |= whole->types[k]->c_name && part->types[i]->c_name &&
                     strcmp(whole->types[k]->c_name, part->types[i]->c_name) == 0 &&
                     whole->types[k]->size == part->types[i]->size;
        CHECK_IN(part->types[i]->c_name ? part->types[i]->c_name : "", found || !part->types[i]->c_name);
    }
    CHECK(soapc_lower(&kit, &unknown, diag) == NULL);
    CHECK(diag->error_count == 1);
    soapc_plan_free(whole);
    soapc_plan_free(part);
    soapc_diag_free(diag);
}

TEST(arena_bounds_follow_the_schema)
{
    struct soapc_diag *diag = soapc_diag_new();
    const struct soapc_lower_options options = { .operation_count = 0 };
    struct soapc_particle *seq;
    const char *why;
    kit_begin();
    struct soapc_type *name = kit_type("Name", false, SOAPC_BUILTIN_STRING);
    kit_facet(name, BARK_FACET_MAX_LENGTH, "3", 3);
    struct soapc_type *bounded = kit_complex("Bounded", SOAPC_PARTICLE_SEQUENCE, &seq);
    kit_member(seq, "Id", name, 0, 2); /* 2 * (16 + round(3 * 4 + 1)) + the array's own 24 */
    kit_element("Bounded", bounded, true);
    struct soapc_type *open = kit_complex("Open", SOAPC_PARTICLE_SEQUENCE, &seq);
    kit_member(seq, "In", bounded, 1, 1);
    kit_member(seq, "Text", kit_builtin(SOAPC_BUILTIN_STRING), 0, 1);
    kit_element("Open", open, true);
    struct soapc_plan *plan = plan_of(diag, &options);
    CHECK(plan && soapc_arena_bound(plan, 0, &why) == 24 + 2 * (16 + 16) && why == NULL);
    CHECK(plan && soapc_arena_bound(plan, 1, &why) == UINT64_MAX);
    CHECK_TEXT(why ? why : "", "Text");
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

TEST_MAIN(RUN(images_open_and_generated_c_is_the_same) RUN(bills_add_up)
              RUN(slices_keep_names_and_drop_the_rest) RUN(arena_bounds_follow_the_schema))
