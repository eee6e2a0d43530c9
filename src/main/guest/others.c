#include "others.h"

#include "port.h"

#include <signal.h>

const int others_all_end = 1;
const char hosts_file[] = "/etc/hosts";
const char resolv_file[] = "/etc/resolv.conf";
const char run_folder[] = "/run/airlock";

void end_others(pid_t leader) {
    (void)leader;
    kill(-1, SIGKILL); // as process 1; a fork under way does not outlive it
}

uint16_t proxy_port(void) {
    return 3128;
}

uint16_t token_port(void) {
    return 80;
}

uint16_t resolver_port(void) {
    return 53;
}

int uplink_port(void) {
    return port_open("ci.uplink");
}
