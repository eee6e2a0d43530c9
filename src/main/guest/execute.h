// Takes plan.bin; gives the effects of its steps, and the records of them up to the final one.
#ifndef AIRLOCK_EXECUTE_H
#define AIRLOCK_EXECUTE_H

#include "record.h"

// Where the gate unpacks drive vdb.
#define EXECUTOR "/run/airlock/executor"
#define PLAN "/run/airlock/plan.bin"

void execute(struct journal *journal, const char *plan_file);

#endif
