/* load/path.c - where a location leads: relative paths, "..", percent escapes, and reading a file whole.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "load/node.h"

#include "base/digits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool soapc_path_is_url(const char *location)
{
    const char *colon = strstr(location, "://");
    if (!colon || colon == location || strncmp(location, "file://", 7) == 0)
        return strncmp(location, "urn:", 4) == 0;
    for (const char *p = location; p < colon; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '+' ||
              *p == '-' || *p == '.'))
            return false;
    return true;
}

/* Percent escapes and the other system's slashes, in place; a fragment names a part of the file and goes. */
static void location_clean(char *path)
{
    char *to = path;
    for (const char *p = path; *p && *p != '#'; p++) {
        const int high = *p == '%' ? bark_hex_value((uint8_t)p[1]) : -1;
        const int low = high >= 0 ? bark_hex_value((uint8_t)p[2]) : -1;
        if (low >= 0 && (high != 0 || low != 0)) {
            *to++ = (char)(high * 16 + low);
            p += 2;
        } else {
            *to++ = *p == '\\' ? '/' : *p;
        }
    }
    *to = '\0';
}

/* Works out "." and ".." in place, as text: the same file must get the same path, or it would be read twice.
 */
static void path_normalize(char *path)
{
    char *to = path, *floor = path; /* floor: before it nothing can be taken back */
    const char *p = path;
    if (*p == '/') {
        p++;
        floor = ++to;
    }
    while (*p) {
        size_t len = strcspn(p, "/");
        bool last = p[len] == '\0'; /* the slash written below may stand where the end was */
        if (len == 2 && p[0] == '.' && p[1] == '.') {
            if (to == floor) {
                memmove(to, "../", 3);
                to += 3;
                floor = to;
            } else {
                to--;
                while (to > floor && to[-1] != '/')
                    to--;
            }
        } else if (len > 0 && !(len == 1 && p[0] == '.')) {
            memmove(to, p, len);
            to += len;
            *to++ = '/';
        }
        if (last)
            break;
        p += len + 1;
    }
    if (to > path + 1 && to[-1] == '/')
        to--;
    *to = '\0';
}

char *soapc_path_join(const char *from, const char *location)
{
    if (strncmp(location, "file://", 7) == 0)
        location += 7;
    const char *slash = location[0] == '/' ? NULL : strrchr(from, '/');
    size_t head = slash ? (size_t)(slash - from) + 1 : 0, tail = strlen(location);
    char *path = malloc(head + tail + 4); /* normalising never makes a path longer, save for a lost slash */
    if (!path)
        return NULL;
    memcpy(path, from, head);
    memcpy(path + head, location, tail + 1);
    location_clean(path + head);
    path_normalize(path);
    return path;
}

bool soapc_file_read(void *context, const char *path, char **text, size_t *size)
{
    (void)context;
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0)
        return false;
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    size_t want = (size_t)st.st_size;
    char *mem = want < SIZE_MAX ? malloc(want + 1) : NULL;
    size_t got = mem ? fread(mem, 1, want, f) : 0;
    fclose(f);
    if (!mem || got != want) {
        free(mem);
        return false;
    }
    mem[got] = '\0';
    *text = mem;
    *size = got;
    return true;
}
