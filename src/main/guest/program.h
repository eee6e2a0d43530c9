// Takes a step that runs a program, and when it is ended if it still runs (CLOCK_MONOTONIC, nanoseconds, 0 for
// never); gives its output as records and how it ended.
#ifndef AIRLOCK_PROGRAM_H
#define AIRLOCK_PROGRAM_H

#include "plan.h"
#include "record.h"

void run_program(struct journal *journal, uint32_t index, const struct step *step,
                 uint64_t deadline, struct step_end *end);

// The same for a step that serves the terminals that the host opens, until a shell of one ends; after a
// failure, until the host ends it. What
// is said in them is in no record.
void run_terminal(const struct step *step, struct step_end *end);

#endif
