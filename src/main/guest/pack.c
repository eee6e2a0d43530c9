#include "pack.h"

#include "drive.h"
#include "hard_links.h"
#include "tar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct packing {
    struct tar_writer writer;
    struct tar_entry entry; // its path grows and shrinks with the walk
    struct hard_links links;
    const struct pack_notes *notes;
    struct fault *fault;
};

struct names {
    char **names;
    size_t count, room;
};

static int by_bytes(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static bool keep(struct names *names, const char *name) {
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 32 : names->room * 2;
        char **more = realloc(names->names, room * sizeof *more);
        if (more == NULL)
            return false;
        names->names = more;
        names->room = room;
    }
    names->names[names->count] = strdup(name);
    return names->names[names->count++] != NULL;
}

static void drop(struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
}

// The names in a directory, sorted; `fd` stays the caller's.
static int list(int fd, struct names *names, struct packing *p) {
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
    if (directory == NULL) {
        if (copy >= 0)
            close(copy);
        return fail_errno(p->fault, "cannot list %.200s", p->entry.path);
    }
    bool all = true;
    for (struct dirent *e; all && (e = readdir(directory)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            all = keep(names, e->d_name);
    closedir(directory);
    if (!all)
        return fail(p->fault, "no memory to list %.200s", p->entry.path);
    if (names->count > 0)
        qsort(names->names, names->count, sizeof *names->names, by_bytes);
    return 0;
}

static int copy_content(struct packing *p, int fd) {
    uint64_t left = p->entry.size;
    while (left > 0) {
        size_t room;
        uint8_t *to = tar_room(&p->writer, &room);
        ssize_t got = read(fd, to, left < room ? (size_t)left : room);
        if (got < 0)
            return fail_errno(p->fault, "cannot read %.200s", p->entry.path);
        if (got == 0)
            return fail(p->fault, "%.200s shrank while it was packed", p->entry.path);
        if (tar_wrote(&p->writer, (size_t)got, p->fault) < 0)
            return -1;
        left -= (uint64_t)got;
    }
    return tar_pad(&p->writer, p->fault);
}

static int pack_file(struct packing *p, int parent, const char *name, const struct stat *status) {
    const char *first = status->st_nlink < 2 ? NULL :
        hard_links_first(&p->links, status->st_dev, status->st_ino, p->entry.path);
    if (first != NULL) {
        p->entry.type = '1';
        snprintf(p->entry.link, sizeof p->entry.link, "%s", first);
        return tar_put(&p->writer, &p->entry, p->fault);
    }
    int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(p->fault, "cannot open %.200s", p->entry.path);
    p->entry.type = '0';
    p->entry.size = (uint64_t)status->st_size;
    int result = tar_put(&p->writer, &p->entry, p->fault);
    if (result == 0)
        result = copy_content(p, fd);
    close(fd);
    return result;
}

static int pack_symlink(struct packing *p, int parent, const char *name) {
    ssize_t length = readlinkat(parent, name, p->entry.link, sizeof p->entry.link - 1);
    if (length < 0)
        return fail_errno(p->fault, "cannot read link %.200s", p->entry.path);
    p->entry.link[length] = '\0';
    p->entry.type = '2';
    return tar_put(&p->writer, &p->entry, p->fault);
}

static int walk(struct packing *p, int fd, size_t length);

static int pack_directory(struct packing *p, int parent, const char *name, size_t length) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(p->fault, "cannot open directory %.200s", p->entry.path);
    p->entry.type = '5';
    p->entry.path[length] = '/';
    p->entry.path[length + 1] = '\0';
    int result = tar_put(&p->writer, &p->entry, p->fault);
    if (result == 0)
        result = walk(p, fd, length + 1);
    close(fd);
    return result;
}

static const char *kind(mode_t mode) {
    return S_ISSOCK(mode) ? "socket" : S_ISFIFO(mode) ? "fifo" : "device";
}

static int pack_one(struct packing *p, int parent, const char *name, size_t length) {
    struct stat status;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return fail_errno(p->fault, "cannot look at %.200s", p->entry.path);
    p->entry.mode = status.st_mode & 0777;
    p->entry.mtime = S_ISREG(status.st_mode) ? status.st_mtime : 0; // others change by unpacking
    p->entry.size = 0;
    p->entry.link[0] = '\0';
    if (S_ISREG(status.st_mode))
        return pack_file(p, parent, name, &status);
    if (S_ISDIR(status.st_mode))
        return pack_directory(p, parent, name, length);
    if (S_ISLNK(status.st_mode))
        return pack_symlink(p, parent, name);
    p->notes->left_out(p->notes->context, p->entry.path, kind(status.st_mode));
    return 0;
}

// `length` bytes of entry.path are the directory's own path with its closing slash.
static int walk(struct packing *p, int fd, size_t length) {
    struct names names = {0};
    int result = list(fd, &names, p);
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        size_t size = strlen(names.names[i]);
        if (length + size + 2 > TAR_NAME) {
            result = fail(p->fault, "a path is longer than %d bytes: %.200s", TAR_NAME - 2,
                          p->entry.path);
            break;
        }
        memcpy(p->entry.path + length, names.names[i], size + 1);
        result = pack_one(p, fd, names.names[i], length + size);
    }
    drop(&names);
    return result;
}

static int pack_onto(struct packing *p, int from, int to, const char *drive) {
    if (tar_create(&p->writer, to, drive, p->fault) < 0)
        return -1;
    int result = walk(p, from, 0);
    if (result == 0)
        result = tar_finish(&p->writer, p->fault);
    tar_drop(&p->writer);
    hard_links_free(&p->links);
    return result;
}

int pack(const char *directory, const char *drive, const struct pack_notes *notes,
         uint64_t *length, struct fault *fault) {
    static struct packing p;
    p = (struct packing){.notes = notes, .fault = fault};
    int from = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0)
        return fail_errno(fault, "cannot open directory %s", directory);
    bool direct;
    int to = drive_open(drive, O_WRONLY, &direct);
    int result = to >= 0 ? pack_onto(&p, from, to, drive) : fail_errno(fault, "cannot open %s", drive);
    if (result == 0 && !direct && fsync(to) < 0)
        result = fail_errno(fault, "cannot write the archive to %s", drive);
    if (to >= 0)
        close(to);
    close(from);
    *length = p.writer.length;
    return result;
}
