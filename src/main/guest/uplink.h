// The guest's side of the uplink (docs/uplink.md): what programs connect to becomes streams of its
// port. It is served while a program runs, by whoever waits for that.
#ifndef AIRLOCK_UPLINK_H
#define AIRLOCK_UPLINK_H

#include "doors.h"
#include "fault.h"

#include <poll.h>

enum { UPLINK_SOURCES = 2 };

// Listens for connections to what is offered. At most once; before it, there is nothing to watch.
int uplink_open(const struct offers *offers, struct fault *fault);

// From now on serves the terminals that the host opens, and nothing else: whatever else was open is
// closed. The environment stays the caller's, and is that of their shells.
int uplink_terminals(char *const *environment, struct fault *fault);

// Whether it is, or was closed by the host.
bool uplink_is_open(void);

// What to wait for, and what to do when any of that is there.
void uplink_watch(struct pollfd sources[UPLINK_SOURCES]);
void uplink_turn(void);

// Sends what programs left behind that have ended, as a kernel does.
void uplink_settle(void);

#endif
