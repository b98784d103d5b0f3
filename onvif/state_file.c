/* onvif/state_file.c - the device's settings and users in a file of its state folder.
 *
 * Lines of words, in a fixed order; bytes other than printable ASCII are written %XX, so that a line ends
 * where it seems to. The last line says that the file is whole. What the maker sets (model, fixed scopes) is
 * not in it. A new state is written beside the old file, synced, and renamed over it: a power cut leaves one
 * or the other.
 *
 *     soapbark-device 1
 *     hostname soapbark
 *     dhcp 0
 *     zone UTC0
 *     summer 0
 *     clock 0
 *     scope onvif://www.onvif.org/location/hall       for each configurable one
 *     user 1 anna corr3ct-horse                       for each: level, name, password
 *     end
 */
#include "state_file.h"

#include "soapbark/crypto.h"
#include "soapbark/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each byte of a text may take three. */
enum {
    FILE_BYTES = 1024 + 3 * (2 * ONVIF_TEXT + ONVIF_SCOPES * (ONVIF_SCOPE_TEXT + 8) +
                             ONVIF_USERS * (ONVIF_USERNAME_MAX + ONVIF_PASSWORD_MAX + 16)),
    LEVELS = 3
};

static const char first_line[] = "soapbark-device 1";

/* ---- writing */

static void text_write(struct bark_out *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p > ' ' && *p < 0x7f && *p != '%') {
            bark_out_byte(out, *p);
        } else {
            bark_out_byte(out, '%');
            bark_out_byte(out, (uint8_t)digits[*p >> 4]);
            bark_out_byte(out, (uint8_t)digits[*p & 15]);
        }
    }
}

static void line_write(struct bark_out *out, const char *word, const char *text)
{
    bark_out_text(out, word);
    bark_out_byte(out, ' ');
    text_write(out, text);
    bark_out_byte(out, '\n');
}

static void state_write(struct bark_out *out, const struct onvif_state *s)
{
    char number[32];
    bark_out_text(out, first_line);
    bark_out_byte(out, '\n');
    line_write(out, "hostname", s->hostname);
    line_write(out, "dhcp", s->hostname_from_dhcp ? "1" : "0");
    line_write(out, "zone", s->time_zone);
    line_write(out, "summer", s->daylight_savings ? "1" : "0");
    snprintf(number, sizeof number, "%lld", (long long)s->clock_offset_s);
    line_write(out, "clock", number);
    for (size_t i = 0; i < s->scope_count; i++)
        if (!s->scopes[i].fixed)
            line_write(out, "scope", s->scopes[i].item);
    for (size_t i = 0; i < s->user_count; i++) {
        const struct onvif_user *user = &s->users[i];
        bark_out_text(out, "user ");
        bark_out_byte(out, (uint8_t)('0' + user->level));
        bark_out_byte(out, ' ');
        text_write(out, user->name);
        bark_out_byte(out, ' ');
        text_write(out, user->password);
        bark_out_byte(out, '\n');
    }
    bark_out_text(out, "end\n");
}

/* The folder too, or the rename may not outlive a power cut. */
static bool folder_sync(const char *path)
{
    char folder[ONVIF_STATE_PATH];
    const char *slash = strrchr(path, '/');
    const int len = slash ? (int)(slash - path) : 0;
    snprintf(folder, sizeof folder, "%.*s/", len, path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return fine;
}

static bool bytes_write(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool file_replace(const char *path, const uint8_t *bytes, size_t len)
{
    char beside[ONVIF_STATE_PATH + 8];
    snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    int fd = mkstemp(beside); /* mode 0600 */
    if (fd < 0)
        return false;
    bool fine = bytes_write(fd, bytes, len) && fsync(fd) == 0;
    fine = close(fd) == 0 && fine;
    fine = fine && rename(beside, path) == 0;
    if (!fine)
        (void)unlink(beside);
    return fine && folder_sync(path);
}

static bool version_read(const struct onvif_state_file *file, uint64_t version[3])
{
    struct stat about;
    if (stat(file->path, &about) != 0)
        return false;
    version[0] = about.st_ino;
    version[1] = (uint64_t)about.st_mtim.tv_sec;
    version[2] = (uint64_t)about.st_mtim.tv_nsec;
    return true;
}

static bool state_save(void *context, const struct onvif_state *next)
{
    struct onvif_state_file *file = context;
    uint8_t *room = malloc(FILE_BYTES);
    struct bark_out out;
    if (!room)
        return false;
    bark_out_init(&out, room, FILE_BYTES);
    state_write(&out, next);
    bool fine = bark_out_ok(&out) && file_replace(file->path, room, out.pos);
    bark_secret_wipe(room, FILE_BYTES);
    free(room);
    if (fine && !version_read(file, file->version))
        memset(file->version, 0, sizeof file->version); /* then it is read again */
    return fine;
}

/* The lock is the folder's, since the file is another one after each change. */
static bool shared_save(void *context, const struct onvif_state *next)
{
    struct onvif_state_file *file = context;
    char folder[ONVIF_STATE_PATH];
    uint64_t now[3] = { 0 };
    const char *slash = strrchr(file->path, '/');
    bool fine = false;
    snprintf(folder, sizeof folder, "%.*s/", slash ? (int)(slash - file->path) : 0, file->path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX) == 0) {
        (void)version_read(file, now);
        fine = memcmp(now, file->version, sizeof now) == 0 && state_save(context, next);
    }
    close(fd); /* and with it the lock */
    return fine;
}

/* ---- reading */

/* What is left of a file; words end at blanks and lines. */
struct lines {
    const char *at, *end;
};

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A word behind a blank, as text_write() wrote it, into a field of that size. */
static bool text_read(struct lines *in, char *field, size_t size)
{
    size_t n = 0;
    if (in->at == in->end || *in->at++ != ' ')
        return false;
    memset(field, 0, size);
    while (in->at<in->end && * in->at> ' ' && *in->at < 0x7f) {
        int byte = (unsigned char)*in->at++;
        if (byte == '%') {
            if (in->end - in->at < 2 || digit_of(in->at[0]) < 0 || digit_of(in->at[1]) < 0)
                return false;
            byte = digit_of(in->at[0]) << 4 | digit_of(in->at[1]);
            in->at += 2;
        }
        if (byte == 0 || n + 1 >= size)
            return false;
        field[n++] = (char)byte;
    }
    return true;
}

static bool word_take(struct lines *in, const char *word)
{
    const size_t len = strlen(word);
    if ((size_t)(in->end - in->at) <= len || memcmp(in->at, word, len) != 0 ||
        (in->at[len] != ' ' && in->at[len] != '\n'))
        return false;
    in->at += len;
    return true;
}

static bool line_end(struct lines *in)
{
    return in->at < in->end && *in->at++ == '\n';
}

static bool text_line(struct lines *in, const char *word, char *field, size_t size)
{
    return word_take(in, word) && text_read(in, field, size) && line_end(in);
}

static bool flag_line(struct lines *in, const char *word, bool *flag)
{
    char text[2];
    if (!text_line(in, word, text, sizeof text) || (text[0] != '0' && text[0] != '1'))
        return false;
    *flag = text[0] == '1';
    return true;
}

static bool number_line(struct lines *in, const char *word, int64_t *number)
{
    char text[24], *end;
    if (!text_line(in, word, text, sizeof text))
        return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

static bool user_read(struct lines *in, struct onvif_state *s)
{
    char level[2];
    if (s->user_count == ONVIF_USERS)
        return false;
    struct onvif_user *user = &s->users[s->user_count++];
    if (!text_read(in, level, sizeof level) || level[0] < '1' || level[0] > '0' + LEVELS ||
        !text_read(in, user->name, sizeof user->name) ||
        !text_read(in, user->password, sizeof user->password))
        return false;
    user->level = (uint8_t)(level[0] - '0');
    return line_end(in) && user->name[0] && user->password[0];
}

static bool state_read(struct lines in, struct onvif_state *s)
{
    char form[2];
    if (!text_line(&in, "soapbark-device", form, sizeof form) || form[0] != '1' ||
        !text_line(&in, "hostname", s->hostname, sizeof s->hostname) ||
        !flag_line(&in, "dhcp", &s->hostname_from_dhcp) ||
        !text_line(&in, "zone", s->time_zone, sizeof s->time_zone) ||
        !flag_line(&in, "summer", &s->daylight_savings) || !number_line(&in, "clock", &s->clock_offset_s))
        return false;
    while (word_take(&in, "scope")) {
        struct onvif_scope *scope = &s->scopes[s->scope_count];
        if (s->scope_count == ONVIF_SCOPES || !text_read(&in, scope->item, sizeof scope->item) ||
            !line_end(&in) || !scope->item[0])
            return false;
        scope->fixed = false;
        s->scope_count++;
    }
    while (word_take(&in, "user"))
        if (!user_read(&in, s))
            return false;
    return word_take(&in, "end") && line_end(&in) && in.at == in.end;
}

static const char *file_read(int fd, char *room, struct onvif_state *state)
{
    struct stat about;
    size_t len = 0;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || (about.st_mode & 077) != 0)
        return "device.state has passwords in it, and others may read it: its mode must be 0600";
    for (;;) {
        ssize_t n = read(fd, room + len, FILE_BYTES - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return "device.state cannot be read";
        if (n == 0)
            break;
        len += (size_t)n;
    }
    if (!state_read((struct lines){ room, room + len }, state))
        return "device.state is damaged: put a copy of it back, or remove it to set the device up again";
    return NULL;
}

/* The file into the state, when there is a whole one; what is wrong with it, else NULL. */
static const char *state_load(struct onvif_state_file *file, struct onvif_state *state)
{
    const char *wrong = NULL;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? NULL : "device.state cannot be opened";
    char *room = malloc(FILE_BYTES);
    wrong = room ? file_read(fd, room, state) : "no memory for device.state";
    if (room)
        bark_secret_wipe(room, FILE_BYTES);
    free(room);
    close(fd);
    return wrong;
}

/* A file that cannot be read leaves the state as it is, and is looked at again the next time. */
static void state_refresh(void *context, struct onvif_state *state)
{
    struct onvif_state_file *file = context;
    uint64_t now[3];
    if (!version_read(file, now) || memcmp(now, file->version, sizeof now) == 0)
        return;
    struct onvif_state next = *state;
    size_t fixed = 0;
    while (fixed < next.scope_count && next.scopes[fixed].fixed)
        fixed++;
    next.scope_count = fixed;
    bark_secret_wipe(next.users, sizeof next.users);
    next.user_count = 0;
    if (!state_load(file, &next)) {
        *state = next;
        memcpy(file->version, now, sizeof now);
    }
    bark_secret_wipe(&next, sizeof next);
}

void onvif_state_share(struct onvif_backend *backend)
{
    backend->save = shared_save;
    backend->refresh = state_refresh;
}

enum bark_code onvif_state_open(struct onvif_state_file *file, const char *folder,
                                struct onvif_backend *backend, struct bark_error *err)
{
    struct onvif_state state = backend->state;
    const char *wrong;
    *file = (struct onvif_state_file){ .path = "" };
    if ((size_t)snprintf(file->path, sizeof file->path, "%s/device.state", folder) >= sizeof file->path)
        return bark_fail(err, BARK_ERR_USE, 0, "the name of the state folder is too long");
    (void)version_read(file, file->version); /* before: a newer file is read again */
    wrong = state_load(file, &state);
    if (wrong)
        return bark_fail(err, BARK_ERR_USE, 0, wrong);
    backend->state = state;
    backend->save = state_save;
    backend->context = file;
    bark_secret_wipe(&state, sizeof state);
    return BARK_OK;
}
