// The port of the uplink: frames out, gathered so that few writes carry many, and bytes in.
#ifndef AIRLOCK_WIRE_H
#define AIRLOCK_WIRE_H

#include "frame.h"

enum {
    WIRE_FULL = 32 << 10, // above this no data is added
    WIRE_PIECES = 4,      // read from a program at once
    // what may follow: those, and frames without data, of which each stream has a few
    WIRE_OUT = WIRE_FULL + WIRE_PIECES * FRAME_MOST + (48 << 10),
    WIRE_IN = 64 << 10
};

struct wire {
    int fd;      // does not block
    bool broken; // the host is gone, or says what it may not say
    size_t out_length, in_length;
    uint8_t out[WIRE_OUT], in[WIRE_IN];
};

// Whether more data may be added.
bool wire_has_room(const struct wire *wire);

// Where the data of the next frame lies, for wire_data() to send it.
uint8_t *wire_data_room(struct wire *wire);
void wire_data(struct wire *wire, uint32_t stream, uint32_t length);

// Adds a frame that is no data.
void wire_say(struct wire *wire, const struct frame *frame);

// Writes what the port takes, reads what it has.
void wire_flush(struct wire *wire);
void wire_fill(struct wire *wire);

#endif
