/* fuzz/replay.c - feeds the seeds of a fuzz target to it, for compilers without libFuzzer and for `make
 * test`.
 *
 *   replay FOLDER       every file of the folder, one line of verdict
 */
#include "testkit.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEED_BYTES_MAX = 1024 * 1024 };

static bool file_feed(const char *folder, const char *name)
{
    char path[1024];
    uint8_t *seed = malloc(SEED_BYTES_MAX), *exact;
    FILE *file;
    size_t size;
    if (!seed || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    file = fopen(path, "rb");
    if (!file) {
        free(seed);
        return false;
    }
    size = fread(seed, 1, SEED_BYTES_MAX, file);
    fclose(file);
    exact = realloc(seed, size ? size : 1); /* so that a sanitizer sees one byte too far */
    if (exact)
        LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return exact != NULL;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : SEEDS;
    struct dirent *entry;
    DIR *listing = opendir(folder);
    unsigned fed = 0, lost = 0;
    for (entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing)) {
        if (entry->d_name[0] == '.')
            continue;
        if (file_feed(folder, entry->d_name))
            fed++;
        else
            lost++;
    }
    if (listing)
        closedir(listing);
    testkit.name = TARGET "_seeds";
    if (fed == 0 || lost > 0)
        testkit_fail(__FILE__, __LINE__, "%s: %u seeds fed, %u unreadable", folder, fed, lost);
    testkit_end();
    return testkit.failed_cases ? 1 : 0;
}
