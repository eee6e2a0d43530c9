// Takes the head of a request that a client sends to a proxy; gives the place that it wants to be
// connected to (RFC 9110, 9.3.6).
#ifndef AIRLOCK_PROXY_H
#define AIRLOCK_PROXY_H

#include "frame.h"

enum { PROXY_HEAD = 8 << 10 }; // most bytes of a head

// What the answers begin with; a reason or nothing and an empty line follow.
extern const char proxy_connected[], proxy_refused[], proxy_no_connect[], proxy_too_long[];

enum { PROXY_NONE = -1, PROXY_TOO_LONG = -2 };

// How long the head is, 0 where there is more to come, PROXY_NONE where it is none for a CONNECT,
// PROXY_TOO_LONG where it has not ended after so many bytes. The target gets a closing NUL.
ssize_t proxy_head(const uint8_t *bytes, size_t length, char target[FRAME_TEXT + 1]);

#endif
