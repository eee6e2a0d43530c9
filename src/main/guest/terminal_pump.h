// Between the stream of a terminal, as a socket, and the pseudo-terminal of its shell.
#ifndef AIRLOCK_TERMINAL_PUMP_H
#define AIRLOCK_TERMINAL_PUMP_H

#include <sys/types.h>

// Before the shell is started: has its end waited for. -1 where that cannot be.
int pump_prepare(void);

// Until the shell has ended and the host has heard of it; the shell's exit code, 128 and the number
// where a signal killed it.
int pump(int socket, int master, pid_t shell);

#endif
