#include "uplink.h"

#include "others.h"
#include "resolver.h"
#include "stream.h"
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    // fewer than the host takes, which hears of an end a moment later than it is seen here
    STREAMS = 192,
    EVENTS = 64,     // handled in one turn
    DOOR = STREAMS,  // events from here on are those of the doors
    NAMES_ASKED,     // or of the resolver
    PARKED = UINT32_MAX,
    SETTLING = 2000  // milliseconds that whatever is left may take without moving
};

static struct {
    struct wire wire;
    struct doors doors;
    struct stream streams[STREAMS];
    uint32_t watched[STREAMS]; // events that the kernel watches
    uint32_t count, next;      // streams there are, number of the next one
    int epoll;                 // streams, and the doors while there is room
    int doors_epoll;
    bool open, doors_watched;
    bool terminals;            // and nothing else is served
    char *const *environment;  // of their shells
} up;

static void control(int epoll, int operation, int fd, uint32_t events, uint32_t index) {
    struct epoll_event event = {.events = events, .data.u32 = index};
    if (epoll_ctl(epoll, operation, fd, &event) < 0)
        console("the uplink cannot watch a connection: %m");
}

static void watch_doors(void) {
    bool room = up.count < STREAMS;
    if (room != up.doors_watched)
        control(up.epoll, EPOLL_CTL_MOD, up.doors_epoll, room ? EPOLLIN : 0, DOOR);
    up.doors_watched = room;
}

// After anything that a stream may have changed by: a closed socket is forgotten by the kernel.
static void watch(uint32_t index) {
    const struct stream *stream = &up.streams[index];
    if (stream->stage == STREAM_FREE) {
        up.count--;
        watch_doors();
        return;
    }
    uint32_t events = stream_events(stream);
    if (up.watched[index] == PARKED && events == 0)
        return;
    if (up.watched[index] == PARKED)
        control(up.epoll, EPOLL_CTL_ADD, stream->fd, events, index);
    else if (events != up.watched[index])
        control(up.epoll, EPOLL_CTL_MOD, stream->fd, events, index);
    up.watched[index] = events;
}

// The program has ended, and what it sent waits until the host grants more: a hang-up is told again
// and again until then, whether it is watched or not.
static void park(uint32_t index) {
    control(up.epoll, EPOLL_CTL_DEL, up.streams[index].fd, 0, index);
    up.watched[index] = PARKED;
}

// There is one while there are fewer than STREAMS.
static struct stream *free_stream(void) {
    uint32_t index = 0;
    while (up.streams[index].stage != STREAM_FREE)
        index++;
    return &up.streams[index];
}

static void begun(struct stream *stream) {
    uint32_t index = (uint32_t)(stream - up.streams);
    up.watched[index] = stream_events(stream);
    control(up.epoll, EPOLL_CTL_ADD, stream->fd, up.watched[index], index);
    up.count++;
    watch_doors();
}

static void accept_at(uint32_t door) {
    const int yes = 1;
    if (up.count == STREAMS)
        return;
    int fd = accept4(up.doors.list[door].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return; // gone again
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); // the agent's socket has no need
    struct door meant = up.doors.list[door];
    char place[DOOR_PLACE];
    if (meant.use == DOOR_NAMES && !doors_meant(&up.doors, fd, &meant, place)) {
        stream_drop(&(struct stream){.fd = fd});
        return;
    }
    struct stream *stream = free_stream();
    stream_begin(stream, &up.wire, fd, up.next, &meant);
    up.next += 2;
    begun(stream);
}

static void refuse(uint32_t number, const char *why) {
    wire_say(&up.wire, &(struct frame){.type = FRAME_REFUSED, .stream = number,
                                       .bytes = (const uint8_t *)why,
                                       .length = (uint32_t)strlen(why)});
}

static void open_terminal(const struct frame *frame) {
    struct pty_size size;
    struct fault fault = {0};
    int fd = -1;
    if (!up.terminals)
        fail(&fault, "no terminal is served here");
    else if (frame->kind != STREAM_TERMINAL)
        fail(&fault, "only terminals are served here");
    else if (!pty_size_read(frame->bytes, frame->length, &size))
        fail(&fault, "the size of the terminal is not COLUMNSxROWS");
    else
        fd = terminal_start(&size, up.environment, &fault);
    if (fd < 0) {
        refuse(frame->stream, fault.text);
        return;
    }
    struct stream *stream = free_stream();
    stream_take(stream, &up.wire, fd, frame->stream);
    begun(stream);
}

static void accept_some(void) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(up.doors_epoll, events, EVENTS, 0);
    for (int i = 0; i < ready && wire_has_room(&up.wire); i++)
        accept_at(events[i].data.u32);
}

static void stream_event(uint32_t index, uint32_t events) {
    struct stream *stream = &up.streams[index];
    if (stream->stage == STREAM_FREE)
        return;
    if ((events & EPOLLOUT) != 0)
        stream_writable(stream, &up.wire);
    if ((events & EPOLLIN) != 0 && stream->stage != STREAM_FREE) {
        if (wire_has_room(&up.wire))
            stream_readable(stream, &up.wire);
    } else if ((events & (EPOLLERR | EPOLLHUP)) != 0 && stream->stage != STREAM_FREE) {
        if ((events & EPOLLERR) == 0 && stream_has_more(stream))
            park(index);
        else
            stream_broke(stream, &up.wire);
    }
    watch(index);
}

static void turn_sockets(void) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(up.epoll, events, EVENTS, 0);
    for (int i = 0; i < ready; i++) {
        if (!wire_has_room(&up.wire))
            wire_flush(&up.wire); // or each turn would ask for all events and serve one
        if (events[i].data.u32 == DOOR)
            accept_some();
        else if (events[i].data.u32 == NAMES_ASKED)
            resolver_turn(up.doors.resolver);
        else
            stream_event(events[i].data.u32, events[i].events);
    }
}

// Frames of a stream that is over were on their way.
static void heard(const struct frame *frame) {
    if (frame->type == FRAME_OPEN) {
        open_terminal(frame);
        return;
    }
    for (uint32_t i = 0; i < STREAMS; i++)
        if (up.streams[i].stage != STREAM_FREE && up.streams[i].number == frame->stream) {
            stream_heard(&up.streams[i], &up.wire, frame);
            watch(i);
            return;
        }
}

// So that what lies in several frames goes to the program as one.
static bool more_follows(const struct frame *frame, size_t from) {
    struct frame next;
    struct fault ignored = {0};
    return frame->type == FRAME_DATA &&
           frame_read(up.wire.in + from, up.wire.in_length - from, &next, &ignored) > 0 &&
           next.type == FRAME_DATA && next.stream == frame->stream;
}

static void turn_port(void) {
    size_t done = 0;
    struct frame frame;
    struct fault fault = {0};
    wire_fill(&up.wire);
    while (!up.wire.broken) {
        ssize_t got = frame_read(up.wire.in + done, up.wire.in_length - done, &frame, &fault);
        if (got == 0)
            break;
        if (got < 0 || (frame.type == FRAME_HELLO && frame.number != FRAME_VERSION)) {
            console("the uplink's host says what it may not say: %s", fault.text);
            up.wire.broken = true;
            return;
        }
        done += (size_t)got;
        frame.more = more_follows(&frame, done);
        heard(&frame);
    }
    up.wire.in_length -= done;
    memmove(up.wire.in, up.wire.in + done, up.wire.in_length);
}

// The host hears of it where the port is still there. The doors first: who sees the reset and
// comes again finds none.
static void close_programs(void) {
    doors_close(&up.doors);
    for (uint32_t i = 0; i < STREAMS; i++)
        if (up.streams[i].stage != STREAM_FREE)
            stream_broke(&up.streams[i], &up.wire);
    up.count = 0;
}

static void close_all(void) {
    close_programs();
    close(up.wire.fd);
    close(up.doors_epoll);
    close(up.epoll);
    up.open = false;
}

static int open_port(struct fault *fault) {
    static const struct frame hello = {.type = FRAME_HELLO, .number = FRAME_VERSION};
    up.wire.broken = false;
    up.wire.in_length = up.wire.out_length = 0;
    up.wire.fd = uplink_port();
    up.epoll = epoll_create1(EPOLL_CLOEXEC);
    up.doors_epoll = epoll_create1(EPOLL_CLOEXEC);
    up.open = true;
    if (up.wire.fd < 0 || up.epoll < 0 || up.doors_epoll < 0) {
        fail_errno(fault, "cannot open the uplink's port");
        close_all();
        return -1;
    }
    fcntl(up.wire.fd, F_SETFL, O_NONBLOCK);
    for (uint32_t i = 0; i < up.doors.count; i++)
        control(up.doors_epoll, EPOLL_CTL_ADD, up.doors.list[i].fd, EPOLLIN, i);
    control(up.epoll, EPOLL_CTL_ADD, up.doors_epoll, EPOLLIN, DOOR);
    if (up.doors.resolver >= 0)
        control(up.epoll, EPOLL_CTL_ADD, up.doors.resolver, EPOLLIN, NAMES_ASKED);
    up.doors_watched = true;
    up.next = 1;
    wire_say(&up.wire, &hello);
    wire_flush(&up.wire);
    return 0;
}

int uplink_open(const struct offers *offers, struct fault *fault) {
    if (up.open)
        return fail(fault, "the uplink is open already");
    return doors_open(offers, &up.doors, fault) < 0 ? -1 : open_port(fault);
}

int uplink_terminals(char *const *environment, struct fault *fault) {
    if (up.open) {
        close_programs();
        watch_doors();
    } else {
        up.doors = (struct doors){.steering = -1, .resolver = -1};
        if (open_port(fault) < 0)
            return -1;
    }
    up.terminals = true;
    up.environment = environment;
    return 0;
}

bool uplink_is_open(void) {
    return up.open;
}

void uplink_watch(struct pollfd sources[UPLINK_SOURCES]) {
    short out = up.wire.out_length > 0 ? POLLOUT : 0;
    short sockets = wire_has_room(&up.wire) ? POLLIN : 0;
    sources[0] = (struct pollfd){.fd = up.open ? up.wire.fd : -1, .events = POLLIN | out};
    sources[1] = (struct pollfd){.fd = up.open ? up.epoll : -1, .events = sockets};
}

void uplink_turn(void) {
    turn_port();
    wire_flush(&up.wire);
    if (wire_has_room(&up.wire))
        turn_sockets();
    wire_flush(&up.wire);
    if (up.wire.broken) {
        console("the uplink is closed");
        close_all();
    }
}

// Connections that wait to be accepted, and those that the kernel has not finished.
static bool expected(void) {
    struct pollfd doors = {.fd = up.doors_epoll, .events = POLLIN};
    // in this order: what is finished between the two looks is seen by the second one
    return doors_expect(&up.doors) || poll(&doors, 1, 0) > 0;
}

static bool unsent(void) {
    for (uint32_t i = 0; i < STREAMS; i++)
        if (up.streams[i].stage != STREAM_FREE && !up.streams[i].sent_end)
            return true;
    return up.wire.out_length > 0 || (!up.terminals && expected());
}

void uplink_settle(void) {
    struct pollfd sources[UPLINK_SOURCES];
    while (up.open && unsent()) {
        uplink_watch(sources);
        if (poll(sources, UPLINK_SOURCES, SETTLING) == 0)
            return;
        uplink_turn();
    }
}
