#include "program.h"

#include "bytes.h"
#include "exhaustion.h"
#include "others.h"
#include "output.h"
#include "settle.h"
#include "spawn.h"
#include "terminal.h"
#include "uplink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT, CHILDREN, UPLINK, SOURCES = UPLINK + UPLINK_SOURCES };

struct running {
    struct output output;
    struct pollfd sources[SOURCES];
    struct exhaustion exhaustion;
    pid_t pid;              // 0 for whichever terminal ends first
    uint64_t deadline;      // 0 for none
    bool stays;             // others may come when that has ended
    bool ended;
    struct step_end *end;
};

static int open_stdin(const struct step *step) {
    if (step->length == 0)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("stdin", MFD_CLOEXEC);
    if (fd >= 0 && (write_all(fd, step->content, step->length) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static int open_children(struct pollfd *source) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    int fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    *source = (struct pollfd){.fd = fd, .events = POLLIN};
    return fd;
}

static void reaped(struct running *r, pid_t pid, int status, const struct rusage *usage) {
    struct step_end *end = r->end;
    end->user += (uint64_t)usage->ru_utime.tv_sec * 1000000 + (uint64_t)usage->ru_utime.tv_usec;
    end->system += (uint64_t)usage->ru_stime.tv_sec * 1000000 + (uint64_t)usage->ru_stime.tv_usec;
    if ((uint64_t)usage->ru_maxrss > end->peak)
        end->peak = (uint64_t)usage->ru_maxrss;
    if (r->ended || (r->pid > 0 ? pid != r->pid : !terminal_ends(pid) || r->stays))
        return;
    r->ended = true;
    end->kind = WIFSIGNALED(status) ? END_SIGNALLED : END_EXITED;
    end->value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

// The program itself, and every orphan that process 1 was given.
static void reap(struct running *r, int flags) {
    int status;
    struct rusage usage;
    pid_t pid;
    while ((pid = wait4(-1, &status, flags, &usage)) > 0 || (pid < 0 && errno == EINTR))
        if (pid > 0)
            reaped(r, pid, status, &usage);
}

// How long to wait for something to happen, in milliseconds; past the deadline the step is over.
static int moment(struct running *r) {
    uint64_t now = r->deadline > 0 ? monotonic() : 0;
    if (r->deadline == 0 || now + (uint64_t)EXHAUSTION_EVERY * 1000000 <= r->deadline)
        return EXHAUSTION_EVERY;
    if (now < r->deadline)
        return (int)((r->deadline - now + 999999) / 1000000);
    r->ended = true;
    r->end->kind = END_TIMED_OUT;
    return 0;
}

static void wait_for_end(struct running *r) {
    while (!r->ended && (r->pid > 0 || uplink_is_open())) {
        uplink_watch(&r->sources[UPLINK]);
        int ready = poll(r->sources, SOURCES, moment(r));
        if (ready == 0)
            exhaustion_look(&r->exhaustion);
        if (ready <= 0)
            continue;
        if (r->sources[OUTPUT].revents != 0)
            output_turn(&r->output);
        if (r->sources[CHILDREN].revents != 0) {
            struct signalfd_siginfo ignored;
            while (read(r->sources[CHILDREN].fd, &ignored, sizeof ignored) > 0)
                continue;
            reap(r, WNOHANG);
        }
        if (r->sources[UPLINK].revents != 0 || r->sources[UPLINK + 1].revents != 0)
            uplink_turn();
    }
}

static void clear_up(struct running *r) {
    exhaustion_look(&r->exhaustion);
    end_others(r->pid);
    reap(r, others_all_end ? 0 : WNOHANG);
    if (r->sources[OUTPUT].fd >= 0)
        output_end(&r->output);
    uplink_settle();
}

static void close_sources(struct running *r) {
    if (r->sources[CHILDREN].fd >= 0)
        close(r->sources[CHILDREN].fd);
}

static int start(struct running *r, const struct step *step, struct fault *fault) {
    int streams[STREAM_END];
    int result = -1;
    bool opened = output_open(&r->output, r->output.journal, r->output.step, streams);
    streams[0] = open_stdin(step);
    r->sources[OUTPUT] = (struct pollfd){.fd = r->output.writes, .events = POLLIN};
    if (!opened || streams[0] < 0 || open_children(&r->sources[CHILDREN]) < 0)
        fail_errno(fault, "cannot open the streams of %.200s", step->argv[0]);
    else
        result = spawn(step, streams, &r->pid, fault);
    for (int i = 0; i < STREAM_END; i++)
        if (streams[i] >= 0)
            close(streams[i]);
    return result;
}

static void refuse(struct step_end *end, const struct fault *fault) {
    end->kind = fault->disk_full ? END_DISK_FULL : END_REFUSED;
    end->value = 0;
    snprintf(end->detail, sizeof end->detail, "%s", fault->text);
}

void run_program(struct journal *journal, uint32_t index, const struct step *step,
                 uint64_t deadline, struct step_end *end) {
    struct running r = {.output = {.journal = journal, .step = index}, .end = end,
                        .deadline = deadline, .sources = {{.fd = -1}, {.fd = -1}}};
    struct fault fault = {0};
    exhaustion_begin(&r.exhaustion);
    if (start(&r, step, &fault) < 0) {
        reap(&r, WNOHANG);
        refuse(end, &fault);
    } else {
        wait_for_end(&r);
        clear_up(&r);
        exhaustion_judge(&r.exhaustion, end);
    }
    output_close(&r.output);
    close_sources(&r);
}

void run_terminal(const struct step *step, struct step_end *end) {
    struct running r = {.end = end, .stays = step->option, .sources = {{.fd = -1}, {.fd = -1}}};
    struct fault fault = {0};
    exhaustion_begin(&r.exhaustion);
    int result = open_children(&r.sources[CHILDREN]) < 0
        ? fail_errno(&fault, "cannot wait for a terminal")
        : uplink_terminals(step->environment, &fault);
    if (result == 0) {
        wait_for_end(&r);
        bool ended = r.ended;
        clear_up(&r);
        settle_root();
        if (!ended)
            result = fail(&fault, "the host closed the uplink while terminals were served");
    }
    if (result < 0)
        refuse(end, &fault);
    close_sources(&r);
}
