// The guest program: process 1 of each VM. As /init of the initramfs it makes the system ready and
// waits at the gate; there it gets a plan and runs its steps. docs/guest-protocol.md has it all.
#include "fault.h"
#include "gate.h"
#include "init.h"

#include <unistd.h>

int main(void) {
    if (getpid() != 1) {
        console("this program is process 1 of an Airlock VM and does nothing elsewhere");
        return 2;
    }
    init();
    gate();
}
