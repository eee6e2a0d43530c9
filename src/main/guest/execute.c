#include "execute.h"

#include "built_in.h"
#include "bytes.h"
#include "drive.h"
#include "fault.h"
#include "limits.h"
#include "pack.h"
#include "plan.h"
#include "program.h"
#include "unpack.h"
#include "uplink.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NOTES = 20, // files left out of one archive that are told by name
    PAGE = 4096,
    FIRST = 4 * PAGE // read of the plan's drive before its length is known
};

struct execution {
    struct journal *journal;
    uint32_t index;         // of the step under way
    uint32_t left_out;
    bool passed;
    bool followed;          // the step before ran and succeeded
    bool stopped;           // what sets up has failed
    uint64_t since;         // when the first of the steps began that follow one another
    struct packed packed[PACKED_DRIVES];
    uint32_t packed_count;
};

static void left_out(void *context, const char *path, const char *what) {
    struct execution *e = context;
    char line[4200];
    if (e->left_out++ == NOTES)
        record_note(e->journal, e->index, "airlock: and more\n");
    if (e->left_out > NOTES)
        return;
    snprintf(line, sizeof line, "airlock: left out of the archive: %s (%s)\n", path, what);
    record_note(e->journal, e->index, line);
}

static int pack_step(struct execution *e, const struct step *step, struct fault *fault) {
    const struct pack_notes notes = {left_out, e};
    struct packed *packed = &e->packed[e->packed_count];
    e->left_out = 0;
    if (pack(step->path, step->other, &notes, &packed->length, fault) < 0)
        return -1;
    memcpy(packed->device, step->other, strlen(step->other) + 1);
    e->packed_count++;
    return 0;
}

static int run_built_in(struct execution *e, const struct step *step, struct fault *fault) {
    switch (step->kind) {
    case MAKE_DIRECTORY:
        return make_directory(step, fault);
    case WRITE_FILE:
        return write_file(step, fault);
    case LINK:
        return make_link(step, fault);
    case UNPACK:
        return unpack(step->other, step->path, step->option, fault);
    case CONNECT:
        return uplink_open(&(struct offers){.targets = step->argv,
                                            .tokens = step->environment,
                                            .proxy = step->option,
                                            .agent = step->agent},
                           fault);
    default:
        return pack_step(e, step, fault);
    }
}

static uint64_t microseconds(const struct timeval *time) {
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

// CPU time of this program itself; what it takes for a program's output is not that program's.
static void built_in(struct execution *e, const struct step *step, struct step_end *end) {
    struct rusage before, after;
    struct fault fault = {0};
    getrusage(RUSAGE_SELF, &before);
    if (run_built_in(e, step, &fault) < 0) {
        end->kind = fault.disk_full ? END_DISK_FULL : END_REFUSED;
        memcpy(end->detail, fault.text, sizeof fault.text);
    }
    getrusage(RUSAGE_SELF, &after);
    end->user = microseconds(&after.ru_utime) - microseconds(&before.ru_utime);
    end->system = microseconds(&after.ru_stime) - microseconds(&before.ru_stime);
    end->peak = (uint64_t)after.ru_maxrss;
}

static uint64_t deadline(const struct execution *e, const struct step *step) {
    return step->timeout == 0 ? 0 : e->since + (uint64_t)step->timeout * 1000000;
}

static void run_step(struct execution *e, const struct step *step) {
    struct step_end end = {.kind = END_EXITED};
    record_started(e->journal, e->index);
    if (step->when != WHEN_FOLLOWS)
        e->since = monotonic();
    if (step->kind == EXECUTE)
        run_program(e->journal, e->index, step, deadline(e, step), &end);
    else if (step->kind == TERMINAL)
        run_terminal(step, &end);
    else
        built_in(e, step, &end);
    record_ended(e->journal, e->index, &end);
    e->followed = end.kind == END_EXITED && end.value == 0;
    e->passed = e->passed && e->followed;
    e->stopped = e->stopped || (step->when == WHEN_SET_UP && !e->followed);
}

static bool runs(const struct execution *e, const struct step *step) {
    if (step->kind == TERMINAL && step->option && e->passed)
        return false; // what has not failed needs nobody to look at it
    if (e->stopped && step->kind != TERMINAL)
        return false;
    switch (step->when) {
    case WHEN_ALWAYS:
        return true;
    case WHEN_FAILED:
        return !e->passed;
    case WHEN_FOLLOWS:
        return e->followed;
    default:
        return e->passed;
    }
}

static void run_plan(struct journal *journal, const struct plan *plan) {
    static struct execution e;
    limits_set(&plan->limits);
    e = (struct execution){.journal = journal, .passed = true, .followed = true,
                           .since = monotonic()};
    for (; e.index < plan->count; e.index++) {
        if (runs(&e, &plan->steps[e.index]))
            run_step(&e, &plan->steps[e.index]);
        else
            e.followed = false;
    }
    record_finished(journal, e.passed, e.packed, e.packed_count);
}

static size_t pages(size_t length) {
    return (length + PAGE - 1) / PAGE * PAGE;
}

static uint8_t *more(uint8_t *bytes, size_t length) {
    uint8_t *longer = aligned_alloc(PAGE, pages(length));
    if (longer != NULL && bytes != NULL)
        memcpy(longer, bytes, FIRST);
    free(bytes);
    return longer;
}

// A u32 and as many bytes. O_DIRECT reads whole pages; most plans are in the first few.
static uint8_t *read_drive(int fd, size_t *length, struct fault *fault) {
    uint8_t *bytes = more(NULL, FIRST);
    ssize_t got = bytes != NULL ? read_full(fd, bytes, FIRST) : -1;
    *length = got < 4 ? 0 : get_u32(bytes);
    size_t whole = 4 + *length;
    if (*length <= PLAN_BYTES && got == FIRST && whole > FIRST) {
        bytes = more(bytes, whole);
        ssize_t rest = bytes != NULL ? read_full(fd, bytes + FIRST, pages(whole) - FIRST) : -1;
        got = rest < 0 ? -1 : got + rest;
    }
    if (got < 0)
        fail_errno(fault, "cannot read the plan");
    else if (*length > PLAN_BYTES || got < 4 || (size_t)got < whole)
        fail(fault, "the drive of the plan holds no plan: %zu bytes in %zd", *length, got);
    else
        return bytes;
    free(bytes);
    return NULL;
}

static uint8_t *read_plan(const char *drive, size_t *length, struct fault *fault) {
    bool direct;
    int fd = drive_open(drive, O_RDONLY, &direct);
    if (fd < 0) {
        fail_errno(fault, "cannot open %s", drive);
        return NULL;
    }
    uint8_t *bytes = read_drive(fd, length, fault);
    close(fd);
    return bytes;
}

void execute(struct journal *journal, const char *plan_drive) {
    struct fault fault = {0};
    struct plan plan;
    size_t length;
    umask(0); // modes are what the plan says; programs get 022
    uint8_t *bytes = read_plan(plan_drive, &length, &fault);
    if (bytes == NULL || plan_read(bytes + 4, length, &plan, &fault) < 0)
        record_broke(journal, fault.text);
    else {
        run_plan(journal, &plan);
        plan_free(&plan);
    }
    free(bytes);
}
