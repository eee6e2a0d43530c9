// Tells whether a step that failed did so because it had no more memory, disk or processes.
#ifndef AIRLOCK_EXHAUSTION_H
#define AIRLOCK_EXHAUSTION_H

#include "record.h"

struct exhaustion {
    uint64_t oom_kills;     // by the kernel since boot, before the step
    uint64_t refused;       // processes, the same
    uint64_t lowest[8];     // free bytes seen on each watched file system
    uint64_t lowest_files[8];
};

enum { EXHAUSTION_EVERY = 200 }; // milliseconds between two looks at the disks

void exhaustion_begin(struct exhaustion *exhaustion);
void exhaustion_look(struct exhaustion *exhaustion);

// Changes the end of a failed step to out of memory, too many processes or disk full where that was
// the cause.
void exhaustion_judge(const struct exhaustion *exhaustion, struct step_end *end);

#endif
