/* store/server.c - keeps files in a folder, whatever their size, with a few dozen KB of memory.
 *
 *     store-server 127.0.0.1:8080 FOLDER [NAME=VALUE ...]
 *
 * Put is called when its envelope has come. It opens a file and says that it wants the octets one after the
 * other; they are written as they arrive, and only when the last one is there the file gets its name.
 * Whatever goes wrong on the way, put_close() is told, once, and what was written of the file goes.
 *
 * Get goes the other way: its answer names a source, which is read when the peer has taken what came before.
 *
 * chain=FILE and key=FILE are for an ADDRESS that begins with "tls:"; with handover=PATH the next server
 * started so takes over, and this one ends after what is under way.
 *
 * Without a folder ("-") octets are only counted. Each file is one line on standard output.
 */
#define _GNU_SOURCE
#include "store.h"
#include "sum.h"

#include "soapbark/server.h"
#include "soapbark/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 128 }; /* a name has 64 bytes at most: the schema says so */

struct store {
    int folder; /* descriptor; -1: none */
    uint64_t quota; /* of one file */
    uint32_t chunked; /* not 0: files go out as if nobody knew their length */
};

/* A file on its way in. */
struct put {
    const struct store *store;
    const struct store_Put *in;
    struct store_PutResponse *out;
    struct sum sum;
    uint64_t bytes;
    int fd;
    char partial[PATH_ROOM]; /* its name until it is complete; empty when there is no file of that name */
};

static enum bark_code trouble(struct bark_call *call, const char *what)
{
    return bark_call_fault(call, BARK_FAULT_RECEIVER, NULL, NULL, "%s: %s", what, strerror(errno));
}

static enum bark_code put_data(void *state, struct bark_call *call, struct bark_slice octets)
{
    struct put *p = state;
    p->bytes += octets.len;
    if (p->bytes > p->store->quota)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "the file is larger than a file may be");
    sum_add(&p->sum, octets.ptr, octets.len);
    while (p->fd >= 0 && octets.len > 0) {
        const ssize_t n = write(p->fd, octets.ptr, octets.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return trouble(call, "the file cannot be written");
        octets.ptr += n;
        octets.len -= (size_t)n;
    }
    return BARK_OK;
}

/* Everything has come. */
static enum bark_code put_finish(void *state, struct bark_call *call)
{
    struct put *p = state;
    if (!bark_call_awaits(call, p->in->Content)) { /* it stood in the envelope, as base64 */
        const struct bark_bytes content = p->in->Content;
        const enum bark_code code = put_data(p, call, (struct bark_slice){ content.ptr, content.len });
        if (code != BARK_OK)
            return code;
    }
    if (p->fd >= 0 && renameat(p->store->folder, p->partial, p->store->folder, p->in->Name.ptr) != 0)
        return trouble(call, "the file cannot be named");
    p->partial[0] = '\0';
    p->out->Bytes = (int64_t)p->bytes;
    p->out->Adler32 = sum_value(&p->sum);
    return BARK_OK;
}

static void put_close(void *state, enum bark_code verdict)
{
    struct put *p = state;
    if (p->partial[0])
        (void)unlinkat(p->store->folder, p->partial, 0);
    if (p->fd >= 0)
        (void)close(p->fd);
    printf("{\"put\":\"%s\",\"bytes\":%llu,\"verdict\":\"%s\"}\n", p->in->Name.ptr,
           (unsigned long long)p->bytes, bark_code_text(verdict));
    fflush(stdout);
}

static const struct bark_receiver put_receiver = { .data = put_data,
                                                   .finish = put_finish,
                                                   .close = put_close };

static enum bark_code put(const struct store_Put *in, struct store_PutResponse *out, struct bark_call *call)
{
    const struct store *store = call->user;
    struct put *p = bark_call_alloc(call, 1, sizeof *p);
    if (!p)
        return BARK_ERR_MEMORY;
    *p = (struct put){ .store = store, .in = in, .out = out, .sum = { 1, 0 }, .fd = -1 };
    if (store->folder >= 0) {
        /* Names do not start with a dot, so nobody can ask for this one. */
        (void)snprintf(p->partial, sizeof p->partial, ".%s", in->Name.ptr);
        p->fd = openat(store->folder, p->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (p->fd < 0 && errno == EEXIST)
            return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "the file is being sent already");
        if (p->fd < 0)
            return trouble(call, "the file cannot be made");
    }
    return bark_call_receive(call, &put_receiver, p);
}

/* A file on its way out. Not of the call's memory: the call is over when the first octet leaves. */
struct sending {
    int fd;
    uint64_t bytes;
    char name[PATH_ROOM];
};

static enum bark_code get_read(void *state, uint8_t *room, size_t cap, size_t *len)
{
    struct sending *s = state;
    ssize_t n;
    do
        n = read(s->fd, room, cap);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return BARK_ERR_IO;
    *len = (size_t)n;
    s->bytes += *len;
    return BARK_OK;
}

static void get_close(void *state, enum bark_code verdict)
{
    struct sending *s = state;
    (void)close(s->fd);
    printf("{\"get\":\"%s\",\"bytes\":%llu,\"verdict\":\"%s\"}\n", s->name, (unsigned long long)s->bytes,
           bark_code_text(verdict));
    fflush(stdout);
    free(s);
}

static enum bark_code get(const struct store_Get *in, struct store_GetResponse *out, struct bark_call *call)
{
    const struct store *store = call->user;
    struct sending *s = calloc(1, sizeof *s);
    struct stat status;
    if (!s)
        return BARK_ERR_MEMORY;
    s->fd = store->folder < 0 ? -1 : openat(store->folder, in->Name.ptr, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &status) != 0) {
        if (s->fd >= 0)
            (void)close(s->fd);
        free(s);
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "there is no such file");
    }
    (void)snprintf(s->name, sizeof s->name, "%s", in->Name.ptr);
    const struct bark_source source = { .length =
                                            store->chunked ? BARK_LENGTH_UNKNOWN : (uint64_t)status.st_size,
                                        .read = get_read,
                                        .close = get_close,
                                        .state = s };
    out->Content = bark_call_octets_source(call, bark_text("application/octet-stream"), &source);
    return BARK_OK; /* had the source not been taken, the call would end in a fault all the same */
}

static enum bark_code remove_file(const struct store_Remove *in, struct store_RemoveResponse *out,
                                  struct bark_call *call)
{
    const struct store *store = call->user;
    (void)out;
    if (store->folder < 0 || unlinkat(store->folder, in->Name.ptr, 0) != 0)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "there is no such file");
    return BARK_OK;
}

static struct bark_server *server; /* for the signal handler */

static void stop(int signal_number)
{
    (void)signal_number;
    bark_server_stop(server);
}

static int failure(const struct bark_error *err)
{
    char text[1024];
    (void)bark_error_text(err, text, sizeof text);
    fprintf(stderr, "store-server: %s\n", text);
    return 1;
}

/* Settings that are texts. */
static bool text_take(const char *text, struct bark_tls_certificate *own, struct bark_server_options *options)
{
    const char *equals = strchr(text, '=');
    if (equals && strncmp(text, "chain=", 6) == 0)
        own->chain_file = equals + 1;
    else if (equals && strncmp(text, "key=", 4) == 0)
        own->key_file = equals + 1;
    else if (equals && strncmp(text, "handover=", 9) == 0)
        options->handover_path = equals + 1;
    else
        return false;
    return true;
}

/* What can be set; false: no such setting. */
static bool setting_take(const char *text, struct bark_limits *limits, struct bark_streaming *streaming,
                         struct store *store, struct bark_server_options *options)
{
    const char *equals = strchr(text, '=');
    const unsigned long long value = equals ? strtoull(equals + 1, NULL, 10) : 0;
    const struct {
        const char *name;
        uint64_t *wide;
        uint32_t *narrow;
    } settings[] = {
        { "quota", &store->quota, NULL },
        { "chunked", NULL, &store->chunked },
        { "body_bytes", &streaming->body_bytes, NULL },
        { "part_bytes", &streaming->part_bytes, NULL },
        { "message_bytes", NULL, &streaming->message_bytes },
        { "arena_bytes", NULL, &streaming->arena_bytes },
        { "mime_parts", NULL, &limits->mime_parts },
        { "connections_per_peer", NULL, &limits->connections_per_peer },
        { "requests_per_connection", NULL, &limits->requests_per_connection },
        { "body_bytes_per_s", NULL, &limits->body_bytes_per_s },
        { "request_ms", NULL, &limits->request_ms },
        { "buffer_bytes", &options->buffer_bytes, NULL },
        { "buffer_bytes_per_peer", &options->buffer_bytes_per_peer, NULL },
        { "drain_ms", NULL, &options->drain_ms },
        { "threads", NULL, &options->threads },
    };
    for (size_t i = 0; equals && i < sizeof settings / sizeof *settings; i++) {
        if (strlen(settings[i].name) != (size_t)(equals - text) ||
            strncmp(text, settings[i].name, (size_t)(equals - text)) != 0)
            continue;
        if (settings[i].wide)
            *settings[i].wide = value;
        else
            *settings[i].narrow = (uint32_t)value;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static const uint16_t streamed[] = { store_Store_op_Put };
    static const struct store_Store_handlers handlers = { .Put = put, .Get = get, .Remove = remove_file };
    struct store store = { .folder = -1, .quota = UINT64_MAX };
    struct bark_limits limits = bark_limits_device;
    struct bark_streaming streaming = { .operations = streamed,
                                        .operation_count = 1,
                                        .body_bytes = UINT64_C(16) << 30 };
    struct bark_tls_certificate own = { 0 };
    struct bark_image image;
    struct bark_error err = { 0 };
    if (argc < 3) {
        fprintf(stderr,
                "store-server ADDRESS FOLDER [NAME=VALUE ...]   (FOLDER \"-\": files are counted only)\n");
        return 2;
    }
    if (bark_image_open(&image, store_tables(), &err) != BARK_OK)
        return failure(&err);
    const struct bark_service service = { .path = "/store",
                                          .image = &image,
                                          .service_row = store_Store_row,
                                          .dispatch = store_Store_dispatch,
                                          .handlers = &handlers,
                                          .user = &store,
                                          .attachments = &bark_soap_attachments,
                                          .streaming = &streaming };
    const struct bark_service *services[] = { &service };
    struct bark_server_options options = {
        .listen = argv[1], .limits = &limits, .services = services, .service_count = 1
    };
    for (int i = 3; i < argc; i++)
        if (!text_take(argv[i], &own, &options) &&
            !setting_take(argv[i], &limits, &streaming, &store, &options)) {
            fprintf(stderr, "store-server: no setting %s\n", argv[i]);
            return 2;
        }
    if (strcmp(argv[2], "-") != 0) {
        store.folder = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (store.folder < 0) {
            perror(argv[2]);
            return 1;
        }
    }
#ifdef HAS_TLS
    const struct bark_tls_server_options tls = { .certificates = &own, .certificate_count = 1 };
    options.tls = own.chain_file ? bark_tls_server_new(&tls, &err) : NULL;
    if (own.chain_file && !options.tls)
        return failure(&err);
#endif
    server = bark_server_new(&options, &err);
    if (!server)
        return failure(&err);
    (void)signal(SIGTERM, stop);
    (void)signal(SIGPIPE, SIG_IGN);
    printf("store-server: http://127.0.0.1:%u/store\n", (unsigned)bark_server_port(server));
    fflush(stdout);
    const int status = bark_server_run(server, &err) == BARK_OK ? 0 : failure(&err);
    (void)signal(SIGTERM, SIG_IGN); /* a second one would stop a server that is gone */
    bark_server_free(server);
#ifdef HAS_TLS
    bark_tls_server_free(options.tls);
#endif
    return status;
}
