// One stream of the uplink: the socket of a program that connected, and what the host says of it.
#ifndef AIRLOCK_STREAM_H
#define AIRLOCK_STREAM_H

#include "doors.h"
#include "wire.h"

enum {
    STREAM_WINDOW = 256 << 10, // what the host may send at first
    STREAM_CREDIT = 16 << 10   // what the guest may send at first
};

enum stage {
    STREAM_FREE,
    STREAM_ASKS,    // the proxy's client has not said yet where to
    STREAM_REFUSED, // it has read why not, or will; what it still sends is thrown away
    STREAM_OPENING, // the host has not answered yet; what the program sends goes out already
    STREAM_OPEN     // and this one, the host knows of
};

struct stream {
    enum stage stage;
    bool proxied;
    bool sent_end, got_end;    // each direction ends by itself
    int fd;
    uint32_t number;
    uint32_t credit;           // bytes that may be sent to the host, or still be thrown away
    uint32_t taken;            // by the program since the host was last granted more
    uint32_t from, waiting;    // of what it did not take yet; before it is open, of its request
    uint8_t *buffer;           // STREAM_WINDOW bytes, once something waited
};

// Takes a connection of a program and asks the host for its stream. Where the target is NULL the
// program is asked, as by a proxy.
void stream_begin(struct stream *stream, struct wire *wire, int fd, uint32_t number,
                  const struct door *door);

// Takes the socket for a stream that the host asked for.
void stream_take(struct stream *stream, struct wire *wire, int fd, uint32_t number);

// What poll has to watch, as EPOLL bits.
uint32_t stream_events(const struct stream *stream);

// Whether the program may have sent what was not read yet, for want of credit.
bool stream_has_more(const struct stream *stream);

// The socket has something to read, takes something, or broke.
void stream_readable(struct stream *stream, struct wire *wire);
void stream_writable(struct stream *stream, struct wire *wire);
void stream_broke(struct stream *stream, struct wire *wire);

// The host says something.
void stream_heard(struct stream *stream, struct wire *wire, const struct frame *frame);

// Closes its socket without a word to the host.
void stream_drop(struct stream *stream);

#endif
