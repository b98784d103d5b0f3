/* onvif/access_test.c - who may call which operation, before and after the first user; the users as a store;
 * the state on disk, whole, cut at every byte and damaged.
 */
#include "handlers/handlers.h"
#include "state_file.h"
#include "user_store.h"

#include "testkit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct onvif_backend backend;
static struct bark_service service;
static struct bark_image image;

static void device_make(void)
{
    struct bark_error err = { 0 };
    onvif_backend_init(&backend);
    CHECK(onvif_device_service(&service, &image, &backend, &err) == BARK_OK);
}

static void user_add(const char *name, const char *password, enum tt_UserLevel level)
{
    struct onvif_user *user = &backend.state.users[backend.state.user_count++];
    CHECK(onvif_text_set(user->name, sizeof user->name, bark_text(name)));
    CHECK(onvif_text_set(user->password, sizeof user->password, bark_text(password)));
    user->level = (uint8_t)level;
}

static uint8_t class_now(uint16_t operation)
{
    const uint8_t access = operation < service.access_count ? service.access[operation] : 0;
    return service.access_now(&service, operation, access);
}

/* Some of each class, as ONVIF-CORE has them under "access class"; the last has left the specification. */
static const struct {
    uint16_t operation;
    uint8_t access;
} some[] = {
    { tds_Device_op_GetSystemDateAndTime, BARK_ACCESS_PRE_AUTH },
    { tds_Device_op_GetServices, BARK_ACCESS_PRE_AUTH },
    { tds_Device_op_GetCapabilities, BARK_ACCESS_PRE_AUTH },
    { tds_Device_op_GetHostname, BARK_ACCESS_PRE_AUTH },
    { tds_Device_op_GetEndpointReference, BARK_ACCESS_PRE_AUTH },
    { tds_Device_op_GetDeviceInformation, BARK_ACCESS_READ_SYSTEM },
    { tds_Device_op_GetScopes, BARK_ACCESS_READ_SYSTEM },
    { tds_Device_op_GetUsers, BARK_ACCESS_READ_SYSTEM_SECRET },
    { tds_Device_op_GetSystemBackup, BARK_ACCESS_READ_SYSTEM_SECRET },
    { tds_Device_op_CreateUsers, BARK_ACCESS_WRITE_SYSTEM },
    { tds_Device_op_SetSystemDateAndTime, BARK_ACCESS_WRITE_SYSTEM },
    { tds_Device_op_SystemReboot, BARK_ACCESS_UNRECOVERABLE },
    { tds_Device_op_SetSystemFactoryDefault, BARK_ACCESS_UNRECOVERABLE },
    { tds_Device_op_GetRelayOutputs, BARK_ACCESS_READ_MEDIA },
    { tds_Device_op_SetRelayOutputState, BARK_ACCESS_ACTUATE },
    { tds_Device_op_LoadCertificates, BARK_ACCESS_NOBODY },
};

TEST(classes)
{
    unsigned nobody = 0, everybody = 0;
    device_make();
    user_add("anna", "corr3ct-horse", tt_UserLevel_Administrator);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        CHECK(class_now(some[i].operation) == some[i].access);
    for (uint16_t i = 0; i < image.operation_count; i++) {
        const uint8_t access = class_now(i);
        nobody += access == BARK_ACCESS_NOBODY;
        everybody += access == BARK_ACCESS_PRE_AUTH;
    }
    CHECK(image.operation_count == 103);
    CHECK(nobody == 23); /* 4 of discovery, 14 of certificates, 5 of IEEE 802.1X */
    CHECK(everybody == 7);
}

/* Nothing with a handler is left out by mistake. */
TEST(what_has_a_handler_has_a_class)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[64 * 1024];
    static _Alignas(16) uint8_t in[4096], result[4096];
    struct bark_arena arena;
    device_make();
    for (uint16_t i = 0; i < image.operation_count; i++) {
        struct bark_call call = { .service = &service,
                                  .arena = &arena,
                                  .limits = &bark_limits_device,
                                  .user = &backend,
                                  .fault.detail_root = BARK_NONE };
        memset(in, 0, sizeof in);
        bark_arena_init(&arena, memory, sizeof memory);
        enum bark_code code = service.dispatch(service.handlers, i, in, result, &call);
        if (code != BARK_ERR_FAULT || strcmp(call.fault.subcodes[0].local, "ActionNotSupported") != 0)
            CHECK(i < service.access_count && service.access[i] != BARK_ACCESS_NOBODY);
    }
}

TEST(a_device_without_users)
{
    device_make();
    for (uint16_t i = 0; i < service.access_count; i++)
        CHECK(class_now(i) == (service.access[i] == BARK_ACCESS_PRE_AUTH || i == tds_Device_op_CreateUsers
                                   ? BARK_ACCESS_PRE_AUTH
                                   : BARK_ACCESS_NOBODY));
    backend.tokens = true; /* somebody administers it already */
    for (uint16_t i = 0; i < service.access_count; i++)
        CHECK(class_now(i) == service.access[i]);
}

static bool store_find(const char *name, size_t len, struct bark_user *user)
{
    const struct bark_user_store store = onvif_user_store(&backend);
    return store.find(store.context, (struct bark_slice){ (const uint8_t *)name, len }, user);
}

TEST(users_as_a_store)
{
    static const struct {
        const char *name;
        size_t len;
        bool known;
    } names[] = {
        { "anna", 4, true },
        { "otto", 4, true },
        { "otto\0", 5, false },
        { "ott", 3, false },
        { "Otto", 4, false },
        { "gone", 4, false },
        { "", 0, false },
        { "12345678901234567890123456789012", 32, true },
        { "123456789012345678901234567890123", 33, false },
    };
    struct bark_user user;
    device_make();
    user_add("anna", "corr3ct-horse", tt_UserLevel_Administrator);
    user_add("otto", "0ther-password", tt_UserLevel_Operator);
    user_add(names[7].name, "third-password", tt_UserLevel_User);
    user_add("gone", "once-a-password", tt_UserLevel_Administrator);
    backend.state.user_count--; /* what lies behind the last user is nobody */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        user = (struct bark_user){ .level = BARK_LEVEL_ANONYMOUS };
        CHECK_IN(names[i].name, store_find(names[i].name, names[i].len, &user) == names[i].known);
        CHECK_IN(names[i].name, names[i].known == (user.level != BARK_LEVEL_ANONYMOUS));
    }
    CHECK(store_find("otto", 4, &user) && user.level == BARK_LEVEL_OPERATOR);
    CHECK(strcmp(user.password, "0ther-password") == 0);
    backend.state.users[1].level = tt_UserLevel_Anonymous;
    CHECK(store_find("otto", 4, &user) && user.level == BARK_LEVEL_ANONYMOUS);
}

/* ---- the state on disk */

static char folder[64], path[128];

static size_t file_get(char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    size_t len = file ? fread(bytes, 1, size, file) : 0;
    if (file)
        fclose(file);
    return len;
}

static void file_put(const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, len, file) == len && fclose(file) == 0);
    CHECK(chmod(path, 0600) == 0);
}

static enum bark_code open_again(struct onvif_state_file *file)
{
    struct bark_error err = { 0 };
    onvif_backend_init(&backend);
    return onvif_state_open(file, folder, &backend, &err);
}

TEST(a_state_comes_back)
{
    static struct onvif_state_file file;
    static struct onvif_state wanted;
    struct stat about;
    snprintf(folder, sizeof folder, "/tmp/soapbark-state-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/device.state", folder);
    CHECK(open_again(&file) == BARK_OK && backend.state.user_count == 0 && backend.save);
    for (size_t i = 0; i < ONVIF_USERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "user %zu%%\n\xc3\xa4", i);
        user_add(name, "with a blank, a % and \t\xe2\x82\xac", (enum tt_UserLevel)(1 + i % 3));
    }
    while (backend.state.scope_count < ONVIF_SCOPES) {
        struct onvif_scope *scope = &backend.state.scopes[backend.state.scope_count++];
        memset(scope, 0, sizeof *scope);
        memset(scope->item, '\x80', ONVIF_SCOPE_TEXT - 1); /* the longest form */
    }
    memset(backend.state.hostname, '%', ONVIF_TEXT - 1);
    backend.state.clock_offset_s = -1234567890123;
    backend.state.hostname_from_dhcp = backend.state.daylight_savings = true;
    wanted = backend.state;
    CHECK(backend.save(backend.context, &wanted));
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK(open_again(&file) == BARK_OK && memcmp(&backend.state, &wanted, sizeof wanted) == 0);
}

/* A damaged file is no reason to let the next one set the device up. Needs the file of the test above. */
TEST(a_damaged_state_is_refused)
{
    static struct onvif_state_file file;
    static char bytes[64 * 1024], other[64 * 1024];
    const size_t len = file_get(bytes, sizeof bytes);
    unsigned refused = 0;
    CHECK(len > 5000 && len < sizeof bytes);
    for (size_t cut = 0; cut<len; cut += cut> 600 && cut < len - 100 ? 97 : 1) {
        file_put(bytes, cut);
        CHECK(open_again(&file) == BARK_ERR_USE && backend.state.user_count == 0 && !backend.save);
    }
    for (size_t at = 0; at < len; at += 13) {
        memcpy(other, bytes, len);
        other[at] = '\n';
        file_put(other, len);
        refused += open_again(&file) == BARK_ERR_USE;
    }
    CHECK(refused >= len / 13 - 20); /* all but line ends that were hit */
    memcpy(other, bytes, len);
    other[len] = '\n';
    file_put(other, len + 1);
    CHECK(open_again(&file) == BARK_ERR_USE);
    file_put(bytes, len);
    CHECK(chmod(path, 0640) == 0 && open_again(&file) == BARK_ERR_USE);
    CHECK(chmod(path, 0600) == 0 && open_again(&file) == BARK_OK);
    CHECK(unlink(path) == 0 && symlink("/etc/passwd", path) == 0 && open_again(&file) == BARK_ERR_USE);
    CHECK(unlink(path) == 0 && open_again(&file) == BARK_OK);
    CHECK(rmdir(folder) == 0);
    const struct onvif_state before = backend.state;
    CHECK(!backend.save(backend.context, &before)); /* no folder, no change */
}

TEST_MAIN(RUN(classes) RUN(what_has_a_handler_has_a_class) RUN(a_device_without_users) RUN(users_as_a_store)
              RUN(a_state_comes_back) RUN(a_damaged_state_is_refused))
