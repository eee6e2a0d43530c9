#include "bytes.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    while (length > 0) {
        ssize_t written = write(fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written < 0 ? errno : EIO;
            return -1;
        }
        at += written;
        length -= (size_t)written;
    }
    return 0;
}

ssize_t read_full(int fd, void *bytes, size_t length) {
    size_t got = 0;
    while (got < length) {
        ssize_t piece = read(fd, (uint8_t *)bytes + got, length - got);
        if (piece < 0 && errno == EINTR)
            continue;
        if (piece < 0)
            return -1;
        if (piece == 0)
            break;
        got += (size_t)piece;
    }
    return (ssize_t)got;
}
