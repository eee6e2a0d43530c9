// Steers the TCP connections that programs of this machine make to the uplink's addresses, at any port,
// to one listening socket: no process can listen at every port of every address.
#ifndef AIRLOCK_STEER_H
#define AIRLOCK_STEER_H

#include <stdint.h>

// The addresses of listed hosts and tokens, and those that the resolver gives out (name_table.h).
enum { LISTED_FIRST = 0x7f010000, LISTED_END = 0x7f020000,
       GIVEN_FIRST = 0x7f800000, GIVEN_LAST = 0x7fffffff };

// Steers to this socket, which listens, until the file descriptor it returns is closed; -1 with errno
// where the kernel cannot: it needs BPF, and Linux 5.9.
int steer_to(int listening);

#endif
