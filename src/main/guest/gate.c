#include "gate.h"

#include "bytes.h"
#include "execute.h"
#include "fault.h"
#include "host_line.h"
#include "init.h"
#include "names.h"
#include "port.h"
#include "record.h"
#include "rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
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

static void wake(const struct host_line *line, const struct names *names) {
    const struct timespec now = {.tv_sec = line->seconds, .tv_nsec = line->nanoseconds};
    if (clock_settime(CLOCK_REALTIME, &now) < 0)
        console("cannot set the clock: %m");
    reseed(line);
    names_take(names);
}

void gate(void) {
    struct journal journal = {.fd = port_open("ci.log"), .start = monotonic()};
    char text[HOST_LINE];
    struct host_line line;
    struct names names;
    if (journal.fd < 0)
        give_up("no virtio serial port ci.log");
    names_prepare(&names);
    do {
        record_ready(&journal);
        read_line(journal.fd, text);
        journal.start = monotonic();
        if (!host_line_parse(text, &line)) {
            record_broke(&journal, "the gate does not understand the host's line");
            break;
        }
        wake(&line, &names);
        execute(&journal, PLAN);
        if (line.rehearsal)
            rehearse_connection();
    } while (line.rehearsal);
    rest();
}
