// Takes what a step connect names; gives a listening socket for each: on a loopback address that
// its host has in the hosts file, so that any client finds it there, or at a path.
#ifndef AIRLOCK_DOORS_H
#define AIRLOCK_DOORS_H

#include "fault.h"

#include <stdint.h>

enum { DOORS = 512 }; // most targets, and most tokens

struct offers {
    char *const *targets; // HOST:PORT
    char *const *tokens;  // their names: NAME is at http://NAME.token.internal
    bool proxy, agent;
};

struct door {
    int fd;
    uint8_t kind;       // of the streams of its connections
    const char *target; // of the same; NULL where each client of the proxy says its own
};

struct doors {
    struct door list[2 * DOORS + 2];
    uint32_t count;
};

int doors_open(const struct offers *offers, struct doors *doors, struct fault *fault);
void doors_close(struct doors *doors);

#endif
