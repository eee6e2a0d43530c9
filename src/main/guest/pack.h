// Takes a directory; gives it as a tar archive on a drive, entries in bytewise order of names.
#ifndef AIRLOCK_PACK_H
#define AIRLOCK_PACK_H

#include "fault.h"

#include <stdint.h>

// What the archive has no words for is left out and told to `left_out`.
struct pack_notes {
    void (*left_out)(void *context, const char *path, const char *what);
    void *context;
};

int pack(const char *directory, const char *drive, const struct pack_notes *notes,
         uint64_t *length, struct fault *fault);

#endif
