// Takes what a step connect names; gives a listening socket for each: on a loopback address that
// its host has in the hosts file, so that any client finds it there, or at a path.
#ifndef AIRLOCK_DOORS_H
#define AIRLOCK_DOORS_H

#include "fault.h"

#include <stdbool.h>
#include <stdint.h>

enum { DOORS = 512 };      // most targets, and most tokens
enum { DOOR_PLACE = 300 }; // HOST:PORT

// What a door is for: its own target, what a client of the proxy asks for, or the name whose address a
// program has connected to.
enum door_use { DOOR_TARGET, DOOR_PROXY, DOOR_NAMES };

struct offers {
    char *const *targets; // HOST:PORT
    char *const *tokens;  // their names: NAME is at http://NAME.token.internal
    bool proxy, agent;
};

struct door {
    int fd;
    enum door_use use;
    uint8_t kind;       // of the streams of its connections
    uint32_t address;   // where it listens; 0 for one at a path
    uint16_t port;
    const char *target; // of its streams, if that is its use
};

struct doors {
    struct door list[2 * DOORS + 3];
    uint32_t count;
    int steering, resolver; // -1 where this kernel cannot steer: only what is listed has an address then
};

int doors_open(const struct offers *offers, struct doors *doors, struct fault *fault);

// What a program wants that has connected at DOOR_NAMES: a door of the list, or another place, which
// `place` then holds. False where the address means nothing.
bool doors_meant(const struct doors *doors, int connection, struct door *meant, char place[DOOR_PLACE]);

// Whether a program's connection is on its way to a door. The kernel may finish one a moment after
// the program that made it has ended; only then can it be accepted.
bool doors_expect(const struct doors *doors);
void doors_close(struct doors *doors);

#endif
