#include "gate.h"

#include "bytes.h"
#include "execute.h"
#include "fault.h"
#include "host_line.h"
#include "init.h"
#include "port.h"
#include "record.h"
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void rest(void) {
    for (;;)
        pause();
}

// One byte at a time: what follows the line is not ours. An empty read means that nobody is at the
// other end right now, so it is tried again.
static void read_line(int fd, char line[HOST_LINE]) {
    const struct timespec moment = {.tv_nsec = 2000000};
    for (size_t length = 0; length < HOST_LINE - 1;) {
        ssize_t got = read(fd, line + length, 1);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            give_up("cannot read the host's line: %s", strerror(errno));
        if (got <= 0) {
            nanosleep(&moment, NULL);
            continue;
        }
        if (line[length] == '\n') {
            line[length] = '\0';
            return;
        }
        length++;
    }
    line[HOST_LINE - 1] = '\0';
}

// A VM that was saved and started again wakes with old random state: what the host sends goes in
// before anything asks for random bytes.
static void reseed(const struct host_line *line) {
    struct {
        int bits, size;
        uint8_t bytes[SEED];
    } pool = {.bits = 8 * SEED, .size = SEED};
    memcpy(pool.bytes, line->seed, SEED);
    int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, _IOW('R', 0x03, int[2]), &pool) < 0 || ioctl(fd, _IO('R', 0x07)) < 0)
        console("cannot reseed the kernel: %m");
    if (fd >= 0)
        close(fd);
}

static void append(const char *path, int flags, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0644);
    if (fd < 0 || write_all(fd, text, strlen(text)) < 0)
        console("cannot write %s: %m", path);
    if (fd >= 0)
        close(fd);
}

// All that are saved together would have one identity. In a rehearsal the names go elsewhere and are
// forgotten: what QEMU translates for them stays.
static void name_yourself(bool rehearsal) {
    const char *const machine_id = rehearsal ? "/etc/.rehearsal-id" : "/etc/machine-id";
    const char *const hosts = rehearsal ? "/etc/.rehearsal-hosts" : "/etc/hosts";
    uint8_t bytes[16];
    char id[2 * sizeof bytes + 2], name[24], line[64];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        console("no random bytes: %m");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    id[2 * sizeof bytes] = '\n';
    id[2 * sizeof bytes + 1] = '\0';
    append(machine_id, O_TRUNC, id);
    snprintf(name, sizeof name, "airlock-%.8s", id);
    if (!rehearsal && sethostname(name, strlen(name)) < 0)
        console("cannot set the host name: %m");
    snprintf(line, sizeof line, "127.0.1.1\t%s\n", name);
    append(hosts, O_APPEND, line);
    if (rehearsal) {
        unlink(machine_id);
        unlink(hosts);
    }
}

static void wake(const struct host_line *line) {
    const struct timespec now = {.tv_sec = line->seconds, .tv_nsec = line->nanoseconds};
    if (clock_settime(CLOCK_REALTIME, &now) < 0)
        console("cannot set the clock: %m");
    reseed(line);
    name_yourself(line->rehearsal);
}

// Whether a file holds the very bytes of this program.
static bool is_this_program(const char *path) {
    static uint8_t here[64 << 10], there[64 << 10];
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int other = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t got = -1;
    while (self >= 0 && other >= 0 && (got = read_full(self, here, sizeof here)) > 0)
        if (read_full(other, there, sizeof there) != got || memcmp(here, there, (size_t)got) != 0) {
            got = -1;
            break;
        }
    bool same = got == 0 && read(other, there, 1) == 0;
    if (self >= 0)
        close(self);
    if (other >= 0)
        close(other);
    return same;
}

// The executor gets the port and the start of the clock as words, and nothing else.
static void become_executor(struct journal *journal, struct fault *fault) {
    char fd[16], start[24];
    snprintf(fd, sizeof fd, "%d", journal->fd);
    snprintf(start, sizeof start, "%llu", (unsigned long long)journal->start);
    char *const words[] = {"executor", "execute", fd, start, NULL};
    char *const environment[] = {NULL};
    fcntl(journal->fd, F_SETFD, 0);
    execve(EXECUTOR, words, environment);
    fail_errno(fault, "cannot start the executor of /dev/vdb");
}

// An executor that is this program again is not started: what was translated of it, and what it
// has open, stays. Another one leaves no gate behind that could wait once more.
static void hand_over(struct journal *journal, bool rehearsal) {
    struct fault fault = {0};
    mkdir("/run/airlock", 0700);
    if (unpack("/dev/vdb", "/run/airlock", true, &fault) == 0) {
        if (is_this_program(EXECUTOR)) {
            unlink(EXECUTOR);
            execute(journal, PLAN);
            return;
        }
        if (rehearsal)
            fail(&fault, "the executor of /dev/vdb is of another build and can't be rehearsed");
        else
            become_executor(journal, &fault);
    }
    record_broke(journal, fault.text);
}

void gate(void) {
    struct journal journal = {.fd = port_open("ci.log"), .start = monotonic()};
    char text[HOST_LINE];
    struct host_line line;
    if (journal.fd < 0)
        give_up("no virtio serial port ci.log");
    do {
        record_ready(&journal);
        read_line(journal.fd, text);
        journal.start = monotonic();
        if (!host_line_parse(text, &line)) {
            record_broke(&journal, "the gate does not understand the host's line");
            break;
        }
        wake(&line);
        hand_over(&journal, line.rehearsal);
    } while (line.rehearsal);
    rest();
}
