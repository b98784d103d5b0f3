/* cli/canonical.c - soapbark canonical: the canonical form of a document or of one element of it.
 *
 * What a signature is made over, to be looked at and compared. Documents of one's own may hold processing
 * instructions and be in UTF-16; the canonical form is UTF-8 always.
 */
#include "cli.h"

#include "soapbark/canonical.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPTION_EXCLUSIVE,
    OPTION_INCLUSIVE_11,
    OPTION_SUITE,
    OPTION_COMMENTS,
    OPTION_PREFIXES,
    OPTION_ID,
    OPTION_OFFSET,
    OPTION_OMIT
};

static const struct cli_option options[] = {
    [OPTION_EXCLUSIVE] = { "exclusive", NULL, "only the namespaces that names use [EXCC14N]" },
    [OPTION_INCLUSIVE_11] = { "inclusive-11", NULL, "Canonical XML 1.1 instead of 1.0" },
    [OPTION_SUITE] = { "suite", NULL, "the first canonical form of the W3C conformance suite" },
    [OPTION_COMMENTS] = { "comments", NULL, "keep comments" },
    [OPTION_PREFIXES] = { "prefixes", "LIST", "with --exclusive: prefixes to treat as inclusive; #default" },
    [OPTION_ID] = { "id", "VALUE", "only the element with this wsu:Id, xml:id, Id, ID or id" },
    [OPTION_OFFSET] = { "offset", "N", "only the element whose '<' is byte N of the document, as UTF-8" },
    [OPTION_OMIT] = { "omit", "N", "without the element whose '<' is byte N" },
};

static const char text[] =
    "Writes to standard output, without a line feed at the end. An element alone gets the declarations "
    "around\n"
    "it that its method asks for, so that it is what a signature over it is made of.\n\n"
    "Examples:\n"
    "  soapbark canonical message.xml --exclusive\n"
    "  soapbark canonical message.xml --exclusive --id body-1 | sha256sum\n"
    "  soapbark canonical - --inclusive-11 --comments < document.xml\n";

enum { FILE_BYTES_MAX = 1024 * 1024 * 1024, PREFIXES_MAX = 64 };

static struct bark_slice slice_of(const char *s)
{
    return (struct bark_slice){ (const uint8_t *)s, strlen(s) };
}

/* What is asked for, but for the element. */
static bool method_read(const struct cli_args *args, struct bark_canonical *what)
{
    const bool exclusive = cli_setting(args, OPTION_EXCLUSIVE), suite = cli_setting(args, OPTION_SUITE);
    const bool inclusive_11 = cli_setting(args, OPTION_INCLUSIVE_11);
    if (exclusive + suite + inclusive_11 > 1) {
        cli_error("--exclusive, --inclusive-11 and --suite are three methods: give one");
        return false;
    }
    if (!exclusive && cli_setting(args, OPTION_PREFIXES)) {
        cli_error("--prefixes goes with --exclusive");
        return false;
    }
    if (cli_setting(args, OPTION_ID) && cli_setting(args, OPTION_OFFSET)) {
        cli_error("--id and --offset both name the element: give one");
        return false;
    }
    what->method = exclusive      ? BARK_CANONICAL_EXCLUSIVE
                   : suite        ? BARK_CANONICAL_SUITE
                   : inclusive_11 ? BARK_CANONICAL_INCLUSIVE_11
                                  : BARK_CANONICAL_INCLUSIVE;
    what->comments = cli_setting(args, OPTION_COMMENTS);
    what->instructions = true;
    return true;
}

/* The words of a list, into prefixes; false when there are too many. */
static bool prefixes_read(const char *list, struct bark_slice *prefixes, size_t *count)
{
    while (list && *(list += strspn(list, " ,"))) {
        const size_t len = strcspn(list, " ,");
        const bool is_default = len == 8 && strncmp(list, "#default", 8) == 0;
        if (*count == PREFIXES_MAX) {
            cli_error("more than %d prefixes", PREFIXES_MAX);
            return false;
        }
        prefixes[(*count)++] = (struct bark_slice){ (const uint8_t *)list, is_default ? 0 : len };
        list += len;
    }
    return true;
}

static bool offset_read(const char *value, size_t *offset)
{
    char *end;
    const unsigned long long n = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || n > SIZE_MAX / 2) {
        cli_error("'%s' is no byte offset", value);
        return false;
    }
    *offset = (size_t)n;
    return true;
}

/* Fills in the element that is asked for. */
static enum cli_status part_read(const struct cli_args *args, const char *path, struct bark_slice in,
                                 const struct bark_limits *limits, struct bark_arena *arena,
                                 struct bark_canonical *what)
{
    static const char wsu[] =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    const struct bark_canonical_id ids[] = {
        { slice_of(wsu), slice_of("Id") },
        { slice_of("http://www.w3.org/XML/1998/namespace"), slice_of("id") },
        { slice_of(""), slice_of("Id") },
        { slice_of(""), slice_of("ID") },
        { slice_of(""), slice_of("id") },
    };
    const char *id = cli_setting(args, OPTION_ID), *offset = cli_setting(args, OPTION_OFFSET);
    const char *omit = cli_setting(args, OPTION_OMIT);
    struct bark_error err = { 0 };
    what->part = id || offset;
    what->omits = omit;
    if ((offset && !offset_read(offset, &what->element)) || (omit && !offset_read(omit, &what->omitted)))
        return CLI_USAGE;
    if (id && bark_canonical_find(in, ids, sizeof ids / sizeof *ids, slice_of(id), limits, arena,
                                  &what->element, &err) != BARK_OK) {
        cli_report(args->format, path, in, &err);
        return CLI_NO;
    }
    return CLI_YES;
}

static enum cli_status document_write(const struct cli_args *args, const char *path, struct bark_slice in,
                                      struct bark_canonical *what)
{
    const struct bark_limits limits = cli_room_limits(in.len);
    struct cli_room room = { 0 };
    struct bark_error err = { 0 };
    struct bark_out out;
    enum cli_status status = CLI_TROUBLE;
    if (!cli_room_get(&room, &limits))
        return CLI_TROUBLE;
    cli_buffer_init(&out);
    status = part_read(args, path, in, &limits, &room.arena, what);
    if (status == CLI_YES && bark_canonical_write(in, what, &limits, &room.arena, &out, &err) != BARK_OK) {
        cli_report(args->format, path, in, &err);
        status = err.code == BARK_ERR_USE ? CLI_USAGE : err.code == BARK_ERR_MEMORY ? CLI_TROUBLE : CLI_NO;
    }
    if (status == CLI_YES && !cli_buffer_print(&out, false))
        status = CLI_TROUBLE;
    cli_buffer_free(&out);
    cli_room_free(&room);
    return status;
}

static enum cli_status run(const struct cli_args *args)
{
    struct bark_canonical what = { 0 };
    struct bark_slice prefixes[PREFIXES_MAX];
    enum cli_status status;
    size_t size;
    char *bytes;
    if (args->word_count != 1) {
        cli_error("soapbark canonical wants one FILE");
        return CLI_USAGE;
    }
    if (!method_read(args, &what) ||
        !prefixes_read(cli_setting(args, OPTION_PREFIXES), prefixes, &what.prefix_count))
        return CLI_USAGE;
    what.prefixes = prefixes;
    bytes = cli_document_read(args->words[0], FILE_BYTES_MAX, &size, &status);
    if (!bytes)
        return status;
    status = document_write(args, args->words[0], (struct bark_slice){ (const uint8_t *)bytes, size }, &what);
    free(bytes);
    return status;
}

const struct cli_verb cli_verb_canonical = {
    .name = "canonical",
    .words = "FILE",
    .summary = "write a document, or one element, in canonical form",
    .text = text,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
