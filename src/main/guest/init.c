#include "init.h"

#include "fault.h"
#include "limits.h"
#include "modules.h"
#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void give_up(const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console("%s; the VM ends", text);
    reboot(RB_AUTOBOOT);
    _exit(1); // the kernel panics without process 1, which ends the VM too
}

static void mount_new(const char *type, const char *at, unsigned long flags, const char *options) {
    mkdir(at, 0755);
    if (mount(type, at, type, flags, options) < 0)
        console("cannot mount %s on %s: %m", type, at);
}

static void open_console(void) {
    int fd = open("/dev/console", O_RDWR);
    for (int i = 0; fd >= 0 && i < 3; i++)
        dup2(fd, i);
    if (fd > 2)
        close(fd);
}

static void mount_early(void) {
    mount_new("devtmpfs", "/dev", MS_NOSUID, "mode=755");
    open_console();
    mount_new("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_new("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static void mount_late(void) {
    mount_new("tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755");
    mount_new("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777");
    mount_new("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777");
    mount_new("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
    static const char *const links[][2] = {
        {"/proc/self/fd", "/dev/fd"},
        {"/proc/self/fd/0", "/dev/stdin"},
        {"/proc/self/fd/1", "/dev/stdout"},
        {"/proc/self/fd/2", "/dev/stderr"},
    };
    for (int i = 0; i < 4; i++)
        if (symlink(links[i][0], links[i][1]) < 0 && errno != EEXIST)
            console("cannot make %s: %m", links[i][1]);
}

// The scratch disk, so that room does not depend on the image; without one a directory will do.
static void mount_scratch(void) {
    mkdir("/ci", 0755);
    if (access("/dev/vdh", F_OK) == 0 && mount("/dev/vdh", "/ci", "ext4", MS_NOATIME, NULL) < 0)
        console("cannot mount scratch disk /dev/vdh on /ci, using the system disk: %m");
    static const char *const places[] = {"/ci/src", "/ci/deps", "/ci/cache", "/ci/artifacts"};
    for (int i = 0; i < 4; i++)
        mkdir(places[i], 0755);
    mount_new("tmpfs", "/ci/secrets", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=700,size=16m");
}

static void loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0) {
        console("no loopback interface: %m");
    } else {
        request.ifr_flags |= IFF_UP;
        if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
            console("cannot bring loopback up: %m");
    }
    if (fd >= 0)
        close(fd);
}

static void finish(void) {
    mount_late();
    mount_scratch();
    loopback_up();
    limits_init();
    const struct rlimit files = {1 << 19, 1 << 19};
    setrlimit(RLIMIT_NOFILE, &files); // packing keeps a directory open per level
}

void init(void) {
    umask(0);
    mount_early();
    load_modules("/modules");
    enter_root("/dev/vda");
    finish();
}

// A kernel that panics ends the VM, which ours are told on their command line.
static void panic_resets(void) {
    int fd = open("/proc/sys/kernel/panic", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "-1", 2) < 0)
        console("a kernel that panics will stand still: %m");
    if (fd >= 0)
        close(fd);
}

void init_system(void) {
    umask(0);
    mount_early();
    panic_resets();
    finish();
}
