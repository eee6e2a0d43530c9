#include "terminal.h"

#include "shell.h"
#include "terminal_pump.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { SOCKET = 3, MASTER, SLAVE, REST }; // what the process has open besides its streams

static pid_t terminals[TERMINALS];

static pid_t *find(pid_t pid) {
    for (int i = 0; i < TERMINALS; i++)
        if (terminals[i] == pid)
            return &terminals[i];
    return NULL;
}

bool terminal_ends(pid_t pid) {
    pid_t *place = find(pid);
    if (place != NULL)
        *place = 0;
    return place != NULL;
}

// The three go to where the rest of what is open does not begin; first out of each other's way.
static int keep_only(int socket, const struct pty *pty) {
    int high[3] = {fcntl(socket, F_DUPFD, REST), fcntl(pty->master, F_DUPFD, REST),
                   fcntl(pty->slave, F_DUPFD, REST)};
    for (int i = 0; i < 3; i++)
        if (high[i] < 0 || dup2(high[i], SOCKET + i) < 0 ||
            fcntl(SOCKET + i, F_SETFD, FD_CLOEXEC) < 0)
            return -1;
    return (int)syscall(SYS_close_range, REST, ~0U, 0);
}

// A byte tells process 1 that nothing of its own is open here any more.
static int live(int socket, const struct pty *pty, char *const *environment) {
    const uint8_t ready = 1;
    const struct pty ours = {MASTER, SLAVE};
    if (keep_only(socket, pty) < 0 || pump_prepare() < 0)
        return 1;
    pid_t shell = shell_start(&ours, environment);
    if (shell < 0 || send(SOCKET, &ready, 1, MSG_NOSIGNAL) < 0)
        return 1;
    close(SLAVE);
    return pump(SOCKET, MASTER, shell);
}

static pid_t start(int socket, const struct pty *pty, char *const *environment) {
    pid_t pid = fork();
    if (pid == 0)
        _exit(live(socket, pty, environment));
    return pid;
}

int terminal_start(const struct pty_size *size, char *const *environment, struct fault *fault) {
    struct pty pty;
    int ends[2];
    uint8_t ready;
    pid_t *place = find(0);
    if (place == NULL)
        return fail(fault, "more than %d terminals at once", TERMINALS);
    if (pty_open(size, &pty, fault) < 0)
        return -1;
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
    pid_t pid = result < 0 ? -1 : start(ends[1], &pty, environment);
    if (pid < 0)
        fail_errno(fault, "cannot start a shell");
    close(pty.master);
    close(pty.slave);
    if (result < 0)
        return -1;
    close(ends[1]);
    if (pid > 0) {
        *place = pid;
        if (read(ends[0], &ready, 1) == 1) {
            fcntl(ends[0], F_SETFL, O_NONBLOCK);
            return ends[0];
        }
        *place = 0; // its end is nobody's
        fail(fault, "cannot start a shell");
    }
    close(ends[0]);
    return -1;
}
