// Takes a system that has booted by itself; gives the one that every VM waits at its gate with.
#ifndef AIRLOCK_TAKE_OVER_H
#define AIRLOCK_TAKE_OVER_H

// As any process of root's: has systemd execute this program in its own place. Gives the exit code.
int take_over_main(void);

// As process 1 in the place of systemd: ends all other processes, and takes away what systemd
// mounted and left open. The disks of the system stay as they are.
void take_over(void);

#endif
