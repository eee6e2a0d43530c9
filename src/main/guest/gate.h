// Takes a running system; waits for the host's line and runs the plan on drive vdb.
#ifndef AIRLOCK_GATE_H
#define AIRLOCK_GATE_H

void gate(void) __attribute__((noreturn));

// What stands after the last record: the host ends the VM.
void rest(void) __attribute__((noreturn));

#endif
