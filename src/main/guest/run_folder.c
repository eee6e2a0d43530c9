#include "run_folder.h"

#include "bytes.h"
#include "others.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128 };

// The path of a name that is free then.
static int make_way(const char *name, char path[64], struct fault *fault) {
    snprintf(path, 64, "%s/%s", run_folder, name);
    if (mkdir(run_folder, 0755) < 0 && errno != EEXIST)
        return fail_errno(fault, "cannot make %s", run_folder);
    if (unlink(path) < 0 && errno != ENOENT)
        return fail_errno(fault, "cannot make %s", path);
    return 0;
}

int run_folder_agent(struct fault *fault) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char path[64];
    if (make_way("agent", path, fault) < 0)
        return -1;
    strcpy(at.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0177);
    int bound = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&at, sizeof at);
    umask(mask);
    if (bound < 0 || listen(fd, BACKLOG) < 0) {
        fail_errno(fault, "cannot listen at %s", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static int copy(int from, int to) {
    uint8_t bytes[16 << 10];
    ssize_t got;
    while ((got = read_full(from, bytes, sizeof bytes)) > 0)
        if (write_all(to, bytes, (size_t)got) < 0)
            return -1;
    return got < 0 ? -1 : fchmod(to, 0755);
}

int run_folder_connect(struct fault *fault) {
    char path[64];
    if (make_way("connect", path, fault) < 0)
        return -1;
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    int result = from < 0 || to < 0 || copy(from, to) < 0
        ? fail_errno(fault, "cannot put this program at %s", path) : 0;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return result;
}
