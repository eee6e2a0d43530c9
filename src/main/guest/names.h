// The machine id, and the host name that comes of it: all VMs that begin with the same saved state
// have the same files, and write what is their own over them.
#ifndef AIRLOCK_NAMES_H
#define AIRLOCK_NAMES_H

#include <sys/types.h>

struct names {
    int machine_id, hosts; // open, -1 where that failed
    off_t line;            // where ours begins in /etc/hosts
};

// Makes both files with nobody's name in them, so that taking one changes no more than bytes that
// are in memory: a machine that was just loaded has everything else to translate.
void names_prepare(struct names *names);

// Takes random ones; as often as wanted.
void names_take(const struct names *names);

#endif
