// Takes a kernel that has just started this program from the initramfs, or a system that was taken
// over; gives a running system.
#ifndef AIRLOCK_INIT_H
#define AIRLOCK_INIT_H

// Mounts, modules, the system disk as root, scratch at /ci. Returns only when all is in place.
void init(void);

// The same where the system disk is the root already, and nothing else is mounted.
void init_system(void);

// Ends the VM: says why on the console and resets the machine.
void give_up(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

#endif
