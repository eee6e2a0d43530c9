#include "unpack.h"

#include "beneath.h"
#include "bytes.h"
#include "drive.h"
#include "tar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_directory(int parent, const char *base, const struct tar_entry *entry,
                          struct fault *fault) {
    if (mkdirat(parent, base, entry->mode) == 0)
        return 0;
    struct stat there;
    if (errno == EEXIST && fstatat(parent, base, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(there.st_mode))
        return 0;
    return fail_errno(fault, "cannot make directory %.200s", entry->path);
}

// Files and links get the archive's time: git tells by it that nothing has changed.
static void times_of(const struct tar_entry *entry, struct timespec times[2]) {
    times[0] = times[1] = (struct timespec){.tv_sec = entry->mtime};
}

static int fill(int fd, struct tar_reader *reader, const struct tar_entry *entry,
                struct fault *fault) {
    const uint8_t *piece = NULL;
    ssize_t got;
    while ((got = tar_content(reader, &piece, fault)) > 0)
        if (write_all(fd, piece, (size_t)got) < 0)
            return fail_errno(fault, "cannot write %.200s", entry->path);
    if (got < 0)
        return -1;
    struct timespec times[2];
    times_of(entry, times);
    if (futimens(fd, times) < 0)
        return fail_errno(fault, "cannot set the time of %.200s", entry->path);
    return 0;
}

static int make_file(int parent, const char *base, struct tar_reader *reader,
                     const struct tar_entry *entry, struct fault *fault) {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(parent, base, flags, (mode_t)entry->mode);
    if (fd < 0)
        return fail_errno(fault, "cannot make file %.200s", entry->path);
    int result = fill(fd, reader, entry, fault);
    close(fd);
    return result;
}

// Only leading ".." steps, and no more than the link lies deep: since the way to a link has no
// link in it and every link made before obeys the same rule, the target is inside.
static bool leads_inside(const struct tar_entry *entry) {
    size_t depth = 0;
    for (const char *at = entry->path; (at = strchr(at, '/')) != NULL; at++)
        depth++;
    const char *target = entry->link;
    if (target[0] == '/')
        return false;
    bool named = false;
    for (;; target++) {
        size_t size = strcspn(target, "/");
        bool up = size == 2 && target[0] == '.' && target[1] == '.';
        if (up && (named || depth-- == 0))
            return false;
        named = named || (!up && size > 0 && !(size == 1 && target[0] == '.'));
        target += size;
        if (*target == '\0')
            return true;
    }
}

static int make_symlink(int parent, const char *base, const struct tar_entry *entry, bool inward,
                        struct fault *fault) {
    if (inward && !leads_inside(entry))
        return fail(fault, "tar: link %.200s leads out: %.200s", entry->path, entry->link);
    if (symlinkat(entry->link, parent, base) < 0)
        return fail_errno(fault, "cannot make link %.200s", entry->path);
    struct timespec times[2];
    times_of(entry, times);
    if (utimensat(parent, base, times, AT_SYMLINK_NOFOLLOW) < 0)
        return fail_errno(fault, "cannot set the time of link %.200s", entry->path);
    return 0;
}

// Two directories are needed at once, so the target's is opened beside the kept one.
static int make_hard_link(struct beneath *below, int parent, const char *base,
                          const struct tar_entry *entry, struct fault *fault) {
    struct beneath target = {.root = below->root, .parent = -1};
    const char *name;
    int directory = beneath_parent(&target, entry->link, &name, fault);
    int result = -1;
    struct stat there;
    if (directory < 0)
        return -1;
    if (fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
        fail_errno(fault, "cannot link to %.200s", entry->link);
    else if (!S_ISREG(there.st_mode))
        fail(fault, "tar: hard link to something other than a file: %.200s", entry->link);
    else if (linkat(directory, name, parent, base, 0) < 0)
        fail_errno(fault, "cannot make hard link %.200s", entry->path);
    else
        result = 0;
    if (target.parent >= 0)
        close(target.parent);
    return result;
}

static int make(struct beneath *below, struct tar_reader *reader, const struct tar_entry *entry,
                bool inward, struct fault *fault) {
    const char *base;
    int parent = beneath_parent(below, entry->path, &base, fault);
    if (parent < 0)
        return -1;
    switch (entry->type) {
    case '5':
        return make_directory(parent, base, entry, fault);
    case '0':
        return make_file(parent, base, reader, entry, fault);
    case '1':
        return make_hard_link(below, parent, base, entry, fault);
    default:
        return make_symlink(parent, base, entry, inward, fault);
    }
}

static int unpack_all(int fd, struct beneath *below, bool inward, struct fault *fault) {
    struct tar_reader reader;
    static struct tar_entry entry;
    if (tar_open(&reader, fd, fault) < 0)
        return -1;
    int more;
    while ((more = tar_next(&reader, &entry, fault)) > 0)
        if (make(below, &reader, &entry, inward, fault) < 0) {
            more = -1;
            break;
        }
    tar_close(&reader);
    return more;
}

int unpack(const char *drive, const char *directory, bool inward, struct fault *fault) {
    bool direct;
    int fd = drive_open(drive, O_RDONLY, &direct);
    if (fd < 0)
        return fail_errno(fault, "cannot open %s", drive);
    struct beneath below;
    int result = beneath_open(&below, directory, fault);
    if (result == 0) {
        result = unpack_all(fd, &below, inward, fault);
        beneath_close(&below);
    }
    close(fd);
    return result;
}
