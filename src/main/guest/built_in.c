#include "built_in.h"

#include "bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_one(const char *path, mode_t mode, struct fault *fault) {
    if (mkdir(path, mode) == 0)
        return 0;
    int cause = errno;
    struct stat there;
    if (cause == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode))
        return 0;
    errno = cause;
    return fail_errno(fault, "cannot make directory %.200s", path);
}

int make_directory(const struct step *step, struct fault *fault) {
    char path[4096];
    memcpy(path, step->path, strlen(step->path) + 1);
    for (char *slash = path; step->option && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        if (make_one(path, 0755, fault) < 0)
            return -1;
        *slash = '/';
    }
    return make_one(path, (mode_t)step->mode, fault);
}

int write_file(const struct step *step, struct fault *fault) {
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (step->option ? O_TRUNC : O_EXCL);
    int fd = open(step->path, flags, (mode_t)step->mode);
    if (fd < 0)
        return fail_errno(fault, "cannot make file %.200s", step->path);
    int result = 0;
    if (fchmod(fd, (mode_t)step->mode) < 0 || write_all(fd, step->content, step->length) < 0)
        result = fail_errno(fault, "cannot write %.200s", step->path);
    close(fd);
    return result;
}

static bool is_there(const struct step *step) {
    char target[4096];
    ssize_t length = readlink(step->path, target, sizeof target);
    return length >= 0 && (size_t)length == strlen(step->other) &&
           memcmp(target, step->other, (size_t)length) == 0;
}

int make_link(const struct step *step, struct fault *fault) {
    if (symlink(step->other, step->path) == 0)
        return 0;
    int cause = errno;
    if (cause == EEXIST && is_there(step))
        return 0;
    errno = cause;
    return fail_errno(fault, "cannot make link %.200s", step->path);
}
