// Opens a drive past the page cache.
#ifndef AIRLOCK_DRIVE_H
#define AIRLOCK_DRIVE_H

#include <stdbool.h>

// `flags` are O_RDONLY or O_WRONLY. A block device is opened with O_DIRECT: none of its blocks
// stays in the cache of a saved VM, and what has been written is with the host when the write
// returns. A file (in tests) is opened as it is. The descriptor, or -1 with errno.
int drive_open(const char *path, int flags, bool *direct);

#endif
