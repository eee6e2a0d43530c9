// The guest program: process 1 of each VM. As /init of the initramfs it makes the system ready and
// waits at the gate; as `executor` on drive vdb it runs the steps. docs/guest-protocol.md has both.
#include "execute.h"
#include "fault.h"
#include "gate.h"
#include "init.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    if (getpid() != 1) {
        console("this program is process 1 of an Airlock VM and does nothing elsewhere");
        return 2;
    }
    if (count == 4 && strcmp(words[1], "execute") == 0) {
        struct journal journal = {.fd = atoi(words[2]), .start = strtoull(words[3], NULL, 10)};
        fcntl(journal.fd, F_SETFD, FD_CLOEXEC);
        unlink(EXECUTOR);
        execute(&journal, PLAN);
        rest();
    }
    init();
    gate();
}
