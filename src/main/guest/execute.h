// Takes the drive with plan.bin; gives the effects of its steps, and the records of them up to the final one.
#ifndef AIRLOCK_EXECUTE_H
#define AIRLOCK_EXECUTE_H

#include "record.h"

#define PLAN "/dev/vdb"

void execute(struct journal *journal, const char *plan_drive);

#endif
