#include "root.h"

#include "init.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAITS = 2500 }; // of 2 ms

static void wait_for(const char *path) {
    const struct timespec moment = {.tv_nsec = 2000000};
    for (int i = 0; i < WAITS && access(path, F_OK) < 0; i++)
        nanosleep(&moment, NULL);
}

static void move(const char *from, const char *to) {
    mkdir(to, 0755);
    if (mount(from, to, NULL, MS_MOVE, NULL) < 0)
        give_up("cannot move %s to %s: %s", from, to, strerror(errno));
}

void enter_root(const char *disk) {
    wait_for(disk);
    mkdir("/new", 0755);
    if (mount(disk, "/new", "ext4", MS_NOATIME, NULL) < 0)
        give_up("cannot mount the system disk %s as ext4: %s", disk, strerror(errno));
    move("/dev", "/new/dev");
    move("/proc", "/new/proc");
    move("/sys", "/new/sys");
    unlink("/init"); // the program stays, its name goes: the rest of the initramfs is empty now
    if (chdir("/new") < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 ||
        chdir("/") < 0)
        give_up("cannot make %s the root: %s", disk, strerror(errno));
}
