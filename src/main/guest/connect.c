#include "connect.h"

#include "bytes.h"
#include "fault.h"
#include "others.h"
#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS = 9, DIGITS = 3 }; // where the status begins in HTTP/1.1 200, and its length

static int dial(struct fault *fault) {
    const struct sockaddr_in at = {AF_INET, htons(proxy_port()), {htonl(INADDR_LOOPBACK)}, {0}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    fail_errno(fault, "no proxy at 127.0.0.1:%u", proxy_port());
    if (fd >= 0)
        close(fd);
    return -1;
}

// Byte by byte: what follows the answer's head is the stream's.
static int read_answer(int fd, char head[PROXY_HEAD + 1], struct fault *fault) {
    for (size_t length = 0; length < PROXY_HEAD;) {
        ssize_t got = read(fd, head + length, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(fault, "the proxy broke off");
        if (got == 0)
            return fail(fault, "the proxy ends without an answer");
        head[++length] = '\0';
        if (length >= 4 && memcmp(head + length - 4, "\r\n\r\n", 4) == 0)
            return 0;
    }
    return fail(fault, "the proxy's answer has no end");
}

// The rest of its first line is for people.
static int judge(char *head, struct fault *fault) {
    head[strcspn(head, "\r\n")] = '\0';
    if (strncmp(head, "HTTP/1.", 7) != 0 || strlen(head) < STATUS + DIGITS)
        return fail(fault, "the proxy's answer is none: %.100s", head);
    if (strncmp(head + STATUS, "200", DIGITS) == 0)
        return 0;
    const char *reason = head + STATUS + DIGITS;
    return fail(fault, "%.400s", *reason == ' ' ? reason + 1 : reason);
}

static int ask(int fd, const char *host, const char *port, struct fault *fault) {
    char head[PROXY_HEAD + 1];
    int length = snprintf(head, sizeof head, "CONNECT %s:%s HTTP/1.1\r\nHost: %s:%s\r\n\r\n", host,
                          port, host, port);
    if (length >= PROXY_HEAD || strcspn(host, " \r\n") + strcspn(port, " \r\n") !=
        strlen(host) + strlen(port))
        return fail(fault, "no place to connect to");
    if (write_all(fd, head, (size_t)length) < 0)
        return fail_errno(fault, "the proxy broke off");
    return read_answer(fd, head, fault) < 0 ? -1 : judge(head, fault);
}

// Until the end of what there is to read, or nobody takes it any more.
static int copy(int from, int to) {
    static uint8_t bytes[64 << 10];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return (int)got;
        if (write_all(to, bytes, (size_t)got) < 0)
            return -1;
    }
}

// Each direction in a process of its own, so that neither waits for the other; each closes what is
// the other's, whose end would not be seen.
static int copy_both(int fd) {
    pid_t pid = fork();
    if (pid < 0)
        return -1;
    if (pid == 0) {
        close(STDIN_FILENO);
        _exit(copy(fd, STDOUT_FILENO) < 0);
    }
    close(STDOUT_FILENO);
    int status = 0, sent = copy(STDIN_FILENO, fd);
    shutdown(fd, SHUT_WR);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return sent < 0 || status != 0 ? -1 : 0;
}

static void complain(const char *host, const char *port, const char *why) {
    char line[700];
    int length = snprintf(line, sizeof line, "airlock: no connection to %.100s:%.20s: %s", host,
                          port, why);
    for (int i = 0; i < length; i++)
        if (line[i] < ' ' || line[i] > '~')
            line[i] = '?';
    fprintf(stderr, "%s\n", line);
}

int connect_main(int count, char **words) {
    struct fault fault = {0};
    if (count != 3) {
        fputs("usage: connect HOST PORT (in a VM of Airlock, of which this program is process 1)\n",
              stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int fd = dial(&fault);
    if (fd < 0 || ask(fd, words[1], words[2], &fault) < 0) {
        complain(words[1], words[2], fault.text);
        return 1;
    }
    return copy_both(fd) < 0 ? 1 : 0;
}
