// Takes how many processes and threads a step may have at once; gives how often one more was refused.
#ifndef AIRLOCK_PROCESSES_H
#define AIRLOCK_PROCESSES_H

#include <stdint.h>

// As process 1, once: goes into a control group of its own (cgroups(7), version 2), as all that it
// starts will. Where the kernel has none, steps run without a limit.
void processes_init(void);

// 0 for none.
void processes_limit(uint32_t most);

// How often the kernel has refused a process since the boot.
uint64_t processes_refused(void);

#endif
