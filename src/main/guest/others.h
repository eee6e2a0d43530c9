// What differs between the VM, where this program is process 1, and tests on a host.
#ifndef AIRLOCK_OTHERS_H
#define AIRLOCK_OTHERS_H

#include <sys/types.h>

// Kills what a step left behind: in the VM every process but this one. `leader` led its session.
void end_others(pid_t leader);

// Whether all children must be waited for: a kill of everything leaves none.
extern const int others_all_end;

#endif
