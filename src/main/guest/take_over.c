#include "take_over.h"

#include "bytes.h"
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define PLACE "/run/airlock-gate"

static int failed(const char *what) {
    console("cannot take over: %s: %m", what);
    return 1;
}

static int copy(int from, const char *path) {
    uint8_t bytes[16 << 10];
    ssize_t got;
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (to < 0)
        return -1;
    while ((got = read_full(from, bytes, sizeof bytes)) > 0)
        if (write_all(to, bytes, (size_t)got) < 0)
            break;
    close(to); // an open file can't be executed
    return got == 0 ? 0 : -1;
}

// SELinux would not let process 1 become a program that its policy does not know.
static void permit(void) {
    int fd = open("/sys/fs/selinux/enforce", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write_all(fd, "0", 1) < 0)
            console("cannot make SELinux permissive: %m");
        close(fd);
    }
}

int take_over_main(void) {
    char systemd[4096];
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int mounts = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);
    ssize_t length = readlink("/proc/1/exe", systemd, sizeof systemd - 1);
    if (self < 0 || mounts < 0 || length <= 0)
        return failed("/proc");
    systemd[length] = '\0';
    const char *name = strrchr(systemd, '/');
    if (name == NULL || strcmp(name, "/systemd") != 0) {
        console("cannot take over: process 1 is %.200s, only systemd is known", systemd);
        return 1;
    }
    if (setns(mounts, CLONE_NEWNS) < 0)
        return failed("the mounts of process 1");
    permit();
    // of its own, since /run is often mounted without programs
    if ((mkdir(PLACE, 0755) < 0 && errno != EEXIST) ||
        mount("airlock", PLACE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m") < 0)
        return failed(PLACE);
    if (copy(self, PLACE "/gate") < 0)
        return failed(PLACE "/gate");
    if (mount(PLACE "/gate", systemd, NULL, MS_BIND, NULL) < 0)
        return failed(systemd);
    // systemd(1): process 1 executes its own program anew
    return kill(1, SIGTERM) < 0 ? failed("process 1") : 0;
}

// systemd executes itself with signals blocked and ignored, and with files for its next self.
static void be_fresh(void) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    syscall(SYS_close_range, 0U, ~0U, 0U);
    clearenv();
    if (chdir("/") < 0)
        console("cannot go to /: %m");
}

// Who loses its parent becomes a child of process 1, so all are gone when no child is left.
static void end_all(void) {
    do {
        kill(-1, SIGKILL);
    } while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

static void detach(const char *path) {
    while (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
        continue;
}

void take_over(void) {
    static const char *const places[] = {"/etc/machine-id", "/tmp", "/run", "/sys", "/dev", "/proc"};
    char systemd[4096];
    ssize_t length = readlink("/proc/self/exe", systemd, sizeof systemd - 1);
    be_fresh();
    end_all();
    if (length > 0) {
        systemd[length] = '\0';
        detach(systemd); // systemd's own program is below
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        detach(places[i]);
}
