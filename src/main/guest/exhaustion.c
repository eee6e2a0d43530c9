#include "exhaustion.h"

#include "bytes.h"
#include "limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

// What counts as full: programs see ENOSPC a little before the last byte is gone.
enum { LITTLE_BYTES = 256 << 10, LITTLE_FILES = 4 };

static const char *const WATCHED[] = {"/ci", "/", "/tmp", "/dev/shm"};
enum { WATCHED_COUNT = sizeof WATCHED / sizeof *WATCHED };

static uint64_t oom_kills(void) {
    static char text[32 << 10];
    int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t got = read_full(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *line = strstr(text, "\noom_kill ");
    return line == NULL ? 0 : strtoull(line + 10, NULL, 10);
}

void exhaustion_begin(struct exhaustion *exhaustion) {
    exhaustion->oom_kills = oom_kills();
    exhaustion->refused = limits_refused_processes();
    memset(exhaustion->lowest, 0xff, sizeof exhaustion->lowest);
    memset(exhaustion->lowest_files, 0xff, sizeof exhaustion->lowest_files);
}

void exhaustion_look(struct exhaustion *exhaustion) {
    for (int i = 0; i < WATCHED_COUNT; i++) {
        struct statvfs room;
        if (statvfs(WATCHED[i], &room) < 0 || room.f_blocks == 0)
            continue;
        // not f_bfree: ext4 keeps some blocks for itself, also from root
        uint64_t bytes = (uint64_t)room.f_bavail * room.f_frsize;
        if (bytes < exhaustion->lowest[i])
            exhaustion->lowest[i] = bytes;
        if (room.f_files > 0 && room.f_ffree < exhaustion->lowest_files[i])
            exhaustion->lowest_files[i] = room.f_ffree;
    }
}

static bool failed(const struct step_end *end) {
    return end->kind == END_SIGNALLED || (end->kind == END_EXITED && end->value != 0);
}

void exhaustion_judge(const struct exhaustion *exhaustion, struct step_end *end) {
    if (!failed(end))
        return;
    if (oom_kills() > exhaustion->oom_kills) {
        end->kind = END_OUT_OF_MEMORY;
        return;
    }
    if (limits_refused_processes() > exhaustion->refused) {
        end->kind = END_PROCESSES;
        return;
    }
    for (int i = 0; i < WATCHED_COUNT; i++) {
        bool bytes = exhaustion->lowest[i] < LITTLE_BYTES;
        if (!bytes && exhaustion->lowest_files[i] >= LITTLE_FILES)
            continue;
        end->kind = END_DISK_FULL;
        snprintf(end->detail, sizeof end->detail, "%s had no %s left", WATCHED[i],
                 bytes ? "room" : "room for files");
        return;
    }
}
