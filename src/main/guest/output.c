#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    PACKET = 4096,        // most bytes of a pipe's packet; a longer write is several
    PIPE = 2048 * PACKET, // a write that has to wait for room queues a signal too many
    UNPRIVILEGED = 1 << 20,
    TURN = 64,            // writes that are looked at in one
    PENDING = 1 << 16     // signals that may be queued
};

static int signal_of_writes(void) {
    return SIGRTMIN; // the first one whose signals are queued
}

// Each write is a packet of its own, and queues a signal that names the pipe. Both ends close on exec;
// only ours does not block, so that no one can hold us up. Source: pipe(2), fcntl(2).
static bool open_pipe(int *ours, int *theirs) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_DIRECT) < 0)
        return false;
    *ours = ends[0];
    *theirs = ends[1];
    if (fcntl(ends[0], F_SETPIPE_SZ, PIPE) < 0)
        fcntl(ends[0], F_SETPIPE_SZ, UNPRIVILEGED);
    return fcntl(ends[0], F_SETOWN, getpid()) == 0 &&
        fcntl(ends[0], F_SETSIG, signal_of_writes()) == 0 &&
        fcntl(ends[0], F_SETFL, O_NONBLOCK | O_ASYNC) == 0;
}

static int open_signals(void) {
    const struct rlimit pending = {PENDING, PENDING};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, signal_of_writes());
    sigaddset(&signals, SIGIO); // instead of one that could not be queued
    sigprocmask(SIG_BLOCK, &signals, NULL);
    setrlimit(RLIMIT_SIGPENDING, &pending);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool output_open(struct output *output, struct journal *journal, uint32_t step,
                 int ends[STREAM_END]) {
    struct signalfd_siginfo earlier;
    *output = (struct output){.journal = journal, .step = step, .pipes = {-1, -1, -1, -1}};
    for (int stream = 0; stream < STREAM_END; stream++)
        ends[stream] = -1;
    output->writes = open_signals();
    if (output->writes < 0)
        return false;
    while (read(output->writes, &earlier, sizeof earlier) > 0)
        continue; // what an earlier step's processes wrote
    for (int stream = STREAM_OUT; stream < STREAM_END; stream++)
        if (!open_pipe(&output->pipes[stream], &ends[stream]))
            return false;
    return true;
}

static void flush(struct output *output) {
    if (output->length > 0)
        record_output(output->journal, output->step, output->stream, output->length);
    output->length = 0;
}

// One write of a program, if it is there still: a packet, and the next one behind each full one. A write of
// exactly 4,096 bytes may thereby have the next one of its stream taken with it.
static bool take(struct output *output, uint8_t stream) {
    ssize_t got, some = 0;
    if (output->stream != stream)
        flush(output);
    output->stream = stream;
    do {
        if (OUTPUT_PIECE - output->length < PACKET)
            flush(output); // a packet that is read in part is lost
        got = read(output->pipes[stream], output_buffer() + output->length,
                   OUTPUT_PIECE - output->length);
        if (got > 0) {
            output->length += (size_t)got;
            some += got;
        }
    } while ((got >= PACKET && some < PIPE) || (got < 0 && errno == EINTR));
    return some > 0;
}

// Where signals were lost the order is, too.
static void take_all(struct output *output) {
    for (bool more = true; more;) {
        more = false;
        for (uint8_t stream = STREAM_OUT; stream < STREAM_END; stream++)
            more = take(output, stream) || more; // in turn, so that none is far ahead
    }
}

// Whether there were any.
static bool take_signalled(struct output *output) {
    struct signalfd_siginfo writes[TURN];
    bool lost = false;
    ssize_t got = read(output->writes, writes, sizeof writes);
    for (ssize_t i = 0; i * (ssize_t)sizeof *writes < got; i++) {
        lost = lost || writes[i].ssi_signo == SIGIO;
        for (uint8_t stream = STREAM_OUT; stream < STREAM_END; stream++)
            if (output->pipes[stream] == writes[i].ssi_fd)
                take(output, stream);
    }
    if (lost)
        take_all(output);
    return got > 0;
}

void output_turn(struct output *output) {
    take_signalled(output);
    flush(output);
}

void output_end(struct output *output) {
    while (take_signalled(output))
        continue;
    take_all(output);
    flush(output);
}

void output_close(struct output *output) {
    for (int stream = STREAM_OUT; stream < STREAM_END; stream++)
        if (output->pipes[stream] >= 0)
            close(output->pipes[stream]);
    if (output->writes >= 0)
        close(output->writes);
}
