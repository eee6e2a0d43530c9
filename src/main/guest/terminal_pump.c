#include "terminal_pump.h"

#include "pty_message.h"
#include "shell.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// Milliseconds that a shell has to end in once it was hung up, and the host to end the stream once
// it has heard of the shell's end.
enum { PATIENCE = 2000 };

enum { SOCKET, MASTER, CHILDREN, SOURCES };

static struct {
    int socket, master, children;
    pid_t shell;
    bool ended, hung_up;  // the shell has ended; the host says nothing any more
    bool stuck, silent;   // the terminal takes no key now; there is nobody who writes to it
    int code;
    size_t in_length, keys_done, out_from, out_length;
    uint8_t in[PTY_HEAD + PTY_KEYS_MOST], out[PTY_HEAD + PTY_OUTPUT_MOST];
} t;

int pump_prepare(void) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    t.children = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    return t.children < 0 ? -1 : 0;
}

// The shell and what it started get SIGHUP by this.
static void hang_up(void) {
    if (t.hung_up)
        return;
    t.hung_up = true;
    close(t.master);
}

// Whether all keys of a message are typed: the terminal takes few that nobody reads.
static bool type(const struct pty_message *message) {
    ssize_t typed = write(t.master, message->bytes + t.keys_done, message->length - t.keys_done);
    if (typed < 0 && errno != EAGAIN && errno != EINTR)
        typed = (ssize_t)(message->length - t.keys_done); // nobody is there to read them
    t.keys_done += typed > 0 ? (size_t)typed : 0;
    t.stuck = t.keys_done < message->length;
    if (!t.stuck)
        t.keys_done = 0;
    return !t.stuck;
}

// Whether the message is done with, and the next one can be.
static bool obey(const struct pty_message *message) {
    switch (message->type) {
    case PTY_KEYS:
        return type(message);
    case PTY_SIZE:
        pty_resize(t.master, &message->size);
        return true;
    default:
        hang_up();
        return false;
    }
}

static void obey_all(void) {
    struct pty_message message;
    struct fault fault = {0};
    ssize_t got;
    while ((got = pty_read(t.in, t.in_length, &message, &fault)) > 0 && obey(&message)) {
        t.in_length -= (size_t)got;
        memmove(t.in, t.in + got, t.in_length);
    }
    if (got < 0)
        hang_up();
}

static void hear(void) {
    ssize_t got = read(t.socket, t.in + t.in_length, sizeof t.in - t.in_length);
    if (got > 0) {
        t.in_length += (size_t)got;
        obey_all();
    } else if (got == 0 || errno != EINTR) {
        hang_up();
    }
}

// The next piece of output, where there is one; what was to be said before is away.
static bool look(void) {
    ssize_t got = t.hung_up ? 0 : read(t.master, t.out + PTY_HEAD, PTY_OUTPUT_MOST);
    if (got <= 0) {
        t.silent = got == 0 || (errno != EAGAIN && errno != EINTR);
        return false;
    }
    pty_head(PTY_OUTPUT, (uint32_t)got, t.out);
    t.out_from = 0;
    t.out_length = PTY_HEAD + (size_t)got;
    return true;
}

// What the socket takes now, or all of it; false where it takes nothing any more.
static bool say(bool all) {
    while (t.out_from < t.out_length) {
        ssize_t sent = send(t.socket, t.out + t.out_from, t.out_length - t.out_from,
                            MSG_NOSIGNAL | (all ? 0 : MSG_DONTWAIT));
        if (sent < 0 && errno == EAGAIN)
            return true;
        if (sent < 0 && errno != EINTR) {
            t.out_length = t.out_from;
            return false;
        }
        t.out_from += sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static void reap(void) {
    struct signalfd_siginfo ignored;
    int status;
    while (read(t.children, &ignored, sizeof ignored) > 0)
        continue;
    if (waitpid(t.shell, &status, WNOHANG) != t.shell)
        return;
    t.ended = true;
    t.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// What nothing is wanted of now is not watched, or its hang-up would wake us again and again.
static int wait_for(struct pollfd sources[SOURCES]) {
    bool unsent = t.out_from < t.out_length;
    bool room = !t.hung_up && t.in_length < sizeof t.in;
    short socket = (short)((room ? POLLIN : 0) | (unsent ? POLLOUT : 0));
    short master = (short)((unsent || t.silent ? 0 : POLLIN) | (t.stuck ? POLLOUT : 0));
    sources[SOCKET] = (struct pollfd){t.hung_up && !unsent ? -1 : t.socket, socket, 0};
    sources[MASTER] = (struct pollfd){t.hung_up || master == 0 ? -1 : t.master, master, 0};
    sources[CHILDREN] = (struct pollfd){t.children, POLLIN, 0};
    return poll(sources, SOURCES, t.hung_up ? PATIENCE : -1);
}

static void turn(void) {
    struct pollfd sources[SOURCES];
    int ready = wait_for(sources);
    if (ready == 0)
        kill(t.shell, SIGKILL);
    if (ready <= 0)
        return;
    if ((sources[SOCKET].revents & POLLIN) != 0)
        hear();
    else if ((sources[SOCKET].revents & (POLLHUP | POLLERR)) != 0)
        hang_up();
    if (t.stuck && !t.hung_up && sources[MASTER].revents != 0)
        obey_all();
    if (t.out_from == t.out_length && sources[MASTER].revents != 0)
        look();
    say(false);
    if (sources[CHILDREN].revents != 0)
        reap();
}

// Says what is left and the shell's end. A socket that is closed with keys unread would take that
// back, so the host ends first.
static void finish(void) {
    uint8_t bytes[256];
    struct pollfd host = {t.socket, POLLIN, 0};
    bool there = say(true);
    while (there && look())
        there = say(true);
    pty_head(PTY_EXIT, 1, t.out);
    t.out[PTY_HEAD] = (uint8_t)t.code;
    t.out_from = 0;
    t.out_length = PTY_HEAD + 1;
    say(true);
    shutdown(t.socket, SHUT_WR);
    while (poll(&host, 1, PATIENCE) > 0 && read(t.socket, bytes, sizeof bytes) > 0)
        continue;
}

int pump(int socket, int master, pid_t shell) {
    t.socket = socket;
    t.master = master;
    t.shell = shell;
    while (!t.ended)
        turn();
    finish();
    return t.code;
}
