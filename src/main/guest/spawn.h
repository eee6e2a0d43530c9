// Takes a step that runs a program; gives its process.
#ifndef AIRLOCK_SPAWN_H
#define AIRLOCK_SPAWN_H

#include "plan.h"

#include <sys/types.h>

enum {
    SPAWN_STREAMS = 4,
    SPAWN_TRACE = 99 // where bash alone has the last of them, for its BASH_XTRACEFD
};

// The program leads a session and process group of its own, has nothing open but `streams` as 0, 1, 2
// and perhaps SPAWN_TRACE, and the step's environment only. -1 where it could not be started.
int spawn(const struct step *step, const int streams[SPAWN_STREAMS], pid_t *pid, struct fault *fault);

// What every program has, in its new process: a session, limits, umask and signals of its own.
void spawn_prepare(void);

#endif
