// The guest program: process 1 of each VM. As /init of the initramfs it makes the system ready and
// waits at the gate; there it gets a plan and runs its steps. docs/guest-protocol.md has it all.
// Started by anyone else it is the client of its own proxy; with the word `take-over` it has the
// system that runs give process 1 to it, of a disk that has booted by itself.
#include "connect.h"
#include "gate.h"
#include "init.h"
#include "take_over.h"

#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    if (getpid() != 1)
        return count == 2 && strcmp(words[1], "take-over") == 0 ? take_over_main()
                                                                : connect_main(count, words);
    if (access("/proc/1", F_OK) == 0) { // the kernel itself starts nothing with /proc in place
        take_over();
        init_system();
    } else {
        init();
    }
    gate();
}
