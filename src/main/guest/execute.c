#include "execute.h"

#include "built_in.h"
#include "bytes.h"
#include "fault.h"
#include "pack.h"
#include "plan.h"
#include "processes.h"
#include "program.h"
#include "unpack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTES = 20 }; // files left out of one archive that are told by name

struct execution {
    struct journal *journal;
    uint32_t index;         // of the step under way
    uint32_t left_out;
    bool passed;
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

static void run_step(struct execution *e, const struct step *step) {
    struct step_end end = {.kind = END_EXITED};
    record_started(e->journal, e->index);
    if (step->kind == EXECUTE)
        run_program(e->journal, e->index, step, &end);
    else
        built_in(e, step, &end);
    record_ended(e->journal, e->index, &end);
    if (end.kind != END_EXITED || end.value != 0)
        e->passed = false;
}

static void run_plan(struct journal *journal, const struct plan *plan) {
    static struct execution e;
    processes_limit(plan->processes);
    e = (struct execution){.journal = journal, .passed = true};
    for (; e.index < plan->count; e.index++)
        if (e.passed || plan->steps[e.index].always)
            run_step(&e, &plan->steps[e.index]);
    record_finished(journal, e.passed, e.packed, e.packed_count);
}

static uint8_t *read_file(const char *path, size_t *length, struct fault *fault) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &status) < 0) {
        fail_errno(fault, "cannot open %s", path);
        return NULL;
    }
    uint8_t *bytes = NULL;
    if (status.st_size > PLAN_BYTES || (bytes = malloc((size_t)status.st_size + 1)) == NULL)
        fail(fault, "%s is too large: %lld bytes", path, (long long)status.st_size);
    else if (read_full(fd, bytes, (size_t)status.st_size) != status.st_size) {
        fail_errno(fault, "cannot read %s", path);
        free(bytes);
        bytes = NULL;
    }
    *length = (size_t)status.st_size;
    close(fd);
    return bytes;
}

void execute(struct journal *journal, const char *plan_file) {
    struct fault fault = {0};
    struct plan plan;
    size_t length;
    umask(0); // modes are what the plan says; programs get 022
    uint8_t *bytes = read_file(plan_file, &length, &fault);
    unlink(plan_file); // later steps' variables are none of the earlier steps' business
    if (bytes == NULL || plan_read(bytes, length, &plan, &fault) < 0)
        record_broke(journal, fault.text);
    else {
        run_plan(journal, &plan);
        plan_free(&plan);
    }
    free(bytes);
}
