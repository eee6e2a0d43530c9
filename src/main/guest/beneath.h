// Opens what lies below a directory, and nothing else: no symbolic link is followed on the way.
#ifndef AIRLOCK_BENEATH_H
#define AIRLOCK_BENEATH_H

#include "fault.h"

struct beneath {
    int root;               // the directory that nothing leaves
    int parent;             // the directory opened last, or -1
    char path[4096];        // its path below root
};

int beneath_open(struct beneath *beneath, const char *directory, struct fault *fault);
void beneath_close(struct beneath *beneath);

// A descriptor of the directory that holds `path` (kept open by this object until the next call),
// made with its parents where it is missing; *base is the last component. -1 on any symbolic link.
int beneath_parent(struct beneath *beneath, const char *path, const char **base,
                   struct fault *fault);

#endif
