#include "processes.h"

#include "bytes.h"
#include "fault.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define TREE "/sys/fs/cgroup"
#define GROUP TREE "/ci"

// -1 where that is not there.
static int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int result = write_all(fd, text, strlen(text));
    close(fd);
    return result;
}

void processes_init(void) {
    if (mount("cgroup2", TREE, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ||
        put(TREE "/cgroup.subtree_control", "+pids") < 0 || mkdir(GROUP, 0755) < 0 ||
        put(GROUP "/cgroup.procs", "1") < 0)
        console("steps may have any number of processes, there is no control group: %m");
}

void processes_limit(uint32_t most) {
    char text[24];
    snprintf(text, sizeof text, "%llu", most + 1ULL); // process 1 is one of them
    put(GROUP "/pids.max", most > 0 ? text : "max");
}

uint64_t processes_refused(void) {
    char text[256];
    int fd = open(GROUP "/pids.events", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t got = read_full(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *count = strstr(text, "max ");
    return count == NULL ? 0 : strtoull(count + 4, NULL, 10);
}
