#include "wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool wire_has_room(const struct wire *wire) {
    return wire->out_length <= WIRE_FULL;
}

uint8_t *wire_data_room(struct wire *wire) {
    return wire->out + wire->out_length + FRAME_HEAD;
}

void wire_data(struct wire *wire, uint32_t stream, uint32_t length) {
    const struct frame frame = {.type = FRAME_DATA, .stream = stream,
                                .bytes = wire_data_room(wire), .length = length};
    wire->out_length += frame_write(&frame, wire->out + wire->out_length);
}

void wire_say(struct wire *wire, const struct frame *frame) {
    if (WIRE_OUT - wire->out_length < FRAME_HEAD + 1 + FRAME_TEXT) {
        console("the uplink has more to answer than it may: the host repeats itself");
        wire->broken = true;
        return;
    }
    wire->out_length += frame_write(frame, wire->out + wire->out_length);
}

void wire_flush(struct wire *wire) {
    size_t done = 0;
    while (done < wire->out_length && !wire->broken) {
        ssize_t written = write(wire->fd, wire->out + done, wire->out_length - done);
        if (written > 0)
            done += (size_t)written;
        else if (written < 0 && errno == EAGAIN)
            break;
        else if (written == 0 || errno != EINTR)
            wire->broken = true;
    }
    wire->out_length -= done;
    memmove(wire->out, wire->out + done, wire->out_length);
}

// A port gives a page at a time.
void wire_fill(struct wire *wire) {
    while (wire->in_length < WIRE_IN) {
        ssize_t got = read(wire->fd, wire->in + wire->in_length, WIRE_IN - wire->in_length);
        if (got > 0)
            wire->in_length += (size_t)got;
        else if (got < 0 && errno == EINTR)
            continue;
        else {
            wire->broken = wire->broken || got == 0 || errno != EAGAIN;
            return;
        }
    }
}
