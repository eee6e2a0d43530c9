#include "tests.h"

#include <ctype.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void make_tree(char path[64]) {
    strcpy(path, "tree.XXXXXX");
    check(mkdtemp(path) != NULL, "tree", "cannot make a directory");
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where) {
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void remove_tree(const char *path) {
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void make_file_of(const char *path, const uint8_t *bytes, size_t length) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd >= 0 && (length == 0 || write(fd, bytes, length) == (ssize_t)length), path,
          "cannot be written");
    close(fd);
}

void quote(char *to, size_t room, const uint8_t *bytes, size_t length, int quotes) {
    size_t at = strlen(to);
    if (quotes)
        at += (size_t)snprintf(to + at, room - at, "\"");
    for (size_t i = 0; i < length && at + 8 < room; i++) {
        uint8_t c = bytes[i];
        if (c == '"' || c == '\\')
            at += (size_t)snprintf(to + at, room - at, "\\%c", c);
        else if (c == '\n')
            at += (size_t)snprintf(to + at, room - at, "\\n");
        else if (c == '\0')
            at += (size_t)snprintf(to + at, room - at, "\\0");
        else if (c < ' ' || c > '~')
            at += (size_t)snprintf(to + at, room - at, "\\x%02x", c);
        else
            at += (size_t)snprintf(to + at, room - at, "%c", c);
    }
    if (quotes)
        snprintf(to + at, room - at, "\"");
}
