#include "others.h"

#include <signal.h>

const int others_all_end = 1;

void end_others(pid_t leader) {
    (void)leader;
    kill(-1, SIGKILL); // as process 1; a fork under way does not outlive it
}
