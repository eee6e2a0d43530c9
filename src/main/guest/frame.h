// Takes the bytes of the uplink's port; gives frames, and the other way (docs/uplink.md).
#ifndef AIRLOCK_FRAME_H
#define AIRLOCK_FRAME_H

#include "fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum frame_type {
    FRAME_HELLO = 1,
    FRAME_OPEN,
    FRAME_OPENED,
    FRAME_REFUSED,
    FRAME_DATA,
    FRAME_WINDOW,
    FRAME_END,
    FRAME_RESET
};

enum stream_kind { STREAM_CONNECT = 1, STREAM_TOKEN, STREAM_AGENT, STREAM_TERMINAL };

enum {
    FRAME_VERSION = 1,
    FRAME_HEAD = 8,
    FRAME_TEXT = 512,       // most bytes of a target or reason
    FRAME_PIECE = 16 << 10, // most bytes of data
    FRAME_MOST = FRAME_HEAD + FRAME_PIECE,
    FRAME_WINDOW_MOST = 1 << 20
};

struct frame {
    uint8_t type;
    uint8_t kind;         // of an open
    uint32_t stream;      // 0 for a hello
    uint32_t number;      // version, or bytes of a window
    const uint8_t *bytes; // target, reason or data, where they were read
    uint32_t length;      // of those
    bool more;            // where it was read: data of the same stream follows at once
};

// The frame that the bytes begin with: how long it is, 0 where there is more to come, -1 where they
// begin with none.
ssize_t frame_read(const uint8_t *bytes, size_t length, struct frame *frame, struct fault *fault);

// Writes a frame whose parts are within the limits; how long it is. The bytes may lie where they go.
size_t frame_write(const struct frame *frame, uint8_t *to);

#endif
