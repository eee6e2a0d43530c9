#include "limits.h"

#include "bytes.h"
#include "fault.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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

void limits_init(void) {
    if (mount("cgroup2", TREE, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ||
        put(TREE "/cgroup.subtree_control", "+pids") < 0 || mkdir(GROUP, 0755) < 0 ||
        put(GROUP "/cgroup.procs", "1") < 0)
        console("without a control group, steps may have any number of processes: %m");
}

static void limit(const char *file, uint64_t most) {
    char text[24] = "max";
    if (most > 0)
        snprintf(text, sizeof text, "%llu", (unsigned long long)most);
    if (put(file, text) < 0 && most > 0)
        console("cannot write %s to %s: %m", text, file);
}

// The kernel counts memory only for those who ask: it costs a little on each page.
static void limit_memory(uint64_t most) {
    if (most > 0 && put(TREE "/cgroup.subtree_control", "+memory") < 0)
        console("cannot count memory: %m");
    limit(GROUP "/memory.max", most);
}

// A file without a name takes what is to be left alone.
static void limit_scratch(uint64_t most) {
    static int filler = -1;
    struct statvfs room;
    if (filler >= 0)
        close(filler);
    filler = -1;
    if (most == 0 || statvfs("/ci", &room) < 0 || (uint64_t)room.f_bavail * room.f_frsize <= most)
        return;
    filler = open("/ci", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    uint64_t rest = (uint64_t)room.f_bavail * room.f_frsize - most;
    if (filler < 0 || fallocate(filler, 0, 0, (off_t)rest) < 0)
        console("cannot take %llu bytes of /ci: %m", (unsigned long long)rest);
}

void limits_set(const struct limits *limits) {
    // process 1 is one of them
    limit(GROUP "/pids.max", limits->processes > 0 ? limits->processes + 1ULL : 0);
    limit_memory(limits->memory);
    limit_scratch(limits->scratch);
}

uint64_t limits_refused_processes(void) {
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
