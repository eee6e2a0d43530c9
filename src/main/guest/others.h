// What differs between the VM, where this program is process 1, and tests on a host.
#ifndef AIRLOCK_OTHERS_H
#define AIRLOCK_OTHERS_H

#include <stdint.h>
#include <sys/types.h>

// Kills what a step left behind: in the VM every process but this one. `leader` led its session, 0 for none.
void end_others(pid_t leader);

// Whether all children must be waited for: a kill of everything leaves none.
extern const int others_all_end;

// Where names of hosts are looked up.
extern const char hosts_file[];

// Where the uplink's proxy listens.
uint16_t proxy_port(void);

// Where tokens are asked for.
uint16_t token_port(void);

// Where names are resolved, and the file that says so to programs.
uint16_t resolver_port(void);
extern const char resolv_file[];

// What programs use of ours lies in this folder, below one that is there.
extern const char run_folder[];

// Opens the uplink's port; -1 where there is none.
int uplink_port(void);

#endif
