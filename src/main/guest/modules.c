#include "modules.h"

#include "fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_module(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".ko") == 0;
}

static int by_bytes(const struct dirent **one, const struct dirent **other) {
    return strcmp((*one)->d_name, (*other)->d_name);
}

static void load(int directory, const char *name) {
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST))
        console("cannot load module %s: %m", name);
    if (fd >= 0)
        close(fd);
    unlinkat(directory, name, 0);
}

void load_modules(const char *directory) {
    struct dirent **modules;
    int count = scandir(directory, &modules, is_module, by_bytes);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < count; i++) {
        load(fd, modules[i]->d_name);
        free(modules[i]);
    }
    if (count >= 0)
        free(modules);
    if (fd >= 0)
        close(fd);
    rmdir(directory);
}
