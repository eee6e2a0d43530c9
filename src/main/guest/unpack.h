// Takes a drive with a tar archive; gives its files below a directory (design rule H4).
#ifndef AIRLOCK_UNPACK_H
#define AIRLOCK_UNPACK_H

#include "fault.h"

// A drive that starts with two zero blocks is an empty archive. `inward`: symbolic links whose
// target is absolute or leaves the directory are refused.
int unpack(const char *drive, const char *directory, bool inward, struct fault *fault);

#endif
