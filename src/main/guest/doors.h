// Takes the places that programs may connect to; gives a listening socket for each, on a loopback
// address that its host has in the hosts file, so that any client finds it there.
#ifndef AIRLOCK_DOORS_H
#define AIRLOCK_DOORS_H

#include "fault.h"

#include <stdint.h>

enum { DOORS = 512 };

struct doors {
    char *const *targets; // HOST:PORT
    int fds[DOORS + 1];
    uint32_t count;
    bool proxy;           // the last one is that of the proxy, without a target
};

int doors_open(char *const *targets, bool proxy, struct doors *doors, struct fault *fault);

#endif
