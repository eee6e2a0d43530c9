#include "stream.h"

#include "proxy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DISCARDED = 1 << 20 }; // most bytes that a refused client may still send

static void say(struct wire *wire, const struct stream *stream, uint8_t type, uint32_t number) {
    wire_say(wire, &(struct frame){.type = type, .stream = stream->number, .number = number});
}

static void release(struct stream *stream) {
    close(stream->fd);
    free(stream->buffer);
    *stream = (struct stream){.fd = -1};
}

void stream_drop(struct stream *stream) {
    const struct linger now = {1, 0}; // the program sees a reset, as where nobody listens
    setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    release(stream);
}

void stream_broke(struct stream *stream, struct wire *wire) {
    if (stream->stage >= STREAM_OPENING)
        say(wire, stream, FRAME_RESET, 0);
    stream_drop(stream);
}

static void open_to(struct stream *stream, struct wire *wire, uint8_t kind, const char *target) {
    const struct frame open = {.type = FRAME_OPEN,
                               .stream = stream->number,
                               .kind = kind,
                               .bytes = (const uint8_t *)target,
                               .length = (uint32_t)strlen(target)};
    stream->stage = STREAM_OPENING;
    wire_say(wire, &open);
}

void stream_begin(struct stream *stream, struct wire *wire, int fd, uint32_t number,
                  const struct door *door) {
    *stream = (struct stream){.stage = STREAM_ASKS, .fd = fd, .number = number,
                              .credit = STREAM_CREDIT, .proxied = door->use == DOOR_PROXY};
    if (!stream->proxied)
        open_to(stream, wire, door->kind, door->target);
}

void stream_take(struct stream *stream, struct wire *wire, int fd, uint32_t number) {
    *stream = (struct stream){.stage = STREAM_OPEN, .fd = fd, .number = number,
                              .credit = STREAM_CREDIT};
    say(wire, stream, FRAME_OPENED, 0);
}

uint32_t stream_events(const struct stream *stream) {
    if (stream->stage == STREAM_REFUSED)
        return EPOLLIN;
    bool reads = !stream->sent_end && stream->credit > 0;
    bool writes = stream->waiting > 0 && stream->stage == STREAM_OPEN;
    return (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0);
}

bool stream_has_more(const struct stream *stream) {
    return !stream->sent_end && stream->credit == 0;
}

static uint8_t *buffer(struct stream *stream) {
    if (stream->buffer == NULL)
        stream->buffer = malloc(STREAM_WINDOW);
    return stream->buffer;
}

// Text of the proxy's own, to a client that has sent little so far: a socket has room for it.
static void answer(const struct stream *stream, const char *text, size_t length) {
    send(stream->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// A socket that is closed with bytes unread takes the answer back: its client sees a reset. So
// what a client still sends is read, until it ends or has sent too much.
static void refuse_client(struct stream *stream, const char *text, size_t length) {
    answer(stream, text, length);
    shutdown(stream->fd, SHUT_WR);
    stream->stage = STREAM_REFUSED;
    stream->number = 0; // the host has nothing more to say of it
    stream->sent_end = true;
    stream->credit = DISCARDED;
    stream->waiting = 0;
}

static void discard(struct stream *stream) {
    uint8_t bytes[4096];
    ssize_t got = read(stream->fd, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0)
        release(stream);
    else if (stream->credit < (uint32_t)got)
        stream_drop(stream);
    else
        stream->credit -= (uint32_t)got;
}

// What follows the head of a request is the program's first data.
static void read_request(struct stream *stream, struct wire *wire) {
    char target[FRAME_TEXT + 1];
    uint8_t *request = buffer(stream);
    ssize_t got = request == NULL ? -1
        : read(stream->fd, request + stream->waiting, PROXY_HEAD - stream->waiting);
    if (got < 0 && (errno == EAGAIN || errno == EINTR) && request != NULL)
        return;
    if (got <= 0) {
        stream_drop(stream);
        return;
    }
    stream->waiting += (uint32_t)got;
    ssize_t head = proxy_head(request, stream->waiting, target);
    if (head == PROXY_TOO_LONG)
        refuse_client(stream, proxy_too_long, strlen(proxy_too_long));
    else if (head == PROXY_NONE)
        refuse_client(stream, proxy_no_connect, strlen(proxy_no_connect));
    if (head <= 0)
        return;
    uint32_t rest = stream->waiting - (uint32_t)head;
    stream->waiting = 0;
    open_to(stream, wire, STREAM_CONNECT, target);
    if (rest > 0) {
        memcpy(wire_data_room(wire), request + head, rest);
        wire_data(wire, stream->number, rest);
        stream->credit -= rest;
    }
}

// Both directions have ended: nobody says anything any more.
static void end_if_over(struct stream *stream) {
    if (stream->sent_end && stream->got_end && stream->waiting == 0)
        release(stream);
}

// Pieces go where the frames that carry them will be, each behind room for a head.
static ssize_t read_pieces(const struct stream *stream, struct wire *wire) {
    struct iovec pieces[WIRE_PIECES];
    uint8_t *room = wire_data_room(wire);
    int count = 0;
    for (uint32_t left = stream->credit; left > 0 && count < WIRE_PIECES; count++) {
        uint32_t length = left < FRAME_PIECE ? left : FRAME_PIECE;
        pieces[count] = (struct iovec){room + (size_t)count * FRAME_MOST, length};
        left -= length;
    }
    return readv(stream->fd, pieces, count);
}

static void say_pieces(struct stream *stream, struct wire *wire, uint32_t bytes) {
    stream->credit -= bytes;
    while (bytes > 0) {
        uint32_t length = bytes < FRAME_PIECE ? bytes : FRAME_PIECE;
        wire_data(wire, stream->number, length);
        bytes -= length;
    }
}

void stream_readable(struct stream *stream, struct wire *wire) {
    if (stream->stage == STREAM_ASKS) {
        read_request(stream, wire);
        return;
    }
    if (stream->stage == STREAM_REFUSED) {
        discard(stream);
        return;
    }
    ssize_t got = read_pieces(stream, wire);
    if (got > 0) {
        say_pieces(stream, wire, (uint32_t)got);
    } else if (got == 0) {
        stream->sent_end = true;
        say(wire, stream, FRAME_END, 0);
        end_if_over(stream);
    } else if (errno != EAGAIN && errno != EINTR) {
        stream_broke(stream, wire);
    }
}

static void took(struct stream *stream, struct wire *wire, uint32_t bytes) {
    stream->taken += bytes;
    if (stream->taken < STREAM_WINDOW / 2 || stream->got_end)
        return;
    say(wire, stream, FRAME_WINDOW, stream->taken);
    stream->taken = 0;
}

// How much the socket takes now; -1 where it broke. What more follows may be sent with it.
static ssize_t write_some(struct stream *stream, const uint8_t *bytes, size_t length, bool more) {
    int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0);
    ssize_t written = send(stream->fd, bytes, length, flags);
    return written < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : written;
}

static void end_writing(struct stream *stream) {
    if (stream->got_end && stream->waiting == 0) {
        shutdown(stream->fd, SHUT_WR);
        end_if_over(stream);
    }
}

void stream_writable(struct stream *stream, struct wire *wire) {
    ssize_t written = write_some(stream, stream->buffer + stream->from, stream->waiting, false);
    if (written < 0) {
        stream_broke(stream, wire);
        return;
    }
    stream->from += (uint32_t)written;
    stream->waiting -= (uint32_t)written;
    took(stream, wire, (uint32_t)written);
    end_writing(stream);
}

// What the host was granted always fits behind what waits.
static bool keep(struct stream *stream, const uint8_t *bytes, uint32_t length) {
    if (length > STREAM_WINDOW - stream->waiting || buffer(stream) == NULL)
        return false;
    if (stream->from > 0)
        memmove(stream->buffer, stream->buffer + stream->from, stream->waiting);
    stream->from = 0;
    memcpy(stream->buffer + stream->waiting, bytes, length);
    stream->waiting += length;
    return true;
}

static void heard_data(struct stream *stream, struct wire *wire, const struct frame *frame) {
    ssize_t written = stream->waiting > 0 ? 0
        : write_some(stream, frame->bytes, frame->length, frame->more);
    uint32_t done = written < 0 ? 0 : (uint32_t)written;
    if (written < 0 || stream->got_end || stream->stage != STREAM_OPEN ||
        (done < frame->length && !keep(stream, frame->bytes + done, frame->length - done)))
        stream_broke(stream, wire);
    else
        took(stream, wire, done);
}

static void heard_refused(struct stream *stream, const struct frame *frame) {
    char text[FRAME_TEXT + 100];
    if (!stream->proxied) {
        stream_drop(stream);
        return;
    }
    int length = snprintf(text, sizeof text, "%s%.*s\r\nConnection: close\r\n\r\n", proxy_refused,
                          (int)frame->length, (const char *)frame->bytes);
    refuse_client(stream, text, (size_t)length);
}

void stream_heard(struct stream *stream, struct wire *wire, const struct frame *frame) {
    switch (frame->type) {
    case FRAME_OPENED:
        stream->stage = STREAM_OPEN;
        if (stream->proxied)
            answer(stream, proxy_connected, strlen(proxy_connected));
        break;
    case FRAME_REFUSED:
        heard_refused(stream, frame);
        break;
    case FRAME_DATA:
        heard_data(stream, wire, frame);
        break;
    case FRAME_WINDOW:
        stream->credit += frame->number;
        break;
    case FRAME_END:
        stream->got_end = true;
        end_writing(stream);
        break;
    default:
        stream_drop(stream);
    }
}
