#include "port.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WAITS = 2500 }; // of 2 ms

static bool has_name(const char *port, const char *name) {
    char path[300], said[64];
    snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", port);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, said, sizeof said - 1);
    close(fd);
    said[length > 0 ? length : 0] = '\0';
    said[strcspn(said, "\n")] = '\0';
    return strcmp(said, name) == 0;
}

static int try_open(const char *name) {
    DIR *ports = opendir("/sys/class/virtio-ports");
    int fd = -1;
    if (ports == NULL)
        return -1;
    for (struct dirent *e; fd < 0 && (e = readdir(ports)) != NULL;) {
        char path[300];
        snprintf(path, sizeof path, "/dev/%s", e->d_name);
        if (e->d_name[0] != '.' && has_name(e->d_name, name))
            fd = open(path, O_RDWR | O_CLOEXEC);
    }
    closedir(ports);
    return fd;
}

// The host tells a port's name only after the driver has started, so it may come late.
int port_open(const char *name) {
    const struct timespec moment = {.tv_nsec = 2000000};
    int fd = try_open(name);
    for (int i = 0; fd < 0 && i < WAITS; i++) {
        nanosleep(&moment, NULL);
        fd = try_open(name);
    }
    return fd;
}
