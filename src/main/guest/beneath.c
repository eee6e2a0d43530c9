#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// From linux/openat2.h, which musl does not bring.
struct open_how {
    uint64_t flags, mode, resolve;
};
enum { RESOLVE_NO_XDEV = 0x01, RESOLVE_NO_SYMLINKS = 0x04, RESOLVE_BENEATH = 0x08 };
enum { SYSCALL_OPENAT2 = 437 };

static int open_below(int root, const char *path) {
    struct open_how how = {
        .flags = O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
    };
    return (int)syscall(SYSCALL_OPENAT2, root, path, &how, sizeof how);
}

int beneath_open(struct beneath *beneath, const char *directory, struct fault *fault) {
    beneath->parent = -1;
    beneath->path[0] = '\0';
    beneath->root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return beneath->root >= 0 ? 0 : fail_errno(fault, "cannot open directory %s", directory);
}

static void forget(struct beneath *beneath) {
    if (beneath->parent >= 0)
        close(beneath->parent);
    beneath->parent = -1;
    beneath->path[0] = '\0';
}

void beneath_close(struct beneath *beneath) {
    forget(beneath);
    close(beneath->root);
}

// Archives may leave directories out; each one is made below the one before it.
static int make_parents(int root, const char *path) {
    char part[4096];
    int at = dup(root);
    for (const char *rest = path; at >= 0 && *rest != '\0';) {
        size_t length = strcspn(rest, "/");
        memcpy(part, rest, length);
        part[length] = '\0';
        int made = mkdirat(at, part, 0755);
        int next = made == 0 || errno == EEXIST ? open_below(at, part) : -1;
        int cause = errno;
        close(at);
        errno = cause;
        at = next;
        rest += length + (rest[length] == '/');
    }
    return at;
}

int beneath_parent(struct beneath *beneath, const char *path, const char **base,
                   struct fault *fault) {
    const char *slash = strrchr(path, '/');
    *base = slash == NULL ? path : slash + 1;
    if (slash == NULL)
        return beneath->root;
    size_t length = (size_t)(slash - path);
    if (length >= sizeof beneath->path)
        return fail(fault, "a name is too long");
    if (beneath->parent >= 0 && strlen(beneath->path) == length &&
        memcmp(beneath->path, path, length) == 0)
        return beneath->parent;
    forget(beneath);
    memcpy(beneath->path, path, length);
    beneath->path[length] = '\0';
    beneath->parent = open_below(beneath->root, beneath->path);
    if (beneath->parent < 0 && errno == ENOENT)
        beneath->parent = make_parents(beneath->root, beneath->path);
    if (beneath->parent < 0)
        return fail_errno(fault, "cannot go into %.200s", beneath->path);
    return beneath->parent;
}
