// Takes what all steps together may use of this machine; has the kernel keep them to it.
#ifndef AIRLOCK_LIMITS_H
#define AIRLOCK_LIMITS_H

#include <stdint.h>

// Of each 0 for all there is.
struct limits {
    uint32_t processes;     // and threads, at once
    uint64_t memory;        // bytes
    uint64_t scratch;       // bytes of /ci
};

// As process 1, once: goes into a control group of its own (cgroups(7), version 2), as all that it
// starts will. Where the kernel has none, steps have neither of the first two limits.
void limits_init(void);

// In place of those before.
void limits_set(const struct limits *limits);

// How often the kernel has refused a process since the boot.
uint64_t limits_refused_processes(void);

#endif
