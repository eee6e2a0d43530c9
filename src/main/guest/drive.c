#include "drive.h"

#include <fcntl.h>
#include <sys/stat.h>

int drive_open(const char *path, int flags, bool *direct) {
    struct stat status;
    *direct = stat(path, &status) == 0 && S_ISBLK(status.st_mode);
    return open(path, flags | O_CLOEXEC | (*direct ? O_DIRECT : 0));
}
