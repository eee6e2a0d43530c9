// The executor as an ordinary process, for tests on a host: host-executor PLAN_FILE [SOCKET
// PORT] writes its records to standard output; the socket stands for the port of its uplink, whose
// proxy, tokens and resolver are at the other one. It reads and writes whatever the plan names, and the
// files `hosts` and `resolv.conf` and the folder `run` in the working directory. As `connect HOST PORT` it is the client of
// the proxy at the port PROXY of its environment.
#include "connect.h"
#include "execute.h"
#include "limits.h"
#include "others.h"
#include "settle.h"
#include "steer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const int others_all_end = 0;
const char hosts_file[] = "hosts";
const char resolv_file[] = "resolv.conf";
const char run_folder[] = "run";

static const char *uplink_socket;
static uint16_t uplink_proxy;

void end_others(pid_t leader) {
    if (leader > 0)
        kill(-leader, SIGKILL); // never everything, as process 1 does in its VM
}

void settle_root(void) {
    // nobody keeps the host's disk
}

uint16_t proxy_port(void) {
    return uplink_proxy;
}

uint16_t token_port(void) {
    return uplink_proxy;
}

uint16_t resolver_port(void) {
    return uplink_proxy;
}

// The host's network is not ours: only what connects to the socket itself arrives there, at the first
// address that the resolver gives out.
int steer_to(int listening) {
    return fcntl(listening, F_DUPFD_CLOEXEC, 0);
}

int uplink_port(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (uplink_socket == NULL || strlen(uplink_socket) >= sizeof at.sun_path)
        return -1;
    strcpy(at.sun_path, uplink_socket);
    return connect(fd, (struct sockaddr *)&at, sizeof at) < 0 ? -1 : fd;
}

// A host's control groups are not ours.
void limits_set(const struct limits *limits) {
    (void)limits;
}

uint64_t limits_refused_processes(void) {
    return 0;
}

int main(int count, char **words) {
    const char *name = strrchr(words[0], '/');
    if (name != NULL && strcmp(name, "/connect") == 0) {
        uplink_proxy = (uint16_t)strtoul(getenv("PROXY"), NULL, 10);
        return connect_main(count, words);
    }
    if (count != 2 && count != 4)
        return 2;
    if (count == 4) {
        uplink_socket = words[2];
        uplink_proxy = (uint16_t)strtoul(words[3], NULL, 10);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int port = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    struct journal journal = {.fd = port, .start = monotonic()};
    record_ready(&journal);
    execute(&journal, words[1]);
    return journal.lost;
}
