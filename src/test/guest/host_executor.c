// The executor as an ordinary process, for tests on a host: host-executor PLAN_FILE writes its
// records to standard output. It reads and writes whatever the plan names.
#include "execute.h"
#include "limits.h"
#include "others.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

const int others_all_end = 0;

void end_others(pid_t leader) {
    kill(-leader, SIGKILL); // never everything, as process 1 does in its VM
}

// A host's control groups are not ours.
void limits_set(const struct limits *limits) {
    (void)limits;
}

uint64_t limits_refused_processes(void) {
    return 0;
}

int main(int count, char **words) {
    if (count != 2)
        return 2;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int port = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    struct journal journal = {.fd = port, .start = monotonic()};
    record_ready(&journal);
    execute(&journal, words[1]);
    return journal.lost;
}
