// The guest's side of the uplink (docs/uplink.md): what programs connect to becomes streams of its
// port. It is served while a program runs, by whoever waits for that.
#ifndef AIRLOCK_UPLINK_H
#define AIRLOCK_UPLINK_H

#include "fault.h"

#include <poll.h>

enum { UPLINK_SOURCES = 2 };

// Listens for connections to these places, with `proxy` for those to any other as well. At most
// once; before it, there is nothing to watch.
int uplink_open(char *const *targets, bool proxy, struct fault *fault);

// What to wait for, and what to do when any of that is there.
void uplink_watch(struct pollfd sources[UPLINK_SOURCES]);
void uplink_turn(void);

// Sends what programs left behind that have ended, as a kernel does.
void uplink_settle(void);

#endif
