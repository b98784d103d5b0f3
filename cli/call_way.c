/* cli/call_way.c - who calls, and by which way.
 *
 * A password is best typed: what stands in a command line is seen by everybody on the machine. A program that
 * is not at a terminal gives a file.
 *
 * Proxies come from the option, else from the environment by the usual names. HTTP_PROXY in capitals is not
 * among them: a web server that starts programs (CGI) sets it from a request's "Proxy" field, so it is the
 * word of whoever asks.
 */
#define _GNU_SOURCE
#include "call_way.h"

#include "soapbark/auth.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SECRET_BYTES_MAX = 8192, REDIRECTS_MAX = 20 };

void cli_way_free(struct cli_way *way)
{
    cli_secret_free(way->user);
    cli_secret_free(way->password);
    cli_secret_free(way->token);
    cli_proxy_free(&way->proxy);
    *way = (struct cli_way){ 0 };
}

static char *text_part(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (!copy) {
        cli_error("out of memory");
        return NULL;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

/* ---- secrets ---- */

/* The first line, without its end. */
static char *line_of_file(const char *path)
{
    size_t size;
    char *text = cli_file_read(path, SECRET_BYTES_MAX, &size);
    size_t len;
    if (!text)
        return NULL;
    len = strcspn(text, "\r\n");
    if (len == 0 || (len < size && text[len] == '\0')) {
        cli_error("%s: the first line is empty, or has a zero byte", path);
        bark_secret_wipe(text, size);
        free(text);
        return NULL;
    }
    bark_secret_wipe(text + len, size - len);
    return text;
}

/* One line from a terminal that shows nothing. Signals that would end us wait until it shows again. */
static bool line_hidden_read(int tty, const char *user, char *line, size_t size)
{
    struct termios shown, hidden;
    sigset_t ends, before;
    ssize_t n = -1;
    if (tcgetattr(tty, &shown) != 0)
        return false;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ECHONL;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGTSTP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    if (tcsetattr(tty, TCSAFLUSH, &hidden) == 0) {
        dprintf(tty, "Password of %s: ", user); /* not before: what is typed from here on is not shown */
        n = read(tty, line, size - 1);
        (void)tcsetattr(tty, TCSADRAIN, &shown);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return n > 0 && line[0];
}

static char *password_ask(const char *user)
{
    char line[BARK_USER_PASSWORD_MAX + 2];
    char *password = NULL;
    const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (tty < 0) {
        cli_error("--user %s: no terminal to ask for the password; give --password-file", user);
        return NULL;
    }
    if (line_hidden_read(tty, user, line, sizeof line))
        password = text_part(line, strlen(line));
    else
        cli_error("no password was given");
    bark_secret_wipe(line, sizeof line);
    close(tty);
    return password;
}

static bool user_make(const struct cli_args *args, const struct cli_way_options *options, struct cli_way *way)
{
    const char *user = cli_setting(args, options->user);
    const char *file = cli_setting(args, options->password_file);
    const char *colon = user ? strchr(user, ':') : NULL;
    if (!user && file) {
        cli_error("--password-file wants --user too");
        return false;
    }
    if (colon && file) {
        cli_error("the password is given twice: by --user and by --password-file");
        return false;
    }
    if (!user)
        return true;
    way->user = text_part(user, colon ? (size_t)(colon - user) : strlen(user));
    if (!way->user)
        return false;
    if (colon)
        way->password = text_part(colon + 1, strlen(colon + 1));
    else
        way->password = file ? line_of_file(file) : password_ask(way->user);
    return way->password != NULL;
}

static bool token_make(const struct cli_args *args, const struct cli_way_options *options,
                       struct cli_way *way)
{
    const char *file = cli_setting(args, options->token_file);
    if (!file)
        return true;
    way->token = line_of_file(file);
    return way->token != NULL;
}

/* ---- proxies ---- */

static const char *environment(const char *name, const char *other)
{
    const char *value = getenv(name);
    if (!value && other)
        value = getenv(other);
    return value && *value ? value : NULL;
}

static bool proxy_make(const struct cli_args *args, const struct cli_way_options *options, const char *url,
                       struct cli_way *way)
{
    const char *proxy = cli_setting(args, options->proxy);
    if (proxy && (strcmp(proxy, "none") == 0 || *proxy == '\0'))
        return true;
    if (!proxy && !cli_proxy_is_bypassed(url, environment("no_proxy", "NO_PROXY"))) {
        if (strncmp(url, "https://", 8) == 0)
            proxy = environment("https_proxy", "HTTPS_PROXY");
        else if (strncmp(url, "http://", 7) == 0)
            proxy = environment("http_proxy", NULL);
    }
    if (!proxy || cli_proxy_read(proxy, &way->proxy))
        return true;
    cli_error("the proxy is not of the form http://[USER:PASSWORD@]HOST:PORT");
    return false;
}

/* ---- all of it ---- */

static bool redirects_read(const char *text, uint32_t *count)
{
    *count = 0;
    for (const char *s = text; s && *s; s++) {
        if (*s < '0' || *s > '9' || *count > REDIRECTS_MAX)
            *count = REDIRECTS_MAX;
        *count = *count * 10 + (uint32_t)(*s - '0');
    }
    if (!text || (*text && *count <= REDIRECTS_MAX))
        return true;
    cli_error("--redirects wants a number up to %d, not '%s'", REDIRECTS_MAX, text);
    return false;
}

bool cli_way_make(const struct cli_args *args, const struct cli_way_options *options, struct cli_way *way,
                  struct bark_client_options *client)
{
    if (!redirects_read(cli_setting(args, options->redirects), &client->redirects) ||
        !proxy_make(args, options, client->url, way) || !token_make(args, options, way) ||
        !user_make(args, options, way)) {
        cli_way_free(way);
        return false;
    }
    client->user = way->user;
    client->password = way->password;
    client->token = way->token;
    client->proxy = way->proxy.url;
    client->proxy_user = way->proxy.user;
    client->proxy_password = way->proxy.password;
    client->digest_md5 = cli_setting(args, options->digest_md5) != NULL;
    client->insecure_basic_without_tls = cli_setting(args, options->insecure_basic) != NULL;
#ifdef SOAPBARK_HAS_TLS
    client->crypto = bark_crypto_default();
#endif
    return true;
}
