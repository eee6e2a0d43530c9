// Terminals that the host opens: each is a process between a shell's pseudo-terminal and a socket,
// whose other end is a stream like those of programs.
#ifndef AIRLOCK_TERMINAL_H
#define AIRLOCK_TERMINAL_H

#include "pty_message.h"

enum { TERMINALS = 8 }; // at once

// Starts a shell in a terminal of that size; gives the socket, or -1.
int terminal_start(const struct pty_size *size, char *const *environment, struct fault *fault);

// Whether this process, which has ended, was a terminal's. It ends with its shell's exit code, 128
// and the number where a signal killed that.
bool terminal_ends(pid_t pid);

#endif
