// A pseudo-terminal, and a login shell in it.
#ifndef AIRLOCK_SHELL_H
#define AIRLOCK_SHELL_H

#include "pty_message.h"

#include <sys/types.h>

struct pty {
    int master, slave;
};

int pty_open(const struct pty_size *size, struct pty *pty, struct fault *fault);

void pty_resize(int master, const struct pty_size *size);

// Starts root's shell, else bash, else sh, in a session of its own that the terminal controls; it
// gets the environment and what each shell needs besides. Where the environment has a PATH it is no
// login shell, whose files would set another one. The process, or -1.
pid_t shell_start(const struct pty *pty, char *const *environment);

#endif
