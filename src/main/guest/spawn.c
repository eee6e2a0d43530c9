#include "spawn.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOFT_FILES = 1024 }; // programs that use select() break above it

struct start {
    const struct step *step;
    const int *streams;
    bool traces;            // whether the program is bash
    const char *search;     // PATH, or NULL where the program's name has a /
    volatile int cause;     // errno of what failed, told by the child in shared memory
    volatile bool at_directory;
};

static const char *variable(char *const *environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

// The first entry of PATH that runs; else the most telling errno.
static int search(const struct start *start) {
    char path[8192];
    const struct step *step = start->step;
    int cause = ENOENT;
    for (const char *at = start->search;; at++) {
        size_t length = strcspn(at, ":");
        int size = snprintf(path, sizeof path, "%.*s%s%s", (int)length, at, length > 0 ? "/" : "",
                            step->argv[0]);
        if (size > 0 && (size_t)size < sizeof path) {
            execve(path, step->argv, step->environment);
            if (errno != ENOENT && errno != ENOTDIR)
                cause = errno;
            if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
                return cause;
        }
        at += length;
        if (*at == '\0')
            return cause;
    }
}

void spawn_prepare(void) {
    const struct rlimit core = {0, RLIM_INFINITY};
    struct rlimit files;
    sigset_t none;
    sigemptyset(&none);
    setsid();
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max >= SOFT_FILES) {
        files.rlim_cur = SOFT_FILES;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    setrlimit(RLIMIT_CORE, &core);
    umask(022);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Runs in the child, which shares the parent's memory until it execs: nothing here may allocate.
static void become(struct start *start) {
    spawn_prepare();
    for (int i = 0; i < (start->traces ? SPAWN_STREAMS : SPAWN_STREAMS - 1); i++)
        if (dup2(start->streams[i], i < SPAWN_STREAMS - 1 ? i : SPAWN_TRACE) < 0) {
            start->cause = errno;
            return;
        }
    if (chdir(start->step->path) < 0) {
        start->at_directory = true;
        start->cause = errno;
        return;
    }
    if (start->search != NULL) {
        start->cause = search(start);
        return;
    }
    execve(start->step->argv[0], start->step->argv, start->step->environment);
    start->cause = errno;
}

// No local of the caller changes between the two returns of vfork.
static pid_t split(struct start *start) {
    pid_t pid = vfork();
    if (pid == 0) {
        become(start);
        _exit(127);
    }
    return pid;
}

int spawn(const struct step *step, const int streams[SPAWN_STREAMS], pid_t *pid, struct fault *fault) {
    const char *slash = strrchr(step->argv[0], '/');
    struct start start = {
        .step = step,
        .streams = streams,
        .traces = strcmp(slash == NULL ? step->argv[0] : slash + 1, "bash") == 0};
    if (strchr(step->argv[0], '/') == NULL) {
        start.search = variable(step->environment, "PATH");
        if (start.search == NULL)
            return fail(fault, "cannot look up %.200s: the environment has no PATH", step->argv[0]);
    }
    *pid = split(&start);
    if (*pid < 0)
        return fail_errno(fault, "cannot start %.200s", step->argv[0]);
    if (start.cause == 0)
        return 0;
    errno = start.cause; // the child has ended by itself and is reaped with the others
    if (start.at_directory)
        return fail_errno(fault, "cannot enter directory %.200s", step->path);
    return fail_errno(fault, "cannot start %.200s", step->argv[0]);
}
