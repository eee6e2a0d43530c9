#include "names.h"

#include "fault.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { DIGITS = 32, NAME = 8 }; // of the machine id, and of those how many in the host name

static void put(int fd, const char *text, off_t at, const char *path) {
    if (fd >= 0 && pwrite(fd, text, strlen(text), at) < 0)
        console("cannot write %s: %m", path);
}

static void write_names(const struct names *names, const char id[DIGITS + 2]) {
    char line[64];
    put(names->machine_id, id, 0, "/etc/machine-id");
    snprintf(line, sizeof line, "127.0.1.1\tairlock-%.*s\n", NAME, id);
    put(names->hosts, line, names->line, "/etc/hosts");
}

static int open_file(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        console("cannot open %s: %m", path);
    return fd;
}

void names_prepare(struct names *names) {
    char nobody[DIGITS + 2];
    memset(nobody, '0', DIGITS);
    strcpy(nobody + DIGITS, "\n");
    unlink("/etc/machine-id"); // an image may have one that is empty, or a link
    names->machine_id = open_file("/etc/machine-id");
    names->hosts = open_file("/etc/hosts");
    names->line = names->hosts >= 0 ? lseek(names->hosts, 0, SEEK_END) : 0;
    write_names(names, nobody);
}

void names_take(const struct names *names) {
    uint8_t bytes[DIGITS / 2];
    char id[DIGITS + 2], name[32];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        console("no random bytes: %m");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    strcpy(id + DIGITS, "\n");
    snprintf(name, sizeof name, "airlock-%.*s", NAME, id);
    if (sethostname(name, strlen(name)) < 0)
        console("cannot set the host name: %m");
    write_names(names, id);
}
