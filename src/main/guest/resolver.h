// The DNS server of the guest's programs. Each name has an address, so that the host decides about the
// connection, and says why it refuses one.
#ifndef AIRLOCK_RESOLVER_H
#define AIRLOCK_RESOLVER_H

#include "fault.h"

enum { RESOLVER = 0x7f000035 }; // 127.0.0.53

// Listens, and has the resolvers of programs ask here; -1 with a fault where that is impossible.
int resolver_open(struct fault *fault);

// Answers what has come.
void resolver_turn(int fd);

#endif
