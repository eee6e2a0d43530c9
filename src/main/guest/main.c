// The guest program: process 1 of each VM. As /init of the initramfs it makes the system ready and
// waits at the gate; there it gets a plan and runs its steps. docs/guest-protocol.md has it all.
// Started by anyone else it is the client of its own proxy.
#include "connect.h"
#include "gate.h"
#include "init.h"

#include <unistd.h>

int main(int count, char **words) {
    if (getpid() != 1)
        return connect_main(count, words);
    init();
    gate();
}
