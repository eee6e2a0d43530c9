#include "shell.h"

#include "spawn.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define START "/ci/src"

enum { NOT_FOUND = 127 };

void pty_resize(int master, const struct pty_size *size) {
    const struct winsize window = {.ws_row = size->rows, .ws_col = size->columns};
    ioctl(master, TIOCSWINSZ, &window);
}

int pty_open(const struct pty_size *size, struct pty *pty, struct fault *fault) {
    char name[64];
    struct termios settings;
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (pty->master < 0)
        return fail_errno(fault, "cannot open a terminal");
    pty->slave = -1;
    if (grantpt(pty->master) == 0 && unlockpt(pty->master) == 0 &&
        ptsname_r(pty->master, name, sizeof name) == 0)
        pty->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->slave < 0) {
        fail_errno(fault, "cannot open a terminal");
        close(pty->master);
        return -1;
    }
    if (tcgetattr(pty->slave, &settings) == 0) {
        settings.c_iflag |= IUTF8;
        tcsetattr(pty->slave, TCSANOW, &settings);
    }
    pty_resize(pty->master, size);
    return 0;
}

static void set(const char *name, const char *value) {
    setenv(name, value, 0);
}

static const char *choose_shell(const struct passwd *root) {
    if (getenv("SHELL") != NULL && access(getenv("SHELL"), X_OK) == 0)
        return getenv("SHELL");
    if (root != NULL && root->pw_shell[0] == '/' && access(root->pw_shell, X_OK) == 0)
        return root->pw_shell;
    return access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh";
}

static void make_environment(char *const *environment) {
    clearenv();
    for (; *environment != NULL; environment++)
        putenv(*environment);
}

static void complete_environment(const struct passwd *root, const char *shell) {
    set("HOME", root != NULL ? root->pw_dir : "/root");
    set("USER", root != NULL ? root->pw_name : "root");
    set("LOGNAME", getenv("USER"));
    set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    set("TERM", "xterm-256color");
    setenv("SHELL", shell, 1);
}

static void become_shell(int slave, char *const *environment) {
    char name[300];
    make_environment(environment);
    bool login = getenv("PATH") == NULL;
    const struct passwd *root = getpwuid(getuid());
    const char *shell = choose_shell(root);
    complete_environment(root, shell);
    spawn_prepare();
    ioctl(slave, TIOCSCTTY, 0);
    for (int i = 0; i < 3; i++)
        dup2(slave, i);
    if (chdir(START) < 0 && chdir(getenv("HOME")) < 0 && chdir("/") < 0)
        return;
    snprintf(name, sizeof name, "%s%s", login ? "-" : "", strrchr(shell, '/') + 1);
    execl(shell, name, (char *)NULL);
    dprintf(STDERR_FILENO, "airlock: cannot start %s: %m\r\n", shell);
}

pid_t shell_start(const struct pty *pty, char *const *environment) {
    pid_t pid = fork();
    if (pid == 0) {
        become_shell(pty->slave, environment);
        _exit(NOT_FOUND);
    }
    return pid;
}
